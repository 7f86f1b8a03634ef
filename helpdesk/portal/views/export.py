"""`/portal/search/?format=csv|xlsx|pdf`: all that is found, as a file."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from helpdesk.core import clock, pdf
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.sheets import BOM, Cell, Column, csv_lines, xlsx_file
from helpdesk.portal import export
from helpdesk.portal.conditions import Asked, Offered
from helpdesk.portal.export import Busy, Place
from helpdesk.search import queries as search_queries
from helpdesk.tickets import sheets
from helpdesk.web import formats

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_PAPER = Path(__file__).parent.parent / "typst" / "found.typ"
_PDF_COLUMNS = (0, 1, 2, 6, 9, 3)  # what stands on paper: number, subject, state, recipient, author, last answer


class NotMade(Exception):
    """No file, and why, in words; `status` of the page that says so."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.words, self.status = words, status


def export_of(actor: Actor, offered: Offered, asked: Asked, kind: str) -> HttpResponseBase:
    """The file of a kind. Raises NotMade."""
    ids = search_queries.all_ids(actor, asked.wanted, most=export.MOST[kind] + 1)
    if len(ids) > export.MOST[kind]:
        raise NotMade(export.too_many(kind, offered.language), 422)
    try:
        place = Place(None if actor.cause is Cause.LOOK else actor.person_id)
    except Busy as busy:
        raise NotMade(export.told(busy), 429 if busy.own else 503) from None
    try:
        response = _MAKERS[kind](actor, offered, ids, place)
    except BaseException:
        place.leave()
        raise
    what, today = _("requests"), clock.now().astimezone(get_current_timezone())
    name = f"{what}-{today:%Y-%m-%d}.{kind}"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _rows(actor: Actor, offered: Offered, ids: Sequence[int], place: Place) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(sheets.rows(actor, ids)):
        if number % sheets.AT_ONCE == 0:
            place.alive()
        with translation.override(offered.language):
            made = export.cells(row, offered)
        yield made


def _csv(actor: Actor, offered: Offered, ids: Sequence[int], place: Place) -> HttpResponseBase:
    """Made while it travels: the first byte leaves before a row is read."""
    zone, rows = get_current_timezone(), _rows(actor, offered, ids, place)
    told = [Column(_("The file broke off here and is not complete: download it again"))]
    broken = b"".join(csv_lines(told, (), zone=zone)).removeprefix(BOM.encode())
    pieces = export.Pieces(csv_lines(export.columns(offered), rows, zone=zone), place, broken)
    return StreamingHttpResponse(pieces, content_type=KINDS["csv"])


def _xlsx(actor: Actor, offered: Offered, ids: Sequence[int], place: Place) -> HttpResponseBase:
    """Made whole before the first byte; the file has no name any more when it travels, so that nothing is left."""
    rows, zone = _rows(actor, offered, ids, place), get_current_timezone()
    with closing(rows), xlsx_file(_("Requests"), export.columns(offered), rows, zone=zone) as path:  # type: ignore[type-var]
        file: IO[Any] = path.open("rb")
    place.leave()
    return FileResponse(file, content_type=KINDS["xlsx"])


def _pdf(actor: Actor, offered: Offered, ids: Sequence[int], place: Place) -> HttpResponseBase:
    zone, now = get_current_timezone(), clock.now()
    heads = export.columns(offered)
    rows = [
        [_on_paper(row[at], zone=zone, language=offered.language) for at in _PDF_COLUMNS]
        for row in _rows(actor, offered, ids, place)
    ]
    told = formats.moment_full(now, zone=zone, language=offered.language)
    data = {
        "title": _("Requests found: %(num)d") % {"num": len(rows)}, "language": offered.language, "landscape": True,
        "foot": told, "heads": [heads[at].title for at in _PDF_COLUMNS], "rows": rows,
    }  # fmt: skip
    try:
        made = pdf.render(_PAPER, data, seconds=30)
    except pdf.Failed:
        raise NotMade(_("The PDF could not be made just now: try again in a minute, or download XLSX"), 503) from None
    finally:
        place.leave()
    return HttpResponse(made, content_type=KINDS["pdf"])


def _on_paper(cell: Cell, *, zone: Any, language: str) -> str:
    if isinstance(cell, datetime):
        return formats.moment_on_paper(cell, zone=zone, language=language)
    return str(getattr(cell, "text", cell) or "")


_MAKERS = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}

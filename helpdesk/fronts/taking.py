"""All that a search finds, as a table to take along: who may make one now, and how CSV, XLSX and PDF are made of it.

What stands in its columns is said by either side.
"""

import logging
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from threading import BoundedSemaphore
from typing import IO, Any

from django.core.cache import cache
from django.http import FileResponse, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import translation
from django.utils.http import content_disposition_header
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from helpdesk.core import clock, pdf
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.sheets import BOM, Cell, Column, csv_lines, xlsx_file
from helpdesk.tickets import sheets
from helpdesk.tickets.sheets import SheetRow
from helpdesk.web import formats

KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
MOST = {"csv": 100_000, "xlsx": 60_000, "pdf": 2_000}  # requests of a file
AT_ONCE = 2  # files that a process makes: its other threads answer everybody else
STALLED = 120  # seconds without a sign after which a file is no longer being made
WAITING = 30  # seconds that a file which travels waits to be made on
PIECE = 100  # rows that travel at once
_PAPER = Path(__file__).parent / "typst" / "found.typ"

logger = logging.getLogger(__name__)

_places = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its columns, how a request fills them, which of them stand on paper."""

    columns: Sequence[Column]
    cells: Callable[[SheetRow], list[Cell]]
    on_paper: tuple[int, ...]
    language: str


class NotMade(Exception):
    """No file, and why, in words; `status` of the page that says so."""

    def __init__(self, words: str, status: int) -> None:
        super().__init__(words)
        self.words, self.status = words, status


class Busy(Exception):
    """No file can be made now. `own`: since this person's last one is still being made."""

    def __init__(self, *, own: bool) -> None:
        super().__init__()
        self.own = own


class Place:
    """The right to make one file; given back once."""

    def __init__(self, person_id: int | None) -> None:
        """`person_id`: whose one file at a time it is; None for whoever only looks, and may write nothing down."""
        self._key = f"export:{person_id}" if person_id is not None else ""
        self._held = _places.acquire(blocking=False)
        if not self._held:
            raise Busy(own=False)
        if self._key and not cache.add(self._key, 1, STALLED):
            self._held = False
            _places.release()
            raise Busy(own=True)

    def alive(self) -> None:
        """Tell that the file is still being made."""
        if self._key:
            cache.touch(self._key, STALLED)

    def rest(self) -> None:
        """Let others be made while a piece travels: whoever reads slowly keeps nobody waiting."""
        if self._held:
            self._held = False
            _places.release()

    def go_on(self) -> None:
        """Take the place again. Raises Busy."""
        self._held = self._held or _places.acquire(timeout=WAITING)
        if not self._held:
            raise Busy(own=False)

    def leave(self) -> None:
        """Let the next one be made."""
        self.rest()
        if self._key:
            cache.delete(self._key)
            self._key = ""

    def __del__(self) -> None:
        # a server that dropped an answer without closing it: the place is free, the person's own after STALLED
        if getattr(self, "_held", False):
            _places.release()


@contextmanager
def place(person_id: int | None) -> Iterator[Place]:
    """A place for as long as the block takes. Raises Busy."""
    held = Place(person_id)
    try:
        yield held
    finally:
        held.leave()


class Pieces:
    """A file that is made while it travels: its lines, some at a time, the first one at once. What fails on the way is
    told by the last line, `broken`: a server ends an answer that broke off as well as any other."""

    def __init__(self, lines: Iterator[bytes], place: Place, broken: bytes) -> None:
        self._lines, self._place, self._broken = lines, place, broken
        self._pieces = self._made()

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """Leave the place, however far the file has come. Whoever drops a file instead has its place left by itself,
        without a statement: that may be at any time, in the middle of another one."""
        self._pieces.close()
        self._place.leave()

    def _made(self) -> Generator[bytes]:
        try:
            some = list(islice(self._lines, 1))
            while some:
                self._place.rest()
                yield b"".join(some)
                self._place.go_on()
                some = list(islice(self._lines, PIECE))
        except Exception:
            logger.exception("A table broke off on its way")
            self._place.leave()
            yield self._broken
        else:
            self._place.leave()


def told(busy: Busy) -> str:
    """Why no file is made now, and what to do."""
    if busy.own:
        return _("Your last table is still being made: wait until it has come, then download again")
    return _("Several tables are being made just now: download again in a minute")


def too_many(kind: str, language: str) -> str:
    """That a file would hold more than its format takes, and what to do."""
    most = formats.number(MOST[kind], language=language)
    if kind == "pdf":
        return _("More than %(most)s requests are found, which are too many for a PDF: download XLSX instead") % {
            "most": most
        }
    return _("More than %(most)s requests are found: narrow the search, or take them in parts by date") % {"most": most}


def file_of(actor: Actor, table: Table, ids: Sequence[int], kind: str) -> HttpResponseBase:
    """The file of a kind with these requests, of which one more than it takes may be given. Raises NotMade."""
    if len(ids) > MOST[kind]:
        raise NotMade(too_many(kind, table.language), 422)
    try:
        held = Place(None if actor.cause is Cause.LOOK else actor.person_id)
    except Busy as busy:
        raise NotMade(told(busy), 429 if busy.own else 503) from None
    try:
        response = MAKERS[kind](actor, table, ids, held)
    except BaseException:
        held.leave()
        raise
    what, today = _("requests"), clock.now().astimezone(get_current_timezone())
    disposition = content_disposition_header(as_attachment=True, filename=f"{what}-{today:%Y-%m-%d}.{kind}")
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _rows(actor: Actor, table: Table, ids: Sequence[int], held: Place) -> Iterator[Sequence[Cell]]:
    for number, row in enumerate(sheets.rows(actor, ids)):
        if number % sheets.AT_ONCE == 0:
            held.alive()
        with translation.override(table.language):
            made = table.cells(row)
        yield made


def _csv(actor: Actor, table: Table, ids: Sequence[int], held: Place) -> HttpResponseBase:
    """Made while it travels: the first byte leaves before a row is read."""
    zone, rows = get_current_timezone(), _rows(actor, table, ids, held)
    words = [Column(_("The file broke off here and is not complete: download it again"))]
    broken = b"".join(csv_lines(words, (), zone=zone)).removeprefix(BOM.encode())
    pieces = Pieces(csv_lines(table.columns, rows, zone=zone), held, broken)
    return StreamingHttpResponse(pieces, content_type=KINDS["csv"])


def _xlsx(actor: Actor, table: Table, ids: Sequence[int], held: Place) -> HttpResponseBase:
    """Made whole before the first byte; the file has no name any more when it travels, so that nothing is left."""
    rows, zone = _rows(actor, table, ids, held), get_current_timezone()
    with closing(rows), xlsx_file(_("Requests"), table.columns, rows, zone=zone) as path:  # type: ignore[type-var]
        file: IO[Any] = path.open("rb")
    held.leave()
    return FileResponse(file, content_type=KINDS["xlsx"])


def _pdf(actor: Actor, table: Table, ids: Sequence[int], held: Place) -> HttpResponseBase:
    zone, now = get_current_timezone(), clock.now()
    rows = [
        [_on_paper(row[at], zone=zone, language=table.language) for at in table.on_paper]
        for row in _rows(actor, table, ids, held)
    ]
    foot = formats.moment_full(now, zone=zone, language=table.language)
    data = {
        "title": _("Requests found: %(num)d") % {"num": len(rows)}, "language": table.language, "landscape": True,
        "foot": foot, "heads": [table.columns[at].title for at in table.on_paper], "rows": rows,
    }  # fmt: skip
    try:
        made = pdf.render(_PAPER, data, seconds=30)
    except pdf.Failed:
        raise NotMade(_("The PDF could not be made just now: try again in a minute, or download XLSX"), 503) from None
    finally:
        held.leave()
    return HttpResponse(made, content_type=KINDS["pdf"])


def _on_paper(cell: Cell, *, zone: Any, language: str) -> str:
    if isinstance(cell, datetime):
        return formats.moment_on_paper(cell, zone=zone, language=language)
    return str(getattr(cell, "text", cell) or "")


MAKERS = {"csv": _csv, "xlsx": _xlsx, "pdf": _pdf}

"""All that a client's search finds, as a table to take along: its columns, and who may make one now."""

import logging
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import islice
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext as _

from helpdesk.core.sheets import Cell, Column, Link
from helpdesk.portal.conditions import Offered, field_options
from helpdesk.portal.rows import state_text
from helpdesk.search.around import Field
from helpdesk.tickets import workflow
from helpdesk.tickets.models import Phase
from helpdesk.tickets.sheets import SheetRow
from helpdesk.web import formats

MOST = {"csv": 100_000, "xlsx": 60_000, "pdf": 2_000}  # requests of a file
AT_ONCE = 2  # files that a process makes: its other threads answer everybody else
STALLED = 120  # seconds without a sign after which a file is no longer being made
WAITING = 30  # seconds that a file which travels waits to be made on
PIECE = 100  # rows that travel at once

logger = logging.getLogger(__name__)

_places = BoundedSemaphore(AT_ONCE)


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


def columns(offered: Offered) -> list[Column]:
    """The columns of a table: what the screen shows, what it can be narrowed by, the queues' own fields."""
    found = [
        Column(_("Number"), 12), Column(_("Subject"), 50), Column(_("State"), 22), Column(_("Last message"), 17),
        Column(_("Who wrote last"), 24), Column(_("Last words"), 60), Column(_("Recipient"), 22),
        Column(_("Priority"), 18), Column(_("Category"), 24), Column(_("Author"), 24), Column(_("Specialist"), 24),
        Column(_("Company"), 20), Column(_("Created"), 17), Column(_("Date closed"), 17),
    ]  # fmt: skip
    return [*found, *(Column(field.label(offered.language), 20) for field in offered.around.fields)]


def cells(row: SheetRow, offered: Offered) -> list[Cell]:
    """The values of a request, in the order of `columns`."""
    russian = offered.language == "ru"
    priority = row.priority_ru if russian else row.priority_en
    return [
        Link(row.number, f"{settings.PUBLIC_URL}/portal/tickets/{row.number}/"),
        row.subject,
        _state(row, russian=russian),
        row.last_article_at,
        row.last_by,
        row.snippet,
        row.queue_ru if russian else row.queue_en,
        f"{priority} – {row.priority}",
        row.category_ru if russian else row.category_en,
        row.author,
        row.staff,
        row.company,
        row.created_at,
        row.closed_at,
        *(_value(row.fields.get(field.key), field, offered.language) for field in offered.around.fields),
    ]


def _state(row: SheetRow, *, russian: bool) -> str:
    answered = row.phase == Phase.OPEN and workflow.client_answered(
        row.state_waits_for, row.waits_for, client_at=row.last_client_at, agent_at=row.last_agent_at
    )
    return state_text(row.state_ru if russian else row.state_en, answered=answered)


def _value(stored: Any, field: Field, language: str) -> Cell:
    """What a field of the request holds, as its page shows it; days as days."""
    value = stored.get("value") if isinstance(stored, dict) else None
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    text = str(value)
    if field.kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if field.kind in {"month", "period"}:
        return "–".join(formats.calendar(month, "month", language=language) for month in text.split("/"))
    return dict(field_options(field, language)).get(text, text) if field.kind == "choice" else text


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

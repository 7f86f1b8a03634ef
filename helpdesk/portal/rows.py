"""A request as one band of the clients' lists: everything formatted once, in Python."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.core import clock
from helpdesk.tickets.models import Phase, Ticket, WaitsFor
from helpdesk.web import formats


@dataclass(frozen=True, slots=True)
class Row:
    """What a band shows."""

    group: int
    number: str
    href: str
    subject: str
    queue: str
    created: str
    look: str
    state: str
    who: str
    when: datetime
    promise: str
    ask: str
    author: str
    priority: int
    unread: bool
    waiting: bool


def rows_of(tickets: Iterable[Ticket], *, with_author: bool = False) -> list[Row]:
    """Bands of a page of tickets; they carry `read_seq` and `group` (queries.with_read_seq, client_order)."""
    language = get_language() or "ru"
    zone, now = get_current_timezone(), clock.now()
    today = now.astimezone(zone).date()

    def moment(when: datetime) -> str:
        return formats.moment(when, zone=zone, language=language, now=now)

    def row(ticket: Ticket) -> Row:
        waiting = ticket.phase == Phase.OPEN and ticket.waits_for == WaitsFor.CLIENT
        staff = ticket.responsible or ticket.owner
        created = ticket.created_at.astimezone(zone).date()
        day = formats.day(created, language=language, today=today)
        promised = ticket.due_at if ticket.due_at and ticket.due_at > now and ticket.phase == Phase.OPEN else None
        return Row(
            group=ticket.group, number=ticket.number, href=f"/portal/tickets/{ticket.number}/",  # type: ignore[attr-defined]
            subject=ticket.subject, queue=ticket.queue.name(language), created=day,
            look=ticket.state_id, state=_state(ticket, language, moment),
            who=staff.name if staff else "", when=ticket.last_article_at,
            promise=moment(promised) if promised else "",
            ask=ticket.snippet if waiting else "", author=ticket.author.name if with_author else "",
            priority=ticket.priority_id, unread=ticket.read_seq < ticket.last_visible_seq, waiting=waiting,  # type: ignore[attr-defined]
        )  # fmt: skip

    return [row(ticket) for ticket in tickets]


def state_name(ticket: Ticket) -> str:
    """The state in the client's words, without its times."""
    return ticket.state.name(get_language() or "ru", for_client=True)


def _state(ticket: Ticket, language: str, moment: Callable[[datetime], str]) -> str:
    name = ticket.state.name(language, for_client=True)
    if ticket.state_id == "autoclose" and ticket.pending_until:
        return _("Done, closes %(when)s") % {"when": moment(ticket.pending_until)}
    return name

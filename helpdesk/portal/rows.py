"""A request as one band of the clients' lists: everything formatted once, in Python."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core import clock
from helpdesk.tickets.lists import ListRow
from helpdesk.tickets.models import Phase, Ticket, WaitsFor
from helpdesk.web import formats
from helpdesk.web.jinja import moment as moment_html
from helpdesk.web.jinja import ticket as ticket_text

_GREETING = re.compile(r"^[^.!?\n]{0,60}\bздравствуйте[!.,]*\s*", re.IGNORECASE)  # what is needed comes after it


@dataclass(frozen=True, slots=True)
class Row:
    """What a band shows."""

    group: int
    href: str
    subject: str
    number: str
    about: str  # « · recipient · created …»
    look: str
    state: str
    who: str
    letters: str
    when: Markup  # the promised time, else the moment of the last word
    ask: str
    author: str
    unread: bool
    waiting: bool


def rows_of(found: Iterable[ListRow], *, with_author: bool = False) -> list[Row]:
    """The bands of a page."""
    language = get_language() or "ru"
    zone, now = get_current_timezone(), clock.now()
    today = now.astimezone(zone).date()
    russian = language == "ru"

    created, promise = _("created %(when)s"), _("we answer by %(when)s")  # asked once, not for every row

    def day(when: datetime) -> str:
        return formats.day(when.astimezone(zone).date(), language=language, today=today)

    def moment(when: datetime) -> str:
        return formats.moment(when, zone=zone, language=language, now=now)

    def row(one: ListRow) -> Row:
        is_open = one.phase == Phase.OPEN
        due = one.due_at if is_open and one.due_at and one.due_at > now else None
        waiting = is_open and one.waits_for == WaitsFor.CLIENT
        return Row(
            group=one.group,
            href=f"/portal/tickets/{one.number}/",
            subject=one.subject,
            number=ticket_text(one.number),
            about=f"{one.queue_ru if russian else one.queue_en} · {created % {'when': day(one.created_at)}}",
            look=one.state,
            state=_state(one, moment, russian=russian),
            who=one.staff,
            letters=formats.initials(one.staff) if one.staff else "",
            when=escape(promise % {"when": moment(due)}) if due else moment_html(one.last_article_at),
            ask=_GREETING.sub("", one.snippet) if waiting else "",
            author=one.author if with_author else "",
            unread=one.unread,
            waiting=waiting,
        )

    return [row(one) for one in found]


def state_name(ticket: Ticket) -> str:
    """The state in the client's words, without its times."""
    return ticket.state.name(get_language() or "ru", for_client=True)


def _state(one: ListRow, moment: Callable[[datetime], str], *, russian: bool) -> str:
    if one.state == "autoclose" and one.pending_until:
        return _("Done, closes %(when)s") % {"when": moment(one.pending_until)}
    return one.state_ru if russian else one.state_en

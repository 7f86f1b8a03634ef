"""A request as one band of the clients' lists: everything formatted once, in Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core import clock
from helpdesk.core.text.safe import snippet
from helpdesk.tickets import workflow
from helpdesk.tickets.lists import ListRow
from helpdesk.tickets.models import Phase, WaitsFor
from helpdesk.web import formats
from helpdesk.web.jinja import day as day_text
from helpdesk.web.jinja import moment as moment_html
from helpdesk.web.jinja import moment_text
from helpdesk.web.jinja import ticket as ticket_text
from helpdesk.web.kept import Kept, macro

ASKED = 130  # characters of what is needed, cut between words
# what is needed comes after the greeting: «Марина Петровна, добрый день!», «Здравствуйте, коллеги!», «Dear Anna,»
_NAME = r"(?:(?i:коллеги|all|colleagues)|[А-ЯЁA-Z][\w.-]*)"
_NAMES = rf"{_NAME}(?:\s+{_NAME}){{0,2}}"
_GREETING = re.compile(
    rf"(?:{_NAMES},?\s+|[^.!?,]{{1,60}},\s*)?"
    r"(?i:здравствуйте|добр(?:ый|ого)\s+(?:день|дня|вечер|вечера|утро|утра)|доброе\s+утро|доброго\s+времени\s+суток"
    r"|приветствую|(?:hello|hi|dear|good\s+(?:morning|afternoon|evening|day)))\b"
    rf"(?:,?\s+{_NAMES}\s*[!.,]+|\s*[!.,]*)\s*"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a band shows."""

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


class Band(NamedTuple):
    """A band as it stands in the page, and the group of the list that it belongs to."""

    group: int
    html: Markup


def rows_of(found: Sequence[ListRow], *, with_author: bool = False) -> list[Band]:
    """The bands of a page."""
    now = clock.now()
    bands = _band.each((one, _is_promised(one, now), with_author) for one in found)
    return [Band(one.group, html) for one, html in zip(found, bands, strict=True)]


def client_look(state: str) -> str:
    """How a state is drawn for clients: a specialist's own reminder is work that goes on, without an alarm."""
    return "open" if state == "reminder" else state


def without_greeting(text: str) -> str:
    """A letter's beginning from where it comes to the point; as it is, if there is nothing but the greeting."""
    greeting = _GREETING.match(text)
    return (text[greeting.end() :] if greeting else "") or text


def state_text(name: str, *, answered: bool) -> str:
    """A state as clients read it; `answered`: it asks for an answer that is given (workflow.client_answered)."""
    return _("%(state)s · answer sent") % {"state": name} if answered else name


def _is_promised(one: ListRow, now: datetime) -> bool:
    """Whether the desk owes an answer by a time to come: not while it waits for the client."""
    return one.phase == Phase.OPEN and one.waits_for == WaitsFor.DESK and one.due_at is not None and one.due_at > now


@Kept.rows
def _band(one: ListRow, is_promised: bool, with_author: bool) -> Markup:  # noqa: FBT001  a key of what is kept
    return macro("portal/parts/band.html", "band", _row(one, is_promised=is_promised, with_author=with_author))


def _row(one: ListRow, *, is_promised: bool, with_author: bool) -> Row:
    russian = get_language() == "ru"
    waiting = one.phase == Phase.OPEN and one.waits_for == WaitsFor.CLIENT
    created = _("created %(when)s") % {"when": day_text(one.created_at)}
    promise = _("we will answer by %(when)s")
    return Row(
        href=f"/portal/tickets/{one.number}/",
        subject=one.subject,
        number=ticket_text(one.number),
        about=f"{one.queue_ru if russian else one.queue_en} · {created}",
        look=client_look(one.state),
        state=_state(one, russian=russian),
        who=one.staff,
        letters=formats.initials(one.staff) if one.staff else "",
        when=escape(promise % {"when": moment_text(one.due_at)})
        if is_promised and one.due_at
        else moment_html(one.last_article_at),
        ask=snippet(without_greeting(one.snippet), ASKED) if waiting else "",
        author=one.author if with_author else "",
        unread=one.unread,
        waiting=waiting,
    )


def _state(one: ListRow, *, russian: bool) -> str:
    if one.pending_until and one.state != workflow.REMINDER:
        return _("Done, closes %(when)s") % {"when": moment_text(one.pending_until)}
    answered = one.phase == Phase.OPEN and workflow.client_answered(
        one.state_waits_for, one.waits_for, client_at=one.last_client_at, agent_at=one.last_agent_at
    )
    return state_text(one.state_ru if russian else one.state_en, answered=answered)

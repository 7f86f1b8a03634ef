"""A request as one band of the clients' lists: everything formatted once, in Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core.text.safe import snippet
from helpdesk.tickets import workflow
from helpdesk.tickets.lists import ListRow, Rank
from helpdesk.tickets.models import Phase, WaitsFor
from helpdesk.web import formats, marks
from helpdesk.web.jinja import day as day_text
from helpdesk.web.jinja import moment as moment_html
from helpdesk.web.jinja import moment_text
from helpdesk.web.jinja import ticket as ticket_text
from helpdesk.web.kept import Kept, macro
from helpdesk.web.units import units_whole

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
_SENTENCE = re.compile(r"[^.!?…;]*(?:[.!?…;]+(?=\s|$)\s*|[.!?…;](?!\s)|$)")
CELLS = " · "  # between the cells of a table that runs on as text (core.text.running)
_ASKS = re.compile(
    r"\?|\b(?i:(?:при|вы)шлите|уточните|укажите|сообщите|напишите|подтвердите|проверьте|приложите|пришлёте|проведите"
    r"|посмотрите|попробуйте|повторите|скажите|опишите|назовите|нуж(?:ен|на|но|ны)|просим|прошу|нет ли|please"
    r"|(?:we|i) need|send (?:us|me)|tell (?:us|me)|let (?:us|me) know)\b"
)


@dataclass(frozen=True, slots=True)
class Row:
    """What a band or a line of a table shows."""

    href: str
    plain: str  # the number as it is copied
    number: str
    subject: Markup
    queue: str
    created: str
    priority: Markup
    look: str
    state: str
    who: str
    letters: str
    said_by: str  # who said the last word
    last: Markup  # when, with the one who did
    when: Markup
    promise: str  # in words
    due: Markup
    ask: str
    author: str
    company: str
    unread: bool
    waiting: bool
    own: bool  # the reader's list, and they can answer: what is needed is needed from them


class Piece(NamedTuple):
    """A request as it stands in the page, and the group of the list that it belongs to."""

    group: int
    html: Markup


def bands_of(found: Sequence[ListRow], promised: Sequence[bool], *, with_author: bool = False) -> list[Piece]:
    """The bands of a page. `promised`: of each row, see tickets.lists.Rows."""
    return _pieces(_band, found, promised, with_author=with_author)


def lines_of(found: Sequence[ListRow], promised: Sequence[bool], *, with_author: bool = False) -> list[Piece]:
    """The same as lines of a table."""
    return _pieces(_line, found, promised, with_author=with_author)


def _pieces(
    kept: "Kept[ListRow, bool, bool]", found: Sequence[ListRow], promised: Sequence[bool], *, with_author: bool
) -> list[Piece]:
    made = kept.each((one, is_promised, with_author) for one, is_promised in zip(found, promised, strict=True))
    return [Piece(one.group, html) for one, html in zip(found, made, strict=True)]


def client_look(state: str) -> str:
    """How a state is drawn for clients: a specialist's own reminder is work that goes on, without an alarm."""
    return "open" if state == "reminder" else state


def without_greeting(text: str) -> str:
    """A letter's beginning from where it comes to the point; as it is, if there is nothing but the greeting."""
    greeting = _GREETING.match(text)
    return (text[greeting.end() :] if greeting else "") or text


def needed(text: str) -> str:
    """What a specialist asks for, out of the beginning of their letter: from the sentence on that asks, else from where
    the letter comes to the point."""
    point = without_greeting(text)
    sentences = _SENTENCE.findall(point)
    whole = [one for one in sentences if CELLS not in one]  # a table out of its place says nothing
    asking = next((at for at, one in enumerate(whole) if _ASKS.search(one)), 0)
    return "".join(whole[asking:]).strip()


def state_text(name: str, *, answered: bool) -> str:
    """A state as clients read it; `answered`: it asks for an answer that is given (workflow.client_answered)."""
    return _("%(state)s · answer sent") % {"state": name} if answered else name


@Kept.rows
def _band(one: ListRow, is_promised: bool, with_author: bool) -> Markup:  # noqa: FBT001  a key of what is kept
    return macro("portal/parts/band.html", "band", _row(one, is_promised=is_promised, with_author=with_author))


@Kept.rows
def _line(one: ListRow, is_promised: bool, with_author: bool) -> Markup:  # noqa: FBT001  a key of what is kept
    row = _row(one, is_promised=is_promised, with_author=with_author)
    return macro("portal/parts/line.html", "line", row, with_author)


def _row(one: ListRow, *, is_promised: bool, with_author: bool) -> Row:
    russian = get_language() == "ru"
    waiting = one.phase == Phase.OPEN and one.waits_for == WaitsFor.CLIENT
    when = moment_html(one.last_article_at)
    due = one.due_at if one.phase == Phase.OPEN and one.waits_for == WaitsFor.DESK else None
    return Row(
        href=f"/portal/tickets/{one.number}/",
        plain=one.number,
        number=ticket_text(one.number),
        subject=units_whole(one.subject),
        queue=one.queue.ru if russian else one.queue.en,
        created=_("created %(when)s") % {"when": day_text(one.created_at)},
        priority=priority_mark(one.priority, russian=russian),
        look=client_look(one.state.code),
        state=_state(one, russian=russian),
        who=one.staff,
        letters=formats.initials(one.staff) if one.staff else "",
        said_by=pgettext("last word", "you") if one.is_last_own else one.last_by,
        last=_last(one, when),
        when=when,
        promise=_promise(due, is_promised=is_promised),
        due=_due(due, is_promised=is_promised),
        ask=_ask(one) if waiting else "",
        author=one.author if with_author else "",
        company=one.company,
        unread=one.unread,
        waiting=waiting,
        own=not with_author and one.may_answer,
    )


def _ask(one: ListRow) -> str:
    """What is needed, in the desk's words; «an answer» where it said none after the client's last ones."""
    asked = one.last_agent_at is not None and (one.last_client_at is None or one.last_agent_at >= one.last_client_at)
    return (snippet(needed(one.snippet), ASKED) if asked else "") or _("an answer")


def priority_mark(priority: Rank, *, russian: bool) -> Markup:
    """The digit of a priority in its box, said in words; they are seen where no heading says what the digit is."""
    name = priority.ru if russian else priority.en
    digit = marks.prio(priority.rank, _("Priority %(rank)s, %(name)s") % {"rank": priority.rank, "name": name})
    return digit + Markup(' <span class="prio-word" aria-hidden="true">{}</span>').format(name)


def _last(one: ListRow, when: Markup) -> Markup:
    """Who said the last word, and when; of the one who answers it is an answer."""
    if one.is_last_own:
        return escape(_("you: %(when)s")) % {"when": when}
    if one.last_by and one.last_by == one.staff:
        return escape(_("answer: %(when)s")) % {"when": when}
    return Markup("<bdi>{}</bdi>: {}").format(one.last_by, when) if one.last_by else when


def _promise(due: datetime | None, *, is_promised: bool) -> str:
    if due is None:
        return ""
    words = _("we will answer by %(when)s") if is_promised else _("we promised an answer by %(when)s")
    return words % {"when": moment_text(due)}


def _due(due: datetime | None, *, is_promised: bool) -> Markup:
    """The promised time in its column, with a word where it has passed."""
    when = moment_html(due)
    if due is None or is_promised:
        return when
    return Markup('{} <span class="by">{}</span>').format(when, _("the time has passed"))


def _state(one: ListRow, *, russian: bool) -> str:
    if one.pending_until and one.state.code != workflow.REMINDER:
        return _("Done, closes %(when)s") % {"when": moment_text(one.pending_until)}
    answered = one.phase == Phase.OPEN and workflow.client_answered(
        one.state.waits_for, one.waits_for, client_at=one.last_client_at, agent_at=one.last_agent_at
    )
    return state_text(one.state.ru if russian else one.state.en, answered=answered)

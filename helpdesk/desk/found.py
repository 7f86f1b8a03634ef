"""What the desk asks the search room: requests by words, people and dates, with the found words marked."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core.actor import Actor
from helpdesk.desk import filters as conditions
from helpdesk.desk import rows
from helpdesk.desk.filters import Filters
from helpdesk.desk.rows import Page
from helpdesk.desk.shell import Figures
from helpdesk.search import queries as search
from helpdesk.search import within
from helpdesk.search.language import LONGEST_WORD
from helpdesk.search.results import Notice, Part, Results, SearchRequest
from helpdesk.tickets import narrowing

PHASES = {"open", "closed", "all"}


def number(words: str, actor: Actor) -> str:
    """The number of the visible request that `words` name by its number alone; empty if there is none."""
    return search.jump(actor, words) or ""


def names_client(words: str) -> bool:
    """Whether `words` are a client's whole login or mail address: their requests are meant."""
    return narrowing.names_client(words)


def serves(filters: Filters) -> bool:
    """Whether the search room answers this list: it holds words, or is narrowed by people or dates."""
    return bool(filters.words) or not filters.narrow.is_nothing


def results(filters: Filters, actor: Actor, known: Figures, *, now: datetime, cursor: str) -> Results:
    """A page of what words, people and dates find, and how it goes on. At most three statements.

    Views by phase, queues and states are known to the index of words; everything else narrows it.
    """
    queues = tuple(known.below(filters.queue)) if filters.queue is not None else ()
    if filters.queue is not None and not queues:
        return Results()
    narrow = filters.narrow
    if (
        narrow.is_nothing
        and filters.view in PHASES
        and not (filters.priority or filters.company or filters.kind or filters.tag or filters.waits)
    ):
        phase = filters.view if filters.view in {"open", "closed"} and not filters.state else ""
        states = (filters.state,) if filters.state else ()
        return search.find(actor, SearchRequest(filters.words, states, queues, phase=phase), cursor or None)
    condition = narrowing.condition(actor, conditions.conditions(filters, known), narrow, at=now)
    return within.find(actor, filters.words, condition, cursor or None)


def ids(actor: Actor, words: str, condition: narrowing.Condition, *, limit: int) -> list[int]:
    """The ids of all requests that words, people and dates find, `limit` at most. One statement."""
    return within.ids(actor, words, condition, limit=limit)


def place(cursor: str) -> tuple[int, str]:
    """The figure of a page's first row, and the search room's own cursor; 1 and none for what is no cursor."""
    at, _dot, text = cursor.partition(".")
    is_place = text and at.isascii() and at.isdigit() and len(at) < 8
    return (int(at), text) if is_place else (1, text)


def page(filters: Filters, actor: Actor, known: Figures, *, now: datetime, cursor: str) -> tuple[Page, str]:
    """A page of what is found, the newest first, and what the reader should know. At most four statements."""
    first, after = place(cursor)
    found = results(filters, actor, known, now=now, cursor=after)
    hits = [(hit.line, _marked(hit.subject_parts), _marked(hit.snippet_parts)) for hit in found.items]
    shown = tuple(rows.found(hits, actor, now=now))
    following = f"{first + len(shown)}.{found.next_cursor}" if found.next_cursor else ""
    notice = _notices().get(found.notice, "") if found.notice else ""
    return Page(shown, first, "", following), notice


def _marked(parts: Sequence[Part]) -> Markup:
    return Markup("").join(Markup("<mark>{}</mark>").format(p.text) if p.found else escape(p.text) for p in parts)


def _notices() -> dict[Notice, str]:
    return {
        Notice.NO_WORDS: _("There are only symbols: type a word or a number."),
        Notice.COMMON_WORDS: _("These words occur in nearly every request: add a rarer one."),
        Notice.ONLY_WITHOUT: _("Add what must occur, not only what must not."),
        Notice.LONG_WORDS: _("Words of more than %(num)d letters are not searched for: shorten them.")
        % {"num": LONGEST_WORD},
        Notice.SHORTENED: _("The query is long: its end was left out."),
    }

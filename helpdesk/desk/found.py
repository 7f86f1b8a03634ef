"""What the desk asks the search room: requests by words, people and dates, with the found words marked."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core.actor import Actor
from helpdesk.desk import filters as conditions
from helpdesk.desk import finer, rows
from helpdesk.desk.filters import Filters
from helpdesk.desk.rows import Page
from helpdesk.desk.shell import Figures
from helpdesk.search import queries as search
from helpdesk.search.around import Field, own_fields
from helpdesk.search.language import LONGEST_WORD
from helpdesk.search.results import Notice, Part, Results, SearchRequest
from helpdesk.tickets import finer as domain
from helpdesk.tickets import narrowing
from helpdesk.tickets.lines import Wanted


def number(words: str, actor: Actor) -> str:
    """The number of the visible request that `words` name by its number alone; empty if there is none."""
    return search.jump(actor, words) or ""


def serves(filters: Filters) -> bool:
    """Whether the search room answers this list: it holds words, or is narrowed by what no list's index knows."""
    return bool(filters.words) or not filters.narrow.is_nothing or bool(filters.finer.values)


def results(filters: Filters, actor: Actor, known: Figures, *, now: datetime, cursor: str) -> Results:
    """A page of what all conditions find, and how it goes on; see search.find for its statements."""
    return of_request(actor, request_of(filters, actor, known, now=now), cursor=cursor)


def of_request(actor: Actor, wanted: SearchRequest | None, *, cursor: str, count_to: int = 0) -> Results:
    """A page of what is found; nothing where nothing can fit (`request_of`)."""
    return Results() if wanted is None else search.find(actor, wanted, cursor or None, count_to=count_to)


def ids(filters: Filters, actor: Actor, known: Figures, *, now: datetime, limit: int) -> list[int]:
    """The ids of all that `results` finds, `limit` at most, in its order."""
    wanted = request_of(filters, actor, known, now=now)
    return [] if wanted is None else search.all_ids(actor, wanted, most=limit)


def request_of(
    filters: Filters, actor: Actor, known: Figures, *, now: datetime, fields: Sequence[Field] | None = None
) -> SearchRequest | None:
    """The conditions as the search room takes them; None where one names what is not there: then nothing fits. One
    statement where somebody who took part is named, one where own fields are asked for. `fields`: these, where they are
    known."""
    if filters.queue is not None and not known.below(filters.queue):
        return None
    asked = filters.finer
    own = finer.of_fields(asked, (own_fields(actor) if fields is None else fields) if asked.own else ())
    if own is None:
        return None
    return SearchRequest(
        filters.words,
        subject=asked.get("subject"),
        text=asked.get("text"),
        file=asked.get("file"),
        note=asked.get("note"),
        number=asked.get("number"),
        category=asked.number("category"),
        author=asked.number("author"),
        staff=asked.get("staff"),
        fields=own,
        has_files=bool(asked.get("files")),
        unread=bool(asked.get("unread")),
        by_fit=filters.by_fit,
        further=_further(filters, actor, known, now=now),
    )


def _further(filters: Filters, actor: Actor, known: Figures, *, now: datetime) -> tuple[str, tuple[Any, ...]]:
    """The conditions of the list itself, and those of the desk alone; none for all requests."""
    listed = conditions.conditions(filters, known)
    if filters.finer.values or not filters.narrow.is_nothing or replace(listed, words="") != Wanted(view="all"):
        sql, values = narrowing.condition(actor, replace(listed, words=""), filters.narrow, at=now)
        more, others = domain.condition(finer.further(filters.finer, known.below))
        return f"{sql} AND {more}", (*values, *others)
    return "", ()


def place(cursor: str) -> tuple[int, str]:
    """The figure of a page's first row, and the search room's own cursor; 1 and none for what is no cursor."""
    at, _dot, text = cursor.partition(".")
    is_place = text and at.isascii() and at.isdigit() and len(at) < 8
    return (int(at), text) if is_place else (1, text)


def page(filters: Filters, actor: Actor, known: Figures, *, now: datetime, cursor: str) -> tuple[Page, str]:
    """A page of what is found, the newest first, and what the reader should know."""
    first, after = place(cursor)
    return shown(results(filters, actor, known, now=now, cursor=after), actor, first=first, now=now)


def shown(found: Results, actor: Actor, *, first: int, now: datetime) -> tuple[Page, str]:
    """The page of results whose first one is the `first` of all, and what the reader should know."""
    hits = [(hit.line, _marked(hit.subject_parts), _marked(hit.snippet_parts)) for hit in found.items]
    lines = tuple(rows.found(hits, actor, now=now))
    following = f"{first + len(lines)}.{found.next_cursor}" if found.next_cursor else ""
    notice = _notices().get(found.notice, "") if found.notice else ""
    return Page(lines, first, "", following), notice


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

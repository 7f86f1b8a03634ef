"""What the desk asks the search room: requests by words with the found words marked, and the request of a number."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core.actor import Actor
from helpdesk.desk import rows
from helpdesk.desk.filters import Filters
from helpdesk.desk.rows import Page
from helpdesk.desk.shell import Figures
from helpdesk.search import queries as search
from helpdesk.search.results import Notice, Part, SearchRequest


def number(words: str, actor: Actor) -> str:
    """The number of the visible request that `words` name by its number alone; empty if there is none."""
    return search.jump(actor, words) or ""


def by_full_text(filters: Filters) -> bool:
    """Whether the index of words answers this list: it knows views by phase, queues and states."""
    return (
        bool(filters.words) and filters.view in {"open", "closed", "all"} and not (filters.priority or filters.company)
    )


def page(filters: Filters, actor: Actor, known: Figures, *, now: datetime, cursor: str) -> tuple[Page, str]:
    """A page of what the words find, the newest match first, and what the reader should know. Three statements."""
    queues = tuple(known.below(filters.queue)) if filters.queue is not None else ()
    if filters.queue is not None and not queues:
        return Page([], 1, "", ""), ""
    phase = filters.view if filters.view in {"open", "closed"} and not filters.state else ""
    wanted = SearchRequest(
        q=filters.words, states=(filters.state,) if filters.state else (), queues=queues, phase=phase
    )  # fmt: skip
    place, _dot, text = cursor.partition(".")
    first = int(place) if text and place.isascii() and place.isdigit() and len(place) < 8 else 1
    results = search.find(actor, wanted, text or None)
    how = rows.reading(now)
    lines = [
        rows.found_by_words(hit.line, how, actor, _marked(hit.subject_parts), _marked(hit.snippet_parts))
        for hit in results.items
    ]
    after = f"{first + len(lines)}.{results.next_cursor}" if results.next_cursor else ""
    return Page(lines, first, "", after), _notices().get(results.notice, "") if results.notice else ""


def _marked(parts: Sequence[Part]) -> Markup:
    return Markup("").join(Markup("<mark>{}</mark>").format(p.text) if p.found else escape(p.text) for p in parts)


def _notices() -> dict[Notice, str]:
    return {
        Notice.NO_WORDS: _("Nothing but signs: write a word or a number."),
        Notice.COMMON_WORDS: _("These words stand in nearly every request: add a rarer one."),
        Notice.ONLY_WITHOUT: _("Write also what must occur, not only what must not."),
        Notice.SHORTENED: _("The query is long: its end was left out."),
    }

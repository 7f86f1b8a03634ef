"""Words within a list that its own conditions narrow: people, dates, priority. Who spoke last stands first.

For lists that search.queries does not know; the conditions come from the front as SQL on `tickets_ticket t`.
"""

from typing import Any

from helpdesk.core.actor import Actor
from helpdesk.search import highlight, narrow, statement
from helpdesk.search.highlight import Forms
from helpdesk.search.language import Wanted, read
from helpdesk.search.results import Hit, Mode, Notice, Part, Place, Results, from_cursor, to_cursor
from helpdesk.tickets import lines, numbers


def find(
    actor: Actor, q: str, condition: tuple[str, list[Any]], cursor: str | None = None, *, size: int = 25
) -> Results:
    """A page of the visible requests that meet `condition` and hold all words of `q` (none: all of them).

    At most two statements beside the person's access, also where nothing is found, and one more for several words;
    words of any kind are taken, none raises.
    """
    understood = read(q)
    if q.strip() and not understood.terms:
        return Results(notice=Notice.LONG_WORDS if understood.long_words else Notice.NO_WORDS)
    number = numbers.typed(q[:200])
    sql, values = _narrowed(actor, understood, number, condition)
    after = from_cursor(cursor)
    if after is not None and after.mode is Mode.LIST:
        sql, values = f"{sql} AND (t.last_article_at, t.id) < (%s, %s)", [*values, after.at, after.id]
    page = lines.newest(actor, sql, values, limit=size + 1)
    looked_for = understood.terms and not (number or understood.only_without)
    if not page and looked_for and not statement.left_of([understood.terms])[0][0]:
        return Results(notice=Notice.COMMON_WORDS)
    shown = page[:size]
    texts = [text for line in shown for text in (line.subject, line.snippet)]
    forms = highlight.forms(texts, understood.terms) if understood.terms and shown else Forms()
    last = shown[-1] if len(page) > size else None
    return Results(
        [Hit(line, highlight.marked(line.subject, forms), _passage(line.snippet, forms)) for line in shown],
        to_cursor(Place(Mode.LIST, last.last_article_at, last.id)) if last else "",
        Notice.LONG_WORDS if understood.long_words else Notice.SHORTENED if understood.shortened else None,
        total_hint=len(page) if not last and after is None else None,
    )


def ids(actor: Actor, q: str, condition: narrow.Condition, *, limit: int) -> list[int]:
    """The ids of all that `find` gives on its pages, `limit` at most. One statement beside the person's access, and one
    more for several words."""
    understood = read(q)
    if q.strip() and not understood.terms:
        return []
    sql, values = _narrowed(actor, understood, numbers.typed(q[:200]), condition)
    return lines.newest_ids(actor, sql, values, limit=limit)


def _narrowed(actor: Actor, understood: Wanted, number: str, condition: narrow.Condition) -> narrow.Condition:
    """The condition with the words of a query."""
    sql, values = condition
    if number:
        return f"{sql} AND t.number = %s", [*values, number]
    if not understood.terms:
        return sql, values
    # what must not occur narrows the list by itself
    excluded = narrow.without(actor, understood.terms, "")
    for more, words in [*narrow.holding(actor, understood.terms), *excluded]:
        sql, values = f"{sql} AND {more}", [*values, *words]
    return sql, values


def _passage(text: str, forms: Forms) -> list[Part]:
    return highlight.passage(text, forms) if text else []

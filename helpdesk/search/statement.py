"""The one statement that finds rows of the index. Rights come in as the SQL of queries.visible_to.

Two plans in it, of which the database runs one. Whoever sees few requests: theirs, each looked through. Whoever sees
many: the index month by month, newest first, widening until the page is full; rights are checked row by row, lazily,
in the order of time, so that a common word costs no more than a page.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core import clock, db
from helpdesk.search.highlight import LOOKED_AT
from helpdesk.search.index import bucket_of
from helpdesk.search.language import Term, as_tsquery
from helpdesk.search.results import Place

FEW = 1_000  # requests: up to here the first plan is quicker even for a rare word
_WIDENING = (2, 2, 6, 24)  # months of each step; then all the rest at once

Sql = tuple[str, tuple[Any, ...]]


class Found(NamedTuple):
    """A row of the index that is the newest of its request to match."""

    id: int
    at: datetime
    ticket_id: int
    text: str


class Answer(NamedTuple):
    """Rows, newest first; `searchable`: something of the query is left after stop words are gone. `total`: how many
    there are from the first one asked for, counted up to the greater of limit and count."""

    searchable: bool
    rows: list[Found]
    total: int


def by_words(
    visible: Sql, terms: Sequence[Term], *, notes: bool, after: Place | None, limit: int, count: int = 0
) -> Answer:
    """Requests with a row that matches all terms. `notes`: internal ones too. One statement."""
    reach = max(limit, count)
    rights, rights_values = visible
    query, query_values = as_tsquery(terms)
    own, own_values = _of_the_few(after, notes=notes, limit=reach)
    wide, wide_values = _month_by_month(visible, after, notes=notes, limit=reach)
    sql = f"""
        WITH q AS MATERIALIZED (SELECT {query} AS query),
        seen AS MATERIALIZED (SELECT v.id FROM ({rights}) v LIMIT {FEW + 1}),
        size AS MATERIALIZED (SELECT count(*) <= {FEW} AS few FROM seen),
        hit AS MATERIALIZED (SELECT * FROM (({own}) UNION ALL ({wide})) h LIMIT {reach}),
        shown AS MATERIALIZED (SELECT * FROM hit ORDER BY at DESC, id DESC LIMIT {limit})
        SELECT numnode(q.query), (SELECT count(*) FROM hit), hit.id, hit.at, hit.ticket_id,
               left(coalesce(a.text, ''), {LOOKED_AT})
          FROM q LEFT JOIN shown hit ON true LEFT JOIN tickets_article a ON a.id = hit.article_id
         ORDER BY hit.at DESC, hit.id DESC
    """  # noqa: S608 (made of our own pieces; all values are parameters)
    rows = db.fetch(sql, [*query_values, *rights_values, *own_values, *wide_values])
    return Answer(rows[0][0] > 0, [Found(*row[2:]) for row in rows if row[2] is not None], rows[0][1])


def _matches(after: Place | None, *, notes: bool) -> Sql:
    """The condition on a row `e`."""
    sql, values = "e.vector @@ (SELECT query FROM q)", ()
    if not notes:
        sql += " AND e.visible"
    return (sql, values) if after is None else (f"{sql} AND (e.at, e.id) < (%s, %s)", (after.at, after.id))


def _newest_of(row: str, *, notes: bool) -> str:
    """That no newer row of the same request matches: each request is found once, on whichever page."""
    return f"""NOT EXISTS (SELECT 1 FROM search_entry n WHERE n.ticket_id = {row}.ticket_id
        AND (n.at, n.id) > ({row}.at, {row}.id) AND n.vector @@ (SELECT query FROM q)
        {"" if notes else "AND n.visible"} OFFSET 0)"""  # noqa: S608


def _of_the_few(after: Place | None, *, notes: bool, limit: int) -> Sql:
    condition, values = _matches(after, notes=notes)
    sql = f"""SELECT e.id, e.at, e.ticket_id, e.article_id FROM seen JOIN search_entry e ON e.ticket_id = seen.id
        WHERE (SELECT few FROM size) AND {condition} AND {_newest_of("e", notes=notes)}
        ORDER BY e.at DESC, e.id DESC LIMIT {limit}"""  # noqa: S608
    return sql, values


def _month_by_month(visible: Sql, after: Place | None, *, notes: bool, limit: int) -> Sql:
    # OFFSET 0 keeps the database from turning the lazy checks into joins over everything.
    rights, rights_values = visible
    condition, values = _matches(after, notes=notes)

    def step(within: str) -> str:
        return f"""SELECT s.* FROM (
            SELECT e.id, e.at, e.ticket_id, e.article_id FROM search_entry e WHERE {within} AND {condition}
             ORDER BY e.at DESC, e.id DESC OFFSET 0) s
         WHERE EXISTS (SELECT 1 FROM ({rights}) v WHERE v.id = s.ticket_id OFFSET 0)
           AND {_newest_of("s", notes=notes)} LIMIT {limit}"""  # noqa: S608

    newest = bucket_of(after.at) if after else bucket_of(clock.now()) + 1
    months, oldest = [], newest + 1
    for width in _WIDENING:
        months.append(list(range(oldest - width, oldest)))
        oldest -= width
    ranges = ", ".join(["(%s::int[])"] * len(months))
    # What the calendar did not foresee, rows of the future, comes first, so that pages hold it.
    future = f"""(SELECT f.* FROM ({step("e.bucket > %s")}) f WHERE NOT (SELECT few FROM size))
        UNION ALL"""  # noqa: S608
    sql = f"""{future if after is None else ""} (SELECT w.* FROM (VALUES {ranges}) r(months)
          CROSS JOIN LATERAL ({step("e.bucket = ANY(r.months)")}) w WHERE NOT (SELECT few FROM size))
        UNION ALL (SELECT p.* FROM ({step("e.bucket < %s")}) p WHERE NOT (SELECT few FROM size))"""  # noqa: S608
    once = (*values, *rights_values)
    ahead = () if after else (newest, *once)
    return sql, (*ahead, *months, *once, oldest, *once)


def by_pieces(visible: Sql, pieces: Sequence[str], *, after: Place | None, limit: int) -> list[Found]:
    """Requests whose number or subject holds all pieces, of words too. One statement."""
    rights, rights_values = visible
    likes = [f"%{piece}%" for piece in pieces]  # folded words: they hold no sign that LIKE knows
    older = "AND (e.at, e.id) < (%s, %s)" if after else ""
    sql = f"""SELECT e.id, e.at, e.ticket_id, '' FROM search_entry e
        WHERE e.title <> '' {"AND e.title LIKE %s " * len(likes)} {older} AND e.ticket_id IN ({rights})
        ORDER BY e.at DESC, e.id DESC LIMIT {limit}"""  # noqa: S608
    rows = db.fetch(sql, [*likes, *((after.at, after.id) if after else ()), *rights_values])
    return [Found(*row) for row in rows]

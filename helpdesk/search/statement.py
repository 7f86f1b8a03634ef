"""The statements that find rows of the index. Rights come in as the SQL of queries.visible_to.

Two plans, of which the database runs one. Whoever sees few requests: theirs, each looked through; of a client whose
companies stand in the index beside the words, all that match. Whoever sees many: the index month by month, newest
first, widening until the page is full; rights are checked row by row, lazily, in the order of time, so that a common
word costs no more than a page. What other companies have costs a client nothing, however rare the word.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core import clock, db
from helpdesk.core.text.running import LAID_OUT, running
from helpdesk.search.highlight import LOOKED_AT
from helpdesk.search.index import bucket_of
from helpdesk.search.language import Term, as_tsquery, positive
from helpdesk.search.results import NOTES, Place

FEW = 1_000  # requests: up to here the first plan is quicker even for a rare word
OF_COMPANIES = 2  # times as many, where the index knows whose requests they are
ROWS_EACH = 4  # rows of a request that are looked at for counting, on average
FITTING = 501  # of so many, the newest, the order by fit is made: «more than 500» is known with them
_NO_WORDS = r"^([a-z_]+|\d{4}-\d\d(-\d\d)?(/.*)?|\[.*)$"  # codes of choices, days, months and lists are no passage
# Of D, C, B, A: what a letter quotes never puts a request before one where it was said.
_WEIGHTS = "{0.0001, 0.1, 0.4, 1.0}"
# only where the text of an article would run its cells and items together
_MARKUP = f"""CASE WHEN a.html ~ '{"|".join(LAID_OUT)}' THEN left(a.html, {2 * LOOKED_AT}) END"""
# of a row `hit` and its article `a`: what excerpts are made of
TEXTS = f"""coalesce(left(a.text, {LOOKED_AT}), ''), {_MARKUP},
               coalesce((SELECT string_agg(f.value->>'value', ' · ') FROM tickets_ticket t, jsonb_each(t.fields) f
                          WHERE t.id = hit.ticket_id AND f.value->>'value' !~ '{_NO_WORDS}'), ''),
               coalesce((SELECT string_agg(f.filename, ' · ' ORDER BY f.position) FROM tickets_attachment f
                          WHERE f.article_id = hit.article_id), ''), coalesce(left(a.folded_text, {LOOKED_AT}), '')"""  # noqa: S608
_WIDENING = (2, 2, 6, 24)  # months of each step; then all the rest at once

Sql = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Sought:
    """What a row must hold, for whom. `visible`: the SQL of the ids of requests that may be found; `companies`: no
    other company's are among them (None: of any); `notes`: internal rows too; `among`: only words of this weight, or
    NOTES;
    `beside`: terms that the conditions look for besides, `pieces`: the words of fields, which are marked as well;
    `is_dear`: each request costs a look for other words, so that none more than a page is looked at for counting."""

    terms: Sequence[Term]
    visible: Sql
    notes: bool
    companies: Sequence[int] | None = None
    among: str = ""
    beside: Sequence[Term] = ()
    pieces: frozenset[str] = frozenset()
    is_dear: bool = False

    @property
    def few(self) -> int:
        return FEW if self.companies is None else FEW * OF_COMPANIES


class Found(NamedTuple):
    """A row of the index that is the newest of its request to match. `beside`: older ones that hold other words."""

    id: int
    at: datetime
    ticket_id: int
    text: str = ""  # of the article, as excerpts have it
    facts: str = ""  # what stands in the request's fields
    files: str = ""  # the names of the article's
    quoted: str = ""  # what is folded away in the article
    beside: tuple["Found", ...] = ()

    @property
    def texts(self) -> list[str]:
        """All that is read, of each row in turn: an article's text, the fields, files' names, what is quoted."""
        rows = (self, *self.beside)
        return [text for row in rows for text in (row.text, row.facts, row.files, row.quoted) if text]


class Answer(NamedTuple):
    """Rows, newest first; `searchable`: something that must occur is left after stop words are gone. `total`: how many
    there are from the first one asked for, counted up to the greater of limit and count; `oldest`: their last place."""

    searchable: bool
    rows: list[Found]
    total: int
    oldest: tuple[datetime, int] | None = None


def by_words(sought: Sought, *, after: Place | None, limit: int, count: int = 0, fitting: int | None = None) -> Answer:
    """Requests with a row that matches all terms. `fitting`: the best of the newest FITTING from this place on instead
    of the newest. One statement."""
    reach = max(limit, count) if fitting is None else FITTING
    rights, rights_values = sought.visible
    words, words_values = query_sql(sought.terms)
    own, own_values = _of_the_few(sought, after, limit=reach)
    wide, wide_values = _month_by_month(sought, after, limit=reach)
    shown = f"SELECT hit.*, 0 AS fit FROM hit ORDER BY at DESC, id DESC LIMIT {limit:d}"  # noqa: S608
    if fitting is not None:
        shown = f"""SELECT hit.*, ts_rank('{_WEIGHTS}', e.vector, (SELECT query FROM q)) AS fit
            FROM hit JOIN search_entry e ON e.id = hit.id
            ORDER BY fit DESC, at DESC, id DESC OFFSET {fitting:d} LIMIT {limit:d}"""  # noqa: S608
    sql = f"""
        WITH q AS MATERIALIZED ({words}),
        seen AS MATERIALIZED (SELECT v.id FROM ({rights}) v LIMIT {sought.few + 1}),
        size AS MATERIALIZED (SELECT count(*) <= {sought.few} AS few FROM seen),
        hit AS MATERIALIZED (SELECT * FROM (({own}) UNION ALL ({wide})) h LIMIT {reach}),
        shown AS MATERIALIZED ({shown})
        SELECT numnode(q.must), (SELECT count(*) FROM hit), oldest.at, oldest.id, hit.id, hit.at, hit.ticket_id, {TEXTS}
          FROM q LEFT JOIN shown hit ON true LEFT JOIN tickets_article a ON a.id = hit.article_id
          LEFT JOIN (SELECT at, id FROM hit ORDER BY at, id LIMIT 1) oldest ON true
         ORDER BY hit.fit DESC, hit.at DESC, hit.id DESC
    """  # noqa: S608 (made of our own pieces; all values are parameters)
    rows = db.fetch(sql, [*words_values, *rights_values, *own_values, *wide_values])
    first = rows[0]
    return Answer(
        first[0] > 0,
        [found_of(row[4:]) for row in rows if row[4] is not None],
        first[1],
        None if first[2] is None else (first[2], first[3]),
    )


def found_of(row: Sequence[Any]) -> Found:
    key, at, ticket_id, text, html, *others = row
    return Found(key, at, ticket_id, running(html) or text if html else text, *others)


def query_sql(terms: Sequence[Term]) -> Sql:
    """A row of the whole query and of what must occur."""
    query, values = as_tsquery(terms)
    must, more = as_tsquery(positive(terms))
    return f"SELECT {query} AS query, {must} AS must", (*values, *more)


def left_of(queries: Sequence[Sequence[Term]]) -> list[tuple[int, int]]:
    """Of each query how much must occur, and how much there is of it, when stop words are gone. One statement."""
    parts, values = [], list[Any]()
    for terms in queries:
        sql, more = query_sql(terms)
        parts.append(f"(SELECT ARRAY[numnode(q.must), numnode(q.query)] FROM ({sql}) q)")  # noqa: S608
        values += more
    return [(must, all_of_it) for must, all_of_it in db.fetch(f"SELECT {', '.join(parts)}", values)[0]]


def holds(row: str, sought: Sought, words: str = "(SELECT {} FROM q)") -> str:
    """The condition on a row of the index, apart from where it stands in time. `words`: where the query is."""
    sql = f"{row}.vector @@ {words.format('query')}"
    if sought.among:  # the index knows no weights: it finds the words, and their place is looked at
        filtered = f"ts_filter({row}.vector, '{{{weight_of(sought.among)}}}') @@ {words.format('query')}"
        sql = f"{row}.vector @@ {words.format('must')} AND {filtered}"
    if sought.among == NOTES:
        sql += f" AND NOT {row}.visible"
    if not sought.notes:
        sql += f" AND {row}.visible"
    return sql


def weight_of(among: str) -> str:
    """The weight of the words of a place: those of notes are words of texts."""
    return "c" if among == NOTES else among


def _matches(sought: Sought, after: Place | None) -> Sql:
    """The condition on a row `e`."""
    sql, values = holds("e", sought), list[Any]()
    if sought.companies is not None:
        sql += " AND e.company = ANY(%s::bigint[])"  # the index takes no other type
        values.append(list(sought.companies))
    if after is not None:
        sql += " AND (e.at, e.id) < (%s, %s)"
        values += [after.at, after.id]
    return sql, tuple(values)


def _newest_of(row: str, sought: Sought) -> str:
    """That no newer row of the same request matches: each request is found once, on whichever page."""
    return f"""NOT EXISTS (SELECT 1 FROM search_entry n WHERE n.ticket_id = {row}.ticket_id
        AND (n.at, n.id) > ({row}.at, {row}.id) AND {holds("n", sought)} OFFSET 0)"""  # noqa: S608


def _of_the_few(sought: Sought, after: Place | None, *, limit: int) -> Sql:
    if sought.companies is not None:
        return _all_of_companies(sought, after, limit=limit)
    condition, values = _matches(sought, after)
    sql = f"""SELECT e.id, e.at, e.ticket_id, e.article_id FROM seen JOIN search_entry e ON e.ticket_id = seen.id
        WHERE (SELECT few FROM size) AND {condition} AND {_newest_of("e", sought)}
        ORDER BY e.at DESC, e.id DESC LIMIT {limit}"""  # noqa: S608
    return sql, values


def _all_of_companies(sought: Sought, after: Place | None, *, limit: int) -> Sql:
    """Every row that matches, by the index of companies and words; then the newest of each request."""
    condition, values = _matches(sought, None)
    older = "WHERE (n.at, n.id) < (%s, %s)" if after else ""
    sql = f"""SELECT n.* FROM (
            SELECT DISTINCT ON (e.ticket_id) e.id, e.at, e.ticket_id, e.article_id FROM search_entry e
             WHERE (SELECT few FROM size) AND {condition} AND e.ticket_id IN (SELECT id FROM seen)
             ORDER BY e.ticket_id, e.at DESC, e.id DESC) n
        {older} ORDER BY n.at DESC, n.id DESC LIMIT {limit}"""  # noqa: S608
    return sql, (*values, *((after.at, after.id) if after else ()))


def _month_by_month(sought: Sought, after: Place | None, *, limit: int) -> Sql:
    # OFFSET 0 keeps the database from turning the lazy checks into joins over everything.
    rights, rights_values = sought.visible
    condition, values = _matches(sought, after)

    def step(within: str) -> str:
        return f"""SELECT s.* FROM (
            SELECT e.id, e.at, e.ticket_id, e.article_id FROM search_entry e WHERE {within} AND {condition}
             ORDER BY e.at DESC, e.id DESC OFFSET 0) s
         WHERE EXISTS (SELECT 1 FROM ({rights}) v WHERE v.id = s.ticket_id OFFSET 0)
           AND {_newest_of("s", sought)} LIMIT {limit}"""  # noqa: S608

    newest = bucket_of(after.at) if after else bucket_of(clock.now()) + 1
    months, oldest = [], newest + 1
    for width in _WIDENING:
        months.append(list(range(oldest - width, oldest)))
        oldest -= width
    ranges = ", ".join(["(%s::int[])"] * len(months))
    # What the calendar did not foresee, rows of the future, comes first, so that pages hold it.
    future = f"""(SELECT f.* FROM ({step("e.bucket > %s::int")}) f WHERE NOT (SELECT few FROM size))
        UNION ALL"""  # noqa: S608
    sql = f"""{future if after is None else ""} (SELECT w.* FROM (VALUES {ranges}) r(months)
          CROSS JOIN LATERAL ({step("e.bucket = ANY(r.months)")}) w WHERE NOT (SELECT few FROM size))
        UNION ALL (SELECT p.* FROM ({step("e.bucket < %s::int")}) p WHERE NOT (SELECT few FROM size))"""  # noqa: S608
    once = (*values, *rights_values)
    ahead = () if after else (newest, *once)
    return sql, (*ahead, *months, *once, oldest, *once)


def by_pieces(visible: Sql, pieces: Sequence[str], *, after: Place | None, limit: int) -> list[Found]:
    """Requests whose number or subject holds all pieces, of words too. One statement."""
    rights, rights_values = visible
    likes = [f"%{piece}%" for piece in pieces]  # folded words: they hold no sign that LIKE knows
    older = "AND (e.at, e.id) < (%s, %s)" if after else ""
    sql = f"""SELECT e.id, e.at, e.ticket_id FROM search_entry e
        WHERE e.title <> '' {"AND e.title LIKE %s " * len(likes)} {older} AND e.ticket_id IN ({rights})
        ORDER BY e.at DESC, e.id DESC LIMIT {limit}"""  # noqa: S608
    rows = db.fetch(sql, [*likes, *((after.at, after.id) if after else ()), *rights_values])
    return [Found(*row) for row in rows]


def many(sought: Sought, *, most: int) -> tuple[int, bool]:
    """How many requests match, up to one more than `most`, and whether these are all: only so many rows are looked at.
    For what `by_words` found more of than it counts. One statement."""
    rights, rights_values = sought.visible
    words, words_values = query_sql(sought.terms)
    condition, values = _matches(sought, None)
    rows = ROWS_EACH * most
    # where each request would cost a look for other words, all that may be found is read once, by the index
    whole, those = ("", rights)
    if sought.is_dear:
        whole, those = f"every AS MATERIALIZED ({rights}),", "SELECT id FROM every"
    sql = f"""
        WITH q AS MATERIALIZED ({words}),
        rows AS MATERIALIZED (SELECT e.ticket_id FROM search_entry e WHERE {condition} LIMIT {rows:d}),
        {whole} seen AS (SELECT 1 FROM (SELECT DISTINCT ticket_id FROM rows) s
                  WHERE s.ticket_id IN ({those}) LIMIT {most + 1:d})
        SELECT (SELECT count(*) FROM seen), (SELECT count(*) FROM rows)"""  # noqa: S608
    counted, looked_at = db.fetch(sql, [*words_values, *values, *rights_values])[0]
    return counted, counted > most or looked_at < rows


def all_by_words(sought: Sought, *, limit: int) -> tuple[bool, list[int]]:
    """Whether something that must occur is left after stop words are gone, and the ids of all requests with a row that
    matches, in the order of `by_words`. One statement."""
    rights, rights_values = sought.visible
    words, words_values = query_sql(sought.terms)
    condition, values = _matches(sought, None)
    sql = f"""
        WITH q AS MATERIALIZED ({words}),
        newest AS (SELECT DISTINCT ON (e.ticket_id) e.ticket_id, e.at, e.id FROM search_entry e
                    WHERE {condition} AND e.ticket_id IN ({rights}) ORDER BY e.ticket_id, e.at DESC, e.id DESC)
        SELECT numnode(q.must), n.ticket_id FROM q LEFT JOIN newest n ON true
         ORDER BY n.at DESC, n.id DESC LIMIT {limit:d}"""  # noqa: S608
    rows = db.fetch(sql, [*words_values, *values, *rights_values])
    return rows[0][0] > 0, [key for _nodes, key in rows if key is not None]

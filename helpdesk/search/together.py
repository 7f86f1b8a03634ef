"""The statements that find requests whose words stand in different rows of the index: one in the client's letter,
another in the answer. What stands in one row is found by statement.by_words, which comes first.

Every word is read by the index up to so many rows, and the requests of all words are those that hold them together. A
word of more rows is looked for in the requests that the others have left; where all are such, two are read whole.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from helpdesk.core import db
from helpdesk.search.language import Term, as_tsquery, positive
from helpdesk.search.results import Place
from helpdesk.search.statement import TEXTS, Found, Sought, Sql, found_of, holds

READ = 1_000  # rows of a word that are read at once: more cost more than looking into some requests
READ_TO_NARROW = 3_000  # where they narrow a list: what is more common, the database's figures know well
JOINED = 3  # common words that it may begin by; more are looked for in what is left
BOTH = 2  # common words whose requests are read where no word is rare
ROWS = 3  # of a request whose texts are shown


def by_words(sought: Sought, *, after: Place | None, limit: int) -> list[Found]:
    """Requests of which different rows hold the terms, and no row all of them; who got the last of the words, first.
    One statement, none for one term alone."""
    if limit <= 0 or not are_several(sought):
        return []
    hits, values = _hits(sought, after, limit=limit)
    sql = f"""{hits}
        SELECT hit.id, hit.at, hit.ticket_id, {TEXTS}
          FROM (SELECT DISTINCT r.id, r.at, r.ticket_id, r.article_id, h.at AS newest, h.id AS of_newest
                  FROM hits h CROSS JOIN term k CROSS JOIN LATERAL (
                       SELECT e.id, e.at, e.ticket_id, e.article_id FROM search_entry e
                        WHERE e.ticket_id = h.ticket_id AND {holds("e", sought, "k.query")}
                        ORDER BY e.at DESC, e.id DESC LIMIT 1) r) hit
          LEFT JOIN tickets_article a ON a.id = hit.article_id
         ORDER BY hit.newest DESC, hit.of_newest DESC, hit.at DESC, hit.id DESC
    """  # noqa: S608 (made of our own pieces; all values are parameters)
    rows = [found_of(row) for row in db.fetch(sql, values)]
    of_requests = [list(some) for _, some in groupby(rows, key=lambda row: row.ticket_id)]
    return [first._replace(beside=tuple(others[: ROWS - 1])) for first, *others in of_requests]


def ids(sought: Sought, *, limit: int) -> list[int]:
    """The ids of all that `by_words` finds, in its order. One statement, none for one term alone."""
    if limit <= 0 or not are_several(sought):
        return []
    hits, values = _hits(sought, None, limit=limit)
    rows = db.fetch(f"{hits} SELECT ticket_id FROM hits ORDER BY at DESC, id DESC", values)  # noqa: S608
    return [row[0] for row in rows]


def counted(sought: Sought, *, most: int) -> int | None:
    """How many requests hold the terms, in one row or in several, up to one more than `most`; 0 where one term alone
    tells anything, None where it is not known since every word is a common one. One statement."""
    met, values = _met(sought)
    sql = f"""{met} SELECT count(*), NOT EXISTS (SELECT 1 FROM term) OR EXISTS (SELECT 1 FROM whole)
        FROM (SELECT 1 FROM met LIMIT {most + 1:d}) m"""  # noqa: S608
    total, is_known = db.fetch(sql, values)[0]
    return int(total) if is_known else None


def condition(sought: Sought) -> Sql:
    """That rows of a request `t` hold the terms together, each one in some row; what may be seen is said by others. No
    request does where nothing but stop words is asked for. One statement, none for one term alone."""
    terms = positive(sought.terms)
    if len(terms) == 1:
        return _some_row(sought, terms[0], fence="")
    words, values = _by_index(sought, read=READ_TO_NARROW, least=1)
    sql = f"""{words} SELECT (SELECT count(*) FROM whole), ARRAY(SELECT ticket_id FROM common),
        ARRAY(SELECT n FROM term WHERE n NOT IN (SELECT n FROM whole) ORDER BY n)"""  # noqa: S608
    of_whole, requests, others = db.fetch(sql, values)[0]
    parts: list[Sql] = [("t.id = ANY(%s::bigint[])", (requests,))] if of_whole or not others else []
    for place, number in enumerate(others):
        parts.append(_some_row(sought, terms[number], fence="OFFSET 0" if place >= JOINED else ""))
    return " AND ".join(part for part, _ in parts), tuple(value for _, more in parts for value in more)


def _some_row(sought: Sought, term: Term, *, fence: str) -> Sql:
    """`fence`: OFFSET 0 has it looked for in each request in turn, after everything else."""
    query, values = as_tsquery([term])
    held = holds("w", sought, f"({query})")
    sql = f"EXISTS (SELECT 1 FROM search_entry w WHERE w.ticket_id = t.id AND {held} {fence})"  # noqa: S608
    return sql, (*values, *values) if sought.among else (*values,)


def are_several(sought: Sought) -> bool:
    """Whether there are terms to be held by different rows."""
    return len(positive(sought.terms)) > 1


def _hits(sought: Sought, after: Place | None, *, limit: int) -> Sql:
    """A request stands where the newest of its rows does that holds any of the words."""
    met, values = _met(sought)
    must, words = as_tsquery(positive(sought.terms))
    older = "WHERE (n.at, n.id) < (%s, %s)" if after else ""
    sql = f"""{met},
        one AS MATERIALIZED (SELECT {must} AS must),
        hits AS MATERIALIZED (
            SELECT m.ticket_id, n.at, n.id FROM met m CROSS JOIN LATERAL (
                   SELECT e.at, e.id FROM search_entry e
                    WHERE e.ticket_id = m.ticket_id
                      AND EXISTS (SELECT 1 FROM term k WHERE {holds("e", sought, "k.query")})
                    ORDER BY e.at DESC, e.id DESC LIMIT 1) n
            {older} {"AND" if older else "WHERE"} NOT EXISTS (SELECT 1 FROM search_entry s
                    WHERE s.ticket_id = m.ticket_id AND {holds("s", sought, "(SELECT must FROM one)")} OFFSET 0)
             ORDER BY n.at DESC, n.id DESC LIMIT {limit:d})"""  # noqa: S608
    return sql, (*values, *words, *((after.at, after.id) if after else ()))


def _met(sought: Sought) -> Sql:
    """All visible requests whose rows hold the terms, as `met`; none where one term alone tells anything."""
    rights, rights_values = sought.visible
    words, values = _by_index(sought, read=READ, least=2)
    company, companies = _of_companies(sought)
    nth = "(SELECT query FROM term ORDER BY n OFFSET {} LIMIT 1)"
    held = [holds("e", sought, nth.format(at)) for at in range(BOTH)]
    of_both = " INTERSECT ".join(
        f"SELECT e.ticket_id FROM search_entry e WHERE NOT EXISTS (SELECT 1 FROM whole) AND {one} {company}"  # noqa: S608
        for one in held
    )
    sql = f"""{words},
        looked_up AS MATERIALIZED (SELECT n FROM whole UNION ALL (
            SELECT n FROM term WHERE NOT EXISTS (SELECT 1 FROM whole) ORDER BY n LIMIT {BOTH:d})),
        candidate AS MATERIALIZED (SELECT ticket_id FROM common UNION ALL ({of_both})),
        met AS (SELECT c.ticket_id FROM candidate c
            WHERE NOT EXISTS (SELECT 1 FROM term k WHERE k.n NOT IN (SELECT n FROM looked_up)
                                AND NOT EXISTS (SELECT 1 FROM search_entry r WHERE r.ticket_id = c.ticket_id
                                                   AND {holds("r", sought, "k.query")} OFFSET 0) OFFSET 0)
              AND EXISTS (SELECT 1 FROM ({rights}) v WHERE v.id = c.ticket_id OFFSET 0))"""  # noqa: S608
    return sql, (*values, *companies * BOTH, *rights_values)


def _by_index(sought: Sought, *, read: int, least: int) -> Sql:
    """The terms that are no stop words, if there are `least` of them (`term`), those of no more rows than are read
    (`whole`), and the requests that hold all of these, whoever may see them (`common`)."""
    terms, values = _terms(sought)
    company, companies = _of_companies(sought)
    sql = f"""
        WITH known AS MATERIALIZED (SELECT * FROM (VALUES {terms}) v(n, query) WHERE numnode(query) > 0),
        term AS MATERIALIZED (SELECT * FROM known WHERE (SELECT count(*) FROM known) >= {least:d}),
        rows AS MATERIALIZED (SELECT k.n, r.ticket_id FROM term k CROSS JOIN LATERAL (
            SELECT e.ticket_id FROM search_entry e WHERE {holds("e", sought, "k.query")} {company}
             LIMIT {read + 1:d}) r),
        whole AS MATERIALIZED (SELECT k.n FROM term k LEFT JOIN rows r ON r.n = k.n GROUP BY k.n
                                HAVING count(r.n) <= {read:d}),
        common AS MATERIALIZED (SELECT r.ticket_id FROM rows r WHERE r.n IN (SELECT n FROM whole)
             GROUP BY r.ticket_id HAVING count(DISTINCT r.n) = (SELECT count(*) FROM whole))"""  # noqa: S608
    return sql, (*values, *companies)


def _of_companies(sought: Sought) -> tuple[str, list[Any]]:
    """The condition on a row `e` that it is of the companies, by the index."""
    if sought.companies is None:
        return "", []
    return "AND e.company = ANY(%s::bigint[])", [list(sought.companies)]


def _terms(sought: Sought) -> tuple[str, Sequence[str]]:
    """Each term with its number."""
    parts, values = [], list[str]()
    for number, term in enumerate(positive(sought.terms)):
        sql, more = as_tsquery([term])
        parts.append(f"({number}, {sql})")
        values += more
    return ", ".join(parts), values

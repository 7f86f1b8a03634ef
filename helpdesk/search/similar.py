"""Open requests that a new one may repeat: those with the same account number, then those with a close subject."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search.closeness import WORDS, accounts_of, are_close, beginnings, telling
from helpdesk.search.index import NO_COMPANY
from helpdesk.search.language import PART
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.queries import sight_sql

LOOKED_AT = 300  # open requests, the latest, whose subjects are compared; accounts are looked for in all of them
_COMPARED = 40  # of them, those with the most beginnings of words in common; of one word, it may be mistyped


class Similar(NamedTuple):
    """A request that may be the same question."""

    number: str
    subject: str
    author: str
    last_article_at: datetime
    same_account: bool


# cheap for each row: hardly any patterns, and compared once (OFFSET 0); which numbers and words really stand there is
# looked at in the few rows that come. `same`: 2 where an account may stand in field or subject, 1 where in the text
_SQL = """
SELECT t.number, t.subject, p.name, t.last_article_at, t.account, t.text
  FROM (SELECT t.number, t.subject, t.author_id, t.last_article_at, t.account, left({text}, 20000) AS text,
               CASE WHEN translate(t.subject || ' ' || t.account, %s, '') LIKE ANY(%s)
                      OR regexp_split_to_array(regexp_replace(t.account, '[^0-9,;]', '', 'g'), '[,;]') && %s::text[]
                    THEN 2
                    WHEN translate(t.subject || ' ' || {text}, %s, '') LIKE ANY(%s) THEN 1 ELSE 0 END AS same,
               (SELECT count(*) FROM unnest(%s::text[]) word WHERE strpos(e.title, word) > 0) AS near
          FROM (SELECT t.id, t.number, t.subject, t.author_id, t.last_article_at,
                       coalesce(t.fields->'account'->>'value', '') AS account
                  FROM tickets_ticket t WHERE t.id IN (
                       (SELECT t.id FROM tickets_ticket t WHERE t.phase = 'open' AND {where}
                         ORDER BY t.last_article_at DESC, t.id DESC LIMIT %s) {named})) t
          {article}
          LEFT JOIN search_entry e ON e.ticket_id = t.id AND e.article_id IS NULL OFFSET 0) t
  JOIN accounts_person p ON p.id = t.author_id
 WHERE t.same > 0 OR t.near >= %s
 ORDER BY t.same DESC, t.near DESC, t.last_article_at DESC LIMIT %s
"""
# the question itself; nothing is read of it where no account is looked for
_QUESTION = "LEFT JOIN tickets_article a ON a.ticket_id = t.id AND a.seq = 1 AND a.visible_to_client"
# by the index: a long number is one word there, however it is written; a short one stands in its field alone, or counts
# only where a word calls it an account
_NAMED = """UNION (
    SELECT t.id FROM (
           SELECT e.ticket_id FROM search_entry e
            WHERE e.vector @@ to_tsquery('simple', %s) AND e.visible {of_companies}
            UNION ALL
           SELECT v.ticket_id FROM tickets_fieldvalue v WHERE v.key = 'account' AND v.text = ANY(%s)) n
      JOIN tickets_ticket t ON t.id = n.ticket_id WHERE t.phase = 'open' AND {where})"""
_SPACES = " \u00a0\u202f-"


def close_to(
    actor: Actor, subject: str, account: str = "", text: str = "", *, company_id: int | None = None, limit: int = 3
) -> list[Similar]:
    """The visible open requests (of a company) that are about the same account (in field, subject or text of either) or
    ask the same, the former first.

    One statement; none where there is nothing to compare.
    """
    accounts, words = accounts_of(subject, account, text), telling(subject)
    numbers = [*accounts.long, *accounts.short]
    if not numbers and not words:
        return []
    access = access_of(actor)
    sight, values = sight_sql(access)
    if company_id is not None:
        sight, values = f"{sight} AND t.company_id = %s", [*values, company_id]
    named, of_named = _named(access, numbers, company_id, (sight, values)) if numbers else ("", [])
    likes, all_likes = [f"%{one}%" for one in accounts.long], [f"%{one}%" for one in numbers]
    question, said = (_QUESTION, "coalesce(a.text, '')") if numbers else ("", "''")
    sql = _SQL.format(where=sight, named=named, article=question, text=said)
    rows = db.fetch(
        sql,
        [_SPACES, likes, list(accounts.short), _SPACES, all_likes, beginnings(words), *values, LOOKED_AT,
         *of_named, WORDS - 1, _COMPARED],
    )  # fmt: skip
    found = []
    for *shown, there, said in rows:
        title = str(shown[1])
        others = accounts_of(title, str(there), str(said))
        is_same = accounts.same(others)
        if is_same or (not (others.named and accounts.named) and are_close(words, telling(title))):
            found.append(Similar._make((*shown, is_same)))
    return sorted(found, key=lambda one: not one.same_account)[:limit]


def _named(
    access: Access, numbers: Sequence[str], company_id: int | None, sight: tuple[str, Sequence[Any]]
) -> tuple[str, list[Any]]:
    """The open requests, however old, that may name one of these accounts; a company's rows by its own index."""
    words = " | ".join(f"'{one}'" for one in numbers if len(one) >= PART)
    own, companies = "", list[Any]()
    if access.is_client or company_id is not None:
        own = "AND e.company = ANY(%s::bigint[])"
        companies = [[company_id] if company_id is not None else sorted({*access.companies, NO_COMPANY})]
    return _NAMED.format(of_companies=own, where=sight[0]), [words, *companies, list(numbers), *sight[1]]

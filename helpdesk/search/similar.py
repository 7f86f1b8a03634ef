"""Open requests that a new one may repeat: those with the same account number, then those with a close subject."""

from datetime import datetime
from typing import NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search.closeness import WORDS, accounts_in, are_close, beginnings, telling
from helpdesk.tickets.access import access_of
from helpdesk.tickets.queries import sight_sql

LOOKED_AT = 300  # open requests, the latest: a company with more of them has no time to read what is offered
_COMPARED = 40  # of them, those with the most beginnings of words in common


class Similar(NamedTuple):
    """A request that may be the same question."""

    number: str
    subject: str
    author: str
    last_article_at: datetime
    same_account: bool


# cheap for each row: no patterns, and compared once (OFFSET 0); which numbers and words really stand there is looked at
# in the few rows that come
_SQL = """
SELECT t.number, t.subject, p.name, t.last_article_at, t.account
  FROM (SELECT t.number, t.subject, t.author_id, t.last_article_at, t.account,
               translate(t.subject || ' ' || t.account, %s, '') LIKE ANY(%s) AS same,
               (SELECT count(*) FROM unnest(%s::text[]) word WHERE strpos(e.title, word) > 0) AS near
          FROM (SELECT t.id, t.number, t.subject, t.author_id, t.last_article_at,
                       coalesce(t.fields->'account'->>'value', '') AS account
                  FROM tickets_ticket t
                 WHERE t.phase = 'open' AND {where} ORDER BY t.last_article_at DESC, t.id DESC LIMIT %s) t
          LEFT JOIN search_entry e ON e.ticket_id = t.id AND e.article_id IS NULL OFFSET 0) t
  JOIN accounts_person p ON p.id = t.author_id
 WHERE t.same OR t.near >= %s
 ORDER BY t.same DESC, t.near DESC, t.last_article_at DESC LIMIT %s
"""
_SPACES = " \u00a0\u202f-"


def close_to(
    actor: Actor, subject: str, account: str = "", *, company_id: int | None = None, limit: int = 3
) -> list[Similar]:
    """The visible open requests (of a company) that have the same account number or ask the same, the former first.

    One statement; none where there is nothing to compare.
    """
    accounts, words = accounts_in(subject, account), telling(subject)
    if not accounts and not words:
        return []
    sight, values = sight_sql(access_of(actor))
    where = f"{sight} AND t.company_id = %s" if company_id is not None else sight
    of_company = [company_id] if company_id is not None else []
    likes = [f"%{number}%" for number in accounts]
    rows = db.fetch(
        _SQL.format(where=where),
        [_SPACES, likes, beginnings(words), *values, *of_company, LOOKED_AT, WORDS, _COMPARED],
    )
    found = []
    for *shown, there in rows:
        named = set(accounts_in(str(shown[1]), str(there)))
        is_same = not named.isdisjoint(accounts)
        if is_same or (not (named and accounts) and are_close(words, telling(str(shown[1])))):
            found.append(Similar._make((*shown, is_same)))
    return sorted(found, key=lambda one: not one.same_account)[:limit]

"""People whom the words of a search name: whose requests are meant is asked by a condition, since texts seldom hold
it."""

import re
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from helpdesk.accounts.named_in import Called, beginnings, named_in
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.search import narrow
from helpdesk.search.asking import says_nothing
from helpdesk.search.language import folded
from helpdesk.search.results import SearchRequest
from helpdesk.tickets.access import access_of
from helpdesk.tickets.queries import sight_sql

MOST = 1_000  # requests that are counted of each
SHOWN = 6  # people, the ones with the most requests
LONGEST = 300  # characters of a query that is looked through
_ASKED = 40  # people who are compared at most
_WORDS = re.compile(r"[^\W\d_]+")
# what is said beside a name and means no more than its requests
_BESIDE = re.compile(
    r"""заяв(?:ка|ки|ке|ку|ок|кам|ках) | обращени\w+ | отве(?:т|ты|тов|чал|чала|чает|чали|тил|тила) | автор\w{,3}
    | написал\w? | писал\w? | специалист\w{,3} | сотрудник\w{,3} | от | и | у | requests? | by | from | of | answers?
    | specialist | author""",
    re.VERBOSE,
)


class Role(StrEnum):
    """What somebody is to a request."""

    STAFF = "staff"  # has answered it, as its client sees
    HANDLER = "handler"  # answers it now, as its client sees, though perhaps nothing is written yet
    AUTHOR = "author"
    OBSERVER = "observer"


class Named(NamedTuple):
    """Somebody who is named, with how many requests they have that the reader sees (one more than MOST: more); `rest`:
    the query without the name."""

    role: Role
    id: int
    name: str
    requests: int
    rest: str


_HOW = {
    Role.STAFF: narrow.ANSWERED.format("p.id"),
    Role.HANDLER: narrow.HANDLED.format("p.id"),
    Role.AUTHOR: "t.author_id = p.id",
    Role.OBSERVER: narrow.OBSERVED.format("p.id"),
}

_OF_STAFF = (Role.STAFF, Role.HANDLER)


def named(actor: Actor, wanted: SearchRequest, people: Sequence[tuple[int, str]]) -> list[Named]:
    """Who is named by the words of a client's search, among those who have answered them, those who answer them now and
    have not yet, and `people` of theirs: those with requests alone that meet all other conditions. One statement; none
    where no word may be a name, and where words of other places, or who answers, are asked for besides."""
    tokens = [token for token in wanted.q[:LONGEST].split() if not token.startswith("-")]
    words = [word for token in tokens for word in _WORDS.findall(token) if not says_nothing(folded(word))]
    starts = beginnings(words)
    if not starts or wanted.staff or wanted.handler or list(wanted.places) != ["q"]:
        return []
    own = named_in(words, people)
    found = _with_requests(actor, wanted, starts, [one.id for one in own])
    answered = {key for role, key, _, _ in found if role is Role.STAFF}
    found = [one for one in found if one[0] is not Role.HANDLER or one[1] not in answered]
    staff = named_in(words, {(key, name) for role, key, name, _ in found if role in _OF_STAFF})
    by_id = {one.id: one for one in (*own, *staff)}
    most = max((len(one.by) for one in by_id.values()), default=0)
    shown = [
        Named(role, key, name, count, _rest(wanted.q, by_id[key]))
        for role, key, name, count in found
        if key in by_id and len(by_id[key].by) == most
    ]
    return sorted(shown, key=lambda one: -one.requests)[:SHOWN]


def _with_requests(
    actor: Actor, wanted: SearchRequest, starts: Sequence[str], people: Sequence[int]
) -> list[tuple[Role, int, str, int]]:
    condition, values = narrow.condition(actor, replace(wanted, q="", by_fit=False))
    sight, rights = sight_sql(access_of(actor), of_all=True)
    parts, all_values = [], list[Any]()
    for role in _HOW if people else _OF_STAFF:
        whom = "p.kind = 'agent' AND (' ' || p.sort_key) LIKE ANY(%s)" if role in _OF_STAFF else "p.id = ANY(%s)"
        parts.append(
            f"""(SELECT '{role}', p.id, p.name, (SELECT count(*) FROM (
                    SELECT 1 FROM tickets_ticket t WHERE {condition} AND {sight} AND {_HOW[role]}
                     LIMIT {MOST + 1}) n)
                   FROM accounts_person p WHERE {whom} ORDER BY p.id LIMIT {_ASKED})"""  # noqa: S608  our own text
        )
        all_values += [*values, *rights, [f"% {start}%" for start in starts] if role in _OF_STAFF else list(people)]
    rows = db.fetch(" UNION ALL ".join(parts), all_values)
    return [(Role(role), key, name, count) for role, key, name, count in rows if count]


def _rest(typed: str, who: Called) -> str:
    """The query without the words of a name; empty where the rest says nothing by itself."""
    left = [
        token for token in typed.split()
        if token.startswith("-") or not _WORDS.findall(token) or not set(_WORDS.findall(token)) <= set(who.by)
    ]  # fmt: skip
    rest = " ".join(left)
    words = [folded(word) for word in re.findall(r"\w+", rest)]
    return "" if all(says_nothing(word) or _BESIDE.fullmatch(word) for word in words) else rest

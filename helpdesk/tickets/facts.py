"""What pages of the desk show beside requests: the rail's figures, names of queues, states, categories, people.

One statement a page. Whoever asks for the facts of a request has fetched it through tickets.pages.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.dictionary import Named, dictionary_of
from helpdesk.tickets.models import Article, Right, Ticket
from helpdesk.tickets.pages import EVENTS, Event, events_of, with_articles
from helpdesk.tickets.queries import DeskCount, sight_sql
from helpdesk.tickets.workflow import StateFact

OTHERS = 6  # one more than a page shows, to know that there are more

_COUNTS = """
 'counts', (SELECT json_agg(json_build_array(n.queue_id, n.open, n.unassigned, n.mine, n.waiting, n.overdue)) FROM (
              SELECT queue_id, count(*) AS open, count(*) FILTER (WHERE owner_id IS NULL) AS unassigned,
                     count(*) FILTER (WHERE owner_id = %s) AS mine,
                     count(*) FILTER (WHERE owner_id = %s AND waits_for = 'client') AS waiting,
                     count(*) FILTER (WHERE due_at < %s AND waits_for = 'desk') AS overdue
                FROM tickets_ticket WHERE phase = 'open' AND queue_id = ANY(%s) GROUP BY queue_id) n)
"""
_KEPT_FOR = 10  # seconds: figures are anew this often even where no event tells that they have changed
_KEPT_MOST = 500
_kept: OrderedDict[tuple[object, ...], list[DeskCount]] = OrderedDict()
_guard = Lock()
_OF_TICKET = """
 'addresses', (SELECT json_agg(a.address ORDER BY a.is_primary DESC, a.id) FROM accounts_address a
                WHERE a.person_id = %s),
 'readers', (SELECT json_agg(json_build_array(p.id, p.name, p.kind, m.seq, m.at) ORDER BY m.at DESC)
               FROM tickets_readmark m JOIN accounts_person p ON p.id = m.person_id WHERE m.ticket_id = %s),
 'people', (SELECT json_object_agg(p.id, p.name) FROM accounts_person p WHERE p.id IN (
              SELECT (x.v #>> '{}')::bigint FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
               WHERE e.ticket_id = %s AND e.field IN ('owner', 'responsible', 'author', 'observer')
                 AND jsonb_typeof(x.v) = 'number')),
 'fields', (SELECT json_agg(json_build_array(f.key, f.label_ru, f.label_en, f.choices, f.kind)
                            ORDER BY f.queue_id = %s, f.position DESC) FROM tickets_intakefield f
             WHERE f.key = ANY(%s)),
 'staff', (SELECT json_agg(json_build_array(p.id, p.name) ORDER BY p.sort_key, p.id) FROM accounts_person p
            WHERE p.kind = 'agent' AND p.inactive_at IS NULL AND p.id IN (
              SELECT pr.person_id FROM accounts_person_roles pr
                JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL
                JOIN tickets_grant g ON g.role_id = r.id AND g.right IN ('answer', 'full')
                JOIN tickets_queue q ON q.id = %s
                LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
               WHERE g.queue_id IS NULL OR q.path LIKE gq.path || '%%')),
"""
_EVENTS = ", 'events', " + EVENTS.format(which="true")
# other open requests of the company, or of the author where there is no company
_OTHERS = """
 'others', (SELECT json_agg(json_build_array(x.number, x.subject, s.name_ru, s.name_en, coalesce(p.name, ''))
                            ORDER BY x.last_article_at DESC, x.id DESC) FROM (
              SELECT * FROM tickets_ticket t WHERE t.phase = 'open' AND t.id <> %s AND {whose} AND {sight}
               ORDER BY t.last_article_at DESC, t.id DESC LIMIT {limit}) x
             JOIN tickets_state s ON s.code = x.state_id
             LEFT JOIN accounts_person p ON p.id = x.owner_id)
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs for its rail and conditions."""

    counts: Sequence[DeskCount]
    queues: Sequence[Named]
    states: Sequence[Named]
    administers: bool


@dataclass(frozen=True, slots=True)
class Reader:
    """Who has read a request: how far, when."""

    person_id: int
    name: str
    kind: str
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Other:
    """Another open request of the same company."""

    number: str
    subject: str
    state_ru: str
    state_en: str
    owner: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the page of one request needs."""

    frame: Frame
    workflow: Mapping[str, StateFact]
    priorities: Sequence[Named]
    categories: Sequence[Named]
    addresses: Sequence[str]
    readers: Sequence[Reader]
    people: dict[int, str]
    staff: Sequence[tuple[int, str]]
    others: Sequence[Other]
    events: list[Event]
    fields: dict[str, tuple[str, str, list[list[str]], str]] = field(default_factory=dict)  # ru, en, choices, kind
    beside: Any = None  # what was asked along


class Beside(NamedTuple):
    """A value that a room above wants read with a request's page: an SQL expression of JSON over its own tables."""

    sql: str
    values: Sequence[Any]


_NOTHING = Beside("NULL", ())


def frame(actor: Actor, *, at: datetime) -> Frame:
    """The facts of the rail. One statement, none while nothing happens."""
    counts = _known(actor, at)
    if counts is None:
        _, counts = _ask(actor, at, "", [])
    return _frame(actor, counts)


def of_ticket(actor: Actor, ticket: Ticket, *, at: datetime) -> Facts:
    """The facts of the rail and of a request. One statement."""
    return _of_ticket(actor, ticket, at, by=_plainly)


def of_page(actor: Actor, ticket: Ticket, *, at: datetime, beside: Beside = _NOTHING) -> tuple[Facts, list[Article]]:
    """The facts of the rail and of a request, and its articles as this person sees them; what a room above asks along
    is in `Facts.beside`. One statement."""
    articles: list[Article] = []

    def ask(expression: str, values: list[Any]) -> Any:
        row, found = with_articles(actor, ticket, expression, values)
        articles.extend(found)
        return row[0]

    return _of_ticket(actor, ticket, at, by=ask, beside=beside), articles


def _of_ticket(
    actor: Actor, ticket: Ticket, at: datetime, *, by: Callable[[str, list[Any]], Any], beside: Beside = _NOTHING
) -> Facts:
    others, values = _others(access_of(actor), ticket)
    found, counts = _ask(
        actor, at, f"{_OF_TICKET} {others} {_EVENTS}, 'beside', ({beside.sql})",
        [
            ticket.author_id, ticket.pk, ticket.pk, ticket.queue_id, list(ticket.fields), ticket.queue_id, *values,
            ticket.pk, *beside.values,
        ],
        by=by,
    )  # fmt: skip
    masters = dictionary_of(actor)
    return Facts(
        frame=_frame(actor, counts),
        workflow=masters.workflow,
        priorities=masters.priority_names,
        categories=masters.category_names,
        addresses=found["addresses"] or [],
        readers=[
            Reader(pk, name, kind, seq, datetime.fromisoformat(at))
            for pk, name, kind, seq, at in found["readers"] or []
        ],
        people={int(key): name for key, name in (found["people"] or {}).items()},
        staff=[(pk, name) for pk, name in found["staff"] or []],
        others=[Other(*row) for row in found["others"] or []],
        events=events_of(found["events"]),
        fields={key: (ru, en, choices, kind) for key, ru, en, choices, kind in found["fields"] or []},
        beside=found["beside"],
    )


def _others(access: Access, ticket: Ticket) -> tuple[str, list[Any]]:
    sight, values = sight_sql(access)
    column, key = ("company_id", ticket.company_id) if ticket.company_id else ("author_id", ticket.author_id)
    sql = _OTHERS.format(whose=f"t.{column} = %s", sight=sight, limit=OTHERS)
    return sql, [ticket.pk, key, *values]


def _known(actor: Actor, at: datetime) -> list[DeskCount] | None:
    with _guard:
        return _kept.get(_key(actor, at))


def _plainly(expression: str, values: list[Any]) -> Any:
    return db.fetch(f"SELECT {expression}", values)[0][0]


def _ask(
    actor: Actor, at: datetime, pieces: str, values: list[Any], *, by: Callable[[str, list[Any]], Any] = _plainly
) -> tuple[dict[str, Any], list[DeskCount]]:
    """The pieces as one object, and the figures: asked with them, unless they are known from a moment ago. `by` asks
    for one expression."""
    known = _known(actor, at)
    if known is not None:
        return by(f"json_build_object({pieces})", values), known
    found = by(
        f"json_build_object({_COUNTS}{',' if pieces else ''} {pieces})",
        [actor.person_id, actor.person_id, at, access_of(actor).queues_with(Right.READ), *values],
    )
    counts = [DeskCount(*row) for row in found["counts"] or []]
    with _guard:
        _kept[_key(actor, at)] = counts
        while len(_kept) > _KEPT_MOST:
            _kept.popitem(last=False)
    return found, counts


def _key(actor: Actor, at: datetime) -> tuple[object, ...]:
    """All that the figures depend on. Every change of a request writes an event; deadlines come with time."""
    access = access_of(actor)
    queues = tuple(access.queues_with(Right.READ))
    return actor.person_id, queues, access.newest_event, int(at.timestamp()) // _KEPT_FOR


def _frame(actor: Actor, counts: list[DeskCount]) -> Frame:
    masters = dictionary_of(actor)
    return Frame(counts, masters.queue_names, masters.state_names, access_of(actor).administers)

"""What pages of the desk show beside requests: names of queues, states, categories, people. One statement a page.

Knows no rights over requests: whoever asks for the facts of a request has fetched it through tickets.queries.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from helpdesk.core.actor import Actor
from helpdesk.tickets.models import StateType, Ticket, WaitsFor
from helpdesk.tickets.workflow import StateFact

_FRAME = """
 'queues', (SELECT json_agg(json_build_array(q.id, q.path, q.name_ru, q.name_en, q.inactive_at IS NULL)
                            ORDER BY q.position, q.id) FROM tickets_queue q),
 'states', (SELECT json_agg(json_build_array(s.code, s.type, s.name_ru, s.name_en, s.waits_for, s.inactive_at IS NULL)
                            ORDER BY s.position, s.code) FROM tickets_state s),
 'administers', EXISTS (SELECT 1 FROM accounts_person_roles pr JOIN accounts_role r ON r.id = pr.role_id
                         WHERE pr.person_id = %s AND r.inactive_at IS NULL AND 'administer' = ANY(r.capabilities))
"""
_OF_TICKET = """
 'priorities', (SELECT json_agg(json_build_array(p.rank, p.name_ru, p.name_en) ORDER BY p.rank)
                  FROM tickets_priority p),
 'categories', (SELECT json_agg(json_build_array(c.id, c.path, c.name_ru, c.name_en, c.inactive_at IS NULL)
                                ORDER BY c.path) FROM tickets_category c),
 'addresses', (SELECT json_agg(a.address ORDER BY a.is_primary DESC, a.id) FROM accounts_address a
                WHERE a.person_id = %s),
 'readers', (SELECT json_agg(json_build_array(p.id, p.name, p.kind, m.seq, m.at) ORDER BY m.at DESC)
               FROM tickets_readmark m JOIN accounts_person p ON p.id = m.person_id WHERE m.ticket_id = %s),
 'people', (SELECT json_object_agg(p.id, p.name) FROM accounts_person p WHERE p.id IN (
              SELECT (x.v #>> '{}')::bigint FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
               WHERE e.ticket_id = %s AND e.field IN ('owner', 'responsible') AND jsonb_typeof(x.v) = 'number')),
 'fields', (SELECT json_agg(json_build_array(f.key, f.label_ru, f.label_en, f.choices)
                            ORDER BY f.queue_id = %s, f.position DESC) FROM tickets_intakefield f
             WHERE f.key = ANY(%s))
"""


@dataclass(frozen=True, slots=True)
class Named:
    """A row of a master: id or code, place in its tree, names, whether it can still be chosen."""

    key: Any
    path: str
    ru: str
    en: str
    active: bool = True

    def name(self, language: str) -> str:
        """The name in a language (ru, en)."""
        return self.ru if language == "ru" else self.en


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs for its rail and conditions."""

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
class Facts:
    """What the page of one request needs."""

    frame: Frame
    workflow: dict[str, StateFact]
    priorities: Sequence[Named]
    categories: Sequence[Named]
    addresses: Sequence[str]
    readers: Sequence[Reader]
    people: dict[int, str]
    fields: dict[str, tuple[str, str, list[list[str]]]] = field(default_factory=dict)


def frame(actor: Actor) -> Frame:
    """The facts of the rail. One statement."""
    return _frame(_ask(f"SELECT json_build_object({_FRAME})", [actor.person_id]))


def of_ticket(actor: Actor, ticket: Ticket) -> Facts:
    """The facts of the rail and of a request's page. One statement."""
    found = _ask(
        f"SELECT json_build_object({_FRAME}, {_OF_TICKET})",
        [actor.person_id, ticket.author_id, ticket.pk, ticket.pk, ticket.queue_id, list(ticket.fields)],
    )
    return Facts(
        frame=_frame(found),
        workflow={
            code: StateFact(code, StateType(kind), WaitsFor(turn), active=active)
            for code, kind, _, _, turn, active in found["states"]
        },
        priorities=[Named(rank, "", ru, en) for rank, ru, en in found["priorities"] or []],
        categories=[Named(*row) for row in found["categories"] or []],
        addresses=found["addresses"] or [],
        readers=[
            Reader(pk, name, kind, seq, datetime.fromisoformat(at))
            for pk, name, kind, seq, at in found["readers"] or []
        ],
        people={int(key): name for key, name in (found["people"] or {}).items()},
        fields={key: (ru, en, choices) for key, ru, en, choices in found["fields"] or []},
    )


def _frame(found: dict[str, Any]) -> Frame:
    states = [Named(code, "", ru, en, active) for code, _, ru, en, _, active in found["states"]]
    return Frame([Named(*row) for row in found["queues"] or []], states, bool(found["administers"]))


def _ask(sql: str, values: list[Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        answer = cursor.fetchone()[0]
    found: dict[str, Any] = json.loads(answer) if isinstance(answer, str) else answer
    return found

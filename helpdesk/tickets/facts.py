"""What pages of the desk show beside requests: the rail's figures, names of queues, states, categories, people.

One statement a page. Whoever asks for the facts of a request has fetched it through tickets.pages.
"""

import json
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock
from typing import Any

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.access import access_of
from helpdesk.tickets.checklists import CHECKLIST, Checklist, checklist_of
from helpdesk.tickets.dictionary import Named, dictionary_of
from helpdesk.tickets.draft_lines import OF_DESK, writer_of
from helpdesk.tickets.lines import ANSWERED, REACHED
from helpdesk.tickets.models import Right, Ticket
from helpdesk.tickets.pages import EVENTS, Event, Opened, events_of, opened
from helpdesk.tickets.queries import DeskCount, OwnCount, sight_sql
from helpdesk.tickets.referred import with_referred
from helpdesk.tickets.signatures import NEAREST
from helpdesk.tickets.ties import TIES, TIMES, Ties, ties_of
from helpdesk.tickets.workflow import DONE, StateFact

OTHERS = 6  # one more than a page shows, to know that there are more

_COUNTS = """
 (SELECT json_agg(json_build_array(n.queue_id, n.open, n.unassigned, n.mine, n.waiting, n.overdue)) FROM (
              SELECT queue_id, count(*) AS open, count(*) FILTER (WHERE owner_id IS NULL) AS unassigned,
                     count(*) FILTER (WHERE owner_id = %s) AS mine,
                     count(*) FILTER (WHERE owner_id = %s AND waits_for = 'client') AS waiting,
                     count(*) FILTER (WHERE due_at < %s AND waits_for = 'desk') AS overdue
                FROM tickets_ticket WHERE phase = 'open' AND queue_id = ANY(%s) GROUP BY queue_id) n)
"""
# what a specialist's own views hold: few requests, by the index of their owner
_OWN = f"""
 (SELECT json_build_array(count(*) FILTER (WHERE {ANSWERED}),
                          count(*) FILTER (WHERE t.due_at < %s AND t.waits_for = 'desk'),
                          count(*) FILTER (WHERE {REACHED}), count(*) FILTER (WHERE t.pending_until > %s),
                          count(*) FILTER (WHERE t.state_id = '{DONE}'))
    FROM tickets_ticket t WHERE t.owner_id = %s AND t.phase = 'open' AND t.queue_id = ANY(%s))
"""  # noqa: S608  our own text
_KEPT_FOR = 10  # seconds: figures are anew this often even where no event tells that they have changed
_KEPT_MOST = 500
_kept: OrderedDict[tuple[object, ...], "Counted"] = OrderedDict()
_guard = Lock()
Along = Callable[[Actor, datetime], tuple[str, list[Any]]]
_along: list[Along] = []  # the newest counts
_OF_TICKET = """
 'addresses', (SELECT json_agg(a.address ORDER BY a.is_primary DESC, a.id) FROM accounts_address a
                WHERE a.person_id = t.author_id),
 'notes', (SELECT json_agg(json_build_array(n.of, n.text) ORDER BY n.of DESC) FROM (
              (SELECT 'person' AS of, text FROM accounts_clientnote WHERE person_id = t.author_id
                ORDER BY id DESC LIMIT 1)
              UNION ALL
              (SELECT 'company', text FROM accounts_clientnote WHERE company_id = t.company_id
                ORDER BY id DESC LIMIT 1)) n WHERE n.text <> ''),
 'readers', (SELECT json_agg(json_build_array(p.id, p.name, p.kind, m.seq, m.at) ORDER BY m.at DESC)
               FROM tickets_readmark m JOIN accounts_person p ON p.id = m.person_id WHERE m.ticket_id = t.id),
 'people', (SELECT json_object_agg(p.id, p.name) FROM accounts_person p WHERE p.id IN (
              SELECT (x.v #>> '{}')::bigint FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
               WHERE e.ticket_id = t.id AND e.field IN ('owner', 'responsible', 'author', 'observer', 'lock', 'watcher')
                 AND jsonb_typeof(x.v) = 'number'
              UNION SELECT (x.v ->> 'author')::bigint
                FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
               WHERE e.ticket_id = t.id AND e.field = 'client')),
 'companies', (SELECT json_object_agg(c.id, c.short_name) FROM accounts_company c WHERE c.id IN (
              SELECT (x.v ->> 'company')::bigint FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
               WHERE e.ticket_id = t.id AND e.field = 'client')),
 'tags', (SELECT json_agg(json_build_array(g.id, g.name, g.colour) ORDER BY g.key) FROM tickets_tickettag x
            JOIN tickets_tag g ON g.id = x.tag_id WHERE x.ticket_id = t.id),
 'tag_names', (SELECT json_object_agg(g.id, g.name) FROM tickets_tag g WHERE g.id IN (
              SELECT jsonb_array_elements_text(x.v)::bigint FROM tickets_ticketevent e,
                     LATERAL (VALUES (e.old), (e.new)) AS x(v) WHERE e.ticket_id = t.id AND e.verb = 'tags_set')),
 'offered_tags', (SELECT json_agg(g.name ORDER BY g.key) FROM (
              SELECT name, key FROM tickets_tag WHERE inactive_at IS NULL ORDER BY key LIMIT 200) g),
 'watchers', (SELECT json_agg(json_build_array(p.id, p.name) ORDER BY p.sort_key, p.id) FROM tickets_participant x
                JOIN accounts_person p ON p.id = x.person_id AND p.inactive_at IS NULL
               WHERE x.ticket_id = t.id AND x.role = 'watcher'),
 'mentions', (SELECT json_object_agg(m.article_id, m.said) FROM (
              SELECT article_id, json_agg(DISTINCT said) AS said FROM tickets_mention
               WHERE ticket_id = ANY(ARRAY(
                 SELECT w.id FROM tickets_ticket w WHERE w.part_of_id = t.id UNION ALL SELECT t.id))
               GROUP BY article_id) m),
 'fields', (SELECT json_agg(json_build_array(f.key, f.label_ru, f.label_en, f.choices, f.kind)
                            ORDER BY f.queue_id = t.queue_id, f.position DESC) FROM tickets_intakefield f
             WHERE t.fields ? f.key),
 'staff', (SELECT json_agg(json_build_array(p.id, p.name) ORDER BY p.sort_key, p.id) FROM accounts_person p
            WHERE p.kind = 'agent' AND p.inactive_at IS NULL AND p.id IN (
              SELECT pr.person_id FROM accounts_person_roles pr
                JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL
                JOIN tickets_grant g ON g.role_id = r.id AND g.right IN ('answer', 'full')
                JOIN tickets_queue q ON q.id = t.queue_id
                LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
               WHERE g.queue_id IS NULL OR q.path LIKE gq.path || '%%')),
"""
_SIGNATURE = f"'signature', {NEAREST}"
_ME = "'me', (SELECT json_build_array(name, job, phone) FROM accounts_person WHERE id = %s)"
_EVENTS = "'events', " + EVENTS.format(which="true").replace("e.ticket_id = %s", "e.ticket_id = t.id")
# other open requests of the company, or of the author where there is no company: one of the two is asked
_OTHERS = """
 'others', (SELECT json_agg(json_build_array(x.number, x.subject, s.name_ru, s.name_en, coalesce(p.name, ''))
                            ORDER BY x.last_article_at DESC, x.id DESC) FROM (
              (SELECT * FROM tickets_ticket t WHERE t.company_id = (SELECT company_id FROM found) AND {those})
              UNION ALL
              (SELECT * FROM tickets_ticket t WHERE (SELECT company_id FROM found) IS NULL
                  AND t.author_id = (SELECT author_id FROM found) AND {those})) x
             JOIN tickets_state s ON s.code = x.state_id
             LEFT JOIN accounts_person p ON p.id = x.owner_id)
"""
_THOSE = """t.phase = 'open' AND t.id <> (SELECT id FROM found) AND {sight}
                ORDER BY t.last_article_at DESC, t.id DESC LIMIT {limit}"""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of the rail: of each queue, and of what a specialist owns."""

    counts: Sequence[DeskCount]
    own: OwnCount
    along: Sequence[int | None] = ()  # what `count_along` was asked for


@dataclass(frozen=True, slots=True)
class Frame:
    """What every page needs for its rail and conditions."""

    counts: Sequence[DeskCount]
    own: OwnCount
    along: Sequence[int | None]
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
    types: Sequence[Named]
    addresses: Sequence[str]
    notes: Sequence[tuple[str, str]]  # about the author and their company: («person» or «company», text)
    readers: Sequence[Reader]
    people: dict[int, str]
    staff: Sequence[tuple[int, str]]
    others: Sequence[Other]
    events: list[Event]
    fields: dict[str, tuple[str, str, list[list[str]], str]] = field(default_factory=dict)  # ru, en, choices, kind
    companies: Mapping[int, str] = field(default_factory=dict)  # that events name
    tags: Sequence[tuple[int, str, str]] = ()  # of the request: id, name, colour
    tag_names: Mapping[int, str] = field(default_factory=dict)  # that events name
    offered_tags: Sequence[str] = ()
    watchers: Sequence[tuple[int, str]] = ()
    mentions: Mapping[int, Sequence[str]] = field(default_factory=dict)  # by article, whom it names, as it says them
    ties: Ties = field(default_factory=Ties)
    checklist: Checklist = field(default_factory=Checklist)
    signature: list[str] | None = None  # of the queue, unfilled, in both languages
    me: tuple[str, str, str] = ("", "", "")  # the reader's name, job, phone
    beside: Any = None  # what was asked along


def count_along(expression: Along) -> None:
    """Have an agent's further figures read and kept with those of the rail: an expression of a JSON array (empty for
    none) with its values, for an actor at a moment. They must depend on the access, the requests and the time alone."""
    _along.append(expression)


def frame(actor: Actor, *, at: datetime) -> Frame:
    """The facts of the rail. One statement, none while nothing happens."""
    counts, values = _asking(actor, at)
    return _counted(actor, at, db.fetch(f"SELECT {counts}", values)[0][0] if values else None)


def of_ticket(actor: Actor, ticket: Ticket, *, at: datetime) -> Facts:
    """The facts of the rail and of a visible request. One statement."""
    pieces, values = _pieces(actor, "NULL")
    counts, before = _asking(actor, at)
    row = db.fetch(
        f"""WITH found AS MATERIALIZED (SELECT * FROM tickets_ticket WHERE id = %s)
            SELECT {pieces}, {counts} FROM found t""",  # noqa: S608  our own text
        [ticket.pk, *values, *before],
    )[0]
    return facts_of(actor, row[0], _counted(actor, at, row[1]))


def open_by_agent(actor: Actor, number: str, *, at: datetime, beside: str = "NULL") -> tuple[Opened, Frame]:
    """A request with its articles as this person sees them, what `facts_of` reads out of its `beside`, and `desk_lines`
    out of the second of these; the facts of the rail. `beside`: an SQL expression of JSON over the tables of a room
    above, of the request `t`, for `Facts.beside`. One statement, one more where its texts name other
    requests. Raises NotFound."""
    pieces, values = _pieces(actor, beside)
    counts, before = _asking(actor, at)
    writer = writer_of(actor)
    found = opened(
        actor, number, f"{pieces}, {OF_DESK}, {counts}", [*values, writer, writer, *before], width=3
    )  # fmt: skip
    # the figures are no part of the request
    counted = _counted(actor, at, found.row[-1])
    return with_referred(actor, replace(found, row=found.row[:-1])), counted


def _pieces(actor: Actor, beside: str) -> tuple[str, list[Any]]:
    """The facts of a request `t` as the text of one object."""
    sight, values = sight_sql(access_of(actor))
    others = _OTHERS.format(those=_THOSE.format(sight=sight, limit=OTHERS))
    tied = TIES.format(sight=sight)
    own = f"{_OF_TICKET} {others}, {_EVENTS}, 'ties', {tied}, 'checklist', {CHECKLIST}, {_SIGNATURE}, {_ME}"
    return f"json_build_object({own}, 'beside', ({beside}))::text", [*values * (2 + TIMES), actor.person_id]


def facts_of(actor: Actor, text: str, frame: Frame) -> Facts:
    """The facts that `open_by_agent` read."""
    found, masters = json.loads(text), dictionary_of(actor)
    return Facts(
        frame=frame,
        workflow=masters.workflow,
        priorities=masters.priority_names,
        categories=masters.category_names,
        types=masters.type_names,
        addresses=found["addresses"] or [],
        notes=[(of, text) for of, text in found["notes"] or []],
        readers=[
            Reader(pk, name, kind, seq, datetime.fromisoformat(at))
            for pk, name, kind, seq, at in found["readers"] or []
        ],
        people=_by_id(found["people"]),
        staff=[(pk, name) for pk, name in found["staff"] or []],
        others=[Other(*row) for row in found["others"] or []],
        events=events_of(found["events"]),
        fields={key: (ru, en, choices, kind) for key, ru, en, choices, kind in found["fields"] or []},
        companies=_by_id(found["companies"]),
        tags=[(pk, name, colour) for pk, name, colour in found["tags"] or []],
        tag_names=_by_id(found["tag_names"]),
        offered_tags=found["offered_tags"] or [],
        watchers=[(pk, name) for pk, name in found["watchers"] or []],
        mentions=_by_id(found["mentions"]),
        ties=ties_of(found["ties"]),
        checklist=checklist_of(found["checklist"]),
        signature=found["signature"],
        me=tuple(found["me"] or ("", "", "")),
        beside=found["beside"],
    )


def _by_id(found: dict[str, Any] | None) -> dict[int, Any]:
    return {int(key): value for key, value in (found or {}).items()}


def _known(actor: Actor, at: datetime) -> Counted | None:
    with _guard:
        return _kept.get(_key(actor, at))


def _asking(actor: Actor, at: datetime) -> tuple[str, list[Any]]:
    """An expression for the figures, with its values; NULL where they are known from a moment ago."""
    if _known(actor, at) is not None:
        return "NULL::json", []
    me, queues = actor.person_id, access_of(actor).queues_with(Right.READ)
    along, values = _along[-1](actor, at) if _along else ("", [])
    sql = f"json_build_array({_COUNTS}, {_OWN}, {along or 'NULL'})"
    return sql, [me, me, at, queues, at, at, at, me, queues, *values]


def _counted(actor: Actor, at: datetime, found: Sequence[Sequence[Any]] | None) -> Frame:
    """The frame with the figures that `_asking` had read, or those that are known; they are kept for a while."""
    counted = _known(actor, at)
    if counted is None:
        counts, own, along = found or ((), (), ())
        counted = Counted(tuple(DeskCount(*row) for row in counts or []), OwnCount(*own), tuple(along or ()))
        with _guard:
            _kept[_key(actor, at)] = counted
            while len(_kept) > _KEPT_MOST:
                _kept.popitem(last=False)
    masters, access = dictionary_of(actor), access_of(actor)
    return Frame(
        counted.counts, counted.own, counted.along, masters.queue_names, masters.state_names, access.administers
    )  # fmt: skip


def _key(actor: Actor, at: datetime) -> tuple[object, ...]:
    """All that the figures depend on. Every change of a request writes an event; deadlines come with time."""
    access = access_of(actor)
    queues = tuple(access.queues_with(Right.READ))
    moment = int(at.timestamp()) // _KEPT_FOR
    return actor.person_id, queues, access.saved_views, access.own_queues, access.newest_event, moment

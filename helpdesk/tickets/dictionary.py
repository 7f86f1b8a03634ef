"""Queues, states, priorities, categories, types as pages read them: kept in memory as long as none of them changes.

A trigger writes a new version with every change of theirs; each page learns the version with the rights of its reader
(`access`), and what is kept is kept under it. Rows are shared between requests: nobody changes them.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.plain import Columns
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Category, Priority, Queue, State, StateType, Ticket, TicketType, WaitsFor
from helpdesk.tickets.workflow import StateFact

_QUEUE, _STATE, _PRIORITY, _CATEGORY, _TYPE = (
    Columns(Queue, "q"), Columns(State, "s"), Columns(Priority, "p"), Columns(Category, "c"), Columns(TicketType, "y"),
)  # fmt: skip
_SQL = f"""
SELECT (SELECT json_agg(json_build_array({_QUEUE.sql}) ORDER BY q.position, q.id) FROM tickets_queue q),
       (SELECT json_agg(json_build_array({_STATE.sql}) ORDER BY s.position, s.code) FROM tickets_state s),
       (SELECT json_agg(json_build_array({_PRIORITY.sql}) ORDER BY p.rank) FROM tickets_priority p),
       (SELECT json_agg(json_build_array({_CATEGORY.sql}) ORDER BY c.path) FROM tickets_category c),
       (SELECT json_agg(json_build_array({_TYPE.sql}) ORDER BY y.position, y.id) FROM tickets_tickettype y)
"""  # noqa: S608  the models' own columns
_kept: dict[str, "Dictionary"] = {}  # one version at a time


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


class Words(NamedTuple):
    """A name in both languages."""

    ru: str
    en: str


class StateWords(NamedTuple):
    """What clients read of a state, and whom it awaits."""

    code: str
    ru: str
    en: str
    waits_for: str


@dataclass(frozen=True, slots=True)
class Dictionary:
    """All rows by their keys, in their order, those switched off as well; and what pages make of them."""

    queues: Mapping[int, Queue]
    states: Mapping[str, State]
    priorities: Mapping[int, Priority]
    categories: Mapping[int, Category]
    types: Mapping[int, TicketType]
    queue_names: Sequence[Named]
    state_names: Sequence[Named]
    priority_names: Sequence[Named]
    category_names: Sequence[Named]
    type_names: Sequence[Named]
    queue_words: Mapping[int, Words]
    state_words: Mapping[str, StateWords]
    workflow: Mapping[str, StateFact]


def dictionary_of(actor: Actor) -> Dictionary:
    """The masters as they were when this actor's rights were read, or since. No statement, one after a change.

    For the desk itself, whose rights nobody reads, one statement to learn the version.
    """
    version = access_of(actor).masters or _version()
    found = _kept.get(version)
    if found is None:
        found = _read()
        if version:
            _kept.clear()
            _kept[version] = found
    return found


def dictionary_knowing(actor: Actor, *, queues: AbstractSet[int], states: AbstractSet[str]) -> Dictionary:
    """The masters, read anew where rows name one that is younger than this actor's rights."""
    found = dictionary_of(actor)
    return found if queues <= found.queues.keys() and states <= found.states.keys() else _read()


def hang(actor: Actor, ticket: Ticket) -> None:
    """Give a request the rows that its queue, state, priority, category and type are, as select_related does."""
    found = dictionary_of(actor)
    if not _knows(found, ticket):
        found = _read()  # it came to a row that is younger than this actor's rights
    kept = ticket._state.fields_cache  # noqa: SLF001  the model's own drawer for it
    kept["queue"], kept["state"] = found.queues[ticket.queue_id], found.states[ticket.state_id]
    kept["priority"] = found.priorities[ticket.priority_id]
    kept["category"] = found.categories[ticket.category_id] if ticket.category_id else None
    kept["type"] = found.types[ticket.type_id] if ticket.type_id else None


def _knows(found: Dictionary, ticket: Ticket) -> bool:
    return (
        ticket.queue_id in found.queues and ticket.state_id in found.states
        and ticket.priority_id in found.priorities
        and (ticket.category_id is None or ticket.category_id in found.categories)
        and (ticket.type_id is None or ticket.type_id in found.types)
    )  # fmt: skip


def _version() -> str:
    rows = db.fetch("SELECT v.value::text FROM tickets_masterversion v")
    return str(rows[0][0]) if rows else ""


def _read() -> Dictionary:
    queues, states, priorities, categories, types = (rows or [] for rows in db.fetch(_SQL)[0])
    of_queue = {row.pk: row for row in _QUEUE.of_json(queues)}
    of_state = {row.pk: row for row in _STATE.of_json(states)}
    of_priority = {row.pk: row for row in _PRIORITY.of_json(priorities)}
    of_category = {row.pk: row for row in _CATEGORY.of_json(categories)}
    of_type = {row.pk: row for row in _TYPE.of_json(types)}
    return Dictionary(
        of_queue,
        of_state,
        of_priority,
        of_category,
        of_type,
        queue_names=tuple(_named(row, row.pk, row.path) for row in of_queue.values()),
        state_names=tuple(_named(row, row.code, "") for row in of_state.values()),
        priority_names=tuple(_named(row, row.rank, "") for row in of_priority.values()),
        category_names=tuple(_named(row, row.pk, row.path) for row in of_category.values()),
        type_names=tuple(_named(row, row.pk, "") for row in of_type.values()),
        queue_words={row.pk: Words(row.name_ru, row.name_en) for row in of_queue.values()},
        state_words={
            row.code: StateWords(
                row.code, row.client_name_ru or row.name_ru, row.client_name_en or row.name_en, row.waits_for
            )
            for row in of_state.values()
        },
        workflow={
            row.code: StateFact(
                row.code, StateType(row.type), WaitsFor(row.waits_for), active=row.inactive_at is None
            )
            for row in of_state.values()
        },
    )  # fmt: skip


def _named(row: Queue | State | Priority | Category | TicketType, key: Any, path: str) -> Named:
    return Named(key, path, row.name_ru, row.name_en, row.inactive_at is None)

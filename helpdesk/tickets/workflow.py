"""Which state may follow which, and whose turn it is then. A pure table: knows codes and types, touches no database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.tickets.models.masters import StateType
from helpdesk.tickets.models.ticket import Phase, WaitsFor


class Side(StrEnum):
    """Who moves the state."""

    CLIENT = "client"
    AGENT = "agent"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class StateFact:
    """What the table needs to know of a state."""

    code: str
    type: StateType
    waits_for: WaitsFor
    active: bool = True


# Codes that the requirement gives a meaning of their own (R16, R18); other states are known by type alone.
DONE, AUTOCLOSE, CLOSED, REWORK, NEW, OPEN = "done", "autoclose", "closed", "rework", "new", "open"
REMINDER = "reminder"  # its time rings for the desk; any other time of a state closes the request

_PHASES = {
    StateType.CLOSED: Phase.CLOSED,
    StateType.MERGED: Phase.MERGED,
    StateType.REMOVED: Phase.REMOVED,
}


def phase_of(state_type: StateType) -> Phase:
    """The coarse life of a request in a state of this type."""
    return _PHASES.get(state_type, Phase.OPEN)


SETTLED = frozenset({DONE, CLOSED})  # what a client may say without a word


def client_choices(current: StateFact, *, reopens: bool) -> tuple[str, ...]:
    """The codes that a client may choose with an answer (R16); leaving the state as it is comes besides.

    `reopens`: the queue takes answers to closed requests up again.
    """
    if phase_of(current.type) in {Phase.MERGED, Phase.REMOVED}:
        return ()
    if phase_of(current.type) is Phase.CLOSED:
        return (REWORK,) if reopens else ()
    if is_finished(current):
        return (REWORK, DONE, CLOSED)
    return (DONE, CLOSED)


def tells_clients(before: str, after: str) -> bool:
    """Whether a state that the desk sets without a word concerns the client: not a specialist's own reminder, nor the
    work that goes on after it."""
    return after != REMINDER and (before, after) != (REMINDER, OPEN) and before != after


def is_finished(current: StateFact) -> bool:
    """Whether the work is thought done and the request still open: an answer takes it up again, closing ends it."""
    return current.code == DONE or current.type is StateType.PENDING_AUTO


def after_client_answer(current: StateFact, *, reopens: bool) -> str:
    """The state after a client's answer without a choice: work goes on where it was thought done, else it stands."""
    if is_finished(current) or (current.type is StateType.CLOSED and reopens):
        return REWORK
    return current.code


def after_owner(current: StateFact, opened: StateFact) -> str:
    """The state once somebody owns the request: what was new is being worked on (`opened`), all else stands."""
    return opened.code if current.type is StateType.NEW and opened.active else current.code


def agent_choices(current: StateFact, states: Mapping[str, StateFact]) -> tuple[str, ...]:
    """The codes that a specialist sets by hand: merging and removing are verbs of their own, nothing is new again."""
    if phase_of(current.type) in {Phase.MERGED, Phase.REMOVED}:
        return ()
    never = {StateType.NEW, StateType.MERGED, StateType.REMOVED}
    return tuple(code for code, fact in states.items() if fact.active and fact.type not in never)


def may_set(side: Side, current: StateFact, target: StateFact, *, reopens: bool) -> bool:
    """Whether `side` may take a request from one state to the other. Standing still is always right."""
    if current.code == target.code:
        return True
    if side is Side.CLIENT:
        return target.code in client_choices(current, reopens=reopens)
    if side is Side.SYSTEM:
        return current.type is StateType.PENDING_AUTO and phase_of(target.type) is Phase.CLOSED
    return target.code in agent_choices(current, {target.code: target})


def turn_after_client(target: StateFact) -> WaitsFor:
    """Whose turn after a client's answer: the desk's, unless the client closed the request or called it done: then
    nobody owes an answer, it is only to be closed (where a setting says that the desk's turn has come, it has)."""
    settled = target.code == DONE and target.waits_for == WaitsFor.NOBODY
    return WaitsFor.NOBODY if settled or phase_of(target.type) is not Phase.OPEN else WaitsFor.DESK


def client_answered(
    asks: WaitsFor | str, turn: WaitsFor | str, *, client_at: datetime | None, agent_at: datetime | None
) -> bool:
    """Whether a state that waits for the client (`asks`) stands though the client has answered: it is the desk's turn,
    and the client spoke last. The state alone would say the opposite."""
    if asks != WaitsFor.CLIENT or turn != WaitsFor.DESK or client_at is None:
        return False
    return agent_at is None or client_at > agent_at


def turn_after_agent(target: StateFact, *, before: WaitsFor, moved: bool) -> WaitsFor:
    """Whose turn after a specialist's act: what the state says when it was set, as before when it stood."""
    if phase_of(target.type) is not Phase.OPEN:
        return WaitsFor.NOBODY
    return WaitsFor(target.waits_for) if moved else before

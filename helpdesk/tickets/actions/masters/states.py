from typing import Any

from django.db import transaction

from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written
from helpdesk.tickets import workflow
from helpdesk.tickets.actions.open_ticket import USUAL
from helpdesk.tickets.models import Phase, Priority, State, StateType, Ticket, WaitsFor

NAMES = frozenset({"name_ru", "name_en"})
COLUMNS = NAMES | {"client_name_ru", "client_name_en", "type", "waits_for", "closes_after", "position"}
# the actions and the requirement name these; others are known by their type alone
NEEDED = frozenset({workflow.NEW, workflow.OPEN, workflow.REWORK, workflow.DONE, workflow.CLOSED, "merged", "removed"})
_USUAL_TURN = {
    StateType.OPEN: WaitsFor.DESK,
    StateType.PENDING: WaitsFor.CLIENT,
    StateType.PENDING_AUTO: WaitsFor.NOBODY,
    StateType.CLOSED: WaitsFor.NOBODY,
}
_DAY = 24 * 3600
_LONGEST = 366 * _DAY


def put_state(code: str, *, closes_to: str | None = None, **columns: Any) -> Written[State]:
    """The state of this code, made (last in order) or changed in what is given.

    `closes_after`: seconds until it closes by itself, 0 for never; `closes_to`: the code of the closed state that
    follows then. A new state is of a type that the code knows by itself: open, pending, pending_auto, closed.
    Raises Invalid: `code` key_format; `name_ru`, `name_en`, `type` required; `type` unknown, not_for_new, fixed
    (the actions need it so), in_use; `waits_for` unknown, nobody_only; `closes_after` never_closes, required, high;
    `closes_to` unknown, not_closed; and what the columns refuse.
    """
    if unknown := set(columns) - COLUMNS:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        states = _locked()
        state, created = states.get(code), code not in states
        if state is None:
            state = _new(code, states, columns)
        elif "type" in columns and columns["type"] != state.type:
            _check_change_of_type(state, columns["type"])
        changed = masters.fill(state, _delay(columns), required=NAMES | {"type"})
        if _lead_on(states, state, closes_to, new_type=created or "type" in changed):
            changed.append("closes_to")
        _check_turn_and_delay(state)
        return masters.save(state, changed, created=created, named=f"state {code}")


def change_state(code: str, **columns: Any) -> State:
    """As put_state, for a state that exists. Raises Invalid: `code` unknown."""
    with transaction.atomic():
        if not State.objects.filter(pk=code).exists():
            raise Invalid(Problem("code", "unknown", {"value": code}))
        return put_state(code, **columns).row


def switch_state(code: str, *, on: bool) -> bool:
    """Offer it no longer, or again; requests that stand in it stay there. False if it stood so already.

    Raises Invalid: `code` unknown, needed (the actions set it), leads_on (another state closes into it).
    """
    with transaction.atomic():
        states = _locked()
        state = states.get(code)
        if state is None:
            raise Invalid(Problem("code", "unknown", {"value": code}))
        if on is (state.inactive_at is None):
            return False
        if not on and code in NEEDED:
            raise Invalid(Problem("code", "needed", {"value": code}))
        if not on and (users := [s.code for s in states.values() if s.closes_to_id == code and not s.inactive_at]):
            raise Invalid(Problem("code", "leads_on", {"value": code, "by": " ".join(users)}))
        return masters.switch(state, on=on, named=f"state {code}")


def put_priority(rank: int, **names: str) -> Written[Priority]:
    """Write the names. Ranks are 1 to 5, for good. Raises Invalid: `rank` unknown, and what the columns refuse."""
    if unknown := set(names) - NAMES:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        priority = _locked_priority(rank)
        changed = masters.fill(priority, names, required=NAMES)
        return masters.save(priority, changed, created=False, named=f"priority {rank}")


def switch_priority(rank: int, *, on: bool) -> bool:
    """Offer it no longer, or again; requests that have it keep it. False if it stood so already.

    Raises Invalid: `rank` unknown, needed (what says nothing of its priority has it).
    """
    with transaction.atomic():
        priority = _locked_priority(rank)
        if not on and rank == USUAL:
            raise Invalid(Problem("rank", "needed", {"value": rank}))
        return masters.switch(priority, on=on, named=f"priority {rank}")


def _locked_priority(rank: int) -> Priority:
    priority = Priority.objects.select_for_update().filter(rank=rank).first()
    if priority is None:
        raise Invalid(Problem("rank", "unknown", {"value": rank, "accepted": "1 2 3 4 5"}))
    return priority


def _locked() -> dict[str, State]:
    """All states by code; locked, since they lead to one another."""
    return {state.code: state for state in State.objects.select_for_update().order_by("position", "code")}


def _new(code: str, states: dict[str, State], columns: dict[str, Any]) -> State:
    masters.check_key("code", code, longest=30)
    if problems := masters.missing(columns, "name_ru", "name_en", "type"):
        raise Invalid(*problems)
    kind = columns["type"]
    if kind not in _USUAL_TURN:
        accepted = " ".join(_USUAL_TURN)
        raise Invalid(Problem("type", "not_for_new", {"value": kind, "accepted": accepted}))
    return State(
        code=code, type=kind, waits_for=_USUAL_TURN[StateType(kind)],
        closes_after=_DAY if kind == StateType.PENDING_AUTO else None,
        position=max((state.position for state in states.values()), default=0) + 1,
    )  # fmt: skip


def _check_change_of_type(state: State, kind: object) -> None:
    if state.code in NEEDED or state.code == workflow.AUTOCLOSE:
        raise Invalid(Problem("type", "fixed", {"value": state.code}))
    if kind in StateType.values and kind not in _USUAL_TURN:
        raise Invalid(Problem("type", "not_for_new", {"value": kind, "accepted": " ".join(_USUAL_TURN)}))
    if used := Ticket.objects.filter(state=state).count():  # their phase and turn follow from the type
        raise Invalid(Problem("type", "in_use", {"requests": used}))


def _delay(columns: dict[str, Any]) -> dict[str, Any]:
    """0 seconds: it never closes by itself. Raises Invalid: `closes_after` low, high."""
    after = columns.get("closes_after")
    if after is None:
        return columns
    if not 0 <= after <= _LONGEST:
        raise Invalid(
            Problem("closes_after", "low", {"least": 0}) if after < 0
            else Problem("closes_after", "high", {"most": f"{_LONGEST // 3600} hours"})
        )  # fmt: skip
    return {**columns, "closes_after": after or None}


def _lead_on(states: dict[str, State], state: State, closes_to: str | None, *, new_type: bool) -> bool:
    """Set where a state closes to; whether that is other than before."""
    if new_type and closes_to is None:
        closes_to = workflow.CLOSED if state.type == StateType.PENDING_AUTO else ""
    if closes_to is None:
        return False
    target = states.get(closes_to) if closes_to else None
    if closes_to and target is None:
        raise Invalid(Problem("closes_to", "unknown", {"value": closes_to}))
    if target is not None and (target.type != StateType.CLOSED or target.inactive_at is not None):
        raise Invalid(Problem("closes_to", "not_closed", {"value": closes_to}))
    if target is not None and state.type != StateType.PENDING_AUTO and state.code != workflow.DONE:
        raise Invalid(Problem("closes_to", "never_closes", {"value": state.code}))
    before = state.closes_to_id
    state.closes_to = target
    return bool(state.closes_to_id != before)


def _check_turn_and_delay(state: State) -> None:
    kind = StateType(state.type)
    if state.waits_for not in WaitsFor.values:
        accepted = " ".join(WaitsFor.values)
        raise Invalid(Problem("waits_for", "unknown", {"value": state.waits_for, "accepted": accepted}))
    ends = workflow.phase_of(kind) is not Phase.OPEN or kind is StateType.PENDING_AUTO
    if ends and state.waits_for != WaitsFor.NOBODY:
        raise Invalid(Problem("waits_for", "nobody_only", {"value": state.code}))
    if kind is StateType.PENDING_AUTO and not state.closes_after:
        raise Invalid(Problem("closes_after", "required"))
    if kind is StateType.PENDING_AUTO and state.closes_to_id is None:
        raise Invalid(Problem("closes_to", "required"))
    if state.closes_after and kind is not StateType.PENDING_AUTO and state.code != workflow.DONE:
        raise Invalid(Problem("closes_after", "never_closes", {"value": state.code}))

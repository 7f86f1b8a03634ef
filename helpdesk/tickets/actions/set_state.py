from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies, workflow
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import StateMove
from helpdesk.tickets.models import State, StateType, TicketEvent


def set_state(
    ticket_id: int,
    *,
    by: Actor,
    to: StateMove,
    why: str = "",
    seen: int | None = None,
    asks: bool = False,
    at: datetime | None = None,
) -> TicketEvent | None:
    """Set the state by hand, with its time where the state has one. None if it stands so already.

    `asks`: Conflict `open_children` where it would close and requests that belong to it are open: whoever closes says
    first what becomes of them. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_state(act.access, act.ticket), "set_state")
        current, target = act.ticket.state, base.target_state(to.code, field="state")
        takes_time = (
            target.code == "reminder" or StateType(target.type) is StateType.PENDING_AUTO or target.closes_after
        )
        same_time = not takes_time or to.until is None or to.until == act.ticket.pending_until
        if target.code == current.code and same_time:
            return None
        base.refuse_stale(act, seen, fields=["state"])
        if not workflow.may_set(workflow.Side.AGENT, base.fact(current), base.fact(target), reopens=True):
            raise Invalid(Problem("state", "not_offered", {"state": target.code}))
        if target.code == "reminder" and to.until is None:
            raise Invalid(Problem("until", "empty"))
        if to.until is not None and to.until <= act.at:
            raise Invalid(Problem("until", "has_passed"))
        if asks:
            base.ask_of_children(act, target)
        base.set_state_columns(act, target, until=to.until)
        if workflow.tells_clients(current.code, target.code) and _words(current) != _words(target):
            base.tell_clients(act)
        act.set(waits_for=workflow.turn_after_agent(base.fact(target), before=act.ticket.waits_for_enum, moved=True))
        return act.finish(act.event("state_set", field="state", old=current.code, new=target.code, note=why))


def _words(state: State) -> str:
    """A state as clients read it: two with the same words are one to them."""
    return state.name("ru", for_client=True)

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies, workflow
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Queue, TicketEvent


def settle(
    ticket_id: int, *, by: Actor, code: str, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """A client says without a word that a request is done or closed (R16). None if it stands so already.

    What has to be done anew needs words: that is a reply. Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_settle(act.access, act.ticket), "set_state")
        current = act.ticket.state
        if code == current.code:
            return None
        target = base.target_state(code)
        base.refuse_stale(act, seen, fields=["state"], articles=True, code="not_settled")
        reopens = act.ticket.queue.follow_up == Queue.FollowUp.REOPEN
        offered = workflow.may_set(workflow.Side.CLIENT, base.fact(current), base.fact(target), reopens=reopens)
        if not offered or code not in workflow.SETTLED:
            raise Invalid(Problem("next_state", "not_offered", {"state": code[:50]}))
        base.set_state_columns(act, target, until=None)
        act.set(waits_for=workflow.turn_after_client(base.fact(target)))
        return act.finish(act.event("state_set", field="state", old=current.code, new=target.code))

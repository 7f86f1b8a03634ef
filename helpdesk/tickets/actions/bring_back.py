from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets import policies, workflow
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Phase, State, TicketEvent


def bring_back(ticket_id: int, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> TicketEvent | None:
    """Undo a removal, whoever did it and when: the request stands again in the state from which it was removed.

    None if it is not removed. Raises NotFound, NotAllowed, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_remove(act.access, act.ticket), "remove")
        if act.ticket.phase != Phase.REMOVED:
            return None
        base.refuse_stale(act, seen, fields=["state"])
        removal = act.ticket.events.filter(verb="removed").last()
        code = str(removal.old) if removal else workflow.OPEN
        target = State.objects.filter(pk=code).first() or base.target_state(workflow.OPEN)
        base.set_state_columns(act, target, until=None)
        if removal is not None and removal.before:
            act.set(**base.columns_of(removal.before))
        else:  # of a removal that kept nothing
            act.set(waits_for=target.waits_for)
        return act.finish(act.event("brought_back", field="state", old="removed", new=target.code))

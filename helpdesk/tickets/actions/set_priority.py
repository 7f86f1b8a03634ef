from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Priority, TicketEvent


def set_priority(
    ticket_id: int, *, by: Actor, to: int, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Set the priority, 1 to 5 (R3). None if it is that already. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_priority(act.access, act.ticket), "set_priority")
        before = act.ticket.priority_id
        if before == to:
            return None
        priority = Priority.objects.filter(pk=to, inactive_at=None).first() if abs(to) < 100 else None
        if priority is None:
            raise Invalid(Problem("priority", "not_offered"))
        base.refuse_stale(act, seen, fields=["priority"])
        act.set(priority=priority)
        return act.finish(act.event("priority_set", field="priority", old=before, new=to))

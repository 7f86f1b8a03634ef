from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Phase, Queue, TicketEvent


def move(
    ticket_id: int,
    *,
    by: Actor,
    to_queue_id: int,
    why: str = "",
    seen: int | None = None,
    at: datetime | None = None,
) -> TicketEvent | None:
    """Move to another queue (R3). None if it is there already. Raises NotFound, NotAllowed, Invalid, Conflict."""
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_move(act.access, act.ticket), "move")
        queue = Queue.objects.filter(pk=to_queue_id, inactive_at=None).first()
        if queue is None:
            raise Invalid(Problem("queue", "unknown_queue"))
        before = act.ticket.queue_id
        if queue.pk == before:
            return None
        policies.require(policies.may_move(act.access, act.ticket, to_queue_id=queue.pk), "move_into")
        if act.ticket.phase in {Phase.MERGED, Phase.REMOVED}:
            raise NotAllowed("move")
        base.refuse_stale(act, seen, fields=["queue"])
        act.set(queue=queue)
        return act.finish(act.event("moved", field="queue", old=before, new=queue.pk, note=why))

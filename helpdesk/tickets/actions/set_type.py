from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent, TicketType


def set_type(
    ticket_id: int, *, by: Actor, to: int | None, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Say what kind of work it is, or nothing (R3). None if nothing changes.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_type(act.access, act.ticket), "set_type")
        before = act.ticket.type_id
        if before == to:
            return None
        kind = TicketType.objects.filter(pk=to, inactive_at=None).first() if to is not None else None
        if to is not None and kind is None:
            raise Invalid(Problem("type", "unknown_type"))
        base.refuse_stale(act, seen, fields=["type"])
        act.set(type=kind)
        return act.finish(act.event("type_set", field="type", old=before, new=to))

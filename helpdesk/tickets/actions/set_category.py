from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Category, TicketEvent


def set_category(
    ticket_id: int, *, by: Actor, to: int | None, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Classify the request, or take its category away (R3). None if nothing changes.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_category(act.access, act.ticket), "set_category")
        before = act.ticket.category_id
        if before == to:
            return None
        category = Category.objects.filter(pk=to, inactive_at=None).first() if to is not None else None
        if to is not None and category is None:
            raise Invalid(Problem("category", "unknown_category"))
        base.refuse_stale(act, seen, fields=["category"])
        act.set(category=category)
        return act.finish(act.event("category_set", field="category", old=before, new=to))

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent


def promise(
    ticket_id: int, *, by: Actor, due_at: datetime | None, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Promise the client a time, or take the promise back. None if nothing changes.

    Raises NotFound, NotAllowed, Invalid (a time that has passed), Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_promise(act.access, act.ticket), "promise")
        before = act.ticket.due_at
        if before == due_at:
            return None
        if due_at is not None and due_at <= act.at:
            raise Invalid(Problem("due_at", "has_passed"))
        base.refuse_stale(act, seen, fields=["due_at"])
        act.set(due_at=due_at, due_by_id=by.person_id if due_at else None)
        base.tell_clients(act)
        return act.finish(
            act.event(
                "promised", field="due_at", old=before.isoformat() if before else None,
                new=due_at.isoformat() if due_at else None,
            )
        )  # fmt: skip

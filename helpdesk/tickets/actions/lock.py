from datetime import datetime

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent


def lock(ticket_id: int, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> TicketEvent | None:
    """Warn the others that one works on it. A lock stops nobody from reading, noting, taking; who answers or closes
    over it is told first. None if it is one's own already.

    Raises NotFound, NotAllowed; Conflict: `locked_by`, where it is somebody else's.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_lock(act.access, act.ticket), "lock")
        holder = act.ticket.locked_by_id
        if holder == by.person_id:
            return None
        if holder is not None:
            name = Person.objects.filter(pk=holder).values_list("name", flat=True).first()
            raise Conflict("locked_by", field="lock", by=holder, name=name or "")
        base.refuse_stale(act, seen, fields=["lock"])
        act.set(locked_by_id=by.person_id)
        return act.finish(act.event("locked", field="lock", old=None, new=by.person_id))


def unlock(ticket_id: int, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> TicketEvent | None:
    """Take one's own lock away, or, with the right to assign, somebody else's. None if there is none.

    Raises NotFound, NotAllowed, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_unlock(act.access, act.ticket), "unlock")
        holder = act.ticket.locked_by_id
        if holder is None:
            return None
        base.refuse_stale(act, seen, fields=["lock"])
        act.set(locked_by_id=None)
        return act.finish(act.event("unlocked", field="lock", old=holder, new=None))

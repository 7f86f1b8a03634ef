from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent


def set_subject(
    ticket_id: int, *, by: Actor, to: str, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Say in another line what the request is about; its client reads it too. None if it says so already.

    Raises NotFound, NotAllowed, Invalid (empty, too long), Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_set_subject(act.access, act.ticket), "set_subject")
        line, before = base.check_subject(to), act.ticket.subject
        if line == before:
            return None
        base.refuse_stale(act, seen, fields=["subject"])
        act.set(subject=line)
        return act.finish(act.event("subject_set", field="subject", old=before, new=line))

from datetime import datetime

from helpdesk.core.actor import Cause, system
from helpdesk.core.db import verb
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent, WaitsFor


def remind_due(ticket_id: int, *, at: datetime) -> TicketEvent | None:
    """Wake a request whose reminder has come: it is the desk's turn again. None if it is not due any more."""
    with verb():
        act = base.locked(ticket_id, by=system(Cause.AUTOMATION), at=at)
        ticket = act.ticket
        due = ticket.pending_until is not None and ticket.pending_until <= at
        if ticket.state_id != "reminder" or not due:
            return None
        before = ticket.pending_until
        act.set(waits_for=WaitsFor.DESK, pending_until=None)
        return act.finish(act.event("reminded", field="pending_until", old=before.isoformat() if before else None))

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Phase, TicketEvent, WaitsFor

REASONS = ("spam", "mistake", "test")


def remove(
    ticket_id: int, *, by: Actor, why: str, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Put spam and mistakes away: never shown to clients, found only with the full right. Nothing is deleted.

    `why`: a code of REASONS, or words.

    None if it is removed already. Raises NotFound, NotAllowed, Conflict.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_remove(act.access, act.ticket), "remove")
        before = act.ticket.state_id
        if act.ticket.phase == Phase.REMOVED:
            return None
        base.refuse_stale(act, seen, fields=["state"])
        base.set_state_columns(act, base.target_state("removed"), until=None)
        act.set(waits_for=WaitsFor.NOBODY)
        return act.finish(act.event("removed", field="state", old=before, new="removed", note=why))

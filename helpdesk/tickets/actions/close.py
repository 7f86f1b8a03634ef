from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets import workflow
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import StateMove
from helpdesk.tickets.actions.set_state import set_state
from helpdesk.tickets.models import TicketEvent


def close(
    ticket_id: int, *, by: Actor, why: str = "", seen: int | None = None, asks: bool = False,
    at: datetime | None = None,
) -> TicketEvent | None:  # fmt: skip
    """Close by hand, without an answer. None if it is closed. `asks` as in `set_state`.

    `seen`: the last event that was seen; Conflict if since then somebody answered, took the request or set its state.
    Raises NotFound, NotAllowed, Conflict.
    """
    with verb():
        if seen is not None:
            act = base.locked(ticket_id, by=by, at=at)
            base.refuse_stale(act, seen, fields=["owner"], articles=True, notes=False, code="not_closed")
        return set_state(ticket_id, by=by, to=StateMove(workflow.CLOSED), why=why, seen=seen, asks=asks, at=at)

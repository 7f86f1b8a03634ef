from datetime import datetime
from uuid import UUID

from helpdesk.accounts.queries import hold_places
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotFound, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import TicketEvent


def hand_over(
    ticket_id: int,
    *,
    by: Actor,
    company_id: int,
    from_id: int,
    to_id: int,
    batch: UUID | None = None,
    at: datetime | None = None,
) -> TicketEvent | None:
    """Make a colleague the author of a request: they find it among their own, and answers go to them. What was written
    keeps its writers.

    None where `from_id` is no longer its author: somebody was quicker. The chief's right and the successor's place are
    asked for anew and stand until the commit. Raises NotFound, NotAllowed, Invalid: `successor` cannot_take.
    """
    with verb():
        places = hold_places(company_id, [by.person_id or 0, to_id])
        now = Actor(by.person_id, by.cause)  # whatever was known of the rights may be over
        act = base.locked(ticket_id, by=now, at=at)
        ticket = act.ticket
        if ticket.company_id != company_id:
            raise NotFound
        policies.require(policies.may_hand_over(access_of(now), ticket), "hand_over")
        successor = places.get(to_id)
        if successor is None or not successor.writes:
            raise Invalid(Problem("successor", "cannot_take"))
        if ticket.author_id != from_id or from_id == to_id:
            return None
        ticket.participants.filter(person_id=to_id).delete()  # an author need not observe
        act.set(author_id=to_id)
        return act.finish(act.event("author_set", field="author", old=from_id, new=to_id, batch=batch))

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies, workflow
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act
from helpdesk.tickets.models import TicketEvent


def take(ticket_id: int, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> TicketEvent | None:
    """Become the owner; a new request is open from then on. None if one is.

    Raises NotFound, NotAllowed, Conflict (somebody took it since `seen`).
    """
    return _assign(ticket_id, by=by, field="owner", to=by.person_id, seen=seen, at=at)


def give(
    ticket_id: int, *, by: Actor, to_id: int, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Make somebody the owner who may answer in this queue; a new request is open from then on.

    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    return _assign(ticket_id, by=by, field="owner", to=to_id, seen=seen, at=at)


def release(ticket_id: int, *, by: Actor, seen: int | None = None, at: datetime | None = None) -> TicketEvent | None:
    """Leave the request without an owner."""
    return _assign(ticket_id, by=by, field="owner", to=None, seen=seen, at=at)


def set_responsible(
    ticket_id: int, *, by: Actor, to_id: int | None, seen: int | None = None, at: datetime | None = None
) -> TicketEvent | None:
    """Name who answers for the request beside its owner: clients' answers go there first (R17)."""
    return _assign(ticket_id, by=by, field="responsible", to=to_id, seen=seen, at=at)


def _assign(
    ticket_id: int, *, by: Actor, field: str, to: int | None, seen: int | None, at: datetime | None
) -> TicketEvent | None:
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_assign(act.access, act.ticket), "assign")
        before = getattr(act.ticket, f"{field}_id")
        if before == to:
            return None
        if to is not None and not policies.may_own(access_of(Actor(to)), act.ticket.queue_id):
            raise Invalid(Problem(field, "cannot_own"))
        base.refuse_stale(act, seen, fields=[field])
        act.set(**{f"{field}_id": to})
        event = act.event(f"{field}_set", field=field, old=before, new=to)
        if field == "owner" and to is not None:
            _begin(act)
        return act.finish(event)


def _begin(act: Act) -> None:
    """What somebody owns is new no longer: lists and the client read that it is being worked on."""
    current, opened = act.ticket.state, base.target_state(workflow.OPEN)
    if workflow.after_owner(base.fact(current), base.fact(opened)) == current.code:
        return
    base.set_state_columns(act, opened, until=None)
    act.set(waits_for=workflow.turn_after_agent(base.fact(opened), before=act.ticket.waits_for_enum, moved=True))
    act.event("state_set", field="state", old=current.code, new=opened.code)


def give_on_answer(act: Act) -> None:
    """Who answers a request that nobody owns has taken it."""
    ticket, person_id = act.ticket, act.by.person_id
    if ticket.owner_id is None and person_id is not None and policies.may_assign(act.access, ticket):
        act.set(owner_id=person_id)
        act.event("owner_set", field="owner", old=None, new=person_id)

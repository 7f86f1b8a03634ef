from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Participant, TicketEvent


def watch(ticket_id: int, *, by: Actor, at: datetime | None = None) -> TicketEvent | None:
    """Hear of a request as its owner does, as long as one sees it. None if one does already.

    The request itself stands as it was: it moves up in no list. Raises NotFound, NotAllowed.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_watch(act.access, act.ticket), "watch")
        if act.ticket.participants.filter(person_id=by.person).exists():
            return None
        Participant.objects.create(ticket=act.ticket, person_id=by.person, role=Participant.Role.WATCHER)
        return act.note_down(act.event("watched", field="watcher", old=None, new=by.person_id))


def unwatch(ticket_id: int, *, by: Actor, at: datetime | None = None) -> TicketEvent | None:
    """Hear of it no longer. None if one did not. Raises NotFound."""
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        mine = act.ticket.participants.filter(person_id=by.person_id or 0, role=Participant.Role.WATCHER)
        if not mine.delete()[0]:
            return None
        return act.note_down(act.event("unwatched", field="watcher", old=by.person_id, new=None))

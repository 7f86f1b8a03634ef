"""Taking an act back by a compensating event, as long as nothing newer stands in its field."""

from collections.abc import Callable
from datetime import datetime, timedelta

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions import base, checklist
from helpdesk.tickets.actions.base import Act
from helpdesk.tickets.actions.link import link, unlink
from helpdesk.tickets.actions.merge import unmerge
from helpdesk.tickets.actions.set_tags import write
from helpdesk.tickets.actions.split import unsplit
from helpdesk.tickets.models import Link, Phase, Queue, Right, Ticket, TicketEvent

OFFERED_FOR = timedelta(seconds=30)  # after the act, with its news
_SLACK = timedelta(seconds=30)  # of clocks and hands, for whoever has moved a request out of their own sight

_MAY: dict[str, Callable[[Access, Ticket], bool]] = {
    "owner": policies.may_assign, "responsible": policies.may_assign,
    "state": policies.may_set_state, "priority": policies.may_set_priority, "category": policies.may_set_category,
    "type": policies.may_set_type, "tags": policies.may_set_tags, "subject": policies.may_set_subject,
    "due_at": policies.may_promise,
    "lock": lambda access, ticket: policies.may_lock(access, ticket) or policies.may_unlock(access, ticket),
}  # fmt: skip
VERBS = frozenset({
    "owner_set", "responsible_set", "moved", "state_set", "priority_set", "category_set", "type_set", "tags_set",
    "subject_set", "locked", "unlocked", "promised",
})  # fmt: skip
# what ties requests together changes more than a field, and has its opposite
TIES = frozenset({"merged", "linked", "unlinked", "split"})
CHECKS = frozenset({"items_added", "item_done", "item_undone", "item_dropped"})
UNDOABLE = VERBS | TIES | CHECKS


def own_event(number: str, seq: int, *, by: Actor) -> TicketEvent | None:
    """What this person did themselves, by a request's number and the event's place in it: also where the request has
    left their sight by it."""
    rows = TicketEvent.objects.filter(ticket__number=number, seq=seq, actor_id=by.person_id or 0, verb__in=UNDOABLE)
    return rows.first()


def undo(ticket_id: int, *, by: Actor, event_id: int, at: datetime | None = None) -> TicketEvent | None:
    """Take back what one did oneself: the field stands as before, and a new line names the one that it undoes. With
    the taking of a new request its opening goes back too. None if it is undone already.

    Raises NotFound, NotAllowed (somebody else's, or nothing that can be undone), Invalid; Conflict: `undo_newer`,
    where something newer stands in the field, or an answer has followed.
    """
    with verb():
        found = TicketEvent.objects.filter(pk=event_id, ticket_id=ticket_id).first()
        if found is not None and found.verb in TIES:
            return _untie(found, by=by, at=at)
        if found is not None and found.verb in CHECKS:
            return checklist.take_back(found, by=by, at=at)
        act = base.locked(
            ticket_id, by=by, at=at, despite=lambda ticket: _has_just_moved(ticket, found, by=by, at=at)
        )  # fmt: skip
        if found is None or found.verb not in VERBS or found.before is None or found.actor_id != by.person_id:
            raise NotAllowed("undo")
        if act.ticket.events.filter(undoes=found).exists():
            return None
        _refuse_newer(act, found)
        _check(act, found)
        follower = _follower(act, found)
        if follower is not None:
            _put_back(act, follower)
        event = _put_back(act, found)
        return act.finish(event)


def _untie(event: TicketEvent, *, by: Actor, at: datetime | None) -> TicketEvent | None:
    """Take a tie back by its opposite, unless it is back already."""
    act = base.locked_itself(event.ticket_id, by=by, at=at, despite=lambda ticket: ticket.part_of_id is not None)
    if event.actor_id != by.person_id:
        raise NotAllowed("undo")
    if event.verb == "merged":
        newest = act.ticket.events.filter(field="merge").last()
        return unmerge(event.ticket_id, by=by, at=at) if newest == event else None
    if event.verb == "split":
        return unsplit(event, by=by, at=at)
    said = event.new or event.old or {}
    opposite = unlink if event.verb == "linked" else link
    ends = (event.ticket_id, said["ticket"])
    source_id, target_id = ends if said.get("way") == "out" else reversed(ends)
    return opposite(source_id, by=by, to_id=target_id, kind=Link.Kind(said["kind"]), at=at)


def _has_just_moved(ticket: Ticket, event: TicketEvent | None, *, by: Actor, at: datetime | None) -> bool:
    """Whether this person has themselves moved the request out of their sight a moment ago."""
    if event is None or event.verb != "moved" or event.actor_id != by.person_id or event.new != ticket.queue_id:
        return False
    now = at or clock.now()
    return access_of(by).has(Right.NOTE, event.old or 0) and event.happened_at > now - OFFERED_FOR - _SLACK


def _newer(act: Act, event: TicketEvent) -> TicketEvent | None:
    """The line that stands over an event: of its field, or, of a state, the answer that went on from it."""
    later = act.ticket.events.filter(seq__gt=event.seq).select_related("actor")
    over = later.filter(field=event.field).last()
    if over is None and event.field == "state":
        over = later.filter(article__visible_to_client=True).last()
    return over


def _refuse_newer(act: Act, event: TicketEvent) -> None:
    if (over := _newer(act, event)) is not None:
        raise Conflict("undo_newer", field=event.field, by=over.actor_id, name=over.actor.name if over.actor else "")


def _check(act: Act, event: TicketEvent) -> None:
    """Whether this person may still, and whether what stood before can stand again."""
    ticket, field = act.ticket, event.field
    if field == "queue":
        policies.require(act.access.is_system or act.access.has(Right.NOTE, event.old or 0), "undo")
        if not Queue.objects.filter(pk=event.old or 0, inactive_at=None).exists():
            raise Invalid(Problem("queue", "unknown_queue"))
    else:
        policies.require(_MAY[field](act.access, ticket), "undo")
    if ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        raise NotAllowed("undo")
    before = event.old if field in {"owner", "responsible"} else None
    if before is not None and not policies.may_own(access_of(Actor(before)), ticket.queue_id):
        raise Invalid(Problem(field, "cannot_own"))


def _follower(act: Act, event: TicketEvent) -> TicketEvent | None:
    """The opening that came with the taking of a new request; none where its state has gone on since."""
    if event.field != "owner":
        return None
    after = act.ticket.events.filter(seq=event.seq + 1, verb="state_set", happened_at=event.happened_at).first()
    if after is None or after.actor_id != event.actor_id or after.before is None:
        return None
    return after if _newer(act, after) is None else None


def _put_back(act: Act, event: TicketEvent) -> TicketEvent:
    if event.field == "tags":
        write(act.ticket, event.old or [])
    elif event.before:
        act.set(**base.columns_of(event.before))
        if "told_seq" in event.before and event.happened_at < act.at - OFFERED_FOR - _SLACK:
            base.tell_clients(act)  # they have been told of what is taken back
    return act.event(event.verb, field=event.field, old=event.new, new=event.old, undoes=event)

from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Link, Ticket, TicketEvent


def link(
    ticket_id: int, *, by: Actor, to_id: int, kind: Link.Kind = Link.Kind.NORMAL, at: datetime | None = None
) -> TicketEvent | None:
    """Join two requests that the actor sees both. None if they are joined so. Raises NotFound, NotAllowed, Invalid."""
    with verb():
        if ticket_id == to_id:
            raise Invalid(Problem("link", "to_itself"))
        acts = {pk: base.locked(pk, by=by, at=at) for pk in sorted((ticket_id, to_id))}  # in id order: no deadlock
        act, other = acts[ticket_id], acts[to_id]
        policies.require(policies.may_note(act.access, act.ticket), "link")
        if Link.objects.filter(source=act.ticket, target=other.ticket, kind=kind).exists():
            return None
        return link_rows(act.ticket, other.ticket, kind=kind, by=by, at=act.at)


def link_rows(source: Ticket, target: Ticket, *, kind: Link.Kind, by: Actor, at: datetime) -> TicketEvent:
    """The link and a line in both histories. The caller holds both rows."""
    Link.objects.create(source=source, target=target, kind=kind, created_at=at)
    lines = []
    for ticket, other in ((source, target), (target, source)):
        act = base.Act(ticket, by, access_of(by), at)
        lines.append(act.event("linked", field="link", new={"ticket": other.pk, "kind": kind}))
        act.save()
    return lines[0]

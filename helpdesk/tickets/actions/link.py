"""Requests that belong together: related, part of one another, repeating one another."""

from datetime import datetime

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Link, Ticket, TicketEvent

# of a request, whether something stands above it: through the parents of its parents
_ABOVE = """WITH RECURSIVE above AS (
    SELECT source_id FROM tickets_link WHERE target_id = %s AND kind = 'parent'
     UNION SELECT l.source_id FROM tickets_link l JOIN above ON l.target_id = above.source_id WHERE l.kind = 'parent')
  SELECT EXISTS (SELECT 1 FROM above WHERE source_id = %s)"""


def link(
    ticket_id: int, *, by: Actor, to_id: int, kind: Link.Kind = Link.Kind.NORMAL, at: datetime | None = None
) -> TicketEvent | None:
    """Join two requests that the actor sees both; the first is the parent, the one that repeats, the older one. None if
    they are joined so. Raises NotFound, NotAllowed; Invalid: `to` to_itself, link_circle."""
    with verb():
        if ticket_id == to_id:
            raise Invalid(Problem("to", "to_itself"))
        acts = {pk: base.locked(pk, by=by, at=at) for pk in sorted((ticket_id, to_id))}  # in id order: no deadlock
        act, other = acts[ticket_id], acts[to_id]
        policies.require(policies.may_link(act.access, act.ticket), "link")
        if _between(act.ticket, other.ticket, kind) is not None:
            return None
        if kind == Link.Kind.PARENT and db.fetch(_ABOVE, [act.ticket.pk, other.ticket.pk])[0][0]:
            raise Invalid(Problem("to", "link_circle"))
        return link_rows(act.ticket, other.ticket, kind=kind, by=by, at=act.at)


def unlink(
    ticket_id: int, *, by: Actor, to_id: int, kind: Link.Kind = Link.Kind.NORMAL, at: datetime | None = None
) -> TicketEvent | None:
    """The two belong together so no longer. None if they did not. Raises NotFound, NotAllowed."""
    with verb():
        acts = {pk: base.locked(pk, by=by, at=at) for pk in sorted((ticket_id, to_id))}
        act, other = acts[ticket_id], acts[to_id]
        policies.require(policies.may_link(act.access, act.ticket), "link")
        found = _between(act.ticket, other.ticket, kind)
        if found is None:
            return None
        found.delete()
        return _lines("unlinked", act.ticket, other.ticket, kind=kind, by=by, at=act.at)


def _between(source: Ticket, target: Ticket, kind: Link.Kind) -> Link | None:
    """The link of this kind; of the one that has no direction also that from the other side."""
    found = Link.objects.filter(source=source, target=target, kind=kind).first()
    if found is None and kind == Link.Kind.NORMAL:
        found = Link.objects.filter(source=target, target=source, kind=kind).first()
    return found


def link_rows(source: Ticket, target: Ticket, *, kind: Link.Kind, by: Actor, at: datetime) -> TicketEvent:
    """The link and a line in both histories. The caller holds both rows."""
    Link.objects.create(source=source, target=target, kind=kind, created_at=at)
    return _lines("linked", source, target, kind=kind, by=by, at=at)


def _lines(code: str, source: Ticket, target: Ticket, *, kind: Link.Kind, by: Actor, at: datetime) -> TicketEvent:
    """A line in both histories, with the way of the link; that of the source is given back."""
    lines = []
    for ticket, other, way in ((source, target, "out"), (target, source, "in")):
        act = base.Act(ticket, by, access_of(by), at)
        said = {"ticket": other.pk, "kind": kind, "way": way}
        is_new = code == "linked"
        lines.append(act.event(code, field="link", old=None if is_new else said, new=said if is_new else None))
        act.save()
    return lines[0]

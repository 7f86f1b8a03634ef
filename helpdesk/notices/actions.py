"""Writing the bell: telling somebody, and having read."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.plain import insert
from helpdesk.notices import queries
from helpdesk.notices.models import Notice


def tell(
    people: Iterable[int], *, ticket_id: int, article_id: int | None, kind: Notice.Kind, at: datetime | None = None
) -> int:
    """One line for each of these people; one who has it already gets no second. Returns how many were told."""
    at = at or clock.now()
    rows = [
        Notice(person_id=person, ticket_id=ticket_id, article_id=article_id, kind=kind, created_at=at)
        for person in sorted(set(people))
    ]
    if rows:
        with verb():
            insert(*rows, quietly=True)
    return len(rows)


def take_back(person_id: object, *, ticket_id: int, kind: Notice.Kind) -> None:
    """The person's unread lines of a kind about a request are no news any more: what they tell was undone."""
    if isinstance(person_id, int):
        Notice.objects.filter(person_id=person_id, ticket_id=ticket_id, kind=kind, read_at=None).delete()


def mark_read(person_id: int, *, ticket_id: int | None = None, upto: int | None = None) -> int:
    """A person has read their lines: of one request and what was merged into it (looking at its page does it) or all,
    up to the line `upto`.

    Returns how many were unread.
    """
    rows = Notice.objects.filter(person_id=person_id, read_at=None)
    if ticket_id is not None:
        rows = rows.filter(Q(ticket_id=ticket_id) | Q(ticket__part_of_id=ticket_id))
    if upto is not None:
        rows = rows.filter(pk__lte=upto)
    return rows.update(read_at=clock.now())


def read_request(actor: Actor, ticket_id: int) -> None:
    """Whoever looks at a request's page has read its lines. Two statements where the person has unread lines of any
    request, none (for a client) where not."""
    if actor.cause is Cause.LOOK:
        return  # somebody else looks with this person's eyes
    if queries.unread(actor) and mark_read(actor.person, ticket_id=ticket_id):
        queries.forget_unread(actor)


def forget(before: datetime) -> int:
    """Delete the lines written before a moment; how many there were."""
    return Notice.objects.filter(created_at__lt=before).delete()[0]

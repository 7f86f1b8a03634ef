"""Writing the bell: telling somebody, and having read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.plain import insert
from helpdesk.notices import queries
from helpdesk.notices.models import Notice

TOGETHER = timedelta(minutes=2)  # what a specialist does within this time is one piece of news


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


def tell_changed(people: Iterable[int], *, ticket_id: int, field: str, new: Any, at: datetime) -> None:
    """Tell these people what the desk changed without a word: with what they were told of the request a moment ago, and
    have not read, it is one line. Two statements."""
    wanted = sorted(set(people))
    lately = Notice.objects.filter(
        person_id__in=wanted, ticket_id=ticket_id, kind=Notice.Kind.CHANGED, read_at=None, created_at__gt=at - TOGETHER
    )
    lines = {line.person_id: line for line in lately}
    fresh = [person for person in wanted if person not in lines]
    with verb():
        for line in lines.values():
            line.changes, line.created_at = {**line.changes, field: new}, at
        if lines:
            Notice.objects.bulk_update(lines.values(), ["changes", "created_at"])
        if fresh:
            insert(*(
                Notice(person_id=person, ticket_id=ticket_id, kind=Notice.Kind.CHANGED, changes={field: new},
                       created_at=at) for person in fresh
            ))  # fmt: skip


def take_back_change(*, ticket_id: int, field: str) -> None:
    """What unread lines say of a change is no news any more: it was undone."""
    unread = Notice.objects.filter(ticket_id=ticket_id, kind=Notice.Kind.CHANGED, read_at=None)
    for line in unread.filter(changes__has_key=field):
        if left := {key: value for key, value in line.changes.items() if key != field}:
            Notice.objects.filter(pk=line.pk).update(changes=left)
        else:
            line.delete()


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

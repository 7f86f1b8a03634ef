"""Drafts that a specialist shares: a colleague who may write in the request takes a copy over; the writer's stays."""

import secrets
from datetime import datetime
from typing import NamedTuple

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, NotFound
from helpdesk.tickets import drafts, pages, policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.drafts import Saved, Written
from helpdesk.tickets.models import Draft, Right, StagedFile, Ticket
from helpdesk.tickets.queries import sight_sql
from helpdesk.tickets.uploads import PICTURE


class Shared(NamedTuple):
    """A colleague's draft that may be taken over."""

    id: int
    kind: str
    changed_at: datetime
    snippet: str
    writer: str
    number: str
    about: str


def share(by: Actor, draft_id: int, *, at: datetime | None = None) -> bool:
    """Let colleagues take a draft of one's own over; whether it was not so before. Raises NotFound."""
    with verb():
        return _set(by, draft_id, at or clock.now())


def unshare(by: Actor, draft_id: int) -> bool:
    """Keep it to oneself again; whether it was shared. Raises NotFound."""
    with verb():
        return _set(by, draft_id, None)


def _set(by: Actor, draft_id: int, shared_at: datetime | None) -> bool:
    if not access_of(by).is_agent:
        raise NotFound
    kinds = (Draft.Kind.REPLY, Draft.Kind.NOTE)
    own = Draft.objects.filter(pk=draft_id, person_id=by.person, kind__in=kinds, discarded_at=None)
    if not own.exists():
        raise NotFound
    changes = own.filter(shared_at=None) if shared_at else own.exclude(shared_at=None)
    return bool(changes.update(shared_at=shared_at, taken_by=None))


def of_colleagues(by: Actor) -> list[Shared]:
    """What colleagues share in requests where this specialist may go on with it, the latest first. One statement."""
    access = access_of(by)
    if not access.is_agent:
        return []
    sight, values = sight_sql(access)
    rows = db.fetch(
        f"""SELECT d.id, d.kind, d.changed_at, d.snippet, p.name, t.number, t.subject FROM tickets_draft d
              JOIN accounts_person p ON p.id = d.person_id JOIN tickets_ticket t ON t.id = d.ticket_id AND {sight}
             WHERE d.shared_at IS NOT NULL AND d.discarded_at IS NULL AND d.person_id <> %s AND t.queue_id = ANY(%s)
             ORDER BY d.changed_at DESC, d.id LIMIT 50""",  # noqa: S608  our own text
        [*values, by.person, access.queues_with(Right.NOTE)],
    )
    return [Shared(*row) for row in rows]


def one(by: Actor, draft_id: int) -> tuple[Draft, Ticket]:
    """A colleague's shared draft with its request, as far as this specialist may write there. Raises NotFound,
    NotAllowed."""
    draft = (
        Draft.objects.select_related("person").filter(pk=draft_id, shared_at__isnull=False, discarded_at=None).first()
    )
    ticket = pages.by_id(by, draft.ticket_id or 0) if draft and access_of(by).is_agent else None
    if draft is None or ticket is None or draft.person_id == by.person_id:
        raise NotFound
    policies.require(policies.may_note(access_of(by), ticket), "note")
    return draft, ticket


def take_over(by: Actor, draft_id: int) -> tuple[Saved, Ticket]:
    """Go on with what a colleague shares: text, files and choices become a draft of one's own. The colleague's stays
    theirs, is shared no more, and says who has taken it. Of two who take it at once the second is told.

    Raises NotFound, NotAllowed, Invalid (too many drafts); Conflict `draft_taken`.
    """
    with verb():
        rows = db.fetch("SELECT shared_at, taken_by_id FROM tickets_draft WHERE id = %s FOR UPDATE", [draft_id])
        if rows and rows[0][0] is None and rows[0][1] not in {None, by.person_id}:
            _refuse_second(by, draft_id)
        draft, ticket = one(by, draft_id)
        key = secrets.token_urlsafe(18)
        copied = _copies(by, draft, key)
        values = dict(draft.values)
        for old, new in copied.items():
            values["body"] = values.get("body", "").replace(f'"cid:{PICTURE}{old}"', f'"cid:{PICTURE}{new}"')
        files = [copied[one] for one in draft.files if one in copied]
        saved = drafts.save(by, Written(Draft.Kind(draft.kind), key, values, files, draft.ticket_id))
        Draft.objects.filter(pk=draft_id).update(shared_at=None, taken_by_id=by.person_id)
        return saved, ticket


def _refuse_second(by: Actor, draft_id: int) -> None:
    """Raise Conflict for whoever sees the request: who was first; NotFound for everybody else."""
    draft = Draft.objects.select_related("taken_by").get(pk=draft_id)
    if pages.by_id(by, draft.ticket_id or 0) is None or draft.taken_by is None or draft.person_id == by.person_id:
        raise NotFound
    raise Conflict("draft_taken", name=draft.taken_by.name)


def _copies(by: Actor, draft: Draft, key: str) -> dict[int, int]:
    """The draft's files once more, as this person's own under their key: old id → new one."""
    copied = {}
    for row in StagedFile.objects.filter(person_id=draft.person_id, form_key=draft.form_key, pk__in=draft.files):
        old, row.pk, row.form_key, row.person_id, row.created_at = row.pk, None, key, by.person, clock.now()
        row._state.adding = True  # noqa: SLF001  a copy of the row
        row.save(force_insert=True)
        copied[old] = row.pk
    return copied

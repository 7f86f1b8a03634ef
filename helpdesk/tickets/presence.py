"""Who looks at a request and who writes in it just now, so that two do not answer at once. By the real time alone."""

from typing import Literal, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.core.text.safe import storable
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Presence
from helpdesk.tickets.queries import sight_sql

Writing = Literal["", "answer", "note"]
LASTS = 45  # seconds since a browser has said so: three times as often as it does
# of a request `t`, as JSON: [[id, name, what they write], …], writers first; empty for nobody
LIVE = f"""coalesce((
  SELECT json_agg(json_build_array(p.id, p.name, x.writing) ORDER BY x.writing = '', p.sort_key)::text
    FROM tickets_presence x JOIN accounts_person p ON p.id = x.person_id
   WHERE x.ticket_id = t.id AND x.seen_at > now() - interval '{LASTS} seconds'), '')"""  # noqa: S608  our own text


class Present(NamedTuple):
    """Somebody else at a request, and what they write."""

    name: str
    writing: str


def here(actor: Actor, number: str, writing: Writing) -> list[Present]:
    """Say that a specialist is at a visible request, and tell who else is, writers first. One statement. Raises
    NotAllowed for whoever is no agent, NotFound."""
    access = access_of(actor)
    if not access.is_agent:
        raise NotAllowed("be_present")
    sight, values = sight_sql(access)
    rows = db.fetch(
        f"""WITH seen AS (SELECT t.id FROM tickets_ticket t WHERE t.number = %s AND {sight}),
                 own AS (INSERT INTO tickets_presence (ticket_id, person_id, seen_at, writing)
                         SELECT seen.id, %s, now(), %s FROM seen
                             ON CONFLICT (ticket_id, person_id)
                             DO UPDATE SET seen_at = excluded.seen_at, writing = excluded.writing)
            SELECT p.name, x.writing
              FROM seen t
              LEFT JOIN tickets_presence x ON x.ticket_id = t.id AND x.person_id <> %s
                                          AND x.seen_at > now() - interval '{LASTS} seconds'
              LEFT JOIN accounts_person p ON p.id = x.person_id
             ORDER BY x.writing = '', p.sort_key""",  # noqa: S608  our own text
        [storable(number)[:50], *values, actor.person, writing, actor.person],
    )
    if not rows:
        raise NotFound
    return [Present(name, written) for name, written in rows if name is not None]


def leave(actor: Actor, number: str) -> None:
    """Say that a specialist has closed the page of a request."""
    Presence.objects.filter(person_id=actor.person_id or 0, ticket__number=storable(number)[:50]).delete()


def forget() -> int:
    """Take away what was said too long ago to count; how many."""
    return len(
        db.fetch(f"DELETE FROM tickets_presence WHERE seen_at < now() - interval '{10 * LASTS} seconds' RETURNING 1")  # noqa: S608
    )

"""What heads and dispatchers see of the work as a whole: what nobody has taken, and who has how much of it.

All figures are of open requests in queues that the reader sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Right


@dataclass(frozen=True, slots=True)
class Load:
    """A specialist's open requests: all, those that wait for the desk, overdue ones; since when the oldest of those
    that wait for the desk is open, None where none does."""

    person_id: int
    name: str
    open: int
    awaiting: int
    overdue: int
    oldest: datetime | None


def of_specialists(actor: Actor, *, at: datetime) -> list[Load]:
    """The load of every active specialist who works in the reader's queues or owns a request there, the most awaited
    first. One statement."""
    queues = access_of(actor).queues_with(Right.READ)
    rows = db.fetch(
        """SELECT p.id, p.name, coalesce(n.open, 0), coalesce(n.awaiting, 0), coalesce(n.overdue, 0), n.oldest
             FROM accounts_person p
             LEFT JOIN (SELECT owner_id, count(*) AS open, count(*) FILTER (WHERE waits_for = 'desk') AS awaiting,
                               count(*) FILTER (WHERE waits_for = 'desk' AND due_at < %s) AS overdue,
                               min(created_at) FILTER (WHERE waits_for = 'desk') AS oldest
                          FROM tickets_ticket
                         WHERE phase = 'open' AND owner_id IS NOT NULL AND queue_id = ANY(%s)
                         GROUP BY owner_id) n ON n.owner_id = p.id
            WHERE p.kind = 'agent' AND (n.open > 0 OR p.inactive_at IS NULL AND EXISTS (
                  SELECT 1 FROM accounts_person_roles pr
                    JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL
                    JOIN tickets_grant g ON g.role_id = r.id AND g.right IN ('answer', 'full')
                    LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
                    JOIN tickets_queue q ON q.id = ANY(%s) AND (g.queue_id IS NULL OR q.path LIKE gq.path || '%%')
                   WHERE pr.person_id = p.id))
            ORDER BY 4 DESC, 3 DESC, p.sort_key, p.id""",
        [at, queues, queues],
    )
    return [Load(*row) for row in rows]


def oldest_unassigned(actor: Actor) -> Mapping[int, datetime]:
    """By queue, since when the oldest request that nobody owns is open. One statement."""
    rows = db.fetch(
        """SELECT queue_id, min(created_at) FROM tickets_ticket
            WHERE phase = 'open' AND owner_id IS NULL AND queue_id = ANY(%s) GROUP BY queue_id""",
        [access_of(actor).queues_with(Right.READ)],
    )
    return dict(rows)

from datetime import datetime

from django.db import connection

from helpdesk.core import clock
from helpdesk.core.actor import Actor


def mark_read(ticket_id: int, *, by: Actor, seq: int, told: int | None = None, at: datetime | None = None) -> None:
    """Remember that this person has seen the articles up to `seq` and the events without words up to `told` (None: all
    of them); never goes back. One statement, no history."""
    if by.person_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_readmark AS m (ticket_id, person_id, seq, told_seq, at) VALUES"
            " (%s, %s, %s, coalesce(%s::int, (SELECT told_seq FROM tickets_ticket WHERE id = %s), 0), %s)"
            " ON CONFLICT (person_id, ticket_id) DO UPDATE SET seq = greatest(m.seq, EXCLUDED.seq),"
            " told_seq = greatest(m.told_seq, EXCLUDED.told_seq),"
            " at = CASE WHEN m.seq < EXCLUDED.seq THEN EXCLUDED.at ELSE m.at END"
            " WHERE m.seq < EXCLUDED.seq OR m.told_seq < EXCLUDED.told_seq",
            [ticket_id, by.person_id, seq, told, ticket_id, at or clock.now()],
        )

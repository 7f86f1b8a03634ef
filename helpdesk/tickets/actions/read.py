from datetime import datetime

from django.db import connection

from helpdesk.core import clock
from helpdesk.core.actor import Actor


def mark_read(ticket_id: int, *, by: Actor, seq: int, at: datetime | None = None) -> None:
    """Remember that this person has seen the articles up to `seq`; never goes back. One statement, no history."""
    if by.person_id is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO tickets_readmark (ticket_id, person_id, seq, at) VALUES (%s, %s, %s, %s)"
            " ON CONFLICT (person_id, ticket_id) DO UPDATE SET seq = EXCLUDED.seq, at = EXCLUDED.at"
            " WHERE tickets_readmark.seq < EXCLUDED.seq",
            [ticket_id, by.person_id, seq, at or clock.now()],
        )

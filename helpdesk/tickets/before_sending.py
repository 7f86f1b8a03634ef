"""What is known beside an answer that is about to leave, asked once; the rules are in `send_gate`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.tickets import send_gate
from helpdesk.tickets.actions import NewFile
from helpdesk.tickets.send_gate import Finding

FRESH = timedelta(minutes=10)  # so young is the draft of somebody who is answering

_BESIDE = """
    SELECT coalesce(co.short_name, ''),
           (SELECT json_agg(c.short_name ORDER BY c.id) FROM accounts_company c
             WHERE c.inactive_at IS NULL AND c.id IS DISTINCT FROM t.company_id),
           (SELECT json_agg(left(a.text, 200000)) FROM tickets_article a JOIN tickets_ticket p ON p.id = a.ticket_id
             WHERE p.id = t.id OR p.part_of_id = t.id),
           t.subject || ' ' || t.fields::text,
           (SELECT p.name FROM tickets_draft d JOIN accounts_person p ON p.id = d.person_id AND p.kind = 'agent'
             WHERE d.ticket_id = t.id AND d.kind = 'reply' AND d.person_id <> %s AND d.discarded_at IS NULL
               AND d.changed_at > %s AND d.snippet <> '' ORDER BY d.changed_at DESC LIMIT 1)
      FROM tickets_ticket t LEFT JOIN accounts_company co ON co.id = t.company_id WHERE t.id = %s"""


def findings(
    ticket_id: int, *, by: Actor, text: str, attachments: Sequence[NewFile], at: datetime | None = None
) -> list[Finding]:
    """What the writer of an answer to a visible request should look at once more. One statement."""
    since = (at or clock.now()) - FRESH
    own, others, texts, about, colleague = db.fetch(_BESIDE, [by.person_id or 0, since, ticket_id])[0]
    found = (
        Finding("answering", {"name": colleague}) if colleague else None,
        send_gate.no_file(text, len(attachments)),
        send_gate.unfilled(text),
        send_gate.other_company(text, own, others or ()),
        send_gate.other_account(text, [about, *(texts or ())]),
        send_gate.heavy([one.stored.size for one in attachments]),
    )
    return [one for one in found if one is not None]

"""Letters to the client's side about what the desk did without a word: one for all that was done within a moment.

The job is queued in the transaction of the act and waits as long as the act can be undone. Until it has run the bell
alone has told.
"""

import logging
from datetime import timedelta

from helpdesk.core import clock, jobs
from helpdesk.core.db import entry
from helpdesk.mail import compose, outbox
from helpdesk.mail.desk_letters import readers
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices import audience
from helpdesk.tickets import rows as tickets
from helpdesk.tickets.models import Phase, TicketEvent

logger = logging.getLogger("helpdesk.mail")

JOB = "mail.tell_clients"
WAIT = timedelta(seconds=40)


def later(event: TicketEvent) -> None:
    """Have the client's side told of this change, and of what follows within a moment."""
    jobs.defer(
        JOB, at=clock.now() + WAIT, once=f"{JOB}:{event.ticket_id}", ticket_id=event.ticket_id, since=event.seq
    )  # fmt: skip


def write(ticket_id: int, *, since: int) -> int:
    """Put the letters about what was changed since this event into the outbox, if that was not done yet and if it still
    stands; returns how many. Whom it concerns is decided now. Must not be called within a transaction."""
    with entry():
        ticket = tickets.taken_of_letter(ticket_id)
        if ticket is None or ticket.phase == Phase.REMOVED:
            return 0
        if OutgoingLetter.objects.filter(ticket_id=ticket_id, headers__told__gte=since).exists():
            return 0
        changes = tickets.changed_without_words(ticket, since=since)
        found = readers(audience.clients(ticket)) if changes else []
        if not found:
            return 0
        head = compose.head_of(ticket, [one.person for one in found])
        letters = [compose.changed(head, ticket, changes, one) for one in found]
        for letter in letters:
            letter.headers["told"] = ticket.last_event_seq
        return len(outbox.put(*letters, general=head.general))


def write_waiting() -> None:
    """Write what is due to be written, for a sender that runs without a worker beside it."""
    for job in jobs.waiting(JOB):
        if job.at is not None and job.at > clock.now():
            continue
        try:
            write(job.arguments["ticket_id"], since=job.arguments["since"])
        except Exception:  # its job is still queued; the other letters go
            logger.exception("The letters about changes of request %s could not be written", job.arguments["ticket_id"])

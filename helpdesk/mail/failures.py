"""What follows when a letter to a client does not arrive: the request is marked, and who wrote it hears of it.

A letter to the desk that fails is told to nobody: the telling could fail just as well, for ever.
"""

from helpdesk.core.actor import Cause, system
from helpdesk.core.text.safe import one_line
from helpdesk.mail import compose, desk_letters, outbox
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices import audience
from helpdesk.notices.actions import tell as ring
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions, rows
from helpdesk.tickets.models import Phase


def tell(letter: OutgoingLetter, error: str) -> None:
    """A letter was given up: mark its request, tell who wrote the answer, else the owner. In the caller's
    transaction."""
    if letter.kind not in OutgoingLetter.TO_CLIENTS or letter.article_id is None:
        return
    article, ticket = rows.article_of_letter(letter.article_id)
    if ticket.phase == Phase.REMOVED:
        return
    actions.miss(ticket.pk, by=system(Cause.MAIL), article_id=article.pk, why=f"{letter.address}: {error}")
    person = audience.of_failure(ticket, article)
    if person is None:
        return
    ring([person.pk], ticket_id=ticket.pk, article_id=article.pk, kind=Notice.Kind.LETTER_FAILED)
    for reader in desk_letters.readers([person]):
        head = compose.head_of(ticket, [person])
        outbox.put(compose.failure(head, ticket, letter, one_line(error, 300), reader), general=head.general)


def recovered(letter: OutgoingLetter) -> None:
    """A letter that had been given up was sent after all: the mark goes with the last such one of its article. In the
    caller's transaction."""
    if letter.kind not in OutgoingLetter.TO_CLIENTS or letter.article_id is None or letter.ticket_id is None:
        return
    others = OutgoingLetter.objects.filter(article_id=letter.article_id, kind__in=OutgoingLetter.TO_CLIENTS)
    if not others.exclude(pk=letter.pk).filter(failed_at__isnull=False).exists():
        actions.reach(letter.ticket_id, by=system(Cause.MAIL), article_id=letter.article_id, why=letter.address)

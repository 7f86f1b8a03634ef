"""Letters to the desk about a client's article: composed by a job after the client's act, each written once.

The job is queued in the transaction of the act. Until it has run the bell alone has told the desk.
"""

import logging
from collections.abc import Iterable

from helpdesk.accounts.models import Person
from helpdesk.accounts.queries import primary_addresses
from helpdesk.core import jobs
from helpdesk.core.db import entry
from helpdesk.mail import compose, outbox
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices import audience
from helpdesk.tickets import rows as tickets
from helpdesk.tickets.models import Article, Phase

logger = logging.getLogger("helpdesk.mail")

JOB = "mail.tell_desk"


def later(article: Article, *, besides: int | None) -> None:
    """Have the desk told of this article once the transaction commits. `besides`: the id of the one who wrote it."""
    jobs.defer(JOB, article_id=article.pk, besides=besides)


def write(article_id: int, *, besides: int | None) -> int:
    """Put the letters about this article into the outbox, if that was not done yet; returns how many.

    Whom it concerns is decided now. Must not be called within a transaction.
    """
    with entry():
        # whoever comes second waits here, and then finds the letters of the first
        if not tickets.take_article(article_id):
            return 0
        if OutgoingLetter.objects.filter(article_id=article_id, kind=OutgoingLetter.Kind.NOTICE).exists():
            return 0
        article, ticket = tickets.article_of_letter(article_id)
        if ticket.phase == Phase.REMOVED:
            return 0
        found = readers(audience.desk(ticket, besides=besides))
        if not found:
            return 0
        head = compose.head_of(ticket, [one.person for one in found])
        files = list(article.attachments.order_by("position"))
        letters = [compose.notice(head, ticket, article, files, one) for one in found]
        return len(outbox.put(*letters, general=head.general))


def write_waiting() -> None:
    """Write what waits to be written, for a sender that runs without a worker beside it."""
    waiting = {job.arguments["article_id"]: job.arguments["besides"] for job in jobs.waiting(JOB)}
    rows = OutgoingLetter.objects.filter(article_id__in=list(waiting), kind=OutgoingLetter.Kind.NOTICE)
    written = set(rows.values_list("article_id", flat=True)) if waiting else set()
    for article_id, besides in waiting.items():
        if article_id in written:
            continue
        try:
            write(article_id, besides=besides)
        except Exception:  # its job is still queued; the other letters go
            logger.exception("The desk's letters about article %s could not be written", article_id)


def readers(people: Iterable[Person]) -> list[compose.Reader]:
    """Those who want letters and have an address. One statement."""
    wanted = [person for person in people if person.is_active and person.letters != "none"]
    found = primary_addresses(person.pk for person in wanted) if wanted else {}
    return [compose.Reader(person, found[person.pk]) for person in wanted if person.pk in found]

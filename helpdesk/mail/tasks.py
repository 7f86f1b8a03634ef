"""The mail room's jobs and duties."""

from helpdesk.core import jobs
from helpdesk.mail import change_letters, desk_letters, ingest, outbox

ROUND = 100


@jobs.task()
def send_now() -> None:
    """Send what is due, until nothing is or the server does not answer."""
    while True:
        report = outbox.send_due(ROUND)
        if report.error or report.sent + report.failed + report.postponed < ROUND:
            return


@jobs.task(retries=8)
def tell_desk(article_id: int, besides: int | None = None) -> None:
    """Write the letters about a client's article to those of the desk whom it concerns; a second run writes nothing."""
    desk_letters.write(article_id, besides=besides)


@jobs.task(retries=8)
def tell_clients(ticket_id: int, since: int) -> None:
    """Write the letters about what the desk changed without a word; a second run writes nothing."""
    change_letters.write(ticket_id, since=since)


@jobs.periodic("* * * * *")
def send_again() -> None:
    """Letters whose next try has come, and those of a sender that died."""
    send_now()


@jobs.periodic("* * * * *")
def take_up_stored() -> None:
    """Letters that were stored, and whose reader died before anything was made of them."""
    ingest.take_up_stored()

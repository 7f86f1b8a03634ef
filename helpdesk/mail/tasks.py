"""The mail room's jobs and duties."""

from helpdesk.core import jobs
from helpdesk.mail import ingest, outbox

ROUND = 100


@jobs.task()
def send_now() -> None:
    """Send what is due, until nothing is or the server does not answer."""
    while True:
        report = outbox.send_due(ROUND)
        if report.error or report.sent + report.failed + report.postponed < ROUND:
            return


@jobs.periodic("* * * * *")
def send_again() -> None:
    """Letters whose next try has come, and those of a sender that died."""
    send_now()


@jobs.periodic("* * * * *")
def take_up_stored() -> None:
    """Letters that were stored, and whose reader died before anything was made of them."""
    ingest.take_up_stored()

"""The jobs of requests themselves: acts upon many of them, answers that wait."""

from datetime import timedelta

from helpdesk.core import jobs
from helpdesk.tickets import holding
from helpdesk.tickets.actions import bulk


@jobs.task(retries=8)
def go_on(act_id: int) -> None:
    """Do the lines of an act that wait; a second run does what the first one left."""
    bulk.go_on(act_id)


@jobs.task(retries=8)
def go_back(act_id: int) -> None:
    """Take back the lines of an act that are done."""
    bulk.go_back(act_id)


@jobs.task(retries=8)
def send_held(draft_id: int) -> None:
    """Send an answer whose moment has come; a second run finds it sent."""
    left = holding.left(draft_id)
    if left > timedelta():
        raise jobs.RetryLater(left)  # the clocks of two machines differ
    holding.send_held(draft_id)


@jobs.periodic("* * * * *")
def send_due() -> None:
    """Answers whose job died with its worker."""
    holding.send_due()

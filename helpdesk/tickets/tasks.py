"""The jobs of requests themselves: acts upon many of them."""

from helpdesk.core import jobs
from helpdesk.tickets.actions import bulk


@jobs.task(retries=8)
def go_on(act_id: int) -> None:
    """Do the lines of an act that wait; a second run does what the first one left."""
    bulk.go_on(act_id)


@jobs.task(retries=8)
def go_back(act_id: int) -> None:
    """Take back the lines of an act that are done."""
    bulk.go_back(act_id)

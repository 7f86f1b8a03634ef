"""The duties by the clock."""

from helpdesk.automation import duties
from helpdesk.core import clock, jobs


@jobs.periodic("* * * * *")
def close_and_remind() -> None:
    """What people wait for: automatic closing, reminders."""
    duties.close_finished(clock.now())
    duties.remind(clock.now())


@jobs.periodic("17 * * * *")
def clear_away() -> None:
    """What nobody needs any more."""
    at = clock.now()
    duties.collect_staged(at)
    duties.collect_submissions(at)
    duties.collect_blobs(at)

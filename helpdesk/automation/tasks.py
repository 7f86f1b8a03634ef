"""The duties as periodic jobs of the worker."""

from helpdesk.automation import duties
from helpdesk.core import clock, jobs


@jobs.periodic("* * * * *")
def close_and_remind() -> None:
    """Close what closes by itself, and give back what was put off."""
    at = clock.now()
    duties.close_finished(at)
    duties.remind(at)


@jobs.periodic("17 * * * *")
def clear_away() -> None:
    """Forget old drafts, unsent files, form keys, ended sessions, old sign-ins and news, contents nothing refers to."""
    at = clock.now()
    duties.collect_drafts(at)
    duties.collect_staged(at)
    duties.collect_submissions(at)
    duties.collect_sessions(at)
    duties.collect_sign_ins(at)
    duties.collect_news(at)
    duties.collect_blobs(at)

"""Jobs of this room. A reset is a job so that the page takes the same time whether the account exists or not."""

from helpdesk.accounts import queries, tokens
from helpdesk.accounts.events import LetterWanted
from helpdesk.accounts.models import SignInAttempt
from helpdesk.core import bus, jobs
from helpdesk.core.db import verb


@jobs.task(retries=5)
def send_reset_link(attempt_id: int) -> None:
    """Ask for the letters that a line of the log (outcome reset_asked) wants: one to each person it names, or none."""
    with verb():
        attempt = SignInAttempt.objects.select_for_update().filter(pk=attempt_id, person__isnull=True).first()
        if attempt is None:
            return
        found = queries.may_reset(attempt.login)
        for person, address in found:
            bus.publish(LetterWanted(person.pk, address, "password_reset", tokens.link_context(person)))
        if found:
            attempt.person = found[0][0]
            attempt.save(update_fields=["person"])

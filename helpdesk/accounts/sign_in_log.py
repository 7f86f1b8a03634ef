"""Writing the log of sign-ins. It is only added to, and cleared of old lines; a password never comes near it."""

from datetime import datetime

from django.http import HttpRequest

from helpdesk.accounts.models import Person, SignInAttempt
from helpdesk.accounts.origin import ip_of, user_agent_of
from helpdesk.core import clock
from helpdesk.core.text.safe import one_line


def record(request: HttpRequest, outcome: str, login: str, person: Person | None = None) -> SignInAttempt:
    """One more line: what was typed as login, whose it is if anybody's, whence, with what result."""
    return SignInAttempt.objects.create(
        person=person,
        login=one_line(login, 150),
        outcome=outcome,
        ip=ip_of(request),
        user_agent=user_agent_of(request),
        at=clock.now(),
    )


def forget(before: datetime) -> int:
    """Delete the lines from before a moment; how many."""
    return SignInAttempt.objects.filter(at__lt=before).delete()[0]

"""Sentences for the codes of this room, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from helpdesk.accounts.models import SignInAttempt
from helpdesk.core.errors import Problem


def password_refused(problems: Iterable[Problem]) -> str:
    """What is wrong with a new password and what to do."""
    known = {
        "password_too_short": _("Shorter than 10 characters: add a word or two"),
        "password_too_common": _("This password is one of those that are tried first: choose another"),
        "password_too_similar": _("Too much like your login or name: choose another"),
        "password_too_long": _("Longer than 1000 characters: shorten it"),
    }
    told = [known.get(problem.code, _("This password will not do: choose another")) for problem in problems]
    return ". ".join(dict.fromkeys(told))


def outcome(code: str) -> str:
    """A line of the log of sign-ins."""
    outcomes = SignInAttempt.Outcome
    return {
        outcomes.OK.value: _("Signed in"),
        outcomes.WRONG.value: _("Wrong password"),
        outcomes.THROTTLED.value: _("Too many attempts, refused"),
        outcomes.INACTIVE.value: _("Refused: access is closed"),
        outcomes.SIGNED_OUT.value: _("Signed out"),
        outcomes.PASSWORD_SET.value: _("Password changed"),
        outcomes.RESET_ASKED.value: _("Link for a new password asked"),
    }.get(code, code)

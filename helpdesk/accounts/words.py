"""Sentences for the codes of this room, in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

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


PROBLEMS = {
    ("name", "required"): lazy("Type the name"),
    ("name", "letters"): lazy("A name has letters: type it as people call you"),
    ("phone", "format"): lazy("This is not a phone number: type its figures, for example +7 913 555-12-34, ext. 105"),
    ("address", "required"): lazy("Type the mail address"),
    ("address", "format"): lazy("This is not a mail address: check it, for example ivanova@example.com"),
    ("address", "own"): lazy("This address is in your list already"),
    ("address", "too_many"): lazy("You have %(limit)s addresses already: remove one you no longer use"),
    ("address", "primary"): lazy("Letters go to this address: choose another for them first"),
    ("address", "login"): lazy("You sign in with this address: ask the support service to change your login"),
    ("address", "member"): lazy("%(name)s works here with this address already: give another one"),
    ("address", "member_off"): lazy("%(name)s has this address and is switched off: switch them on again in the list"),
    ("address", "invited"): lazy("This address has been invited already: send the invitation again from the list"),
    ("address", "too_many_today"): lazy("%(limit)s invitations have been sent today: go on tomorrow"),
    ("is_chief", "own"): lazy("You cannot give up your own right as a chief: ask another chief or the support service"),
    ("person", "own"): lazy("You cannot switch yourself off: ask another chief or the support service"),
    ("person", "closed_by_desk"): lazy("The support service closed this person's access: ask it to open it again"),
    ("successor", "required"): lazy("Choose the colleague who takes the requests over"),
    ("successor", "cannot_take"): lazy("This colleague cannot take requests over: choose one who writes"),
    "long": lazy("Longer than %(limit)s characters: shorten it"),
    "unknown": lazy("Choose a value from the list"),
}


def problem_text(problem: Problem) -> str:
    """The sentence of a problem with somebody's details or access: what happened, what to do."""
    sentence = PROBLEMS.get((problem.field, problem.code)) or PROBLEMS.get(problem.code)
    return str(sentence) % problem.details if sentence else _("This value cannot be accepted")


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

"""Refusals of the domain as sentences for whoever types commands; knows codes and no room's rows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk.core.errors import Problem

_PATTERN = (
    "accepted are characters, classes [...], \\d \\w \\s, groups (...|...) and ? * + {{m,n}}; the whole text is"
    " compared, so ^ and $ are not needed"
)
# of a field with a code, else of the code alone; the first whose figures are all told
SENTENCES: dict[str, tuple[str, ...]] = {
    "unknown": (
        "there is no {value!r}: accepted are {accepted}", "there is no {value!r}", "accepted are {accepted}",
        "there is none of this name",
    ),
    "roles.unknown": ("there is no role of this code: see helpdesk role list",),
    "key_format": ("{value!r}: accepted are Latin letters, digits, hyphens and underscores",),
    "required": ("must be given, and not be empty",),
    "address.required": ("the person has no mail address, so nothing can be sent: give one by --address",),
    "long": ("longer than {most} characters",),
    "low": ("accepted is {least} or more",),
    "high": ("accepted is {most} at most",),
    "taken": ("somebody has it already: choose another",),
    "key.taken": ("there is one of this key already: choose another, or change that one by set",),
    "login.taken": ("somebody has this login already: choose another",),
    "login.format": ("a login is one word of 150 characters at most, without spaces and line ends",),
    "login.at_sign": ("a login with @ must be the person's own mail address: give the same by --address",),
    "login.contact": ("a contact writes by mail alone and has no login",),
    "person.contact": ("a contact writes by mail alone and cannot be invited",),
    "person.inactive": ("this person is switched off",),
    "password_too_short": ("shorter than {min_length} characters: add a word or two", "too short: add a word or two"),
    "password_too_common": ("one of those that are tried first: choose another",),
    "password_too_similar": ("too much like the login or name: choose another",),
    "password_too_long": ("longer than {most} characters: shorten it",),
    "invalid": ("cannot be used: choose another",),
    "not_for_new": ("{value!r} is for the desk's own states alone: accepted are {accepted}",),
    "fixed": ("the type of {value!r} cannot be changed: the desk needs it as it is",),
    "in_use": ("{requests} requests stand in it, so its type cannot be changed",),
    "nobody_only": ("{value!r} ends the work, so it can only wait for nobody",),
    "never_closes": ("{value!r} never closes by itself: only states of the type pending_auto do, and done",),
    "not_closed": ("{value!r} is no closed state in use",),
    "rank.needed": ("{value} cannot be switched off: a request whose priority nobody names has it",),
    "needed": ("{value!r} cannot be switched off: the desk sets it by itself",),
    "leads_on": ("{value!r} cannot be switched off: {by} closes into it",),
    "last": ("{value!r} is the last queue in use and stays: new requests need one",),
    "below_on": ("{value!r} cannot be switched off before what stands below it: {below}",),
    "above_off": ("{value!r} cannot be switched on before the one above it",),
    "cycle": ("{value!r} stands below it, so it cannot stand above",),
    "off": ("{value!r} is switched off",),
    "deep": ("the tree would become too deep",),
    "format": ("{value!r} is no mail address", "this is no mail address"),
    "taken_by": ("{value!r} is the address of the queue {by} already",),
    "choice_format": ("each is VALUE=RUSSIAN=ENGLISH, with values that differ",),
    "not_asked": ("only a field of the kind choice has them, not {kind}",),
    "condition_format": ("give FIELD=VALUE,VALUE… of another field of this queue",),
    "condition_self": ("a field cannot depend on itself",),
    "condition_field": ("this queue asks for no field {value!r}",),
    "condition_kind": ("{value!r} is of the kind {kind}: a field can depend on a choice or a check alone",),
    "condition_value": ("{value!r} is nothing that the other field offers: accepted are {accepted}",),
    "condition_circle": ("the fields would wait for one another: {value}",),
    "needed_by": ("{value!r} is needed as it is by what depends on it: {by}",),
    "pattern_syntax": (f"cannot be read: {_PATTERN}",),
    "pattern_unsupported": (f"holds something that is not taken here: {_PATTERN}",),
    "pattern_too_slow": ("could be tried in too many ways: write numbers {{m,n}} instead of * and +",),
    "no_pattern": ("there is no pattern that it would explain",),
    "bounds_format": ("give NAME=NUMBER, names being {accepted}, a length from 1 to 120 months",),
    "bounds_order": ("the first that is allowed comes after the last",),
    "no_queue": ("there is no queue to offer: give one by --instead",),
    "for_kind": ("is for fields of the kind {accepted}, not {kind}",),
    "default.unfit": ("is no value of this field ({why})",),
    "last_administrator": ("nobody would be an administrator any more: first make somebody else one",),
    "not_an_agent": ("{value!r} is no agent, and only agents have roles",),
    "not_a_client": ("{value!r} is no client, and only clients belong to companies",),
    "ambiguous": ("several companies are called {value!r}: name one by its id: {accepted}",),
}  # fmt: skip


def told(problems: Iterable["Problem"]) -> str:
    """All problems in one line, each with its field."""
    return "; ".join(f"{problem.field}: {sentence(problem)}" for problem in problems)


def sentence(problem: "Problem") -> str:
    """What is wrong and what to do; of a code without a sentence, the code and its figures."""
    details = problem.details
    known = {
        name: " ".join(map(str, value)) if isinstance(value, list | tuple) else value for name, value in details.items()
    }
    for key in (f"{problem.field}.{problem.code}", problem.code):
        for text in SENTENCES.get(key, ()):
            try:
                return text.format_map(known)
            except KeyError:  # it speaks of a figure that was not told
                continue
    return problem.code + figures(details)


def figures(details: object) -> str:
    """The details of a refusal in brackets, "" without."""
    if not isinstance(details, dict) or not details:
        return ""
    return f" ({', '.join(f'{key} {value}' for key, value in details.items())})"

"""Letters of ours and letters laid aside, in words: what becomes of them, when, and what went wrong. Reads nothing."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.core.text.safe import one_line
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.mail.queries import Trouble
from helpdesk.web.jinja import moment_text

SAID = 200  # characters of a mail server's words
_PREFIX = re.compile(r"^\[#[^\]]{1,50}\]\s*")
_REPLY = re.compile(r"^\D{0,20}([245])\d\d\b")


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a letter: its state in words with the look of a badge, when it goes on, how often it was tried,
    what went wrong (in words, and as the server said it)."""

    state: str
    look: str
    on: str
    tries: str
    trouble: str
    said: str


def fate(letter: OutgoingLetter, *, now: datetime, has_server: bool) -> Fate:
    """The fate of one letter as of now."""
    state, look = states().get(letter.state, (letter.state, "open"))
    on = _on(letter, now=now, has_server=has_server) if letter.state == OutgoingLetter.State.DUE else ""
    tries = _tries(letter.attempts) if letter.state != OutgoingLetter.State.SENT else ""
    return Fate(state, look, on, tries, trouble(letter.last_error), letter.last_error)


def _on(letter: OutgoingLetter, *, now: datetime, has_server: bool) -> str:
    if not has_server:
        return _("stays here: no mail server is set")
    if letter.due_at > now:
        return _("next try %(when)s") % {"when": moment_text(letter.due_at)}
    return _("will be sent within a minute")


def _tries(count: int) -> str:
    return ngettext("%(num)d try so far", "%(num)d tries so far", count) % {"num": count} if count else ""


def trouble(error: str) -> str:
    """What an error of a mail server means, in words; empty for none."""
    if not error:
        return ""
    if error.startswith("bounced:"):
        return _("The letter came back: the client's mail server did not deliver it. Check the address.")
    text = error.lower()
    known = (
        (("refused", "errno 111", "unreachable", "no route"), _("The mail server does not answer.")),
        (("timed out", "timeout"), _("The mail server does not answer in time.")),
        (
            ("name or service", "getaddrinfo", "nodename", "name resolution"),
            _("There is no mail server with this name."),
        ),
        (("535", "authentication", "credentials"), _("The mail server does not accept the user name and password.")),
        (("certificate", "ssl", "tls"), _("A secure connection to the mail server cannot be made.")),
        (("smtputf8", "ascii"), _("The mail server accepts only addresses in Latin letters.")),
        (("disconnected", "closed", "broken pipe", "reset"), _("The mail server dropped the connection.")),
        (("cannot be written", "no such file", "errno 2"), _("The letter cannot be put together: a file is missing.")),
    )
    if found := _REPLY.match(error):
        if found.group(1) == "5" and "535" not in text:
            return _("The mail server has refused this letter for good. Check the address.")
        if found.group(1) == "4":
            return _("The mail server cannot take the letter now.")
    meant = (words for signs, words in known if any(sign in text for sign in signs))
    return next(meant, _("The letter was not taken."))


@dataclass(frozen=True, slots=True)
class Missing:
    """What the thread says below an article of a letter that was not taken. `lost`: nobody tries it again."""

    title: str
    text: str
    lost: bool


def missing(letter: Trouble) -> Missing:
    """A letter to a client that was not taken, in words: to whom, why, since when or when it is tried again."""
    said = _("The server said: %(words)s") % {"words": one_line(letter.error, SAID)}
    if letter.state == OutgoingLetter.State.FAILED:
        since = _("Since %(when)s.") % {"when": moment_text(letter.failed_at or letter.due_at)}
        title = _("The letter was not delivered: %(address)s") % {"address": letter.address}
        return Missing(title, f"{trouble(letter.error)} {since} {said}", lost=True)
    title = _("The letter has not gone out yet: %(address)s") % {"address": letter.address}
    again = _("Next try %(when)s.") % {"when": moment_text(letter.due_at)}
    return Missing(title, f"{again} {said}", lost=False)


def subject(letter: OutgoingLetter) -> str:
    """The subject without the number of the request, which stands beside it."""
    return _PREFIX.sub("", letter.subject) if letter.ticket_id else letter.subject


def states() -> dict[str, tuple[str, str]]:
    """Name and look of a letter's state."""
    return {
        "due": (_("waiting to be sent"), "new"),
        "sending": (_("is being sent"), "open"),
        "sent": (_("sent"), "done"),
        "failed": (_("could not be sent"), "escalated"),
        "withheld": (_("not sent: the recipient no longer sees the request"), "closed"),
    }


def kinds() -> dict[str, str]:
    """What a letter is for."""
    return {
        "answer": _("answer"),
        "auto_answer": _("automatic reply"),
        "notice": _("notice to the desk"),
        "account": _("sign-in"),
    }


def why_aside(letter: RawLetter) -> str:
    """Why a letter that came was laid aside: its code in words."""
    code = letter.reason.partition(":")[0].strip()
    words = {
        "unreadable": _("It cannot be read."),
        "empty": _("It is empty: a letter may have been lost on its way."),
        "gave_up": _("Reading it failed several times."),
        "too_large": _("It is larger than allowed."),
        "flood": _("It came in a flood of letters, over the hourly limit."),
    }
    return words.get(code, _("Something went wrong with it."))

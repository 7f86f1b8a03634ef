"""How much mail may become requests and automatic answers in an hour. What is over is laid aside, none is lost.

Counted in the letter's own transaction, so that two readers at once cannot both take the last place.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.core import db
from helpdesk.mail import addresses

PERIOD = timedelta(hours=1)
CONFIRMATIONS = 20  # automatic answers an hour to one address that is known: more is two programs in a loop
RELEASED = "released"  # the reason of a letter that somebody let pass: it is not counted


@dataclass(frozen=True, slots=True)
class Limits:
    """Letters an hour; 0: no limit."""

    letters_of_one: int = 0  # from one address, whatever its +tag
    letters_of_strangers: int = 0  # new requests a mailbox, of people without a sign-in
    answers_to_strangers: int = 0  # automatic answers to people without a sign-in, of all mailboxes together


def sender_is_over(address: str, limits: Limits, *, at: datetime) -> bool:
    """Count a letter of this address; whether it is one too many."""
    return _over(f"sender:{addresses.bare(address)}", limits.letters_of_one, at)


def strangers_are_over(queue_id: int, limits: Limits, *, at: datetime) -> bool:
    """Count a stranger's new request; whether it is one too many for this mailbox."""
    return _over(f"strangers:{queue_id}", limits.letters_of_strangers, at)


def answers_are_over(limits: Limits, *, at: datetime) -> bool:
    """Count an automatic answer to a stranger; whether it is one too many."""
    return _over("answers", limits.answers_to_strangers, at)


def confirmations_are_over(address: str, *, at: datetime) -> bool:
    """Count a confirmation to somebody who is known; whether it is one too many."""
    return _over(f"confirmed:{addresses.bare(address)}", CONFIRMATIONS, at)


def _over(key: str, most: int, at: datetime) -> bool:
    """Count one more within the hour that began with the first one."""
    if most <= 0:
        return False
    found = db.fetch(
        "INSERT INTO mail_floodcount AS c (key, since, count) VALUES (%s, %s, 1)"
        " ON CONFLICT (key) DO UPDATE SET"
        " since = CASE WHEN c.since <= %s THEN excluded.since ELSE c.since END,"
        " count = CASE WHEN c.since <= %s THEN 1 ELSE c.count + 1 END"
        " RETURNING count",
        [key[:400], at, at - PERIOD, at - PERIOD],
    )
    return int(found[0][0]) > most

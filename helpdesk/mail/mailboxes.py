"""The desk's own mailboxes as one letter meets them: which queue an address is of, what is ours, how much is taken.

Read once a letter.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from helpdesk.core import db, options
from helpdesk.mail import addresses
from helpdesk.mail.flood import Limits
from helpdesk.mail.options import (
    ANSWERS_TO_STRANGERS,
    FROM_ADDRESS,
    INBOX_QUEUE,
    LETTERS_OF_ONE,
    LETTERS_OF_STRANGERS,
)

_LIMITS = (LETTERS_OF_ONE, LETTERS_OF_STRANGERS, ANSWERS_TO_STRANGERS)


@dataclass(frozen=True, slots=True)
class Mailboxes:
    """`own`: every address of the desk, of closed queues too. The ids are those of queues that are open."""

    own: frozenset[str]
    by_address: dict[str, int]
    general: str
    fallback: int | None  # the inbox, else the first queue that clients do not choose, else the first
    limits: Limits

    def queue_of(self, recipients: Iterable[str]) -> int | None:
        """The queue whose address a recipient is, the first named wins; else the general address's, else the
        fallback."""
        for address in (*recipients, self.general):
            if (found := self.by_address.get(addresses.bare(address))) is not None:
                return found
        return self.fallback


def read() -> Mailboxes:
    """The mailboxes as they are now. Two statements."""
    rows = db.fetch(
        """SELECT id, key, address, client_chooses, inactive_at IS NULL FROM tickets_queue ORDER BY position, id"""
    )
    settings = options.texts_and_more(FROM_ADDRESS, INBOX_QUEUE, *_LIMITS)
    general = str(settings[FROM_ADDRESS.key])
    is_open = [(queue_id, key, address, chosen) for queue_id, key, address, chosen, opened in rows if opened]
    inbox = (queue_id for queue_id, key, _, _ in is_open if key == settings[INBOX_QUEUE.key])
    internal = (queue_id for queue_id, _, _, chosen in is_open if not chosen)
    anyone = (queue_id for queue_id, *_ in is_open)
    return Mailboxes(
        own=frozenset(addresses.bare(address) for address in (general, *(row[2] for row in rows)) if address),
        by_address={addresses.bare(address): queue_id for queue_id, _, address, _ in is_open if address},
        general=general,
        fallback=next((found for queues in (inbox, internal, anyone) for found in queues), None),
        limits=Limits(*(int(settings[one.key]) for one in _LIMITS)),
    )

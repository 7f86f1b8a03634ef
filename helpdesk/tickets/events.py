"""News of the domain, published in the transaction of the act (core.bus)."""

from dataclasses import dataclass

from helpdesk.core.actor import Actor
from helpdesk.tickets.models import Article, Attachment, Ticket, TicketEvent


@dataclass(frozen=True, slots=True)
class ArticleAdded:
    """An article was written: by opening, an answer, a note, by a machine or the desk itself (then `automatic`)."""

    ticket: Ticket
    article: Article
    attachments: tuple[Attachment, ...]
    event: TicketEvent
    by: Actor
    automatic: bool = False
    mentioned: tuple[int, ...] = ()  # ids of the specialists whom a note names
    copied: bool = False  # it was said in another request before: nobody is told of it once more


@dataclass(frozen=True, slots=True)
class TicketChanged:
    """A field changed; `event` tells which, from what to what."""

    ticket: Ticket
    event: TicketEvent
    by: Actor

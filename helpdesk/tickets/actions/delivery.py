from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Article, TicketEvent


def miss(ticket_id: int, *, by: Actor, article_id: int, why: str, at: datetime | None = None) -> TicketEvent:
    """The letter that carried an article did not reach the client. `why`: to which address, and what the server said.

    The request is marked where the desk has said nothing since that its client sees. Raises NotFound.
    """
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        if _is_last_word(act.ticket.pk, article_id):
            act.set(undelivered=True)
        # names no article: nobody has written anything, so that no writer is told «somebody answered»
        return act.finish(act.event("letter_failed", note=why))


def reach(ticket_id: int, *, by: Actor, article_id: int, why: str, at: datetime | None = None) -> TicketEvent:
    """A letter that had failed was sent again after all, and no other of this article is missing. Raises NotFound."""
    with verb():
        act = base.locked(ticket_id, by=by, at=at)
        if act.ticket.undelivered and _is_last_word(act.ticket.pk, article_id):
            act.set(undelivered=False)
        return act.finish(act.event("letter_delivered", note=why))


def _is_last_word(ticket_id: int, article_id: int) -> bool:
    """Whether the desk, or the system for it, has written nothing later that the client sees."""
    later = Article.objects.filter(ticket=ticket_id, pk__gt=article_id, visible_to_client=True)
    return not later.exclude(sender=Article.Sender.CLIENT).exists()

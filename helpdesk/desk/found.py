"""What the desk asks the search room: requests by words, and the request that a typed number names."""

from django.db.models import Q, QuerySet

from helpdesk.core.actor import Actor
from helpdesk.tickets import numbers, queries
from helpdesk.tickets.models import Ticket


def number(words: str, actor: Actor) -> str:
    """The number of the visible request that `words` name by its number alone; empty if there is none."""
    typed = numbers.typed(words)
    if not typed:
        return ""
    return queries.visible_to(actor).filter(number=typed).values_list("number", flat=True).first() or ""


def narrowed(rows: QuerySet[Ticket], words: str) -> QuerySet[Ticket]:
    """The rows whose subject, number or last words hold what was typed."""
    if not words:
        return rows
    return rows.filter(Q(subject__icontains=words) | Q(number=words) | Q(snippet__icontains=words))

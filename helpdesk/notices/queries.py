"""Reading the bell. Each person sees their own lines, and of these only what they may still read."""

from django.db.models import QuerySet

from helpdesk.core.actor import Actor
from helpdesk.notices.models import Notice
from helpdesk.tickets import queries


def of(actor: Actor) -> QuerySet[Notice]:
    """The lines of a person whose requests they still see, newest first, with ticket and article's author."""
    return (
        Notice.objects.filter(person_id=actor.person_id or 0, ticket__in=queries.visible_to(actor).order_by())
        .select_related("ticket", "article__author")
        .order_by("-created_at", "-pk")
    )


def newest(actor: Actor, *, limit: int = 30) -> list[Notice]:
    """The newest lines. One statement."""
    return list(of(actor)[:limit])


def unread(actor: Actor) -> int:
    """How many lines wait to be read: the figure at the bell. One statement."""
    return Notice.objects.filter(
        person_id=actor.person_id or 0, read_at=None, ticket__in=queries.visible_to(actor).order_by()
    ).count()

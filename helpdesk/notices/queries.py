"""Reading the bell. Each person sees their own lines, and of these only what they may still read."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from helpdesk.accounts import session_store
from helpdesk.core.actor import Actor
from helpdesk.notices.models import Notice
from helpdesk.tickets import queries

COUNTED = 100  # requests with unread lines are counted up to here; a bell says «99+»
READ_AT_MOST = 500  # unread lines that are compared for the one that tells most
_BROUGHT = "notices.unread"
# of a client, whose every page shows the bell; NULL for everybody else, who ask when they need it
_UNREAD = f"""CASE WHEN p.kind = 'client' THEN (SELECT count(*) FROM (
  SELECT DISTINCT n.ticket_id FROM notices_notice n JOIN tickets_ticket t ON t.id = n.ticket_id
   WHERE n.person_id = p.id AND n.read_at IS NULL AND {queries.CLIENT_SIGHT} LIMIT {COUNTED}) x) END"""  # noqa: S608


def come_with_sessions() -> None:
    """Have the figure at a client's bell read with the session: then no page needs a statement for it."""
    session_store.bring_along(_BROUGHT, _UNREAD)


def of(actor: Actor) -> QuerySet[Notice]:
    """The lines of a person whose requests they still see, newest first, with ticket and article's author."""
    return (
        Notice.objects.filter(person_id=actor.person_id or 0, ticket__in=queries.visible_to(actor).order_by())
        .select_related("ticket", "article__author")
        .order_by("-created_at", "-pk")
    )


def by_request(actor: Actor) -> QuerySet[Notice]:
    """The newest line of each request, newest first; `waiting`: how many lines of its request wait to be read."""
    beside = Notice.objects.filter(person_id=OuterRef("person_id"), ticket_id=OuterRef("ticket_id"))
    newer = Q(created_at__gt=OuterRef("created_at")) | Q(created_at=OuterRef("created_at"), pk__gt=OuterRef("pk"))
    unread_of = beside.filter(read_at=None).order_by().values("ticket_id").annotate(many=Count("pk")).values("many")
    waiting = {"waiting": Coalesce(Subquery(unread_of), Value(0))}  # an attribute that the model names
    return of(actor).filter(~Exists(beside.filter(newer))).annotate(**waiting)


def unread_first(actor: Actor, *, limit: int) -> list[Notice]:
    """The newest line of each request, those that wait to be read before all others: where few are shown, none of them
    is missed. One statement."""
    is_read = ExpressionWrapper(Q(waiting=0), output_field=BooleanField())
    return list(by_request(actor).order_by(is_read, "-created_at", "-pk")[:limit])


def newest(actor: Actor, *, limit: int = 30, before: int | None = None) -> list[Notice]:
    """The newest line of each request; with `before` those that stand below this line of the person. One statement,
    two with it."""
    found = by_request(actor)
    if before is not None:
        edge = Notice.objects.filter(person_id=actor.person_id or 0, pk=before).values_list("created_at").first()
        found = found.filter(_below(edge[0], before)) if edge else found.none()
    return list(found[:limit])


def unread_beside(actor: Actor, shown: Iterable[Notice]) -> dict[int, list[Notice]]:
    """By request, the unread lines of these, the newest first: the latest is not always the one that tells most. One
    statement, none where nothing is unread."""
    waiting = [one.ticket_id for one in shown if one.waiting]
    found: dict[int, list[Notice]] = {}
    if waiting:
        for one in of(actor).filter(ticket_id__in=waiting, read_at=None)[:READ_AT_MOST]:
            found.setdefault(one.ticket_id, []).append(one)
    return found


def _below(at: datetime, line: int) -> Q:
    return Q(created_at__lt=at) | Q(created_at=at, pk__lt=line)


def unread(actor: Actor) -> int:
    """In how many requests lines wait to be read, counted up to COUNTED: the figure at the bell, which opens as many
    rows. One statement, none where it came with the session."""
    known = actor.known.get(_BROUGHT)
    if known is None:
        rows = Notice.objects.filter(
            person_id=actor.person_id or 0, read_at=None, ticket__in=queries.visible_to(actor).order_by()
        )
        known = rows.order_by().values("ticket_id").distinct()[:COUNTED].count()
    return int(known)


def know_unread(actor: Actor) -> int:
    """The same figure, known from now on: for a page that shows it twice and reads nothing meanwhile."""
    known = actor.known[_BROUGHT] = unread(actor)
    return known


def forget_unread(actor: Actor) -> None:
    """Count anew at the next question: lines of this person were read."""
    actor.known[_BROUGHT] = None

"""Reading requests. Everything goes through `visible_to`: the one place that says which rows a person sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, F, IntegerField, OuterRef, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.models import (
    Article,
    Attachment,
    Category,
    NumberAlias,
    Participant,
    Phase,
    Priority,
    Queue,
    ReadMark,
    Right,
    State,
    Ticket,
    TicketEvent,
)


def visible_to(actor: Actor) -> QuerySet[Ticket]:
    """The requests that a person sees; the same rule as policies.may_read, over rows."""
    return Ticket.objects.filter(_rule(access_of(actor)))


def _rule(access: Access) -> Q:
    if access.is_system:
        return Q()
    if access.is_agent:
        kept = Q(queue_id__in=access.queues_with(Right.READ)) & ~Q(phase=Phase.REMOVED)
        full = access.queues_with(Right.FULL)
        return kept | Q(queue_id__in=full) if full else kept
    if not access.is_client:
        return Q(pk__in=[])
    me = access.person_id
    own = Q(author_id=me) & (Q(company_id__isnull=True) | Q(company_id__in=sorted(access.companies)))
    part = Q(company_id__in=sorted(access.companies)) & Q(
        Exists(Participant.objects.filter(ticket=OuterRef("pk"), person_id=me or 0))
    )
    wide = Q(company_id__in=sorted(access.company_wide))
    return (own | wide | part) & ~Q(phase=Phase.REMOVED)


def for_page(actor: Actor, number: str) -> Ticket:
    """One request with what its page shows, and `read_seq`; an older number leads to the request it belongs to.

    Raises NotFound.
    """
    if "\0" in number or len(number) > 50:
        raise NotFound
    rows = with_read_seq(visible_to(actor), actor).select_related(
        "queue", "state", "priority", "category", "company", "author", "owner", "responsible", "due_by"
    )
    ticket = rows.filter(number=number).first()
    if ticket is None:
        alias = NumberAlias.objects.filter(number=number).values_list("ticket_id", flat=True).first()
        ticket = rows.filter(pk=alias).first() if alias else None
    if ticket is None:
        raise NotFound
    return ticket


def articles(actor: Actor, ticket: Ticket) -> list[Article]:
    """The articles of a visible request that this person sees, oldest first, with files. Two statements."""
    rows = ticket.articles.select_related("author").prefetch_related(
        Prefetch("attachments", Attachment.objects.order_by("position"))
    )
    if not access_of(actor).is_agent:
        rows = rows.filter(visible_to_client=True)
    return list(rows.order_by("seq"))


def attachment(actor: Actor, number: str, attachment_id: int) -> Attachment:
    """A file of an article that this person sees. Raises NotFound."""
    rows = Attachment.objects.select_related("article").filter(
        pk=attachment_id, article__ticket__in=visible_to(actor).filter(number=number)
    )
    if not access_of(actor).is_agent:
        rows = rows.filter(article__visible_to_client=True)
    found = rows.first()
    if found is None:
        raise NotFound
    return found


def history(ticket: Ticket) -> QuerySet[TicketEvent]:
    """All events of a request, oldest first. For the desk only."""
    return ticket.events.select_related("actor").order_by("seq")


@dataclass(frozen=True, slots=True)
class Counts:
    """How many requests a list has by phase; of the open ones: those that wait for the client, those finished."""

    open: int
    closed: int
    waiting: int
    finished: int

    @property
    def all(self) -> int:
        return self.open + self.closed


def with_read_seq(rows: QuerySet[Ticket], actor: Actor) -> QuerySet[Ticket]:
    """Adds `read_seq`: the newest article this person has seen (0: none), for unread marks."""
    mark = ReadMark.objects.filter(ticket=OuterRef("pk"), person_id=actor.person_id or 0).values("seq")[:1]
    return rows.annotate(read_seq=Coalesce(mark, Value(0), output_field=IntegerField()))


@dataclass(frozen=True, slots=True)
class ClientSummary:
    """What stands around every page of a client: own requests that wait for them, names of their companies."""

    waiting: int
    companies: str


def client_summary(actor: Actor) -> ClientSummary:
    """The figure at the tab and the companies' names. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (SELECT count(*) FROM tickets_ticket t
                     WHERE t.author_id = %s AND t.phase = 'open' AND t.waits_for = 'client'
                       AND (t.company_id IS NULL OR t.company_id = ANY(%s))),
                   (SELECT coalesce(string_agg(short_name, ', ' ORDER BY sort_key), '') FROM accounts_company
                     WHERE id = ANY(%s))
            """,
            [actor.person_id, *[sorted(access_of(actor).companies)] * 2],
        )
        return ClientSummary(*cursor.fetchone())


def colleagues_who_see(ticket: Ticket) -> int:
    """How many members of the request's company beside its author see it. One statement."""
    if ticket.company_id is None:
        return 0
    members = Person.objects.filter(
        kind="client", inactive_at=None, memberships__company=ticket.company_id, memberships__inactive_at=None
    ).exclude(pk=ticket.author_id)
    part = Exists(Participant.objects.filter(ticket=ticket, person=OuterRef("pk")))
    return members.filter(Q(memberships__sees="company") | Q(part)).distinct().count()


def client_events(ticket: Ticket) -> list[TicketEvent]:
    """The turns of a request that its client is shown: opened, taken, states. One statement."""
    rows = ticket.events.filter(Q(verb__in=["opened", "owner_set"]) | Q(field="state"))
    return list(rows.select_related("actor").order_by("seq"))


@dataclass(frozen=True, slots=True)
class DeskCount:
    """Open requests of a queue: all, unassigned, mine, mine waiting for the client, overdue."""

    queue_id: int
    open: int
    unassigned: int
    mine: int
    mine_waiting: int
    overdue: int


def desk_counts(actor: Actor, *, at: datetime) -> list[DeskCount]:
    """The figures of the rail: one statement over the index of open requests."""
    queues = access_of(actor).queues_with(Right.READ)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT queue_id, count(*),
                   count(*) FILTER (WHERE owner_id IS NULL),
                   count(*) FILTER (WHERE owner_id = %s),
                   count(*) FILTER (WHERE owner_id = %s AND waits_for = 'client'),
                   count(*) FILTER (WHERE due_at < %s AND waits_for = 'desk')
              FROM tickets_ticket WHERE phase = 'open' AND queue_id = ANY(%s) GROUP BY queue_id
            """,
            [actor.person_id, actor.person_id, at, queues],
        )
        return [DeskCount(*row) for row in cursor.fetchall()]


def queues_for_client(actor: Actor) -> list[Queue]:
    """What a client may choose as recipient, in order. One statement."""
    if not access_of(actor).is_client:
        return []
    return list(Queue.objects.filter(client_chooses=True, inactive_at=None))


def queues_with(actor: Actor, right: Right) -> list[Queue]:
    """The active queues where an agent holds a right, in order. One statement."""
    return list(Queue.objects.filter(pk__in=access_of(actor).queues_with(right), inactive_at=None))


def states() -> list[State]:
    """All active states in order. One statement."""
    return list(State.objects.filter(inactive_at=None).order_by("position"))


def priorities() -> list[Priority]:
    """All priorities, low to urgent. One statement."""
    return list(Priority.objects.order_by("rank"))


def categories() -> list[Category]:
    """All active categories, as a tree in reading order. One statement."""
    return list(Category.objects.filter(inactive_at=None).order_by("path"))


def staff_of_queue(queue_id: int, right: Right = Right.ANSWER) -> list[Person]:
    """The active agents who hold a right in a queue (directly, or by the queues above it). One statement."""
    return list(
        Person.objects.raw(
            """
            SELECT DISTINCT p.* FROM accounts_person p
              JOIN accounts_person_roles pr ON pr.person_id = p.id
              JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL
              JOIN tickets_grant g ON g.role_id = r.id AND g.right IN (%s, 'full')
              JOIN tickets_queue q ON q.id = %s
              LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
             WHERE p.kind = 'agent' AND p.inactive_at IS NULL AND (g.queue_id IS NULL OR q.path LIKE gq.path || '%%')
             ORDER BY p.sort_key, p.id
            """,
            [str(right), queue_id],
        )
    )


def readers(ticket: Ticket) -> Sequence[ReadMark]:
    """Who has read how far."""
    return list(ticket.read_marks.select_related("person").order_by("-at"))


def due_to_close(at: datetime, limit: int = 500) -> list[int]:
    """Ids of finished requests whose time of automatic closing has come, oldest first."""
    return list(
        Ticket.objects.filter(phase=Phase.OPEN, pending_until__lte=at, state__type="pending_auto")
        .order_by("pending_until")
        .values_list("pk", flat=True)[:limit]
    )


def due_to_remind(at: datetime, limit: int = 500) -> list[int]:
    """Ids of requests whose reminder has come, oldest first."""
    return list(
        Ticket.objects.filter(phase=Phase.OPEN, pending_until__lte=at, state="reminder")
        .order_by("pending_until")
        .values_list("pk", flat=True)[:limit]
    )


def newest_first(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The order of lists: who spoke last, first."""
    return rows.order_by("-last_article_at", "-pk")


def by_deadline(rows: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """The order of the desk: the promised time first, then the oldest."""
    return rows.order_by(F("due_at").asc(nulls_last=True), "-pk")

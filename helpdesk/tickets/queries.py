"""Reading requests. Everything goes through `visible_to`: the one place that says which rows a person sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.accounts.models import Person
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.plain import Columns
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.models import (
    Category,
    Participant,
    Phase,
    Priority,
    Queue,
    ReadMark,
    Right,
    State,
    Ticket,
)

_STAFF = Columns(Person, "p")


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


def sight_sql(access: Access) -> tuple[str, list[Any]]:
    """The rule of `visible_to` in SQL, on `tickets_ticket t`, for bare statements; a test holds the two equal."""
    if access.is_system:
        return "true", []
    if access.is_agent:
        return (
            "(t.queue_id = ANY(%s) AND t.phase <> 'removed' OR t.queue_id = ANY(%s))",
            [access.queues_with(Right.READ), access.queues_with(Right.FULL)],
        )
    if not access.is_client:
        return "false", []
    companies, wide = sorted(access.companies), sorted(access.company_wide)
    return (
        """(t.phase <> 'removed' AND (t.company_id = ANY(%s)
            OR (t.author_id = %s AND (t.company_id IS NULL OR t.company_id = ANY(%s)))
            OR (t.company_id = ANY(%s) AND EXISTS (
                  SELECT 1 FROM tickets_participant p WHERE p.ticket_id = t.id AND p.person_id = %s))))""",
        [wide, access.person_id, companies, companies, access.person_id],
    )


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


def waiting_for_client(actor: Actor) -> int:
    """How many own open requests wait for this client: the figure at the tab. One statement."""
    found = db.fetch(
        """SELECT count(*) FROM tickets_ticket t
            WHERE t.author_id = %s AND t.phase = 'open' AND t.waits_for = 'client'
              AND (t.company_id IS NULL OR t.company_id = ANY(%s))""",
        [actor.person_id, sorted(access_of(actor).companies)],
    )
    return int(found[0][0])


@dataclass(frozen=True, slots=True)
class DeskCount:
    """Open requests of a queue: all, unassigned, mine, mine waiting for the client, overdue."""

    queue_id: int
    open: int
    unassigned: int
    mine: int
    mine_waiting: int
    overdue: int


def queues_for_client(actor: Actor) -> list[Queue]:
    """What a client may choose as recipient, in order."""
    if not access_of(actor).is_client:
        return []
    return [row for row in dictionary_of(actor).queues.values() if row.client_chooses and row.inactive_at is None]


def queues_with(actor: Actor, right: Right) -> list[Queue]:
    """The active queues where an agent holds a right, in order."""
    held = set(access_of(actor).queues_with(right))
    return [row for row in dictionary_of(actor).queues.values() if row.pk in held and row.inactive_at is None]


def states(actor: Actor) -> list[State]:
    """All active states in order."""
    return [row for row in dictionary_of(actor).states.values() if row.inactive_at is None]


def priorities(actor: Actor) -> list[Priority]:
    """All active priorities, low to urgent."""
    return [row for row in dictionary_of(actor).priorities.values() if row.inactive_at is None]


def categories(actor: Actor) -> list[Category]:
    """All active categories, as a tree in reading order."""
    return [row for row in dictionary_of(actor).categories.values() if row.inactive_at is None]


def staff_of_queue(queue_id: int, right: Right = Right.ANSWER) -> list[Person]:
    """The active agents who hold a right in a queue (directly, or by the queues above it). One statement."""
    rows = db.fetch(
        f"""
            SELECT DISTINCT {_STAFF.sql} FROM accounts_person p
              JOIN accounts_person_roles pr ON pr.person_id = p.id
              JOIN accounts_role r ON r.id = pr.role_id AND r.inactive_at IS NULL
              JOIN tickets_grant g ON g.role_id = r.id AND g.right IN (%s, 'full')
              JOIN tickets_queue q ON q.id = %s
              LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
             WHERE p.kind = 'agent' AND p.inactive_at IS NULL AND (g.queue_id IS NULL OR q.path LIKE gq.path || '%%')
             ORDER BY p.sort_key, p.id
            """,  # noqa: S608  our own text
        [str(right), queue_id],
    )
    return _STAFF.all(rows)


def readers(ticket: Ticket) -> Sequence[ReadMark]:
    """Who has read how far."""
    return list(ticket.read_marks.select_related("person").order_by("-at"))


def due_to_close(at: datetime, limit: int = 500) -> list[int]:
    """Ids of finished requests whose time of automatic closing has come, oldest first."""
    return list(
        Ticket.objects.filter(phase=Phase.OPEN, pending_until__lte=at)
        .filter(Q(state__type="pending_auto") | Q(state__closes_after__isnull=False))
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

"""Reading requests. Everything goes through `visible_to`: the one place that says which rows a person sees."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from helpdesk.accounts.models import Membership, Person
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


def sight_sql(access: Access, *, of_all: bool = False) -> tuple[str, list[Any]]:
    """The rule of `visible_to` in SQL, on `tickets_ticket t`, for bare statements; a test holds the two equal.

    `of_all`: in the form in which indexes give all requests that a client sees, where no other condition narrows them.
    """
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
    if access.companies <= access.company_wide:  # own requests and observed ones are among those of the companies
        sql = "(t.phase <> 'removed' AND (t.company_id = ANY(%s) OR (t.author_id = %s AND t.company_id IS NULL)))"
        return sql, [wide, access.person_id]
    part = "EXISTS (SELECT 1 FROM tickets_participant p WHERE p.ticket_id = t.id AND p.person_id = %s)"
    if of_all:
        part = "t.id = ANY(ARRAY(SELECT p.ticket_id FROM tickets_participant p WHERE p.person_id = %s))"
    return (
        f"""(t.phase <> 'removed' AND (t.company_id = ANY(%s)
            OR (t.author_id = %s AND (t.company_id IS NULL OR t.company_id = ANY(%s)))
            OR (t.company_id = ANY(%s) AND {part})))""",
        [wide, access.person_id, companies, companies, access.person_id],
    )


# the same rule for a client, over `accounts_person p` instead of what is known of their access: for what comes along
# with the session (`session_store.bring_along`), when the access itself is only on its way; a test holds it equal too
CLIENT_SIGHT = """(t.phase <> 'removed' AND (t.author_id = p.id AND t.company_id IS NULL OR EXISTS (
    SELECT 1 FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id
     WHERE m.person_id = p.id AND m.company_id = t.company_id AND m.inactive_at IS NULL AND c.inactive_at IS NULL
       AND (m.sees = 'company' OR t.author_id = p.id OR EXISTS (
             SELECT 1 FROM tickets_participant tp WHERE tp.ticket_id = t.id AND tp.person_id = p.id)))))"""


def queues_seen_sql(access: Access, among: Sequence[int]) -> tuple[str, list[Any]]:
    """The ids of those of these queues where requests stand that a client sees: the rule of `visible_to` as one read
    of an index for each way of seeing; a test holds the two equal."""
    companies, wide, queues = sorted(access.companies), sorted(access.company_wide), list(among)
    return (
        """SELECT DISTINCT t.queue_id FROM (
             SELECT c.queue_id, c.phase FROM tickets_ticket c WHERE c.company_id = ANY(%s) AND c.queue_id = ANY(%s)
             UNION ALL SELECT o.queue_id, o.phase FROM tickets_ticket o WHERE o.author_id = %s
                AND o.queue_id = ANY(%s) AND (o.company_id IS NULL OR o.company_id = ANY(%s))
             UNION ALL SELECT s.queue_id, s.phase FROM tickets_participant p JOIN tickets_ticket s ON s.id = p.ticket_id
                WHERE p.person_id = %s AND s.queue_id = ANY(%s) AND s.company_id = ANY(%s)
           ) t WHERE t.phase <> 'removed'""",
        [wide, queues, access.person_id, queues, companies, access.person_id, queues, companies],
    )


def others_than_chosen(actor: Actor) -> list[int]:
    """The queues that a client cannot choose: the desk's own, and those that take no more."""
    return [row.pk for row in dictionary_of(actor).queues.values() if not _is_chosen(row)]


def queues_to_narrow_by(actor: Actor, seen: Collection[int] | None = None) -> list[Queue]:
    """The recipients that visible requests may have, in order: those that a client may choose, and those of
    `others_than_chosen` where such requests stand. `seen`: these, where a statement has read them along
    (`queues_seen_sql`); otherwise one statement, where there are others at all."""
    others = others_than_chosen(actor) if seen is None else []
    if others:
        seen = {key for (key,) in db.fetch(*queues_seen_sql(access_of(actor), others))}
    return [row for row in dictionary_of(actor).queues.values() if _is_chosen(row) or row.pk in (seen or ())]


def _is_chosen(queue: Queue) -> bool:
    return queue.client_chooses and queue.inactive_at is None


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


# how many own open requests wait for a client: the person, their companies
WAITING = """SELECT count(*) FROM tickets_ticket w
              WHERE w.author_id = %s AND w.phase = 'open' AND w.waits_for = 'client'
                AND (w.company_id IS NULL OR w.company_id = ANY(%s))"""


def open_of(actor: Actor, *, author_id: int, company_id: int) -> list[int]:
    """The ids of a colleague's open requests in a company, as far as this person sees them, in order."""
    rows = visible_to(actor).filter(author_id=author_id, company_id=company_id, phase=Phase.OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Named:
    """A request by its number and subject."""

    number: str
    subject: str


def named(actor: Actor, ids: Sequence[int]) -> list[Named]:
    """Those of these requests that this person sees, in the order of their ids. One statement."""
    rows = visible_to(actor).filter(pk__in=ids).order_by("pk").values_list("number", "subject")
    return [Named(*row) for row in rows]


def of_batches(actor: Actor, batches: Sequence[str]) -> dict[str, list[Named]]:
    """By batch, the requests that one press changed, as far as this person sees them, in order. One statement."""
    sight, values = sight_sql(access_of(actor))
    rows = db.fetch(
        f"""SELECT e.batch::text, t.number, t.subject FROM tickets_ticketevent e
              JOIN tickets_ticket t ON t.id = e.ticket_id
             WHERE e.batch IS NOT NULL AND e.batch = ANY(%s::uuid[]) AND {sight} ORDER BY e.id""",  # noqa: S608
        [list(batches), *values],
    )
    found: dict[str, list[Named]] = {}
    for batch, number, subject in rows:
        found.setdefault(batch, []).append(Named(number, subject))
    return found


def observers(ticket: Ticket) -> list[Person]:
    """Who observes a visible request, by name: those who still belong to its company. A place that has ended stays
    stored, and counts again where its person comes back."""
    rows = Person.objects.filter(
        takes_part__ticket=ticket, takes_part__role=Participant.Role.OBSERVER, kind=Person.Kind.CLIENT, inactive_at=None
    )
    here = Membership.objects.filter(
        person_id=OuterRef("pk"), company_id=ticket.company_id or 0, inactive_at=None, company__inactive_at=None
    )
    return list(rows.filter(Exists(here)).order_by("sort_key", "pk"))


def waiting_for_client(actor: Actor) -> int:
    """How many own open requests wait for this client, who can answer them: the figure at the tab. One statement."""
    found = db.fetch(WAITING, [actor.person_id, sorted(access_of(actor).writes)])
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


@dataclass(frozen=True, slots=True)
class OwnCount:
    """Open requests that a specialist owns: where the client has had the last word, overdue, whose reminder has come,
    put off, done."""

    answered: int = 0
    overdue: int = 0
    reminders: int = 0
    pending: int = 0
    done: int = 0


def queues_for_client(actor: Actor) -> list[Queue]:
    """What a client may choose as recipient, in order."""
    if not access_of(actor).is_client:
        return []
    return [row for row in dictionary_of(actor).queues.values() if _is_chosen(row)]


def queues_once_offered(actor: Actor) -> list[Queue]:
    """Where somebody may have begun a new request, in order, switched off ones too: what was typed is named by their
    words."""
    access, queues = access_of(actor), dictionary_of(actor).queues.values()
    if access.is_client:
        return [row for row in queues if row.client_chooses]
    return [row for row in queues if access.has(Right.CREATE, row.pk)]


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

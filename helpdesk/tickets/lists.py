"""The clients' lists as plain rows: one statement, no model objects, since lists are what everybody opens all day.

`sight_sql` is queries.visible_to for clients written in SQL; a test holds the two equal over generated worlds.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from django.db import connection

from helpdesk.core.actor import Actor
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.queries import Counts

Which = Literal["mine", "company"]

# the columns that a list may be ordered by beside its own order
SORTS = {"created": "t.created_at", "subject": "t.subject", "priority": "t.priority_id", "number": "t.id"}

_GROUP = """CASE WHEN t.phase <> 'open' THEN 3 WHEN t.waits_for = 'client' THEN 0
                 WHEN t.state_id = 'autoclose' THEN 1 ELSE 2 END"""


class ListRow(NamedTuple):
    """What a band of the list shows."""

    group: int
    number: str
    subject: str
    queue_ru: str
    queue_en: str
    state: str
    state_ru: str
    state_en: str
    phase: str
    waits_for: str
    staff: str
    author: str
    last_article_at: datetime
    created_at: datetime
    due_at: datetime | None
    pending_until: datetime | None
    snippet: str
    priority: int
    unread: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page of rows with the figures of its whole list."""

    counts: Counts
    rows: list[ListRow]


def sight_sql(access: Access) -> tuple[str, list[Any]]:
    """The condition on `tickets_ticket t` under which a client sees a request."""
    companies, wide = sorted(access.companies), sorted(access.company_wide)
    if not access.is_client:
        return "false", []
    return (
        """(t.phase <> 'removed' AND (t.company_id = ANY(%s)
            OR (t.author_id = %s AND (t.company_id IS NULL OR t.company_id = ANY(%s)))
            OR (t.company_id = ANY(%s) AND EXISTS (
                  SELECT 1 FROM tickets_participant p WHERE p.ticket_id = t.id AND p.person_id = %s))))""",
        [wide, access.person_id, companies, companies, access.person_id],
    )


def _which_sql(access: Access, which: Which) -> tuple[str, list[Any]]:
    """The list's own condition, in the form that an index serves."""
    if which == "mine":
        return (
            "t.author_id = %s AND (t.company_id IS NULL OR t.company_id = ANY(%s))",
            [access.person_id, sorted(access.companies)],
        )
    if len(access.company_wide) == len(access.companies) > 0:
        return "t.company_id = ANY(%s)", [sorted(access.company_wide)]
    return sight_sql(access)


def counts(actor: Actor, which: Which) -> Counts:
    """Open, closed, waiting and finished of a list. One statement."""
    where, values = _which_sql(access_of(actor), which)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""SELECT count(*) FILTER (WHERE t.phase = 'open'), count(*) FILTER (WHERE t.phase = 'closed'),
                       count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for = 'client'),
                       count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for <> 'client' AND t.state_id = 'autoclose')
                  FROM tickets_ticket t WHERE t.phase IN ('open', 'closed') AND {where}""",  # noqa: S608  our own text
            values,
        )
        return Counts(*cursor.fetchone())


def rows(
    actor: Actor, which: Which, *, phase: str = "", sort: str = "", offset: int = 0, limit: int = 25
) -> list[ListRow]:
    """A page of a list. `phase`: open, closed or both; `sort`: a key of SORTS, «-» before it for the other way; else
    what awaits the client first, then what is finished, then the rest, each with the newest word first."""
    where, values = _which_sql(access_of(actor), which)
    column = SORTS.get(sort.removeprefix("-"))
    order = f"{column} {'DESC' if sort.startswith('-') else 'ASC'}, t.id DESC" if column else ""
    order = order or f"{_GROUP}, t.last_article_at DESC, t.id DESC"
    phases = [phase] if phase in {"open", "closed"} else ["open", "closed"]
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH page AS MATERIALIZED (
                  SELECT t.* FROM tickets_ticket t WHERE t.phase = ANY(%s) AND {where}
                   ORDER BY {order} LIMIT %s OFFSET %s)
                SELECT {_GROUP}, t.number, t.subject, q.name_ru, q.name_en, t.state_id,
                       coalesce(nullif(s.client_name_ru, ''), s.name_ru),
                       coalesce(nullif(s.client_name_en, ''), s.name_en),
                       t.phase, t.waits_for, coalesce(r.name, o.name, ''), a.name, t.last_article_at, t.created_at,
                       t.due_at, t.pending_until, t.snippet, t.priority_id, coalesce(m.seq, 0) < t.last_visible_seq
                  FROM page t
                  JOIN tickets_queue q ON q.id = t.queue_id
                  JOIN tickets_state s ON s.code = t.state_id
                  JOIN accounts_person a ON a.id = t.author_id
                  LEFT JOIN accounts_person o ON o.id = t.owner_id
                  LEFT JOIN accounts_person r ON r.id = t.responsible_id
                  LEFT JOIN tickets_readmark m ON m.ticket_id = t.id AND m.person_id = %s
                 ORDER BY {order}""",  # noqa: S608  our own text
            [phases, *values, limit, offset, actor.person_id],
        )
        return [ListRow._make(row) for row in cursor.fetchall()]

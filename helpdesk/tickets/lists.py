"""The clients' lists as plain rows: one statement, no model objects, since lists are what everybody opens all day."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.models import StateType
from helpdesk.tickets.queries import Counts, sight_sql

Which = Literal["mine", "company"]

# the columns that a list may be ordered by beside its own order
SORTS = {"created": "t.created_at", "subject": "t.subject", "priority": "t.priority_id", "number": "t.id"}

_GROUP = """CASE WHEN t.phase <> 'open' THEN 3 WHEN t.waits_for = 'client' THEN 0
                 WHEN t.state_id = ANY({closing}) THEN 1 ELSE 2 END"""


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
    state_waits_for: str
    last_client_at: datetime | None
    last_agent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list with the figures of the whole list; `number` and `pages` from 1."""

    counts: Counts
    rows: list[ListRow]
    number: int
    pages: int


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


_FIGURES = """
    count(*) FILTER (WHERE t.phase = 'open') AS open,
    count(*) FILTER (WHERE t.phase = 'closed') AS closed,
    count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for = 'client') AS waiting,
    count(*) FILTER (WHERE t.phase = 'open' AND t.waits_for <> 'client' AND t.state_id = ANY({closing})) AS finished
"""


def page(actor: Actor, which: Which, *, phase: str = "", sort: str = "", number: int = 1, size: int = 25) -> Page:
    """A page of a list. `phase`: open, closed or both; `sort`: a key of SORTS, «-» before it for the other way; else
    what awaits the client first, then what is finished, then the rest, each with the newest word first. A `number`
    beyond the end is the last page. One statement for the first page, two for others."""
    if number > 1:
        number = min(number, _pages(_counts(actor, which), phase, size))
    counts, rows = _read(actor, which, phase=phase, sort=sort, offset=(number - 1) * size, limit=size)
    return Page(counts, rows, number, _pages(counts, phase, size))


def _pages(counts: Counts, phase: str, size: int) -> int:
    total = {"open": counts.open, "closed": counts.closed}.get(phase, counts.all)
    return max(1, -(-total // size))


def _closing(actor: Actor) -> str:
    """The states that close by themselves, as an array in SQL; an index holds the state, not the moment of closing."""
    rows = dictionary_of(actor).states.values()
    codes = sorted(row.code for row in rows if row.type == StateType.PENDING_AUTO or row.closes_after)
    quoted = ", ".join("'{}'".format(code.replace("'", "''").replace("%", "%%")) for code in codes)
    return f"ARRAY[{quoted}]::text[]"


def _counts(actor: Actor, which: Which) -> Counts:
    where, values = _which_sql(access_of(actor), which)
    figures = _FIGURES.format(closing=_closing(actor))
    found = db.fetch(
        f"SELECT {figures} FROM tickets_ticket t WHERE t.phase IN ('open', 'closed') AND {where}",  # noqa: S608
        values,
    )
    return Counts(*found[0])


def _read(
    actor: Actor, which: Which, *, phase: str, sort: str, offset: int, limit: int
) -> tuple[Counts, list[ListRow]]:
    where, values = _which_sql(access_of(actor), which)
    group, figures = (sql.format(closing=_closing(actor)) for sql in (_GROUP, _FIGURES))
    column = SORTS.get(sort.removeprefix("-"))
    order = f"{column} {'DESC' if sort.startswith('-') else 'ASC'}, t.id DESC" if column else ""
    order = order or f"{group}, t.last_article_at DESC, t.id DESC"
    author = "(SELECT name FROM accounts_person WHERE id = t.author_id)" if which == "company" else "''"
    phases = [phase] if phase in {"open", "closed"} else ["open", "closed"]
    found = db.fetch(
        f"""WITH figures AS (
                  SELECT {figures} FROM tickets_ticket t WHERE t.phase IN ('open', 'closed') AND {where}),
                page AS (
                  SELECT row_number() OVER (ORDER BY {order}) AS place, {group} AS band, t.number, t.subject,
                         q.name_ru AS queue_ru, q.name_en AS queue_en, t.state_id,
                         coalesce(nullif(s.client_name_ru, ''), s.name_ru) AS state_ru,
                         coalesce(nullif(s.client_name_en, ''), s.name_en) AS state_en, t.phase, t.waits_for,
                         coalesce((SELECT name FROM accounts_person
                                    WHERE id = coalesce(t.responsible_id, t.owner_id)), '') AS staff,
                         {author} AS author, t.last_article_at, t.created_at, t.due_at, t.pending_until, t.snippet,
                         t.priority_id, coalesce((SELECT m.seq FROM tickets_readmark m
                                    WHERE m.ticket_id = t.id AND m.person_id = %s), 0) < t.last_visible_seq AS unread,
                         s.waits_for AS state_waits_for, t.last_client_at, t.last_agent_at
                    FROM (SELECT t.id FROM tickets_ticket t WHERE t.phase = ANY(%s) AND {where}
                           ORDER BY {order} LIMIT %s OFFSET %s) chosen
                    JOIN tickets_ticket t ON t.id = chosen.id
                    JOIN tickets_queue q ON q.id = t.queue_id
                    JOIN tickets_state s ON s.code = t.state_id)
                SELECT figures.*, page.* FROM figures LEFT JOIN page ON true ORDER BY page.place""",  # noqa: S608
        [*values, actor.person_id, phases, *values, limit, offset],
    )
    counts = Counts(*found[0][:4])
    return counts, [ListRow._make(row[5:]) for row in found if row[4] is not None]

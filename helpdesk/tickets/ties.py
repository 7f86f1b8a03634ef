"""What a request's page shows of other requests that it is tied to: links, those merged into it, those to tie it to.

The SQL stands over a statement that has `found`, the request; `sight` is that of `queries.sight_sql`.
"""

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.tickets import lines, numbers, pages
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lines import Line
from helpdesk.tickets.models import Link, Phase, Ticket
from helpdesk.tickets.queries import sight_sql

NEAR = 8  # requests that are offered where nobody has searched yet
_LINKS = """(SELECT json_agg(json_build_array(l.kind, l.source_id = (SELECT id FROM found), t.id, t.number, t.subject,
                                           t.state_id, s.name_ru, s.name_en, t.phase) ORDER BY l.id)
  FROM tickets_link l
  JOIN tickets_ticket t ON t.id = CASE WHEN l.source_id = (SELECT id FROM found) THEN l.target_id ELSE l.source_id END
  JOIN tickets_state s ON s.code = t.state_id
 WHERE (l.source_id = (SELECT id FROM found) OR l.target_id = (SELECT id FROM found)) AND {sight})"""
_PARTS = """(SELECT json_agg(json_build_array(m.id, m.number, m.subject, p.name, m.queue_id) ORDER BY m.id)
  FROM tickets_ticket m JOIN accounts_person p ON p.id = m.author_id WHERE m.part_of_id = (SELECT id FROM found))"""
# numbers of the requests that lines of the history name
_NAMED = """(SELECT json_object_agg(t.id, t.number) FROM tickets_ticket t WHERE {sight} AND t.id IN (
  SELECT (x.v ->> 'ticket')::bigint FROM tickets_ticketevent e, LATERAL (VALUES (e.old), (e.new)) AS x(v)
   WHERE e.ticket_id = (SELECT id FROM found) AND e.field IN ('link', 'merge', 'part', 'split')))"""
TIES = f"json_build_array({_LINKS}, {_PARTS}, {_NAMED})"
TIMES = 2  # that `sight` stands in TIES


class Tie(NamedTuple):
    """A visible request that another one is linked to; `out`: this one is the link's source."""

    kind: str
    out: bool
    id: int
    number: str
    subject: str
    state: str
    state_ru: str
    state_en: str
    phase: str


class Part(NamedTuple):
    """A request that was merged into another one."""

    id: int
    number: str
    subject: str
    author: str
    queue_id: int


@dataclass(frozen=True, slots=True)
class Ties:
    """What TIES gave: links, merged requests, and by id the numbers that the history names."""

    links: tuple[Tie, ...] = ()
    parts: tuple[Part, ...] = ()
    numbers: dict[int, str] = field(default_factory=dict)


def ties_of(found: list[Any]) -> Ties:
    """The ties that TIES gave."""
    links, parts, named = found
    return Ties(
        tuple(Tie._make(row) for row in links or ()),
        tuple(Part._make(row) for row in parts or ()),
        {int(key): number for key, number in (named or {}).items()},
    )


def near(actor: Actor, ticket: Ticket) -> list[Line]:
    """Requests of the same author or company that a request may belong to, the newest first. One statement."""
    condition = "t.phase IN ('open', 'closed') AND t.id <> %s AND (t.author_id = %s OR t.company_id = %s)"
    return lines.newest(actor, condition, [ticket.pk, ticket.author_id, ticket.company_id or 0], limit=NEAR)


def by_number(actor: Actor, text: str) -> Ticket | None:
    """The visible request that a text names by its number alone; None where it names none."""
    number = numbers.typed(text[:200])
    try:
        return pages.for_page(actor, number) if number else None
    except NotFound:
        return None


def is_part(ticket_id: int, *, of: Ticket) -> bool:
    """Whether a request was merged into a visible one."""
    return Ticket.objects.filter(pk=ticket_id, part_of=of).exists()


def open_children(actor: Actor, ticket_id: int) -> list[Line]:
    """The open requests that belong to this one as its children, as far as this person sees them, in order."""
    sight, values = sight_sql(access_of(actor))
    rows = db.fetch(
        f"""SELECT t.id FROM tickets_link l JOIN tickets_ticket t ON t.id = l.target_id
             WHERE l.source_id = %s AND l.kind = %s AND t.phase = %s AND {sight} ORDER BY t.id""",  # noqa: S608
        [ticket_id, Link.Kind.PARENT, Phase.OPEN, *values],
    )
    return list(lines.by_ids(actor, [pk for (pk,) in rows]).values()) if rows else []

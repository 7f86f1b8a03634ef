"""Requests as rows of a table to take along: by their ids, some at a time, in short transactions."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.access import access_of
from helpdesk.tickets.queries import sight_sql

AT_ONCE = 500


class SheetRow(NamedTuple):
    """What a table tells of a request, as its client sees it; what is the desk's alone stands at the end. Names of
    masters in both languages; `fields`: the stored values of the queue's own fields."""

    id: int
    number: str
    subject: str
    queue_ru: str
    queue_en: str
    state_ru: str
    state_en: str
    phase: str
    waits_for: str
    state_waits_for: str
    priority: int
    priority_ru: str
    priority_en: str
    category_ru: str
    category_en: str
    author: str
    company: str
    staff: str
    last_by: str
    created_at: datetime
    last_article_at: datetime
    closed_at: datetime | None
    last_client_at: datetime | None
    last_agent_at: datetime | None
    snippet: str
    fields: dict[str, Any]
    desk_state_ru: str  # as specialists know it, like all that follows
    desk_state_en: str
    type_ru: str
    type_en: str
    owner: str
    responsible: str
    channel: str
    changed_at: datetime
    due_at: datetime | None
    pending_until: datetime | None
    tags: str


_SQL = """
SELECT t.id, t.number, t.subject, q.name_ru, q.name_en, coalesce(nullif(s.client_name_ru, ''), s.name_ru),
       coalesce(nullif(s.client_name_en, ''), s.name_en), t.phase, t.waits_for, s.waits_for, t.priority_id, p.name_ru,
       p.name_en, coalesce(c.name_ru, ''), coalesce(c.name_en, ''), a.name, coalesce(f.short_name, ''),
       coalesce(w.name, ''), coalesce(b.name, ''), t.created_at, t.last_article_at, t.closed_at, t.last_client_at,
       t.last_agent_at, t.snippet, t.fields, s.name_ru, s.name_en, coalesce(y.name_ru, ''), coalesce(y.name_en, ''),
       coalesce(o.name, ''), coalesce(r.name, ''), t.channel, t.changed_at, t.due_at, t.pending_until,
       coalesce((SELECT string_agg(g.name, ', ' ORDER BY g.key) FROM tickets_tickettag x
                   JOIN tickets_tag g ON g.id = x.tag_id WHERE x.ticket_id = t.id), '')
  FROM tickets_ticket t
  JOIN tickets_queue q ON q.id = t.queue_id
  JOIN tickets_state s ON s.code = t.state_id
  JOIN tickets_priority p ON p.rank = t.priority_id
  JOIN accounts_person a ON a.id = t.author_id
  LEFT JOIN tickets_category c ON c.id = t.category_id
  LEFT JOIN accounts_company f ON f.id = t.company_id
  LEFT JOIN accounts_person w ON w.id = coalesce(t.responsible_id, t.owner_id)
  LEFT JOIN accounts_person b ON b.id = t.last_article_by_id
  LEFT JOIN tickets_tickettype y ON y.id = t.type_id
  LEFT JOIN accounts_person o ON o.id = t.owner_id
  LEFT JOIN accounts_person r ON r.id = t.responsible_id
 WHERE t.id = ANY(%s) AND {sight}
"""


def rows(actor: Actor, ids: Sequence[int]) -> Iterator[SheetRow]:
    """The rows of those of these requests that a person sees, in this order. One statement for AT_ONCE of them, and
    from the second on one for the rights: those that end while a long table is made end in it too."""
    for at in range(0, len(ids), AT_ONCE):
        sight, values = sight_sql(access_of(Actor(actor.person_id, actor.cause) if at else actor))
        some = list(ids[at : at + AT_ONCE])
        found = {row[0]: row for row in db.fetch(_SQL.format(sight=sight), [some, *values])}
        for key in some:
            if key in found:
                yield SheetRow._make(found[key])

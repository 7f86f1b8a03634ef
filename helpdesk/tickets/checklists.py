"""What a request's page shows of its checklist, read with it: items, and the lists that are ready for its queue.

The SQL stands over a statement that has `found`, the request.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

CHECKLIST = """json_build_array(
  (SELECT json_agg(json_build_array(i.id, i.text, i.done_at, coalesce(p.name, '')) ORDER BY i.position)
     FROM tickets_checklistitem i LEFT JOIN accounts_person p ON p.id = i.done_by_id
    WHERE i.ticket_id = (SELECT id FROM found)),
  (SELECT json_agg(json_build_array(l.id, l.name) ORDER BY l.name, l.id) FROM tickets_checklisttemplate l
     LEFT JOIN tickets_queue lq ON lq.id = l.queue_id
    WHERE l.inactive_at IS NULL AND (l.queue_id IS NULL OR (
          SELECT q.path FROM tickets_queue q WHERE q.id = (SELECT queue_id FROM found)) LIKE lq.path || '%%')))"""


class Item(NamedTuple):
    """An item; `done_at` None: it is still to be done."""

    id: int
    text: str
    done_at: datetime | None
    done_by: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The items in their order, and (id, name) of the ready lists."""

    items: tuple[Item, ...] = ()
    offered: tuple[tuple[int, str], ...] = ()


def checklist_of(found: list[Any]) -> Checklist:
    """What CHECKLIST gave."""
    items, offered = found
    return Checklist(
        tuple(
            Item(pk, text, datetime.fromisoformat(done_at) if done_at else None, name)
            for pk, text, done_at, name in items or ()
        ),
        tuple((pk, name) for pk, name in offered or ()),
    )

"""Drafts as they are offered: a line each, read beside what else a page reads."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from helpdesk.core.actor import Actor, Cause


class Line(NamedTuple):
    """A draft as it is offered. `chosen`: what stands in a form of a new request that has neither subject nor text;
    `number`, `about`: of its request, where the person sees it."""

    id: int
    key: str
    kind: str
    version: int
    changed_at: datetime
    subject: str
    snippet: str
    files: int
    chosen: dict[str, str] | None = None
    number: str = ""
    about: str = ""
    discarded_at: datetime | None = None
    send_at: datetime | None = None  # a specialist's answer that waits to be sent
    stopped: Mapping[str, Any] = {}  # why one was not


# the columns of a Line that are of the draft itself
COLUMNS = (
    "d.id, d.form_key, d.kind, d.version, d.changed_at, d.subject, d.snippet, cardinality(d.files),"
    " CASE WHEN d.kind = 'new' AND d.subject = '' AND d.snippet = '' THEN d.values END"
)
# a person's half-written answers to a request `t`, or to what was merged into it, as one value, the latest first
ANSWERS = f"""(SELECT json_agg(json_build_array({COLUMNS}) ORDER BY d.changed_at DESC, d.id)
                 FROM tickets_draft d WHERE d.person_id = %s AND d.discarded_at IS NULL AND d.kind = 'reply'
                  AND (d.ticket_id = t.id
                   OR d.ticket_id IN (SELECT m.id FROM tickets_ticket m WHERE m.part_of_id = t.id)))"""  # noqa: S608


def writer_of(by: Actor) -> int:
    """Whose drafts are shown: nobody's to whoever only looks with another's eyes, since only their writer sees them."""
    return 0 if by.cause is Cause.LOOK else by.person_id or 0


def lines_of(found: Sequence[Sequence[Any]] | None) -> list[Line]:
    """The drafts that ANSWERS gave."""
    return [Line(*[*row[:4], datetime.fromisoformat(row[4]), *row[5:]]) for row in found or ()]


class DeskLine(NamedTuple):
    """A specialist's draft of an answer or a note to a request, as the desk's page shows it to whoever may go on with
    it. `key`: of its form, for its writer alone; `taken_by`: the colleague who took a copy of it over."""

    id: int
    key: str
    kind: str
    version: int
    changed_at: datetime
    snippet: str
    files: int
    person_id: int
    writer: str
    is_shared: bool
    taken_by: str
    send_at: datetime | None = None  # it waits to be sent
    is_timed: bool = False  # at a moment that its writer chose
    unless_client: bool = False  # and only if the client does not write before
    stopped: str = ""  # why it was not sent: JSON of `Draft.stopped`

    @property
    def is_note(self) -> bool:
        return self.kind == "note"


# what a specialist may go on with in a request `t`, or in what was merged into it: their own drafts, those that
# colleagues share, and the answers of all that wait to be sent; as text, the latest first
OF_DESK = """(SELECT json_agg(json_build_array(d.id, CASE WHEN d.person_id = %s THEN d.form_key ELSE '' END, d.kind,
                       d.version, d.changed_at, d.snippet, cardinality(d.files), d.person_id, w.name,
                       d.shared_at IS NOT NULL, coalesce(k.name, ''), d.send_at,
                       coalesce((d.held ->> 'timed')::boolean, false),
                       coalesce((d.held ->> 'unless_client')::boolean, false),
                       CASE WHEN d.stopped = '{}' THEN '' ELSE d.stopped::text END)
                       ORDER BY d.changed_at DESC, d.id)::text
                 FROM tickets_draft d JOIN accounts_person w ON w.id = d.person_id
                 LEFT JOIN accounts_person k ON k.id = d.taken_by_id
                WHERE (d.person_id = %s OR d.shared_at IS NOT NULL OR d.send_at IS NOT NULL)
                  AND d.kind IN ('reply', 'note') AND d.discarded_at IS NULL
                  AND (d.ticket_id = t.id
                   OR d.ticket_id IN (SELECT m.id FROM tickets_ticket m WHERE m.part_of_id = t.id)))"""


def desk_lines(text: str | None) -> list[DeskLine]:
    """The drafts that OF_DESK gave."""
    return [
        DeskLine._make((
            *row[:4], datetime.fromisoformat(row[4]), *row[5:11], datetime.fromisoformat(row[11]) if row[11] else None,
            *row[12:],
        ))
        for row in json.loads(text or "[]")
    ]  # fmt: skip

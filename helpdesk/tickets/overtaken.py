"""Drafts whose words all stand in a longer text of the same writer for the same request: they would be offered beside
it as an older copy. After a lost session a text goes on under another key, and its older draft knows nothing of it.
An answer that waits to be sent, or could not be, is no such copy.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_editor, from_plain
from helpdesk.tickets.models import Draft

if TYPE_CHECKING:
    from helpdesk.tickets.drafts import Written

_BESIDE = """
    SELECT d.id, d.version, d.form_key, d.snippet, d.values,
           NOT EXISTS (SELECT 1 FROM tickets_stagedfile f WHERE f.person_id = d.person_id AND f.id = ANY(d.files)
             AND NOT EXISTS (SELECT 1 FROM tickets_stagedfile m WHERE m.person_id = d.person_id
               AND m.id = ANY(%s::bigint[]) AND m.blob_id = f.blob_id AND m.filename = f.filename))
      FROM tickets_draft d
     WHERE d.person_id = %s AND d.kind = %s AND d.ticket_id = %s AND d.form_key <> %s AND d.discarded_at IS NULL
       AND d.shared_at IS NULL AND d.send_at IS NULL AND d.stopped = '{}'::jsonb"""


def text_of(values: Mapping[str, str]) -> str:
    """The whole text of a form, plain, in one line."""
    body = values.get("body", "")
    return (from_editor(body) if values.get("body_format") == "html" else from_plain(body)).running.strip()


def held(by: Actor, written: "Written") -> list[str]:
    """The keys of the forms of other drafts of a request that an answer begins with, word for word, and whose files it
    holds all. One statement."""
    return [key for _id, _version, key in _found(by, written, str.startswith)]


def by_saved(by: Actor, written: "Written") -> list[str]:
    """Clear those away that `held` tells, and tell them. One statement, one more for each."""
    return _cleared(_found(by, written, str.startswith))


def by_sent(by: Actor, written: "Written") -> list[str]:
    """As `by_saved`, for an answer that is sent: those too that stand anywhere in it."""
    return _cleared(_found(by, written, str.__contains__))


def _found(by: Actor, written: "Written", holds: Callable[[str, str], bool]) -> list[tuple[int, int, str]]:
    if written.kind != Draft.Kind.REPLY or written.ticket_id is None:
        return []
    rows = db.fetch(_BESIDE, [list(written.files), by.person, written.kind, written.ticket_id, written.key])
    text = text_of(written.values) if rows else ""
    return [
        (draft_id, version, key)
        for draft_id, version, key, begin, values, has_files in rows
        # the beginning alone is looked at first: a text may be very long
        if has_files and text and holds(text, begin.rstrip("…").strip()) and holds(text, text_of(values))
    ]


def _cleared(found: list[tuple[int, int, str]]) -> list[str]:
    delete = "DELETE FROM tickets_draft WHERE id = %s AND version = %s RETURNING id"  # not what has gone on meanwhile
    return [key for draft_id, version, key in found if db.fetch(delete, [draft_id, version])]

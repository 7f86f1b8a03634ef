"""When requests were last changed in any way: what lists show beside the moment of the last letter."""

from collections.abc import Sequence
from datetime import datetime

from helpdesk.core import db


def changed_at(ids: Sequence[int]) -> dict[int, datetime]:
    """The moment of the newest change (letter, note, state, owner, any field) of requests that the caller may show.

    One statement, none for no ids.
    """
    if not ids:
        return {}
    rows = db.fetch("SELECT id, changed_at FROM tickets_ticket WHERE id = ANY(%s)", [list(ids)])
    return {row[0]: row[1] for row in rows}

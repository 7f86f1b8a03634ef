"""The signature under a letter: that of the request's queue, else of the nearest one above it, else that of all.

It goes with the letter alone: on the request's page each answer says who wrote it.
"""

import re
from collections.abc import Mapping

from helpdesk.core import db
from helpdesk.tickets import variables

# that of a request `t`, as an SQL expression of JSON: [Russian, English]
NEAREST = """(SELECT json_build_array(s.text_ru, s.text_en) FROM tickets_signature s
                LEFT JOIN tickets_queue above ON above.id = s.queue_id
               WHERE s.queue_id IS NULL OR (SELECT q.path FROM tickets_queue q WHERE q.id = t.queue_id)
                     LIKE above.path || '%%'
               ORDER BY length(above.path) DESC NULLS LAST LIMIT 1)"""
_SPACES = re.compile(r"\s+")


def of_queue(queue_id: int) -> list[str] | None:
    """The signature for requests of a queue in both languages, unfilled. One statement."""
    [(found,)] = db.fetch(f"SELECT {NEAREST} FROM (SELECT %s::bigint AS queue_id) t", [queue_id])  # noqa: S608
    return found  # type: ignore[no-any-return]


def filled(texts: list[str] | None, values: Mapping[str, str], language: str, *, under: str = "") -> str:
    """A signature with its variables filled; a line is left out where it names only what there is not, or a name that
    the text which it stands under ends with. Empty where `under` ends with all of it."""
    russian, english = texts or ["", ""]
    lines = []
    end = _SPACES.sub(" ", under[-1_000:]).strip()
    for line in ((english if language == "en" else "") or russian).split("\n"):
        made = variables.fill(line, values)
        text = made.text
        for name in made.empty:
            text = text.replace(f"{{{name}}}", "")
        is_void = bool(made.empty) and not re.search(r"\w", text)
        if not is_void and not (text.strip() and text.strip() == values.get("agent") and end.endswith(text.strip())):
            lines.append(text.rstrip())
    whole = "\n".join(lines).strip()
    return "" if whole and end.endswith(_SPACES.sub(" ", whole)) else whole

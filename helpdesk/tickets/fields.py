"""A queue's own fields: what was typed becomes a canonical value, or a problem with its field. Knows no form."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.text.safe import one_line, storable
from helpdesk.tickets.models import IntakeField, Queue

_WHOLE = re.compile("-?[0-9]{1,17}")
_LIMITS = {"text": 300, "long": 20_000}


def of_queue(queue: Queue) -> list[IntakeField]:
    """The fields that a new request of this queue is asked for, in order. One statement."""
    return list(queue.fields.filter(inactive_at=None))


def accepted(queue: Queue, values: Mapping[str, str]) -> dict[str, Any]:
    """Canonical values of the queue's fields: {key: {"value", "version"}}; empty ones are left out.

    Fields of other queues are ignored: they were typed before the queue was changed. Raises Invalid.
    """
    problems: list[Problem] = []
    stored: dict[str, Any] = {}
    for field in of_queue(queue) if values else []:
        raw = values.get(field.key, "").strip()
        try:
            value = _canonical(field, raw)
        except ValueError as error:
            problems.append(Problem(f"field_{field.key}", str(error), {"limit": _LIMITS.get(field.kind, 0)}))
            continue
        if value is not None:
            stored[field.key] = {"value": value, "version": field.version}
        elif field.required:
            problems.append(Problem(f"field_{field.key}", "empty"))
    if problems:
        raise Invalid(*problems)
    return stored


def _canonical(field: IntakeField, raw: str) -> str | int | None:
    """The value of one field; None if nothing was typed. Raises ValueError(code)."""
    if not raw:
        return None
    if field.kind in _LIMITS:
        text = storable(raw) if field.kind == "long" else one_line(raw, 10_000)
        if len(text) > _LIMITS[field.kind]:
            raise ValueError("too_long")
        return text or None
    if field.kind == "choice":
        if raw not in {choice[0] for choice in field.choices}:
            raise ValueError("not_offered")
        return raw
    return _figure(field.kind, raw)


def _figure(kind: str, raw: str) -> str | int:
    if kind == "number":
        bare = raw.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if not _WHOLE.fullmatch(bare):
            raise ValueError("not_a_number")
        return int(bare)
    try:
        return str(date.fromisoformat(f"{raw}-01"))[:7] if kind == "month" else str(date.fromisoformat(raw))
    except ValueError:
        raise ValueError("not_a_month" if kind == "month" else "not_a_date") from None

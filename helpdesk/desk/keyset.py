"""Pages by cursor: the place after which a page begins, as a short text in its address. Knows no filters."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from helpdesk.tickets.models import Ticket

SIZE = 25
# the columns of each order: (name, descending, may be empty); the id makes every place unique
_ORDERS = {
    "due": (("due_at", False, True), ("pk", True, False)),
    "recent": (("last_article_at", True, False), ("pk", True, False)),
    "priority": (("priority_id", True, False), ("last_article_at", True, False), ("pk", True, False)),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in an order: its values, and how many rows came before it (for «26–50»)."""

    values: tuple[Any, ...]
    at: int

    def text(self) -> str:
        """The place as an address carries it."""
        plain = [value.isoformat() if isinstance(value, datetime) else value for value in self.values]
        return base64.urlsafe_b64encode(json.dumps([self.at, *plain]).encode()).decode().rstrip("=")


def read(text: str, order: str) -> Place | None:
    """The place that an address names; None if there is none or it is no place of this order."""
    if not text or len(text) > 300:
        return None
    try:
        at, *plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = tuple(
            _value(name, value, empty=empty) for (name, _, empty), value in zip(_ORDERS[order], plain, strict=True)
        )
    except (binascii.Error, ValueError, TypeError, UnicodeError, RecursionError, OverflowError):
        return None
    return Place(values, at) if isinstance(at, int) and 0 <= at < 10**9 else None


def _value(name: str, value: object, *, empty: bool) -> Any:
    if value is None and empty:
        return None
    if name.endswith("_at"):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None and 1970 <= moment.year < 2200:
            return moment
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise ValueError("not a place")


def sorted_by(rows: QuerySet[Ticket], order: str, *, backwards: bool = False) -> QuerySet[Ticket]:
    """The rows in an order, or in its reverse. Empty deadlines come last."""
    keys = []
    for name, descending, empty in _ORDERS[order]:
        down = descending != backwards
        column = F(name)
        if down:
            keys.append(column.desc(nulls_first=True) if empty else column.desc())
        else:
            keys.append(column.asc(nulls_last=True) if empty else column.asc())
    return rows.order_by(*keys)


def beyond(order: str, place: Place, *, backwards: bool = False) -> Q:
    """The rows after a place, or before it."""
    found, same = Q(), Q()
    for (name, descending, _), value in zip(_ORDERS[order], place.values, strict=True):
        up = descending == backwards
        found |= same & _past(name, value, up=up)
        same &= Q(**{f"{name}__isnull": True}) if value is None else Q(**{name: value})
    first, value = _ORDERS[order][0], place.values[0]
    if not first[2]:  # said twice, so that the index is entered at the place and not at its beginning
        found &= Q(**{f"{first[0]}__{'gte' if first[1] == backwards else 'lte'}": value})
    return found


def _past(name: str, value: Any, *, up: bool) -> Q:
    if value is None:
        return Q(pk__in=[]) if up else Q(**{f"{name}__isnull": False})
    beyond_it = Q(**{f"{name}__{'gt' if up else 'lt'}": value})
    return beyond_it | Q(**{f"{name}__isnull": True}) if up and name == "due_at" else beyond_it


def columns(order: str) -> tuple[str, ...]:
    """The names of an order's columns."""
    return tuple(name for name, _, _ in _ORDERS[order])

"""Pages by cursor: the place after which a page begins, as a short text in its address. Knows no conditions."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.core.text.safe import storable
from helpdesk.tickets import orders

LONGEST = 1000  # characters of a cursor: a group's name may be in it


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
    if not text or len(text) > LONGEST:
        return None
    try:
        at, *plain = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        values = tuple(
            _value(name, value, empty=empty)
            for (name, _, empty), value in zip(orders.columns_of(order), plain, strict=True)
        )
    except (binascii.Error, ValueError, TypeError, UnicodeError, RecursionError, OverflowError):
        return None
    return Place(values, at) if isinstance(at, int) and 0 <= at < 10**9 else None


def _value(name: str, value: object, *, empty: bool) -> Any:
    if value is None and empty:
        return None
    if name == orders.GROUP_KEY:
        if isinstance(value, str) and storable(value) == value:
            return value
    elif name.endswith("_at"):
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is not None and moment.tzinfo is not None and 1970 <= moment.year < 2200:
            return moment
    elif isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    raise ValueError("not a place")


def columns(order: str) -> tuple[str, ...]:
    """The names of an order's columns, as lines have them."""
    return tuple(name for name, _, _ in orders.columns_of(order))

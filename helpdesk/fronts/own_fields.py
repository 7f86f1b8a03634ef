"""The queues' own fields in a search: what is typed for one, what one may hold, what stands of it in a table."""

import calendar as months
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from helpdesk.core.sheets import Cell
from helpdesk.core.text import calendar
from helpdesk.core.text.safe import one_line
from helpdesk.search.around import Field
from helpdesk.search.results import FieldWanted, Way
from helpdesk.web import formats

WORDS = 300  # characters
DIGITS = 17


def names_of(one: Field) -> list[str]:
    """The names in an address of one of the queues' own fields."""
    return [f"field_{one.key}_from", f"field_{one.key}_to"] if one.kind == "date" else [f"field_{one.key}"]


def options_of(one: Field, language: str) -> list[tuple[str, str]]:
    """What a field of a choice, or of yes and no, may hold."""
    if one.kind == "check":
        return [("1", _("yes")), ("0", _("no"))]
    return [(value, ru if language == "ru" else en) for value, ru, en in one.choices]


def whole(typed: str) -> int:
    """The figure of a field of numbers. Raises ValueError."""
    bare = "".join(typed.split())
    if not bare.removeprefix("-").isdecimal() or not bare.isascii() or len(bare) > DIGITS:
        raise ValueError(typed)
    return int(bare)


def month(typed: str) -> tuple[date, date]:
    """The first and the last day of a month. Raises ValueError."""
    first = calendar.month(typed)
    return first, first.replace(day=months.monthrange(first.year, first.month)[1])


def wanted(one: Field, name: str, typed: str) -> list[FieldWanted]:
    """What a field must hold where this is typed under this name of it. Raises ValueError for what it cannot be."""
    match one.kind:
        case "date":
            way = Way.FROM if name.endswith("_from") else Way.TO
            return [FieldWanted(one.key, way, calendar.day(typed))]
        case "month" | "period":
            first, last = month(typed)
            return [FieldWanted(one.key, Way.FROM, first), FieldWanted(one.key, Way.TO, last)]
        case "choice" | "check":
            if typed not in dict(options_of(one, "en")):
                raise ValueError(typed)
            return [FieldWanted(one.key, Way.IS, int(typed) if one.kind == "check" else typed)]
        case "number":
            return [FieldWanted(one.key, Way.IS, whole(typed))]
    return [FieldWanted(one.key, Way.HOLDS, one_line(typed, WORDS))]


def in_table(stored: Any, field: Field, language: str) -> Cell:
    """What a field of the request holds, as its page shows it; days as days."""
    value = stored.get("value") if isinstance(stored, dict) else None
    if value is None:
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return value
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    text = str(value)
    if field.kind == "date":
        try:
            return date.fromisoformat(text)
        except ValueError:
            return text
    if field.kind in {"month", "period"}:
        return "–".join(formats.calendar(month, "month", language=language) for month in text.split("/"))
    return dict(options_of(field, language)).get(text, text) if field.kind == "choice" else text

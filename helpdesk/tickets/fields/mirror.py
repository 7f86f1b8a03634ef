"""Values of the queues' own fields as rows that can be searched. Pure; the verbs write them with the request.

A value says by itself what it is, so that it is understood after its field has become one of another kind.
"""

import calendar
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from helpdesk.tickets.models import FieldValue

LONGEST = 300  # characters of `text`
_JOINED = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f]")
_FOLDED = str.maketrans("ёЁ", "еЕ")
_FIGURES = re.compile(r"\d[\d\s\-‐-―]*")
_MONTHS = re.compile(r"(\d{4}-\d\d)(?:/(\d{4}-\d\d))?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def searchable(text: str) -> str:
    """A text as it stands in `FieldValue.text`, and as a query has to be written to meet it: one line, lower case, ё as
    е; figures in groups («0450 018 812», «0450-018-812») in one piece, days and months apart."""
    line = " ".join(_JOINED.sub("", unicodedata.normalize("NFC", text).translate(_FOLDED)).lower().split())
    if _FIGURES.fullmatch(line) and not (_DAY.fullmatch(line) or _MONTHS.fullmatch(line)):
        line = "".join(sign for sign in line if sign.isdigit())
    return line[:LONGEST]


def rows(ticket_id: int, stored: Mapping[str, Any]) -> list[FieldValue]:
    """The rows of a request's values, {key: {"value", …}} as they are stored with it."""
    return [
        FieldValue(ticket_id=ticket_id, key=key, **columns(one["value"]))
        for key, one in stored.items()
        if isinstance(one, dict) and "value" in one
    ]


def columns(value: Any) -> dict[str, Any]:
    """The columns of one canonical value: text, whole number, day, months, yes or no, list of file names."""
    if isinstance(value, bool | int):
        return {"text": str(int(value)), "number": int(value)}
    if isinstance(value, list):
        return {"text": searchable("\n".join(str(name) for name in value))}
    text = str(value)
    starts_on, ends_on = days(text)
    return {"text": searchable(text), "starts_on": starts_on, "ends_on": ends_on}


def days(text: str) -> tuple[date | None, date | None]:
    """First and last day of a canonical day, month or period; none of anything else."""
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text), date.fromisoformat(text)
        if found := _MONTHS.fullmatch(text):
            last = date.fromisoformat(f"{found[2] or found[1]}-01")
            end = last.replace(day=calendar.monthrange(last.year, last.month)[1])
            return date.fromisoformat(f"{found[1]}-01"), end
    except ValueError:
        pass
    return None, None

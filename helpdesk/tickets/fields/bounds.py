"""How far the values of a field may reach (`IntakeField.bounds`). Pure: data and a day.

`from`, `to`: of a number itself, of a date in days from the day of the request, of months in months from its month;
both count in. `longest`: of a period, in months. What is not given does not bind.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date

from helpdesk.core.text import calendar

ENDS = ("from", "to")
KEYS = {"number": ENDS, "date": ENDS, "month": ENDS, "period": (*ENDS, "longest")}
MONTHS_LIMIT = 120  # of a period, whatever its field says
FARTHEST = {"number": 10**15, "date": 40_000, "month": 1_200, "period": 1_200}
Told = tuple[str, dict[str, object]]


def flaw(kind: str, bounds: object) -> Told | None:
    """What is wrong with bounds as data: code and details."""
    if bounds == {}:
        return None
    if kind not in KEYS:
        return "for_kind", {"kind": kind, "accepted": " ".join(KEYS)}
    accepted = KEYS[kind]
    if not isinstance(bounds, Mapping) or not set(bounds) <= set(accepted):
        return "bounds_format", {"accepted": " ".join(accepted)}
    far = FARTHEST[kind]
    if not all(type(value) is int and abs(value) <= far for value in bounds.values()):
        return "bounds_format", {"accepted": " ".join(accepted)}
    if not 1 <= bounds.get("longest", 1) <= MONTHS_LIMIT:
        return "bounds_format", {"accepted": " ".join(accepted)}
    if "from" in bounds and "to" in bounds and bounds["from"] > bounds["to"]:
        return "bounds_order", {}
    return None


def beyond(kind: str, bounds: Mapping[str, Any], value: str | int, today: date) -> Told | None:
    """Why a canonical value lies beyond its field's bounds, and what is allowed; None where it does not."""
    if kind == "number":
        return _of_number(bounds, int(value))
    if kind == "date":
        return _of_days(bounds, str(value), today)
    return _of_months(bounds, str(value), today) if kind in KEYS else None


def first_and_last(kind: str, bounds: Mapping[str, Any], today: date) -> tuple[date | None, date | None]:
    """The first and the last day (of months: their first day) that bounds allow; None where they do not bind."""
    ends = [bounds.get(end) for end in ENDS]
    if kind == "date":
        first, last = (None if end is None else today + timedelta(days=end) for end in ends)
    else:
        first, last = (None if end is None else _month_after(today, end) for end in ends)
    return first, last


def _of_number(bounds: Mapping[str, Any], value: int) -> Told | None:
    if value < bounds.get("from", value):
        return "too_small", {"first": bounds["from"]}
    return ("too_large", {"last": bounds["to"]}) if value > bounds.get("to", value) else None


def _of_days(bounds: Mapping[str, Any], value: str, today: date) -> Told | None:
    day = date.fromisoformat(value)
    first, last = first_and_last("date", bounds, today)
    if first and day < first:
        return "day_has_passed" if bounds["from"] == 0 else "too_early", {"first": f"{first:%d.%m.%Y}"}
    return ("too_late", {"last": f"{last:%d.%m.%Y}"}) if last and day > last else None


def _of_months(bounds: Mapping[str, Any], value: str, today: date) -> Told | None:
    begin, end = calendar.period(value)
    first, last = first_and_last("month", bounds, today)
    if first and begin < first:
        return "too_early", {"first": _named(first)}
    if last and end > last:
        return "too_late", {"last": _named(last)}
    months = 12 * (end.year - begin.year) + end.month - begin.month + 1
    longest = bounds.get("longest", MONTHS_LIMIT)
    if months <= longest:
        return None
    return ("one_month", {}) if longest == 1 else ("period_too_long", {"limit": longest})


def _month_after(today: date, months: int) -> date:
    year, month = divmod(12 * today.year + today.month - 1 + months, 12)
    return date(min(max(year, 1), 9999), month + 1, 1)


def _named(month: date) -> dict[str, str]:
    return {language: str(format_date(month, "LLLL y", locale=language)) for language in ("ru", "en")}

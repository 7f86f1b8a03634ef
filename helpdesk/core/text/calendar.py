"""Days and months as people type them where a browser offers no calendar: «24.11.2026», «11.2026», «ноябрь 2026»."""

import re
from datetime import date

_DAY = re.compile(r"(?P<day>\d{1,2})[./](?P<month>\d{1,2})[./](?P<year>\d{4})(?: ?г\.?)?")
_MONTH = re.compile(r"(?P<month>\d{1,2}|[^\W\d_]{3,10})\.?[\s./-]+(?P<year>\d{4})(?: ?г\.?)?")
_BETWEEN = re.compile(r"\s*[–—/]\s*|\s+-\s+|(?<=\d{4})-(?=\d{4})")
_YEAR = re.compile(r"\d{4}")
# how the names of months begin, in either language; the longer ones where three letters are not enough
_BEGINNINGS = (
    ("янв", "jan"), ("фев", "feb"), ("мар", "mar"), ("апр", "apr"), ("май", "мая", "may"), ("июн", "jun"),
    ("июл", "jul"), ("авг", "aug"), ("сен", "sep"), ("окт", "oct"), ("ноя", "nov"), ("дек", "dec"),
)  # fmt: skip


def day(text: str) -> date:
    """The day of «2026-11-24» or «24.11.2026». Raises ValueError for anything else."""
    found = _DAY.fullmatch(text)
    if found is None:
        return date.fromisoformat(text)
    return date(int(found["year"]), int(found["month"]), int(found["day"]))


def month(text: str) -> date:
    """The first day of the month of «2026-11», «11.2026», «ноябрь 2026» or «Nov 2026». Raises ValueError."""
    found = _MONTH.fullmatch(text)
    if found is None:
        return date.fromisoformat(f"{text}-01")
    return date(int(found["year"]), _number(found["month"]), 1)


def period(text: str) -> tuple[date, date]:
    """The first days of the first and the last month of «2026-05/2026-07», «05.2026–07.2026», «май – июль 2026»,
    «май 2026» (the same twice). Raises ValueError for anything else; the second may lie before the first."""
    try:
        return (one := month(text)), one
    except ValueError:
        parts = _BETWEEN.split(text)
        if len(parts) != 2:
            raise
    last = month(parts[1])
    return month(parts[0] if _YEAR.search(parts[0]) else f"{parts[0]} {last.year}"), last


def _number(name: str) -> int:
    if name.isdecimal():
        return int(name)
    for number, beginnings in enumerate(_BEGINNINGS, start=1):
        if name.lower().startswith(beginnings):
            return number
    raise ValueError(name)

"""What is asked of whom: which fields stand and which must be filled in, and what was typed as canonical values. Pure.

`values` are as a form carries them: a text by each field's key; the last month of a period under `<key>.to`. Files are
told apart by the field that they were chosen for.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.timezone import localdate

from helpdesk.core import clock
from helpdesk.core.errors import Problem
from helpdesk.core.text import calendar
from helpdesk.core.text.safe import one_line, storable
from helpdesk.tickets.fields import bounds, patterns
from helpdesk.tickets.models import IntakeField

Value = str | int | bool
LIMITS = {"text": 300, "long": 20_000}
FIRST_YEAR, YEARS_AHEAD = 1990, 10  # days and months outside are slips of the keyboard
TO = ".to"  # ends the name of a period's last month: no key holds a dot
STEERS = frozenset({"choice", "check"})  # the kinds that others may depend on
_WHOLE = re.compile("-?[0-9]{1,17}")
_YES = {"1": True, "on": True, "0": False}


class Sent(NamedTuple):
    """A file that comes with the request: its name, the key of the field it was chosen for, whether it stands in the
    text as a picture, whether there is nothing in it, whether it is a blank that nobody has filled in, whether it is a
    document or a picture, as a filled one is."""

    name: str
    field: str = ""
    inline: bool = False
    empty: bool = False
    untouched: bool = False
    readable: bool = True

    @property
    def is_filled(self) -> bool:
        """Whether it may be a blank that somebody has filled in."""
        return self.readable and not (self.empty or self.untouched)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a field is asked for, and whether an answer is needed."""

    shown: bool
    required: bool


def standing(fields: Sequence[IntakeField], values: Mapping[str, str]) -> dict[str, Standing]:
    """How each field stands with these values. What hangs on a field that is not shown does not hold."""
    by_key = {field.key: field for field in fields}
    shown: dict[str, bool] = {}

    def is_shown(field: IntakeField, above: frozenset[str] = frozenset()) -> bool:
        if field.key not in shown:
            shown[field.key] = field.key not in above and (
                not field.shown_when or holds(field.shown_when, above | {field.key})
            )
        return shown[field.key]

    def holds(condition: Mapping[str, Any], above: frozenset[str]) -> bool:
        other = by_key.get(condition.get("field", ""))
        return other is not None and is_shown(other, above) and chosen(other, values) in condition.get("in", ())

    found = {}
    for field in fields:
        stands = is_shown(field)
        needed = field.required or (bool(field.required_when) and holds(field.required_when, frozenset({field.key})))
        found[field.key] = Standing(stands, stands and needed)
    return found


def chosen(field: IntakeField, values: Mapping[str, str]) -> str:
    """What a condition on this field is compared with."""
    raw = values.get(field.key, "").strip()
    return str(int(_YES.get(raw, False))) if field.kind == "check" else raw


def take(
    fields: Sequence[IntakeField], values: Mapping[str, str], files: Sequence[Sent] = (), *, today: date | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The canonical values {key: {"value", "version"}} and all that is wrong. Empty ones are left out, and so is what
    was typed into fields that are not shown, or that this queue has not: it came along from another choice. `today`:
    the day that their bounds are counted from."""
    today = today or localdate(clock.now())
    stored: dict[str, Any] = {}
    problems: list[Problem] = []
    stand = standing(fields, values)
    places = _places(fields, stand, files)
    for field in fields:
        name = f"field_{field.key}"
        if not stand[field.key].shown:
            continue
        if field.kind == "file":
            at = places.get(field.key, [])
            if wrong := _unfit(field, [files[place] for place in at], required=stand[field.key].required):
                problems.append(Problem(name, wrong))
            elif at:
                names = [files[place].name for place in at]
                stored[field.key] = {"value": names, "files": at, "version": field.version}
            elif stand[field.key].required:
                problems.append(_missing(field, "no_file", fields, values))
            continue
        try:
            value = canonical(field, values.get(field.key, ""), to=values.get(field.key + TO, ""))
        except Unacceptable as unfit:
            problems.append(Problem(name, unfit.code, unfit.details))
            continue
        if stand[field.key].required and (value is None or value is False):
            problems.append(_missing(field, "not_ticked" if field.kind == "check" else "empty", fields, values))
        elif value is not None and (beyond := bounds.beyond(field.kind, field.bounds, value, today)):
            problems.append(Problem(name, *beyond))
        elif value is not None:
            stored[field.key] = {"value": value, "version": field.version}
    return stored, problems


def _missing(field: IntakeField, code: str, fields: Sequence[IntakeField], values: Mapping[str, str]) -> Problem:
    """That an answer is needed, and, where it is not always, because of what: the label of the field that it hangs on
    and what is chosen there, in each language."""
    name = f"field_{field.key}"
    condition = field.shown_when if field.required else field.required_when
    other = next((one for one in fields if condition and one.key == condition.get("field")), None)
    if other is None:
        return Problem(name, code)
    label = {"ru": other.label_ru, "en": other.label_en}
    if other.kind == "check":
        return Problem(name, code, {"because": "ticked" if chosen(other, values) == "1" else "not_ticked", "of": label})
    value = next((choice for choice in other.choices if choice[0] == chosen(other, values)), None)
    because = {"ru": value[1], "en": value[2]} if value else ""
    return Problem(name, code, {"because": because, "of": label} if because else {})


def _unfit(field: IntakeField, files: Sequence[Sent], *, required: bool) -> str:
    """What is wrong with all the files of a field, a code; empty for none and where one of them serves."""
    if not files or any(file.is_filled if field.blank else not (required and file.empty) for file in files):
        return ""
    if required and all(file.empty for file in files):
        return "empty_file"
    is_raw = any(file.untouched for file in files) or all(file.empty for file in files)
    return "untouched_blank" if is_raw else "not_a_blank"


def _places(
    fields: Sequence[IntakeField], stand: Mapping[str, Standing], files: Sequence[Sent]
) -> dict[str, list[int]]:
    """The places of each file field's files. One that needs a file and has none of its own takes those that were chosen
    for no field of this queue: a form has a place for files in general, and people use it. Of these a blank is what may
    be one filled in, if there is any: the others are beside it."""
    asked = [field for field in fields if field.kind == "file" and stand[field.key].shown]
    keys = {field.key for field in asked}
    own = {key: [at for at, file in enumerate(files) if file.field == key] for key in keys}
    free = [at for at, file in enumerate(files) if file.field not in keys and not file.inline]
    for field in asked:
        if stand[field.key].required and not own[field.key] and free:
            fit = [at for at in free if files[at].is_filled] if field.blank else []
            own[field.key] = fit or free
            free = [at for at in free if at not in own[field.key]]
    return own


class Unacceptable(ValueError):
    """What was typed is no value of its field."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details


def canonical(field: IntakeField, typed: str, *, to: str = "") -> Value | None:
    """The value of one field; None if nothing was typed. Raises Unacceptable."""
    raw = typed.strip()
    if field.kind == "period":
        return _period(raw, to.strip(), longest=field.bounds.get("longest", bounds.MONTHS_LIMIT))
    if not raw:
        return None
    if field.kind in LIMITS:
        return _text(field, raw)
    if field.kind == "check":
        return _check(raw)
    if field.kind == "choice":
        if raw not in {choice[0] for choice in field.choices}:
            raise Unacceptable("not_offered")
        return raw
    return _figure(field.kind, raw)


def _text(field: IntakeField, raw: str) -> str | None:
    text = storable(raw) if field.kind == "long" else one_line(raw, 10_000)
    if len(text) > LIMITS[field.kind]:
        raise Unacceptable("too_long", limit=LIMITS[field.kind])
    if text and field.pattern and not patterns.fits(field.pattern, text):
        raise Unacceptable("pattern", expected={"ru": field.pattern_hint_ru, "en": field.pattern_hint_en})
    return text or None


def _check(raw: str) -> bool:
    if raw not in _YES:
        raise Unacceptable("not_offered")
    return _YES[raw]


def _period(raw: str, to: str, *, longest: int) -> str | None:
    """«2026-05» of one month, «2026-05/2026-07» of several. `longest`: what its field allows, which is said whatever
    else is wrong with so long a one."""
    if not raw and not to:
        return None
    if not raw:
        raise Unacceptable("no_first_month")
    try:
        first, last = calendar.period(raw)
        last = calendar.period(to)[1] if to else last
    except ValueError:
        raise Unacceptable("not_a_period") from None
    _in_reach(first, last)
    if last < first:
        raise Unacceptable("period_order")
    if 12 * (last.year - first.year) + last.month - first.month >= bounds.MONTHS_LIMIT:
        raise Unacceptable("period_too_long", limit=longest)
    return f"{first:%Y-%m}" if first == last else f"{first:%Y-%m}/{last:%Y-%m}"


def _figure(kind: str, raw: str) -> str | int:
    if kind == "number":
        bare = raw.replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        if not _WHOLE.fullmatch(bare):
            raise Unacceptable("not_a_number")
        return int(bare)
    try:
        found = calendar.month(raw) if kind == "month" else calendar.day(raw)
    except ValueError:
        raise Unacceptable("not_a_month" if kind == "month" else "not_a_date") from None
    _in_reach(found)
    return str(found)[:7] if kind == "month" else str(found)


def _in_reach(*days: date) -> None:
    """Raise Unacceptable for a year that nobody can mean."""
    latest = clock.now().year + YEARS_AHEAD
    if not all(FIRST_YEAR <= day.year <= latest for day in days):
        raise Unacceptable("far_year", first=FIRST_YEAR, last=latest)

"""What the definition of a queue's own field may be. Pure: knows the fields of its queue, writes none."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from helpdesk.core.errors import Problem
from helpdesk.tickets.blanks import BLANKS
from helpdesk.tickets.fields import bounds, patterns, rules
from helpdesk.tickets.models import IntakeField

CONDITIONS = ("shown_when", "required_when")
_MOST = 50  # values of a condition


def flaws(field: IntakeField, others: Sequence[IntakeField]) -> list[Problem]:
    """All that is wrong with a definition. `others`: the other fields of its queue that are asked for."""
    return [
        *_choices(field),
        *_conditions(field, others),
        *_pattern(field),
        *_bounds(field),
        *_default(field),
        *_blank(field),
        *_instead(field),
        *needed_by(field, others),
    ]


def needed_by(field: IntakeField, others: Iterable[IntakeField], *, is_off: bool = False) -> list[Problem]:
    """What breaks where others depend on this field as it becomes."""
    hanging = [
        other
        for other in others
        for condition in (other.shown_when, other.required_when)
        if condition and condition.get("field") == field.key and (is_off or _unfit(condition, field))
    ]
    names = " ".join(dict.fromkeys(other.key for other in hanging))
    return [Problem("key" if is_off else "choices", "needed_by", {"value": field.key, "by": names})] if hanging else []


def off_for(field: IntakeField, others: Iterable[IntakeField]) -> list[Problem]:
    """What it depends on that is not asked for: it cannot be asked for either."""
    there = {other.key for other in others}
    return [
        Problem(name, "condition_field", {"value": condition["field"]})
        for name in CONDITIONS
        if (condition := getattr(field, name)) and condition.get("field") not in there
    ]


def _choices(field: IntakeField) -> list[Problem]:
    if field.kind == "choice" and not field.choices:
        return [Problem("choices", "required")]
    if field.kind != "choice" and field.choices:
        return [Problem("choices", "not_asked", {"kind": field.kind})]
    return []


def _conditions(field: IntakeField, others: Sequence[IntakeField]) -> list[Problem]:
    by_key = {other.key: other for other in others}
    found: list[Problem] = []
    for name in CONDITIONS:
        condition = getattr(field, name)
        if condition == {}:
            continue
        if not _is_condition(condition):
            found.append(Problem(name, "condition_format"))
        elif condition["field"] == field.key:
            found.append(Problem(name, "condition_self"))
        elif (other := by_key.get(condition["field"])) is None:
            found.append(Problem(name, "condition_field", {"value": condition["field"]}))
        elif unfit := _unfit(condition, other):
            found.append(Problem(name, *unfit))
    if not found and (circle := _circle(field, by_key)):
        found.append(Problem("shown_when", "condition_circle", {"value": " → ".join(circle)}))
    return found


def _is_condition(condition: Any) -> bool:
    return (
        isinstance(condition, Mapping)
        and set(condition) == {"field", "in"}
        and isinstance(condition["field"], str)
        and isinstance(condition["in"], list)
        and 0 < len(condition["in"]) <= _MOST
        and all(isinstance(value, str) for value in condition["in"])
    )


def _unfit(condition: Mapping[str, Any], other: IntakeField) -> tuple[str, dict[str, object]] | None:
    """Why a field cannot be what a condition wants it to be."""
    if other.kind not in rules.STEERS:
        return "condition_kind", {"value": other.key, "kind": other.kind}
    offered = ["1", "0"] if other.kind == "check" else [choice[0] for choice in other.choices]
    if unknown := [value for value in condition["in"] if value not in offered]:
        return "condition_value", {"value": unknown[0], "accepted": " ".join(offered)}
    return None


def _circle(field: IntakeField, by_key: Mapping[str, IntakeField]) -> list[str]:
    """The keys of a circle in which fields wait for one another to be shown; empty where there is none."""
    way, at = [field.key], field
    while condition := at.shown_when:
        key = str(condition.get("field", ""))
        way.append(key)
        if key in way[:-1]:
            return way
        if key not in by_key:
            return []
        at = by_key[key]
    return []


def _pattern(field: IntakeField) -> list[Problem]:
    hints = ("pattern_hint_ru", "pattern_hint_en")
    if not field.pattern:
        return [Problem(name, "no_pattern") for name in hints if getattr(field, name)]
    if field.kind != "text":
        return [Problem("pattern", "for_kind", {"kind": field.kind, "accepted": "text"})]
    try:
        patterns.check(field.pattern)
    except patterns.Unfit as unfit:
        return [Problem("pattern", f"pattern_{unfit}")]
    return [Problem(name, "required") for name in hints if not getattr(field, name)]


def _bounds(field: IntakeField) -> list[Problem]:
    flaw = bounds.flaw(field.kind, field.bounds)
    return [Problem("bounds", *flaw)] if flaw else []


def _default(field: IntakeField) -> list[Problem]:
    if not field.default:
        return []
    if field.kind == "file":
        return [Problem("default", "for_kind", {"kind": "file", "accepted": "every other"})]
    try:
        rules.canonical(field, field.default)
    except rules.Unacceptable as unfit:
        return [Problem("default", "unfit", {"why": unfit.code})]
    return []


def _blank(field: IntakeField) -> list[Problem]:
    if field.blank and field.kind != "file":
        return [Problem("blank", "for_kind", {"kind": field.kind, "accepted": "file"})]
    if field.blank and field.blank not in BLANKS:
        return [Problem("blank", "unknown", {"value": field.blank, "accepted": " ".join(BLANKS)})]
    return []


def _instead(field: IntakeField) -> list[Problem]:
    if field.instead:
        return [Problem(name, "required") for name in ("instead_ru", "instead_en") if not getattr(field, name)]
    return [Problem(name, "no_queue") for name in ("instead_ru", "instead_en") if getattr(field, name)]

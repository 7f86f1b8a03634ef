"""Writing the rows that administrators keep (queues, states, roles …): checked by their columns, told what changed.

Knows no room's rows; each room's own rules stand with its actions.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import transaction
from django.db.models import Field, IntegerField, Model, SmallIntegerField, TextField

from helpdesk.core import clock
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.text.safe import one_line, storable

M = TypeVar("M", bound=Model)
logger = logging.getLogger("helpdesk.masters")  # who looks for it finds here when which row was changed

_SMALL = 32_767
_LARGE = 2_147_483_647


@dataclass(frozen=True, slots=True)
class Written(Generic[M]):
    """A row as it stands now; `changed` names its columns that are other than before, all given ones if it is new."""

    row: M
    created: bool
    changed: tuple[str, ...]


def fill(row: Model, columns: Mapping[str, Any], *, required: frozenset[str] = frozenset()) -> list[str]:
    """Put values into a row, texts made fit for storing; the names of those that differ from before.

    `required`: columns that must not be empty. Raises Invalid with a problem for each column: `required`, `long`,
    `low`, `high`, `unknown` (with `accepted`).
    """
    changed: list[str] = []
    problems: list[Problem] = []
    for name, given in columns.items():
        field = row._meta.get_field(name)  # noqa: SLF001 (public by its documentation)
        assert isinstance(field, Field)
        value = _stored(field, given)
        if (problem := _problem(field, value, required=name in required)) is not None:
            problems.append(problem)
        elif getattr(row, name) != value:
            setattr(row, name, value)
            changed.append(name)
    if problems:
        raise Invalid(*problems)
    return changed


def missing(columns: Mapping[str, Any], *names: str) -> list[Problem]:
    """A problem `required` for each of `names` that a new row is not given."""
    return [Problem(name, "required") for name in names if columns.get(name) in {None, ""}]


def check_key(column: str, key: str, *, longest: int = 50) -> None:
    """Raise Invalid unless a key consists of Latin letters, digits, hyphens and underscores."""
    try:
        validate_slug(key)
    except ValidationError:
        raise Invalid(Problem(column, "key_format", {"value": one_line(key, 100)})) from None
    if len(key) > longest:
        raise Invalid(Problem(column, "long", {"most": longest}))


def save(row: M, changed: list[str], *, created: bool, named: str) -> Written[M]:
    """Write a new row, or the columns that changed; nothing where none did. `named`: what the log calls it."""
    if created:
        row.save(force_insert=True)
        record("%s created: %s", named, _shown(row, changed))
    elif changed:
        row.save(update_fields=changed)
        record("%s changed: %s", named, _shown(row, changed))
    return Written(row, created, tuple(changed))


def switch(row: Any, *, on: bool, named: str) -> bool:
    """Take a row out of use by its `inactive_at`, or back into it. False if it stood so already."""
    if on is (row.inactive_at is None):
        return False
    row.inactive_at = None if on else clock.now()
    row.save(update_fields=["inactive_at"])
    record("%s switched %s", named, "on" if on else "off")
    return True


def record(line: str, *facts: object) -> None:
    """A line of the log, once the change is committed."""
    transaction.on_commit(lambda: logger.info(line, *facts))


def _stored(field: "Field[Any, Any]", value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return storable(value).strip() if isinstance(field, TextField) else one_line(value, 10_000)


def _problem(field: "Field[Any, Any]", value: Any, *, required: bool) -> Problem | None:
    name = str(field.name)
    if required and value in {None, ""}:
        return Problem(name, "required")
    if field.choices and value not in (accepted := [str(code) for code, _ in field.flatchoices]):
        return Problem(name, "unknown", {"value": value, "accepted": " ".join(accepted)})
    if isinstance(value, str) and field.max_length and len(value) > field.max_length:
        return Problem(name, "long", {"most": field.max_length})
    if isinstance(field, IntegerField) and isinstance(value, int):
        most = _SMALL if isinstance(field, SmallIntegerField) else _LARGE
        if value < 0:
            return Problem(name, "low", {"least": 0})
        if value > most:
            return Problem(name, "high", {"most": most})
    return None


def _shown(row: Model, names: list[str]) -> str:
    return ", ".join(f"{name}={str(getattr(row, name))[:80]!r}" for name in names)

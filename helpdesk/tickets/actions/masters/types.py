from typing import Any

from django.db import transaction

from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written
from helpdesk.tickets.models import TicketType

NAMES = frozenset({"name_ru", "name_en"})


def put_type(key: str, **columns: Any) -> Written[TicketType]:
    """The type of this key, made (last in order) or changed.

    Raises Invalid: `key` key_format; `name_ru`, `name_en` required; and what the columns (names, position) refuse.
    """
    if unknown := set(columns) - NAMES - {"position"}:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        kinds = _locked()
        kind, created = kinds.get(key), key not in kinds
        if kind is None:
            masters.check_key("key", key)
            if problems := masters.missing(columns, *sorted(NAMES)):
                raise Invalid(*problems)
            kind = TicketType(key=key, position=max((one.position for one in kinds.values()), default=0) + 1)
        changed = masters.fill(kind, columns, required=NAMES)
        return masters.save(kind, changed, created=created, named=f"type {key}")


def switch_type(key: str, *, on: bool) -> bool:
    """Offer it no longer, or again; requests keep theirs. False if it stood so. Raises Invalid: `key` unknown."""
    with transaction.atomic():
        kind = _locked().get(key)
        if kind is None:
            raise Invalid(Problem("key", "unknown", {"value": key}))
        return masters.switch(kind, on=on, named=f"type {key}")


def _locked() -> dict[str, TicketType]:
    return {kind.key: kind for kind in TicketType.objects.select_for_update().order_by("pk")}

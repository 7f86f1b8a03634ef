from typing import Any

from django.db import transaction

from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written
from helpdesk.tickets.actions.masters import tree
from helpdesk.tickets.models import Category

NAMES = frozenset({"name_ru", "name_en"})


def put_category(key: str, *, parent: str | None = None, **columns: Any) -> Written[Category]:
    """The category of this key, made (last in order, at the root) or changed. `parent`: the key of the one above it,
    empty for the root.

    Raises Invalid: `key` key_format; `name_ru`, `name_en` required; `parent` unknown, off, cycle; and what the
    columns (names, position) refuse.
    """
    if unknown := set(columns) - NAMES - {"position"}:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        nodes, category, created = tree.found_or_new(Category, key, columns, required=NAMES)
        above = category.parent if parent is None else tree.parent_of(nodes, category, parent)
        changed = masters.fill(category, columns, required=NAMES)
        written = masters.save(category, changed, created=created, named=f"category {key}")
        moved = tree.place(nodes, category, above)
    return Written(category, created, (*written.changed, *(["parent"] if moved and not created else [])))


def switch_category(key: str, *, on: bool) -> bool:
    """Offer it no longer, or again; requests keep theirs. False if it stood so. Raises Invalid: `key` unknown,
    below_on, above_off."""
    with transaction.atomic():
        nodes = tree.lock(Category)
        if key not in nodes:
            raise Invalid(Problem("key", "unknown", {"value": key}))
        category = nodes[key]
        if on is (category.inactive_at is None):
            return False
        tree.check_switch(nodes, category, on=on)
        return masters.switch(category, on=on, named=f"category {key}")

from typing import Any

from django.db import transaction

from helpdesk.accounts.queries import is_address
from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written
from helpdesk.core.text.safe import storable
from helpdesk.tickets.actions.masters import tree
from helpdesk.tickets.models import Queue

NAMES = frozenset({"name_ru", "name_en"})
COLUMNS = NAMES | {
    "purpose_ru",
    "purpose_en",
    "guidance_ru",
    "guidance_en",
    "example_ru",
    "example_en",
    "client_chooses",
    "address",
    "follow_up",
    "auto_reply_ru",
    "auto_reply_en",
    "moved_text_ru",
    "moved_text_en",
    "position",
}


def create_queue(key: str, *, name_ru: str, name_en: str, **columns: Any) -> Queue:
    """As put_queue, for a key that nobody has. Raises Invalid: `key` taken."""
    with transaction.atomic():
        if Queue.objects.filter(key=key).exists():
            raise Invalid(Problem("key", "taken"))
        return put_queue(key, name_ru=name_ru, name_en=name_en, **columns).row


def put_queue(key: str, *, parent: str | None = None, **columns: Any) -> Written[Queue]:
    """The queue of this key, made (last in order, at the root) or changed in what is given. `parent`: the key of the
    queue above it, empty for the root.

    Raises Invalid: `key` key_format; `name_ru`, `name_en` required; `address` format, taken (by a queue in use);
    `parent` unknown, off, cycle; and what the columns refuse.
    """
    if unknown := set(columns) - COLUMNS:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        nodes, queue, created = tree.found_or_new(Queue, key, columns, required=NAMES)
        above = queue.parent if parent is None else tree.parent_of(nodes, queue, parent)
        changed = masters.fill(queue, _guided(columns), required=NAMES)
        _check_address(nodes, queue)
        written = masters.save(queue, changed, created=created, named=f"queue {key}")
        moved = tree.place(nodes, queue, above)
    return Written(queue, created, (*written.changed, *(["parent"] if moved and not created else [])))


def switch_off_queue(key: str) -> bool:
    """No new request comes into it any more; those in it stay. False if it was off.

    Raises Invalid: `key` unknown, below_on, last (new requests and letters need a queue).
    """
    with transaction.atomic():
        nodes, queue = _found(key)
        if queue.inactive_at is not None:
            return False
        tree.check_switch(nodes, queue, on=False)
        if not any(one.inactive_at is None for one in nodes.values() if one.pk != queue.pk):
            raise Invalid(Problem("key", "last", {"value": key}))
        return masters.switch(queue, on=False, named=f"queue {key}")


def switch_on_queue(key: str) -> bool:
    """It takes requests again. False if it was on. Raises Invalid: `key` unknown, above_off; `address` taken."""
    with transaction.atomic():
        nodes, queue = _found(key)
        if queue.inactive_at is None:
            return False
        tree.check_switch(nodes, queue, on=True)
        _check_address(nodes, queue)
        return masters.switch(queue, on=True, named=f"queue {key}")


def _found(key: str) -> tuple[dict[str, Queue], Queue]:
    nodes = tree.lock(Queue)
    if key not in nodes:
        raise Invalid(Problem("key", "unknown", {"value": key}))
    return nodes, nodes[key]


def _guided(columns: dict[str, Any]) -> dict[str, Any]:
    """The lines of guidance without empty ones."""
    lists = {name: columns[name] for name in ("guidance_ru", "guidance_en") if name in columns}
    kept: dict[str, Any] = {
        name: [text for line in lines if (text := storable(line).strip())] for name, lines in lists.items()
    }
    return {**columns, **kept}


def _check_address(nodes: dict[str, Queue], queue: Queue) -> None:
    """Letters to one address come into one queue."""
    if not queue.address:
        return
    if not is_address(queue.address):
        raise Invalid(Problem("address", "format", {"value": queue.address[:100]}))
    for one in nodes.values():
        if one.pk != queue.pk and one.inactive_at is None and one.address.lower() == queue.address.lower():
            raise Invalid(Problem("address", "taken_by", {"value": queue.address, "by": one.key}))

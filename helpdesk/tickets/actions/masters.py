"""Masters written by administrators: queues, names of states and priorities, rights. Requests are not touched here."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.core.errors import Invalid, Problem
from helpdesk.tickets import workflow
from helpdesk.tickets.models import Grant, Priority, Queue, Right, State

QUEUE_COLUMNS = frozenset(
    {
        "name_ru",
        "name_en",
        "purpose_ru",
        "purpose_en",
        "client_chooses",
        "address",
        "follow_up",
        "auto_reply_ru",
        "auto_reply_en",
    }
)
STATE_COLUMNS = frozenset({"name_ru", "name_en", "client_name_ru", "client_name_en", "closes_after"})


def create_queue(key: str, *, name_ru: str, name_en: str, **columns: Any) -> Queue:
    """A new queue at the root of the tree, last in order. Raises Invalid: `key` taken, and what the columns refuse."""
    with transaction.atomic():
        if Queue.objects.filter(key=key).exists():
            raise Invalid(Problem("key", "taken"))
        last = Queue.objects.order_by("-position").values_list("position", flat=True).first() or 0
        queue = Queue(key=key, path="/", position=last + 1)
        _fill(queue, {"name_ru": name_ru, "name_en": name_en, **columns}, accepted=QUEUE_COLUMNS)
        queue.save()
        queue.path = f"/{queue.pk}/"
        queue.save(update_fields=["path"])
    return queue


def change_queue(key: str, **columns: Any) -> Queue:
    """Write the given columns. Raises Invalid: `key` unknown, and what the columns refuse."""
    with transaction.atomic():
        queue: Queue = _found(Queue, "key", key)
        _fill(queue, columns, accepted=QUEUE_COLUMNS)
        if columns:
            queue.save(update_fields=sorted(columns))
    return queue


def switch_off_queue(key: str) -> bool:
    """No new request comes into it any more; those in it stay. False if it was off. Raises Invalid: `key` unknown."""
    with transaction.atomic():
        queue: Queue = _found(Queue, "key", key)
        if queue.inactive_at:
            return False
        queue.inactive_at = clock.now()
        queue.save(update_fields=["inactive_at"])
    return True


def change_state(code: str, **columns: Any) -> State:
    """Write names, or `closes_after` in seconds where the state closes by itself or may (`done`). Raises Invalid:
    `code` unknown, a state that never closes."""
    with transaction.atomic():
        state: State = _found(State, "code", code)
        if "closes_after" in columns and state.closes_to_id is None and code != workflow.DONE:
            raise Invalid(Problem("closes_after", "never_closes"))
        _fill(state, columns, accepted=STATE_COLUMNS)
        if columns:
            state.save(update_fields=sorted(columns))
    return state


def change_priority(rank: int, **columns: str) -> Priority:
    """Write the names. Raises Invalid: `rank` unknown."""
    with transaction.atomic():
        priority: Priority = _found(Priority, "rank", rank)
        _fill(priority, columns, accepted=frozenset({"name_ru", "name_en"}))
        if columns:
            priority.save(update_fields=sorted(columns))
    return priority


def grant(role_code: str, rights: Iterable[str], *, queue_key: str | None) -> int:
    """Rights of a role in a queue and those below it, in all where `queue_key` is None. How many are new.

    Raises Invalid: `role`, `queue` unknown; `right` not accepted.
    """
    wanted = list(dict.fromkeys(rights))
    if wrong := [right for right in wanted if right not in Right.values]:
        raise Invalid(Problem("right", "unknown", {"value": wrong[0], "accepted": " ".join(Right.values)}))
    with transaction.atomic():
        role = Role.objects.filter(code=role_code, inactive_at__isnull=True).first()
        if role is None:
            raise Invalid(Problem("role", "unknown", {"value": role_code}))
        queue = None if queue_key is None else _found(Queue, "key", queue_key)
        return sum(Grant.objects.get_or_create(role=role, queue=queue, right=right)[1] for right in wanted)


def _found(model: Any, field: str, value: object) -> Any:
    row = model.objects.select_for_update().filter(**{field: value}).first()
    if row is None:
        raise Invalid(Problem(field, "unknown", {"value": value}))
    return row


def _fill(row: Any, columns: dict[str, Any], *, accepted: frozenset[str]) -> None:
    for name, value in columns.items():
        if name not in accepted:
            raise TypeError(f"{name} is not set here")
        setattr(row, name, value)
    problems = []
    for name in columns:
        field = row._meta.get_field(name)  # noqa: SLF001 (public by its documentation)
        value = getattr(row, name)
        longest = getattr(field, "max_length", None)
        if name in {"name_ru", "name_en"} and not str(value).strip():
            problems.append(Problem(name, "required"))
        elif longest and len(str(value)) > longest:
            problems.append(Problem(name, "long", {"most": longest}))
        elif name == "closes_after" and value < 1:
            problems.append(Problem(name, "low", {"least": 1}))
    if problems:
        raise Invalid(*problems)

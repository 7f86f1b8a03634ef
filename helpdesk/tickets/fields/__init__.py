"""A queue's own fields: what was typed becomes canonical values, or problems with their fields. Knows no form.

`rules` and `patterns` are pure, `definitions` says what a field may be, `mirror` writes values to be searched.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.timezone import localdate

from helpdesk.core.errors import Invalid
from helpdesk.tickets.fields import rules
from helpdesk.tickets.fields.rules import Sent
from helpdesk.tickets.models import IntakeField, Queue

__all__ = ["Sent", "accepted", "of_keys", "of_queue", "of_queues", "of_values"]


def of_queue(queue: Queue) -> list[IntakeField]:
    """The fields that a new request of this queue is asked for, in order. One statement."""
    return list(queue.fields.filter(inactive_at=None))


def of_queues(queues: Sequence[Queue]) -> list[IntakeField]:
    """The fields that new requests of these queues are asked for. One statement."""
    return list(IntakeField.objects.filter(queue__in=[queue.pk for queue in queues], inactive_at=None))


def of_keys(queues: Sequence[Queue], keys: Collection[str]) -> list[IntakeField]:
    """The fields of these keys that new requests of these queues are asked for, then those that they were asked for
    once: something may have been typed into them before. One statement, none for no key."""
    rows = IntakeField.objects.filter(queue__in=[queue.pk for queue in queues], key__in=keys)
    return sorted(rows, key=lambda field: field.inactive_at is not None) if keys else []


def of_values(queue: Queue, stored: Mapping[str, Any]) -> list[IntakeField]:
    """The definitions of a request's values, in order: this queue's own, also those that are not asked for any more,
    then other queues' for what was asked there before it was moved. One statement."""
    found: dict[str, IntakeField] = {}
    for field in IntakeField.objects.filter(key__in=list(stored)):
        if field.key not in found or field.queue_id == queue.pk:
            found[field.key] = field
    return sorted(found.values(), key=lambda field: (field.queue_id != queue.pk, field.position, field.pk))


def accepted(
    queue: Queue, values: Mapping[str, str], files: Sequence[Sent] = (), *, at: datetime | None = None
) -> dict[str, Any]:
    """Canonical values of the queue's fields: {key: {"value", "version"}}, of files their names and places among
    `files`; empty ones are left out. `at`: when they were typed, now by default: bounds are counted from that day.

    Fields of other queues are ignored: they were typed before the queue was changed. Raises Invalid.
    """
    stored, problems = rules.take(of_queue(queue), values, files, today=localdate(at) if at else None)
    if problems:
        raise Invalid(*problems)
    return stored

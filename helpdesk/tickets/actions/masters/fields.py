from collections.abc import Sequence
from typing import Any

from django.db import transaction

from helpdesk.core import masters
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.masters import Written
from helpdesk.core.text.safe import one_line
from helpdesk.tickets.fields import definitions
from helpdesk.tickets.models import IntakeField, Queue

LABELS = frozenset({"label_ru", "label_en"})
COLUMNS = LABELS | {
    "kind", "help_ru", "help_en", "choices", "required", "shown_when", "required_when", "pattern", "pattern_hint_ru",
    "pattern_hint_en", "default", "bounds", "blank", "instead", "instead_ru", "instead_en", "position",
}  # fmt: skip


def put_field(queue_key: str, key: str, **columns: Any) -> Written[IntakeField]:
    """A queue's own field of the form (`field_<key>`), made (last in order) or changed in what is given.

    `choices`: (value, Russian, English) each, for the kind `choice` alone. `shown_when`, `required_when`: {} or
    {"field": key, "in": [values]} of another field of this queue, a choice or a check ("1", "0"). `bounds`: as
    `fields.bounds` knows them. Values that are stored keep the version they were typed for: another kind or other
    choices are a new one. Raises Invalid: `queue` unknown; `key` key_format; `kind`, `label_ru`, `label_en` required;
    `instead` unknown; all that `fields.definitions.flaws` finds; and what the columns refuse.
    """
    if unknown := set(columns) - COLUMNS:
        raise TypeError(f"{sorted(unknown)} is not set here")
    with transaction.atomic():
        queue = _queue(queue_key)
        field = IntakeField.objects.select_for_update().filter(queue=queue, key=key).first()
        created = field is None
        if field is None:
            masters.check_key("key", key)
            if problems := masters.missing(columns, "kind", *sorted(LABELS)):
                raise Invalid(*problems)
            last = IntakeField.objects.filter(queue=queue).order_by("-position").first()
            field = IntakeField(queue=queue, key=key, position=last.position + 1 if last else 0)
        if "choices" in columns:
            columns["choices"] = _choices(columns["choices"])
        changed = masters.fill(field, columns, required=LABELS | {"kind"})
        wrong = definitions.flaws(field, _others(field))
        if field.instead and not Queue.objects.filter(key=field.instead).exclude(pk=queue.pk).exists():
            wrong.append(Problem("instead", "unknown", {"value": field.instead}))
        if wrong:
            raise Invalid(*wrong)
        if not created and {"kind", "choices"} & set(changed):
            field.version += 1
            changed.append("version")
        return masters.save(field, changed, created=created, named=f"field {key} of queue {queue_key}")


def switch_field(queue_key: str, key: str, *, on: bool) -> bool:
    """Ask for it no longer, or again; what was typed stays. False if it stood so. Raises Invalid: `queue`, `key`
    unknown; `key` needed_by others that depend on it; `shown_when`, `required_when` condition_field, where it depends
    on one that is off."""
    with transaction.atomic():
        field = IntakeField.objects.select_for_update().filter(queue=_queue(queue_key), key=key).first()
        if field is None:
            raise Invalid(Problem("key", "unknown", {"value": key}))
        others = _others(field)
        if wrong := definitions.off_for(field, others) if on else definitions.needed_by(field, others, is_off=True):
            raise Invalid(*wrong)
        return masters.switch(field, on=on, named=f"field {key} of queue {queue_key}")


def _queue(key: str) -> Queue:
    queue = Queue.objects.select_for_update().filter(key=key).first()
    if queue is None:
        raise Invalid(Problem("queue", "unknown", {"value": key}))
    return queue


def _choices(choices: Sequence[Sequence[str]]) -> list[list[str]]:
    """As the column keeps them. Raises Invalid: `choices` format (three texts each, values that differ)."""
    made = [[one_line(part, 100) for part in choice] for choice in choices]
    values = [choice[0] for choice in made if choice]
    if any(len(choice) != 3 or not all(choice) for choice in made) or len(set(values)) != len(values):
        raise Invalid(Problem("choices", "choice_format"))
    return made


def _others(field: IntakeField) -> list[IntakeField]:
    """The other fields of its queue that are asked for."""
    return list(IntakeField.objects.filter(queue=field.queue, inactive_at=None).exclude(key=field.key))

"""Ready texts: who has all rights in a queue looks after those of it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotFound, Problem
from helpdesk.core.text.safe import one_line, storable
from helpdesk.tickets import policies, variables
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Queue, ReadyText

TEXT_LIMIT = 20_000
_SHORTCUT = re.compile(r"[\w-]{1,30}")


@dataclass(frozen=True, slots=True)
class Typed:
    """A ready text as somebody has typed it."""

    name: str
    shortcut: str
    queue_id: int | None
    text_ru: str
    text_en: str


def put_text(text_id: int | None, *, by: Actor, typed: Typed) -> ReadyText:
    """A ready text, made (`text_id` None) or changed: for a queue and those below it, or for all. Raises NotFound,
    NotAllowed; Invalid: `name` empty, too_long; `shortcut` shortcut_form, shortcut_taken; `text_ru` empty; `text_ru`,
    `text_en` text_too_long, unknown_variable (details: names)."""
    with verb():
        row = _locked(text_id, by) if text_id is not None else ReadyText()
        policies.require(policies.may_put_template(access_of(by), typed.queue_id), "ready_text")
        row.name, row.shortcut = one_line(typed.name, 1000), one_line(typed.shortcut, 100).lower().lstrip(":")
        row.text_ru, row.text_en = (storable(text).strip() for text in (typed.text_ru, typed.text_en))
        row.queue_id = typed.queue_id
        if wrong := _problems(row):
            raise Invalid(*wrong)
        row.save()
        return row


def _problems(row: ReadyText) -> list[Problem]:
    found = [Problem("name", "empty")] if not row.name else []
    if len(row.name) > 100:
        found.append(Problem("name", "too_long", {"limit": 100}))
    if row.shortcut and not _SHORTCUT.fullmatch(row.shortcut):
        found.append(Problem("shortcut", "shortcut_form"))
    elif row.shortcut and ReadyText.objects.filter(shortcut=row.shortcut, inactive_at=None).exclude(pk=row.pk).exists():
        found.append(Problem("shortcut", "shortcut_taken"))
    if not row.text_ru:
        found.append(Problem("text_ru", "empty"))
    for field in ("text_ru", "text_en"):
        text = getattr(row, field)
        if len(text) > TEXT_LIMIT:
            found.append(Problem(field, "text_too_long", {"limit": TEXT_LIMIT}))
        if names := variables.unknown(text):
            found.append(Problem(field, "unknown_variable", {"names": ", ".join(f"{{{name}}}" for name in names)}))
    return found


def switch_text(text_id: int, *, by: Actor, on: bool, at: datetime) -> bool:
    """Offer a text no longer, or again. False if it stood so. Raises NotFound; Invalid: `shortcut` shortcut_taken."""
    with verb():
        row = _locked(text_id, by)
        if on is (row.inactive_at is None):
            return False
        row.inactive_at = None if on else at
        if on and (wrong := [one for one in _problems(row) if one.field == "shortcut"]):
            raise Invalid(*wrong)
        row.save(update_fields=["inactive_at"])
        return True


def _locked(text_id: int, by: Actor) -> ReadyText:
    row = ReadyText.objects.select_for_update().filter(pk=text_id).first()
    if row is None or not policies.may_put_template(access_of(by), row.queue_id):
        raise NotFound
    return row


def texts_of(by: Actor) -> list[ReadyText]:
    """The texts that a person looks after, those switched off as well, by name."""
    access = access_of(by)
    rows = ReadyText.objects.select_related("queue")
    return [row for row in rows if policies.may_put_template(access, row.queue_id)]


def offered_texts(queue: Queue) -> Sequence[ReadyText]:
    """The texts for requests of a queue: its own, those of the queues above it, those of all, by name."""
    above = [int(part) for part in queue.path.split("/") if part]
    return list(ReadyText.objects.filter(Q(queue=None) | Q(queue__in=above), inactive_at=None))

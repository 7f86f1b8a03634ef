"""Signatures: who has all rights in a queue looks after that of it."""

from dataclasses import dataclass

from django.db import connection

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotFound, Problem
from helpdesk.core.text.safe import storable
from helpdesk.tickets import policies, variables
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Signature

LIMIT = 2_000  # characters


@dataclass(frozen=True, slots=True)
class Typed:
    """A signature as somebody has typed it."""

    queue_id: int | None
    text_ru: str
    text_en: str


def put_signature(signature_id: int | None, *, by: Actor, typed: Typed) -> Signature:
    """A signature, made (`signature_id` None) or changed. Raises NotFound, NotAllowed; Invalid: `queue`
    signature_taken; `text_ru` empty; `text_ru`, `text_en` too_long, unknown_variable (details: names)."""
    with verb():
        with connection.cursor() as cursor:  # a queue has one: writers come one after another
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('signatures'))")
        row = _locked(signature_id, by) if signature_id is not None else Signature()
        policies.require(policies.may_put_template(access_of(by), typed.queue_id), "signature")
        row.text_ru, row.text_en = (storable(text).strip() for text in (typed.text_ru, typed.text_en))
        row.queue_id = typed.queue_id
        if wrong := _problems(row):
            raise Invalid(*wrong)
        row.save()
        return row


def drop_signature(signature_id: int, *, by: Actor) -> None:
    """Letters of the queue end without it from now on. Raises NotFound."""
    with verb():
        _locked(signature_id, by).delete()


def signatures_of(by: Actor) -> list[Signature]:
    """Those that a person looks after: that of all first, then by queue."""
    access = access_of(by)
    rows = Signature.objects.select_related("queue").order_by("queue__position", "queue__path")
    found = [row for row in rows if policies.may_put_template(access, row.queue_id)]
    return sorted(found, key=lambda row: row.queue_id is not None)


def _problems(row: Signature) -> list[Problem]:
    found = [] if row.text_ru else [Problem("text_ru", "empty")]
    if Signature.objects.filter(queue=row.queue_id).exclude(pk=row.pk).exists():
        found.append(Problem("queue", "signature_taken"))
    for field in ("text_ru", "text_en"):
        text = getattr(row, field)
        if len(text) > LIMIT:
            found.append(Problem(field, "too_long", {"limit": LIMIT}))
        if names := variables.unknown(text):
            found.append(Problem(field, "unknown_variable", {"names": ", ".join(f"{{{name}}}" for name in names)}))
    return found


def _locked(signature_id: int, by: Actor) -> Signature:
    row = Signature.objects.select_for_update().filter(pk=signature_id).first()
    if row is None or not policies.may_put_template(access_of(by), row.queue_id):
        raise NotFound
    return row

"""Notes about clients and their companies, for specialists alone. Who may write one is asked by whoever calls."""

from datetime import datetime
from typing import Literal

from django.db import connection

from helpdesk.accounts.models import ClientNote, Company, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotFound, Problem
from helpdesk.core.text.safe import storable

LIMIT = 4_000  # characters
About = Literal["person", "company"]


def put_note(about: About, key: int, *, by: Actor, text: str, seen: int, at: datetime | None = None) -> bool:
    """The note about a client or a company from now on; an empty text takes it away. False if it stood so already.

    `seen`: the version that the writer read (0 for none). Raises NotFound for whoever is no client, Conflict where
    somebody else has written another one since, Invalid: `text` too_long."""
    text = storable(text).strip()
    if len(text) > LIMIT:
        raise Invalid(Problem("text", "too_long", {"limit": LIMIT}))
    with verb():
        _hold(about, key)
        newest = ClientNote.objects.filter(**{about: key}).order_by("-pk").first()
        if text == (newest.text if newest else ""):
            return False
        if seen != (newest.pk if newest else 0):
            raise Conflict("client_note")
        ClientNote(**{f"{about}_id": key}, by_id=by.person_id, text=text, at=at or clock.now()).save(force_insert=True)
        return True


def _hold(about: About, key: int) -> None:
    """Writers about one client come one after another."""
    rows = Company.objects.all() if about == "company" else Person.objects.exclude(kind=Person.Kind.AGENT)
    if not rows.filter(pk=key).exists():
        raise NotFound
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"note {about} {key}"])

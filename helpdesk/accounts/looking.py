"""An administrator looks at the clients' side as one client: marked, logged, without any writing.

Only below /portal/: there `request.user` is the client, with `is_looked_at`, and `request.looking` says whose eyes
these are; everywhere else the administrator stays who they are. The row of the look is the truth, the session names it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db.models import F
from django.db.models.functions import Least
from django.http import HttpRequest
from django.utils import timezone

from helpdesk.accounts import session_store
from helpdesk.accounts.models import Look, Person
from helpdesk.accounts.origin import ip_of, user_agent_of
from helpdesk.core import clock, db
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.core.plain import Columns

LONGEST = timedelta(minutes=30)
SIDE = "/portal/"
_KEY = "looking"  # in the administrator's session: the row, and where it is ended


@dataclass(frozen=True, slots=True)
class Looking:
    """What every page of a look says: as whom, until when, and the address that ends it."""

    name: str
    until: datetime
    end: str

    @property
    def until_clock(self) -> str:
        """The hour and minute of `until` in the zone of the page."""
        return timezone.localtime(self.until).strftime("%H:%M")


def begin(request: HttpRequest, client_id: int, *, end: str) -> Look:
    """From now on this session looks as the client; `end`: the address that ends it. A look before this one is over.

    Raises NotFound, and NotAllowed for whoever is no client or is switched off.
    """
    administrator = _administrator(request)
    client = Person.objects.filter(pk=client_id).first()
    if client is None:
        raise NotFound
    if client.kind != Person.Kind.CLIENT:
        raise NotAllowed("look.no_client", name=client.name)
    if not client.is_active:
        raise NotAllowed("look.off", name=client.name)
    stop(request)
    now = clock.now()
    look = Look.objects.create(
        administrator=administrator, client=client, begun_at=now, until=now + LONGEST, ip=ip_of(request),
        user_agent=user_agent_of(request),
    )  # fmt: skip
    request.session[_KEY] = {"look": look.pk, "end": end}
    return look


def stop(request: HttpRequest) -> bool:
    """The session looks as nobody any more; whether it did."""
    kept = request.session.pop(_KEY, None)
    return kept is not None and bool(_close(kept["look"]))


def _close(look_id: int) -> int:
    return Look.objects.filter(pk=look_id, ended_at=None).update(ended_at=Least(clock.now(), F("until")))


def _administrator(request: HttpRequest) -> Person:
    person = request.user
    if not isinstance(person, Person) or not person.is_administrator:
        raise NotAllowed("look.administrators")
    return person


def whose_eyes(request: HttpRequest, person: Any) -> Any:
    """Who `request.user` is: the client where the administrator `person` looks as one, else `person`.

    Costs nothing where nobody looks. A look that is over (its time, the role, the client's access) is closed here.
    """
    if not request.path.startswith(SIDE) or not isinstance(person, Person):
        return person
    kept = request.session.get(_KEY)
    if kept is None:
        return person
    found = _seen(kept["look"], person) if person.is_administrator else None
    if found is None:
        stop(request)
        return person
    client, until = found
    request.looking = Looking(client.name, until, kept["end"])  # type: ignore[attr-defined]
    return client


def _seen(look_id: int, administrator: Person) -> tuple[Person, datetime] | None:
    """The client of a look that goes on, as a session would bring them. One statement."""
    columns = _columns()
    found = db.fetch(
        f"""SELECT {columns.sql}{session_store.brought()}, l.until
              FROM accounts_look l JOIN accounts_person p ON p.id = l.client_id
             WHERE l.id = %s AND l.administrator_id = %s AND l.ended_at IS NULL AND l.until > %s
               AND p.kind = 'client' AND p.inactive_at IS NULL""",  # noqa: S608  the rooms' own text
        [look_id, administrator.pk, clock.now()],
    )
    if not found:
        return None
    client = columns.take(found[0])
    assert client is not None  # joined
    session_store.give(client, found[0][columns.width : -1])
    client.is_looked_at = True  # type: ignore[attr-defined]
    return client, found[0][-1]


@cache
def _columns() -> Columns[Person]:
    return Columns(Person, "p")


def latest(limit: int) -> list[Look]:
    """The latest looks with both people. One statement."""
    return list(Look.objects.select_related("administrator", "client").order_by("-begun_at", "-pk")[:limit])

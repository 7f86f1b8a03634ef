"""Sessions in the database, read with the person in one bare statement: every page of a signed-in person begins so."""

from collections.abc import Sequence
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.core import signing

from helpdesk.accounts.models import Person
from helpdesk.core import db
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.plain import Columns

_PERSON = Columns(Person, "p")
_along: dict[str, str] = {}


def bring_along(name: str, sql: str) -> None:
    """Have a value read with every session, for a room that every page asks (`actor_for`): one statement less a page.

    `sql`: an expression over the person as `accounts_person p`, each % doubled, without values.
    """
    _along[name] = sql


def brought() -> str:
    """The expressions to be read along with `accounts_person p`, each after a comma."""
    return "".join(f", {sql}" for sql in _along.values())


def give(person: Person, values: Sequence[Any]) -> None:
    """Let a person have what was read along with their row."""
    person.brought = dict(zip(_along, values, strict=True))  # type: ignore[attr-defined]


def actor_for(person: Person, cause: Cause = Cause.WEB) -> Actor:
    """The signed-in person as who acts, with what came along with the session."""
    if getattr(person, "is_looked_at", False):
        cause = Cause.LOOK
    return Actor(person.pk, cause, dict(getattr(person, "brought", {})))


class _Bytes:
    """A serializer that hands on what was signed."""

    @staticmethod
    def loads(data: bytes) -> bytes:
        return data


@lru_cache(maxsize=2048)
def _proved(data: str, salt: str) -> bytes:
    """What stands in a session's row, its signature looked at: once for each content, since pages do not change it.

    Raises signing.BadSignature, or what unpacking raises.
    """
    found: bytes = signing.loads(data, salt=salt, serializer=_Bytes)  # type: ignore[arg-type]
    return found


class SessionStore(DatabaseSessions):
    """Django's own but for the reading, where building a query object costs more than the query."""

    person: Person | None = None  # whose session the list of sessions says it is, as they are now

    def _get_session_from_db(self) -> Any:
        found = db.fetch(
            f"""SELECT s.session_data, {_PERSON.sql}{brought()} FROM django_session s
                  LEFT JOIN usersessions_usersession u ON u.session_key = s.session_key
                  LEFT JOIN accounts_person p ON p.id = u.user_id
                 WHERE s.session_key = %s AND s.expire_date > now()""",  # noqa: S608  the rooms' own text
            [self.session_key],
        )
        if not found:
            self._session_key = None
            return None
        self.person = _PERSON.take(found[0], 1)
        if self.person is not None:
            give(self.person, found[0][1 + _PERSON.width :])
        return SimpleNamespace(session_data=found[0][0])

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The values of a session, of their own for each caller; empty where the signature is not ours."""
        try:
            found: dict[str, Any] = self.serializer().loads(_proved(str(session_data), self.key_salt))
        except Exception:
            return super().decode(session_data)
        return found

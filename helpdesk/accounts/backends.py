"""Who is it: login or address, and a password."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from helpdesk.accounts import queries
from helpdesk.accounts.actions import LONGEST_PASSWORD
from helpdesk.accounts.models import Person
from helpdesk.core import db
from helpdesk.core.plain import Columns

_PERSON = Columns(Person, "p")
_read_with_session: ContextVar[Person | None] = ContextVar("person", default=None)


@contextmanager
def known(person: Person | None) -> Iterator[None]:
    """Within the block `get_user` need not read this person again: their row came with the session a moment ago."""
    before = _read_with_session.set(person)
    try:
        yield
    finally:
        _read_with_session.reset(before)


class LoginOrAddress(BaseBackend):
    """Active clients and agents by login, or by an address that only one of them has (R8)."""

    def authenticate(  # time and place are the adapter's
        self,
        request: HttpRequest | None,
        password: str | None = None,
        login: str | None = None,
        **credentials: Any,
    ) -> Person | None:
        """The person, or None. Costs one statement and one hash whoever is asked for, so that time tells nothing.

        `login`, or as allauth names it `username` or `email`, is what was typed. Whoever is switched off and knows
        their password stays out, and `request.is_switched_off` lets their page say so; nobody else learns it.
        """
        typed = login or credentials.get("username") or credentials.get("email")
        if not isinstance(typed, str) or not password:
            return None
        person = queries.named_by(typed)
        fits = len(password) <= LONGEST_PASSWORD
        if person is None or not person.has_usable_password() or not fits:
            make_password(password[:LONGEST_PASSWORD])
            return None
        if not person.check_password(password):
            return None
        if not person.is_active:
            if request is not None:
                request.is_switched_off = True  # type: ignore[attr-defined]
            return None
        return person

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session; None ends it: whoever is switched off is out with the next request."""
        person = _read_with_session.get()
        if person is not None and str(person.pk) == str(user_id):
            return person if person.inactive_at is None and person.kind != Person.Kind.CONTACT else None
        found = db.fetch(
            f"SELECT {_PERSON.sql} FROM accounts_person p"  # noqa: S608  the model's own columns
            " WHERE p.id = %s AND p.inactive_at IS NULL AND p.kind <> 'contact'",
            [user_id],
        )
        return _PERSON.take(found[0]) if found else None

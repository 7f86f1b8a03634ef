"""Who is it: login or address, and a password."""

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


class LoginOrAddress(BaseBackend):
    """Active clients and agents by login, or by an address that only one of them has (R8)."""

    def authenticate(  # the request is Django's to give, time and place are the adapter's
        self,
        request: HttpRequest | None,  # noqa: ARG002
        password: str | None = None,
        login: str | None = None,
        **credentials: Any,
    ) -> Person | None:
        """The person, or None. Costs one statement and one hash whoever is asked for, so that time tells nothing.

        `login`, or as allauth names it `username` or `email`, is what was typed.
        """
        typed = login or credentials.get("username") or credentials.get("email")
        if not isinstance(typed, str) or not password:
            return None
        person = queries.may_sign_in_as(typed)
        fits = len(password) <= LONGEST_PASSWORD
        if person is None or not person.has_usable_password() or not fits:
            make_password(password[:LONGEST_PASSWORD])
            return None
        return person if person.check_password(password) else None

    def get_user(self, user_id: Any) -> Person | None:
        """The person of a session; None ends it: whoever is switched off is out with the next request."""
        # a bare statement: every page of a signed-in person asks it
        found = db.fetch(
            f"SELECT {_PERSON.sql} FROM accounts_person p"  # noqa: S608  the model's own columns
            " WHERE p.id = %s AND p.inactive_at IS NULL AND p.kind <> 'contact'",
            [user_id],
        )
        return _PERSON.take(found[0]) if found else None

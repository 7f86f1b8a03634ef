"""Sessions in the database, read with the person in one bare statement: every page of a signed-in person begins so."""

from types import SimpleNamespace
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from helpdesk.accounts.models import Person
from helpdesk.core import db
from helpdesk.core.plain import Columns

_PERSON = Columns(Person, "p")


class SessionStore(DatabaseSessions):
    """Django's own but for the reading, where building a query object costs more than the query."""

    person: Person | None = None  # whose session the list of sessions says it is, as they are now

    def _get_session_from_db(self) -> Any:
        found = db.fetch(
            f"""SELECT s.session_data, {_PERSON.sql} FROM django_session s
                  LEFT JOIN usersessions_usersession u ON u.session_key = s.session_key
                  LEFT JOIN accounts_person p ON p.id = u.user_id
                 WHERE s.session_key = %s AND s.expire_date > now()""",  # noqa: S608  the model's own columns
            [self.session_key],
        )
        if not found:
            self._session_key = None
            return None
        self.person = _PERSON.take(found[0], 1)
        return SimpleNamespace(session_data=found[0][0])

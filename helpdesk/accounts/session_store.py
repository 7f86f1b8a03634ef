"""Sessions in the database, read by a bare statement: every page of a signed-in person begins with one."""

from types import SimpleNamespace
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions

from helpdesk.core import db


class SessionStore(DatabaseSessions):
    """Django's own but for the reading, where building a query object costs more than the query."""

    def _get_session_from_db(self) -> Any:
        found = db.fetch(
            "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()",
            [self.session_key],
        )
        if not found:
            self._session_key = None
            return None
        return SimpleNamespace(session_data=found[0][0])

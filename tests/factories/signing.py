"""`client.force_login` by one row: Django's own makes a session, makes another in its place, and writes that once more."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.http import HttpRequest
from django.test import Client
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string

_with_a_session_before = Client._login


def _login(self, user, backend=None):
    """The same values and signals; whoever has a session already goes Django's way."""
    if self.cookies.get(settings.SESSION_COOKIE_NAME):
        _with_a_session_before(self, user, backend)
        return
    request = HttpRequest()
    session = request.session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")()
    session._session_cache = {}
    session._session_key = get_random_string(32, VALID_KEY_CHARS)
    session.cycle_key = lambda: None  # the key is new
    login(request, user, backend)
    session.save(must_create=True)
    self._set_login_cookies(request)


def settle():
    """Have every client of the tests sign in so."""
    Client._login = _login

"""What every page of a signed-in person needs: no copy in caches, and a session that ends in time."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY, get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from helpdesk.accounts import looking
from helpdesk.accounts.backends import known
from helpdesk.accounts.sessions import SEEN, SINCE
from helpdesk.core import clock

View = Callable[[HttpRequest], HttpResponse]

LONGEST = timedelta(days=30)  # after this one signs in again, however busy (ASVS 7.3.2); idle: SESSION_COOKIE_AGE
_SEEN_EVERY = timedelta(minutes=10)  # a session is written at most this often for having been used


class Authentication(AuthenticationMiddleware):
    """Django's own, with the person's row that came with the session."""

    def process_request(self, request: HttpRequest) -> None:
        """`request.user`, looked up when first asked for; from then on the person itself stands there."""
        super().process_request(request)

        def looked_up() -> Any:
            person = _person_of(request)
            if request.__dict__["user"] is lazy:  # signing in and out put another there
                request.user = person
            return person

        lazy = request.user = SimpleLazyObject(looked_up)  # type: ignore[assignment]


def _person_of(request: HttpRequest) -> Any:
    if not hasattr(request, "_cached_user"):
        bool(request.session.get(SESSION_KEY))  # reads the session, and the person with it
        with known(getattr(request.session, "person", None)):
            person = get_user(request)
        request._cached_user = looking.whose_eyes(request, person)  # type: ignore[attr-defined]  # noqa: SLF001  Django's place
    return request._cached_user  # type: ignore[attr-defined]  # noqa: SLF001


class NoStore:
    """After signing out the back button shows nothing (ASVS 7.4.1). A view that sets Cache-Control itself keeps it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = request.user.is_authenticated  # asked before the view: signing out changes it
        response = self.get_response(request)
        if signed_in and not response.has_header("Cache-Control"):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class SessionLimits:
    """Ends sessions that are too old, and notes now and then that one is in use. Needs the person, before the view."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = int(clock.now().timestamp())
            since = request.session.get(SINCE)
            if since is None:
                request.session[SINCE] = request.session[SEEN] = now
            elif now - since > LONGEST.total_seconds():
                logout(request)
            elif now - request.session.get(SEEN, 0) > _SEEN_EVERY.total_seconds():
                request.session[SEEN] = now
        return self.get_response(request)

"""How often somebody may try. The counts are allauth's, in the cache that all processes share."""

import math
import secrets
import time

from allauth.core.internal import ratelimit
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from helpdesk.accounts import queries
from helpdesk.accounts.models import Person
from helpdesk.accounts.names import canonical_login

_APP = "allauth.account"
_SALT = "helpdesk.accounts.known_browser"
COOKIE = "known"
COOKIE_AGE = 365 * 24 * 3600


def key_of(request: HttpRequest, typed: str) -> str:
    """Under what the wrong passwords for a typed login are counted.

    By person, so that login and address share one count. A browser in which this person signed in before counts
    apart: strangers who try passwords cannot keep the owner out (OWASP, device cookies).
    """
    person = queries.may_sign_in_as(typed)
    if person is None:
        return f"typed:{canonical_login(typed)}"
    return f"person:{person.pk}:{known_browser(request, person)}"


def known_browser(request: HttpRequest, person: Person) -> str:
    """The mark of a browser in which this person signed in before; empty for any other browser."""
    try:
        pk, mark = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=COOKIE_AGE)
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(mark) if pk == person.pk else ""


def remember_browser(response: HttpResponse, person: Person, *, secure: bool) -> None:
    """Let this browser be known when the person signs in next time."""
    mark = signing.dumps([person.pk, secrets.token_urlsafe(9)], salt=_SALT)
    response.set_cookie(COOKIE, mark, max_age=COOKIE_AGE, httponly=True, samesite="Lax", secure=secure, path="/login/")


def seconds_left(request: HttpRequest, action: str, key: str) -> int:
    """How long until one more try is allowed, by the fullest of the action's counts; at least 1."""
    waits = [1.0]
    for rate in ratelimit.get_rates(app=_APP, action=action):
        stored = cache.get(ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key), [])
        if len(stored) >= rate.amount:
            waits.append(stored[-1] + rate.duration - time.time())
    return math.ceil(max(waits))


def allowed(request: HttpRequest, action: str, key: str | None = None) -> bool:
    """Count one try; False when there were too many."""
    return ratelimit.consume(request, app=_APP, action=action, key=key) is not None


def forget(request: HttpRequest, action: str, key: str) -> None:
    """Begin to count anew."""
    for rate in ratelimit.get_rates(app=_APP, action=action):
        if rate.per == "key":
            cache.delete(ratelimit.get_cache_key(request, app=_APP, action=action, rate=rate, key=key))

"""The token of a form, as Django checks it, made in a twentieth of the time: all signed-in pages have one."""

import os

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, get_token
from markupsafe import Markup

_PLACES = {char: at for at, char in enumerate(CSRF_ALLOWED_CHARS)}
_MANY = len(CSRF_ALLOWED_CHARS)
_FAIR = 256 - 256 % _MANY  # bytes from here on would make some signs likelier than others


def token(request: HttpRequest) -> str:
    """The token for a form of this answer, under a new mask each time.

    The cookie goes along where there is none yet, and to whoever is not signed in: signing in gives a new one, which
    outlives the session by months, so that pages need not renew it.
    """
    secret = request.META.get("CSRF_COOKIE")
    if secret is None or len(secret) != CSRF_SECRET_LENGTH:
        return get_token(request)
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        request.META["CSRF_COOKIE_NEEDS_UPDATE"] = True
    mask = _mask()
    hidden = [CSRF_ALLOWED_CHARS[(_PLACES[char] + at) % _MANY] for char, at in zip(secret, mask, strict=True)]
    return "".join([*(CSRF_ALLOWED_CHARS[at] for at in mask), *hidden])


def token_input(request: HttpRequest) -> Markup:
    """The hidden field of a form that carries it."""
    # letters and digits only
    return Markup(f'<input type="hidden" name="csrfmiddlewaretoken" value="{token(request)}">')  # noqa: S704


def _mask() -> list[int]:
    found: list[int] = []
    while len(found) < CSRF_SECRET_LENGTH:
        found += [byte % _MANY for byte in os.urandom(CSRF_SECRET_LENGTH * 2) if byte < _FAIR]
    return found[:CSRF_SECRET_LENGTH]

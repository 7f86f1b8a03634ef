"""What every answer carries: the content security policy, and the reader's language, zone and theme."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

View = Callable[[HttpRequest], HttpResponse]

POLICY: dict[str, str] = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "frame-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()",
}
THEMES = ("light", "dark")


def _joined(policy: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}".rstrip() for name, value in policy.items())


_PLAIN = _joined(POLICY)


class Nonce:
    """Made when a template first prints it; a page without one keeps the plain policy."""

    __slots__ = ("value",)

    def __init__(self) -> None:
        self.value = ""

    def __str__(self) -> str:
        self.value = self.value or secrets.token_urlsafe(16)
        return self.value

    __html__ = __str__


class ContentSecurityPolicy:
    """A strict policy for every answer. A view changes it by `response.csp = {"frame-ancestors": "'self'"}`.

    A value of None takes a directive away; `request.csp_nonce` allows a script of the page itself where printed.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        nonce = Nonce()
        request.csp_nonce = nonce  # type: ignore[attr-defined]
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        changes: dict[str, str | None] = getattr(response, "csp", None) or {}
        if changes or nonce.value:
            policy = POLICY | ({"script-src": f"'self' 'nonce-{nonce.value}'"} if nonce.value else {})
            merged = {**policy, **changes}
            response.headers["Content-Security-Policy"] = _joined({k: v for k, v in merged.items() if v is not None})
        else:
            response.headers.setdefault("Content-Security-Policy", _PLAIN)
        return response


def _asked_language(request: HttpRequest) -> str:
    """The cookie's, else the browser's, else the installation's language."""
    offered = dict(settings.LANGUAGES)
    cookie = request.COOKIES.get("language", "")
    if cookie in offered:
        return cookie
    for code, _ in parse_accept_lang_header(request.headers.get("Accept-Language", "").lower()):
        if code[:2] in offered:
            return code[:2]
    return str(settings.LANGUAGE_CODE)


class Locale:
    """Activates the language, time zone and theme of whoever asks; needs the session before it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = _asked_language(request)
        theme = request.COOKIES.get("theme", "")
        # first without the person: should the database be away, the page that says so is in a language people read
        translation.activate(language)
        timezone.deactivate()
        request.theme = theme if theme in THEMES else ""  # type: ignore[attr-defined]
        person = getattr(request, "user", None)
        signed_in = person is not None and person.is_authenticated
        if signed_in:
            own = getattr(person, "language", "")
            if own and own != language and own in dict(settings.LANGUAGES):
                translation.activate(own)
            _activate_zone(getattr(person, "time_zone", ""))
            own_theme = getattr(person, "theme", "")
            request.theme = own_theme if own_theme in THEMES else ""  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
        if signed_in:
            # pages of one person: asked for anew after signing out, and a fragment is not the page of its address
            response.headers.setdefault("Cache-Control", "private, no-cache")
            patch_vary_headers(response, ("HX-Request",))
        else:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def _activate_zone(name: str) -> None:
    if not name:
        return
    try:
        timezone.activate(ZoneInfo(name))
    except (KeyError, ValueError, OSError):  # a zone that this machine does not know: the installation's stands
        timezone.deactivate()

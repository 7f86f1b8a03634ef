"""Pages for what went wrong: they work without the database and say what to do. Named in the root urls and settings."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from helpdesk.web import stash

log = logging.getLogger(__name__)

_LAST_RESORT = (
    "<!DOCTYPE html><html lang='ru'><meta charset='utf-8'><title>500</title>"
    "<h1>Что-то сломалось у нас · Something broke on our side</h1><p>Код для поддержки · Code for support: {code}</p>"
)


Frame = dict[str, object]  # "frame": the template to stand in, "ways" on from there, and what the template wants
BARE: Frame = {"frame": "", "ways": ()}
_makers: list[Callable[[HttpRequest], Frame | None]] = []


def stand_in(maker: Callable[[HttpRequest], Frame | None]) -> None:
    """Pages of errors stand in the frame that `maker` makes, for those whose front it is; None for others."""
    _makers.append(maker)


def frame_of(request: HttpRequest) -> Frame:
    """What stands around a page of an error; bare where no page is read (a file, a script), nobody is known, or the
    frame cannot be made: the page itself is shown whatever happens."""
    if "text/html" not in request.headers.get("Accept", "") or "HX-Request" in request.headers:
        return BARE
    try:
        return next((found for maker in _makers if (found := maker(request))), BARE)
    except Error:
        log.warning("no frame for the page of an error", exc_info=True)
        return BARE


def _page(
    request: HttpRequest, status: int, title: str, text: str, *, code: str = "", retry: bool = False, sign_in: str = ""
) -> HttpResponse:
    around = frame_of(request) if status in {403, 404} else BARE
    context = {
        "status": status,
        "title": title,
        "text": text,
        "code": code,
        "retry": retry,
        "sign_in": sign_in,
        **around,
    }
    return HttpResponse(render_to_string("web/error.html", context, request=request), status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the browser sent what no form of ours sends; 413 where it was only too much."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent):
        return too_large(request)
    return _page(
        request,
        400,
        _("The request could not be understood"),
        _("Go back, reload the page and try once more. If it happens again, tell the support service what you did."),
        retry=True,
    )


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403: the thing may be seen, the deed may not be done."""
    return _page(
        request,
        403,
        _("You have no right to do this"),
        _("If you need it for your work, ask your administrator or the support service."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: absent and invisible look the same."""
    soft = _("Check the address or start over. A colleague's request opens only if you work in the same company.")
    if getattr(getattr(request, "user", None), "kind", "") == "agent":
        soft = _("Check the address or start over. A request opens only for those who work in its queue.")
    return _page(request, 404, _("There is no such page, or it is not visible to you"), soft)


def too_large(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """413: more than the installation accepts in one sending."""
    return _page(
        request,
        413,
        _("Too much was sent at once"),
        _("Go back and send fewer or smaller files, in several answers if need be. Your text is still in the form."),
        retry=True,
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault; the code on the page stands in the log too."""
    code = secrets.token_hex(4).upper()
    log.error("code for support %s: %s %s", code, request.method, request.path, exc_info=True)  # noqa: LOG014 - Django calls this while it handles the exception
    try:
        return _page(
            request,
            500,
            _("Something broke on our side"),
            _("What was confirmed is not lost. Try again in a minute; if it happens again, tell us the code below."),
            code=code,
            retry=True,
        )
    except Exception:
        log.exception("the page for errors failed")
        return HttpResponse(_LAST_RESORT.format(code=code), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the forgery check: most often a form that stood open over a sign-in elsewhere."""
    log.info("forgery check failed: %s (%s)", reason, request.path)
    # the mark of whose form it is nobody else can write: what was typed comes back on a fresh page, to be sent anew
    if stash.keep(request):
        return HttpResponseRedirect(request.path)
    page = _out_of_date(request)
    if not getattr(getattr(request, "user", None), "is_authenticated", False):
        page.headers["Signed-Out"] = "1"  # a script tells the cause in its own place (shelf.js)
    return page


def _out_of_date(request: HttpRequest) -> HttpResponse:
    if settings.CSRF_COOKIE_NAME not in request.COOKIES:
        return _page(
            request,
            403,
            _("The browser sent no cookies"),
            _(
                "Without them nobody can sign in or send a form. Allow cookies for this site in the browser's settings "
                "and sign in. What you typed is still in the form: go back to copy it."
            ),
            retry=True,
            sign_in=settings.LOGIN_URL,
        )
    return _page(
        request,
        403,
        _("The form is out of date"),
        _(
            "You signed in or out since it was opened, or cookies are switched off. "
            "Go back, reload the page and send it again: the text you typed will still be there."
        ),
        retry=True,
        sign_in="" if request.user.is_authenticated else settings.LOGIN_URL,
    )


def refused(request: HttpRequest, text: str) -> HttpResponse:
    """403 with the reason in words."""
    return _page(request, 403, _("You have no right to do this"), text)


def unavailable(request: HttpRequest, title: str, text: str) -> HttpResponse:
    """503 in words: it cannot be done now, and may be in a while."""
    return _page(request, 503, title, text, retry=True)

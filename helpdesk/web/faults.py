"""Pages for what is neither the reader's fault nor our code's: a full disk, of files or of the database, and a database
that is away for a moment."""

import errno
import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg import errors as database

from helpdesk.core.away import causes, is_away
from helpdesk.web import errors

_log = logging.getLogger(__name__)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_BACK_IN = 5  # seconds, for Retry-After: the supervisor starts a dead database within them


def is_full(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a full disk."""
    return any(
        isinstance(one, database.DiskFull) or (isinstance(one, OSError) and one.errno in _FULL) for one in causes(error)
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """507 where there was no room to store what was sent, 503 where the database was away, else the usual page."""
    error = sys.exc_info()[1]  # Django calls this while it handles the exception
    if is_full(error):
        _log.error("no room: %s %s: %s", request.method, request.path, error)
        return _page(
            request,
            507,
            _("There is no room left on the server"),
            _(
                "Nothing of this was stored, and what was confirmed before is not lost. "
                "Go back: your text is still in the form. Try again later, and tell the support service by telephone."
            ),
        )
    if is_away(error):
        _log.error("database away: %s %s: %s", request.method, request.path, error)
        page = _page(
            request,
            503,
            _("The server is busy for a moment"),
            _(
                "What was confirmed is not lost. Try again in some seconds. "
                "If you sent something: go back, your text is still in the form; sending it twice makes it one."
            ),
        )
        page.headers["Retry-After"] = str(_BACK_IN)
        return page
    return errors.server_error(request)


def _page(request: HttpRequest, status: int, title: str, text: str) -> HttpResponse:
    context = {"status": status, "title": title, "text": text, "code": "", "retry": True, **errors.BARE}
    return HttpResponse(render_to_string("web/error.html", context, request=request), status=status)

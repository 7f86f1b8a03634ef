"""The page for a full disk, of files or of the database: no fault of the reader's, and none of our code's."""

import errno
import logging
import sys

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from psycopg import errors as database

from helpdesk.web import errors

_log = logging.getLogger(__name__)
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_missing(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a full disk."""
    seen = 0
    while error is not None and seen < 10:
        if isinstance(error, database.DiskFull) or (isinstance(error, OSError) and error.errno in _FULL):
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False


def server_error(request: HttpRequest) -> HttpResponse:
    """507 where there was no room to store what was sent, else the usual page of a fault of ours."""
    error = sys.exc_info()[1]  # Django calls this while it handles the exception
    if not is_missing(error):
        return errors.server_error(request)
    _log.error("no room: %s %s: %s", request.method, request.path, error)
    context = {
        "status": 507,
        "title": _("There is no room left on the server"),
        "text": _(
            "Nothing of this was stored, and what was confirmed before is not lost. "
            "Go back: your text is still in the form. Try again later, and tell the support service by telephone."
        ),
        "code": "",
        "retry": True,
    }
    return HttpResponse(render_to_string("web/error.html", context, request=request), status=507)

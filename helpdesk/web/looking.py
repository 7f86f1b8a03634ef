"""Somebody looks at pages with another's eyes (`request.looking`): shown as ever, and nothing at all is written.

Forms are refused before any view; what a page would write by itself the database refuses.
"""

from collections.abc import Callable

import psycopg
from django.db import Error, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from helpdesk.core import db
from helpdesk.web import errors

_READING = {"GET", "HEAD", "OPTIONS"}


class OnlyLooking:
    """Middleware: costs nothing where nobody looks. Needs the person and the language before it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "looking", None) is None:
            return self.get_response(request)
        if request.method not in _READING:
            return _refused(request)
        with db.reading():
            response = self.get_response(request)
            transaction.set_rollback(True)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A page that cannot be made without writing says so."""
        if getattr(request, "looking", None) is None or not _would_write(exception):
            return None
        return _refused(request)


def _would_write(exception: Exception) -> bool:
    if isinstance(exception, Error):
        return isinstance(exception.__cause__, psycopg.errors.ReadOnlySqlTransaction)
    return isinstance(exception, RuntimeError) and "durable" in str(exception)  # an entry point of a deed


def _refused(request: HttpRequest) -> HttpResponse:
    name = request.looking.name  # type: ignore[attr-defined]
    return errors.refused(
        request,
        _("You are looking as %(name)s: here nothing can be sent or changed. Finish looking to work as yourself.")
        % {"name": name},
    )

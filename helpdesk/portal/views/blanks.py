"""Blanks to fill in: handed to everybody who is signed in, clients and specialists."""

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from helpdesk.accounts.access import to_sign_in
from helpdesk.tickets.blanks import BLANKS, TYPES
from helpdesk.web.downloads import file_response


@require_safe
def blank(request: HttpRequest, blank_file: str) -> HttpResponseBase:
    """One file of a blank, under the name by which people know it."""
    person = request.user
    if not person.is_authenticated:
        return to_sign_in(request)
    key, _, kind = blank_file.rpartition(".")
    found = BLANKS.get(key)
    if found is None or kind not in TYPES or person.kind not in {"client", "agent"}:
        raise Http404
    response = file_response(found.path(kind), filename=f"{found.filename}.{kind}")
    response.headers["Content-Type"] = TYPES[kind]
    return response

"""A request as a PDF."""

import logging

from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.core import pdf
from helpdesk.portal import document
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.tickets.around import open_by_client
from helpdesk.web import errors
from helpdesk.web.downloads import SANDBOX

logger = logging.getLogger(__name__)


@require_safe
@client_page
def ticket(request: ClientRequest, number: str) -> HttpResponse:
    """The document of a request, to be saved."""
    found = open_by_client(request.actor, number)
    try:
        content = document.of_ticket(request.actor, found)
    except pdf.Failed as failure:
        logger.warning("the document of request %s was not made: %s", found.number, failure)
        return errors.unavailable(
            request,
            _("The document could not be made now"),
            _("Try again in a minute, or print the request's page: everything stands there."),
        )
    response = HttpResponse(content, content_type="application/pdf")
    filename = (_("Request %(number)s.pdf") % {"number": found.number}).replace("\u00a0", " ")  # as people type names
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response

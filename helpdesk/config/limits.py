"""How much one request may carry. Refused before anything is read."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from helpdesk.web.errors import too_large


class BodyLimit:
    """Answers 413 in words to a request whose announced length is over HELPDESK_MAX_POST_MB."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isascii() and length.isdigit() and int(length) > settings.MAX_POST_MB * 1024 * 1024:
            return too_large(request)
        return self.get_response(request)

"""A page for those who open an address that only forms send to, as happens after a sign-in that had run out."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve

from helpdesk.web import errors

_NO_PAGES = ("uploads",)  # parents that only forms send to as well


class MethodPage:
    """Middleware: a blank 405 to somebody who reads pages becomes a page with a way back. The status stays."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.streaming or response.content or not _reads_pages(request):
            return response
        context = {"back": way_back(request.path_info), **errors.frame_of(request)}
        page = HttpResponse(render_to_string("web/method.html", context, request=request), status=405)
        page["Allow"] = response["Allow"]
        page["Cache-Control"] = "no-store"
        return page


def way_back(path: str) -> str:
    """The nearest page above an address; empty if there is none but the start."""
    parts = path.strip("/").split("/")[:-1]
    while parts:
        above = f"/{'/'.join(parts)}/"
        if parts[-1] not in _NO_PAGES:
            try:
                resolve(above)
            except Resolver404:
                pass
            else:
                return above
        parts.pop()
    return ""


def _reads_pages(request: HttpRequest) -> bool:
    return (
        request.method in {"GET", "HEAD"}
        and "text/html" in request.headers.get("Accept", "")
        and "HX-Request" not in request.headers
    )

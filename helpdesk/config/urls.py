"""All addresses. The fronts name their own below their prefix."""

from importlib.util import find_spec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.views.generic import RedirectView

from helpdesk.config.health import healthz, readyz


def home(request: HttpRequest) -> HttpResponse:
    """The bare address leads everybody to their own side."""
    person = request.user
    if not person.is_authenticated:
        return HttpResponseRedirect("/login/")
    return HttpResponseRedirect("/desk/" if person.kind == "agent" else "/portal/mine/")


urlpatterns = [
    path("", home, name="home"),
    path("favicon.ico", RedirectView.as_view(url="/static/web/favicon.svg")),
    path("healthz", healthz),
    path("readyz", readyz),
    path("portal/", include("helpdesk.portal.urls")),
    path("__ui__/", include("helpdesk.web.urls")),
]
for room, prefix in (("accounts", ""), ("desk", "desk/")):
    if find_spec(f"helpdesk.{room}.urls"):
        urlpatterns.append(path(prefix, include(f"helpdesk.{room}.urls")))

handler400 = "helpdesk.web.errors.bad_request"
handler403 = "helpdesk.web.errors.permission_denied"
handler404 = "helpdesk.web.errors.not_found"
handler500 = "helpdesk.web.errors.server_error"

"""All addresses. The fronts name their own below their prefix."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import include, path
from django.views.generic import RedirectView

from helpdesk.config.health import healthz, readyz
from helpdesk.config.metrics.view import metrics
from helpdesk.fronts import originals


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
    path("metrics", metrics),
    path("portal/", include("helpdesk.portal.urls")),
    path("desk/", include("helpdesk.desk.urls")),
    path("letters/pictures/<str:token>/", originals.picture),
    path("__ui__/", include("helpdesk.web.urls")),
    path("", include("helpdesk.accounts.urls")),
]
handler400 = "helpdesk.web.errors.bad_request"
handler403 = "helpdesk.web.errors.permission_denied"
handler404 = "helpdesk.web.errors.not_found"
handler500 = "helpdesk.web.faults.server_error"

"""What stands around every page of a client: the four tabs in the source's order and words (R9)."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core.actor import Actor
from helpdesk.portal.gate import ClientRequest
from helpdesk.portal.options import FOOTER
from helpdesk.tickets import queries
from helpdesk.tickets.access import access_of
from helpdesk.web import render
from helpdesk.web.shell import Item, PortalShell, Reader, Tab


def page(
    request: ClientRequest,
    template: str,
    context: dict[str, Any],
    *,
    tab: str = "",
    status: int = 200,
    waiting: int | None = None,
) -> HttpResponse:
    """Render a page of the portal; `tab`: new, mine, company, search; `waiting`: where the view has counted."""
    shell = _shell(request.user, request.actor, tab, waiting)
    return render.page(request, template, {**context, "shell": shell}, status=status)


def frame(request: HttpRequest) -> tuple[str, dict[str, object]]:
    """What stands around a client's own account."""
    person = cast("Person", request.user)
    return "web/portal.html", {"shell": _shell(person, actor_for(person), "")}


def _shell(person: Person, actor: Actor, current: str, waiting: int | None = None) -> PortalShell:
    count = queries.waiting_for_client(actor) if waiting is None else waiting
    companies = ", ".join(access_of(actor).company_names)
    label = ngettext("%(num)d is waiting for your answer", "%(num)d are waiting for your answer", count)
    return PortalShell(
        reader=Reader(person.name, person.initials, companies),
        tabs=(
            Tab(_("New request"), "/portal/new/", "plus", current == "new"),
            Tab(
                _("My requests"), "/portal/mine/", "file-text", current == "mine", count,
                label % {"num": count},
            ),
            Tab(_("Company requests"), "/portal/company/", "building-2", current == "company"),
            Tab(_("Search"), "/portal/search/", "search", current == "search"),
        ),
        menu=(
            Item(_("Language and appearance"), "/account/security/#look", "sliders-horizontal"),
            Item(_("Sign-in and devices"), "/account/security/", "user"),
            Item(_("Change the password"), "/account/password/", "settings"),
            Item(_("Sign out"), "/logout/", "log-out", post=True),
        ),
        footer=FOOTER.lately().get(get_language() or "ru", ""),
        home="/portal/mine/",
    )  # fmt: skip

"""Help: pages about each part of the clients' side, for everybody, also for those who have no access yet (R8)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from markupsafe import Markup

from helpdesk.accounts.access import home_of
from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.knowledge import queries
from helpdesk.knowledge.queries import Topic
from helpdesk.portal.shell import HELP, around, foot
from helpdesk.tickets import policies
from helpdesk.tickets import queries as tickets
from helpdesk.tickets.access import access_of
from helpdesk.web import render
from helpdesk.web.shell import Item, PortalShell, Reader

_PLACES = {  # where one does what a page of help tells about
    "new-request": "/portal/new/",
    "my-requests": "/portal/mine/",
    "company-requests": "/portal/company/",
    "search": "/portal/search/",
    "news": "/portal/news/",
    "drafts": "/portal/drafts/",
    "settings": "/account/settings/",
    "security": "/account/security/",
    "people": "/portal/people/",
}


@require_safe
@never_cache
def contents(request: HttpRequest) -> HttpResponse:
    """`/portal/help/`: all topics."""
    topics = queries.topics(_language())
    return render.page(request, "portal/help.html", {"topics": topics, "base": HELP, "shell": _shell(request)})


@require_safe
@never_cache
def topic(request: HttpRequest, slug: str) -> HttpResponse:
    """`/portal/help/SLUG/`: one topic, beside the list of all."""
    topics = queries.topics(_language())
    place = next((at for at, one in enumerate(topics) if one.slug == slug), None)
    if place is None:
        raise Http404
    shown, person = topics[place], request.user
    context = {
        "topics": topics,
        "topic": shown,
        "body": _body(shown),
        "following": topics[place + 1] if place + 1 < len(topics) else None,
        "place": _place(slug, person) if isinstance(person, Person) else "",
        "base": HELP,
        "shell": _shell(request),
    }
    return render.page(request, "portal/help_topic.html", context)


def _place(slug: str, person: Person) -> str:
    """Where a client does what the page tells about; the people of a company are for its chief alone, a new request
    for who writes."""
    if person.kind != Person.Kind.CLIENT:
        return ""
    actor = actor_for(person)
    access = access_of(actor)
    if slug == "people" and not access.chief_of:
        return ""
    if slug == "new-request" and not policies.may_open_among(access, tickets.queues_for_client(actor)):
        return ""
    return _PLACES.get(slug, "")


def _body(shown: Topic) -> Markup:
    return Markup(shown.html(HELP))  # noqa: S704  made harmless by it


def _language() -> str:
    return "ru" if (get_language() or "ru").startswith("ru") else "en"


def _shell(request: HttpRequest) -> PortalShell:
    """A client's own; for others a bare one with the way back."""
    person = request.user
    if isinstance(person, Person) and person.kind == Person.Kind.CLIENT:
        return around(person, actor_for(person), "", topic="")
    home = home_of(person) if isinstance(person, Person) else "/login/"
    enter = Item(pgettext("button", "Sign in"), "/login/", "log-in")
    if home == "/desk/":
        enter = Item(_("To the desk"), home, "inbox")
    return PortalShell(Reader("", ""), (), footer=foot(), home=home, enter=enter)

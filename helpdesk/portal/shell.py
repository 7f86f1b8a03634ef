"""What stands around every page of a client: the four tabs in the source's order and words (R9), the search of the
head, news, help, and what the support service says to everybody."""

from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.text.sanitise import from_plain
from helpdesk.notices import queries as bell
from helpdesk.notices import shown
from helpdesk.notices.shown import Told
from helpdesk.portal.gate import ClientRequest
from helpdesk.portal.options import FOOTER
from helpdesk.tickets import policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.web import render
from helpdesk.web.shell import Bell, Item, Notice, PortalShell, Reader, Tab, other_language

NEWS = "/portal/news/"
HELP = "/portal/help/"
SEARCH = "/portal/search/"
# the page of help that tells about a page: by its template, else by its tab
_TOPICS = {
    "portal/ticket.html": "answer",
    "portal/observers.html": "observers",
    "portal/people.html": "people",
    "portal/invite.html": "people",
    "portal/colleague.html": "people",
    "portal/colleague_ask.html": "people",
    "portal/drafts.html": "drafts",
    "portal/draft.html": "drafts",
    "new": "new-request",
    "mine": "my-requests",
    "company": "company-requests",
    "search": "search",
    "news": "news",
}


# pages of one's own account about its sign-in; the others are its settings
_SIGN_IN = {"account_security", "account_change_password"}


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
    shell = around(request.user, request.actor, tab, waiting=waiting, topic=topic_of(tab, template))
    return render.page(request, template, {**context, "shell": shell}, status=status)


def topic_of(tab: str, template: str = "") -> str:
    """The page of help that tells about a page of the portal; empty where it is none of its own."""
    return _TOPICS.get(template) or _TOPICS.get(tab, "")


def frame(request: HttpRequest) -> tuple[str, dict[str, object]]:
    """What stands around a client's own account."""
    person = cast("Person", request.user)
    at = request.resolver_match.url_name if request.resolver_match else ""
    topic = "security" if at in _SIGN_IN else "settings"
    return "web/portal.html", {"shell": around(person, actor_for(person), "", topic=topic)}


def frame_of_error(request: HttpRequest) -> dict[str, object] | None:
    """What stands around a page that tells a client why something is not to be had, and where to go on."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person) or person.kind != Person.Kind.CLIENT:
        return None
    ways = (
        Item(_("My requests"), "/portal/mine/"),
        Item(_("Company requests"), "/portal/company/"),
        Item(_("Help"), HELP),
    )
    return {"frame": "web/portal.html", "shell": around(person, actor_for(person), ""), "ways": ways}


def around(person: Person, actor: Actor, current: str, *, waiting: int | None = None, topic: str = "") -> PortalShell:
    """The shell of a client's page. `topic`: the page of help about it."""
    access = access_of(actor)
    said = _Said(
        language=get_language() or "ru",
        reader=Reader(person.name, person.initials, ", ".join(access.company_names)),
        current=current,
        waiting=queries.waiting_for_client(actor) if waiting is None else waiting,
        unread=bell.unread(actor),
        told=shown.now_for(actor),
        topic=topic,
        footer=foot(),
        looks=actor.cause is Cause.LOOK,
        is_chief=bool(access.chief_of),
        may_open=policies.may_open_among(access, queries.queues_for_client(actor)),
    )
    return _built(said)


class _Said(NamedTuple):
    """All that a shell is made of."""

    language: str
    reader: Reader
    current: str
    waiting: int
    unread: int
    told: tuple[Told, ...]
    topic: str
    footer: str
    looks: bool
    is_chief: bool
    may_open: bool


@lru_cache(maxsize=512)
def _built(said: _Said) -> PortalShell:
    label = ngettext("%(num)d is waiting for your answer", "%(num)d are waiting for your answer", said.waiting)
    return PortalShell(
        reader=said.reader,
        tabs=(
            *([Tab(_("New request"), "/portal/new/", "plus", said.current == "new")] if said.may_open else []),
            Tab(
                _("My requests"), "/portal/mine/", "file-text", said.current == "mine", said.waiting,
                label % {"num": said.waiting},
            ),
            Tab(_("Company requests"), "/portal/company/", "building-2", said.current == "company"),
            Tab(_("Search"), SEARCH, "search", said.current == "search"),
        ),
        menu=() if said.looks else _menu(is_chief=said.is_chief),
        footer=said.footer,
        links=(Item(_("Help"), HELP),),
        home="/portal/mine/",
        search="" if said.current == "search" else SEARCH,  # that page has a box of its own
        bell=_bell(said.unread),
        help=f"{HELP}{said.topic}/" if said.topic else HELP,
        notices=tuple(_notice(one, said.language) for one in said.told),
    )  # fmt: skip


def _menu(*, is_chief: bool) -> tuple[Item, ...]:
    return (
        Item(_("Drafts"), "/portal/drafts/", "pencil"),
        *([Item(_("People of the company"), "/portal/people/", "users")] if is_chief else []),
        Item(_("Settings"), "/account/settings/", "settings"),
        Item(_("Sign-in and devices"), "/account/security/", "user"),
        Item(_("Change the password"), "/account/password/", "key-round"),
        Item(_("Help"), HELP, "circle-question-mark"),
        other_language(get_language() or "ru"),
        Item(_("Sign out"), "/logout/", "log-out", post=True),
    )


def foot() -> str:
    """When and where the service is reached."""
    return FOOTER.lately().get(get_language() or "ru", "")


def _bell(unread: int) -> Bell:
    many = unread >= bell.COUNTED
    figure = f"{bell.COUNTED - 1}+" if many else str(unread or "")
    label = ngettext("News: %(num)s unread", "News: %(num)s unread", unread) if unread else _("News")
    return Bell(NEWS, figure, label % {"num": figure} if unread else label)


def _notice(one: Told, language: str) -> Notice:
    address = f"/portal/banners/{one.id}/dismiss/"
    return Notice(address, one.kind, one.title(language), notice_html(one.text(language)))


def notice_html(text: str) -> Markup:
    """The text of a banner as a page shows it."""
    return Markup(from_plain(text))  # noqa: S704  escaped by it, addresses made links

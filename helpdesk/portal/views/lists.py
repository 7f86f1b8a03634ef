"""«Мои заявки» and «Заявки компании» (R9, R14, R19)."""

from dataclasses import replace

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from helpdesk.core import clock
from helpdesk.portal import asked
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.listing import Listing, html_of, page_of
from helpdesk.portal.shell import around, page, topic_of
from helpdesk.tickets import lists, policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lists import Which
from helpdesk.web import kept
from helpdesk.web.jinja import current_language


@require_safe
@client_page
def home(request: ClientRequest) -> HttpResponse:  # noqa: ARG001
    return HttpResponseRedirect("/portal/mine/")


@require_safe
@client_page
def mine(request: ClientRequest) -> HttpResponse:
    """The client's own requests: what awaits them first."""
    return _list(request, "mine")


@require_safe
@client_page
def company(request: ClientRequest) -> HttpResponse:
    """All requests of the company that this client may see."""
    return _list(request, "company")


def _list(request: ClientRequest, tab: Which) -> HttpResponse:
    language = current_language()
    wanted = asked.read(request.GET, request.actor, tab, language)
    found = _read(request, wanted, language)
    if wanted.colleague is not None and not lists.knows(found, wanted.colleague):
        wanted = asked.without_colleague(wanted)
        found = _read(request, wanted, language)
    access = access_of(request.actor)
    listing = Listing(
        asked=replace(wanted, number=found.number),
        counts=found.counts,
        rows=found.rows,
        promised=found.rows.promised(clock.now()),
        may_open=policies.may_open_among(access, queries.queues_for_client(request.actor)),
        may_answer=policies.may_open_any(access),
        pages=found.pages,
        companies=access.named_companies if len(access.companies) > 1 else (),
        colleagues=found.colleagues,
    )
    if kept.is_like_no_other(request):
        context = {"title": listing.title, "listing": html_of(listing)}
        return page(request, "portal/list.html", context, tab=tab, waiting=found.waiting)
    shell = around(request.user, request.actor, tab, waiting=found.waiting, topic=topic_of(tab))
    return kept.answer(request, page_of(listing, shell, request.theme))  # type: ignore[attr-defined]


def _read(request: ClientRequest, wanted: asked.Asked, language: str) -> lists.Page:
    return lists.page(request.actor, wanted.wanted, number=wanted.number, size=wanted.size, language=language)

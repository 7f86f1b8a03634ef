"""«Поиск» (R20): words and conditions. Every result has an address, every condition is a chip."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Invalid, Problem
from helpdesk.fronts.taking import KINDS, NotMade
from helpdesk.portal import conditions, found
from helpdesk.portal.conditions import Asked, Offered
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.kept_words import address_of, company_of, problem_words, sharing
from helpdesk.portal.shell import page
from helpdesk.portal.views.export import export_of
from helpdesk.search import mending
from helpdesk.search import queries as search_queries
from helpdesk.search import saved as keeping
from helpdesk.search.around import around
from helpdesk.search.people import Named, named
from helpdesk.search.results import Results
from helpdesk.search.saved import Kept, Saved
from helpdesk.tickets import queries
from helpdesk.tickets.lines import SIZE

COUNTED = 1_000  # found requests are counted up to here
ALL_COUNTED = 10_000  # and all that one sees, which is cheaper
MOST_OF_OTHERS = 12  # colleagues' searches that stand above the conditions; the page of all of them has the rest
EMPTY = 3  # conditions left empty that an address holds at most: a form sends them all, people pass addresses on


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def search(request: ClientRequest) -> HttpResponseBase:
    """The form and, where anything is asked, the results, as a page or as a file of all of them (`format`). A number
    alone leads to the request. A POST keeps the search of this address under `name`, shown to `share`."""
    offered, saved, asked = asked_of(request)
    if request.method == "POST":
        try:
            return _kept(request, asked)
        except Invalid as refusal:
            return _results(request, offered, saved, asked, status=422, problem=refusal.problems[0])
    alone = asked.wanted.q and not asked.wrong and asked.address(without="q") == "?"
    if alone and (number := search_queries.jump(request.actor, asked.wanted.q)):
        return HttpResponseRedirect(f"/portal/tickets/{number}/")
    kind = request.GET.get("format", "")
    if not asked.wrong and sum(not value for value in request.GET.values()) > EMPTY:
        return HttpResponseRedirect("/portal/search/" + asked.address(format=kind))
    if kind not in KINDS or asked.wrong:
        return _results(request, offered, saved, asked)
    if request.method == "HEAD":
        return HttpResponse(content_type=KINDS[kind])
    try:
        return export_of(request.actor, offered, asked, kind)
    except NotMade as refusal:
        return _results(request, offered, saved, asked, status=refusal.status, told=refusal.words)


def _kept(request: ClientRequest, asked: Asked) -> HttpResponse:
    """Keep this search. Raises Invalid."""
    kept = [Kept(one.name, one.value, one.words) for one in asked.said] if asked.conditions else []
    name, company_id = request.POST.get("name", ""), company_of(request.POST.get("share", ""))
    with db.entry():
        made = keeping.save(request.actor, name=name, conditions=kept, company_id=company_id)
    messages.success(request, _("The search is saved. It stands above the conditions."))
    return HttpResponseRedirect(f"/portal/search/saved/{made}/")


def _results(
    request: ClientRequest,
    offered: Offered,
    saved: Saved | None,
    asked: Asked,
    *,
    status: int = 200,
    told: str = "",
    problem: Problem | None = None,
) -> HttpResponse:
    """The page; `told`: why no file came, `problem`: why the search was not kept."""
    results, people = Results(), list[Named]()  # what was meant is not known: nothing rather than something else
    if not asked.wrong:
        count_to = COUNTED if asked.conditions else ALL_COUNTED
        results = search_queries.find(request.actor, asked.wanted, request.GET.get("cursor"), count_to=count_to)
        if not request.GET.get("cursor"):
            people = named(request.actor, asked.wanted, offered.around.people)
        if request.method != "POST" and not people and (meant := _meant(request, asked, results)):
            place = mending.place_of(asked.wanted)
            again = asked.address(**{place: meant, "instead": getattr(asked.wanted, place)})
            return HttpResponseRedirect(f"/portal/search/{again}")
    context = {**_context(request, offered, saved, asked, results), **_refused(request, problem), "told": told,
               "people": found.people(asked, people)}  # fmt: skip
    if problem and problem.field == "conditions":
        context["told"] = problem_words(problem)
    return page(request, "portal/search.html", context, tab="search", status=status)


def _refused(request: ClientRequest, problem: Problem | None) -> dict[str, Any]:
    """Why the search was not kept, by the field, with what was typed."""
    errors = {"share" if problem.field == "company" else problem.field: problem_words(problem)} if problem else {}
    return {
        "save_errors": errors, "save_name": request.POST.get("name", "")[: 4 * keeping.NAME],
        "save_share": request.POST.get("share", ""),
    }  # fmt: skip


def _meant(request: ClientRequest, asked: Asked, results: Results) -> str:
    """Words that find something where those typed find nothing: in the other layout, or without a typing error."""
    if results.items or results.notice or request.GET.get("cursor") or request.GET.get("instead"):
        return ""
    return mending.mended(request.actor, asked.wanted)


def asked_of(request: ClientRequest) -> tuple[Offered, Saved | None, Asked]:
    """What may be asked for, the saved search that led here, and what is asked. One statement."""
    offered = offered_to(request.actor)
    saved = next((one for one in offered.around.saved if str(one.id) == request.GET.get("saved")), None)
    return offered, saved, conditions.read(request.GET, offered, saved.conditions if saved else ())


def offered_to(actor: Actor) -> Offered:
    """What this person may ask for. One statement."""
    language, beside = get_language() or "ru", around(actor)
    return Offered(
        language,
        conditions.choices(queries.states(actor), language, hidden={"removed"}),
        conditions.recipients(beside.queues, language),
        queries.priorities(actor),
        queries.categories(actor),
        beside,
    )


def _context(
    request: ClientRequest, offered: Offered, saved: Saved | None, asked: Asked, results: Results
) -> dict[str, Any]:
    chips = found.chips(asked)
    words = bool(asked.wanted.places) and not search_queries.only_leaves_out(asked.wanted)
    kept = {"saved": str(saved.id)} if saved else {}
    instead = request.GET.get("instead", "")[: mending.LONGEST]
    return {
        "asked": asked,
        "title": found.title(asked, results),
        "rows": [found.row(hit, asked, offered) for hit in results.items],
        "next": asked.address(cursor=results.next_cursor, **kept) if results.next_cursor else "",
        "where": found.where(results),
        "before": asked.address(**kept) if results.passed == SIZE else "",
        "first": asked.address(**kept) if request.GET.get("cursor") and results.passed != SIZE else "",
        "notice": found.notice_text(results.notice),
        "chips": chips,
        "groups": found.groups(asked, offered),
        "understood": found.understood(asked, results, instead),
        "exactly": found.exactly(asked, results, instead),
        "saved_now": saved,
        "saved": [
            (one.name, one.author, address_of(one), saved is not None and one.id == saved.id)
            for one in _near(offered.around.saved, saved)
        ],
        "shared_with": sharing(offered.around.sees_all_of),
        "sorts": _sorts(asked) if words and not asked.wrong else [],
        "downloads": [] if asked.wrong or not results.items else found.downloads(asked, results),
        "without_wrong": asked.address() if asked.wrong and asked.conditions else "",
    }


def _sorts(asked: Asked) -> list[tuple[str, str, bool]]:
    """(text, address, is it so now) of each order."""
    by_fit = asked.wanted.by_fit
    return [
        (_("newest first"), asked.address(without="sort"), not by_fit),
        (_("best match first"), asked.address(sort="fit"), by_fit),
    ]


def _near(kept: Sequence[Saved], now: Saved | None) -> list[Saved]:
    """What stands above the conditions: one's own, some of the colleagues', and the one that is open."""
    own, others = [one for one in kept if not one.author], [one for one in kept if one.author]
    shown = [*own, *others[:MOST_OF_OTHERS]]
    return shown if now is None or now in shown else [*shown, now]

"""The lists: all open, mine, of a queue, found; and the rail as a page of its own."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.accounts.models import Company
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, filters, found, neighbours, rows, shell
from helpdesk.desk.filters import Filters
from helpdesk.desk.views.base import DENSITIES, actor_of, density_of, front, page

YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition that is set, and the address of the list without it."""

    name: str
    value: str
    remove: str


@front
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """`/desk/`: all open requests, or what the conditions in the address say."""
    return _list(request, filters.read(request.GET.dict()), addresses.HOME)


@front
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """`/desk/search/?q=…`: words within all requests; a number alone leads to its request."""
    wanted = filters.read(request.GET.dict(), default_view="all")
    number = found.number(wanted.words, actor_of(request)) if wanted.words else ""
    if number:
        return HttpResponseRedirect(addresses.of_ticket(number))
    return _list(request, wanted, addresses.SEARCH)


def _list(request: HttpRequest, wanted: Filters, path: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    after, before, notice = request.GET.get("after", ""), request.GET.get("before", ""), ""
    if full_text := found.by_full_text(wanted):
        shown, notice = found.page(wanted, actor, known, now=now, cursor=after)
    else:
        conditions = filters.conditions(wanted, known)
        shown = rows.page(conditions, actor, order=wanted.order, now=now, after=after, before=before)
    queue = known.queue(wanted.queue)
    title = queue.name if queue and wanted.view == "open" else filters.names()[wanted.view]
    place = f"queue:{queue.id}" if queue and wanted.view == "open" else wanted.view
    if path == addresses.SEARCH:
        title, place = _("Search"), "search"
    here = wanted.address(path)
    glue = "&" if "?" in here else "?"
    context = {
        "title": title,
        "total": filters.total(wanted, known),
        "page": shown,
        "chips": _chips(wanted, known, path),
        "searching": path == addresses.SEARCH,
        "words": wanted.words,
        "sorts": [] if full_text else _sorts(wanted, path),
        "order": "" if full_text else wanted.order,
        "notice": notice,
        "before": f"{here}{glue}before={shown.before}" if shown.before else "",
        "after": f"{here}{glue}after={shown.after}" if shown.after else "",
        "conditions": wanted.address(addresses.CONDITIONS),
        "filters": wanted,
        "here": here,
        "density": density_of(request),
        "reset": path,
    }
    response = page(request, "desk/list.html", context, place=place, words=wanted.words, known=known)
    neighbours.remember(request, response)
    return response


def _sorts(wanted: Filters, path: str) -> list[tuple[str, str, bool, None]]:
    words = {"due": _("By deadline"), "recent": _("Newest first"), "priority": _("By priority")}
    return [(text, wanted.address(path, sort=sort), wanted.order == sort, None) for sort, text in words.items()]


def _chips(wanted: Filters, known: shell.Figures, path: str) -> list[Chip]:
    """The conditions in words. One statement where a company is a condition, else none."""
    chips = []
    if wanted.view != "all" and not (wanted.state and wanted.view == "open"):
        chips.append(Chip(_("view"), filters.names()[wanted.view].lower(), wanted.address(path, view="all")))
    if wanted.queue is not None:
        queue = known.queue(wanted.queue)
        chips.append(Chip(_("queue"), queue.name if queue else "?", wanted.address(path, queue=None)))
    if wanted.state:
        chips.append(Chip(_("state"), known.states.get(wanted.state, "?"), wanted.address(path, state="")))
    if wanted.priority:
        chips.append(Chip(_("priority"), str(wanted.priority), wanted.address(path, priority=None)))
    if wanted.company:
        chips.append(Chip(_("company"), _company(wanted.company), wanted.address(path, company=None)))
    if wanted.words and path != addresses.SEARCH:
        chips.append(Chip(_("words"), wanted.words, wanted.address(path, words="")))
    return chips


def _company(company_id: int) -> str:
    return Company.objects.filter(pk=company_id).values_list("short_name", flat=True).first() or "?"


@front
@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """`/desk/conditions/`: the form of all conditions of a list, filled with those of the address."""
    wanted = filters.read(request.GET.dict())
    actor = actor_of(request)
    known = shell.figures(actor, at=clock.now())
    companies = Company.objects.filter(inactive_at=None).order_by("sort_key").values_list("pk", "short_name")
    context = {
        "filters": wanted,
        "views": list(filters.names().items()),
        "queues": [(line.id, "\u2003" * line.depth + line.name) for line in known.queues],
        "states": list(known.states.items()),
        "priorities": [(rank, rows.priority_label(rank)) for rank in range(5, 0, -1)],
        "companies": list(companies),
        "back": wanted.address(),
    }
    return page(request, "desk/conditions.html", context, place=wanted.view, known=known)


@front
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """`/desk/queues/`: all views and queues with their figures; on a phone this is the rail."""
    actor: Actor = actor_of(request)
    known = shell.figures(actor, at=clock.now())
    lines = [(line, addresses.query(addresses.HOME, queue=line.id)) for line in known.queues]
    return page(
        request, "desk/queues.html", {"lines": lines, "density": density_of(request)}, place="more", known=known
    )


@front
@require_POST
def density(request: HttpRequest) -> HttpResponse:
    """Keep how dense this browser wants its lists, and go back."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = addresses.HOME
    response = HttpResponseRedirect(target)
    wanted = request.POST.get("density", "")
    if wanted in DENSITIES:
        response.set_cookie("density", wanted, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response

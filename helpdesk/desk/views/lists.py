"""The lists: all open, mine, of a queue, found; and the rail as a page of its own."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from markupsafe import Markup

from helpdesk.accounts import queries as people
from helpdesk.accounts.models import Company
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotFound
from helpdesk.desk import (
    addresses,
    beside,
    bulk,
    columns,
    empty,
    filters,
    found,
    heads,
    neighbours,
    rows,
    saved,
    shell,
    unclear,
)  # fmt: skip
from helpdesk.desk.beside import Beside
from helpdesk.desk.chips import chips
from helpdesk.desk.filters import Filters
from helpdesk.desk.rows import Page
from helpdesk.desk.views import home
from helpdesk.desk.views.base import DENSITIES, UNSTORED, actor_of, density_of, front, page, person_of
from helpdesk.tickets import lines
from helpdesk.tickets.access import View, access_of
from helpdesk.tickets.actions import choose_queue
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.models import Right, Tag
from helpdesk.tickets.narrowing import NOBODY
from helpdesk.web import kept
from helpdesk.web.kept import Kept
from helpdesk.web.shell import DeskShell

YEAR = 365 * 24 * 3600


@front
@require_safe
def tickets(request: HttpRequest) -> HttpResponse:
    """`/desk/`: the first page; with conditions in the address, the requests that meet them."""
    if home.is_asked(request):
        return home.show(request)
    return _list(request, filters.read(request.GET.dict()), addresses.HOME)


def _list(request: HttpRequest, wanted: Filters, path: str) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    wanted = unclear.known_states_only(wanted, known)
    cells = columns.STANDARD if found.serves(wanted) else _columns(request, wanted)
    shown, notice = _shown(request, wanted, known, cells, now=now)
    around = beside.beside(actor, wanted) if wanted.finer.values else None
    context = {"total": _total(wanted, known, shown), "notice": notice}
    return listed(request, wanted, known, path, shown, context, around=around, cells=cells)


def listed(
    request: HttpRequest, wanted: Filters, known: shell.Figures, path: str, shown: Page, more: dict[str, Any], *,
    around: Beside | None = None, cells: tuple[str, ...] = columns.STANDARD,
) -> HttpResponse:  # fmt: skip
    """The page of a list with what it shows. `more`: what else its template needs; `around`: what its conditions name,
    where that is known."""
    actor = actor_of(request)
    by_found = found.serves(wanted) or path == addresses.SEARCH
    here = wanted.address(path)
    kept_view = saved.at_address(actor, here)
    title, place = _headed(wanted, known, path, kept_view)
    glue = "&" if "?" in here else "?"
    context = {
        "title": title,
        "page": shown,
        "chips": tuple(chips(wanted, known, path, around)),
        "searching": path == addresses.SEARCH,
        "words": wanted.words,
        "sorts": () if by_found else tuple(_sorts(wanted, path)),
        "heads": heads.plain() if by_found else heads.of_list(wanted, path, cells),
        "own_columns": cells != columns.STANDARD,
        "shape": "" if by_found else addresses.query(addresses.SHAPE, list=here),
        **more,
        "notice": " ".join(filter(None, (unclear.said(request.GET.dict(), wanted, known, path), more["notice"]))),
        "before": f"{here}{glue}before={shown.before}" if shown.before else "",
        "after": f"{here}{glue}after={shown.after}" if shown.after else "",
        "conditions": _conditions_address(wanted, path),
        "in_texts": addresses.query(path, q=f'"{wanted.client}"') if wanted.client and not wanted.words else "",
        "here": here,
        "fresh": "" if by_found else addresses.query(addresses.FRESH, list=here),
        "keep": addresses.query(addresses.VIEWS_NEW, list=here) if _may_keep(kept_view, wanted) else "",
        "verbs": bulk.verbs() if shown.rows else (),
        "density": density_of(request),
        "empty": empty.of_list(wanted, known, path) if not shown.rows else None,
    }
    response = _answered(request, context, place, wanted.words, known)
    neighbours.remember(request, response)
    return response


def _headed(wanted: Filters, known: shell.Figures, path: str, kept_view: View | None) -> tuple[str, str]:
    """The heading of a list, and its place in the rail."""
    if kept_view:
        return kept_view.name, f"saved:{kept_view.id}"
    if path == addresses.SEARCH:
        return _("Search"), "search"
    queue = known.queue(wanted.queue)
    if queue and wanted.view == "open":
        return queue.name, f"queue:{queue.id}"
    return filters.names()[wanted.view], wanted.view


def _may_keep(kept_view: View | None, wanted: Filters) -> bool:
    """Whether a list is worth a name: it is none of the rail's."""
    return kept_view is None and not (wanted.is_bare and not (wanted.sort or wanted.group or wanted.columns))


def _answered(
    request: HttpRequest, context: dict[str, Any], place: str, words: str, known: shell.Figures
) -> HttpResponse:
    """The page of a list: the one that was made before where all that it shows is the same."""
    if kept.is_like_no_other(request):
        context["since"] = access_of(actor_of(request)).newest_event
        return page(request, "desk/list.html", context, place=place, words=words, known=known)
    around = shell.build(person_of(request), known, place=place, words=words, density=density_of(request))
    whole = _page(tuple(context.items()), around, request.theme)  # type: ignore[attr-defined]
    response = kept.answer(request, whole, key=str(access_of(actor_of(request)).newest_event))
    response.headers["Cache-Control"] = UNSTORED
    return response


def _made(shown: tuple[tuple[str, Any], ...], around: DeskShell, theme: str) -> Markup:
    return kept.whole("desk/list.html", theme, shell=around, since=kept.KEY, **dict(shown))


_page = Kept(_made, pieces=32)  # some fifty kB each


def _columns(request: HttpRequest, wanted: Filters) -> tuple[str, ...]:
    """The list's own columns, else the reader's usual ones."""
    usual = columns.read(person_of(request).desk_columns)
    return wanted.columns or usual or columns.STANDARD


def _shown(
    request: HttpRequest, wanted: Filters, known: shell.Figures, cells: tuple[str, ...], *, now: datetime
) -> tuple[Page, str]:
    """The page of a list, and what its reader should know."""
    actor, after, before = actor_of(request), request.GET.get("after", ""), request.GET.get("before", "")
    if found.serves(wanted):
        return found.page(wanted, actor, known, now=now, cursor=after)
    conditions = filters.conditions(wanted, known)
    return rows.page(conditions, actor, order=wanted.order, shown=cells, now=now, after=after, before=before), ""


def _total(wanted: Filters, known: shell.Figures, shown: Page) -> int | None:
    """How many there are, where nobody has to count: the rail knows it, or the last page is shown."""
    counted = filters.total(wanted, known)
    if counted is None and shown.rows and not shown.after:
        return shown.last
    return counted


def _sorts(wanted: Filters, path: str) -> list[tuple[str, str, bool, None]]:
    words = {"due": _("By deadline"), "recent": _("Latest changes first"), "priority": _("By priority")}
    order = wanted.order.rpartition("/")[2]
    return [(text, wanted.address(path, sort=sort), order == sort, None) for sort, text in words.items()]


def _conditions_address(wanted: Filters, path: str) -> str:
    where = "search" if path == addresses.SEARCH else ""
    values = {**wanted.values(), "view": "" if wanted.view == filters.default_view(path) else wanted.view}
    return addresses.query(addresses.CONDITIONS, **{"in": where}, **values)


@front
@require_safe
def fresh(request: HttpRequest) -> HttpResponse:
    """`/desk/fresh/?list=…&since=EVENT`: how many requests of a list others have touched since the event, as a link to
    the list anew; 304 while nothing at all has happened, for one statement."""
    actor = actor_of(request)
    newest = access_of(actor).newest_event
    tag = f'"{newest}"'
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(_fresh(request, filters.whole(request.GET.get("since", "")) or newest))
    response.headers["ETag"], response.headers["Cache-Control"] = tag, UNSTORED
    return response


def _fresh(request: HttpRequest, since: int) -> str:
    """The link, or nothing."""
    address = neighbours.list_address(request.GET.get("list", ""))
    if not address:
        return ""
    path, values = neighbours.parts(address)
    wanted, now = filters.read(values, path=path), clock.now()
    if found.serves(wanted):
        return ""
    actor = actor_of(request)
    count = lines.touched_since(actor, filters.conditions(wanted, shell.names(actor)), since, at=now)
    return str(kept.macro("desk/parts/fresh.html", "fresh", count, address)) if count else ""


@front
@require_safe
def conditions(request: HttpRequest) -> HttpResponse:
    """`/desk/conditions/`: the form of all conditions of a list, filled with those of the address; `in=search` for
    those of the search."""
    path = addresses.SEARCH if request.GET.get("in") == "search" else addresses.HOME
    wanted = filters.read(request.GET.dict(), path=path)
    actor = actor_of(request)
    known = shell.figures(actor, at=clock.now())
    companies = Company.objects.filter(inactive_at=None).order_by("sort_key").values_list("pk", "short_name")
    staff = [(person.pk, person.name) for person in people.agents()]
    may_remove = bool(access_of(actor).queues_with(Right.FULL))
    context = {
        "filters": wanted,
        "views": [(view, name) for view, name in filters.names().items() if view != "removed" or may_remove],
        "queues": [(line.id, "\u2003" * line.depth + line.name) for line in known.queues],
        "states": list(known.states.items()),
        "priorities": [(rank, rows.priority_label(rank)) for rank in range(5, 0, -1)],
        "companies": list(companies),
        "types": [(kind.pk, kind.name(shell.language())) for kind in dictionary_of(actor).types.values()],
        "tags": list(Tag.objects.filter(inactive_at=None).values_list("pk", "name")[:500]),
        "turns": list(filters.turns().items()),
        "staff": [("", _("any")), (NOBODY, _("nobody")), *staff],
        "path": path,
        "shape": [(name, wanted.values()[name]) for name in filters.SHAPE if wanted.values()[name]],
        "back": wanted.address(path),
    }
    return page(request, "desk/conditions.html", context, place="search" if path != addresses.HOME else wanted.view,
                known=known)  # fmt: skip


@front
@require_safe
def queues(request: HttpRequest) -> HttpResponse:
    """`/desk/queues/`: all views and queues with their figures; on a phone this is the rail."""
    actor: Actor = actor_of(request)
    known = shell.figures(actor, at=clock.now())
    chosen = set(access_of(actor).chosen_queues)
    lines = [(line, addresses.query(addresses.HOME, queue=line.id), line.id in chosen) for line in known.queues]
    return page(
        request,
        "desk/queues.html",
        {"lines": lines, "density": density_of(request), "looks_after": bool(access_of(actor).queues_with(Right.FULL))},
        place="more",
        known=known,
    )


@front
@require_POST
def own_queues(request: HttpRequest) -> HttpResponse:
    """`queue` becomes one of the reader's own, or none any more where `own` is empty."""
    queue = filters.whole(request.POST.get("queue", ""))
    if queue is None:
        raise NotFound
    choose_queue(queue, by=actor_of(request), own=bool(request.POST.get("own")))
    return HttpResponseRedirect(addresses.QUEUES)


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

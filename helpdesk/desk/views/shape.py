"""How a list is shown: its columns and their order, its groups, its order. For this list, or for all of one's own."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.accounts.own import choose_columns
from helpdesk.core.errors import NotFound
from helpdesk.desk import addresses, columns, filters, neighbours
from helpdesk.desk.filters import Filters
from helpdesk.desk.views.base import front, page, person_of
from helpdesk.tickets.orders import GROUPS


@front
@require_http_methods(["GET", "HEAD", "POST"])
def shape(request: HttpRequest) -> HttpResponse:
    """`/desk/shape/?list=ADDRESS`: the columns (`show`, each at its `place_CODE`), `group` and `sort` of a list. A POST
    leads to the list as it is wanted; with `usual` the columns are those of all lists of the reader from now on."""
    given = request.POST if request.method == "POST" else request.GET
    address = neighbours.list_address(given.get("list", ""))
    path, values = neighbours.parts(address)
    if path != addresses.HOME:
        raise NotFound
    wanted = filters.read(values)
    usual = columns.read(person_of(request).desk_columns)
    if request.method != "POST":
        return _form(request, wanted, address, wanted.columns or usual or columns.STANDARD)
    chosen = _chosen(request.POST)
    if request.POST.get("usual"):
        choose_columns(person_of(request), columns.text(chosen))
        messages.success(request, _("All your lists have these columns now."))
        usual = chosen
    own = () if chosen == (usual or ()) else chosen or columns.STANDARD
    asked = filters.read({"group": request.POST.get("group", ""), "sort": request.POST.get("sort", "")})
    return HttpResponseRedirect(replace(wanted, columns=own, group=asked.group, sort=asked.sort).address())


def _chosen(typed: QueryDict) -> tuple[str, ...]:
    """The ticked columns by their places, equal places as they stand; nothing for the standard ones."""
    ticked = [code for code in columns.COLUMNS if code in typed.getlist("show")]
    places = {code: filters.whole(typed.get(f"place_{code}", "")) or 0 for code in ticked}
    return columns.read(columns.text(sorted(ticked, key=lambda code: places[code])))


def _form(request: HttpRequest, wanted: Filters, address: str, shown: tuple[str, ...]) -> HttpResponse:
    names = columns.names()
    lines = [*shown, *(code for code in columns.COLUMNS if code not in shown)]
    context = {
        "list": address,
        "lines": [
            (code, names[code], code in shown, place, code == columns.SUBJECT) for place, code in enumerate(lines, 1)
        ],
        "groups": [("", _("no groups")), *((code, names[code]) for code in GROUPS)],
        "group": wanted.group,
        "may_group": wanted.is_work,
        "sorts": [("", _("as usual")), *sorts().items()],
        "sort": wanted.sort,
    }
    return page(request, "desk/shape.html", context, place=wanted.view)


def sorts() -> dict[str, str]:
    """The orders in words."""
    return {
        "due": _("By deadline"),
        "recent": _("Latest changes first"),
        "priority": _("By priority"),
        "last": _("Latest words first"),
        "quiet": _("Longest without a word first"),
        "new": _("Newest first"),
        "old": _("Oldest first"),
    }

"""«Мои заявки» and «Заявки компании» (R9, R14, R19)."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.rows import rows_of
from helpdesk.portal.shell import page
from helpdesk.tickets import lists, policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lists import Which
from helpdesk.tickets.queries import Counts

SIZES = (25, 50, 100)


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
    state = request.GET.get("state", "open")
    state = state if state in {"open", "closed", "all"} else "open"
    size = next((s for s in SIZES if str(s) == request.GET.get("page_size")), SIZES[0])
    sort = request.GET.get("sort", "")
    number = _page_number(request.GET.get("page", "1"))
    found = lists.page(request.actor, tab, phase=state, sort=sort, number=number, size=size)
    counts, first, total = found.counts, (found.number - 1) * size, getattr(found.counts, state)
    keep = {k: v for k, v in (("state", state), ("sort", sort), ("page_size", str(size))) if v}
    context = {
        "title": _("My requests") if tab == "mine" else _("Company requests"),
        "rows": rows_of(found.rows, with_author=tab == "company"),
        "grouped": sort.removeprefix("-") not in lists.SORTS,
        "groups": _groups(counts, tab),
        "counts": counts,
        "may_open": policies.may_open_any(access_of(request.actor)),
        "state": state,
        "tab": tab,
        "page": found.number,
        "pages": found.pages,
        "page_href": f"?{urlencode(keep)}&page={{page}}",
        "range": _("%(first)d–%(last)d of %(total)d")
        % {"first": first + 1, "last": min(first + size, total), "total": total},
    }
    waiting = counts.waiting if tab == "mine" else None
    return page(request, "portal/list.html", context, tab=tab, waiting=waiting)


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 12 else 1


def _groups(counts: Counts, tab: Which) -> list[tuple[str, int]]:
    """Headings in the order of lists.rows, with their counts."""
    working = counts.open - counts.waiting - counts.finished
    return [
        # of colleagues' requests any of them may be asked
        (_("Waiting for your answer") if tab == "mine" else _("Waiting for the company's answer"), counts.waiting),
        (_("Done, please check"), counts.finished),
        (_("With our specialists"), working),
        (pgettext("requests", "Closed"), counts.closed),
    ]

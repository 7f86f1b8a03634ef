"""`/desk/search/`: words and every condition, saved as a list, taken along as a file."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, beside, filters, finer_form, found, shell, table, unclear
from helpdesk.desk.filters import FIT, Filters
from helpdesk.desk.shell import language
from helpdesk.desk.views import lists
from helpdesk.desk.views.base import actor_of, front
from helpdesk.fronts import taking
from helpdesk.fronts.taking import KINDS, NotMade
from helpdesk.search import mending
from helpdesk.search.asking import left_out
from helpdesk.search.results import Results, SearchRequest
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Right
from helpdesk.web import formats

SEARCH = addresses.SEARCH
COUNTED = 1_000  # found requests are counted up to here
EMPTY = 3  # conditions left empty that an address holds at most: a form sends them all, people pass addresses on


@front
@require_safe
def search(request: HttpRequest) -> HttpResponseBase:
    """The form and what is found, or a file of all of it (`format`); a number alone leads to its request, a client's
    login or mail address alone to the requests of that client."""
    wanted = filters.read(request.GET.dict(), path=SEARCH)
    kind = request.GET.get("format", "")
    if sum(not value for value in request.GET.values()) > EMPTY:
        return HttpResponseRedirect(_address(wanted, format=kind))
    if wanted.words and not wanted.finer.values and (number := found.number(wanted.words, actor_of(request))):
        return HttpResponseRedirect(addresses.of_ticket(number))
    if kind in KINDS:
        return _file(request, wanted, kind)
    return _page(request, wanted)


def _address(wanted: Filters, **more: str) -> str:
    values = {**wanted.values(), "view": "" if wanted.view == filters.default_view(SEARCH) else wanted.view}
    return addresses.query(SEARCH, **{**values, **more})


def _file(request: HttpRequest, wanted: Filters, kind: str) -> HttpResponseBase:
    if request.method == "HEAD":
        return HttpResponse(content_type=KINDS[kind])
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    ids = found.ids(wanted, actor, known, now=now, limit=taking.MOST[kind] + 1)
    try:
        return taking.file_of(actor, table.table_of(beside.beside(actor, wanted).fields), ids, kind)
    except NotMade as refusal:
        return _page(request, wanted, status=refusal.status, told=refusal.words)


def _page(request: HttpRequest, wanted: Filters, *, status: int = 200, told: str = "") -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    known = shell.figures(actor, at=now)
    wanted = unclear.known_states_only(wanted, known)
    around = beside.beside(actor, wanted)
    if around.is_client and not wanted.client and not wanted.finer.values:
        return HttpResponseRedirect(wanted.address(SEARCH, client=wanted.words, words=""))
    first, cursor = found.place(request.GET.get("after", ""))
    asked = found.request_of(wanted, actor, known, now=now, fields=around.fields)
    results = found.of_request(actor, asked, cursor=cursor, count_to=COUNTED)
    # among many conditions it is hardly a word that finds nothing
    is_plain = len(wanted.finer.values) <= 1
    if asked and not told and is_plain and (meant := _meant(request, actor, asked, results)):
        place = mending.place_of(asked)
        return HttpResponseRedirect(_address(wanted, **{place: meant, "instead": getattr(asked, place)}))
    shown, notice = found.shown(results, actor, first=first, now=now)
    context = {
        "more": (
            ("form", finer_form.form(wanted, known, around, may_remove=bool(access_of(actor).queues_with(Right.FULL)))),
            ("downloads", tuple(_downloads(wanted, results)) if shown.rows else ()),
            ("more_than", formats.number(results.more_than, language=language()) if results.more_than else ""),
            ("understood", _understood(request, asked, results)),
            ("told", told),
        ),
        "by_fit": wanted.by_fit,
        "total": results.total_hint,
        "notice": notice,
        "sorts": tuple(_sorts(wanted)) if wanted.words and shown.rows else (),
        "people": () if cursor else tuple(beside.named_clients(around)),
        "staff": () if cursor else tuple(beside.named_staff(wanted, around)),
    }
    response = lists.listed(request, wanted, known, SEARCH, shown, context, around=around)
    if told:
        response.status_code = status
    return response


def _meant(request: HttpRequest, actor: Actor, asked: SearchRequest, results: Results) -> str:
    """Words that find something where those typed find nothing: without what is asked by, in the other layout, without
    a typing error."""
    if results.items or results.notice or request.GET.get("after") or request.GET.get("instead"):
        return ""
    return mending.mended(actor, asked)


def _understood(request: HttpRequest, asked: SearchRequest | None, results: Results) -> str:
    """How the words were understood where that is not what was typed."""
    typed = request.GET.get("instead", "")[:60]
    if typed and results.items and asked:
        words = getattr(asked, mending.place_of(asked))
        if left := left_out(typed, words):
            return _("With “%(words)s” nothing is found: shown without.") % {"words": " ".join(left)}
        return _("Nothing is found for “%(typed)s”. Shown for “%(meant)s”.") % {"typed": typed, "meant": words}
    if results.passed_over:
        told = _("Not looked for, since these words tell little: %(words)s")
        return told % {"words": ", ".join(results.passed_over)}
    return ""


def _sorts(wanted: Filters) -> list[tuple[str, str, bool, None]]:
    return [
        (_("Newest first"), wanted.address(SEARCH, sort=""), not wanted.by_fit, None),
        (_("Best match first"), wanted.address(SEARCH, sort=FIT), wanted.by_fit, None),
    ]


def _downloads(wanted: Filters, results: Results) -> list[tuple[str, str]]:
    """(name of the format, address) of each way to take all that is found along; where it takes fewer, how many."""
    least = max(results.more_than, results.total_hint or 0)
    found_ways = []
    for kind in ("xlsx", "csv", "pdf"):
        most = taking.MOST[kind]
        name = kind.upper()
        if least > most or results.more_than:
            told = {"format": name, "most": formats.number(most, language=language())}
            name = _("%(format)s (up to %(most)s)") % told
        found_ways.append((name, _address(wanted, format=kind)))
    return found_ways

"""Searches that a client keeps, and those that colleagues share: their list, opening, renaming, sharing, throwing
away. The page of a search keeps it."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Invalid, NotFound, Problem
from helpdesk.portal import conditions
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.kept_words import company_of, problem_words, sharing
from helpdesk.portal.shell import page
from helpdesk.portal.views.search import offered_to
from helpdesk.search import saved
from helpdesk.search.around import Around
from helpdesk.search.saved import Saved

LIST = "/portal/search/saved/"


@require_safe
@client_page
def all_of_them(request: ClientRequest) -> HttpResponse:
    """The list."""
    return _listed(request)


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def one(request: ClientRequest, saved_id: int) -> HttpResponse:
    """Opens a saved search; a POST changes its name and who sees it (`share`), takes it away from the colleagues or
    throws it away (`do`)."""
    if saved_id >= 2**63:
        raise NotFound
    if request.method != "POST":
        return _open(request, saved_id)
    if request.POST.get("do") == "delete":
        with db.entry():
            saved.throw_away(request.actor, saved_id)
        return _done(request, _("The saved search is deleted"))
    if request.POST.get("do") == "stop":
        with db.entry():
            own = saved.stop(request.actor, saved_id)
        kept = _("Colleagues no longer see this search; its author keeps it")
        return _done(request, _("Colleagues no longer see this search; you keep it") if own else kept)
    name = request.POST.get("name", "")
    try:
        with db.entry():
            saved.rename(request.actor, saved_id, name=name, was=request.POST.get("was_name"))
            if "share" in request.POST and request.POST["share"] != request.POST.get("was_share"):
                saved.share(request.actor, saved_id, company_id=company_of(request.POST["share"]))
    except Invalid as refusal:
        return _listed(request, refusal.problems[0], typed=name, of=saved_id)
    return _done(request, _("The saved search is changed"))


def _done(request: ClientRequest, told: str) -> HttpResponse:
    messages.success(request, told)
    return HttpResponseRedirect(LIST)


def _open(request: ClientRequest, saved_id: int) -> HttpResponse:
    found = next((each for each in saved.of_person(request.actor) if each.id == saved_id), None)
    if found is None:
        raise NotFound
    pairs = [(each.name, each.value) for each in found.conditions]
    return HttpResponseRedirect("/portal/search/?" + urlencode([*pairs, ("saved", str(saved_id))]))


def _listed(request: ClientRequest, problem: Problem | None = None, *, typed: str = "", of: int = 0) -> HttpResponse:
    """The list; a name that was refused stands at its search (`of`), where it was typed."""
    offered = offered_to(request.actor)
    beside = offered.around
    rows = [
        {
            "id": each.id,
            "name": typed if each.id == of else each.name,
            "called": each.name,
            "author": each.author,
            "conditions": "; ".join(conditions.told(each.conditions, offered)),
            "may_stop": each.may_stop,
            "share": each.company or "",
            "held": _held(each, beside),
            "error": problem_words(problem) if problem and each.id == of else "",
        }
        for each in beside.saved
    ]
    context = {
        "own": [row for row in rows if not row["author"]],
        "shared": [row for row in rows if row["author"]],
        "sharing": sharing(beside.sees_all_of),
        "most": saved.MOST,
    }
    return page(request, "portal/saved.html", context, tab="search", status=422 if problem else 200)


def _held(each: Saved, beside: Around) -> str:
    """Why colleagues do not see a search of one's own that is shared: its author lost sight of the company. What the
    author may choose among holds that company no more, so the sharing is changed by a button of its own."""
    if each.author or each.company is None or each.company in dict(beside.sees_all_of):
        return ""
    if name := dict(beside.companies).get(each.company):
        return _("Shared in %(name)s. Colleagues do not see it as long as you do not see all requests there.") % {
            "name": name
        }
    return _("Shared in a company where you are no longer. Colleagues there do not see it.")

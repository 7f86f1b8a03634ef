"""Whose request it is: another client and company, with what that takes from the former ones said before."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import db
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses, clients
from helpdesk.desk.clients import Client
from helpdesk.desk.views.base import actor_of, front, page, way_back
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import pages
from helpdesk.tickets.actions import change_client
from helpdesk.tickets.actions.change_client import leaving, require_possible
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.words import problem_text, refusal_text


@require_http_methods(["GET", "HEAD", "POST"])
@front
def client(request: HttpRequest, number: str) -> HttpResponse:
    """`find` looks for clients; with `client` (and `company`, where they have several) who will see the request no
    longer; a POST of these with `seen` changes it."""
    actor = actor_of(request)
    found = pages.for_page(actor, number)
    require_possible(actor, found)
    given = request.POST if request.method == "POST" else request.GET
    chosen = clients.one(forms.number(given.get("client", "")))
    if chosen is None:
        error = _("Choose the client from the list") if request.method == "POST" else ""
        return _choose(request, found, error=error, status=422 if error else 200)
    if request.method != "POST":
        return _confirm(request, found, chosen)
    form = Form(key="", typed={"seen": request.POST.get("seen", "")})
    try:
        with db.entry():
            done = change_client(
                found.pk, by=actor, person_id=chosen.id, company_id=_company(request, chosen), seen=form.seen
            )  # fmt: skip
    except Invalid as refusal:
        return _confirm(request, found, chosen, error=problem_text(refusal.problems[0]), status=422)
    except Conflict as refusal:
        return _confirm(request, pages.for_page(actor, number), chosen, error=refusal_text(refusal), status=409)
    if done is not None:
        messages.success(request, _("The request is now of %(name)s.") % {"name": chosen.name})
    return HttpResponseRedirect(way_back(actor, found.number))


def _company(request: HttpRequest, chosen: Client) -> int | None:
    """The company that was chosen; the only one, where there is nothing to choose."""
    given = request.POST if request.method == "POST" else request.GET
    ids = [key for key, _name in chosen.companies]
    return forms.number(given.get("company", "")) or (ids[0] if ids else None)


def _choose(request: HttpRequest, ticket: Ticket, *, error: str, status: int) -> HttpResponse:
    words = one_line(request.GET.get("find", ""), clients.WORDS_LIMIT)
    found, more = clients.find(words)
    here = addresses.of_ticket(ticket.number, "client")
    context = _about(ticket) | {
        "words": words,
        "found": [(one, addresses.query(here, client=one.id)) for one in found],
        "more": more,
        "error": error,
    }
    return page(request, "desk/change_client.html", context, place=f"queue:{ticket.queue_id}", status=status)


def _confirm(
    request: HttpRequest, ticket: Ticket, chosen: Client, *, error: str = "", status: int = 200
) -> HttpResponse:
    company = _company(request, chosen)
    context = _about(ticket) | {
        "chosen": chosen,
        "companies": [(str(key), name) for key, name in chosen.companies],
        "company": str(company or ""),
        "lost": leaving(ticket, person_id=chosen.id, company_id=company),
        "version": ticket.last_event_seq,
        "error": error,
    }
    return page(request, "desk/change_client.html", context, place=f"queue:{ticket.queue_id}", status=status)


def _about(ticket: Ticket) -> dict[str, object]:
    return {
        "number": ticket.number, "subject": ticket.subject, "now": ticket.author.name,
        "now_company": ticket.company.short_name if ticket.company else "", "base": addresses.of_ticket(ticket.number),
        "chosen": None,
    }  # fmt: skip

"""Which colleagues observe a request: they see it and get its answers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import company_people
from helpdesk.core import db
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.core.text.figures import whole
from helpdesk.core.text.safe import storable
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.tickets import pages, policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import add_observer, remove_observer
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.words import problem_text


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def observers(request: ClientRequest, number: str) -> HttpResponse:
    """`/portal/tickets/…/observers/`: `do` = add (with `observer`, a person's id) or «remove:id»."""
    found = pages.for_page(request.actor, number)
    address = f"/portal/tickets/{found.number}/observers/"
    if found.number != number:
        return HttpResponseRedirect(address)
    if request.method != "POST":
        return _show(request, found, "")
    verb, _colon, key = request.POST.get("do", "").partition(":")
    if verb == "remove":
        return _remove(request, found, whole(key), address)
    if verb != "add":
        raise NotFound
    try:
        with db.entry():
            added = add_observer(found.pk, by=request.actor, person_id=whole(request.POST.get("observer", "")))
    except Invalid as refused:
        return _show(request, found, problem_text(refused.problems[0]))
    if added is not None:
        messages.success(request, _("Your colleague now sees the request and gets its answers."))
    return HttpResponseRedirect(address)


def _remove(request: ClientRequest, found: Ticket, person_id: int, address: str) -> HttpResponse:
    """Whoever takes themselves out may not see the request any more: then on to the list."""
    with db.entry():
        removed = remove_observer(found.pk, by=request.actor, person_id=person_id)
    if removed is not None:
        messages.success(request, _("The colleague no longer observes the request."))
    if person_id != request.user.pk:
        return HttpResponseRedirect(address)
    return HttpResponseRedirect("/portal/company/")


def _show(request: ClientRequest, found: Ticket, error: str) -> HttpResponse:
    rows = queries.observers(found)
    may = policies.may_set_observers(access_of(request.actor), found)
    besides = [found.author_id, *(person.pk for person in rows)]
    context = {
        "number": found.number, "subject": found.subject, "rows": rows, "may": may, "reader_id": request.user.pk,
        "author": found.author.name, "error": error, "chosen": storable(request.POST.get("observer", ""))[:20],
        "colleagues": company_people.colleagues(found.company_id, besides) if may and found.company_id else [],
    }  # fmt: skip
    tab = "mine" if found.author_id == request.user.pk else "company"
    return page(request, "portal/observers.html", context, tab=tab, status=422 if error else 200)

"""A client's page and a company's, with the note that specialists keep about them."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import client_notes
from helpdesk.accounts.cards import company_card, person_card
from helpdesk.accounts.client_notes import About
from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.desk import cards, heads
from helpdesk.desk.cards import Card
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import form as forms
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.words import problem_text

Read = Callable[[Actor], Card]


@require_http_methods(["GET", "HEAD", "POST"])
@front
def person(request: HttpRequest, person_id: str) -> HttpResponse:
    """`/desk/people/ID/`: a client or contact; a POST of `text` and `seen` puts the note about them."""
    found = person_card(forms.number(person_id) or 0)
    if found is None:
        raise NotFound
    return _shown(request, "person", found.id, lambda actor: cards.of_person(actor, found, now=clock.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@front
def company(request: HttpRequest, company_id: str) -> HttpResponse:
    """`/desk/companies/ID/`: a company; a POST as for a person."""
    found = company_card(forms.number(company_id) or 0)
    if found is None:
        raise NotFound
    return _shown(request, "company", found.id, lambda actor: cards.of_company(actor, found, now=clock.now()))


def _shown(request: HttpRequest, about: About, key: int, read: Read) -> HttpResponse:
    actor = actor_of(request)
    if request.method != "POST":
        return _page(request, read(actor))
    policies.require(policies.may_note_clients(access_of(actor)), "client_note")
    typed, seen = request.POST.get("text", ""), forms.number(request.POST.get("seen", "")) or 0
    try:
        with db.entry():
            changed = client_notes.put_note(about, key, by=actor, text=typed, seen=seen)
    except Invalid as refusal:
        return _page(request, read(actor), typed=typed, error=problem_text(refusal.problems[0]), status=422)
    except Conflict:
        told = _("Somebody has changed the note meanwhile: it stands above. Put together what is to stay, and save.")
        return _page(request, read(actor), typed=typed, error=told, status=409)
    if changed:
        messages.success(request, _("The note has been saved."))
    return HttpResponseRedirect(request.path)


def _page(
    request: HttpRequest, card: Card, *, typed: str | None = None, error: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "card": card, "heads": heads.plain(), "typed": card.note.text if typed is None else typed, "error": error,
        "now_stands": card.note if status == 409 else None,
    }  # fmt: skip
    return page(request, "desk/card.html", context, place="more", status=status)

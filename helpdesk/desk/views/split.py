"""A part of a request becomes a request of its own: which articles, under which subject, in which queue."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, in_page_order
from helpdesk.core.text.safe import snippet
from helpdesk.desk import addresses
from helpdesk.desk.shell import language
from helpdesk.desk.sight import open_request
from helpdesk.desk.views.base import actor_of, front, page, way_back
from helpdesk.desk.views.verbs import way_to_undo
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import actions, pages, policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Article, Right, Ticket
from helpdesk.tickets.pages import Opened
from helpdesk.tickets.words import refusal_text
from helpdesk.web.jinja import ticket as web_number


@dataclass(frozen=True, slots=True)
class Piece:
    """An article to choose; `kind`: what it is to whom."""

    id: int
    who: str
    kind: str
    text: str
    at: datetime
    is_chosen: bool


@require_http_methods(["GET", "HEAD", "POST"])
@front
def split(request: HttpRequest, number: str) -> HttpResponse:
    """The articles to choose from; a POST of `article` (as often as there are), `subject`, `queue` splits them off."""
    actor = actor_of(request)
    found, _frame = open_request(actor, number, at=clock.now())
    ticket, articles = found.unpacked(actor)
    policies.require(policies.may_split(access_of(actor), ticket), "split")
    if request.method != "POST":
        start = {"subject": ticket.subject, "queue": str(ticket.queue_id)}
        return _show(request, ticket, articles, Form(key=forms.fresh_key(), typed=start))
    form = Form(key=forms.key_of(request.POST.get("form_key", "")) or forms.fresh_key(), typed=_typed(request))
    try:
        return _done(request, actor, found, form)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
    except Conflict as refusal:
        form.key = forms.fresh_key()
        if refusal.code == "sent_already":  # its words say how to go on
            form.typed["again"] = "1"
        return _show(request, ticket, articles, form, clash=refusal_text(refusal), status=409)
    return _show(request, ticket, articles, form, status=422)


def _typed(request: HttpRequest) -> dict[str, str]:
    return {name: str(value) for name, value in request.POST.items()}


def _chosen(request: HttpRequest) -> list[int]:
    return [forms.number(text) or 0 for text in request.POST.getlist("article")]


def _done(request: HttpRequest, actor: Actor, found: Opened, form: Form) -> HttpResponse:
    with db.entry():
        event = actions.split(
            found.id, by=actor, articles=_chosen(request), subject=form.get("subject"),
            queue_id=forms.number(form.get("queue")) or 0, once=form.key,
            again=form.again,
        )  # fmt: skip
    ticket, _articles = found.unpacked(actor)
    new = pages.by_id(actor, (event.new or {})["ticket"])
    to = addresses.HOME if new is None else way_back(actor, new.number)
    said = _("A new request has been split off from %(number)s.") % {"number": web_number(ticket.number)}
    messages.success(request, said, extra_tags=way_to_undo(ticket, event))
    return HttpResponseRedirect(to)


def _show(
    request: HttpRequest, ticket: Ticket, articles: list[Article], form: Form, *, clash: str = "", status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    chosen = set(_chosen(request))
    context = {
        "number": ticket.number, "base": addresses.of_ticket(ticket.number), "form": form, "clash": clash,
        "errors": form.errors, "summary": in_page_order(form.errors, "articles", "subject", "queue"),
        "pieces": [_piece(one, chosen) for one in articles if one.sender != Article.Sender.SYSTEM],
        "queues": [(str(row.pk), row.name(language())) for row in queries.queues_with(actor, Right.CREATE)],
    }  # fmt: skip
    return page(request, "desk/split.html", context, place=f"queue:{ticket.queue_id}", status=status)


def _piece(one: Article, chosen: set[int]) -> Piece:
    who = one.author.name if one.author else one.from_address
    kind = _("internal note") if one.is_note else _("specialist") if one.sender == "agent" else _("client")
    return Piece(one.pk, who, kind, snippet(one.text, 200), one.created_at, one.pk in chosen)

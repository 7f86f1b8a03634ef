"""A request that does not belong here moves on with an explanation to its client, which stands ready to be changed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, in_page_order
from helpdesk.core.richtext import from_plain
from helpdesk.desk import addresses
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import actor_of, front, page, way_back
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import actions, pages, policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.pass_on import explanation
from helpdesk.tickets.models import Queue, Right, Ticket
from helpdesk.tickets.words import refusal_text


@require_http_methods(["GET", "HEAD", "POST"])
@front
def pass_on(request: HttpRequest, number: str) -> HttpResponse:
    """`queue`: where it goes; a GET shows the text for it, a POST of it with `body` moves and sends."""
    actor = actor_of(request)
    ticket = pages.for_page(actor, number)
    policies.require(policies.may_pass_on(access_of(actor), ticket), "pass_on")
    queues = [row for row in queries.queues_with(actor, Right.MOVE_INTO) if row.pk != ticket.queue_id]
    given = request.POST if request.method == "POST" else request.GET
    queue = next((row for row in queues if str(row.pk) == given.get("queue")), None)
    if request.method != "POST" or "show" in request.POST:
        start = {"queue": str(queue.pk) if queue else "", "body": _ready(ticket, queue) if queue else ""}
        form = Form(key=forms.fresh_key(), typed=start | {"seen": str(ticket.last_event_seq)})
        return _show(request, ticket, queues, form)
    form = Form(
        key=forms.key_of(request.POST.get("form_key", "")) or forms.fresh_key(),
        typed={name: str(value) for name, value in request.POST.items()},
    )  # fmt: skip
    try:
        return _done(request, actor, ticket, form, queue)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
    except Conflict as refusal:
        now = pages.for_page(actor, number)
        form.typed["seen"], form.key = str(now.last_event_seq), forms.fresh_key()
        if refusal.code == "sent_already":
            form.typed["again"] = "1"
        return _show(request, now, queues, form, clash=refusal_text(refusal), status=409)
    return _show(request, ticket, queues, form, status=422)


def _ready(ticket: Ticket, queue: Queue) -> str:
    """The text of the request's queue; where it has none, one that says no more than where it goes."""
    if text := explanation(ticket, queue):
        return text
    spoken = "ru" if ticket.language == "ru" else "en"
    with override(spoken):
        told = _("Your request belongs to “%(queue)s”: we have moved it there, you need do nothing.")
        return (told % {"queue": queue.name(spoken)}).replace("\u00a0", " ")


def _done(request: HttpRequest, actor: Actor, ticket: Ticket, form: Form, queue: Queue | None) -> HttpResponse:
    with db.entry():
        actions.pass_on(
            ticket.pk, by=actor, to_queue_id=queue.pk if queue else 0, body=from_plain(form.get("body")),
            seen=form.seen, once=form.key, again=form.again,
        )  # fmt: skip
    name = queue.name(language()) if queue else ""
    messages.success(request, _("Moved to “%(queue)s”; the client has been told why.") % {"queue": name})
    return HttpResponseRedirect(way_back(actor, ticket.number))


def _show(
    request: HttpRequest, ticket: Ticket, queues: list[Queue], form: Form, *, clash: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "number": ticket.number, "subject": ticket.subject, "base": addresses.of_ticket(ticket.number), "form": form,
        "clash": clash, "errors": form.errors, "summary": in_page_order(form.errors, "queue", "body"),
        "to": ticket.author.name,
        "queues": [("", _("Choose the queue")), *((str(row.pk), row.name(language())) for row in queues)],
    }  # fmt: skip
    return page(request, "desk/pass_on.html", context, place=f"queue:{ticket.queue_id}", status=status)

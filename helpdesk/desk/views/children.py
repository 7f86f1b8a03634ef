"""Closing a request to which open ones belong: what becomes of them is asked, and done to each by itself."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from helpdesk.core import db
from helpdesk.core.errors import Refusal
from helpdesk.desk import addresses
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import actor_of, page
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import actions, ties
from helpdesk.tickets.models import Ticket, TicketEvent
from helpdesk.tickets.words import refusal_text
from helpdesk.web.jinja import ticket as web_number

KEPT = ("state", "until", "why", "seen", "draft")  # of the form that closes


def ask(request: HttpRequest, found: Ticket, verb: str, form: Form) -> HttpResponse:
    """Which of the open requests that belong to this one are closed with it."""
    lines = ties.open_children(actor_of(request), found.pk)
    context = {
        "number": found.number, "subject": found.subject, "base": addresses.of_ticket(found.number), "verb": verb,
        "kept": [(name, form.get(name)) for name in KEPT if form.get(name)],
        "children": [
            (line.id, line.number, line.subject, line.state_ru if language() == "ru" else line.state_en, line.state)
            for line in lines
        ],
    }  # fmt: skip
    return page(request, "desk/children.html", context, place=f"queue:{found.queue_id}", status=409)


def close_chosen(request: HttpRequest, found: Ticket, done: TicketEvent | None) -> None:
    """Close those children that were chosen with their parent, each in a transaction of its own; what is refused is
    told by its number."""
    chosen = {forms.number(text) or 0 for text in request.POST.getlist("child")}
    if done is None or not chosen:
        return
    actor, closed = actor_of(request), 0
    for line in ties.open_children(actor, found.pk):
        if line.id not in chosen:
            continue
        try:
            with db.entry():
                actions.close(line.id, by=actor, why=str(web_number(found.number)))
        except Refusal as refusal:
            messages.warning(request, f"{web_number(line.number)}: {refusal_text(refusal)}")
        else:
            closed += 1
    if closed:
        told = ngettext(
            "%(num)d child request has been closed too.", "%(num)d child requests have been closed too.", closed
        )
        messages.info(request, told % {"num": closed})

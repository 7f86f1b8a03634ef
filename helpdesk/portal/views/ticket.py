"""One request (R15–R18): summary, thread, answer."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import db
from helpdesk.core.errors import Conflict, Invalid, NotAllowed
from helpdesk.fronts import form as forms
from helpdesk.fronts import unsent
from helpdesk.fronts.form import Form
from helpdesk.notices import actions as bell
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.reply_box import Reply, reply_box
from helpdesk.portal.rows import client_look
from helpdesk.portal.shell import page
from helpdesk.portal.sight import Sight, look_at
from helpdesk.tickets import pages, uploads, workflow
from helpdesk.tickets.actions import StateMove, mark_read, reply, settle
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.words import refusal_text
from helpdesk.web import stash
from helpdesk.web.jinja import ticket as web_number


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def ticket(request: ClientRequest, number: str) -> HttpResponse:
    """The request's page, and the client's answer."""
    found = pages.for_page(request.actor, number)
    if found.number != number:
        return HttpResponseRedirect(f"/portal/tickets/{found.number}/")
    if request.method != "POST":
        return _show(request, found, forms.empty(request))
    form = forms.posted(request, request.actor)
    if forms.only_changes_the_form(request):
        return _show(request, found, form, status=422 if form.problems else 200)
    if not form.problems:
        try:
            return _answer(request, found, form)
        except Invalid as error:
            form.problems.extend(error.problems)
        except Conflict as conflict:
            if conflict.code in {"form_used", "sent_already"}:
                (forms.ask_again if conflict.code == "sent_already" else forms.renew)(form, request.actor)
            found = pages.for_page(request.actor, number)
            return _show(request, found, form, status=409, clash=refusal_text(conflict))
        except NotAllowed as refusal:
            if unsent.by_script(request):
                raise
            found = pages.for_page(request.actor, number)
            return _show(request, found, form, status=403, clash=refusal_text(refusal))
    return _show(request, found, form, status=422)


def _answer(request: ClientRequest, found: Ticket, form: Form) -> HttpResponse:
    attachments = uploads.to_attach(request.actor, form.key, form.tokens)
    choice, seen = form.get("next_state"), _version(form.get("seen"))
    if choice in workflow.SETTLED and form.body.is_empty and not attachments:
        return _settle(request, found, choice, seen)
    with db.entry():
        article = reply(
            found.pk, by=request.actor, body=form.body, attachments=attachments, once=form.key, again=form.again,
            then=StateMove(choice) if choice else None, seen=seen,
        )  # fmt: skip
    target = article.ticket
    closed = target.phase == "closed"
    _say(
        request,
        found,
        _("The answer has been sent and the request is closed.") if closed else _("The answer has been sent."),
    )
    return forms.sent(request, f"/portal/tickets/{target.number}/#a{article.pk}")


def _settle(request: ClientRequest, found: Ticket, choice: str, seen: int | None) -> HttpResponse:
    """Closing or confirming needs no words."""
    with db.entry():
        settle(found.pk, by=request.actor, code=choice, seen=seen)
    closed = choice == workflow.CLOSED
    _say(
        request,
        found,
        _("The request is closed.") if closed else _("Thank you. The specialist will close the request."),
    )
    return forms.sent(request, f"/portal/tickets/{found.number}/")


def _say(request: ClientRequest, found: Ticket, text: str) -> None:
    messages.success(request, text, extra_tags=f"keep-clear:reply:{found.number}:{request.user.pk}")


def _version(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _show(request: ClientRequest, found: Ticket, form: Form, *, status: int = 200, clash: str = "") -> HttpResponse:
    sight: Sight = look_at(request.actor, found)
    if found.read_seq < sight.last_seq:  # type: ignore[attr-defined]
        mark_read(found.pk, by=request.actor, seq=sight.last_seq)
        bell.mark_read(request.user.pk, ticket_id=found.pk)
    context = {
        "ticket_number": web_number(found.number),
        "subject": found.subject,
        "look": client_look(found.state_id),
        "priority": found.priority_id,
        "reply_box": reply_box,
        "reply": Reply(
            choices=tuple(sight.choices),
            is_finished=sight.is_finished,
            answers=sight.answers,
            seen=form.get("seen") if status in {200, 422} and form.get("seen") else str(found.last_event_seq),
            keep=f"reply:{found.number}:{request.user.pk}",
            writer=stash.writer_mark(request.user.pk),
            max_mb=settings.MAX_FILE_MB,
        ),
        "sight": sight,
        "form": form,
        "summary": list(form.errors.items()),
        "clash": clash,
        "unsent": unsent.of(request, request.actor) if status == 403 and not sight.may_reply else unsent.Unsent(),
    }
    return page(
        request,
        "portal/ticket.html",
        context,
        tab="mine" if sight.is_mine else "company",
        status=status,
        waiting=sight.waiting,
    )

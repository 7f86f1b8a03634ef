"""One request (R15–R18): summary, thread, answer."""

from dataclasses import replace
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from helpdesk.core import db
from helpdesk.core.actor import Cause
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem
from helpdesk.fronts import drafting, unsent
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.notices import actions as bell
from helpdesk.portal import ticket_page, ways
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.portal.sight import is_shut, look_at, takes_answer
from helpdesk.tickets import drafts, pages, uploads, workflow
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import StateMove, mark_read, reply, settle
from helpdesk.tickets.around import open_by_client, waiting_of
from helpdesk.tickets.models import Draft, Phase, Ticket, WaitsFor
from helpdesk.tickets.pages import Opened
from helpdesk.tickets.words import refusal_text
from helpdesk.web import kept
from helpdesk.web.jinja import ticket as web_number

ANSWERED = "answered"  # tag of what is said at the answer itself, where the page jumps to


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def ticket(request: ClientRequest, number: str) -> HttpResponse:
    """The request's page, and the client's answer."""
    if request.method != "POST":
        return _opened(request, number)
    found = pages.for_page(request.actor, number)
    form = forms.posted(request, request.actor)
    if found.number != number:  # merged while they wrote: their answer goes on there, whatever was said there before
        form.typed.pop("seen", None)
    if forms.only_changes_the_form(request):
        return _show(request, found.number, form, status=422 if form.problems else 200)
    if not form.problems:
        try:
            return _answer(request, found, form)
        except Invalid as error:
            form.problems.extend(error.problems)
        except Conflict as conflict:
            if conflict.code in {"form_used", "sent_already"}:
                return _sent_before(request, found.number, form, conflict)
            return _show(request, found.number, form, status=409, clash=refusal_text(conflict))
        except NotAllowed as refusal:
            if unsent.by_script(request) and (told := _refused(request, found, refusal)):
                return told
            return _show(request, found.number, form, status=403, clash=refusal_text(refusal))
    return _show(request, found.number, form, status=422)


def _sent_before(request: ClientRequest, number: str, form: Form, conflict: Conflict) -> HttpResponse:
    """What was sent already, perhaps from another window: the next press of the button is meant, where that sending has
    not closed the request for good."""
    (forms.ask_again if conflict.code == "sent_already" else forms.renew)(form, request.actor)
    found = open_by_client(request.actor, number)
    kind = {"kind": "closed"} if is_shut(found.unpacked(request.actor)[0]) else {}
    clash = refusal_text(Conflict(conflict.code, **conflict.details, **kind))
    return _show(request, number, form, status=409, clash=clash, found=found)


def _refused(request: ClientRequest, found: Ticket, refusal: NotAllowed) -> HttpResponse | None:
    """What a script says beside the form; the text is kept as a draft of this request."""
    draft_id = drafting.keep_unsent(request, request.actor, Draft.Kind.REPLY, found.pk)
    kept = ways.to_draft(request.actor, draft_id, is_answer=True)
    return unsent.refused(request, request.actor, refusal_text(refusal), kept=kept)


def _opened(request: ClientRequest, number: str) -> HttpResponse:
    """The page as it is opened: with a draft that the address names, or what a session that had ended typed here."""
    found = open_by_client(request.actor, number)
    if found.number != number:
        query = request.GET.urlencode()
        return HttpResponseRedirect(f"/portal/tickets/{found.number}/{'?' if query else ''}{query}")
    form = _draft(request, found)
    if form and not takes_answer(access_of(request.actor), found.unpacked(request.actor)[0]):
        return HttpResponseRedirect(f"/portal/drafts/{form.draft_id}/")  # where the text is, and what can be done
    form = form or forms.empty(request)
    if not (form.is_untouched and ticket_page.may_be_kept(request, found)):
        return _show(request, number, form, found=found)
    _read(request, found)
    return kept.answer(request, ticket_page.kept_page(request, found), key=form.key)


def _draft(request: ClientRequest, found: Opened) -> Form | None:
    """The draft that the address names; what has been answered since it was written is told with it."""
    form = drafting.opened(request, request.actor, Draft.Kind.REPLY, found.id)
    if form is not None:
        seen = forms.number(form.typed.pop("seen", ""))  # the page shows it all: the answer goes on from here
        since = pages.meanwhile(request.actor, found.number, seen=seen) if seen is not None else None
        if since and since.who:
            form.news = (drafting.answered(since.who), f"#a{since.article_id}")
    return form


def _answer(request: ClientRequest, found: Ticket, form: Form) -> HttpResponse:
    attachments = uploads.to_attach(request.actor, form.key, form.tokens, within=form.body.html)
    choice, seen = form.get("next_state"), forms.number(form.get("seen"))
    if choice in workflow.SETTLED and form.body.is_empty and not attachments:
        return _settle(request, found, choice, seen)
    if choice == workflow.REWORK and form.body.is_empty and not attachments:
        raise Invalid(Problem("body", "no_rework"))
    draft = drafting.written(request.POST, form, Draft.Kind.REPLY, found.pk)
    with db.entry(), drafts.sending(request.actor, draft):
        article = reply(
            found.pk, by=request.actor, body=form.body, attachments=attachments, once=form.key, again=form.again,
            then=StateMove(choice) if choice else None, seen=seen,
        )  # fmt: skip
    target = article.ticket
    _say(request, found, _sent(target, before=found.phase) if target.pk == found.pk else _gone_on(found), ANSWERED)
    return forms.sent(request, f"/portal/tickets/{target.number}/#a{article.pk}")


def _sent(target: Ticket, *, before: str) -> str:
    """What an answer has done to a request that was in the phase `before`."""
    if target.phase == Phase.CLOSED:
        return _("The answer has been sent and the request is closed.")
    if before == Phase.CLOSED:
        return _("The answer has been sent, the request is open again. It is the specialist's turn now.")
    if target.waits_for == WaitsFor.DESK:
        return _("The answer has been sent. It is the specialist's turn now.")
    return _("The answer has been sent. The specialist will close the request.")


def _gone_on(old: Ticket) -> str:
    """What an answer to a closed request has done where the queue does not take it up again."""
    return _("%(number)s stays closed: your answer has opened this new request, linked with it.") % {
        "number": web_number(old.number)
    }


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
    # to its top, where it is said: an address without a place would inherit that of the last answer
    return forms.sent(request, f"/portal/tickets/{found.number}/#main")


def _say(request: ClientRequest, found: Ticket, text: str, tag: str = "") -> None:
    """Say what was done; the browser keeps what was typed no longer, also under the number of a merged request."""
    asked = str(request.resolver_match.kwargs["number"]) if request.resolver_match else found.number
    numbers = dict.fromkeys((found.number, asked))
    clears = [f"keep-clear:reply:{quote(one, safe='')}:{request.user.pk}" for one in numbers]
    messages.success(request, text, extra_tags=" ".join(filter(None, [*clears, tag])))


def _read(request: ClientRequest, found: Opened) -> None:
    """Note how far the reader has come; their news of it are read."""
    is_news = found.read_seq < found.last_seq or found.told_read < found.told_seq
    if is_news and request.actor.cause is not Cause.LOOK:
        mark_read(found.id, by=request.actor, seq=found.last_seq, told=found.told_seq)
    bell.read_request(request.actor, found.id)


def _show(
    request: ClientRequest, number: str, form: Form, *, status: int = 200, clash: str = "", found: Opened | None = None
) -> HttpResponse:
    found = found or open_by_client(request.actor, number)
    if form.is_answer:
        drafting.keep(request, request.actor, form, Draft.Kind.REPLY, found.id)
        if forms.only_changes_the_form(request) and (draft_id := drafting.lies_at(request, form)):
            return HttpResponseRedirect(f"/portal/tickets/{number}/?draft={draft_id}#reply")
    sight = look_at(request.actor, found)
    _read(request, found)
    told = list(messages.get_messages(request))
    context = {
        **ticket_page.values(sight, request.actor, form),
        "told": [one for one in told if ANSWERED not in (one.extra_tags or "").split()],
        "answered": [one for one in told if ANSWERED in (one.extra_tags or "").split()],
        "clash": clash,
    }
    if form.is_answer and not sight.may_reply:  # refused, or answered and closed for good meanwhile
        context["unsent"] = unsent.of(request, request.actor)
        context["kept"] = ways.to_draft(request.actor, form.draft_id, is_answer=True)
    if status in {200, 422} and (seen := form.get("seen")):
        context["reply"] = replace(context["reply"], seen=seen)
    tab, waiting = ticket_page.tab_of(request.actor, found), waiting_of(found)
    return page(request, "portal/ticket.html", context, tab=tab, status=status, waiting=waiting)

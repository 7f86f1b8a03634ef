"""One request: its page, the specialist's answer or note, its full history."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, NotAllowed
from helpdesk.desk import addresses, drafts, filters, history, later, neighbours, rows, shell, ticket_page
from helpdesk.desk.sight import look_at, open_request
from helpdesk.desk.views.base import UNSTORED, actor_of, density_of, front, page, person_of, remind_at
from helpdesk.fronts import drafting, unsent
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.notices import actions as bell
from helpdesk.tickets import before_sending, facts, holding, pages, policies, uploads
from helpdesk.tickets import drafts as kept_drafts
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import NewFile, StateMove, mark_read, note, reply
from helpdesk.tickets.models import Article, Ticket
from helpdesk.tickets.pages import Opened
from helpdesk.tickets.words import finding_text, refusal_text
from helpdesk.web import formats, kept
from helpdesk.web.jinja import moment_text
from helpdesk.web.jinja import ticket as web_number

PANEL = "panel"  # in the session: what stood in a form beside the thread when the session before had ended
NEXT = "answer-next"  # `kind` of the button beside the one that sends
SEEN_ALL = 2**31  # above the number of any event


class Wordless(Form):
    """An answer without a text, though a state was chosen for it: says how to change the state alone."""

    @property
    def errors(self) -> dict[str, str]:
        if self.get("next_state") == "closed":
            text = _("The text is empty: write the answer, or close without one with the button “Close”")
        else:
            text = _("The text is empty: write the answer, or change only the state in the request's fields")
        return super().errors | {"body": text}


@require_http_methods(["GET", "HEAD", "POST"])
@front
def ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The request's page; a POST is an answer to the client or, with `kind=note`, an internal note."""
    if request.method != "POST":
        step = request.GET.get("go", "")
        return _go(request, number, step) if step in ticket_page.STEPS else _opened(request, number)
    actor = actor_of(request)
    found = pages.for_page(actor, number)
    form = forms.posted(request, actor)
    if forms.only_changes_the_form(request):
        return show(request, number, form, status=422 if form.problems else 200)
    until = remind_at(form, "next_state")
    if found.number != number:  # merged while its writer wrote: they see first where the text goes now
        clash = refusal_text(Conflict("merged_meanwhile", number=formats.number_ticket(number)))
        return show(request, found.number, form, status=409, clash=clash, again=_again(form))
    if not form.problems:
        try:
            return _write(request, found, form, until)
        except Invalid as refusal:
            form.problems.extend(refusal.problems)
            form = _explained(form)
        except Conflict as refusal:
            again = ""
            if refusal.code in {"form_used", "sent_already"}:  # their words say how to go on
                (forms.ask_again if refusal.code == "sent_already" else forms.renew)(form, actor)
            else:
                again = _again(form)
                if refusal.code == "open_children":
                    form.typed["asked"] = "1"
            return show(request, number, form, status=409, clash=refusal_text(refusal), again=again)
        except NotAllowed as refusal:
            if unsent.by_script(request):
                kept_at = drafts.keep_unsent(request, actor)
                if told := unsent.refused(request, actor, refusal_text(refusal), kept=kept_at):
                    return told
                raise
            return show(request, number, form, status=403, clash=refusal_text(refusal))
    return show(request, number, form, status=422)


def _again(form: Form) -> str:
    """How to send all the same what somebody else stopped."""
    if form.get("kind") == "note":
        return _("To add the note as it is, press “Add note” again.")
    return _("To send the answer as it is, press “Send to the client” again.")


def _opened(request: HttpRequest, number: str) -> HttpResponse:
    """The page as it is opened: with what a session that had ended typed into its forms."""
    actor, now = actor_of(request), clock.now()
    found, frame = open_request(actor, number, at=now)
    if found.number != number:
        return HttpResponseRedirect(
            addresses.query(addresses.of_ticket(found.number), draft=request.GET.get("draft", ""))
        )  # fmt: skip
    form = forms.empty(request)
    if form.is_untouched:
        form = drafts.form_of(request, actor, found) or form
    typed = request.session.pop(PANEL, None)
    if typed and typed["number"] == found.number:
        form.restored = form.restored or "panel"
        return show(request, number, form, panel=Form(key="", typed=typed["typed"]))
    is_kept = form.is_untouched and not drafts.is_counting(found)
    if not (is_kept and ticket_page.may_be_kept(request, actor, found)):
        return show(request, number, form)
    _read(actor, found)
    whole = ticket_page.kept_page(
        request, person_of(request), actor, found, frame, now, density=density_of(request)
    )  # fmt: skip
    response = kept.answer(request, whole, key=form.key)
    response.headers["Cache-Control"] = UNSTORED
    return response


def _read(actor: Actor, found: Opened) -> None:
    """Note how far the reader has come; their news of it are read."""
    if found.read_seq < found.last_seq:
        mark_read(found.id, by=actor, seq=found.last_seq)
        bell.mark_read(actor.person, ticket_id=found.id)


def _go(request: HttpRequest, asked: str, step: str) -> HttpResponse:
    """To the next or previous request of the list that the reader came from."""
    found = pages.for_page(actor_of(request), asked)
    if found.number != asked:
        return HttpResponseRedirect(addresses.of_ticket(found.number))
    here = neighbours.list_of(request)
    to = neighbours.beside(here, found, actor_of(request), step=step, now=clock.now()) if here else None
    if to is None:
        last, first = _("This is the last request in the list."), _("This is the first request in the list.")
        messages.info(request, last if step == neighbours.NEXT else first)
    number, here = (to.number, to.list) if to else (found.number, here)
    return HttpResponseRedirect(addresses.query(addresses.of_ticket(number), list=here))


def _write(request: HttpRequest, found: Ticket, form: Form, until: datetime | None) -> HttpResponse:
    actor = actor_of(request)
    attachments = uploads.to_attach(actor, form.key, form.tokens, within=form.body.html)
    is_note = form.get("kind") == "note"
    chosen = None if is_note else later.sending(form, clock.now())
    if form.problems:
        raise Invalid
    if not is_note and (asked := _asked(actor, found, form, attachments)):
        return show(
            request, found.number, form, status=409, clash=_("Look at the answer before it leaves"), asked=asked
        )  # fmt: skip
    if not is_note and (chosen or settings.SEND_DELAY):
        return _hold(request, found, form, until, attachments, chosen)
    with db.entry(), kept_drafts.sending(actor, drafts.written(request, form, found.pk)):
        if is_note:
            article: Article = note(
                found.pk, by=actor, body=form.body, attachments=attachments, once=form.key, again=form.again
            )
        else:
            code = form.get("next_state")[:50]
            article = reply(
                found.pk, by=actor, body=form.body, attachments=attachments, once=form.key, again=form.again,
                seen=form.seen, then=StateMove(code, until) if code else None, asks=not form.get("asked"),
            )  # fmt: skip
        # its files stay under its key until they are collected: should this answer be lost, the very same comes again
    messages.success(
        request,
        _said(form) if is_note else _("The answer has been sent to the client."),
        extra_tags=f"keep-clear:{ticket_page.keep_key(found, actor)}",
    )
    if form.get("kind") == NEXT:
        return forms.sent(request, _next(request, article.ticket))
    return forms.sent(request, f"{addresses.of_ticket(article.ticket.number)}#a{article.seq}")


def _asked(actor: Actor, found: Ticket, form: Form, attachments: list[NewFile]) -> list[str]:
    """What its writer should look at once more, each a sentence; nothing they have seen and send all the same, nor to
    whoever may not answer."""
    if not policies.may_reply(access_of(actor), found):
        return []
    seen = set(form.get("checked").split(","))
    findings = before_sending.findings(found.pk, by=actor, text=form.body.text, attachments=attachments)
    if not any(one.code not in seen for one in findings):
        return []
    form.typed["checked"] = ",".join(one.code for one in findings)
    return [finding_text(one.code, one.details) for one in findings]


def _hold(
    request: HttpRequest, found: Ticket, form: Form, until: datetime | None, attachments: list[NewFile],
    chosen: datetime | None,
) -> HttpResponse:  # fmt: skip
    """Let an answer wait: until it can no longer be taken back, or for the moment that its writer chose."""
    code, delay = form.get("next_state")[:50], timedelta(seconds=settings.SEND_DELAY)
    with db.entry():
        held = holding.hold(
            found.pk, by=actor_of(request), written=drafts.written(request, form, found.pk), body=form.body,
            attachments=attachments, then=StateMove(code, until) if code else None, seen=form.seen, again=form.again,
            asks=not form.get("asked"), send_at=chosen or clock.now() + delay, is_timed=chosen is not None,
            unless_client=chosen is not None and bool(form.get("unless_client")),
        )  # fmt: skip
    if isinstance(held, Article):  # the same form, once more
        return forms.sent(request, f"{addresses.of_ticket(held.ticket.number)}#a{held.seq}")
    if form.get("kind") != NEXT:
        return forms.sent(request, f"{addresses.of_ticket(found.number)}#held")
    number = web_number(found.number)
    if chosen is not None:
        said = _("The answer to %(number)s goes %(when)s.") % {"number": number, "when": moment_text(chosen)}
    else:
        said = _("The answer to %(number)s goes in %(num)d s.") % {"number": number, "num": settings.SEND_DELAY}
    seconds = 0 if chosen else settings.SEND_DELAY
    tags = [f"keep-drop:{form.key}", f"held:{held.pk}:{quote(found.number, safe='')}:{seconds}"]
    messages.success(request, said, extra_tags=" ".join(tags))
    return forms.sent(request, _next(request, found))


def _next(request: HttpRequest, ticket: Ticket) -> str:
    """The address of the request after one that was just answered, in the list that its writer came from; of that list
    where it was the last one."""
    here = neighbours.list_of(request)
    if not here:
        return addresses.LIST
    to = neighbours.beside(here, ticket, actor_of(request), step=neighbours.NEXT, now=clock.now())
    if to is None:
        messages.info(request, _("This is the last request in the list."))
        return here
    return addresses.query(addresses.of_ticket(to.number), list=to.list)


def _said(note_form: Form) -> str:
    """The news of a note; without a script a state can be chosen beside it, which only an answer sets."""
    added = _("The note has been added. The client does not see it.")
    if not note_form.get("next_state"):
        return added
    unchanged = _("The state has not changed: change it with an answer or in the request's fields.")
    return f"{added} {unchanged}"


def _explained(form: Form) -> Form:
    """The refused form; with more to say where only the text is missing."""
    is_wordless = any((problem.field, problem.code) == ("body", "empty") for problem in form.problems)
    if not is_wordless or not form.get("next_state") or form.get("kind") == "note":
        return form
    return Wordless(form.key, form.typed, form.staged, form.problems, form.restored)


def show(
    request: HttpRequest,
    number: str,
    form: Form,
    *,
    status: int = 200,
    clash: str = "",
    again: str = "",
    panel: Form | None = None,
    asked: Sequence[str] = (),
) -> HttpResponse:
    """The page with a form as it stands. `clash`: what stopped it, `again`: how to do it all the same; `panel`: what
    was refused in the panel beside the thread; `asked`: what is to be looked at before the answer leaves."""
    actor, now = actor_of(request), clock.now()
    found, frame = open_request(actor, number, at=now)
    if form.is_answer:
        drafting.keep(request, actor, form, drafts.kind_of(request.POST), found.id)
        if forms.only_changes_the_form(request) and (draft_id := drafting.lies_at(request, form)):
            return HttpResponseRedirect(f"{addresses.with_draft(found.number, draft_id)}#body")
        found, frame = open_request(actor, number, at=now)  # with the draft that this is now
    sight = look_at(actor, found, frame, how=rows.reading(now))
    _read(actor, found)
    context = ticket_page.values(
        sight, actor, form, panel or Form(key=""), here=neighbours.list_of(request), status=status,
        beside=drafts.beside(found, actor, form, may_take=sight.can.note),
    )  # fmt: skip
    if context["is_lost"]:
        context["unsent"] = unsent.of(request, actor)
    return page(
        request, "desk/ticket.html", {**context, "clash": clash, "again": again, "asked": asked},
        place=f"queue:{found.queue_id}", known=shell.figures(actor, at=now, frame=frame), status=status,
    )  # fmt: skip


def _told(found: pages.News) -> str:
    """The news in words; the link to it follows them."""
    told = []
    if found.changes:
        told.append(_("The request has changed (%(what)s).") % {"what": history.in_short(found.changes)})
    if found.is_note is not None:
        told.append((_("New note: %(who)s.") if found.is_note else _("New answer: %(who)s.")) % {"who": found.who})
    return " ".join(told)


@require_safe
@front
def news(request: HttpRequest, number: str) -> HttpResponse:
    """Whether somebody else has written since the article `?after=` or changed a field since the event `?since=`: a
    sentence, or 204. An open page asks four times a minute, so it costs two statements and reads nothing that the
    sentence does not need."""
    after = filters.whole(request.GET.get("after", "")) or 0
    since = filters.whole(request.GET.get("since", ""))
    found = pages.news(actor_of(request), number, after=after, since=SEEN_ALL if since is None else since)
    if found is None:
        response = HttpResponse(status=204)
    else:
        response = JsonResponse({"text": _told(found)})
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@front
def full_history(request: HttpRequest, number: str) -> HttpResponse:
    """All that was ever done to a request, a merged one too: who, when, from what, to what, why."""
    actor = actor_of(request)
    found = pages.itself(actor, number)
    now = clock.now()
    known = facts.of_ticket(actor, found, at=now)
    entries = history.entries(known.events, history.Words(known, shell.language()))
    context = {
        "number": found.number,
        "subject": found.subject,
        "back": addresses.of_ticket(found.number),
        "entries": entries,
        "any_why": any(entry.why for entry in entries),
    }
    figures = shell.figures(actor, at=now, frame=known.frame)
    return page(request, "desk/history.html", context, place=f"queue:{found.queue_id}", known=figures)

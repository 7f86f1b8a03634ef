"""One request: its page, the specialist's answer or note, its full history."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock, db
from helpdesk.core.errors import Conflict, Invalid, NotAllowed
from helpdesk.desk import addresses, filters, history, neighbours, rows, shell
from helpdesk.desk.dock import Reply, dock
from helpdesk.desk.sight import Sight, look_at
from helpdesk.desk.sight import panel as sight_panel
from helpdesk.desk.views.base import actor_of, front, page, person_of, remind_at
from helpdesk.fronts import form as forms
from helpdesk.fronts import unsent
from helpdesk.fronts.bodies import viewer
from helpdesk.fronts.form import Form
from helpdesk.notices import actions as bell
from helpdesk.tickets import facts, pages, uploads
from helpdesk.tickets.actions import StateMove, mark_read, note, reply
from helpdesk.tickets.models import Article, Ticket
from helpdesk.tickets.words import refusal_text
from helpdesk.web import stash

PANEL = "panel"  # in the session: what stood in a form beside the thread when the session before had ended
CLOSED = "closed"  # the tag of the message that holds the way back
SEEN_ALL = 2**31  # above the number of any event
STEPS = (neighbours.NEXT, neighbours.PREVIOUS)


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
    actor = actor_of(request)
    found = pages.for_page(actor, number)
    if found.number != number and request.method != "POST":
        return HttpResponseRedirect(addresses.of_ticket(found.number))
    if request.method != "POST":
        step = request.GET.get("go", "")
        return _go(request, found, step) if step in STEPS else _opened(request, found)
    form = forms.posted(request, actor)
    if forms.only_changes_the_form(request):
        return show(request, found, form, status=422 if form.problems else 200)
    until = remind_at(form, "next_state")
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
            fresh = pages.for_page(actor, number)
            return show(request, fresh, form, status=409, clash=refusal_text(refusal), again=again)
        except NotAllowed as refusal:
            if unsent.by_script(request):
                raise
            return show(request, pages.for_page(actor, number), form, status=403, clash=refusal_text(refusal))
    return show(request, found, form, status=422)


def _again(form: Form) -> str:
    """How to send all the same what somebody else stopped."""
    if form.get("kind") == "note":
        return _("To add the note as it is, press “Add note” again.")
    return _("To send the answer as it is, press “Send to the client” again.")


def _opened(request: HttpRequest, found: Ticket) -> HttpResponse:
    """The page as it is opened: with what a session that had ended typed into its forms."""
    form = forms.empty(request)
    kept = request.session.pop(PANEL, None)
    if not kept or kept["number"] != found.number:
        return show(request, found, form)
    form.restored = form.restored or "panel"
    return show(request, found, form, panel=Form(key="", typed=kept["typed"]))


def _go(request: HttpRequest, found: Ticket, step: str) -> HttpResponse:
    """To the next or previous request of the list that the reader came from."""
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
    with db.entry():
        if is_note:
            article: Article = note(
                found.pk, by=actor, body=form.body, attachments=attachments, once=form.key, again=form.again
            )
        else:
            code = form.get("next_state")[:50]
            article = reply(
                found.pk, by=actor, body=form.body, attachments=attachments, once=form.key, again=form.again,
                seen=form.seen, then=StateMove(code, until) if code else None,
            )  # fmt: skip
        # its files stay under its key until they are collected: should this answer be lost, the very same comes again
    messages.success(
        request,
        _said(form) if is_note else _("The answer has been sent to the client."),
        extra_tags=f"keep-clear:{keep_key(request, found)}",
    )
    return forms.sent(request, f"{addresses.of_ticket(article.ticket.number)}#a{article.seq}")


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


def keep_key(request: HttpRequest, found: Ticket) -> str:
    """Under what the browser keeps the text that is being written here."""
    return f"desk:{found.number}:{person_of(request).pk}"


def show(
    request: HttpRequest,
    found: Ticket,
    form: Form,
    *,
    status: int = 200,
    clash: str = "",
    again: str = "",
    panel: Form | None = None,
) -> HttpResponse:
    """The page with a form as it stands. `clash`: what stopped it, `again`: how to do it all the same; `panel`: what
    was refused in the panel beside the thread."""
    actor, now = actor_of(request), clock.now()
    sight = look_at(actor, found, how=rows.reading(now))
    if sight.read_seq < sight.last_seq:
        mark_read(found.pk, by=actor, seq=sight.last_seq)
        bell.mark_read(actor.person, ticket_id=found.pk)
    known = shell.figures(actor, at=now, frame=sight.facts.frame)
    context = {**_context(request, found, sight, form, panel, status=status), "clash": clash, "again": again}
    return page(
        request, "desk/ticket.html", context,
        place=f"queue:{found.queue_id}", known=known, status=status,
    )  # fmt: skip


def _context(
    request: HttpRequest, found: Ticket, sight: Sight, form: Form, panel: Form | None, *, status: int
) -> dict[str, Any]:
    panel = panel or Form(key="")
    here = neighbours.list_of(request)
    is_lost = status == 403 and (bool(panel.typed) or not (sight.can.reply or sight.can.note))  # no box holds the text
    problems = {**{_control(field): text for field, text in panel.errors.items()}, **form.errors}
    return {
        "sight": sight,
        "can": sight.can,
        # the way back for whoever closed it by mistake
        "may_reopen": sight.can.set_state and not sight.can.close and "open" in dict(sight.side.choices.state),
        "form": form,
        "panel": sight_panel,
        "side": replace(sight.side, typed=tuple(panel.typed.items()), errors=tuple(panel.errors.items())),
        "summary": list(problems.items()),
        "refused": status == 403,
        "unsent": unsent.of(request, actor_of(request)) if is_lost else unsent.Unsent(),
        "dock": dock,
        "viewer": viewer,
        "reply": Reply(
            base=addresses.of_ticket(found.number),
            can=sight.can,
            to=sight.client_name,
            choices=sight.next_state,
            until=sight.now.pending_local,
            # after a conflict the writer has the new state before them
            seen=str(found.last_event_seq) if status == 409 or not form.get("seen") else form.get("seen"),
            keep=keep_key(request, found),
            writer=stash.writer_mark(person_of(request).pk),
            max_mb=settings.MAX_FILE_MB,
        ),
        "version": found.last_event_seq,
        "base": addresses.of_ticket(found.number),
        "list": here or addresses.HOME,
        "steps": {step: addresses.query(addresses.of_ticket(found.number), go=step, list=here) for step in STEPS}
        if here
        else {},
    }


def _control(field: str) -> str:
    """The id of the panel's control that a problem belongs to."""
    return {"state": "p-state", "until": "p-until", "owner": "p-owner", "responsible": "p-responsible",
            "queue": "p-queue", "priority": "p-priority", "category": "p-category", "due_at": "p-due",
            }.get(field, field)  # fmt: skip


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
    """All that was ever done to a request: who, when, from what, to what, why."""
    actor = actor_of(request)
    found = pages.for_page(actor, number)
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

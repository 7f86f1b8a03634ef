"""A specialist's drafts: saved while they write, listed, read, shared with colleagues, thrown away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Conflict, Invalid, NotFound
from helpdesk.desk import addresses
from helpdesk.desk import drafts as beside
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import drafting
from helpdesk.fronts import form as forms
from helpdesk.tickets import drafts, holding, pages, policies, shared_drafts, uploads
from helpdesk.tickets.access import access_of
from helpdesk.tickets.options import DRAFT_DAYS
from helpdesk.tickets.words import refusal_text, stopped_text


@require_POST
@front
def save(request: HttpRequest) -> HttpResponse:
    """Keep what a script sends while an answer or a note to the request `ticket` is written (`drafting.by_script`).
    `other_at`: where the draft is from which this one parted."""
    actor, number = actor_of(request), request.GET.get("ticket", "")
    seen = forms.number(request.POST.get("seen", "")) or 0
    meanwhile = pages.meanwhile(actor, number, seen=seen)  # invisible now: what is typed is kept all the same
    kind = beside.kind_of(request.POST)
    answer, status = drafting.by_script(request, actor, kind, meanwhile.ticket_id if meanwhile else None)
    answer["other_at"] = addresses.with_draft(number, answer["other"]) if answer.get("other") else ""
    return JsonResponse(answer, status=status)


@require_safe
@front
def listed(request: HttpRequest) -> HttpResponse:
    """All drafts of this person, and what colleagues share."""
    actor = actor_of(request)
    mine = drafts.of_person(actor)
    context = {
        "drafts": [line for line in mine if line.discarded_at is None],
        "thrown_away": [line for line in mine if line.discarded_at],
        "stopped_text": stopped_text, "shared": shared_drafts.of_colleagues(actor), "days": DRAFT_DAYS.lately(),
    }  # fmt: skip
    return page(request, "desk/drafts.html", context, place="drafts")


@require_safe
@front
def one(request: HttpRequest, draft_id: int) -> HttpResponse:
    """The whole text of a draft of one's own, wherever its request is now, or of one that a colleague shares."""
    actor = actor_of(request)
    try:
        draft, number = drafts.one(actor, draft_id)
        writer = ""
    except NotFound:
        draft, ticket = shared_drafts.one(actor, draft_id)
        number, writer = ticket.number, draft.person.name
    found = pages.for_page(actor, number) if number else None
    may_write = found is not None and policies.may_note(access_of(actor), found)
    goes_on = may_write and not writer and not draft.discarded_at
    context = {
        "draft": draft, "number": number, "writer": writer, "about": found.subject if found else "",
        "text": drafting.whole_text(draft.values, [], get_language() or "ru"),
        "files": uploads.names(draft.person_id, draft.form_key, draft.files),
        "go_on": addresses.with_draft(found.number, draft.pk) if found and goes_on else "",
    }  # fmt: skip
    return page(request, "desk/draft.html", context, place="drafts")


@require_POST
@front
def discard(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Throw a draft of one's own away, and go on where it was offered."""
    actor = actor_of(request)
    _draft, number = drafts.one(actor, draft_id)
    with db.entry():
        gone, form_key = drafts.discard(actor, draft_id)
    tags = [f"back:{addresses.of_draft(gone.pk, 'back')}", *([f"keep-drop:{form_key}"] if form_key else [])]
    messages.success(
        request,
        _("The draft has been thrown away. It can be brought back from your drafts."),
        extra_tags=" ".join(tags),
    )
    is_listed = request.POST.get("back") == "list" or not number
    return forms.sent(request, addresses.DRAFTS if is_listed else addresses.of_ticket(number))


@require_POST
@front
def bring_back(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Take a draft back that was thrown away, and go on with it where its request is to be seen."""
    actor = actor_of(request)
    _draft, number = drafts.one(actor, draft_id)
    try:
        with db.entry():
            drafts.bring_back(actor, draft_id)
    except Invalid as refusal:
        messages.error(request, drafting.reason(refusal))
        return HttpResponseRedirect(addresses.DRAFTS)
    messages.success(request, _("The draft is back, as it was."))
    return HttpResponseRedirect(addresses.with_draft(number, draft_id) if number else addresses.DRAFTS)


@require_POST
@front
def cancel(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Do not send an answer that waits: it stands in the box again, as it was. `number`: its request."""
    actor, number = actor_of(request), request.POST.get("number", "")
    try:
        with db.entry():
            draft = holding.release(actor, draft_id)
    except NotFound:
        found = pages.for_page(actor, number)
        messages.warning(request, _("The answer has left already."))
        return HttpResponseRedirect(addresses.of_ticket(found.number))
    _draft, number = drafts.one(actor, draft.pk)
    return HttpResponseRedirect(
        f"{addresses.with_draft(number, draft.pk)}#body" if number else addresses.of_draft(draft.pk)
    )


@require_POST
@front
def send_now(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Do not wait any longer."""
    actor = actor_of(request)
    draft, number = drafts.one(actor, draft_id)
    if draft.send_at is None:
        raise NotFound
    holding.send_sooner(actor, draft_id)
    if number and not drafts.is_there(actor, draft_id):
        messages.success(request, _("The answer has been sent to the client."))
    return HttpResponseRedirect(addresses.of_ticket(number) if number else addresses.DRAFTS)


@require_safe
@front
def waits(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Whether an answer still waits to be sent (204); else where to see what became of it: `{"sent", "at"}`."""
    actor = actor_of(request)
    if not drafts.is_there(actor, draft_id):
        return JsonResponse({"sent": _("The answer has been sent to the client."), "at": ""})
    draft, number = drafts.one(actor, draft_id)
    if draft.send_at is not None:
        return HttpResponse(status=204)
    return JsonResponse(
        {"sent": "", "at": addresses.with_draft(number, draft.pk) if number else addresses.of_draft(draft.pk)}
    )


@require_POST
@front
def share(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Let colleagues take a draft of one's own over; with `off` no more."""
    actor = actor_of(request)
    _draft, number = drafts.one(actor, draft_id)
    with db.entry():
        if request.POST.get("off"):
            shared_drafts.unshare(actor, draft_id)
            said = _("The draft is yours alone again.")
        else:
            shared_drafts.share(actor, draft_id)
            said = _("Colleagues who see the request can take the draft over.")
    messages.success(request, said)
    return HttpResponseRedirect(addresses.with_draft(number, draft_id) if number else addresses.DRAFTS)


@require_POST
@front
def take_over(request: HttpRequest, draft_id: int) -> HttpResponse:
    """Go on with a colleague's draft."""
    actor = actor_of(request)
    try:
        with db.entry():
            saved, ticket = shared_drafts.take_over(actor, draft_id)
    except Conflict as refusal:
        messages.warning(request, refusal_text(refusal))
        return HttpResponseRedirect(addresses.DRAFTS)
    messages.success(request, _("The draft is yours now. Your colleague keeps theirs."))
    return HttpResponseRedirect(addresses.with_draft(ticket.number, saved.id or 0))

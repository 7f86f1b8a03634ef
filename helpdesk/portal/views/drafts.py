"""Drafts: kept while a client writes, listed, read, thrown away. Each person sees their own alone."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Invalid
from helpdesk.fronts import drafting
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.portal import draft_names, similar
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.portal.sight import takes_answer
from helpdesk.tickets import drafts, pages, policies, queries, uploads
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Draft
from helpdesk.tickets.options import DISCARDED_DAYS, DRAFT_DAYS

HOME = "/portal/drafts/"


@require_POST
@client_page
def save(request: ClientRequest) -> HttpResponse:
    """Keep what a script sends while a form is written (`drafting.by_script`).

    `ticket` in the address: it is an answer to it. `other_at`: where the draft is from which this one parted; `news`,
    `news_at`: what a specialist has written meanwhile; `similar`: for a new request, what may have been asked already.
    """
    number = request.GET.get("ticket", "")
    if not number:
        answer, status = drafting.by_script(request, request.actor, Draft.Kind.NEW)
        answer["other_at"] = _other(answer, Draft.Kind.NEW, "")
        found = similar.found(request.actor, Form("", typed=forms.single(request.POST.lists())))
        answer["similar"] = render_to_string("portal/new_similar.html", {"found": found}, request=request).strip()
        return JsonResponse(answer, status=status)
    seen = forms.number(request.POST.get("seen", "")) or 0
    meanwhile = pages.meanwhile(request.actor, number, seen=seen)  # invisible now: what is typed is kept all the same
    answer, status = drafting.by_script(
        request, request.actor, Draft.Kind.REPLY, meanwhile.ticket_id if meanwhile else None
    )
    answer["other_at"] = _other(answer, Draft.Kind.REPLY, number)
    if meanwhile and meanwhile.who:
        answer["news"] = drafting.answered(meanwhile.who)
        draft = f"?draft={answer['id']}" if answer.get("id") else ""
        answer["news_at"] = f"/portal/tickets/{quote(number)}/{draft}#a{meanwhile.article_id}"
    return JsonResponse(answer, status=status)


def _other(answer: Mapping[str, Any], kind: str, number: str) -> str:
    return address(kind, answer["other"], number) if answer.get("other") else ""


@require_safe
@client_page
def listed(request: ClientRequest) -> HttpResponse:
    """All drafts of this person."""
    actor, access = request.actor, access_of(request.actor)
    lines = draft_names.named(actor, drafts.of_person(actor))
    context = {
        "drafts": [line for line in lines if line.discarded_at is None], "days": DRAFT_DAYS.lately(),
        "discarded": [line for line in lines if line.discarded_at], "discarded_days": DISCARDED_DAYS.lately(),
        "may_write": policies.may_open_any(access),
        "may_open": policies.may_open_among(access, queries.queues_for_client(actor)),
    }  # fmt: skip
    return page(request, "portal/drafts.html", context)


@require_safe
@client_page
def one(request: ClientRequest, draft_id: int) -> HttpResponse:
    """The whole text of a draft, to be read and copied, wherever it can still be sent to."""
    draft, number = drafts.one(request.actor, draft_id)
    names = [file.filename for file in uploads.staged(request.actor, draft.form_key) if file.pk in draft.files]
    has_fields = any(name.startswith(forms.FIELD) for name in draft.values)
    queues = queries.queues_once_offered(request.actor) if has_fields else []
    whole = drafting.whole_text(draft.values, queues, get_language() or "ru")
    about = pages.for_page(request.actor, number) if number else None
    is_over = about is not None and not takes_answer(access_of(request.actor), about)
    may_open = policies.may_open_among(access_of(request.actor), queries.queues_for_client(request.actor))
    is_shut = draft.kind == Draft.Kind.NEW and not may_open
    context = {
        "draft": draft, "text": whole, "files": names, "number": number, "is_over": is_over,
        "gone_at": draft.discarded_at and draft.discarded_at + timedelta(days=DISCARDED_DAYS.lately()),
        "go_on": "" if is_over or is_shut or draft.discarded_at else address(draft.kind, draft.pk, number),
        "is_shut": is_shut, "may_open": may_open,
    }  # fmt: skip
    return page(request, "portal/draft.html", context)


@require_POST
@client_page
def discard(request: ClientRequest, draft_id: int) -> HttpResponse:
    """Throw a draft away, and go on where it was offered."""
    _draft, number = drafts.one(request.actor, draft_id)
    with db.entry():
        gone, form_key = drafts.discard(request.actor, draft_id)
    days = DISCARDED_DAYS.lately()
    told = ngettext(
        "The draft has been thrown away; for %(num)d day it stands among your drafts and can be brought back.",
        "The draft has been thrown away; for %(num)d days it stands among your drafts and can be brought back.",
        days,
    )
    tags = [f"back:{HOME}{gone.pk}/back/", *([f"keep-drop:{form_key}"] if form_key else [])]
    messages.success(request, told % {"num": days}, extra_tags=" ".join(tags))
    place = address(gone.kind, 0, number)
    return forms.sent(request, HOME if request.POST.get("back") == "list" or not place else place)


@require_POST
@client_page
def bring_back(request: ClientRequest, draft_id: int) -> HttpResponse:
    """Take a draft back that was thrown away, and go on with it where it can be sent; else to the list."""
    _draft, number = drafts.one(request.actor, draft_id)
    try:
        with db.entry():
            back = drafts.bring_back(request.actor, draft_id)
    except Invalid as refusal:
        messages.error(request, drafting.reason(refusal))
        return forms.sent(request, HOME)
    messages.success(request, _("The draft is back, as it was."))
    place = address(back.kind, back.pk, number)
    return forms.sent(request, HOME if request.POST.get("back") == "list" or not place else place)


def address(kind: str, draft_id: int, number: str) -> str:
    """Where a draft is gone on with; empty where its request is not visible any more."""
    place = "/portal/new/" if kind == Draft.Kind.NEW else f"/portal/tickets/{quote(number)}/" if number else ""
    return f"{place}?draft={draft_id}" if place and draft_id else place

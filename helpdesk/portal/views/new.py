"""«Новая заявка» (R11–R14)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem, in_page_order
from helpdesk.core.text.figures import whole
from helpdesk.fronts import drafting, intake, unsent
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.fronts.intake import Asked
from helpdesk.portal import draft_names, similar
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.search.similar import Similar
from helpdesk.tickets import drafts, policies, queries, uploads
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions import open_ticket
from helpdesk.tickets.actions.open_ticket import accepted
from helpdesk.tickets.models import Draft, Queue
from helpdesk.tickets.options import DRAFT_DAYS
from helpdesk.tickets.words import refusal_text
from helpdesk.web import formats, stash

ADDRESS = "/portal/new/"
EITHER = frozenset({"error", "consultation"})  # keys of recipients that are taken for one another


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def new(request: ClientRequest) -> HttpResponse:
    """The form of a new request, and its sending."""
    access = access_of(request.actor)
    if not policies.may_open_any(access):
        raise NotAllowed("open", kind="reader")
    queues = queries.queues_for_client(request.actor)
    if not queues:
        raise NotAllowed("no_recipient")
    if request.method != "POST":
        form = drafting.opened(request, request.actor, Draft.Kind.NEW) or drafting.answer_as_new(request, request.actor)
        return _show(request, form or forms.empty(request, **_chosen(request)), queues)
    form = forms.posted(request, request.actor)
    if forms.only_changes_the_form(request):
        intake.go_instead(form, queues)
        return _show(request, form, queues, status=422 if form.problems else 200)
    if _has_left(form, access) and not access.writes:
        raise NotAllowed("left_company")  # with what was typed
    form.problems.extend(_missing(form, queues, access.writes))
    if form.problems:  # all that is wrong at once, not one after another
        form.problems.extend(_wrong(form, queues))
    # offered by the page's own form alone: a program that posts one is answered at once
    offered = similar.found(request.actor, form) if form.get("offers") and not form.problems else []
    if offered:  # nobody is asked about a form that cannot be sent yet
        form.problems.extend(_wrong(form, queues))
        offered = [] if form.problems else offered
    # a form that arrived already, and whose answer was lost, is like the request that it made
    if similar.fresh(offered, form) and not uploads.was_accepted(request.actor, form.key):
        return _show(request, form, queues, offered=offered)
    if not form.problems:
        try:
            return _send(request, form, queues)
        except Invalid as error:
            form.problems.extend(error.problems)
        except Conflict as clash:
            (forms.ask_again if clash.code == "sent_already" else forms.renew)(form, request.actor)
            return _show(request, form, queues, status=409, clash=refusal_text(clash))
    return _show(request, form, queues, status=422)


_CHOICES = {"queue": "", "company": "", "priority": "3"}  # what an address may hold of a form, and its beginning


def _chosen(request: ClientRequest) -> dict[str, str]:
    """What a fresh form begins with: the choices that its address names."""
    return {name: request.GET.get(name, begins) for name, begins in _CHOICES.items()}


def _place(request: ClientRequest, form: Form) -> str:
    """Where a form that only changed its looks is asked for again; «» where its page has to be shown at once."""
    if draft_id := drafting.lies_at(request, form):
        return f"{ADDRESS}?draft={draft_id}"
    holds_more = form.told or form.problems or form.staged or unsent.by_script(request)
    if holds_more or not drafting.written(request.POST, form, Draft.Kind.NEW).is_empty:
        return ""
    chosen = {name: form.get(name) for name, begins in _CHOICES.items() if form.get(name) not in {"", begins}}
    return f"{ADDRESS}?{urlencode(chosen)}" if chosen else ADDRESS


def _missing(form: Form, queues: list[Queue], writes: frozenset[int]) -> list[Problem]:
    """What has to be there before anything else can be looked at. `writes`: the companies the client writes for."""
    company = form.get("company")
    company_ok = whole(company) in writes if company or len(writes) > 1 else True
    queue_id = whole(form.get("queue"))
    missing = [] if company_ok else [Problem("company", "empty" if len(writes) > 1 else "left")]
    missing += [] if queue_id else [Problem("queue", "empty")]
    if queue_id and queue_id not in {queue.pk for queue in queues}:  # absent and not for clients look the same
        missing.append(Problem("queue", "unknown_queue"))
    missing += [] if form.get("subject").strip() else [Problem("subject", "empty")]
    has_files = form.staged or any(problem.field == "attachments" for problem in form.problems)
    return missing + ([Problem("body", "empty")] if form.body.is_empty and not has_files else [])


def _has_left(form: Form, access: Access) -> bool:
    """Whether the form was filled for a company that its writer no longer writes for: a place taken while writing."""
    return whole(form.get("company")) not in {0, *access.writes}


def _wrong(form: Form, queues: list[Queue]) -> list[Problem]:
    """What else cannot be accepted of what was typed."""
    queue = next((queue for queue in queues if str(queue.pk) == form.get("queue")), None)
    offered = [] if 2 <= whole(form.get("priority", "3")) <= 5 else [Problem("priority", "not_offered")]
    try:
        accepted(queue, form.get("subject"), form.body, form.values, form.attached)
    except Invalid as refusal:
        told = [problem for problem in refusal.problems if (problem.field, problem.code) != ("body", "empty")]
        return told + offered
    return offered


def _send(request: ClientRequest, form: Form, queues: list[Queue]) -> HttpResponse:
    chosen = next(queue for queue in queues if str(queue.pk) == form.get("queue"))
    draft = drafting.written(request.POST, form, Draft.Kind.NEW)  # as it was typed
    once = queries.queues_once_offered(request.actor)
    queue_id, priority = whole(form.get("queue")), whole(form.get("priority", "3"))
    attachments = uploads.to_attach(request.actor, form.key, form.tokens, within=form.body.html)
    with (
        intake.nothing_left(form, chosen, once, get_language() or "ru"),
        db.entry(), drafts.sending(request.actor, draft),
    ):  # fmt: skip
        article = open_ticket(
            by=request.actor, queue_id=queue_id, subject=form.get("subject"), body=form.body, priority=priority,
            company_id=whole(form.get("company")) or None,
            values=form.values, attachments=attachments, once=form.key, again=form.again,
        )  # fmt: skip
        # its files stay under its key until they are collected: should this answer be lost, the very same comes again
    number = article.ticket.number
    messages.success(
        request,
        _("Request No. %(number)s has been sent. The answer will appear here and come by email.")
        % {"number": formats.number_ticket(number)},
        extra_tags=f"keep-clear:new:{request.user.pk}",
    )
    return forms.sent(request, f"/portal/tickets/{number}/")


def _show(
    request: ClientRequest, form: Form, queues: list[Queue], *, status: int = 200, clash: str = "",
    offered: Sequence[Similar] = (),
) -> HttpResponse:  # fmt: skip
    if form.is_answer:
        drafting.keep(request, request.actor, form, Draft.Kind.NEW)
        if forms.only_changes_the_form(request) and (place := _place(request, form)):
            return HttpResponseRedirect(place)
    queue = next((q for q in queues if str(q.pk) == form.get("queue")), None)
    names = {
        1: "",
        **{p.rank: p.name_ru if get_language() == "ru" else p.name_en for p in queries.priorities(request.actor)},
    }
    guide = _guide(form, queue, queues)
    context = {
        "form": form,
        "clash": clash,
        "companies": _companies(access_of(request.actor)),
        "company": _only(access_of(request.actor)),
        "summary": summary(form, guide["fields"]),
        "files": intake.general_files(guide["fields"], form),
        "queue_options": [(str(q.pk), q.name(get_language() or "ru")) for q in queues],
        "priorities": [(rank, names[rank]) for rank in sorted(names) if rank >= 2],
        "writer": stash.writer_mark(request.user.pk),
        "keep": f"new:{request.user.pk}",
        "drafts": draft_names.named(
            request.actor, [line for line in drafts.offered(request.actor, Draft.Kind.NEW) if line.key != form.key]
        ),
        "draft_days": DRAFT_DAYS.lately(),
        "similar": offered,
        "along": intake.along(form, queue, queues, get_language() or "ru") if queue and form.values else [],
        "words": intake.words(queues, get_language() or "ru"),
        "besides": intake.besides(guide["fields"], form),
        **guide,
    }
    return page(request, "portal/new.html", context, tab="new", status=status)


def _companies(access: Access) -> list[tuple[str, str]]:
    """Whom a client of several companies can write for; empty where there is nothing to choose."""
    found = [(str(key), name) for key, name in access.named_companies if key in access.writes]
    return found if len(found) > 1 else []


def _only(access: Access) -> int:
    """The one company that the form is for where there is nothing to choose; 0 for whoever belongs to none."""
    return next(iter(access.writes)) if len(access.writes) == 1 else 0


def _guide(form: Form, queue: Queue | None, queues: list[Queue]) -> dict[str, Any]:
    """The chosen queue's purpose, advice and own fields."""
    language = get_language() or "ru"
    return {
        "form": form,
        "errors": errors(form),
        "either": _either(queue, queues, language),
        "purpose": getattr(queue, f"purpose_{language}") if queue else "",
        "advice": getattr(queue, f"guidance_{language}") if queue else [],
        "example": getattr(queue, f"example_{language}") if queue else "",
        "fields": intake.asked(queue, form, language, queues),
        "upload_url": f"/portal/uploads/{form.key}/",
        "max_mb": settings.MAX_FILE_MB,
        "post_mb": settings.MAX_POST_MB,
        "room_mb": uploads.room_mb(),
    }


def _either(queue: Queue | None, queues: list[Queue], language: str) -> dict[str, str]:
    """The names of the two recipients that are taken for one another, an error's and advice; empty beside others, and
    where not both are offered."""
    names = {one.key: one.name(language) for one in queues if one.key in EITHER}
    return names if len(names) == len(EITHER) and (queue is None or queue.key == "consultation") else {}


def errors(form: Form) -> dict[str, str]:
    """The sentence at each field, as a client reads it."""
    found = form.errors
    if "company" in found and any(problem.code == "left" for problem in form.problems):
        left = _("You no longer write for the company the form was filled for. Send again to write for your other one")
        return found | {"company": left}
    return found | {"company": _("Choose the company you are writing for")} if "company" in found else found


def summary(form: Form, own: list[Asked]) -> list[tuple[str, str]]:
    """The list above a refused form: field's id and what to do, in the order of the page. `own`: the queue's fields."""
    order = ["company", "queue", "subject", *(field.name for field in own), "body", "attachments", "priority"]
    told = intake.named(errors(form), own)
    if any(problem.code == "left" for problem in form.problems):  # nothing to choose: no field stands for it
        told[""] = told.pop("company")
    return in_page_order(told, *order)


@require_safe
@client_page
def fields(request: ClientRequest) -> HttpResponse:
    """The part of the form that depends on the queue, for the moment when another one is chosen. Empty: what was typed
    stays in the browser, which puts it back (asked.js); an address could not hold it."""
    queues = queries.queues_for_client(request.actor)
    queue = next((q for q in queues if str(q.pk) == request.GET.get("queue")), None)
    form = Form(key=forms.key_of(request.GET.get("form_key", "")))
    return render(request, "portal/new_fields.html", _guide(form, queue, queues))

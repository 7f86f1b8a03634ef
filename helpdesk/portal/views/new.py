"""«Новая заявка» (R11–R14)."""

from datetime import date
from typing import Any

from babel.dates import format_date
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock, db
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.portal.gate import ClientRequest, client_page
from helpdesk.portal.shell import page
from helpdesk.tickets import fields as intake
from helpdesk.tickets import policies, queries, uploads
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions import open_ticket
from helpdesk.tickets.models import IntakeField, Queue
from helpdesk.tickets.words import refusal_text
from helpdesk.web import formats, stash


@require_http_methods(["GET", "HEAD", "POST"])
@client_page
def new(request: ClientRequest) -> HttpResponse:
    """The form of a new request, and its sending."""
    access = access_of(request.actor)
    if not policies.may_open_any(access):
        raise NotAllowed("open")
    queues = queries.queues_for_client(request.actor)
    if request.method != "POST":
        form = forms.empty(request, priority="3", queue=request.GET.get("queue", ""))
        return _show(request, form, queues)
    form = forms.posted(request, request.actor)
    if forms.only_changes_the_form(request):
        return _show(request, form, queues, status=422 if form.problems else 200)
    form.problems.extend(_missing(form, queues, access.writes))  # all that is wrong at once, not one after another
    if not form.problems:
        try:
            return _send(request, form)
        except Invalid as error:
            form.problems.extend(error.problems)
        except Conflict as clash:
            (forms.ask_again if clash.code == "sent_already" else forms.renew)(form, request.actor)
            return _show(request, form, queues, status=409, clash=refusal_text(clash))
    return _show(request, form, queues, status=422)


def _missing(form: Form, queues: list[Queue], writes: frozenset[int]) -> list[Problem]:
    """What has to be there before anything else can be looked at. `writes`: the companies the client writes for."""
    company = form.get("company")
    company_ok = _whole(company) in writes if company or len(writes) > 1 else True
    queue_id = _whole(form.get("queue"))
    missing = [] if company_ok else [Problem("company", "empty")]
    missing += [] if queue_id else [Problem("queue", "empty")]
    if queue_id and queue_id not in {queue.pk for queue in queues}:  # absent and not for clients look the same
        missing.append(Problem("queue", "unknown_queue"))
    missing += [] if form.get("subject").strip() else [Problem("subject", "empty")]
    has_files = form.staged or any(problem.field == "attachments" for problem in form.problems)
    return missing + ([Problem("body", "empty")] if form.body.is_empty and not has_files else [])


def _send(request: ClientRequest, form: Form) -> HttpResponse:
    queue_id, priority = _whole(form.get("queue")), _whole(form.get("priority", "3"))
    attachments = uploads.to_attach(request.actor, form.key, form.tokens)
    with db.entry():
        article = open_ticket(
            by=request.actor, queue_id=queue_id, subject=form.get("subject"), body=form.body, priority=priority,
            company_id=_whole(form.get("company")) or None,
            values={n.removeprefix("field_"): v for n, v in form.typed.items() if n.startswith("field_")},
            attachments=attachments, once=form.key, again=form.again,
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


def _whole(text: str) -> int:
    """A number somebody posted; 0 for anything that is none, which no row has."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _show(
    request: ClientRequest, form: Form, queues: list[Queue], *, status: int = 200, clash: str = ""
) -> HttpResponse:
    queue = next((q for q in queues if str(q.pk) == form.get("queue")), None)
    names = {
        1: "",
        **{p.rank: p.name_ru if get_language() == "ru" else p.name_en for p in queries.priorities(request.actor)},
    }
    context = {
        "form": form,
        "clash": clash,
        "companies": _companies(access_of(request.actor)),
        "summary": summary(form),
        "queue_options": [(str(q.pk), q.name(get_language() or "ru")) for q in queues],
        "max_mb": settings.MAX_FILE_MB,
        "priorities": [(rank, names[rank]) for rank in sorted(names) if rank >= 2],
        "writer": stash.writer_mark(request.user.pk),
        "keep": f"new:{request.user.pk}",
        **_guide(form, queue),
    }
    return page(request, "portal/new.html", context, tab="new", status=status)


def _companies(access: Access) -> list[tuple[str, str]]:
    """Whom a client of several companies can write for; empty where there is nothing to choose."""
    found = [(str(key), name) for key, name in access.named_companies if key in access.writes]
    return found if len(found) > 1 else []


def _guide(form: Form, queue: Queue | None) -> dict[str, Any]:
    """The chosen queue's purpose, advice and own fields."""
    language = get_language() or "ru"
    return {
        "form": form,
        "errors": errors(form),
        "queue_key": queue.key if queue else "",
        "purpose": getattr(queue, f"purpose_{language}") if queue else "",
        "advice": getattr(queue, f"guidance_{language}") if queue else [],
        "fields": [_field(f, language, form.get(f"field_{f.key}")) for f in intake.of_queue(queue)] if queue else [],
    }


def _field(field: IntakeField, language: str, value: str) -> dict[str, Any]:
    place = 1 if language == "ru" else 2
    options = [(choice[0], choice[place]) for choice in field.choices]
    if field.kind == "month":
        options = _months(language, value)
    return {
        "name": f"field_{field.key}",
        "kind": "choice" if field.kind == "month" else field.kind,
        "label": getattr(field, f"label_{language}"),
        "help": getattr(field, f"help_{language}"),
        "required": field.required,
        "options": [("", _("not chosen")), *options],
    }


def _months(language: str, value: str) -> list[tuple[str, str]]:
    """The next month and the two years before it, newest first; and the one that was typed."""
    today = clock.now().astimezone(get_current_timezone()).date()
    first = [date(today.year + (today.month - back) // 12, (today.month - back) % 12 + 1, 1) for back in range(25)]
    months = [(f"{day:%Y-%m}", str(format_date(day, "LLLL y", locale=language))) for day in first]
    return months if not value or value in dict(months) else [(value, value), *months]


def errors(form: Form) -> dict[str, str]:
    """The sentence at each field, as a client reads it."""
    found = form.errors
    return found | {"company": _("Choose the company you are writing for")} if "company" in found else found


def summary(form: Form) -> list[tuple[str, str]]:
    """The list above a refused form: field's id and what to do, in the order of the page."""
    order = [
        "company",
        "queue",
        "subject",
        *(n for n in form.typed if n.startswith("field_")),
        "body",
        "attachments",
        "priority",
    ]
    places = {name: place for place, name in enumerate(order)}
    return sorted(errors(form).items(), key=lambda error: places.get(error[0], len(order)))


@require_safe
@client_page
def fields(request: ClientRequest) -> HttpResponse:
    """The part of the form that depends on the queue, for the moment when another one is chosen."""
    queues = queries.queues_for_client(request.actor)
    queue = next((q for q in queues if str(q.pk) == request.GET.get("queue")), None)
    form = Form(key="", typed={n: str(v) for n, v in request.GET.items() if n.startswith("field_")})
    return render(request, "portal/new_fields.html", _guide(form, queue))

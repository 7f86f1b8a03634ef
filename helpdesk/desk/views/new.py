"""A request on behalf of a client: who calls, then what about."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import db
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses, clients, shell
from helpdesk.desk.clients import Client
from helpdesk.desk.views.base import actor_of, front, page, person_of, way_back
from helpdesk.fronts import form as forms
from helpdesk.fronts import intake
from helpdesk.fronts.form import Form
from helpdesk.tickets import pages, queries, uploads
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import open_ticket
from helpdesk.tickets.actions.base import FILES_LIMIT
from helpdesk.tickets.actions.open_ticket import accepted
from helpdesk.tickets.models import Channel, Queue, Right
from helpdesk.tickets.words import refusal_text
from helpdesk.web import formats, stash

CHANNELS = (Channel.PHONE, Channel.MAIL, Channel.WEB)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def new(request: HttpRequest) -> HttpResponse:
    """Without `client` the search for one; with it the form, and its sending."""
    actor = actor_of(request)
    if not access_of(actor).queues_with(Right.CREATE):
        raise NotAllowed("open")
    if request.method != "POST":
        client = clients.one(forms.number(request.GET.get("client", "")))
        if client is None:
            return _choose(request)
        start = {"priority": "3", "channel": "phone", "queue": request.GET.get("queue", "")}
        start |= _copied(actor, request.GET.get("copy", ""), queries.queues_with(actor, Right.CREATE))
        return _show(request, forms.empty(request, **start), client)
    form = forms.posted(request, actor)
    client = clients.one(forms.number(form.get("client")))
    if client is None:
        return _choose(request, error=_("Choose the client from the list"), status=422)
    queues = queries.queues_with(actor, Right.CREATE)
    if forms.only_changes_the_form(request):
        intake.go_instead(form, queues)
        return _show(request, form, client, status=422 if form.problems else 200)
    form.problems.extend(_gaps(form, next((queue for queue in queues if str(queue.pk) == form.get("queue")), None)))
    if not form.problems:
        try:
            return _send(request, form, client)
        except Invalid as refusal:
            form.problems.extend(refusal.problems)
        except Conflict as clash:
            (forms.ask_again if clash.code == "sent_already" else forms.renew)(form, actor)
            return _show(request, form, client, status=409, clash=refusal_text(clash))
    return _show(request, form, client, status=422)


def _copied(actor: Actor, number: str, queues: Sequence[Queue]) -> dict[str, str]:
    """What stands in a new request that begins as a copy of a visible one: all but its files and its answers."""
    try:
        old = pages.for_page(actor, number) if number else None
    except NotFound:
        old = None
    if old is None:
        return {}
    fields = {
        f"field_{key}": str(one["value"]) for key, one in old.fields.items()
        if isinstance(one.get("value"), str | int) and not isinstance(one.get("value"), bool)
    }  # fmt: skip
    return fields | {
        "subject": old.subject, "body": pages.first_words(old), "priority": str(old.priority_id),
        "queue": str(old.queue_id) if any(row.pk == old.queue_id for row in queues) else "",
        "category": str(old.category_id or ""), "company": str(old.company_id or ""), "channel": "web",
    }  # fmt: skip


def _choose(request: HttpRequest, *, error: str = "", status: int = 200) -> HttpResponse:
    words = one_line(request.GET.get("find", ""), clients.WORDS_LIMIT)
    found, more = clients.find(words)
    context = {
        "words": words,
        "found": [(client, addresses.query(addresses.NEW, client=client.id)) for client in found],
        "more": more,
        "error": error,
    }
    return page(request, "desk/new_client.html", context, place="new", status=status)


def _send(request: HttpRequest, form: Form, client: Client) -> HttpResponse:
    actor = actor_of(request)
    channel = form.get("channel")
    by = Actor(actor.person_id, Cause.PHONE, actor.known) if channel == "phone" else actor
    chosen = next((q for q in queries.queues_with(actor, Right.CREATE) if str(q.pk) == form.get("queue")), None)
    attachments = uploads.to_attach(actor, form.key, form.tokens, within=form.body.html)
    with intake.nothing_left(form, chosen, queries.queues_once_offered(actor), shell.language()), db.entry():
        article = open_ticket(
            by=by, queue_id=forms.number(form.get("queue")) or 0, subject=form.get("subject"), body=form.body,
            author_id=client.id, company_id=forms.number(form.get("company")),
            priority=forms.number(form.get("priority", "3")) or 0, category_id=forms.number(form.get("category")),
            values=form.values, attachments=attachments,
            channel=Channel(channel) if channel in CHANNELS else Channel.WEB, once=form.key, again=form.again,
        )  # fmt: skip
        # its files stay under its key until they are collected: should this answer be lost, the very same comes again
    number = article.ticket.number
    to = way_back(actor, number)
    said = (
        _("Request No. %(number)s has been created.")
        if to != addresses.HOME
        else _("Request No. %(number)s has been created. You cannot open it: you may not read in its queue.")
    )
    messages.success(
        request, said % {"number": formats.number_ticket(number)}, extra_tags=f"keep-clear:{_keep(request)}"
    )
    return forms.sent(request, to)


def _gaps(form: Form, queue: Queue | None) -> list[Problem]:
    """All that is wrong with what is typed at once, not one after another."""
    wrong = [] if forms.number(form.get("queue")) else [Problem("queue", "empty")]
    try:
        accepted(queue, form.get("subject"), form.body, form.values, form.attached)
    except Invalid as refusal:
        has_files = form.staged or any(problem.field == "attachments" for problem in form.problems)
        wrong += [
            problem
            for problem in refusal.problems
            if not has_files or (problem.field, problem.code) != ("body", "empty")
        ]
    return wrong


def _errors(form: Form, own_fields: Sequence[str]) -> dict[str, str]:
    """The sentence at each field, in the order of the fields; a recipient is called a queue here."""
    of_queue = {"empty": _("Choose the queue"), "unknown_queue": _("This queue is not open to you: choose another")}
    found = form.errors
    for problem in form.problems:
        if problem.field == "queue" and problem.code in of_queue:
            found["queue"] = of_queue[problem.code]
    order = ["company", "queue", *own_fields, "subject", "body", "attachments", "priority", "category", "channel"]
    return {name: found[name] for name in [*order, *found] if name in found}


def _keep(request: HttpRequest) -> str:
    return f"desk-new:{person_of(request).pk}"


def _show(request: HttpRequest, form: Form, client: Client, *, status: int = 200, clash: str = "") -> HttpResponse:
    language = shell.language()
    actor = actor_of(request)
    queues = queries.queues_with(actor, Right.CREATE)
    queue = next((q for q in queues if str(q.pk) == form.get("queue")), None)
    around = _intake(form, queue, queues, language)
    errors = _errors(form, [field.name for field in around["fields"]])
    context = {
        "summary": list(intake.named(errors, around["fields"]).items()),
        "clash": clash,
        "client": client,
        "companies": [(str(pk), name) for pk, name in client.companies],
        "queues": [("", _("Choose the queue")), *((str(q.pk), q.name(language)) for q in queues)],
        "priorities": [(p.rank, p.name_ru if language == "ru" else p.name_en) for p in queries.priorities(actor)],
        "categories": [("", _("none")), *((str(c.pk), c.name(language)) for c in queries.categories(actor))],
        "channels": [("phone", _("by phone")), ("mail", _("by mail")), ("web", _("otherwise"))],
        "writer": stash.writer_mark(person_of(request).pk),
        "keep": _keep(request),
        "fields_url": addresses.NEW_FIELDS,
        "besides": intake.besides(around["fields"], form),
        "files": intake.general_files(around["fields"], form),
        "along": intake.along(form, queue, queues, language) if queue and form.values else [],
        "words": intake.words(queues, language),
        **around,
        "errors": errors,
    }
    return page(request, "desk/new.html", context, place="new", status=status)


def _intake(form: Form, queue: Queue | None, queues: list[Queue], language: str) -> dict[str, Any]:
    """The chosen queue's purpose and own fields."""
    return {
        "form": form,
        "errors": form.errors,
        "purpose": getattr(queue, f"purpose_{language}") if queue else "",
        "fields": intake.asked(queue, form, language, queues),
        "upload_url": addresses.query(addresses.UPLOADS, form_key=form.key),
        "max_mb": settings.MAX_FILE_MB,
        "post_mb": settings.MAX_POST_MB,
        "all_mb": settings.MAX_FILE_MB * FILES_LIMIT,
    }


@require_safe
@front
def fields(request: HttpRequest) -> HttpResponse:
    """The part of the form that depends on the queue, for when another one is chosen; empty as the portal's."""
    queues = queries.queues_with(actor_of(request), Right.CREATE)
    queue = next((q for q in queues if str(q.pk) == request.GET.get("queue")), None)
    form = Form(key=forms.key_of(request.GET.get("form_key", "")))
    return render(request, "desk/parts/intake.html", _intake(form, queue, queues, shell.language()))

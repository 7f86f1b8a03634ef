"""Signatures of letters: the screens of those who look after them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Invalid, NotFound, in_page_order
from helpdesk.desk import addresses, ready
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import checklist, signature
from helpdesk.tickets.actions.signature import Typed
from helpdesk.tickets.models import Right, Signature

FIELDS = ("queue", "text_ru", "text_en")


@require_safe
@front
def index(request: HttpRequest) -> HttpResponse:
    """`/desk/signatures/`: those that the reader looks after."""
    actor = actor_of(request)
    policies.require(checklist.may_put_any(actor), "signature")
    rows = [
        (row.queue.name(language()) if row.queue else _("all queues"), row.text_ru, f"{addresses.SIGNATURES}{row.pk}/")
        for row in signature.signatures_of(actor)
    ]
    return page(request, "desk/signatures.html", {"rows": rows}, place="more")


@require_http_methods(["GET", "HEAD", "POST"])
@front
def new(request: HttpRequest) -> HttpResponse:
    """`/desk/signatures/new/`: a new one."""
    policies.require(checklist.may_put_any(actor_of(request)), "signature")
    if request.method != "POST":
        return _show(request, Form(key=""), None)
    return _put(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def one(request: HttpRequest, signature_id: str) -> HttpResponse:
    """`/desk/signatures/ID/`: one, to be changed, or taken away (`do=drop`)."""
    actor, wanted = actor_of(request), forms.number(signature_id)
    found = next((row for row in signature.signatures_of(actor) if row.pk == wanted), None)
    if found is None:
        raise NotFound
    if request.method != "POST":
        start = {"queue": str(found.queue_id or ""), "text_ru": found.text_ru, "text_en": found.text_en}
        return _show(request, Form(key="", typed=start), found)
    if request.POST.get("do") != "drop":
        return _put(request, found)
    with db.entry():
        signature.drop_signature(found.pk, by=actor)
    messages.success(request, _("Letters end without it now."))
    return HttpResponseRedirect(addresses.SIGNATURES)


def _put(request: HttpRequest, found: Signature | None) -> HttpResponse:
    form = Form(key="", typed=forms.single(request.POST.lists()))
    queue_id = forms.number(form.get("queue")) if form.get("queue") else None
    typed = Typed(queue_id, form.get("text_ru"), form.get("text_en"))
    try:
        with db.entry():
            signature.put_signature(found.pk if found else None, by=actor_of(request), typed=typed)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _show(request, form, found, status=422)
    messages.success(request, _("The signature has been saved."))
    return HttpResponseRedirect(addresses.SIGNATURES)


def _show(request: HttpRequest, form: Form, found: Signature | None, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    queues = [(str(row.pk), row.name(language())) for row in queries.queues_with(actor, Right.FULL)]
    if policies.may_put_template(access_of(actor), None):
        queues.insert(0, ("", _("all queues")))
    context = {
        "found": found, "form": form, "errors": form.errors, "queues": queues,
        "summary": in_page_order(form.errors, *FIELDS), "variables": ready.meanings(), "back": addresses.SIGNATURES,
    }  # fmt: skip
    return page(request, "desk/signature.html", context, place="more", status=status)

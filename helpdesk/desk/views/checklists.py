"""Ready checklists: who has all rights in a queue looks after those of it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock, db
from helpdesk.core.errors import Invalid, NotFound, in_page_order
from helpdesk.desk import addresses
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import checklist
from helpdesk.tickets.models import ChecklistTemplate, Right


@require_safe
@front
def index(request: HttpRequest) -> HttpResponse:
    """`/desk/checklists/`: those that the reader looks after."""
    actor = actor_of(request)
    policies.require(checklist.may_put_any(actor), "template")
    rows = [
        (row, row.queue.name(language()) if row.queue else _("all queues"), f"{addresses.CHECKLISTS}{row.pk}/")
        for row in checklist.templates_of(actor)
    ]
    return page(request, "desk/checklists.html", {"rows": rows}, place="more")


@require_http_methods(["GET", "HEAD", "POST"])
@front
def new(request: HttpRequest) -> HttpResponse:
    """`/desk/checklists/new/`: a new one."""
    policies.require(checklist.may_put_any(actor_of(request)), "template")
    if request.method != "POST":
        return _show(request, Form(key=""), None)
    return _put(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def one(request: HttpRequest, template_id: str) -> HttpResponse:
    """`/desk/checklists/ID/`: one, to be changed, or offered no longer (`do=off`) or again (`do=on`)."""
    actor, wanted = actor_of(request), forms.number(template_id)
    found = next((row for row in checklist.templates_of(actor) if row.pk == wanted), None)
    if found is None:
        raise NotFound
    if request.method != "POST":
        start = {"name": found.name, "queue": str(found.queue_id or ""), "items": "\n".join(found.items)}
        return _show(request, Form(key="", typed=start), found)
    if (do := request.POST.get("do", "")) in {"on", "off"}:
        with db.entry():
            checklist.switch_template(found.pk, by=actor, on=do == "on", at=clock.now())
        messages.success(request, _("The checklist is offered again.") if do == "on" else _("It is offered no longer."))
        return HttpResponseRedirect(addresses.CHECKLISTS)
    return _put(request, found)


def _put(request: HttpRequest, found: ChecklistTemplate | None) -> HttpResponse:
    form = Form(key="", typed={name: str(value) for name, value in request.POST.items()})
    queue_id = forms.number(form.get("queue")) if form.get("queue") else None
    try:
        with db.entry():
            checklist.put_template(
                found.pk if found else None, by=actor_of(request), name=form.get("name"), queue_id=queue_id,
                items=form.get("items").splitlines(),
            )  # fmt: skip
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _show(request, form, found, status=422)
    messages.success(request, _("The checklist has been saved."))
    return HttpResponseRedirect(addresses.CHECKLISTS)


def _show(request: HttpRequest, form: Form, found: ChecklistTemplate | None, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    queues = [(str(row.pk), row.name(language())) for row in queries.queues_with(actor, Right.FULL)]
    if policies.may_put_template(access_of(actor), None):
        queues.insert(0, ("", _("all queues")))
    context = {
        "found": found, "form": form, "errors": form.errors,
        "summary": in_page_order(form.errors, "name", "queue", "items"), "queues": queues,
        "back": addresses.CHECKLISTS,
    }  # fmt: skip
    return page(request, "desk/checklist.html", context, place="more", status=status)

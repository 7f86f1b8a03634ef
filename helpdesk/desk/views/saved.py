"""Keeping a list under a name, sharing it, taking it away."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import db
from helpdesk.core.errors import Invalid, NotFound
from helpdesk.desk import addresses, neighbours
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import actor_of, front, page, person_of
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import actions
from helpdesk.tickets.access import View, access_of
from helpdesk.tickets.actions.save_view import EVERYBODY
from helpdesk.tickets.models import SavedView

VIEWS = addresses.VIEWS


@front
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/desk/views/`: the lists that one has kept, and those that others share."""
    views = access_of(actor_of(request)).saved_views
    lines = [(view, addresses.of_view(view.query), f"{VIEWS}{view.id}/") for view in views]
    return page(request, "desk/views.html", {"lines": lines}, place="more")


@front
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`list`: the address of a list; a POST of `name` and `share` keeps it."""
    given = request.POST if request.method == "POST" else request.GET
    address = neighbours.list_address(given.get("list", ""))
    if "?" not in address:
        raise NotFound
    query = addresses.to_keep(address)
    if request.method != "POST":
        return _form(request, Form(key=""), address=address)
    form = Form(key="", typed=forms.single(request.POST.lists()))
    try:
        with db.entry():
            actions.save_view(
                None, by=actor_of(request), name=form.get("name"), query=query, share=form.get("share")
            )  # fmt: skip
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _form(request, form, address=address, status=422)
    messages.success(request, _("The list is kept: it stands in the rail."))
    return HttpResponseRedirect(address)


@front
@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, view_id: int) -> HttpResponse:
    """One's own list: a POST of `name` and `share` changes it, `drop` takes it away."""
    actor = actor_of(request)
    view = next((view for view in access_of(actor).saved_views if view.id == view_id and view.is_own), None)
    if view is None:
        raise NotFound
    address = addresses.of_view(view.query)
    if request.method != "POST":
        return _form(request, Form(key="", typed=_stands(view)), address=address, view=view)
    form = Form(key="", typed=forms.single(request.POST.lists()))
    try:
        with db.entry():
            if form.get("drop"):
                actions.drop_view(view_id, by=actor)
            else:
                actions.save_view(view_id, by=actor, name=form.get("name"), share=form.get("share"))
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _form(request, form, address=address, view=view, status=422)
    messages.success(request, _("The list is deleted.") if form.get("drop") else _("The list is changed."))
    return HttpResponseRedirect(VIEWS)


def _stands(view: View) -> dict[str, str]:
    row = SavedView.objects.get(pk=view.id)
    return {"name": row.name, "share": EVERYBODY if row.is_shared else str(row.role_id or "")}


def _shares(request: HttpRequest) -> Sequence[tuple[str, str]]:
    roles = person_of(request).roles.filter(inactive_at=None).order_by("pk")
    named = [(str(role.pk), role.name_ru if language() == "ru" else role.name_en) for role in roles]
    return [("", _("nobody, it is mine")), (EVERYBODY, _("all specialists")), *named]


def _form(
    request: HttpRequest, form: Form, *, address: str, view: View | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "shares": _shares(request),
        "list": address,
        "view": view,
        "action": f"{VIEWS}{view.id}/" if view else addresses.VIEWS_NEW,
    }
    return page(request, "desk/view.html", context, place="more", status=status)

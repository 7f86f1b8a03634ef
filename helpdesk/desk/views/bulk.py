"""One act upon many requests: chosen rows of a list or all that it holds, with progress and the way back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from helpdesk.core import clock
from helpdesk.core.errors import NotFound
from helpdesk.core.text.safe import storable
from helpdesk.desk import addresses, bulk, filters, found, neighbours, shell
from helpdesk.desk.views.base import actor_of, front, page
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import many
from helpdesk.tickets.actions.bulk import AT_ONCE, MOST, begin, take_back

SHOWN = 10  # of the chosen ones, by name
CHOSEN_LIMIT = 200  # rows that are ticked one by one


@front
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """`ticket`: numbers, or `all` of the list at the address `list`; `do`: a verb. Asks what the verb needs (`value`,
    `body`, `until`, `why`), and with `go` does it."""
    actor = actor_of(request)
    verb = bulk.verb_of(request.POST.get("do", ""))
    ids = _chosen(request)
    back = neighbours.list_address(request.POST.get("list", "")) or addresses.LIST
    if not ids:
        messages.warning(request, _("Choose requests first: tick them in the list."))
        return HttpResponseRedirect(back)
    key = forms.key_of(request.POST.get("form_key", "")) or forms.fresh_key()
    form = Form(key=key, typed=forms.single(request.POST.lists()))
    if verb.code in bulk.AT_ONCE:
        return _done(request, begin(verb.code, ids, by=actor, values={}, key=key, back=back).pk, back)
    if not form.get("go"):
        return _ask(request, verb, ids, back, Form(key=forms.fresh_key()))
    values = bulk.values(verb.code, form, actor)
    if form.problems:
        return _ask(request, verb, ids, back, form, status=422)
    return _done(request, begin(verb.code, ids, by=actor, values=values, key=key, back=back).pk, back)


def _chosen(request: HttpRequest) -> list[int]:
    """The ids of the requests that are meant, as far as their chooser sees them."""
    actor = actor_of(request)
    if request.POST.get("all") != "1":
        numbers = request.POST.getlist("ticket")[:CHOSEN_LIMIT]
        return [one.id for one in many.of_numbers(actor, numbers)]
    address = neighbours.list_address(request.POST.get("list", ""))
    if not address:
        return []
    path, values = neighbours.parts(address)
    wanted, now = filters.read(values, path=path), clock.now()
    known = shell.figures(actor, at=now)
    if wanted.queue is not None and known.queue(wanted.queue) is None:
        return []
    conditions = filters.conditions(wanted, known)
    if not found.serves(wanted):
        return many.of_list(actor, conditions, at=now, limit=MOST + 1)
    return found.ids(wanted, actor, known, now=now, limit=MOST + 1)


def _ask(
    request: HttpRequest, verb: bulk.Verb, ids: list[int], back: str, form: Form, *, status: int = 200
) -> HttpResponse:
    actor = actor_of(request)
    is_all = request.POST.get("all") == "1"
    numbers = [] if is_all else [storable(text)[:50] for text in request.POST.getlist("ticket")[:CHOSEN_LIMIT]]
    context: dict[str, Any] = {
        "verb": verb,
        "count": min(len(ids), MOST),
        "over": MOST if len(ids) > MOST else 0,
        "meant": many.of_ids(actor, ids[:SHOWN]),
        "all": is_all,
        "numbers": numbers,
        "list": back,
        "options": bulk.options(verb.code, actor),
        "form": form,
        "error": form.errors.get("value") or form.errors.get("to") or "",
    }
    return page(request, "desk/bulk.html", context, place="", status=status)


def _done(request: HttpRequest, act_id: int, back: str) -> HttpResponse:
    """Back to the list where all has been done; else to the page of the act."""
    progress = many.progress(actor_of(request), act_id)
    if progress is None or not progress.is_over or progress.left or progress.is_undone:
        return HttpResponseRedirect(addresses.of_bulk(act_id))
    tags = f"bulk:{act_id}" if progress.undoable and bulk.is_undoable(progress.verb) else ""
    messages.success(request, bulk.said(progress), extra_tags=tags)
    return HttpResponseRedirect(back)


@front
@require_safe
def shown(request: HttpRequest, act_id: int) -> HttpResponse:
    """How far an act has come, what was refused and why, and the way back; comes anew by itself until it is over."""
    progress = many.progress(actor_of(request), act_id)
    if progress is None:
        raise NotFound
    context = {
        "progress": progress,
        "verb": bulk.verb_of(progress.verb),
        "said": bulk.said(progress),
        "back": progress.back or addresses.LIST,
        "may_undo": not progress.is_undone and progress.undoable > 0 and bulk.is_undoable(progress.verb),
        "more": progress.left - len(progress.refused),
    }
    response = page(request, "desk/bulk_done.html", context, place="")
    if not progress.is_over:
        response.headers["Refresh"] = "2"
    return response


@front
@require_POST
def undo(request: HttpRequest, act_id: int) -> HttpResponse:
    """Take an act back, as far as nothing newer stands over it."""
    actor = actor_of(request)
    before = many.progress(actor, act_id)
    take_back(act_id, by=actor)
    after = many.progress(actor, act_id)
    if before is None or after is None or after.left or not after.is_over or before.all > AT_ONCE:
        return HttpResponseRedirect(addresses.of_bulk(act_id))
    messages.success(request, _("Undone."))
    return HttpResponseRedirect(after.back or addresses.LIST)

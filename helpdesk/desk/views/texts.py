"""Ready texts: the screens of those who look after them, and the choice beside what is being written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.core import clock, db
from helpdesk.core.errors import Invalid, NotFound, in_page_order
from helpdesk.desk import addresses, ready
from helpdesk.desk.shell import language
from helpdesk.desk.views.base import UNSTORED, actor_of, front, page
from helpdesk.desk.views.ticket import show
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form
from helpdesk.tickets import policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import checklist, ready_text
from helpdesk.tickets.actions.ready_text import Typed
from helpdesk.tickets.models import ReadyText, Right
from helpdesk.web import kept

NOT_CARRIED = frozenset({"csrfmiddlewaretoken", "text", "form_key"})
FIELDS = ("name", "shortcut", "queue", "text_ru", "text_en")


@require_safe
@front
def index(request: HttpRequest) -> HttpResponse:
    """`/desk/texts/`: those that the reader looks after."""
    actor = actor_of(request)
    policies.require(checklist.may_put_any(actor), "ready_text")
    rows = [
        (row, row.queue.name(language()) if row.queue else _("all queues"), f"{addresses.TEXTS}{row.pk}/")
        for row in ready_text.texts_of(actor)
    ]
    return page(request, "desk/texts.html", {"rows": rows}, place="more")


@require_http_methods(["GET", "HEAD", "POST"])
@front
def new(request: HttpRequest) -> HttpResponse:
    """`/desk/texts/new/`: a new one."""
    policies.require(checklist.may_put_any(actor_of(request)), "ready_text")
    if request.method != "POST":
        return _show(request, Form(key=""), None)
    return _put(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def one(request: HttpRequest, text_id: str) -> HttpResponse:
    """`/desk/texts/ID/`: one, to be changed, or offered no longer (`do=off`) or again (`do=on`)."""
    actor, wanted = actor_of(request), forms.number(text_id)
    found = next((row for row in ready_text.texts_of(actor) if row.pk == wanted), None)
    if found is None:
        raise NotFound
    start = {name: str(getattr(found, name)) for name in FIELDS if name != "queue"} | {
        "queue": str(found.queue_id or "")
    }
    if request.method != "POST":
        return _show(request, Form(key="", typed=start), found)
    do = request.POST.get("do", "")
    if do not in {"on", "off"}:
        return _put(request, found)
    try:
        with db.entry():
            ready_text.switch_text(found.pk, by=actor, on=do == "on", at=clock.now())
    except Invalid as refusal:
        form = Form(key="", typed=start)
        form.problems.extend(refusal.problems)
        return _show(request, form, found, status=422)
    messages.success(request, _("The text is offered again.") if do == "on" else _("It is offered no longer."))
    return HttpResponseRedirect(addresses.TEXTS)


def _put(request: HttpRequest, found: ReadyText | None) -> HttpResponse:
    form = Form(key="", typed=forms.single(request.POST.lists()))
    typed = Typed(
        form.get("name"), form.get("shortcut"), forms.number(form.get("queue")) if form.get("queue") else None,
        form.get("text_ru"), form.get("text_en"),
    )  # fmt: skip
    try:
        with db.entry():
            ready_text.put_text(found.pk if found else None, by=actor_of(request), typed=typed)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _show(request, form, found, status=422)
    messages.success(request, _("The text has been saved."))
    return HttpResponseRedirect(addresses.TEXTS)


def _show(request: HttpRequest, form: Form, found: ReadyText | None, *, status: int = 200) -> HttpResponse:
    actor = actor_of(request)
    queues = [(str(row.pk), row.name(language())) for row in queries.queues_with(actor, Right.FULL)]
    if policies.may_put_template(access_of(actor), None):
        queues.insert(0, ("", _("all queues")))
    context = {
        "found": found, "form": form, "errors": form.errors, "queues": queues,
        "summary": in_page_order(form.errors, *FIELDS), "variables": ready.meanings(), "back": addresses.TEXTS,
    }  # fmt: skip
    return page(request, "desk/text.html", context, place="more", status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@front
def of_ticket(request: HttpRequest, number: str) -> HttpResponse:
    """The ready texts of a request, filled in. A GET is the list that a script shows; a POST of the answer box is a
    page to choose on, and with `text` the request's page with that text below what was typed. Nothing is sent."""
    texts = ready.of_ticket(actor_of(request), number, at=clock.now())
    if request.method != "POST":
        answer = HttpResponse(str(kept.macro("desk/parts/texts.html", "texts", texts)))
        answer.headers["Cache-Control"] = UNSTORED
        return answer
    form = forms.posted(request, actor_of(request))  # files that were chosen stay with the form
    if form.get("text") == "none":
        return show(request, number, form)
    chosen = next((one for one in texts if str(one.id) == form.get("text")), None)
    if chosen is None:
        carried = [(name, value) for name, value in form.typed.items() if name not in NOT_CARRIED]
        context = {
            "texts": texts, "typed": [*carried, ("form_key", form.key)], "number": number,
            "back": addresses.of_ticket(number),
        }  # fmt: skip
        return page(request, "desk/choose_text.html", context, place="more")
    form.typed["body"] = ready.joined(form.get("body"), chosen.text, is_html=form.get("body_format") == "html")
    return show(request, number, form)

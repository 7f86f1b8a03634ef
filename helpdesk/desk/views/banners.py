"""Notices of the support service above the clients' pages: an administrator's list, the form, its preview."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from markupsafe import Markup

from helpdesk.core import clock, db
from helpdesk.core.errors import Conflict, Invalid
from helpdesk.core.text.sanitise import from_plain
from helpdesk.desk import addresses
from helpdesk.desk.views.base import actor_of, administrators, page
from helpdesk.fronts import form as forms
from helpdesk.fronts.form import Form, number
from helpdesk.notices import banners, shown
from helpdesk.notices.banners import Wording
from helpdesk.notices.models import Banner, BannerChange
from helpdesk.tickets.words import problem_text
from helpdesk.web.jinja import date_text

SHOWN = 50
FIELDS = ("kind", "title_ru", "text_ru", "title_en", "text_en", "starts_at", "ends_at")
USUAL = timedelta(days=1)  # how long a notice is offered to stand


@dataclass(frozen=True, slots=True)
class Line:
    """A banner in the list: where its page is, and whether its time is on, to come or over."""

    href: str
    title: str
    kind: str
    look: str
    state: str
    starts_at: datetime
    ends_at: datetime


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """`/desk/admin/banners/`: those that end last first; `?before=ID` those below one."""
    rows = shown.of_everybody()
    before = number(request.GET.get("before", ""))
    if before is not None:
        rows = shown.below(before)
    found, now = list(rows[: SHOWN + 1]), clock.now()
    context = {
        "lines": [_line(one, now) for one in found[:SHOWN]],
        "more": addresses.query(addresses.BANNERS, before=found[SHOWN - 1].pk) if len(found) > SHOWN else "",
        "new": f"{addresses.BANNERS}new/",
        "back": addresses.ADMIN,
    }
    return page(request, "desk/banners.html", context, place="admin")


def _line(one: Banner, now: datetime) -> Line:
    if one.ends_at <= now:
        look, state = "closed", _("over")
    elif one.starts_at > now:
        look, state = "reminder", _("to come")
    else:
        look, state = "open", _("shown now")
    return Line(
        f"{addresses.BANNERS}{one.pk}/", one.title_ru, kinds()[one.kind], look, state, one.starts_at, one.ends_at
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest) -> HttpResponse:
    """`/desk/admin/banners/new/`: the form, its preview, and the writing of a notice."""
    if request.method != "POST":
        now = clock.now()
        return _show(request, forms.empty(request, kind="info", starts_at=_local(now), ends_at=_local(now + USUAL)))
    form = _posted(request)
    wording = _wording(form)
    if form.get("do") == "preview" or form.problems:
        return _checked(request, form, wording)
    try:
        with db.entry():
            banners.announce(wording, by=actor_of(request), key=form.key)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _show(request, form, status=422)
    messages.success(request, _("The notice is written."))
    return HttpResponseRedirect(addresses.BANNERS)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def one(request: HttpRequest, banner_id: str) -> HttpResponse:
    """`/desk/admin/banners/ID/`: one notice, to be changed or ended (`do=end`), with what was done to it."""
    found = Banner.objects.filter(pk=number(banner_id) or 0).first()
    if found is None:
        raise Http404
    if request.method != "POST":
        return _show(request, forms.empty(request, **_stored(found)), found)
    form = _posted(request)
    if form.get("do") == "end":
        with db.entry():
            done = banners.end(found.pk, by=actor_of(request))
        messages.success(request, _("The notice is no longer shown.") if done else _("The notice was over already."))
        return HttpResponseRedirect(addresses.BANNERS)
    wording = _wording(form)
    if form.get("do") == "preview" or form.problems:
        return _checked(request, form, wording, found)
    return _change(request, form, wording, found)


def _change(request: HttpRequest, form: Form, wording: Wording, found: Banner) -> HttpResponse:
    try:
        with db.entry():
            done = banners.change(found.pk, wording, by=actor_of(request), seen=form.seen)
    except Invalid as refusal:
        form.problems.extend(refusal.problems)
        return _show(request, form, found, status=422)
    except Conflict:
        found.refresh_from_db()
        clash = _("Somebody else has just changed this notice: see below what was done. Save once more to put yours.")
        form.typed["seen"] = str(found.version)
        return _show(request, form, found, status=409, clash=clash)
    messages.success(request, _("The notice is changed.") if done else _("Nothing was changed."))
    return HttpResponseRedirect(addresses.BANNERS)


def _checked(request: HttpRequest, form: Form, wording: Wording, found: Banner | None = None) -> HttpResponse:
    """The form with all that is wrong, or with its preview."""
    try:
        banners.check(wording, at=clock.now(), was=found.ends_at if found else None)
    except Invalid as refusal:
        known = {problem.field for problem in form.problems}
        form.problems.extend(problem for problem in refusal.problems if problem.field not in known)
    return _show(request, form, found, status=422 if form.problems else 200, preview=not form.problems)


def _posted(request: HttpRequest) -> Form:
    key = forms.key_of(request.POST.get("form_key", "")) or forms.fresh_key()
    typed = {name: values for name, values in request.POST.items() if isinstance(values, str)}
    return Form(key=key, typed=typed, is_answer=True)


def _wording(form: Form) -> Wording:
    texts = {name: form.get(name) for name in FIELDS if not name.endswith("_at")}
    return Wording(starts_at=form.moment("starts_at"), ends_at=form.moment("ends_at"), **texts)


def _stored(found: Banner) -> dict[str, str]:
    texts = {name: str(getattr(found, name)) for name in FIELDS if not name.endswith("_at")}
    return {
        **texts, "starts_at": _local(found.starts_at), "ends_at": _local(found.ends_at), "seen": str(found.version)
    }  # fmt: skip


def _local(when: datetime) -> str:
    """As <input type=datetime-local> wants it, in the reader's zone."""
    return f"{timezone.localtime(when):%Y-%m-%dT%H:%M}"


def kinds() -> dict[str, str]:
    """The kinds of a notice in words."""
    return {"info": _("For information"), "warn": _("Warning")}


def _show(
    request: HttpRequest, form: Form, found: Banner | None = None, *, status: int = 200, clash: str = "",
    preview: bool = False,
) -> HttpResponse:  # fmt: skip
    errors = {problem.field: _sentence(problem.field, problem.code) or problem_text(problem)
              for problem in reversed(form.problems)}  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "errors": errors,
        "summary": [(name, errors[name]) for name in FIELDS if name in errors],
        "clash": clash,
        "kinds": list(kinds().items()),
        "preview": _preview(form) if preview else [],
        "found": found,
        "is_over": found is not None and found.ends_at <= clock.now(),
        "changes": _history(found) if found else [],
        "back": addresses.BANNERS,
    }
    return page(request, "desk/banner.html", context, place="admin", status=status)


def _sentence(field: str, code: str) -> str:
    """What these fields have to say for themselves."""
    told = {
        ("title_ru", "empty"): _("Say in one line what it is about"),
        ("starts_at", "empty"): _("Say from when it is shown"),
        ("ends_at", "empty"): _("Say until when it is shown"),
        ("ends_at", "before_start"): _("It would end before it begins: choose a later time"),
        ("ends_at", "has_passed"): _("This time has passed: nobody would see it. Choose a later one"),
    }
    return told.get((field, code), "")


def _preview(form: Form) -> list[tuple[str, str, Markup]]:
    """(language, title, text) as clients will see it."""
    spoken = ["ru"] + (["en"] if form.get("title_en").strip() else [])
    return [
        (code, form.get(f"title_{code}").strip(), Markup(from_plain(form.get(f"text_{code}"))))  # noqa: S704  escaped
        for code in spoken
    ]


def _history(found: Banner) -> list[tuple[str, str, datetime, str]]:
    """(who, what, when, of what) of each change, the newest first."""
    verbs = {"created": _("wrote the notice"), "changed": _("changed the notice"), "ended": _("ended the notice")}
    rows = found.changes.select_related("person").order_by("-at", "-pk")[:SHOWN]
    return [(row.person.name if row.person else "HelpDesk", verbs.get(row.verb, row.verb), row.at, _values(row))
            for row in rows]  # fmt: skip


def _values(row: BannerChange) -> str:
    """«title: old → new» of each column that was changed; of a new notice nothing, since it stands above."""
    if row.verb == "created":
        return ""
    names = {
        "kind": _("Kind"), "title_ru": _("Title"), "text_ru": _("Text"), "title_en": _("Title in English"),
        "text_en": _("Text in English"), "starts_at": _("Shown from"), "ends_at": _("Shown until"),
    }  # fmt: skip
    return "; ".join(
        f"{names.get(name, name)}: {_plain(name, old)} → {_plain(name, new)}" for name, (old, new) in row.values.items()
    )


def _plain(name: str, value: Any) -> str:
    if name.endswith("_at"):
        return date_text(datetime.fromisoformat(str(value)))
    return kinds().get(str(value), str(value)) if name == "kind" else str(value) or "—"

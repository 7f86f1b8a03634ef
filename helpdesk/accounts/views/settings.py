"""One's own settings: who one is, one's addresses, language, time zone, look and letters."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import frames, own, throttle, words, zones
from helpdesk.accounts.access import home_of, signed_in
from helpdesk.accounts.models import Address, AddressClaim, Person
from helpdesk.accounts.names import canonical_address
from helpdesk.core import clock, db
from helpdesk.core.errors import Invalid, NotFound, Problem, in_page_order
from helpdesk.core.text.figures import whole
from helpdesk.core.text.safe import storable

YEAR = 365 * 24 * 3600
LONGEST = 400  # characters of a typed value that comes back to its field
_PROFILE = ("name", "job", "phone")
_LOOK = ("language", "time_zone", "theme", "letters")
_UNSAVED = "settings_unsaved"  # in the session, for the one page that follows


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def settings_page(request: HttpRequest) -> HttpResponse:
    """`/account/settings/`: one form, one «save».

    A POST has all of it (name, job, phone, language, time_zone, theme, letters, address), with `was_…` for what each
    field held when the page was opened, and `do` = save, or add (address), again, drop, primary or remove, the last
    four as «verb:id». These touch addresses alone; what else was typed and not saved stands in the page that follows.
    """
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    if request.method != "POST":
        return _page(request, person, _unsaved(request), {})
    name, _colon, key = request.POST.get("do", "").partition(":")
    verb = _VERBS.get(name)
    if verb is None:
        raise Http404
    sent = {name: storable(str(value))[:LONGEST] for name, value in request.POST.items()}
    typed = _touched(person, sent)
    try:
        return verb(request, person, typed, key)
    except Invalid as refused:
        problems = {problem.field: words.problem_text(problem) for problem in reversed(refused.problems)}
        person.refresh_from_db()
        return _page(request, person, typed, problems)
    except NotFound:
        raise Http404 from None


Typed = dict[str, str]
_Verb = Callable[[HttpRequest, Person, Typed, str], HttpResponse]


def _touched(person: Person, typed: Typed) -> Typed:
    """What was typed; a field that nobody touched holds what stands now, which another window may have changed since
    this page was opened."""
    untouched = [name for name in (*_PROFILE, *_LOOK) if name in typed and typed[name] == typed.get(f"was_{name}")]
    return typed | {name: getattr(person, name) for name in untouched}


def _back(request: HttpRequest, person: Person, typed: Typed) -> HttpResponse:
    """To the page, with what was typed beside the addresses and is not saved."""
    names = (*_PROFILE, *_LOOK, "address")
    fields = {name: typed[name] for name in names if name in typed and typed[name] != getattr(person, name, "")}
    if fields:
        request.session[_UNSAVED] = fields
    return HttpResponseRedirect(f"{reverse('account_settings')}#main")


def _unsaved(request: HttpRequest) -> Typed:
    typed: Typed = request.session.pop(_UNSAVED) if _UNSAVED in request.session else {}
    return typed


def _save(request: HttpRequest, person: Person, typed: Typed, _key: str) -> HttpResponse:
    """All that is typed, or nothing of it. Language and theme from the next page on; this browser keeps them for its
    sign-in page."""
    if typed.get("address", "").strip() and not throttle.allowed(request, "address_check"):
        return _later(request, person, typed)
    with db.entry():
        claim = _saved(person, typed)
    with translation.override(person.language):
        messages.success(request, _("The settings have been saved."))
        if claim is not None:
            _tell_of_letter(request, claim)
    response = HttpResponseRedirect(f"{reverse('account_settings')}#main")
    for name, value in (("language", person.language), ("theme", person.theme)):
        response.set_cookie(name, value, max_age=YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _saved(person: Person, typed: Typed) -> AddressClaim | None:
    """Everything in one transaction; all that is wrong is said at once."""
    problems: list[Problem] = []
    claim = None
    for change in (own.set_profile, own.set_look):
        try:
            change(person, typed)
        except Invalid as refused:
            problems += refused.problems
    if typed.get("address", "").strip():
        try:
            claim = own.claim_address(person, typed["address"])
        except Invalid as refused:
            problems += refused.problems
    if problems:
        raise Invalid(*problems)
    return claim


def _add(request: HttpRequest, person: Person, typed: Typed, _key: str) -> HttpResponse:
    address = typed.get("address", "")
    return _claim(request, person, address, {**typed, "address": ""})


def _again(request: HttpRequest, person: Person, typed: Typed, key: str) -> HttpResponse:
    claim = AddressClaim.objects.filter(pk=whole(key), person=person).first()
    if claim is None:
        raise NotFound
    return _claim(request, person, claim.address, typed)


def _claim(request: HttpRequest, person: Person, address: str, typed: Typed) -> HttpResponse:
    if not throttle.allowed(request, "address_check"):
        return _later(request, person, {**typed, "address": address})
    with db.entry():
        claim = own.claim_address(person, address)
    _tell_of_letter(request, claim)
    return _back(request, person, typed)


def _later(request: HttpRequest, person: Person, typed: Typed) -> HttpResponse:
    """Too many letters went out: nothing is done, nothing typed is lost."""
    seconds = throttle.seconds_left(request, "address_check", "")
    told = ngettext(
        "Too many letters have been sent: try again in %(num)d minute",
        "Too many letters have been sent: try again in %(num)d minutes",
        minutes := -(-seconds // 60),
    ) % {"num": minutes}
    response = _page(request, person, typed, {"address": told}, status=429)
    response.headers["Retry-After"] = str(seconds)
    return response


def _tell_of_letter(request: HttpRequest, claim: AddressClaim) -> None:
    told = _("A letter with a link is on its way to %(address)s. Open the link, and the address works.")
    messages.success(request, told % {"address": claim.address})


def _drop(request: HttpRequest, person: Person, typed: Typed, key: str) -> HttpResponse:
    with db.entry():
        own.drop_claim(person, whole(key))
    messages.success(request, _("The address has been removed."))
    return _back(request, person, typed)


def _remove(request: HttpRequest, person: Person, typed: Typed, key: str) -> HttpResponse:
    with db.entry():
        own.remove_address(person, whole(key))
    messages.success(request, _("The address has been removed."))
    return _back(request, person, typed)


def _primary(request: HttpRequest, person: Person, typed: Typed, key: str) -> HttpResponse:
    with db.entry():
        own.set_primary(person, whole(key))
    messages.success(request, _("Letters will go to this address from now on."))
    return _back(request, person, typed)


_VERBS: dict[str, _Verb] = {
    "save": _save, "add": _add, "again": _again, "drop": _drop, "remove": _remove,
    "primary": _primary,
}  # fmt: skip


def themes() -> list[tuple[str, str]]:
    """The looks to choose from."""
    return [
        ("system", _("Same as the device")), ("light", pgettext("theme", "Light")), ("dark", pgettext("theme", "Dark")),
    ]  # fmt: skip


def _letters(person: Person) -> list[tuple[str, str]]:
    every = (
        _("An email about each client's message and each request given to me")
        if person.is_agent
        else _("An email about each answer and change")
    )
    return [("all", every), ("none", _("No such emails: I will look here"))]


def _page(
    request: HttpRequest, person: Person, typed: Typed, problems: dict[str, str], *, status: int = 0
) -> HttpResponse:
    frame, context = frames.of(request)
    language = translation.get_language() or "ru"
    profile = {name: typed.get(name, getattr(person, name)) for name in _PROFILE}
    look = {name: typed.get(name, getattr(person, name)) for name in _LOOK}
    page: dict[str, Any] = {
        "frame": frame, "home": home_of(person), "person": person, "profile": profile, "look": look,
        "stands": {name: getattr(person, name) for name in (*_PROFILE, *_LOOK)},
        "errors": problems, "address": typed.get("address", ""),
        "summary": in_page_order(problems, *_PROFILE, "address", *_LOOK), "unsaved": bool(typed) and not problems,
        "languages": settings.LANGUAGES, "zones": zones.options(language, person.time_zone),
        "login": canonical_address(person.login or ""),
        "clock": zones.here(person.time_zone, clock.now()),
        "themes": themes(), "letters": _letters(person),
        "addresses": list(Address.objects.filter(person=person).order_by("-is_primary", "pk")),
        "claims": list(AddressClaim.objects.filter(person=person).order_by("pk")),
    }  # fmt: skip
    return render(request, "accounts/settings.html", {**context, **page}, status=status or (422 if problems else 200))

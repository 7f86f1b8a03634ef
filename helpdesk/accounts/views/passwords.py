"""Passwords: asking for a link, setting one by a link (forgotten, or the first of an invited person), changing."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from helpdesk.accounts import actions, frames, sessions, sign_in_log, throttle, tokens, words
from helpdesk.accounts.access import home_of, signed_in
from helpdesk.accounts.models import Person, SignInAttempt
from helpdesk.accounts.options import whom_to_ask
from helpdesk.accounts.origin import device_name, ip_of, user_agent_of
from helpdesk.core import db, jobs
from helpdesk.core.errors import Invalid
from helpdesk.core.text.safe import one_line

Outcome = SignInAttempt.Outcome
_KEY = "password_key"  # the link's key, kept in the session so that it stands in no address (ASVS 6.4.1)
_HIDDEN = "new"


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """The page for whoever has to wait: 429."""
    headers = {"Retry-After": str(seconds)}
    return render_with(request, "429.html", {"minutes": -(-seconds // 60)}, 429, headers)


def render_with(
    request: HttpRequest, template: str, context: dict[str, object], status: int, headers: dict[str, str]
) -> HttpResponse:
    """A page with headers of its own."""
    response = render(request, template, context, status=status)
    for name, value in headers.items():
        response.headers[name] = value
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """`/password/reset/`: who forgot a password types login or address. The answer is the same for everyone."""
    if request.method != "POST":
        return _ask_form(request, one_line(request.GET.get("login", ""), 320))
    typed = one_line(request.POST.get("login", ""), 150)
    if not typed:
        return _ask_form(request, "", _("Type your login or mail address"))
    if not throttle.allowed(request, "reset_password", typed.lower()):
        return too_many(request, throttle.seconds_left(request, "reset_password", typed.lower()))
    with db.entry():
        attempt = sign_in_log.record(request, Outcome.RESET_ASKED, typed)
        jobs.defer("accounts.send_reset_link", attempt_id=attempt.pk)
    return HttpResponseRedirect(reverse("account_reset_password_done"))


def _ask_form(request: HttpRequest, typed: str, problem: str = "") -> HttpResponse:
    context = {"typed": typed, "problem": problem, "access": whom_to_ask()}
    return render(request, "account/password_reset.html", context, status=422 if problem else 200)


@never_cache
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """What follows: the letter, if there is whom to write to."""
    return render(request, "account/password_reset_done.html", {"access": whom_to_ask()})


@never_cache
@require_safe
def done(request: HttpRequest) -> HttpResponse:
    """The password is set; now one signs in with it."""
    return render(request, "account/password_reset_from_key_done.html")


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_by_link(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """`/password/set/…/`: a good key moves into the session, then the form; any other key is one and the same 404."""
    if not throttle.allowed(request, "reset_password_from_key"):
        return too_many(request, throttle.seconds_left(request, "reset_password_from_key", ""))
    if key != _HIDDEN:
        if tokens.person_of(uidb36, key) is None:
            return dead_link(request)
        request.session[_KEY] = key
        address = reverse("account_reset_password_from_key", kwargs={"uidb36": uidb36, "key": _HIDDEN})
        return unreferred(HttpResponseRedirect(address))
    kept = request.session.get(_KEY, "")
    person = tokens.person_of(uidb36, kept) if kept else None
    if person is None:
        return dead_link(request)
    if request.method == "POST":
        return _set(request, person, uidb36, kept)
    return _form(request, person, {})


def _set(request: HttpRequest, person: Person, uidb36: str, key: str) -> HttpResponse:
    password, problems = typed_twice(request, person)
    if problems:
        return _form(request, person, problems)
    try:
        with db.entry():
            locked = tokens.person_of(uidb36, key, lock=True)  # of two at once the second finds the key used
            if locked is None:
                return dead_link(request)
            first = not locked.has_usable_password()
            if first:
                actions.set_password(locked, password)
            else:
                actions.change_password(locked, password, **_whence(request))
            sign_in_log.record(request, Outcome.PASSWORD_SET, locked.login or "", locked)
    except Invalid as refused:
        return _form(request, person, {"password": words.password_refused(refused.problems)})
    request.session.flush()
    throttle.forget(request, "login_failed", throttle.key_of(request, locked.login or ""))
    return HttpResponseRedirect(reverse("account_reset_password_from_key_done"))


def _form(request: HttpRequest, person: Person, problems: dict[str, str]) -> HttpResponse:
    context = {"person": person, "first": not person.has_usable_password(), "problems": problems}
    page = {**context, "access": whom_to_ask()}
    return render(request, "account/password_reset_from_key.html", page, status=422 if problems else 200)


def dead_link(request: HttpRequest, template: str = "account/password_dead_link.html") -> HttpResponse:
    """The one 404 for every key that is wrong, old or used."""
    return unreferred(render(request, template, {"access": whom_to_ask()}, status=404))


def unreferred(response: HttpResponse) -> HttpResponse:
    """An answer in whose address a key stands: it goes to no other page."""
    # only where the key stands in the address: a form under this policy would post with «Origin: null»
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@sensitive_variables("password", "again")
def typed_twice(request: HttpRequest, person: Person) -> tuple[str, dict[str, str]]:
    """The new password of a form, and all that is wrong by its fields: at once, so that nobody types it four times."""
    password, again = request.POST.get("password", ""), request.POST.get("password_again", "")
    if not password:
        return "", {"password": _("Type a new password")}
    problems = {}
    if broken := actions.password_problems(password, person):
        problems["password"] = words.password_refused(broken)
    if password != again:
        problems["password_again"] = _("The passwords differ: type the same one twice")
    return password, problems


def _whence(request: HttpRequest) -> dict[str, str]:
    return {"ip": ip_of(request) or "", "device": device_name(user_agent_of(request))}


@sensitive_post_parameters("current", "password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def change(request: HttpRequest) -> HttpResponse:
    """`/account/password/`: fields `current`, `password`, `password_again`; the other sessions end."""
    if request.method != "POST":
        return _change_form(request, {})
    if not throttle.allowed(request, "change_password"):
        return too_many(request, throttle.seconds_left(request, "change_password", ""))
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    password, problems = typed_twice(request, person)
    if not person.check_password(request.POST.get("current", "")[: actions.LONGEST_PASSWORD]):
        sign_in_log.record(request, Outcome.WRONG, person.login or "", person)
        problems = {"current": _("This is not your current password. Check the keyboard layout"), **problems}
    if problems:
        return _change_form(request, problems)
    try:
        with db.entry():
            actions.change_password(person, password, **_whence(request))
            sign_in_log.record(request, Outcome.PASSWORD_SET, person.login or "", person)
    except Invalid as refused:
        return _change_form(request, {"password": words.password_refused(refused.problems)})
    update_session_auth_hash(request, person)
    sessions.note(request)
    messages.success(request, _("The password has been changed. You have to sign in again on other devices."))
    return HttpResponseRedirect(reverse("account_security"))


def _change_form(request: HttpRequest, problems: dict[str, str]) -> HttpResponse:
    frame, context = frames.of(request)
    home = home_of(request.user) if isinstance(request.user, Person) else "/"
    return render(
        request,
        "accounts/password_change.html",
        {**context, "frame": frame, "problems": problems, "home": home},
        status=422 if problems else 200,
    )

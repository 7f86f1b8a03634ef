"""Accepting an invitation: whoever reads the mailbox sets a password, or adds the company to the account they have."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import invitations, sign_in_log, throttle, words
from helpdesk.accounts.access import home_of
from helpdesk.accounts.models import Invitation, Person, SignInAttempt
from helpdesk.accounts.options import whom_to_ask
from helpdesk.accounts.views.passwords import dead_link, too_many, typed_twice, unreferred
from helpdesk.core import db
from helpdesk.core.errors import Invalid

_KEY = "invitation_key"  # in the session, so that it stands in no address (ASVS 6.4.1)
_HIDDEN = "open"


@sensitive_post_parameters("password", "password_again")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, key: str) -> HttpResponse:
    """`/invitation/…/`: a good key moves into the session, then the form; any other key is one and the same 404."""
    if not throttle.allowed(request, "reset_password_from_key"):
        return too_many(request, throttle.seconds_left(request, "reset_password_from_key", ""))
    if key != _HIDDEN:
        if invitations.of_key(key) is None:
            return dead_link(request, "account/invitation_dead.html")
        request.session[_KEY] = key
        return unreferred(HttpResponseRedirect(reverse("account_invitation", kwargs={"key": _HIDDEN})))
    kept = str(request.session.get(_KEY, ""))
    asked = invitations.of_key(kept) if kept else None
    if asked is None:
        return dead_link(request, "account/invitation_dead.html")
    return _accept(request, asked, kept) if request.method == "POST" else _page(request, asked, {})


def _page(request: HttpRequest, asked: Invitation, problems: dict[str, str]) -> HttpResponse:
    holders = invitations.holders(asked)
    clients = [one for one in holders if one.kind == Person.Kind.CLIENT]
    way = "new" if not holders else "staff" if not clients else "mine" if request.user in clients else "sign_in"
    here = reverse("account_invitation", kwargs={"key": _HIDDEN})
    context = {
        "asked": asked, "way": way, "problems": problems, "access": whom_to_ask(),
        "reader": request.user if isinstance(request.user, Person) else None,
        "to_sign_in": f"{reverse('account_login')}?{urlencode({'next': here})}",
    }  # fmt: skip
    return render(request, "account/invitation.html", context, status=422 if problems else 200)


def _accept(request: HttpRequest, asked: Invitation, key: str) -> HttpResponse:
    if invitations.holders(asked):
        return _accept_as_known(request, key)
    password, problems = typed_twice(request, Person(name=asked.name, login=asked.address))
    if problems:
        return _page(request, asked, problems)
    try:
        with db.entry():
            locked = invitations.of_key(key, lock=True)  # of two at once the second finds the key used
            if locked is None:
                return dead_link(request, "account/invitation_dead.html")
            person = invitations.accept_as_new(locked, password)
            sign_in_log.record(request, SignInAttempt.Outcome.PASSWORD_SET, person.login or "", person)
    except Invalid as refused:
        if any(problem.field == "login" for problem in refused.problems):
            return _page(request, asked, {"password": _("Somebody was quicker: open the link of the letter again")})
        return _page(request, asked, {"password": words.password_refused(refused.problems)})
    request.session.flush()
    messages.info(request, _("Your login: %(login)s") % {"login": person.login or ""})
    return HttpResponseRedirect(reverse("account_reset_password_from_key_done"))


def _accept_as_known(request: HttpRequest, key: str) -> HttpResponse:
    """The reader is signed in as the one whose address was invited; anybody else sees the page again."""
    with db.entry():
        locked = invitations.of_key(key, lock=True)
        if locked is None:
            return dead_link(request, "account/invitation_dead.html")
        person = request.user
        if not isinstance(person, Person) or person.kind != Person.Kind.CLIENT:
            return _page(request, locked, {})
        if person not in invitations.holders(locked):
            return _page(request, locked, {})
        invitations.accept(locked, person)
    request.session.pop(_KEY, None)
    told = _("You can now work with the requests of %(company)s as well.")
    messages.success(request, told % {"company": locked.company.short_name})
    return HttpResponseRedirect(home_of(person))

"""Proving a mail address: the link of a letter, opened by whoever asked for it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from helpdesk.accounts import frames, own
from helpdesk.accounts.access import signed_in
from helpdesk.accounts.models import Person
from helpdesk.core import db


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in()
def prove(request: HttpRequest, key: str) -> HttpResponse:
    """`/account/addresses/…/`: a GET asks with a button, a POST makes the address count. 404 for every dead key, and
    for one that somebody else asked for."""
    person = request.user
    if not isinstance(person, Person):
        raise TypeError("signed_in lets people in only")
    if request.method == "POST":
        with db.entry():
            row = own.prove_address(person, key)
        if row is not None:
            messages.success(request, _("The address %(address)s is confirmed.") % {"address": row.address})
            return HttpResponseRedirect(f"{reverse('account_settings')}#addresses")
        return _page(request, "")
    claim = own.claim_of_key(person, key)
    return _page(request, claim.address if claim else "")


def _page(request: HttpRequest, address: str) -> HttpResponse:
    frame, context = frames.of(request)
    page = {**context, "frame": frame, "address": address}
    return render(request, "accounts/address.html", page, status=200 if address else 404)

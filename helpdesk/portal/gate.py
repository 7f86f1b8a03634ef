"""Who comes in: clients. Others are shown the way, and what an expired session typed is not lost."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.cache import never_cache

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.tickets.words import refusal_text
from helpdesk.web import errors, stash

P = ParamSpec("P")


class ClientRequest(HttpRequest):
    """A request behind the gate: of a signed-in client."""

    actor: Actor
    user: Person


def client_page(
    view: Callable[Concatenate[ClientRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let clients through, with `request.actor`; strangers to the sign-in and back; agents to their own side.

    NotFound becomes 404 and NotAllowed 403, both in words.
    """

    @never_cache
    @wraps(view)
    def behind(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = request.user
        if not person.is_authenticated:
            return _to_sign_in(request)
        if person.kind == "agent":
            number = kwargs.get("number", "")
            return HttpResponseRedirect(f"/desk/tickets/{number}/" if number else "/desk/")
        if person.kind != "client":
            raise Http404
        request.actor = Actor(person.pk, Cause.WEB)  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except NotFound:
            raise Http404 from None
        except NotAllowed as refusal:
            return errors.refused(request, refusal_text(refusal))

    return behind


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        stash.keep(request)
    back = request.get_full_path() if request.method == "GET" else request.path
    address = f"/login/?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)

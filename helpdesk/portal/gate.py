"""Who comes in: clients. Others are shown the way, and what an expired session typed is not lost."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.views.decorators.cache import never_cache

from helpdesk.accounts.access import to_sign_in
from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.fronts import unsent
from helpdesk.tickets.words import refusal_text
from helpdesk.web import errors

P = ParamSpec("P")


class ClientRequest(HttpRequest):
    """A request behind the gate: of a signed-in client."""

    actor: Actor
    user: Person


def client_page(
    view: Callable[Concatenate[ClientRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let clients through, with `request.actor`; strangers to the sign-in and back; agents to their own side.

    NotFound becomes 404 and NotAllowed 403, both in words and with what was typed.
    """

    @never_cache
    @wraps(view)
    def behind(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        person = request.user
        if not person.is_authenticated:
            return to_sign_in(request)
        if person.kind == "agent":
            number = kwargs.get("number", "")
            return HttpResponseRedirect(f"/desk/tickets/{number}/" if number else "/desk/")
        if person.kind != "client":
            raise Http404
        request.actor = actor_for(person)  # type: ignore[attr-defined]
        try:
            return view(request, *args, **kwargs)  # type: ignore[arg-type]
        except NotFound:
            if answer := unsent.hidden(request, request.actor):  # type: ignore[attr-defined]
                return answer
            raise Http404 from None
        except NotAllowed as refusal:
            words = refusal_text(refusal)
            return unsent.refused(request, request.actor, words) or errors.refused(request, words)  # type: ignore[attr-defined]

    return behind

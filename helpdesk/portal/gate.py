"""Who comes in: clients. Others are shown the way, and what an expired session typed is not lost."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.utils.cache import add_never_cache_headers

from helpdesk.accounts.access import to_sign_in
from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.fronts import drafting, unsent
from helpdesk.portal import ways
from helpdesk.tickets.models import Draft
from helpdesk.tickets.words import refusal_text
from helpdesk.web import errors

P = ParamSpec("P")
NEVER = "max-age=0, no-cache, no-store, must-revalidate, private"  # what Django's never_cache says


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

    @wraps(view)
    def uncached(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        response = behind(request, *args, **kwargs)
        if response.has_header("Cache-Control"):  # a file's own
            add_never_cache_headers(response)
        else:  # the same in a twentieth of the time
            response.headers["Cache-Control"] = NEVER
        return response

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
            if answer := unsent.hidden(request, request.actor, kept=_kept(request, kwargs)):  # type: ignore[attr-defined]
                return answer
            raise Http404 from None
        except NotAllowed as refusal:
            words = refusal_text(refusal)
            kept = _kept(request, kwargs)
            return unsent.refused(request, request.actor, words, kept=kept) or errors.refused(request, words)  # type: ignore[attr-defined]

    return uncached


def _kept(request: HttpRequest, named: Mapping[str, object]) -> unsent.Kept:
    """Where a text is kept that could not be sent, a request being out of sight or the right to write gone."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if "body" not in request.POST:
        return unsent.Kept()
    kind = Draft.Kind.REPLY if "number" in named else Draft.Kind.NEW
    return ways.to_draft(actor, drafting.keep_unsent(request, actor, kind), is_answer="number" in named)

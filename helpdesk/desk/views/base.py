"""What every view of the desk shares: who asks, refusals as pages, the shell around a page."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import Any, cast

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase

from helpdesk.accounts.access import desk_only
from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.desk import addresses, drafts, shell
from helpdesk.fronts import unsent
from helpdesk.fronts.form import Form
from helpdesk.tickets import pages
from helpdesk.tickets.words import refusal_text
from helpdesk.web import errors, render

View = Callable[..., HttpResponseBase]
DENSITIES = ("", "comfortable")
UNSTORED = "private, no-store"  # Cache-Control of a page of the desk
REMINDER = "reminder"  # the state that asks for a time


def front(view: View) -> View:
    """A page for agents: what the domain refuses becomes 404 (invisible) or 403 in words (visible, not allowed).

    What was typed is given back in either.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except NotFound:
            if answer := unsent.hidden(request, actor_of(request), kept=_kept(request, kwargs)):
                return answer
            raise Http404 from None
        except NotAllowed as refusal:
            words = refusal_text(refusal)
            kept = _kept(request, kwargs)
            return unsent.refused(request, actor_of(request), words, kept=kept) or errors.refused(request, words)

    return cast("View", desk_only(guarded))


def _kept(request: HttpRequest, named: Mapping[str, object]) -> unsent.Kept:
    """Where a text lies that could not be sent: a draft of an answer or a note, whatever became of its request."""
    is_box = request.resolver_match is not None and request.resolver_match.view_name == "desk:ticket"
    return drafts.keep_unsent(request, actor_of(request)) if is_box and "number" in named else unsent.Kept()


def administrators(view: View) -> View:
    """A page for administrators; to everybody else it does not exist."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not getattr(person_of(request), "is_administrator", False):
            raise Http404
        return view(request, *args, **kwargs)

    return front(guarded)


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; `desk_only` has seen to it that somebody is."""
    return cast("Person", request.user)


def actor_of(request: HttpRequest) -> Actor:
    """Who acts, the same object for the whole of a request, so that rights are loaded once."""
    known = getattr(request, "desk_actor", None)
    if known is None:
        known = actor_for(person_of(request))
        request.desk_actor = known  # type: ignore[attr-defined]
    return cast("Actor", known)


def density_of(request: HttpRequest) -> str:
    """How dense this browser wants its lists: «» or comfortable."""
    wanted = request.COOKIES.get("density", "")
    return wanted if wanted in DENSITIES else ""


def page(
    request: HttpRequest,
    template: str,
    context: dict[str, Any],
    *,
    place: str = "",
    words: str = "",
    known: shell.Figures | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page within the shell. `known`: the rail's figures, where the view has them already."""
    known = known or shell.figures(actor_of(request), at=clock.now())
    around = shell.build(person_of(request), known, place=place, words=words, density=density_of(request))
    response = render.page(request, template, {**context, "shell": around}, status=status)
    response.headers["Cache-Control"] = UNSTORED
    return response


def remind_at(form: Form, state_field: str) -> datetime | None:
    """When to remind; None beside any other state, whatever the field holds, which nobody sees then."""
    return form.moment("until") if form.get(state_field) == REMINDER else None


def way_back(actor: Actor, number: str) -> str:
    """The address of a request's page, or of the list where it is out of the actor's sight."""
    try:
        pages.for_page(actor, number)
    except NotFound:
        return addresses.HOME
    return addresses.of_ticket(number)

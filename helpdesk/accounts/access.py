"""Who may enter which side: decorators for views. What they may do there is each room's policies."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import urlencode

from helpdesk.accounts.models import Person
from helpdesk.core.text.safe import split_address

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
HOME = {Person.Kind.AGENT.value: "/desk/", Person.Kind.CLIENT.value: "/portal/mine/"}

_on_session_over: list[Callable[[HttpRequest], object]] = []


def on_session_over(handler: Callable[[HttpRequest], object]) -> None:
    """Call `handler` when somebody without a session posts to a page that wants one (to keep what they typed)."""
    if handler not in _on_session_over:
        _on_session_over.append(handler)


def home_of(person: Person) -> str:
    """Where a person's day begins."""
    return HOME.get(person.kind, "/")


def own_side(person: Person, address: str) -> str:
    """`address`, or where the person's day begins if it lies on the specialists' side and they are none."""
    path = address.partition("?")[0].partition("#")[0]
    is_desk = path == "/desk" or path.startswith("/desk/")
    return home_of(person) if is_desk and not person.is_agent else address


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """The way to the sign-in page and back: a redirect, or for htmx a header that moves the whole window."""
    if request.method == "POST":
        for handler in _on_session_over:
            handler(request)
    is_htmx = request.headers.get("HX-Request") == "true"
    back = _shown_page(request) if is_htmx else _page_of_form(request)
    address = f"{settings.LOGIN_URL}?{urlencode({'next': back})}"
    if is_htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address, "Vary": "HX-Request"})
    return HttpResponseRedirect(address)


def _page_of_form(request: HttpRequest) -> str:
    """The page asked for; for a form, the page that it stood on: its own address may take forms alone."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    origin = split_address(request.headers.get("Referer", ""))
    if origin.netloc and origin.netloc == request.get_host():
        return f"{origin.path}?{origin.query}" if origin.query else origin.path
    return request.path


def _shown_page(request: HttpRequest) -> str:
    """The page that a fragment belongs to, without its host: where one wants to be after sign-in."""
    shown = split_address(request.headers.get("HX-Current-URL", ""))
    return (f"{shown.path}?{shown.query}" if shown.query else shown.path) or request.path


def signed_in(*kinds: str) -> Callable[[View], View]:
    """Let in people of these kinds (of any, where none is named); others go to the sign-in page or home, or get 404.

    An agent who opens a client's page goes to the desk; a client who opens the desk learns nothing of it (404).
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, Person):
                return to_sign_in(request)
            if kinds and person.kind not in kinds:
                if person.is_agent and request.method in {"GET", "HEAD"}:
                    return HttpResponseRedirect(home_of(person))
                raise Http404
            return view(request, *args, **kwargs)

        return inner  # type: ignore[return-value]

    return decorate


def portal_only(view: View) -> View:
    """The clients' side."""
    return signed_in(Person.Kind.CLIENT.value)(view)


def desk_only(view: View) -> View:
    """The agents' side."""
    return signed_in(Person.Kind.AGENT.value)(view)


def administrators_only(view: View) -> View:
    """Agents with a role that administers; for other agents 403, for everyone else as the desk."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person = request.user
        if not (isinstance(person, Person) and person.is_administrator):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return desk_only(inner)  # type: ignore[return-value]

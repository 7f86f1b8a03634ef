"""What stands around the pages of one's own account. The fronts bring it; this room does not know their places."""

from collections.abc import Callable

from django.http import HttpRequest

from helpdesk.accounts.models import Person

Frame = tuple[str, dict[str, object]]  # the template to extend, and what it wants in the context
_makers: dict[str, Callable[[HttpRequest], Frame]] = {}
PLAIN = "accounts/plain.html"


def register(kind: str, maker: Callable[[HttpRequest], Frame]) -> None:
    """Pages of people of this kind stand in the frame that `maker` makes: ("web/portal.html", {"shell": …})."""
    _makers[kind] = maker


def of(request: HttpRequest) -> Frame:
    """The frame for whoever asks; a plain page where no front brought one."""
    person = request.user
    maker = _makers.get(person.kind) if isinstance(person, Person) else None
    return maker(request) if maker else (PLAIN, {})

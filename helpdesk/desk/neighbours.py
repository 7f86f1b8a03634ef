"""The requests before and after one in the list that its reader came from. Knows lists by their addresses alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.http import HttpRequest, HttpResponse

from helpdesk.core.actor import Actor
from helpdesk.core.text.safe import split_address, storable
from helpdesk.desk import addresses, filters, found, keyset, shell
from helpdesk.search.results import Results
from helpdesk.tickets import lines, orders
from helpdesk.tickets.lines import Shape
from helpdesk.tickets.models import Phase, Ticket

COOKIE = "desk_list"
TICKETS = "/desk/tickets/"  # only their pages need it
LIMIT = 1500  # characters: an address that a cookie and another address can carry
JUST = timedelta(minutes=10)
NEXT, PREVIOUS = "next", "previous"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A request beside another one, and the address of the list's page where it stands."""

    number: str
    list: str


def remember(request: HttpRequest, response: HttpResponse) -> None:
    """Keep the list that is shown in the browser, for the pages of its requests."""
    here = request.get_full_path()
    if len(here) <= LIMIT and request.COOKIES.get(COOKIE) != here:
        response.set_cookie(
            COOKIE, here, path=TICKETS, httponly=True, samesite="Lax", secure=request.is_secure()
        )  # fmt: skip


def list_of(request: HttpRequest) -> str:
    """The address of the list that the reader came from: of `?list=`, of the page before, of the last list shown.

    Empty where there was none.
    """
    before = split_address(request.headers.get("Referer", ""))
    from_here = before.netloc == request.get_host()
    offered = (
        request.GET.get("list", ""),
        before._replace(scheme="", netloc="", fragment="").geturl() if from_here else "",
        dict(parse_qsl(before.query)).get("list", "") if from_here else "",
        request.COOKIES.get(COOKIE, ""),
    )
    return next((text for text in offered if _is_list(text)), "")


def list_address(text: str) -> str:
    """An address if it is that of a list, as it may be stored; else nothing."""
    text = storable(text)
    return text if _is_list(text) else ""


def parts(address: str) -> tuple[str, dict[str, str]]:
    """The path of a list's address, and its conditions."""
    found = urlsplit(address)
    return found.path, dict(parse_qsl(found.query))


def _is_list(text: str) -> bool:
    if not text.startswith("/desk/") or len(text) > LIMIT:
        return False
    found = split_address(text)
    return found.path == addresses.SEARCH or (found.path == addresses.HOME and bool(found.query))


def beside(list_address: str, ticket: Ticket, actor: Actor, *, step: str, now: datetime) -> Neighbour | None:
    """The request after (`NEXT`) or before `ticket` in a list; None at its end.

    A list in an order of its own is asked from where the request stands, even if it has just left the list.
    """
    known = shell.figures(actor, at=now)
    path, values = parts(list_address)
    wanted = filters.read(values, path=path)
    if found.serves(wanted):
        ask = partial(found.results, wanted, actor, known, now=now)
        return _among_found(list_address, values, ask, ticket.number, step=step)
    place = [_value(ticket, name, actor.person_id, now, wanted.order) for name in keyset.columns(wanted.order)]
    row = next(
        iter(
            lines.page(
                actor, filters.conditions(wanted, known), Shape(wanted.order), at=now, place=place,
                backwards=step == PREVIOUS,
            )
        ),
        None,
    )  # fmt: skip
    return Neighbour(row.number, list_address) if row else None


def _value(ticket: Ticket, column: str, reader_id: int | None, now: datetime, order: str) -> object:
    if column == orders.GROUP_KEY:
        return orders.key_of(ticket.pk, order)
    if column == "paused":
        stood = ticket.phase != Phase.OPEN or _just_answered(ticket, reader_id, now)
        return 0 if stood else lines.paused(ticket.waits_for)
    return ticket.priority_id if column == "priority" else getattr(ticket, column)


def _just_answered(ticket: Ticket, reader_id: int | None, now: datetime) -> bool:
    """Whether the reader's own answer has just stopped the clock: they go on from where the request stood before."""
    at = ticket.last_agent_at
    return at is not None and ticket.last_article_by_id == reader_id and at > now - JUST


def _among_found(
    address: str, values: dict[str, str], ask: Callable[..., Results], number: str, *, step: str
) -> Neighbour | None:
    """Beside a match: within the page of results where it stands, or at the beginning of the page after it."""
    first, cursor = found.place(values.get("after", ""))
    results = ask(cursor=cursor)
    numbers = [hit.line.number for hit in results.items]
    if number not in numbers:
        return None
    at = numbers.index(number) + (1 if step == NEXT else -1)
    if 0 <= at < len(numbers):
        return Neighbour(numbers[at], address)
    if step == PREVIOUS or not results.next_cursor:
        return None
    following = ask(cursor=results.next_cursor).items
    page = values | {"after": f"{first + len(numbers)}.{results.next_cursor}"}
    return Neighbour(following[0].line.number, f"{urlsplit(address).path}?{urlencode(page)}") if following else None

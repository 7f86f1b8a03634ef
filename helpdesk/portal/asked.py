"""What a list's address asks for. What cannot be understood is left out, and said in words."""

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from helpdesk.core.actor import Actor
from helpdesk.portal.conditions import Choice, choices, recipients
from helpdesk.tickets import columns, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lists import Wanted, Which
from helpdesk.tickets.models import StateType

STATES = ("open", "closed", "all")
SIZES = (10, 25, 50, 100)  # rows of a page that are offered; an address may ask for any number up to the last
SIZE = 25
DIGITS = 15  # of an id or a page, at most


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions that are understood. `number`: the page. `statuses`: what the state may be, `queues` what the
    recipient; `wrong`: a sentence for each condition that is left out."""

    tab: Which
    state: str = "open"
    sort: str = ""
    size: int = SIZE
    number: int = 1
    company: int | None = None
    colleague: int | None = None
    queue: int | None = None
    status: Choice | None = None
    status_in: tuple[str, ...] = ()  # in which of STATES there are requests of that status
    statuses: tuple[Choice, ...] = ()
    queues: tuple[tuple[int, str], ...] = ()
    wrong: tuple[str, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        """Whether conditions are set that can be taken away. The company is none: it is where the reader stands."""
        return not (self.colleague is None and self.queue is None and self.status is None)

    @property
    def wanted(self) -> Wanted:
        """The conditions as the lists take them."""
        return Wanted(
            self.tab, self.state, self.sort, company=self.company, author=self.colleague, queue=self.queue,
            states=self.status.codes if self.status else (),
        )  # fmt: skip

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """What stands in an address of these conditions with some of them changed; of the first page unless `number`
        is among the changes."""
        new = replace(self, **{"number": 1, **changes})
        status = new.status.code if new.status and new.state in new.status_in else ""
        found = [
            ("state", new.state), ("company", new.company), ("colleague", new.colleague), ("queue", new.queue),
            ("status", status), ("sort", new.sort), ("page_size", new.size if new.size != SIZE else ""),
            ("page", new.number if new.number > 1 else ""),
        ]  # fmt: skip
        return [(name, str(value)) for name, value in found if value not in ("", None)]

    def address(self, **changes: Any) -> str:
        """The address itself, see `pairs`."""
        return "?" + urlencode(self.pairs(**changes))


def read(get: QueryDict, actor: Actor, tab: Which, language: str) -> Asked:
    """The conditions of an address. Whether a colleague is one is seen when the list is read (`without_colleague`)."""
    wrong: list[str] = []
    state, sort = get.get("state", ""), get.get("sort", "")
    found = Asked(
        tab,
        state=state if state in STATES else "open",
        sort=sort if sort.removeprefix("-") in columns_of(tab) else "",
        size=min(_number(get.get("page_size", "")) or SIZE, SIZES[-1]),
        number=_number(get.get("page", "")) or 1,
        company=_company(get.get("company", ""), actor, wrong),
    )
    if tab == "company":
        found = _narrowed(found, get, actor, language, wrong)
    return replace(found, wrong=tuple(wrong))


def columns_of(tab: Which) -> list[str]:
    """What a list may be ordered by: all of one's own requests have the same author."""
    return [name for name in columns.SORTS if tab == "company" or name != "author"]


def without_colleague(asked: Asked) -> Asked:
    """The same without a colleague whom nobody there knows."""
    told = _("There is no such colleague: here are everybody's requests.")
    return replace(asked, colleague=None, wrong=(*asked.wrong, told))


def _company(typed: str, actor: Actor, wrong: list[str]) -> int | None:
    """The company that the reader stands in; None for all, and for the only one."""
    known = access_of(actor).companies
    if typed and _number(typed) not in known:
        wrong.append(_("That company is not one of yours: here are the requests of all your companies."))
        return None
    return _number(typed) if typed and len(known) > 1 else None


def _narrowed(asked: Asked, get: QueryDict, actor: Actor, language: str, wrong: list[str]) -> Asked:
    of_state = {state: _statuses(actor, state, language) for state in STATES}
    queues = dict(recipients(queries.queues_to_narrow_by(actor), language))
    queue, typed, status = get.get("queue", ""), get.get("status", ""), None
    if typed:
        status = next((one for one in of_state[asked.state] if typed in one.codes), None)
        if status is None:
            wrong.append(_("There is no such state here: the requests are shown whatever theirs is."))
    if queue and _number(queue) not in queues:
        wrong.append(_("There is no such recipient: here are the requests to all of them."))
        queue = ""
    return replace(
        asked,
        colleague=_number(get.get("colleague", "")) if get.get("colleague") else None,
        queue=_number(queue) if queue else None,
        queues=tuple(queues.items()),
        status=status,
        status_in=tuple(name for name, known in of_state.items() if status and _shares(status, known)),
        statuses=of_state[asked.state],
    )


def _shares(status: Choice, known: tuple[Choice, ...]) -> bool:
    return any(status.code in one.codes for one in known)


def _statuses(actor: Actor, state: str, language: str) -> tuple[Choice, ...]:
    closed = {"open": (False,), "closed": (True,)}.get(state, (False, True))
    return tuple(choices([row for row in queries.states(actor) if (row.type == StateType.CLOSED) in closed], language))


def _number(text: str) -> int:
    """A number from 1; 0 for anything else. Of one that is longer than any, its beginning: beyond all there is."""
    return int(text[:DIGITS]) if text.isascii() and text.isdigit() else 0

"""The conditions of a list as its address carries them: read from the address, handed to the list, shown as chips."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses
from helpdesk.desk.shell import Figures
from helpdesk.tickets.lines import ORDERS, VIEWS, Wanted

WORDS_LIMIT = 500
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by. Values that nobody offers fall back to none."""

    view: str = "open"
    queue: int | None = None
    state: str = ""
    priority: int | None = None
    company: int | None = None
    words: str = ""
    sort: str = ""

    @property
    def order(self) -> str:
        """The chosen order, else deadlines for open work and freshness for the rest."""
        return self.sort or ("due" if self.view not in {"closed", "all"} and not self.state else "recent")

    @property
    def is_bare(self) -> bool:
        """Only a view, and perhaps a queue: the rail knows how many there are."""
        return not (self.state or self.priority or self.company or self.words)

    def address(self, path: str = addresses.HOME, **changes: object) -> str:
        """The address of this list with some conditions changed; always its first page."""
        new = replace(self, **changes)  # type: ignore[arg-type]
        default = "all" if path == addresses.SEARCH else "open"
        return addresses.query(
            path, view="" if new.view == default else new.view, queue=new.queue, state=new.state,
            priority=new.priority, company=new.company, q=new.words, sort=new.sort,
        )  # fmt: skip


def read(values: Mapping[str, str], *, default_view: str = "open") -> Filters:
    """The conditions of an address; what cannot be understood is left out."""
    view, sort = values.get("view", ""), values.get("sort", "")
    priority = whole(values.get("priority", ""))
    return Filters(
        view=view if view in VIEWS else default_view,
        queue=whole(values.get("queue", "")),
        state=one_line(values.get("state", ""), 30),
        priority=priority if priority in range(1, 6) else None,
        company=whole(values.get("company", "")),
        words=one_line(values.get("q", ""), WORDS_LIMIT),
        sort=sort if sort in ORDERS else "",
    )


def whole(text: str) -> int | None:
    """A positive number that the database can compare with; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > _BIGGEST_ID:
        return None
    return int(text)


def conditions(filters: Filters, known: Figures) -> Wanted:
    """The conditions as the list's statement takes them."""
    return Wanted(
        view=filters.view,
        queues=known.below(filters.queue) if filters.queue is not None else None,
        state=filters.state,
        priority=filters.priority,
        company=filters.company,
        words=filters.words,
    )


def total(filters: Filters, known: Figures) -> int | None:
    """How many requests a list has where the rail's figures tell it; None where nobody counted."""
    if not filters.is_bare or filters.view in {"closed", "all"}:
        return None
    if filters.queue is not None:
        line = known.queue(filters.queue)
        counted = {"open": "open", "unassigned": "unassigned", "overdue": "overdue"}.get(filters.view)
        return getattr(line, counted) if line and counted else (None if line else 0)
    return int(getattr(known, filters.view))


def names() -> dict[str, str]:
    """The views in words."""
    return {
        "open": _("All open"),
        "mine": _("In my work"),
        "waiting": _("Waiting for the client"),
        "unassigned": _("Without an owner"),
        "overdue": _("Overdue"),
        "closed": _("Closed"),
        "all": _("All requests"),
    }

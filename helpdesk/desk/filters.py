"""The conditions of a list as its address carries them: read from the address, handed to the list, shown as chips."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from helpdesk.core.text.safe import one_line
from helpdesk.desk import addresses, columns, finer
from helpdesk.desk.finer import NOTHING, Finer
from helpdesk.desk.shell import Figures
from helpdesk.tickets.lines import VIEWS, Wanted
from helpdesk.tickets.narrowing import Narrow
from helpdesk.tickets.orders import GROUPS, ORDERS, named

WORDS_LIMIT = 500
FIT = "fit"  # the order of a search: the best of the newest first
CLIENT_LIMIT = 200
YEARS = range(1970, 2200)
DATES = ("created_from", "created_to", "changed_from", "changed_to")
SHAPE = ("sort", "group", "columns")  # how a list is shown, not what it holds
FRESH_FIRST = frozenset({"closed", "all", "mentioned", "removed"})  # views that are no work to be done by deadline
UNCOUNTED = frozenset({"closed", "all", "responsible", "watched", "mentioned", "locked", "removed"})  # by the rail
OWN = {"answered": "answered", "mine-overdue": "overdue", "reminders": "reminders", "pending": "pending",
       "done": "done"}  # fmt: skip
TURNS = ("desk", "client", "nobody")
_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Filters:
    """What a list is narrowed by. Values that nobody offers fall back to none (`unclear` says so), but for the
    queue: 0 is none that exists. Owner and responsible 0 mean nobody."""

    view: str = "open"
    queue: int | None = None
    state: str = ""
    priority: int | None = None
    company: int | None = None
    words: str = ""
    sort: str = ""
    client: str = ""
    owner: int | None = None
    responsible: int | None = None
    created_from: date | None = None
    created_to: date | None = None
    changed_from: date | None = None
    changed_to: date | None = None
    kind: int | None = None
    tag: int | None = None
    waits: str = ""
    finer: Finer = NOTHING
    group: str = ""
    columns: tuple[str, ...] = ()  # of `columns.COLUMNS`, in their order; none for the reader's usual ones

    @property
    def by_fit(self) -> bool:
        """Whether the best of what is found stands first."""
        return self.sort == FIT

    @property
    def is_work(self) -> bool:
        """Whether the list is of open requests alone: those are few enough to be gathered in groups."""
        return self.view not in FRESH_FIRST and not self.state

    @property
    def order(self) -> str:
        """The chosen order, else deadlines for open work and freshness for the rest; as `orders.named` says it."""
        usual = "due" if self.is_work else "recent"
        return named(self.sort if self.sort in ORDERS else usual, self.group if self.is_work else "")

    @property
    def is_bare(self) -> bool:
        """Only a view, and perhaps a queue: the rail knows how many there are."""
        return (
            not (self.state or self.priority or self.company or self.words or self.kind or self.tag or self.waits)
            and self.narrow.is_nothing
            and not self.finer.values
        )

    @property
    def narrow(self) -> Narrow:
        """People and dates as the list takes them: whole days in the reader's zone, the last one included."""
        return Narrow(
            self.client, self.owner, self.responsible,
            _midnight(self.created_from), _midnight(self.created_to, days=1),
            _midnight(self.changed_from), _midnight(self.changed_to, days=1),
        )  # fmt: skip

    def values(self, **changes: object) -> dict[str, object]:
        """Each condition by its name in an address, with some changed."""
        new = replace(self, **changes)  # type: ignore[arg-type]
        return {
            "view": new.view, "queue": new.queue, "state": new.state, "priority": new.priority,
            "company": new.company, "q": new.words, "client": new.client, "owner": new.owner,
            "responsible": new.responsible, "type": new.kind, "tag": new.tag, "waits": new.waits,
            **{name: getattr(new, name) for name in DATES}, **dict(new.finer.values), "sort": new.sort,
            "group": new.group, "columns": columns.text(new.columns),
        }  # fmt: skip

    def address(self, path: str = addresses.HOME, **changes: object) -> str:
        """The address of this list with some conditions changed; always its first page."""
        values = self.values(**changes)
        if values["view"] == default_view(path):
            values["view"] = ""
        found = addresses.query(path, **values)
        return addresses.LIST if found == addresses.HOME else found


def default_view(path: str) -> str:
    """What a list shows where its address names no view."""
    return "all" if path == addresses.SEARCH else "open"


def read(values: Mapping[str, str], *, path: str = addresses.HOME) -> Filters:
    """The conditions of an address; what cannot be understood is left out."""
    view, sort = values.get("view", ""), values.get("sort", "")
    priority = whole(values.get("priority", ""))
    return Filters(
        view=view if view in VIEWS else default_view(path),
        queue=_queue(values.get("queue", "")),
        state=one_line(values.get("state", ""), 30),
        priority=priority if priority in range(1, 6) else None,
        company=whole(values.get("company", "")),
        words=one_line(values.get("q", ""), WORDS_LIMIT),
        sort=sort if sort in ORDERS or sort == FIT else "",
        client=one_line(values.get("client", ""), CLIENT_LIMIT),
        owner=whole(values.get("owner", "")),
        responsible=whole(values.get("responsible", "")),
        created_from=day(values.get("created_from", "")),
        created_to=day(values.get("created_to", "")),
        changed_from=day(values.get("changed_from", "")),
        changed_to=day(values.get("changed_to", "")),
        kind=whole(values.get("type", "")) or None,
        tag=whole(values.get("tag", "")) or None,
        waits=values.get("waits", "") if values.get("waits", "") in TURNS else "",
        finer=finer.read(values),
        group=values.get("group", "") if values.get("group", "") in GROUPS else "",
        columns=columns.read(values.get("columns", "")),
    )


def _queue(text: str) -> int | None:
    """The id of a queue; for what is none, an id that no queue has: all requests are not what was asked for."""
    found = whole(text)
    return 0 if found is None and text.strip() else found


def whole(text: str) -> int | None:
    """A natural number that the database can compare with; None for anything else."""
    if not text.isascii() or not text.isdigit() or len(text) > 19 or int(text) > _BIGGEST_ID:
        return None
    return int(text)


def day(text: str) -> date | None:
    """A day as a field of the browser gives it, or as people write it (24.11.2026); None for anything else."""
    text = text.strip()[:10]
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            found = datetime.strptime(text, form).date()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
        return found if found.year in YEARS else None
    return None


def _midnight(when: date | None, *, days: int = 0) -> datetime | None:
    if when is None:
        return None
    return timezone.make_aware(datetime.combine(when + timedelta(days=days), time()))


def conditions(filters: Filters, known: Figures) -> Wanted:
    """The conditions as the list's statement takes them."""
    return Wanted(
        view=filters.view,
        queues=known.below(filters.queue) if filters.queue is not None else None,
        state=filters.state,
        priority=filters.priority,
        company=filters.company,
        words=filters.words,
        kind=filters.kind,
        tag=filters.tag,
        waits=filters.waits,
    )


def total(filters: Filters, known: Figures) -> int | None:
    """How many requests a list has where the rail's figures tell it; None where nobody counted."""
    if not filters.is_bare or filters.view in UNCOUNTED:
        return None
    if filters.queue is not None:
        line = known.queue(filters.queue)
        counted = {"open": "open", "unassigned": "unassigned", "overdue": "overdue"}.get(filters.view)
        return getattr(line, counted) if line and counted else (None if line else 0)
    if own := OWN.get(filters.view):
        return int(getattr(known.own, own))
    return int(getattr(known, filters.view.replace("-", "_")))


def turns() -> dict[str, str]:
    """Whose turn it may be, in words."""
    return {"desk": _("ours"), "client": _("the client's"), "nobody": _("nobody's")}


def names() -> dict[str, str]:
    """The views in words."""
    return {
        "open": _("All open"),
        "mine": _("Assigned to me"),
        "answered": _("New answers on mine"),
        "mine-overdue": _("Mine, overdue"),
        "reminders": _("Reminders that have come"),
        "pending": _("Put off by me"),
        "done": _("Done, to be closed"),
        "waiting": _("Waiting for the client"),
        "responsible": _("Where I am responsible"),
        "watched": _("Watched by me"),
        "mentioned": _("Where I am mentioned"),
        "locked": _("Locked by me"),
        "my-queues": _("My queues"),
        "my-unassigned": _("Without an owner in my queues"),
        "unassigned": _("Without an owner"),
        "overdue": _("Overdue"),
        "closed": _("Closed"),
        "all": _("All requests"),
        "removed": _("Removed"),
    }

"""What stands around every page of the desk: the rail with its figures, the bar of a phone, the menu."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import cast

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses
from helpdesk.tickets import facts as known_facts
from helpdesk.tickets.access import View, access_of
from helpdesk.tickets.dictionary import Named, dictionary_of
from helpdesk.tickets.facts import Frame
from helpdesk.tickets.models import Right
from helpdesk.tickets.queries import DeskCount, OwnCount
from helpdesk.web.shell import DeskShell, Item, RailGroup, RailItem, Reader, Step, other_language


def language() -> str:
    """The language of names that are data: ru or en."""
    return "ru" if (get_language() or "ru").startswith("ru") else "en"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """A queue that the reader sees, with its open requests and those of the queues below it."""

    id: int
    path: str
    name: str
    open: int = 0
    unassigned: int = 0
    overdue: int = 0

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the rail."""

    open: int
    unassigned: int
    mine: int
    waiting: int
    overdue: int
    own: OwnCount
    queues: tuple[QueueLine, ...]
    state_names: tuple[tuple[str, str], ...]
    all_state_names: tuple[tuple[str, str], ...]
    administers: bool = False
    my_queues: int = 0
    my_unassigned: int = 0
    own_queues: tuple[int, ...] = ()
    saved: tuple[tuple[View, int | None], ...] = ()
    drafts: int = 0

    @property
    def states(self) -> dict[str, str]:
        """Names of the active states by their codes."""
        return dict(self.state_names)

    @property
    def all_states(self) -> dict[str, str]:
        """Names of all states by their codes, also of those switched off: requests may stand in them."""
        return dict(self.all_state_names)

    def queue(self, queue_id: int | None) -> QueueLine | None:
        """A queue that the reader sees, by its id."""
        return next((line for line in self.queues if line.id == queue_id), None)

    def below(self, queue_id: int) -> list[int]:
        """The ids of a queue and of all below it."""
        top = self.queue(queue_id)
        return [line.id for line in self.queues if line.path.startswith(top.path)] if top else []


def figures(actor: Actor, *, at: datetime, frame: Frame | None = None) -> Figures:
    """Counts and queue names. One statement, none if `frame` is known, whatever the number of queues."""
    frame = frame or known_facts.frame(actor, at=at)
    access = access_of(actor)
    seen = tuple(queue for queue in frame.queues if queue.active and access.has(Right.READ, queue.key))
    return _figures(
        language(), tuple(frame.counts), frame.own, seen, tuple(frame.states), frame.administers, access.own_queues,
        _saved(access.saved_views, frame.along), access.drafts,
    )  # fmt: skip


def names(actor: Actor) -> Figures:
    """Queues and states without any figure. No statement."""
    access, masters = access_of(actor), dictionary_of(actor)
    seen = tuple(queue for queue in masters.queue_names if queue.active and access.has(Right.READ, queue.key))
    return _figures(
        language(), (), OwnCount(), seen, tuple(masters.state_names), access.administers, access.own_queues, (),
        access.drafts,
    )  # fmt: skip


def _saved(views: Sequence[View], counted: Sequence[int | None]) -> tuple[tuple[View, int | None], ...]:
    """Each saved list with its figure, as far as one is told."""
    known = [*counted, *[None] * len(views)]
    return tuple(zip(views, known, strict=False))


@lru_cache(maxsize=256)
def _figures(
    spoken: str, rows: tuple[DeskCount, ...], own: OwnCount, seen: tuple[Named, ...], states: tuple[Named, ...],
    administers: bool, own_queues: tuple[int, ...], saved: tuple[tuple[View, int | None], ...],  # noqa: FBT001  a key of what is kept
    drafts: int,
) -> Figures:  # fmt: skip
    found = {row.queue_id: row for row in rows}
    lines = []
    for queue in seen:
        below = [found[q.key] for q in seen if q.path.startswith(queue.path) and q.key in found]
        lines.append(
            QueueLine(
                queue.key, queue.path, queue.name(spoken), sum(row.open for row in below),
                sum(row.unassigned for row in below), sum(row.overdue for row in below),
            )
        )  # fmt: skip
    return Figures(
        open=sum(row.open for row in rows),
        unassigned=sum(row.unassigned for row in rows),
        mine=sum(row.mine for row in rows),
        waiting=sum(row.mine_waiting for row in rows),
        overdue=sum(row.overdue for row in rows),
        own=own,
        my_queues=sum(found[queue].open for queue in own_queues if queue in found),
        my_unassigned=sum(found[queue].unassigned for queue in own_queues if queue in found),
        own_queues=own_queues,
        saved=saved,
        queues=tuple(lines),
        state_names=tuple((state.key, state.name(spoken)) for state in states if state.active),
        all_state_names=tuple((state.key, state.name(spoken)) for state in states),
        administers=administers,
        drafts=drafts,
    )


def _views(known: Figures, place: str) -> tuple[RailGroup, ...]:
    def item(view: str, label: str, count: int | None, icon: str, *, late: bool = False) -> RailItem:
        href = addresses.query(addresses.HOME, view=view)
        return RailItem(label, href, count, icon, current=place == view, late=late)

    return (
        RailGroup(
            _("Mine"),
            (
                RailItem(_("Today"), addresses.HOME, None, "house", current=place == "home"),
                item("mine", _("Assigned to me"), known.mine, "user"),
                item("answered", _("New answers"), known.own.answered, "reply"),
                item("reminders", _("Reminders"), known.own.reminders, "alarm-clock"),
                item("waiting", _("Waiting for the client"), known.waiting, "message-circle-question-mark"),
                item("watched", _("Watched"), None, "eye"),
                item("mentioned", _("Mentioned"), None, "at-sign"),
                RailItem(_("My drafts"), addresses.DRAFTS, known.drafts or None, "pencil", current=place == "drafts"),
            ),
        ),
        RailGroup(
            _("Views"),
            (
                item("open", _("All open"), known.open, "inbox"),
                item("my-queues", _("My queues"), known.my_queues, "star"),
                item("overdue", _("Overdue"), known.overdue, "flame", late=True),
                item("unassigned", _("Without an owner"), known.unassigned, "user-plus"),
                item("closed", _("Closed"), None, "circle-check-big"),
                *(
                    RailItem(
                        view.name,
                        addresses.of_view(view.query),
                        count,
                        "bookmark",
                        current=place == f"saved:{view.id}",
                    )
                    for view, count in known.saved
                ),
            ),
        ),
    )


def _queues(known: Figures, place: str) -> RailGroup:
    return RailGroup(
        _("Queues"),
        tuple(
            RailItem(
                "\u2003" * line.depth + line.name, addresses.query(addresses.HOME, queue=line.id), line.open,
                current=place == f"queue:{line.id}",
            )
            for line in known.queues
        ),
    )  # fmt: skip


def _keys() -> tuple[tuple[str, str], ...]:
    return (
        ("J K", _("move through the list and from request to request")),
        ("Enter", _("open the request")),
        ("X", _("choose the row of a list")),
        ("C", _("copy the number of a row")),
        ("/", _("search")),
        ("N", _("new request")),
        ("R", _("answer")),
        ("X", _("note")),
        ("A", _("take the request")),
        ("S", _("choose the state")),
        ("L", _("lock or unlock the request")),
        ("Z", _("undo what was just done")),
        (".", _("copy the number")),
        ("Ctrl ↵", _("send")),
        ("Esc", _("leave the text; it stays")),
        ("?", _("this help")),
    )


def build(person: Person, known: Figures, *, place: str = "", words: str = "", density: str = "") -> DeskShell:
    """The shell of a page. `place`: a view's name, «queue:ID», search, new, more, admin; marks where the reader is."""
    return _built(language(), Reader(person.name, person.initials), known, place, words, density)


def frame(request: HttpRequest) -> tuple[str, dict[str, object]]:
    """What stands around a specialist's own account."""
    person = cast("Person", request.user)
    return "web/desk.html", {"shell": build(person, figures(actor_for(person), at=clock.now()))}


@lru_cache(maxsize=512)
def _built(spoken: str, reader: Reader, known: Figures, place: str, words: str, density: str) -> DeskShell:
    del spoken  # the words are in it
    groups = [*_views(known, place), _queues(known, place)]
    if known.administers:
        groups.append(RailGroup("", (RailItem(_("Settings"), addresses.ADMIN, None, "settings", place == "admin"),)))
    lists = {"open", "my-queues", "overdue", "unassigned", "closed", "all"}
    return DeskShell(
        reader,
        tuple(groups),
        (
            Step(_("Requests"), addresses.LIST, "inbox", place in lists or place.startswith("queue:")),
            Step(_("Today"), addresses.HOME, "house", place == "home"),
            Step(_("New"), addresses.NEW, "plus", place == "new"),
            Step(_("Find"), addresses.SEARCH, "search", place == "search"),
            Step(_("More"), addresses.QUEUES, "menu", place in {"more", "admin"}),
        ),
        menu=(
            Item(_("Settings"), "/account/settings/", "settings"),
            Item(_("Sign-in and devices"), "/account/security/", "user"),
            Item(_("Change the password"), "/account/password/", "key-round"),
            other_language(language()),
            Item(_("Sign out"), "/logout/", "log-out", post=True),
        ),
        new=addresses.NEW,
        search="" if place == "search" else addresses.SEARCH,  # the page has a box of its own
        query=words,
        density=density,
        keys=_keys(),
    )

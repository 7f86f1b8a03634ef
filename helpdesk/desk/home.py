"""The first page of the desk: what needs its reader now, and, for heads and dispatchers, the work of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, filters, rows
from helpdesk.desk.filters import Filters
from helpdesk.desk.shell import Figures
from helpdesk.tickets import lines, load
from helpdesk.web import formats

SHOWN = 10  # lines of a section; the rest is in its list
# in the order in which they need somebody; each a view of the list
VIEWS = ("answered", "mine-overdue", "reminders", "my-unassigned", "done", "waiting")


@dataclass(frozen=True, slots=True)
class Section:
    """One thing that needs the reader: `count` requests, the first of them as lines, and the list of all."""

    view: str
    title: str
    count: int
    href: str
    icon: str
    rows: tuple[Markup, ...] = ()

    @property
    def is_late(self) -> bool:
        return self.view == "mine-overdue" and self.count > 0


@dataclass(frozen=True, slots=True)
class Free:
    """A queue with what nobody has taken."""

    name: str
    depth: int
    count: int
    href: str
    oldest: str
    oldest_full: str


@dataclass(frozen=True, slots=True)
class Person:
    """A specialist with their load; each figure with the list that it counts."""

    name: str
    open: tuple[int, str]
    awaiting: tuple[int, str]
    overdue: tuple[int, str]
    oldest: str
    oldest_full: str


def sections(actor: Actor, known: Figures, *, now: datetime) -> tuple[Section, ...]:
    """All sections, empty ones without lines. One statement, none where all are empty."""
    wanted = [Filters(view=view) for view in VIEWS]
    counted = [filters.total(one, known) or 0 for one in wanted]
    full = [one for one, count in zip(wanted, counted, strict=True) if count]
    found = (
        lines.sections(actor, [filters.conditions(one, known) for one in full], at=now, limit=SHOWN) if full else []
    )  # fmt: skip
    shown = dict(zip((one.view for one in full), found, strict=True))
    icons = {
        "answered": "reply", "mine-overdue": "flame", "reminders": "alarm-clock", "my-unassigned": "user-plus",
        "done": "circle-check", "waiting": "message-circle-question-mark",
    }  # fmt: skip
    return tuple(
        Section(
            one.view, filters.names()[one.view], count, one.address(), icons[one.view],
            tuple(rows.each(shown.get(one.view, ()), actor, now=now, within=one.address())),
        )
        for one, count in zip(wanted, counted, strict=True)
    )  # fmt: skip


def unassigned(actor: Actor, known: Figures, *, now: datetime) -> tuple[Free, ...]:
    """The queues where something waits for an owner, those below them counted in. One statement."""
    oldest, how, found = load.oldest_unassigned(actor), rows.reading(now), []
    for line in known.queues:
        if line.unassigned:
            since = min((oldest[queue] for queue in known.below(line.id) if queue in oldest), default=None)
            age = _age(since, how)
            href = addresses.query(addresses.HOME, view="unassigned", queue=line.id)
            found.append(Free(line.name, line.depth, line.unassigned, href, *age))
    return tuple(found)


def people(actor: Actor, *, now: datetime) -> tuple[Person, ...]:
    """The specialists with what they have to do. One statement."""
    how = rows.reading(now)
    return tuple(_person(one, how) for one in load.of_specialists(actor, at=now))


def _person(one: load.Load, how: rows.Reading) -> Person:
    def of(**conditions: str) -> str:
        return addresses.query(addresses.HOME, owner=one.person_id, **conditions)

    return Person(
        one.name, (one.open, of()), (one.awaiting, of(waits="desk")), (one.overdue, of(view="overdue")),
        *_age(one.oldest, how),
    )  # fmt: skip


def _age(since: datetime | None, how: rows.Reading) -> tuple[str, str]:
    """How long ago, and the whole moment."""
    return (rows.left(how.now - since, how.language), how.full(since)) if since else ("", "")


def all_is_done(found: Sequence[Section]) -> bool:
    """Whether nothing needs the reader but what waits for others."""
    return not any(section.count for section in found if section.view != "waiting")


def today(now: datetime) -> str:
    """«понедельник, 30 ноября», for the head of the page."""
    how = rows.reading(now)
    return formats.weekday(now, zone=how.zone, language=how.language)

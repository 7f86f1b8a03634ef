"""What the desk's search is narrowed by beside the conditions of a list: as the address carries it, as rooms below take
it. Values that are none of theirs fall away (`desk.unclear` says so)."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from helpdesk.core.text import calendar
from helpdesk.core.text.safe import one_line
from helpdesk.fronts import own_fields
from helpdesk.search.around import Field
from helpdesk.search.results import FieldWanted
from helpdesk.tickets import finer

WORDS = 300  # characters
MOST_FIELDS = 20
SPANS = ("event", *finer.MOMENTS)  # each has a first and a last day
PLACES = ("subject", "text", "file", "note")
_YEARS = range(1970, 2200)
_FIELD = re.compile(r"field_[a-z0-9_]{1,60}")


def _words(typed: str) -> str:
    return one_line(typed, WORDS)


def _whole(typed: str) -> str:
    return str(int(typed)) if typed.isascii() and typed.isdigit() and len(typed) <= 18 else ""


def _day(typed: str) -> str:
    try:
        found = calendar.day(typed.strip()) if typed.strip() else None
    except ValueError:
        return ""
    return found.isoformat() if found and found.year in _YEARS else ""


def _flag(typed: str) -> str:
    return "1" if typed == "1" else ""


def _one_of(*known: str) -> Callable[[str], str]:
    return lambda typed: typed if typed in known else ""


# how each condition is read, in the order of an address
READ: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(PLACES, _words),
    "number": _words,
    "letter": _words,
    "category": _whole,
    "staff": _words,
    "part": _words,
    "author": _whole,
    "watcher": _whole,
    "locked": _whole,
    "channel": _one_of(*finer.CHANNELS),
    "born": _whole,
    "event": _one_of(*finer.HAPPENED),
    **{f"{name}_{edge}": _day for name in SPANS for edge in ("from", "to")},
    **dict.fromkeys(("files", "unread", "undelivered"), _flag),
}


@dataclass(frozen=True, slots=True)
class Finer:
    """The conditions that are set: (name, value as it stands in an address), in order."""

    values: tuple[tuple[str, str], ...] = ()

    def get(self, name: str) -> str:
        """The value of one; empty where it is not set."""
        return dict(self.values).get(name, "")

    def number(self, name: str) -> int | None:
        """The id or figure of one; None where it is not set."""
        found = self.get(name)
        return int(found) if found else None

    def without(self, *names: str) -> "Finer":
        """The others."""
        return Finer(tuple(pair for pair in self.values if pair[0] not in names))

    def added(self, name: str, value: str) -> "Finer":
        """With one more."""
        return Finer((*self.values, (name, value)))

    def day(self, name: str) -> date | None:
        """The day of one."""
        found = self.get(name)
        return date.fromisoformat(found) if found else None

    def span(self, name: str) -> tuple[datetime | None, datetime | None]:
        """From the midnight of the first day to that after the last one, in the reader's zone."""
        first, last = self.day(f"{name}_from"), self.day(f"{name}_to")
        return _midnight(first), _midnight(last + timedelta(days=1) if last else None)

    @property
    def own(self) -> list[tuple[str, str]]:
        """The queues' own fields among them."""
        return [(name, value) for name, value in self.values if name.startswith("field_")]


NOTHING = Finer()


def read(values: Mapping[str, str]) -> Finer:
    """The conditions of an address; what cannot be understood is left out."""
    found = [(name, clean(values[name].replace("\0", ""))) for name, clean in READ.items() if values.get(name)]
    own = [(name, _words(value)) for name, value in values.items() if _FIELD.fullmatch(name)][:MOST_FIELDS]
    return Finer(tuple((name, value) for name, value in [*found, *own] if value))


def _midnight(when: date | None) -> datetime | None:
    return timezone.make_aware(datetime.combine(when, time())) if when else None


def of_fields(conditions: Finer, fields: Sequence[Field]) -> tuple[FieldWanted, ...] | None:
    """What the queues' own fields must hold; None where one is asked for that is not there, or cannot hold that."""
    known = {name: one for one in fields for name in own_fields.names_of(one)}
    found: list[FieldWanted] = []
    for name, typed in conditions.own:
        if name not in known:
            return None
        try:
            found += own_fields.wanted(known[name], name, typed)
        except ValueError:
            return None
    return tuple(found)


def further(conditions: Finer, below: Callable[[int], Sequence[int]]) -> finer.Finer:
    """The conditions that the domain knows. `below`: the ids of a queue and those below it."""
    since, until = conditions.span("event")
    born = conditions.number("born")
    return finer.Finer(
        locked=conditions.number("locked"),
        watcher=conditions.number("watcher"),
        took_part=conditions.get("part"),
        channel=conditions.get("channel"),
        letter=conditions.get("letter"),
        born=None if born is None else tuple(below(born)),
        event=conditions.get("event"),
        since=since,
        until=until,
        moments=tuple(_moments(conditions)),
        undelivered=bool(conditions.get("undelivered")),
    )


def _moments(conditions: Finer) -> Iterator[tuple[str, datetime | None, datetime | None]]:
    for name in finer.MOMENTS:
        start, end = conditions.span(name)
        if start or end:
            yield name, start, end

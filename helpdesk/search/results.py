"""What a search asks for and what it gives back; cursors that name a place in results. Pure."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from helpdesk.tickets.lines import Line


class Notice(StrEnum):
    """What the reader should know about how the words were understood."""

    NO_WORDS = "no_words"  # nothing but signs
    COMMON_WORDS = "common_words"  # words too common to search for
    ONLY_WITHOUT = "only_without"  # only what must not occur
    COMMON_BESIDE = "common_beside"  # those of one place were left out; there may be results
    LONG_WORDS = "long_words"  # longer ones than any index holds were left out; there may be results
    SHORTENED = "shortened"  # the end of a very long query was left out; there are results


NOTES = "n"  # in place of a weight: rows that clients do not see


class Span(NamedTuple):
    """A time: aware moments, `start` counts in, `end` does not; None is open."""

    start: datetime | None = None
    end: datetime | None = None


EVER = Span()


class Way(StrEnum):
    """How a value of a queue's own field is compared."""

    HOLDS = "holds"  # every word of the value typed, also as a part of a word
    IS = "is"
    FROM = "from"  # that day or figure, or later
    TO = "to"


class FieldWanted(NamedTuple):
    """What a queue's own field must hold: words, a figure or a day."""

    key: str
    way: Way
    value: str | int | date


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """Words and conditions; empty ones do not narrow. Times are aware: `created_from` counts in, `created_to` not.

    `subject`, `text`, `file`: words (in the language of `q`) of that place alone; `note`: of internal notes, which only
    find for whoever may read them. `further`: a condition of the front's own, as SQL on `tickets_ticket t`. `staff`:
    the name of a specialist who has answered, or some of it; `handler`: of the one who is shown to clients as answering
    now; `observer`: somebody of the clients' side. `awaits_me`: open requests of this person's own that wait for them.
    """

    q: str = ""
    states: tuple[str, ...] = ()
    queues: tuple[int, ...] = ()
    created_from: datetime | None = None
    created_to: datetime | None = None
    phase: str = ""  # open, closed; empty or "all": every one
    subject: str = ""
    text: str = ""
    file: str = ""
    note: str = ""
    number: str = ""  # a part of it; with «*» at its end, its beginning
    priorities: tuple[int, ...] = ()
    category: int | None = None  # or one below it
    author: int | None = None
    staff: str = ""
    handler: str = ""
    observer: int | None = None
    company: int | None = None
    changed: Span = EVER  # by what clients see of it
    closed: Span = EVER
    answered: Span = EVER  # the last word of either side
    fields: tuple[FieldWanted, ...] = ()
    has_files: bool = False
    awaits_me: bool = False
    unread: bool = False
    by_fit: bool = False  # the best of the newest first, instead of the newest; where there are words
    further: tuple[str, tuple[Any, ...]] = ("", ())
    beside: frozenset[str] = frozenset()  # places whose words only leave out: they narrow what others find

    @property
    def words(self) -> tuple[str, str]:
        """The words that are looked for in the index, and among which they must stand (a weight; "" for any)."""
        return next((words for name, words in self.places.items() if name not in self.beside), ("", ""))

    @property
    def other_words(self) -> list[tuple[str, str]]:
        """Words of one place beside `words`, and which place it is."""
        looked_for = [words for name, words in self.places.items() if name not in self.beside][1:]
        return [*looked_for, *(words for name, words in self.places.items() if name in self.beside)]

    @property
    def narrows(self) -> bool:
        """Whether anything narrows but words."""
        bare = replace(self, **_NO_PLACE, phase="" if self.phase == "all" else self.phase, by_fit=False)
        return bare != SearchRequest()

    @property
    def places(self) -> dict[str, tuple[str, str]]:
        """Each place that has words: these, and the weight that they have in the index."""
        known = (("q", ""), ("text", "c"), ("file", "b"), ("subject", "a"), ("note", NOTES))
        return {name: (getattr(self, name), among) for name, among in known if getattr(self, name).strip()}


_NO_PLACE: dict[str, Any] = {"q": "", "text": "", "file": "", "subject": "", "note": "", "beside": frozenset()}


class Part(NamedTuple):
    """A piece of plain text (to be escaped), `found` where it is a word that was searched for."""

    text: str
    found: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """A request with its subject and the passage of its newest matching article that this reader sees. `held`: what
    its fields hold that were asked for, by their keys."""

    line: Line
    subject_parts: list[Part]
    snippet_parts: list[Part]
    held: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, the newest first. `total_hint`: how many there are, where that is known; `more_than`: that there
    are more than so many; `passed`: how many stand on the pages before; `passed_over`: words that no index holds,
    beside others that are found."""

    items: list[Hit] = field(default_factory=list)
    next_cursor: str = ""
    notice: Notice | None = None
    total_hint: int | None = None
    more_than: int = 0
    passed: int = 0
    passed_over: tuple[str, ...] = ()


class Mode(StrEnum):
    """Which list a cursor goes on in."""

    WORDS = "w"
    TOGETHER = "t"  # words that different rows of a request hold
    PARTS = "p"  # of words, in number and subject
    LIST = "l"  # conditions alone
    FIT = "f"  # the best of the newest; its place is the figure of the row


class Place(NamedTuple):
    """The last row of a page; `passed`: how many stand up to it."""

    mode: Mode
    at: datetime
    id: int
    passed: int = 0


def to_cursor(place: Place) -> str:
    """The text that stands in an address."""
    plain = f"{place.mode.value}|{place.at.isoformat()}|{place.id}|{place.passed}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def from_cursor(text: str | None) -> Place | None:
    """The place that a cursor names; None for none and for anything that is no cursor of ours."""
    if not text or len(text) > 200:
        return None
    try:
        mode, at, row, *passed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().split("|")
        place = Place(Mode(mode), datetime.fromisoformat(at), int(row), int("".join(passed) or "0"))
    except (ValueError, binascii.Error):
        return None
    is_ours = place.at.tzinfo and 1970 <= place.at.year < 2200 and 0 <= place.id < 2**63 and 0 <= place.passed < 2**31
    return place if is_ours else None

"""What narrows a client's search, as it stands in the address; what cannot be understood is said at its field."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from helpdesk.core import clock
from helpdesk.core.text import calendar
from helpdesk.core.text.safe import one_line
from helpdesk.fronts import own_fields
from helpdesk.search.around import Around, Field
from helpdesk.search.language import read as understood
from helpdesk.search.queries import only_leaves_out
from helpdesk.search.results import FieldWanted, SearchRequest, Span, Way
from helpdesk.search.saved import Kept
from helpdesk.tickets import numbers
from helpdesk.tickets.models import Category, Priority, Queue, State
from helpdesk.web import formats

HIDDEN_STATES = frozenset({"merged", "removed"})  # in lists; a search finds what was merged
SHOWN = 40  # characters of a value that is told back
LONGEST = 10_000  # characters of words that are looked at
MOST_DAYS = 3_660
MOMENTS = ("created", "answered", "changed", "closed")
FLAGS = ("awaiting", "unread", "files")


@dataclass(frozen=True, slots=True)
class Choice:
    """A state as clients know it. `code` stands in addresses; `codes` are all that share the name («В работе»)."""

    code: str
    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Offered:
    """What the conditions of one reader may name."""

    language: str
    states: Sequence[Choice]
    queues: Sequence[tuple[int, str]]
    priorities: Sequence[Priority]
    categories: Sequence[Category]
    around: Around


class Said(NamedTuple):
    """A condition that was understood: as it stands in the address, and in words; without a label it is no condition
    but how the results stand."""

    name: str
    value: str
    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The conditions that are understood. `wrong`: a sentence by the field of each that is not; `typed`: all values
    as they were typed, for the form; `gone`: those that name what is not offered, which nobody typed here."""

    wanted: SearchRequest
    said: tuple[Said, ...] = ()
    wrong: dict[str, str] = field(default_factory=dict)
    typed: dict[str, list[str]] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    @property
    def is_old(self) -> bool:
        """Whether all that is wrong comes with an address that is out of date: there is no slip of the keyboard to be
        led to."""
        return bool(self.wrong) and self.gone.issuperset(self.wrong)

    def address(self, *, without: str = "", **more: str) -> str:
        """The address of these conditions, one of them left out (by its name, or name:value), with more added."""
        kept = [(one.name, one.value) for one in self.said if without not in {one.name, f"{one.name}:{one.value}"}]
        kept = [pair for pair in kept if pair[0] not in more]
        return "?" + urlencode([*kept, *((name, value) for name, value in more.items() if value)])

    @property
    def conditions(self) -> list[Said]:
        """What narrows."""
        return [one for one in self.said if one.label]

    def value(self, name: str) -> str:
        """What was typed into a field of one value, short enough to stand there again."""
        return (self.typed.get(name) or [""])[0]

    def is_no_day(self, name: str) -> bool:
        """Whether what was typed into a field of a day is none: a browser's own field of dates shows nothing of it."""
        return name in self.wrong and all(one.name != name for one in self.said)

    def day(self, name: str) -> str:
        """What stands in a field of a day: the day as browsers write it, else what was typed."""
        said = next((one.value for one in self.said if one.name == name), "")
        return said or self.value(name)


def choices(states: list[State], language: str, *, hidden: Collection[str] = HIDDEN_STATES) -> list[Choice]:
    """States by the names that clients know: how the desk tells apart what shares one is not theirs to see."""
    codes: dict[str, list[str]] = {}
    for state in states:
        if state.code not in hidden:
            codes.setdefault(state.name(language, for_client=True), []).append(state.code)
    return [Choice(found[0], name, tuple(found)) for name, found in codes.items()]


def recipients(queues: Sequence[Queue], language: str) -> list[tuple[int, str]]:
    """Id and name of each; one that takes no more requests says so: another may have its name now."""
    return [
        (
            one.pk,
            _("%(name)s (no longer used)") % {"name": one.name(language)} if one.inactive_at else one.name(language),
        )
        for one in queues
    ]


def read(get: QueryDict, offered: Offered, kept: Sequence[Kept] = ()) -> Asked:
    """The conditions of an address. `kept`: those of the saved search that led here, which name what is gone."""
    reader = _Reader(get, offered, {(one.name, one.value): one.words for one in kept})
    narrowed: dict[str, Any] = {
        "q": reader.words("q", _("words")),
        "number": reader.number(),
        "subject": reader.words("subject", _("in the subject")),
        "text": reader.words("text", _("in the text")),
        "file": reader.words("file", _("in names of files")),
        "states": reader.states(),
        "queues": reader.queues(),
        "priorities": reader.priorities(),
        "category": reader.category(),
        "author": reader.author(),
        "staff": reader.line("staff", _("who answered")),
        "handler": reader.line("handler", _("answers")),
        "observer": reader.observer(),
        "company": reader.company(),
    }
    created = reader.span("created")
    narrowed |= {name: reader.span(name) for name in MOMENTS[1:]}
    wanted = SearchRequest(
        **narrowed,
        created_from=created.start,
        created_to=created.end,
        fields=reader.fields(),
        awaits_me=reader.flag("awaiting", _("awaiting my answer")),
        unread=reader.flag("unread", _("with something unread")),
        has_files=reader.flag("files", _("with files")),
        by_fit=reader.sort(),
    )
    reader.only_without(wanted)
    return Asked(wanted, tuple(reader.said), reader.wrong, reader.typed(), frozenset(reader.gone))


def told(kept: Sequence[Kept], offered: Offered) -> list[str]:
    """What a saved search narrows by, each condition as on its chip, in the reader's language and by what they may see;
    of what is gone the words that it was saved with."""
    get = QueryDict(mutable=True)
    for one in kept:
        get.appendlist(one.name, one.value)
    said = {(one.name, one.value): one for one in read(get, offered).said}
    found = []
    for one in kept:
        now = said.get((one.name, one.value))
        label = now.label if now else _label_of_gone(one.name, offered)
        words = now.words if now else one.words or _("not shown to you")
        if label:
            found.append(f"{label}: {words}")
    return found


def _label_of_gone(name: str, offered: Offered) -> str:
    """How a condition is called whose value is not offered; "" for one that there never was."""
    labels = {"state": _("state"), "queue": _("recipient"), "priority": _("priority"), "category": _("category"),
              "author": _("author"), "observer": _("observer"), "company": _("company")}  # fmt: skip
    for one in offered.around.fields:
        labels |= dict.fromkeys(own_fields.names_of(one), one.label(offered.language).lower())
    return labels.get(name, _("field of the recipient") if name.startswith("field_") else "")


class _Reader:
    """Reads one condition after another; keeps what was said and what is wrong."""

    def __init__(self, get: QueryDict, offered: Offered, kept: Mapping[tuple[str, str], str]) -> None:
        self.get, self.offered, self.kept = get, offered, kept
        self.said: list[Said] = []
        self.wrong: dict[str, str] = {}
        self.gone: set[str] = set()

    def typed(self) -> dict[str, list[str]]:
        """All values for the form: what is wrong as it was typed, shortened."""
        return {
            name: [_told(value) if name in self.wrong else value.replace("\0", "")[:LONGEST] for value in values]
            for name, values in self.get.lists()
        }

    def _one(self, name: str) -> str:
        return self.get.get(name, "").replace("\0", "").strip()[:LONGEST]

    def _many(self, name: str) -> list[str]:
        return list(dict.fromkeys(value.replace("\0", "") for value in self.get.getlist(name)[:500] if value.strip()))

    def _say(self, name: str, value: str, label: str, words: str) -> None:
        self.said.append(Said(name, value, label, words))

    def _gone(self, name: str, value: str, sentence: str, no_longer: str) -> None:
        """Nobody offers this: never did, or a saved search knows it by a name, which a colleague's keeps to itself.
        What stands in the address is a key that tells people nothing."""
        self.gone.add(name)
        words = self.kept.get((name, value))
        if words == "":
            self.wrong[name] = _("This search names what is not shown to you: choose something else or leave it out")
            return
        self.wrong[name] = no_longer % {"typed": _told(words)} if words else sentence

    def words(self, name: str, label: str) -> str:
        text = self.get.get(name, "").replace("\0", "")[:LONGEST]
        if not text or (name != "q" and not text.strip()):
            return ""
        if name != "q" and not understood(text).terms:  # for the words of all places the page has a place of its own
            self.wrong[name] = _("There is nothing to search for: type at least one word")
        self._say(name, text, label, text[:60])
        return text

    def only_without(self, wanted: SearchRequest) -> None:
        """Words that only leave out narrow what other conditions find; alone, each of them says so at its place."""
        if self.wrong or wanted.narrows or not only_leaves_out(wanted):
            return
        self.wrong |= dict.fromkeys(wanted.places, _("Say what to find as well, not only what to leave out"))
        self.said = [one for one in self.said if one.name not in self.wrong]

    def number(self) -> str:
        text = self._one("number")
        bare = text.rstrip("* ")
        digits = numbers.typed(bare) or "".join(bare.removeprefix("№").replace("#", "").split())
        if text and not (digits.isascii() and digits.isdecimal() and len(digits) <= 50):
            self.wrong["number"] = _("“%(typed)s” is not a number: write its figures or some of them") % {
                "typed": _told(text)
            }
            return ""
        digits += "*" if text.endswith("*") else ""
        if digits:
            self._say("number", digits, _("number"), digits)
        return digits

    def line(self, name: str, label: str) -> str:
        text = one_line(self._one(name), 200)
        if text:
            self._say(name, text, label, text[:60])
        return text

    def states(self) -> tuple[str, ...]:
        known = {state.code: state for state in self.offered.states}
        asked = self._many("state")
        for code in asked:
            if code not in known:
                self._gone("state", code, _("There is no such state: choose one from the list"),
                           _("The state “%(typed)s” is no longer there: choose another one"))  # fmt: skip
                break
        chosen = [state for state in self.offered.states if state.code in asked]
        for state in chosen:
            self._say("state", state.code, _("state"), state.name)
        return tuple(code for state in chosen for code in state.codes)

    def queues(self) -> tuple[int, ...]:
        known = {str(pk): name for pk, name in self.offered.queues}
        chosen = []
        for value in self._many("queue"):
            if value in known:
                chosen.append(int(value))
                self._say("queue", value, _("recipient"), known[value])
            else:
                self._gone("queue", value, _("There is no such recipient: choose one from the list"),
                           _("The recipient “%(typed)s” is no longer there: choose another one"))  # fmt: skip
        return tuple(chosen)

    def priorities(self) -> tuple[int, ...]:
        known = {str(one.rank): one for one in self.offered.priorities}
        chosen = []
        for value in self._many("priority"):
            if value in known:
                chosen.append(known[value].rank)
                name = known[value].name_ru if self.offered.language == "ru" else known[value].name_en
                self._say("priority", value, _("priority"), f"{name} – {value}")
            else:
                self._gone("priority", value, _("There is no such priority: choose one from the list"),
                           _("The priority “%(typed)s” is no longer there: choose another one"))  # fmt: skip
        return tuple(chosen)

    def _of_ids(self, name: str, label: str, known: Mapping[str, str], sentence: str, no_longer: str) -> int | None:
        value = self._one(name)
        if not value:
            return None
        if value not in known:
            self._gone(name, value, sentence, no_longer)
            return None
        self._say(name, value, label, known[value])
        return int(value)

    def category(self) -> int | None:
        names = {str(one.pk): one.name(self.offered.language) for one in self.offered.categories}
        return self._of_ids("category", _("category"), names,
                            _("There is no such category: choose one from the list"),
                            _("The category “%(typed)s” is no longer there: choose another one"))  # fmt: skip

    def author(self) -> int | None:
        names = {str(pk): name for pk, name in self.offered.around.people}
        return self._of_ids("author", _("author"), names,
                            _("There is no such colleague, or their requests are not shown to you:"
                              " choose one from the list"),
                            _("Requests of “%(typed)s” are no longer shown to you: choose somebody else"))  # fmt: skip

    def observer(self) -> int | None:
        names = {str(pk): name for pk, name in self.offered.around.people}
        return self._of_ids("observer", _("observer"), names,
                            _("There is no such colleague, or what they observe is not shown to you:"
                              " choose one from the list"),
                            _("What “%(typed)s” observes is no longer shown to you: choose somebody else"))  # fmt: skip

    def company(self) -> int | None:
        names = {str(pk): name for pk, name in self.offered.around.companies}
        return self._of_ids("company", _("company"), names,
                            _("There is no such company among yours: choose one from the list"),
                            _("You no longer belong to “%(typed)s”: choose another company"))  # fmt: skip

    def flag(self, name: str, label: str) -> bool:
        if self._one(name) != "1":
            return False
        self._say(name, "1", label, _("yes"))
        return True

    def sort(self) -> bool:
        if self._one("sort") != "fit":
            return False
        self._say("sort", "fit", "", "")
        return True

    def span(self, moment: str) -> Span:
        """From, to and «in the last N days» of a moment; of the first one the names are without it."""
        start, end, last = names_of(moment)
        since, until, days = self._day(start), self._day(end), self._days(last)
        if since and until and since > until:
            self.wrong[end] = _before_from()
        if days and (since or until):
            self.wrong[last] = _("Keep one of both: dates, or a number of days")
        labels = span_labels()[moment]
        for name, day, label in ((start, since, labels[0]), (end, until, labels[1])):
            if day:
                written = formats.day(day, language=self.offered.language, today=_far_from(day))
                self._say(name, str(day), label, written)
        if days:
            self._say(last, str(days), labels[2], ngettext("%(num)d day", "%(num)d days", days) % {"num": days})
            today = clock.now().astimezone(get_current_timezone()).date()
            return Span(_midnight(today - timedelta(days=days - 1)))
        return Span(_midnight(since), _midnight(until + timedelta(days=1) if until and until < date.max else None))

    def _day(self, name: str) -> date | None:
        text = self._one(name)
        try:
            return calendar.day(text) if text else None
        except ValueError:
            self.wrong[name] = _("“%(typed)s” is not a date: write it as 24.11.2026") % {"typed": _told(text)}
            return None

    def _days(self, name: str) -> int:
        text = self._one(name)
        if not text:
            return 0
        if text.isascii() and text.isdecimal() and 0 < int(text[:9]) <= MOST_DAYS and len(text) < 9:
            return int(text)
        self.wrong[name] = _("Write a number of days from 1 to %(most)d") % {"most": MOST_DAYS}
        return 0

    def fields(self) -> tuple[FieldWanted, ...]:
        """What the queues' own fields must hold."""
        found: list[FieldWanted] = []
        for one in self.offered.around.fields:
            found += self._field(one)
        names = {name for one in self.offered.around.fields for name in own_fields.names_of(one)}
        for name in self.get:
            if name.startswith("field_") and name not in names and (value := self._one(name)):
                told = {"typed": _told(self.kept.get((name, value)) or value)}
                self.wrong["fields"] = _("The field that held “%(typed)s” is not there: search without it") % told
        return tuple(found)

    def _field(self, one: Field) -> list[FieldWanted]:
        label, name = one.label(self.offered.language).lower(), f"field_{one.key}"
        if one.kind == "date":
            return self._dates(one, name, label)
        value = self._one(name)
        if not value:
            return []
        if one.kind in {"month", "period"}:
            return self._month(one, name, label, value)
        if one.kind in {"choice", "check"}:
            return self._choice(one, name, label, value)
        if one.kind == "number":
            return self._number(one, name, label, value)
        text = one_line(value, own_fields.WORDS)
        self._say(name, text, label, text[:60])
        return own_fields.wanted(one, name, text)

    def _number(self, one: Field, name: str, label: str, value: str) -> list[FieldWanted]:
        try:
            found = own_fields.wanted(one, name, value)
        except ValueError:
            self.wrong[name] = _("“%(typed)s” is not a whole number") % {"typed": _told(value)}
            return []
        bare = "".join(value.split())
        self._say(name, bare, label, bare)
        return found

    def _dates(self, one: Field, name: str, label: str) -> list[FieldWanted]:
        found = []
        for edge, way, side in (
            ("from", Way.FROM, pgettext("date", "from")),
            ("to", Way.TO, pgettext("date", "until")),
        ):
            if day := self._day(f"{name}_{edge}"):
                found.append(FieldWanted(one.key, way, day))
                written = formats.day(day, language=self.offered.language, today=_far_from(day))
                self._say(f"{name}_{edge}", str(day), f"{label} {side}", written)
        days = [wanted.value for wanted in found]
        if days != sorted(days):
            self.wrong[f"{name}_to"] = _before_from()
        return found

    def _month(self, one: Field, name: str, label: str, value: str) -> list[FieldWanted]:
        try:
            found = own_fields.wanted(one, name, value)
        except ValueError:
            self.wrong[name] = _("“%(typed)s” is not a month: write it as 11.2026") % {"typed": _told(value)}
            return []
        first = found[0].value
        self._say(name, f"{first:%Y-%m}", label,
                  formats.calendar(f"{first:%Y-%m}", "month", language=self.offered.language))  # fmt: skip
        return found

    def _choice(self, one: Field, name: str, label: str, value: str) -> list[FieldWanted]:
        names = dict(own_fields.options_of(one, self.offered.language))
        if value not in names:
            self._gone(name, value, _("There is no such value here: choose from the list"),
                       _("“%(typed)s” is no longer offered: choose another value"))  # fmt: skip
            return []
        self._say(name, value, label, names[value])
        return own_fields.wanted(one, name, value)


def names_of(moment: str) -> tuple[str, str, str]:
    """The names in an address of a moment's from, to and last days."""
    prefix = "" if moment == "created" else f"{moment}_"
    return f"{prefix}from", f"{prefix}to", f"{prefix}days"


def span_labels() -> dict[str, tuple[str, str, str]]:
    """How the conditions of each moment are called on chips: from, until, in the last."""
    return {
        "created": (_("created from"), _("created until"), _("created in the last")),
        "answered": (_("last answer from"), _("last answer until"), _("last answer in the last")),
        "changed": (_("changed from"), _("changed until"), _("changed in the last")),
        "closed": (_("closed from"), _("closed until"), _("closed in the last")),
    }


def any_one() -> str:
    """The choice that does not narrow."""
    return pgettext("recipient", "any")


def _before_from() -> str:
    return _("This date is before the “From” date: correct one of them")


def _far_from(day: date) -> date:
    """A day of another year, beside which `day` is written out in full; every year has a first of January."""
    return date(3 if day.year < 3 else 1, 1, 1)


def _told(text: str) -> str:
    return one_line(text, SHOWN)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), get_current_timezone()) if day else None

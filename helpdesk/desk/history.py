"""The history in words: codes and ids of events become sentences in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.tickets.facts import Facts
from helpdesk.tickets.pages import Event
from helpdesk.web.jinja import current_language, date_text
from helpdesk.web.jinja import ticket as web_number

SLIP = timedelta(seconds=10)  # a value that stood no longer was a slip of the hand, and is not worth a word


@dataclass(frozen=True, slots=True)
class Change:
    """One event, or several that go on with one another: what happened; from what, over what, to what."""

    what: str
    old: str = ""
    new: str = ""
    since: datetime | None = None  # since when the newest value stands
    between: tuple[str, ...] = ()

    @property
    def line(self) -> Markup:
        """In one line: «очередь: Ошибка → Консультация»; what was nothing before is not worth a word."""
        if not self.new:
            return escape(self.what)
        steps = [step for step in (self.old, *self.between, self.new) if step]
        if len(steps) > 1 and steps[0] in {_("none"), _("nobody")}:
            del steps[0]
        return Markup("{}: {}").format(self.what, Markup(" → ").join(Markup("<b>{}</b>").format(s) for s in steps))

    def then(self, later: "Change") -> "Change | None":
        """Both in one, where `later` goes on with the same field; None where it does not.

        The value between them is told where it stood longer than a slip.
        """
        if self.what != later.what or not self.new or self.new != later.old:
            return None
        stood = later.since - self.since if later.since and self.since else SLIP
        kept = (self.new,) if stood > SLIP else ()
        return Change(self.what, self.old, later.new, later.since, (*self.between, *kept))

    @property
    def is_nothing(self) -> bool:
        """From a value to the same one over none, as after a slip and its taking back."""
        return bool(self.new) and self.old == self.new and not self.between


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the full history."""

    who: str
    door: str
    at: datetime
    change: Change
    why: str
    seq: int
    is_key: bool


class Words:
    """The names that events mean by their codes and ids."""

    def __init__(self, facts: Facts, language: str) -> None:
        self.language = language
        self.queues = {row.key: row.name(language) for row in facts.frame.queues}
        self.states = {row.key: row.name(language) for row in facts.frame.states}
        self.categories = {row.key: row.name(language) for row in facts.categories}
        self.types = {row.key: row.name(language) for row in facts.types}
        self.people, self.companies, self.tags = facts.people, facts.companies, facts.tag_names
        self.numbers = facts.ties.numbers

    def of(self, field: str, value: Any) -> str:
        """A value in words; «никто» and «нет» for none."""
        if value is None:
            return _("nobody") if field in {"owner", "responsible", "lock"} else _("none")
        if field == "due_at":
            return date_text(datetime.fromisoformat(value))
        if field == "tags":
            return ", ".join(sorted((str(self.tags.get(pk, pk)) for pk in value), key=str.casefold)) or _("none")
        if field == "client":
            company = self.companies.get(value["company"] or 0, "")
            return " · ".join(filter(None, (self.people.get(value["author"], "?"), company)))
        known = {
            "type": self.types, "lock": self.people,
            "queue": self.queues, "state": self.states, "category": self.categories, "owner": self.people,
            "responsible": self.people, "author": self.people, "observer": self.people,
        }.get(field)  # fmt: skip
        return str(known.get(value, value)) if known is not None else str(value)

    def change(self, event: Event) -> Change:
        """What an event says."""
        if event.undoes is None and (said := _of_oneself(event)):
            return Change(said)
        if event.verb in {"observer_added", "observer_removed"}:
            name = self.of("observer", event.new if event.new is not None else event.old)
            return Change(_said(event), "", name)
        if event.verb in TIED:
            return Change(_tied(event), "", self._number(event))
        if event.field == "checklist":
            return Change(_said(event), "", _items(event))
        field = event.field if event.field in _fields(self.language) else ""
        if event.verb == "brought_back":
            return Change(_said(event), "", self.of("state", event.new))
        if not field or event.verb == "replied":
            return Change(_said(event))
        return self._from_to(event, field)

    def _number(self, event: Event) -> str:
        """The number of the request that an event names, where the reader sees it."""
        named = self.numbers.get((event.new or event.old or {}).get("ticket", 0), "")
        return web_number(named) if named else _("another request")

    def _from_to(self, event: Event, field: str) -> Change:
        what = _fields(self.language)[field]
        return Change(what, self.of(field, event.old), self.of(field, event.new), event.happened_at)

    def state_change(self, event: Event) -> Change | None:
        """The change of state that came with an answer."""
        if event.field != "state" or event.verb not in {"replied", "auto_closed"}:
            return None
        return self._from_to(event, "state")


@lru_cache(maxsize=8)
def _fields(language: str) -> dict[str, str]:
    """Names of fields, put into words once a language."""
    del language
    return {
        "queue": _("queue"),
        "state": _("state"),
        "owner": _("owner"),
        "responsible": _("responsible"),
        "author": _("author"),
        "priority": _("priority"),
        "category": _("category"),
        "type": _("type"),
        "tags": _("tags"),
        "subject": _("subject"),
        "client": _("client"),
        "lock": _("lock"),
        "due_at": _("promised time"),
    }


TIED = frozenset({"merged", "unmerged", "took_in", "let_go", "linked", "unlinked", "split", "split_from", "unsplit"})


def _tied(event: Event) -> str:
    """What an event says of another request, whose number follows."""
    said = event.new or event.old or {}
    way = said.get("kind", ""), said.get("way", "")
    return _tied_of(event.verb, *way, current_language())


@lru_cache(maxsize=64)
def _tied_of(verb: str, kind: str, way: str, language: str) -> str:
    del language
    if verb not in {"linked", "unlinked"}:
        return {
            "merged": _("merged into"), "unmerged": _("taken out again of"), "took_in": _("merged with it"),
            "let_go": _("taken out again"), "split": _("split off into"), "split_from": _("split off from"),
            "unsplit": _("no longer split off"),
        }[verb]  # fmt: skip
    if verb == "unlinked":
        return _("link removed")
    return {
        ("parent", "out"): _("has a child"), ("parent", "in"): _("belongs to"), ("duplicate", "out"): _("repeats"),
        ("duplicate", "in"): _("repeated by"), ("follow_up", "out"): _("goes on in"),
        ("follow_up", "in"): _("goes on from"),
    }.get((kind, way), _("linked with"))  # fmt: skip


def _items(event: Event) -> str:
    """What stands in the items that an event names."""
    said = event.new or event.old or []
    return "; ".join(str(row["text"]) for row in (said if isinstance(said, list) else [said]))


def _said(event: Event) -> str:
    if event.verb in TIED:
        return _tied(event)
    return _said_of(event.verb, event.cause, current_language())


@lru_cache(maxsize=256)
def _said_of(verb: str, cause: str, language: str) -> str:
    del language
    if verb == "opened":
        return {
            "mail": _("created by mail"), "phone": _("created by phone"), "import": _("imported from another system"),
        }.get(cause, _("created the request"))  # fmt: skip
    return {
        "replied": _("answer"),
        "noted": _("internal note"),
        "auto_answered": _("automatic reply"),
        "auto_closed": _("closed by itself"),
        "reminded": _("reminder came up"),
        "observer_added": _("added an observer"),
        "observer_removed": _("removed an observer"),
        "brought_back": _("brought back, to"),
        "watched": _("watches the request"),
        "unwatched": _("no longer watches the request"),
        "items_added": _("to be done"),
        "item_done": _("done"),
        "item_undone": _("not done after all"),
        "item_dropped": _("struck off the list"),
        "letter_failed": _("a letter was not delivered"),
        "letter_delivered": _("the letter was sent after all"),
    }.get(verb, verb)


def _of_oneself(event: Event) -> str:
    """What a change of owner or lock is called where it names nobody else; empty for others."""
    if event.verb == "owner_set" and event.new is not None and event.new == event.actor_id:
        return _("took the request")
    if event.verb == "owner_set" and event.new is None:
        return _("left the request without an owner")
    if event.verb == "locked" and event.new == event.actor_id:
        return _("locked the request")
    return _("unlocked the request") if event.verb == "unlocked" and event.old == event.actor_id else ""


def who(event: Event) -> str:
    """The name of the actor; the desk itself where nobody acted."""
    return event.actor or _("HelpDesk")


def in_short(events: Sequence[Event]) -> str:
    """Who changed what, without the values: «Илья Орлов: берёт заявку, состояние; Анна Ковалёва: очередь»."""
    told: dict[str, list[str]] = {}
    for event in events:
        what = _of_oneself(event) or _fields(current_language()).get(event.field) or _said(event)
        words = told.setdefault(who(event), [])
        if what not in words:
            words.append(what)
    return "; ".join(f"{name}: {', '.join(words)}" for name, words in told.items())


def _door(event: Event) -> str:
    return {
        "mail": _("by mail"), "phone": _("by phone"), "automation": _("automatically"), "import": _("import"),
        "api": "API", "cli": _("command line"),
    }.get(event.cause, "")  # fmt: skip


def entries(events: Sequence[Event], words: Words) -> list[Entry]:
    """All events in words, the newest first."""
    found = []
    for event in reversed(events):
        if with_answer := words.state_change(event):
            found.append(_entry(event, with_answer))
        change = Change(_said(event)) if with_answer else words.change(event)
        if event.undoes is not None and event.verb not in TIED:
            change = replace(change, what=_("%(what)s (undone)") % {"what": change.what})
        found.append(_entry(event, change))
    return found


def _entry(event: Event, change: Change) -> Entry:
    is_key = event.verb in {"opened", "replied", "auto_closed"}
    why = reasons().get(event.note, event.note) if event.verb == "removed" else event.note
    return Entry(who(event), _door(event), event.happened_at, change, why, event.seq, is_key)


def reasons() -> dict[str, str]:
    """Why a request may be removed, by the codes of `actions.remove`."""
    return {"spam": _("Spam"), "mistake": _("Sent by mistake"), "test": _("A test")}

"""The conditions of the desk's search in words: what they are called, what they may be, what is set."""

from collections.abc import Iterator
from datetime import date

from django.utils.translation import gettext as _

from helpdesk.desk import finer
from helpdesk.desk.beside import Beside
from helpdesk.desk.finer import Finer
from helpdesk.desk.shell import Figures, language
from helpdesk.fronts import own_fields
from helpdesk.web import formats
from helpdesk.web.jinja import day

Said = tuple[tuple[str, ...], str, str]  # the names in an address, the label, what is set


def channels() -> dict[str, str]:
    """By which way a request came."""
    return {"web": _("the portal"), "mail": _("mail"), "phone": _("telephone")}


def happened() -> dict[str, str]:
    """What may have happened to a request."""
    return {
        "replied": _("somebody answered"),
        "noted": _("a note was added"),
        "state": _("the state changed"),
        "moved": _("it was moved to another queue"),
        "owner": _("the owner changed"),
        "responsible": _("the responsible person changed"),
        "priority": _("the priority changed"),
        "category": _("the category changed"),
        "promised": _("the promised time changed"),
        "subject": _("the subject changed"),
        "client": _("the client changed"),
        "merged": _("it was merged"),
        "linked": _("it was linked"),
        "removed": _("it was removed"),
    }


def moments() -> dict[str, str]:
    """The moments of a request, beside when it was created and changed."""
    return {
        "closed": _("Date closed"),
        "first": _("First answer"),
        "answered": _("Our last answer"),
        "client": _("Client's last message"),
        "due": _("Promised"),
        "pending": _("Reminder or closing by itself"),
    }


def texts() -> dict[str, str]:
    """What is asked for in words."""
    return {
        "subject": _("In the subject"),
        "text": _("In the texts"),
        "note": _("In internal notes"),
        "file": _("In names of files"),
        "number": _("Part of the number"),
        "letter": _("In the headers of letters"),
        "staff": _("Who answered"),
        "part": _("Who took part"),
    }


def flags() -> dict[str, str]:
    """What is either so or not asked for."""
    return {"files": _("With files"), "unread": _("Unread by me"), "undelivered": _("Letter not delivered")}


def said(conditions: Finer, known: Figures, around: Beside) -> Iterator[Said]:
    """Each condition that is set."""
    for name, label in texts().items():
        if value := conditions.get(name):
            yield (name,), label.lower(), value
    yield from _of_ids(conditions, known, around)
    if value := conditions.get("channel"):
        yield ("channel",), _("channel"), channels()[value]
    if value := conditions.get("event"):
        yield ("event", "event_from", "event_to"), _("happened"), _with_days(happened()[value], conditions)
    for name, label in moments().items():
        if told := between(conditions.day(f"{name}_from"), conditions.day(f"{name}_to")):
            yield (f"{name}_from", f"{name}_to"), label.lower(), told
    for name, label in flags().items():
        if conditions.get(name):
            yield (name,), label.lower(), _("yes")
    yield from _of_fields(conditions, around)


def _of_ids(conditions: Finer, known: Figures, around: Beside) -> Iterator[Said]:
    labels = {"locked": _("locked by"), "watcher": _("watched by"), "author": _("author")}
    for name, label in labels.items():
        key = conditions.number(name)
        if key is not None:
            yield (name,), label, around.person(key)
    if (key := conditions.number("category")) is not None:
        yield ("category",), _("category"), dict(around.categories).get(key, "?").strip()
    if (key := conditions.number("born")) is not None:
        queue = known.queue(key)
        yield ("born",), _("opened in"), queue.name if queue else "?"


def _with_days(told: str, conditions: Finer) -> str:
    days = between(conditions.day("event_from"), conditions.day("event_to"))
    return f"{told}, {days}" if days else told


def _of_fields(conditions: Finer, around: Beside) -> Iterator[Said]:
    spoken = language()
    known = {name: one for one in around.fields for name in own_fields.names_of(one)}
    for name, value in conditions.own:
        one = known.get(name)
        if one is None:
            yield (name,), _("field"), "?"
            continue
        shown = dict(own_fields.options_of(one, spoken)).get(value, value)
        if one.kind in {"month", "period"}:
            shown = formats.calendar(value, "month", language=spoken) if len(value) == len("2026-11") else value
        yield (name,), one.label(spoken).lower(), shown


def names_of(conditions: Finer) -> set[str]:
    """All names that are set."""
    return {name for name, _value in conditions.values}


def known_names() -> dict[str, str]:
    """What each name of an address is called where its value is not understood."""
    labels = {**texts(), **flags(), "category": _("category"), "author": _("author"), "watcher": _("watched by"),
              "locked": _("locked by"), "channel": _("channel"), "born": _("opened in"), "event": _("happened"),
              **{f"event_{edge}": _("happened") for edge in ("from", "to")}}  # fmt: skip
    for name, label in moments().items():
        labels |= {f"{name}_{edge}": label for edge in ("from", "to")}
    return {name: labels[name].lower() for name in finer.READ}


def between(first: date | None, last: date | None) -> str:
    """«24 ноября», «с 1 ноября», «по 24 ноября», «1 ноября – 24 ноября»; empty where there is neither."""
    if first and last:
        return day(first) if first == last else f"{day(first)} – {day(last)}"
    if first:
        return _("from %(day)s") % {"day": day(first)}
    return _("to %(day)s") % {"day": day(last)} if last else ""

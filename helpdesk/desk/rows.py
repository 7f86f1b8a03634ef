"""The lines of a list, ready to be shown: every text, date and address is made here, once a row."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.accounts.names import surname
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, keyset
from helpdesk.desk.keyset import Place
from helpdesk.desk.shell import language
from helpdesk.tickets import queries
from helpdesk.tickets.models import Phase, Ticket
from helpdesk.web import formats

SOON = timedelta(hours=1)

_COLUMNS = (
    "pk", "number", "subject", "snippet", "priority_id", "state_id", "state__name_ru", "state__name_en",
    "company__short_name", "owner_id", "owner__name", "due_at", "pending_until", "waits_for", "phase",
    "last_article_at", "articles_count", "read_seq",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline as a list shows it: text, kind (soon, late, wait), the whole moment."""

    text: str = ""
    kind: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One request of a list."""

    href: str
    number: str
    priority: int
    priority_label: str
    subject: str
    snippet: str
    state: str
    look: str
    company: str
    owner: str
    clock: Clock
    machine: str
    changed: str
    changed_full: str
    unread: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `first` counts from 1; `before` and `after` are cursors, empty at the ends."""

    rows: Sequence[Row]
    first: int
    before: str
    after: str

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


@dataclass(frozen=True, slots=True)
class Reading:
    """How the reader reads: language, zone, and the moment of the page."""

    language: str
    zone: tzinfo
    now: datetime

    def dense(self, when: datetime) -> str:
        """«09:05», «вчера», «23 нояб.»."""
        return formats.moment_dense(when, zone=self.zone, language=self.language, now=self.now)

    def full(self, when: datetime) -> str:
        """The whole moment, for a tooltip."""
        return formats.moment_full(when, zone=self.zone, language=self.language)


def reading(now: datetime) -> Reading:
    """The reader's language and zone as the middleware set them."""
    return Reading(language(), timezone.get_current_timezone(), now)


def priority_label(rank: int) -> str:
    """«Приоритет 4, высокий», for screen readers."""
    words = {1: _("very low"), 2: _("low"), 3: _("normal"), 4: _("high"), 5: _("urgent")}
    return _("Priority %(rank)s, %(word)s") % {"rank": rank, "word": words.get(rank, "")}


def left(span: timedelta, language: str) -> str:
    """«−1 ч 12 мин», «41 мин», «3 дня»: what remains until a deadline, in days where there are many hours."""
    days = abs(span) // timedelta(days=1)
    if not days:
        return formats.duration(span, language=language)
    text = ngettext("%(num)d day", "%(num)d days", days) % {"num": days}
    return (formats.MINUS if span < timedelta() else "") + text


def clock_of(
    reading: Reading,
    *,
    phase: str,
    state: str,
    waits_for: str,
    due_at: datetime | None,
    pending_until: datetime | None,
) -> Clock:
    """What presses: a promised time, else whom or what the request waits for."""
    if phase != Phase.OPEN:
        return Clock()
    if due_at is not None and waits_for == "desk":  # the clock stands while the desk waits for somebody else
        late = due_at <= reading.now
        span = due_at - reading.now
        return Clock(
            left(span, reading.language), "late" if late else "soon" if span <= SOON else "", reading.full(due_at)
        )
    if state == "reminder" and pending_until is not None:
        text = _("reminder: %(when)s") % {"when": reading.full(pending_until)}
        return Clock(reading.dense(pending_until), "wait", text)
    if pending_until is not None:
        text = _("closes by itself: %(when)s") % {"when": reading.full(pending_until)}
        return Clock(reading.dense(pending_until), "wait", text)
    return Clock(_("waiting for the client"), "wait") if waits_for == "client" else Clock()


def _is_news(found: dict[str, Any], reader_id: int | None) -> bool:
    """Whether a line is bold: something unseen that awaits the desk, of nobody's, mine, or known to me."""
    concerns = found["owner_id"] in {None, reader_id} or found["read_seq"] > 0
    unseen = found["read_seq"] < found["articles_count"]
    return bool(found["phase"] == Phase.OPEN and found["waits_for"] == "desk" and unseen and concerns)


def of_ticket(ticket: Ticket, reading: Reading, actor: Actor, subject: str, snippet: str) -> Row:
    """The line of a request that was found by words; subject and passage may be Markup."""
    found: dict[str, Any] = {name: getattr(ticket, name) for name in _COLUMNS if "__" not in name}
    found |= {
        "subject": subject, "snippet": snippet, "state__name_ru": ticket.state.name_ru,
        "state__name_en": ticket.state.name_en, "company__short_name": ticket.company and ticket.company.short_name,
        "owner__name": ticket.owner and ticket.owner.name,
    }  # fmt: skip
    return _row(found, reading, priority_label(ticket.priority_id), Place((), 0), actor.person_id)


def _row(found: dict[str, Any], reading: Reading, label: str, place: Place, reader_id: int | None) -> Row:
    number, state, when = found["number"], found["state_id"], found["last_article_at"]
    return Row(
        href=addresses.of_ticket(number),
        number=formats.number_ticket(number),
        priority=found["priority_id"],
        priority_label=label,
        subject=found["subject"],
        snippet=found["snippet"],
        state=found[f"state__name_{reading.language}"],
        look=state,
        company=found["company__short_name"] or "",
        owner=surname(found["owner__name"] or ""),
        clock=clock_of(
            reading, phase=found["phase"], state=state, waits_for=found["waits_for"], due_at=found["due_at"],
            pending_until=found["pending_until"],
        ),
        machine=formats.machine(when),
        changed=reading.dense(when),
        changed_full=reading.full(when),
        unread=_is_news(found, reader_id),
        place=place,
    )  # fmt: skip


def page(rows: QuerySet[Ticket], actor: Actor, *, order: str, now: datetime, after: str = "", before: str = "") -> Page:
    """A page of the rows in an order, after or before a cursor; the first one for what is no cursor. One statement."""
    place = keyset.read(before, order) if before else keyset.read(after, order)
    backwards = bool(before and place)
    ordered = keyset.sorted_by(queries.with_read_seq(rows, actor), order, backwards=backwards)
    if place:
        ordered = ordered.filter(keyset.beyond(order, place, backwards=backwards))
    found = list(ordered.values_list(*_COLUMNS)[: keyset.SIZE + 1])
    more, found = len(found) > keyset.SIZE, found[: keyset.SIZE]
    if backwards:
        found.reverse()
    count = len(found)
    first = (max(place.at - count, 1) if backwards else place.at + 1) if place else 1
    labels = {rank: priority_label(rank) for rank in range(1, 6)}
    how, names = reading(now), keyset.columns(order)
    lines = []
    for at, values in enumerate(found, start=first):
        known: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
        here = Place(tuple(known[name] for name in names), at)
        lines.append(_row(known, how, labels[known["priority_id"]], here, actor.person_id))
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Page(
        lines,
        first,
        before=lines[0].place.text() if lines and has_before else "",
        after=lines[-1].place.text() if lines and has_after else "",
    )

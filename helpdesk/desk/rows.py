"""The lines of a list, ready to be shown: every text, date and address is made here, once a row."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from helpdesk.accounts.names import surname
from helpdesk.core import clock as core_clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, columns, keyset
from helpdesk.desk.keyset import Place
from helpdesk.desk.shell import language
from helpdesk.tickets import lines, workflow
from helpdesk.tickets.lines import Line, Shape, Wanted
from helpdesk.tickets.models import Phase
from helpdesk.web import formats
from helpdesk.web.kept import Kept, macro

SOON = timedelta(hours=1)
Live = tuple[tuple[str, str], ...]  # names, and what each writes (answer, note, nothing)


@dataclass(frozen=True, slots=True)
class Clock:
    """A deadline as a list shows it: text, kind (soon, late, wait), the whole moment."""

    text: str = ""
    kind: str = ""
    full: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment for machines, short, and whole."""

    machine: str
    dense: str
    full: str


@dataclass(frozen=True, slots=True)
class Row:
    """One request of a list."""

    href: str
    number: str
    raw: str  # the number as it is copied
    choice: str  # the number that its tick sends; empty where nothing is chosen
    priority: int
    priority_label: str
    subject: str | Markup
    snippet: str | Markup
    state: str
    answered: bool
    undelivered: bool
    look: str
    company: str
    owner: str
    clock: Clock
    changed: Moment
    unread: bool
    tags: tuple[tuple[str, str], ...]
    live: Live
    columns: tuple[str, ...]
    more: dict[str, str]
    created: Moment | None
    last: Moment | None
    last_by: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `first` counts from 1; `before` and `after` are cursors, empty at the ends."""

    rows: tuple[Markup, ...]
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

    def moment(self, when: datetime) -> Moment:
        """All three."""
        return Moment(formats.machine(when), self.dense(when), self.full(when))


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
    if waits_for == "client":
        return Clock(_("waiting for the client"), "wait")
    return Clock(_("to be closed"), "wait") if state == workflow.DONE else Clock()


def _is_news(line: Line, reader_id: int | None) -> bool:
    """Whether a line is bold: something unseen that awaits the desk (to be closed, too), of nobody's, mine, or known
    to me."""
    concerns = line.owner_id in {None, reader_id} or line.read_seq > 0
    unseen = line.read_seq < line.articles_count
    awaits = line.waits_for == "desk" or line.state == workflow.DONE
    return line.phase == Phase.OPEN and awaits and unseen and concerns


def found(hits: Sequence[tuple[Line, Markup, Markup]], actor: Actor, *, now: datetime) -> list[Markup]:
    """The lines of requests that were found, each with its subject and passage as they are to be shown."""
    how = reading(now)
    return _line.each(_seen(line, how, actor, subject, snippet) for line, subject, snippet in hits)


def each(found: Iterable[Line], actor: Actor, *, now: datetime, within: str) -> list[Markup]:
    """The lines of requests that stand on a page of several lists, each within the list of this address."""
    how = reading(now)
    return _line.each((*_seen(line, how, actor), within) for line in found)


def _seen(
    line: Line, how: Reading, actor: Actor, subject: Markup | None = None, snippet: Markup | None = None
) -> tuple[Line, Clock, bool, Live, Markup | None, Markup | None]:
    """All that a line is made of."""
    live = _live(line, actor.person_id) if line.live else ()
    return line, _clock(line, how), _is_news(line, actor.person_id), live, subject, snippet


def _live(line: Line, reader_id: int | None) -> Live:
    """Who else is at a request just now, by name, with what they write."""
    return tuple((name, writing) for person, name, writing in json.loads(line.live) if person != reader_id)


def _answered(line: Line) -> bool:
    return line.phase == Phase.OPEN and workflow.client_answered(
        line.state_waits_for, line.waits_for, client_at=line.last_client_at, agent_at=line.last_agent_at
    )


def _clock(line: Line, how: Reading) -> Clock:
    return clock_of(
        how, phase=line.phase, state=line.state, waits_for=line.waits_for, due_at=line.due_at,
        pending_until=line.pending_until,
    )  # fmt: skip


@Kept.rows
def _line(
    line: Line, clock: Clock, unread: bool, live: Live, subject: Markup | None, snippet: Markup | None,  # noqa: FBT001
    within: str = "", shown: tuple[str, ...] = columns.STANDARD, asked: tuple[str, ...] = (),
) -> Markup:  # fmt: skip
    how = reading(core_clock.now())
    row = Row(
        href=addresses.query(addresses.of_ticket(line.number), list=within),
        number=formats.number_ticket(line.number),
        raw=line.number,
        choice="" if within else line.number,
        priority=line.priority,
        priority_label=priority_label(line.priority),
        subject=line.subject if subject is None else subject,
        snippet=line.snippet if snippet is None else snippet,
        state=_state(line, how),
        answered=_answered(line),
        undelivered=line.undelivered,
        look=line.state,
        company=line.company,
        owner=surname(line.owner),
        clock=clock,
        changed=how.moment(line.changed_at),
        unread=unread,
        tags=tuple((name, colour) for name, colour in json.loads(line.tags or "[]")),
        live=live,
        columns=shown,
        more=dict(zip(asked, line.more, strict=True)),
        created=how.moment(line.created_at) if "created" in shown else None,
        last=how.moment(line.last_article_at) if "last" in shown else None,
        last_by=surname(line.last_by),
    )
    return macro("desk/parts/line.html", "line", row)


def _state(line: Line, how: Reading) -> str:
    return line.state_ru if how.language == "ru" else line.state_en


def page(
    wanted: Wanted, actor: Actor, *, order: str, now: datetime, shown: tuple[str, ...] = columns.STANDARD,
    after: str = "", before: str = "",
) -> Page:  # fmt: skip
    """A page of a list in an order, after or before a cursor; the first one for what is no cursor. `shown`: the
    columns. One statement."""
    shape = Shape(order, _asked(order, shown), language())
    place = keyset.read(before, order) if before else keyset.read(after, order)
    backwards = bool(before and place)
    found = lines.page(
        actor, wanted, shape, at=now, place=place.values if place else None, backwards=backwards
    )  # fmt: skip
    more, found = len(found) > lines.SIZE, found[: lines.SIZE]
    if backwards:
        found.reverse()
    first = (max(place.at - len(found), 1) if backwards else place.at + 1) if place else 1
    how = reading(now)
    made = _line.each((*_seen(line, how, actor), "", shown, shape.more) for line in found)
    has_before, has_after = (more, True) if backwards else (place is not None, more)
    return Page(
        tuple(_grouped(made, found, how, shape, len(shown) + 1)),
        first,
        before=_cursor(found[0], order, first) if found and has_before else "",
        after=_cursor(found[-1], order, first + len(found) - 1) if found and has_after else "",
    )


def _asked(order: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """What the lines hold more: the columns that cost a look, before them the queue where it names the groups."""
    more = columns.more(shown)
    return ("queue", *(code for code in more if code != "queue")) if order.startswith("queue/") else more


def _grouped(made: list[Markup], found: list[Line], how: Reading, shape: Shape, width: int) -> Iterator[Markup]:
    """The lines, the first one of each group with the group's head before it."""
    group = shape.order.rpartition("/")[0]
    before: object = None
    for at, (row, line) in enumerate(zip(made, found, strict=True)):
        if group and (at == 0 or line.group_key != before):
            yield macro("desk/parts/line.html", "group", _group_name(line, how, group), width) + row
        else:
            yield row
        before = line.group_key


def _group_name(line: Line, how: Reading, group: str) -> str:
    match group:
        case "owner":
            return line.owner or _("Without an owner")
        case "company":
            return line.company or _("Without a company")
        case "queue":
            return line.more[0]  # see `_asked`
        case "state":
            return _state(line, how)
        case _:
            return priority_label(line.priority)


def _cursor(line: Line, order: str, at: int) -> str:
    return Place(tuple(getattr(line, name) for name in keyset.columns(order)), at).text()

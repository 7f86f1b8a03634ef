"""One request as a specialist sees it: head, thread, composer, panel. Rights come from policies, as `can`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, rows
from helpdesk.desk.history import Entry, Words, entries, reasons
from helpdesk.desk.rows import Clock, Reading
from helpdesk.desk.thread import Item, Utterance, build
from helpdesk.desk.ties import Ties, ties_of
from helpdesk.fronts import values
from helpdesk.mail import queries as mail
from helpdesk.tickets import facts as known_facts
from helpdesk.tickets import policies, signatures, workflow
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.base import fact
from helpdesk.tickets.checklists import Checklist
from helpdesk.tickets.dictionary import Named
from helpdesk.tickets.facts import Facts, Frame
from helpdesk.tickets.filling import values_of
from helpdesk.tickets.models import Phase, Right, Ticket, WaitsFor
from helpdesk.tickets.pages import Opened
from helpdesk.web import formats
from helpdesk.web.jinja import ticket as web_number
from helpdesk.web.kept import TOKEN, Kept, macro, with_token

OTHERS_SHOWN = 5
HISTORY_SHOWN = 8
FRIDAY, SATURDAY = 4, 5  # as weekday() counts


@dataclass(frozen=True, slots=True)
class Can:
    """What the reader may do with this request. What is False is absent from the page."""

    reply: bool
    note: bool
    set_state: bool
    priority: bool
    category: bool
    promise: bool
    assign: bool
    move: bool
    take: bool
    close: bool
    type: bool
    tags: bool
    subject: bool
    client: bool
    lock: bool
    unlock: bool
    watch: bool
    remove: bool
    bring_back: bool
    link: bool
    merge: bool
    split: bool
    copy: bool
    check: bool
    pass_on: bool
    templates: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """The lists of the panel and the composer: (value, text)."""

    next_state: tuple[tuple[str, str], ...]
    state: tuple[tuple[str, str], ...]
    owner: tuple[tuple[str, str], ...]
    responsible: tuple[tuple[str, str], ...]
    queue: tuple[tuple[str, str], ...]
    priority: tuple[tuple[str, str], ...]
    category: tuple[tuple[str, str], ...]
    type: tuple[tuple[str, str], ...]
    tags: tuple[str, ...]  # names that others wrote


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the request, and the list of all open requests that have it."""

    id: int
    name: str
    colour: str
    href: str


@dataclass(frozen=True, slots=True)
class Now:
    """What stands in the fields of the panel."""

    owner_id: str
    owner: str
    responsible_id: str
    responsible: str
    category_id: str
    category: str
    priority: str
    due_at: datetime | None
    due_local: str  # as <input type=datetime-local> wants it
    pending_until: datetime | None
    pending_local: str  # the next working morning where no reminder is set
    state_code: str
    queue_id: str
    type_id: str
    type: str
    tags: tuple[Tag, ...]
    locked_by: str  # empty: nobody
    is_own_lock: bool
    watchers: tuple[str, ...]
    watched: bool


@dataclass(frozen=True, slots=True)
class Other:
    """Another open request of the same company."""

    href: str
    subject: str
    about: str


@dataclass(frozen=True, slots=True)
class Side:
    """The panel beside the thread, all of it: fields, client, other requests, readers, history. `typed` and `errors`:
    what was refused in one of its forms."""

    base: str
    version: int
    state: str
    queue: str
    company: str
    company_href: str
    company_list_href: str
    can: Can
    choices: Choices
    now: Now
    client_name: str
    client_initials: str
    client_href: str
    client_facts: tuple[tuple[str, Any], ...]
    notes: tuple[tuple[str, str], ...]  # about the client and the company: whose, text
    look_href: str  # where an administrator may look as this client, "" for others
    fields: tuple[tuple[str, str], ...]
    dates: tuple[tuple[str, datetime], ...]
    others: tuple[Other, ...]
    others_more: bool
    readers: tuple[tuple[str, datetime], ...]
    history: tuple[Entry, ...]
    history_count: int
    reasons: tuple[tuple[str, str], ...]
    ties: Ties
    checklist: Checklist
    copy_href: str
    typed: tuple[tuple[str, str], ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


@Kept
def _panel(side: Side) -> Markup:
    return macro("desk/parts/panel.html", "panel", side, TOKEN)


def panel(side: Side, csrf: Any) -> Markup:
    """The panel as it stands in the page, with the reader's token in its forms."""
    return with_token(_panel(side), csrf)


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything the page shows."""

    ticket: Ticket
    number: str
    shown_number: str
    subject: str
    state: str
    answered: bool
    look: str
    queue: str
    company: str
    company_href: str
    clock: Clock
    can: Can
    now: Now
    next_state: tuple[tuple[str, str], ...]
    client_name: str
    thread: Sequence[Item]
    news: int
    side: Side
    signature: str  # under a letter to the client
    last_seq: int


def abilities(actor: Actor, ticket: Ticket) -> Can:
    """What `actor` may do with a visible request."""
    access = access_of(actor)
    alive = ticket.phase not in {Phase.MERGED, Phase.REMOVED}
    assign = policies.may_assign(access, ticket) and alive
    set_state = policies.may_set_state(access, ticket) and alive
    return Can(
        reply=policies.may_reply(access, ticket),
        note=policies.may_note(access, ticket) and ticket.phase != Phase.MERGED,
        set_state=set_state,
        priority=policies.may_set_priority(access, ticket),
        category=policies.may_set_category(access, ticket),
        promise=policies.may_promise(access, ticket),
        assign=assign,
        move=policies.may_move(access, ticket) and alive,
        take=assign and ticket.owner_id != actor.person_id and policies.may_own(access, ticket.queue_id),
        close=set_state and ticket.phase == Phase.OPEN,
        type=policies.may_set_type(access, ticket),
        tags=policies.may_set_tags(access, ticket),
        subject=policies.may_set_subject(access, ticket),
        client=policies.may_change_client(access, ticket),
        lock=policies.may_lock(access, ticket) and ticket.locked_by_id is None,
        unlock=ticket.locked_by_id is not None and policies.may_unlock(access, ticket),
        watch=policies.may_watch(access, ticket) and alive,
        remove=policies.may_remove(access, ticket) and alive,
        bring_back=policies.may_remove(access, ticket) and ticket.phase == Phase.REMOVED,
        link=policies.may_link(access, ticket),
        merge=policies.may_merge(access, ticket) and alive,
        split=policies.may_split(access, ticket),
        copy=bool(access.queues_with(Right.CREATE)),
        check=policies.may_check(access, ticket),
        pass_on=policies.may_pass_on(access, ticket),
        templates=bool(access.queues_with(Right.FULL)),
    )


def open_request(actor: Actor, number: str, *, at: datetime) -> tuple[Opened, Frame]:
    """A visible request with all that its page shows. One statement, whatever the number of articles.

    Raises NotFound.
    """
    return known_facts.open_by_agent(actor, number, at=at, beside=mail.TROUBLES)


def look_at(actor: Actor, found: Opened, frame: Frame, *, how: Reading) -> Sight:
    """What the page shows, out of what `open_request` read; no statement."""
    facts = known_facts.facts_of(actor, found.beside[0], frame)
    ticket, articles = found.unpacked(actor)
    words = Words(facts, how.language)
    can = abilities(actor, ticket)
    thread = build(ticket, articles, facts, actor, words, mail.troubles_of(facts.beside))
    now, choices = _now(actor, ticket, facts, how.language), _choices(actor, ticket, facts, can, how.language)
    return Sight(
        ticket=ticket,
        number=ticket.number,
        shown_number=formats.number_ticket(ticket.number),
        subject=ticket.subject,
        state=ticket.state.name(how.language),
        answered=ticket.phase == Phase.OPEN
        and workflow.client_answered(
            ticket.state.waits_for, ticket.waits_for, client_at=ticket.last_client_at, agent_at=ticket.last_agent_at
        ),
        look=ticket.state_id,
        queue=ticket.queue.name(how.language),
        company=ticket.company.short_name if ticket.company else "",
        company_href=f"{addresses.COMPANIES}{ticket.company_id}/" if ticket.company_id else "",
        clock=_clock(ticket, how),
        can=can,
        now=now,
        next_state=choices.next_state,
        client_name=ticket.author.name,
        thread=thread,
        news=sum(1 for item in thread if isinstance(item, Utterance) and item.fresh),
        side=_side(actor, ticket, facts, how, can=can, now=now, choices=choices, history=entries(facts.events, words)),
        signature=_signature(ticket, facts) if can.reply else "",
        last_seq=found.last_seq,
    )  # fmt: skip


def _signature(ticket: Ticket, facts: Facts) -> str:
    """What a letter to the client ends with, in their language."""
    name, job, phone = facts.me
    language = ticket.author.language
    return signatures.filled(
        facts.signature, values_of(ticket, Person(name=name, job=job, phone=phone), language), language
    )


def _clock(ticket: Ticket, how: Reading) -> Clock:
    """What presses, in words: a list has its heading for them, a page has none."""
    clock = rows.clock_of(
        how, phase=ticket.phase, state=ticket.state_id, waits_for=ticket.waits_for, due_at=ticket.due_at,
        pending_until=ticket.pending_until,
    )  # fmt: skip
    if clock.kind == "wait" or not clock.text:
        return clock
    words = _("overdue by %(time)s") if clock.kind == "late" else _("answer within %(time)s")
    return replace(clock, text=words % {"time": clock.text.removeprefix(formats.MINUS)})


def _side(
    actor: Actor, ticket: Ticket, facts: Facts, how: Reading, *, can: Can, now: Now, choices: Choices,
    history: list[Entry],
) -> Side:  # fmt: skip
    others = _others(facts, how.language)
    return Side(
        base=addresses.of_ticket(ticket.number),
        version=ticket.last_event_seq,
        state=ticket.state.name(how.language),
        queue=ticket.queue.name(how.language),
        company=ticket.company.short_name if ticket.company else "",
        company_href=f"{addresses.COMPANIES}{ticket.company_id}/" if ticket.company_id else "",
        company_list_href=_company_href(ticket),
        can=can,
        choices=choices,
        now=now,
        client_name=ticket.author.name,
        client_initials=ticket.author.initials,
        client_href=f"{addresses.PEOPLE}{ticket.author_id}/" if ticket.author.kind != "agent" else "",
        client_facts=tuple(_client_facts(ticket, facts)),
        notes=tuple(facts.notes),
        look_href=_look_href(actor, ticket),
        fields=tuple(_fields(ticket, facts, how.language)),
        dates=tuple(_dates(ticket)),
        others=tuple(others[:OTHERS_SHOWN]),
        others_more=len(others) > OTHERS_SHOWN,
        readers=tuple((r.name, r.at) for r in facts.readers if r.person_id != actor.person_id),
        history=tuple(history[:HISTORY_SHOWN]),
        history_count=len(history),
        reasons=(("", _("choose")), *reasons().items()) if can.remove else (),
        ties=ties_of(actor, facts.ties, how.language, may_merge=can.merge),
        checklist=facts.checklist,
        copy_href=addresses.query(addresses.NEW, client=ticket.author_id, copy=ticket.number),
    )


def _look_href(actor: Actor, ticket: Ticket) -> str:
    author = ticket.author
    if not access_of(actor).administers or author.kind != "client" or not author.is_active:
        return ""
    return addresses.query(addresses.LOOK, q=author.login or author.name, number=ticket.number)


def _local(when: datetime | None) -> str:
    return f"{when.astimezone(timezone.get_current_timezone()):%Y-%m-%dT%H:%M}" if when else ""


def _reminder(ticket: Ticket) -> datetime:
    """The moment of the reminder that is set, else the one to offer: the next working morning of the reader."""
    now = clock.now()
    if ticket.state_id == "reminder" and ticket.pending_until and ticket.pending_until > now:
        return ticket.pending_until
    morning = timezone.localtime(now).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)
    morning += timedelta(days={FRIDAY: 3, SATURDAY: 2}.get(morning.weekday(), 1))
    return timezone.make_aware(morning)


def _now(actor: Actor, ticket: Ticket, facts: Facts, language: str) -> Now:
    return Now(
        owner_id=str(ticket.owner_id or ""),
        owner=ticket.owner.name if ticket.owner else _("nobody"),
        responsible_id=str(ticket.responsible_id or ""),
        responsible=ticket.responsible.name if ticket.responsible else _("nobody"),
        category_id=str(ticket.category_id or ""),
        category=ticket.category.name(language) if ticket.category else _("none"),
        priority=str(ticket.priority_id),
        due_at=ticket.due_at,
        due_local=_local(ticket.due_at),
        pending_until=ticket.pending_until,
        pending_local=_local(_reminder(ticket)),
        state_code=ticket.state_id,
        queue_id=str(ticket.queue_id),
        type_id=str(ticket.type_id or ""),
        type=ticket.type.name(language) if ticket.type else _("none"),
        tags=tuple(Tag(pk, name, colour, addresses.query(addresses.HOME, tag=pk)) for pk, name, colour in facts.tags),
        locked_by=ticket.locked_by.name if ticket.locked_by and ticket.phase == Phase.OPEN else "",
        is_own_lock=ticket.locked_by_id == actor.person_id,
        watchers=tuple(name for _pk, name in facts.watchers),
        watched=any(pk == actor.person_id for pk, _name in facts.watchers),
    )


def _company_href(ticket: Ticket) -> str:
    return addresses.query(addresses.HOME, view="all", company=ticket.company_id) if ticket.company_id else ""


def _others(facts: Facts, language: str) -> list[Other]:
    """Other open requests of the company, or of the author where there is no company."""
    return [
        Other(
            addresses.of_ticket(other.number),
            other.subject,
            " · ".join(
                part
                for part in (
                    web_number(other.number),
                    (other.state_ru if language == "ru" else other.state_en).lower(),
                    other.owner,
                )
                if part
            ),
        )
        for other in facts.others
    ]


def _choices(actor: Actor, ticket: Ticket, facts: Facts, can: Can, language: str) -> Choices:
    codes = set(workflow.agent_choices(fact(ticket.state), facts.workflow)) if can.set_state or can.reply else set()
    states = [(row.key, row.name(language)) for row in facts.frame.states if row.key in codes]
    staff = [
        (str(key), _("%(name)s (you)") % {"name": name} if key == actor.person_id else name)
        for key, name in (facts.staff if can.assign else [])
    ]
    # the client has answered and the state stands: asking once more is a choice like any other
    asks_again = ticket.state.waits_for == WaitsFor.CLIENT and ticket.waits_for != WaitsFor.CLIENT
    access = access_of(actor)
    into = set(access.queues_with(Right.MOVE_INTO)) | {ticket.queue_id}
    return Choices(
        next_state=(
            ("", _("Leave as it is")),
            *((code, name) for code, name in states if code != ticket.state_id or asks_again),
        ),
        state=_with(states, ticket.state_id, ticket.state.name(language)),
        owner=_with([("", _("nobody")), *staff], str(ticket.owner_id or ""), ticket.owner.name if ticket.owner else ""),
        responsible=_with(
            [("", _("nobody")), *staff], str(ticket.responsible_id or ""),
            ticket.responsible.name if ticket.responsible else "",
        ),
        queue=tuple(
            (str(q.key), "\u2003" * (q.path.count("/") - 2) + q.name(language))
            for q in facts.frame.queues if q.key in into and (q.active or q.key == ticket.queue_id)
        ),
        priority=tuple((str(p.key), f"{p.name(language)}\u00a0– {p.key}") for p in reversed(facts.priorities)
                       if p.active or p.key == ticket.priority_id),
        category=_categories(facts.categories, ticket, language),
        type=_with(
            [("", _("none")), *((str(kind.key), kind.name(language)) for kind in facts.types if kind.active)],
            str(ticket.type_id or ""), ticket.type.name(language) if ticket.type else "",
        ),
        tags=tuple(facts.offered_tags) if can.tags else (),
    )  # fmt: skip


def _with(options: list[tuple[str, str]], value: str, text: str) -> tuple[tuple[str, str], ...]:
    """The options, and the value that stands even where it is no longer offered."""
    return tuple(options) if any(key == value for key, _text in options) else ((value, text), *options)


def _categories(categories: Sequence[Named], ticket: Ticket, language: str) -> tuple[tuple[str, str], ...]:
    offered = [c for c in categories if c.active or c.key == ticket.category_id]
    return (
        ("", _("none")),
        *((str(c.key), "\u2003" * max(c.path.count("/") - 2, 0) + c.name(language)) for c in offered),
    )


def _client_facts(ticket: Ticket, facts: Facts) -> list[tuple[str, Any]]:
    author = ticket.author
    return [
        (_("Job"), author.job),
        (_("Phone"), author.phone),
        (_("Mail"), ", ".join(facts.addresses[:2])),
        (_("Sign-in name"), author.login or ""),
    ]


def _dates(ticket: Ticket) -> list[tuple[str, datetime]]:
    """When the request was created, last changed in any way, closed."""
    dates = ((_("Created"), ticket.created_at), (_("Changed"), ticket.changed_at), (_("Closed on"), ticket.closed_at))
    return [(name, at) for name, at in dates if at is not None]


def _fields(ticket: Ticket, facts: Facts, language: str) -> list[tuple[str, str]]:
    found = []
    for key, stored in ticket.fields.items():
        ru, en, choices, kind = facts.fields.get(key, (key, key, [], ""))
        found.append((ru if language == "ru" else en, values.on_page(stored["value"], kind, choices, language)))
    return found

"""The pages of a client and of a company: who they are, what is known about them, their requests."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from helpdesk.accounts.cards import CompanyCard, Note, PersonCard, Place
from helpdesk.core.actor import Actor
from helpdesk.desk import addresses, rows
from helpdesk.tickets import lines, policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Right

OPEN_SHOWN, CLOSED_SHOWN, COUNTED = 15, 5, 999


@dataclass(frozen=True, slots=True)
class Requests:
    """Open requests and the last closed ones as lines; `count` of open ones in words; the lists of all of them."""

    open: Sequence[Markup]
    closed: Sequence[Markup]
    count: str
    open_href: str
    all_href: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of a company, or a company of somebody."""

    name: str
    href: str
    about: str
    rights: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Card:
    """The whole page."""

    title: str
    subtitle: str
    gone: datetime | None
    facts: Sequence[tuple[str, str]]
    members_title: str
    members: Sequence[Member]
    note: Note
    may_note: bool
    requests: Requests
    new_href: str
    look_href: str


def of_person(actor: Actor, card: PersonCard, *, now: datetime) -> Card:
    """The page of a client. Three statements."""
    called = card.login or next(iter(card.addresses), "") or card.name
    access = access_of(actor)
    looks = access.administers and card.kind == "client" and card.inactive_at is None
    kinds = {"client": _("Client"), "contact": _("Contact: writes by mail, has no sign-in")}
    return Card(
        title=card.name,
        subtitle=kinds.get(card.kind, ""),
        gone=card.inactive_at,
        facts=(
            (_("Job"), card.job), (_("Phone"), card.phone), (_("Mail"), ", ".join(card.addresses)),
            (_("Sign-in name"), card.login),
        ),
        members_title=_("Companies"),
        members=[_member(place, f"{addresses.COMPANIES}{place.id}/") for place in card.places],
        note=card.note,
        may_note=policies.may_note_clients(access),
        requests=_requests(actor, "t.author_id = %s", card.id, {"client": called}, now=now),
        new_href=_new(actor, card.id) if card.inactive_at is None else "",
        look_href=addresses.query(addresses.LOOK, q=called) if looks else "",
    )  # fmt: skip


def of_company(actor: Actor, card: CompanyCard, *, now: datetime) -> Card:
    """The page of a company. Three statements."""
    return Card(
        title=card.short_name,
        subtitle=card.name if card.name != card.short_name else "",
        gone=card.inactive_at,
        facts=(),
        members_title=_("People"),
        members=[_member(place, f"{addresses.PEOPLE}{place.id}/") for place in card.places],
        note=card.note,
        may_note=policies.may_note_clients(access_of(actor)),
        requests=_requests(actor, "t.company_id = %s", card.id, {"company": str(card.id)}, now=now),
        new_href="",
        look_href="",
    )


def _new(actor: Actor, person_id: int) -> str:
    may = access_of(actor).queues_with(Right.CREATE)
    return addresses.query(addresses.NEW, client=person_id) if may else ""


def _member(place: Place, href: str) -> Member:
    rights = [_("chief")] if place.is_chief else []
    rights += [_("sees all requests of the company") if place.sees_all else _("sees own requests")]
    rights += [] if place.writes else [_("only reads")]
    about = " · ".join(part for part in (place.about, place.phone, place.address) if part)
    return Member(place.name, href, about, _("switched off") if place.is_over else ", ".join(rights), place.is_over)


def _requests(actor: Actor, whose: str, key: int, narrowed: dict[str, str], *, now: datetime) -> Requests:
    everything = addresses.query(addresses.HOME, view="all", **narrowed)
    is_open = f"{whose} AND t.phase = 'open'"
    opened = lines.newest(actor, is_open, [key], limit=OPEN_SHOWN)
    closed = lines.newest(actor, f"{whose} AND t.phase = 'closed'", [key], limit=CLOSED_SHOWN)
    count = lines.count_of(actor, is_open, [key], most=COUNTED)
    return Requests(
        rows.each(opened, actor, now=now, within=everything),
        rows.each(closed, actor, now=now, within=everything),
        _("more than %(num)s open") % {"num": COUNTED}
        if count > COUNTED
        else ngettext("%(num)d open", "%(num)d open", count) % {"num": count},
        addresses.query(addresses.HOME, view="open", **narrowed),
        everything,
    )

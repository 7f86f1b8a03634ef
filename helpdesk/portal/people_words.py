"""A company's people and what was changed about them, in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from helpdesk.accounts.changes import Verb
from helpdesk.accounts.company_people import Colleague
from helpdesk.accounts.models import AccountEvent, Membership
from helpdesk.tickets.queries import Named


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the history: who, what, when; the requests that went over."""

    who: str
    what: str
    at: datetime
    requests: Sequence[Named] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One of the people as a band of the list."""

    href: str
    name: str
    about: str
    rights: str
    last_login: datetime | None
    is_off: bool


def sees() -> list[tuple[str, str]]:
    """What somebody may see, to choose from."""
    return [(Membership.Sees.OWN.value, _("own requests")), (Membership.Sees.COMPANY.value, _("all of the company"))]


def line(one: Colleague) -> Row:
    """A colleague as the list shows them."""
    about = " · ".join(part for part in (one.job, one.address, one.phone) if part)
    return Row(f"/portal/people/{one.member_id}/", one.name, about, rights(one), one.last_login, bool(one.inactive_at))


def rights(one: Colleague) -> str:
    """«Руководитель, видит все заявки компании, пишет»."""
    if one.inactive_at:
        return _("Switched off")
    sight = _("sees all requests of the company") if one.sees == Membership.Sees.COMPANY else _("sees own requests")
    parts = [_("chief")] if one.is_chief else []
    parts += [sight, _("writes") if one.writes else _("only reads")]
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def history(events: Sequence[AccountEvent], batches: Mapping[str, Sequence[Named]]) -> list[Line]:
    """The record in words, as it came: the newest first."""
    return [
        Line(event.actor.name if event.actor else _("HelpDesk"), _what(event), event.at,
             batches.get(str(event.details.get("batch", "")), ()))
        for event in events
    ]  # fmt: skip


def _what(event: AccountEvent) -> str:
    whom = event.person.name if event.person else event.named
    said = {
        Verb.INVITED: _("invites: %(whom)s"),
        Verb.INVITED_AGAIN: _("invites once more: %(whom)s"),
        Verb.INVITATION_WITHDRAWN: _("withdraws the invitation: %(whom)s"),
        Verb.JOINED: _("accepts the invitation"),
        Verb.SWITCHED_OFF: _("switches off: %(whom)s"),
        Verb.SWITCHED_ON: _("switches on again: %(whom)s"),
        Verb.HANDED_OVER: _("hands requests over: %(whom)s → %(to)s"),
        Verb.RIGHTS_CHANGED: _("changes rights: %(whom)s, %(rights)s"),
    }.get(Verb(event.verb), event.verb)
    to = event.to.name if event.to else ""
    return said % {"whom": whom, "to": to, "rights": _changed(event)}


def _changed(event: AccountEvent) -> str:
    """What each right is now."""
    told = {
        ("sees", "own"): _("sees own requests"),
        ("sees", "company"): _("sees all requests of the company"),
        ("writes", True): _("writes"),
        ("writes", False): _("only reads"),
        ("is_chief", True): _("is a chief"),
        ("is_chief", False): _("is no longer a chief"),
    }
    found = [told.get((name, values[1]), "") for name, values in event.details.items() if isinstance(values, list)]
    return ", ".join(part for part in found if part)

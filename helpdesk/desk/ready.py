"""Ready texts filled in for a request, in its client's language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import gettext as _

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor
from helpdesk.tickets import pages, policies, variables
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import ready_text
from helpdesk.tickets.filling import values_of
from helpdesk.tickets.models import Ticket
from helpdesk.web import formats


@dataclass(frozen=True, slots=True)
class Ready:
    """A text as it would stand in the answer; `empty`: what it names and the request does not have, in words."""

    id: int
    name: str
    shortcut: str
    text: str
    empty: str


def of_ticket(actor: Actor, number: str, *, at: datetime) -> list[Ready]:
    """The texts for a request that a person may write in. Raises NotFound, NotAllowed."""
    ticket = pages.for_page(actor, number)
    access = access_of(actor)
    policies.require(policies.may_reply(access, ticket) or policies.may_note(access, ticket), "note")
    language = ticket.author.language
    values = _values(actor, ticket, language, at)
    meaning = meanings()
    made = []
    for row in ready_text.offered_texts(ticket.queue):
        filled = variables.fill((row.text_en if language == "en" else "") or row.text_ru, values)
        empty = ", ".join(meaning[name] for name in filled.empty)
        made.append(Ready(row.pk, row.name, row.shortcut, filled.text, empty))
    return made


def _values(actor: Actor, ticket: Ticket, language: str, at: datetime) -> dict[str, str]:
    due, zone = ticket.due_at, timezone.get_current_timezone()
    when = formats.moment_dated(due, zone=zone, language=language, now=at) if due else ""
    return values_of(ticket, Person.objects.get(pk=actor.person), language, due=when)


def meanings() -> dict[str, str]:
    """The variables in words."""
    return {
        "greeting": _("greeting by name"),
        "client": _("the client's name"),
        "number": _("number of the request"),
        "subject": _("subject"),
        "company": _("company"),
        "queue": _("queue"),
        "due": _("promised time"),
        "agent": _("your name"),
        "job": _("your job"),
        "phone": _("your phone"),
    }


def joined(typed: str, text: str, *, is_html: bool) -> str:
    """What was typed, with a ready text below it."""
    if is_html:
        lines = "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))
        return f"{typed}{lines}"
    return f"{typed.rstrip()}\n\n{text}" if typed.strip() else text

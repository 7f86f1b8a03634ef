"""A request as a document to keep: what its page shows, on paper. Text alone: pictures are named with the files."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from helpdesk.core import clock, pdf
from helpdesk.core.actor import Actor
from helpdesk.core.text.sizes import size
from helpdesk.fronts.bodies import folded_name
from helpdesk.portal.sight import field_facts, speaker, state_of
from helpdesk.tickets import pages
from helpdesk.tickets.around import Around, around_of
from helpdesk.tickets.models import Article, Ticket
from helpdesk.web import formats
from helpdesk.web.jinja import ticket as number_text
from helpdesk.web.jinja import whole_moment

_TEMPLATE = Path(__file__).parent / "typst" / "ticket.typ"
MOST = 400  # messages in one document, the newest ones
MOST_TEXT = 600_000  # characters in one document
_PARAGRAPHS = re.compile(r"\n[ \t]*\n\s*")


def of_ticket(actor: Actor, found: pages.Opened) -> bytes:
    """The document of a visible request. Raises pdf.Failed."""
    return pdf.render(_TEMPLATE, content(actor, found))


def content(actor: Actor, found: pages.Opened) -> dict[str, Any]:
    """All that stands in the document, in the reader's language and zone."""
    language = formats.known(get_language() or "ru")
    (ticket, articles), around = found.unpacked(actor), around_of(actor, found)
    number = number_text(ticket.number)
    shown = _fitting(articles)
    return {
        "title": f"{number} {ticket.subject}",
        "language": language,
        "foot": _("%(number)s, as of %(when)s") % {"number": number, "when": whole_moment(clock.now())},
        "number": number,
        "subject": ticket.subject,
        "state": state_of(ticket, language),
        "facts": [[name, value] for name, value in _facts(ticket, around, language) if value],
        "note": _left_out(len(articles), len(shown)),
        "articles": [_message(article, actor) for article in shown],
        "words": {"correspondence": _("Correspondence"), "files": _("Files")},
    }


def _facts(ticket: Ticket, around: Around, language: str) -> list[tuple[str, str]]:
    """The summary, with whole moments: paper is read at another time."""
    staff = ticket.responsible or ticket.owner
    return [
        (_("Recipient"), ticket.queue.name(language)),
        (_("Category"), ticket.category.name(language) if ticket.category else ""),
        (_("Priority"), ticket.priority.name_ru if language == "ru" else ticket.priority.name_en),
        (pgettext("who", "Handled by"), staff.name if staff else _("not assigned yet")),
        (_("Author"), ticket.author.name),
        (_("Company"), ticket.company.short_name if ticket.company else ""),
        (_("Created"), whole_moment(ticket.created_at)),
        (_("Closed on"), whole_moment(ticket.closed_at) if ticket.closed_at else ""),
        *field_facts(ticket, around, language),
    ]


def _fitting(articles: Sequence[Article]) -> list[Article]:
    """The newest messages that there is room for, oldest first; one at least."""
    room = MOST_TEXT
    kept: list[Article] = []
    for article in reversed(articles[-MOST:]):
        room -= len(article.text) + len(article.folded_text)
        if room < 0 and kept:
            break
        kept.append(article)
    return kept[::-1]


def _left_out(count: int, shown: int) -> str:
    if count == shown:
        return ""
    return _(
        "The correspondence is long: this document holds the last %(shown)s of %(count)s messages. All of them stand on"
        " the request's page."
    ) % {"shown": shown, "count": count}


def _message(article: Article, actor: Actor) -> dict[str, Any]:
    who, voice = speaker(article, actor)
    if number := pages.brought_by(article):
        part = _("from request %(number)s") % {"number": number_text(number)}
        voice = f"{voice}, {part}" if voice else part
    return {
        "who": who,
        "voice": voice,
        "at": whole_moment(article.created_at),
        "paragraphs": _in_paragraphs(article.text[:MOST_TEXT]),
        "folded": _in_paragraphs(article.folded_text[: max(0, MOST_TEXT - len(article.text))]),
        "folded_label": folded_name(article.folded_text),
        "files": [
            f"{one.filename} ({size(one.size, language=get_language() or 'ru')})" for one in pages.files_of(article)
        ],
    }


def _in_paragraphs(text: str) -> list[str]:
    return [part for part in _PARAGRAPHS.split(text.strip("\n")) if part.strip()]

"""One request as its client sees it: the banner, the articles, the facts beside them, what may be done next."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from markupsafe import Markup

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.fronts.bodies import body_of, is_long, links
from helpdesk.portal.rows import state_text
from helpdesk.tickets import fields as intake
from helpdesk.tickets import pages, policies, workflow
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.base import fact
from helpdesk.tickets.models import Article, Phase, Queue, Ticket, WaitsFor
from helpdesk.tickets.pages import Around
from helpdesk.web import formats
from helpdesk.web.jinja import moment_text
from helpdesk.web.kept import Kept, macro


@dataclass(slots=True)
class Sight:
    """Everything the page shows beside the ticket's own columns."""

    is_mine: bool
    state: str
    banner: tuple[str, str, str] | None  # kind, title, text
    articles: list[Markup]
    waiting: int  # own requests that wait for the reader
    last_seq: int
    facts: list[tuple[str, Any]]
    course: list[tuple[str, datetime, bool]]
    choices: list[tuple[str, str]]
    may_reply: bool
    is_finished: bool  # it waits only to be closed
    closed_for_good: str
    answers: str  # who reads the answer
    priority: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


def look_at(actor: Actor, ticket: Ticket) -> Sight:
    """Gather the page of a visible request: articles, files, events, states, fields; two statements."""
    language = get_language() or "ru"
    access = access_of(actor)
    articles = pages.articles(actor, ticket)
    around = pages.around_client(actor, ticket)
    follow_up = ticket.queue.follow_up
    shut = ticket.phase == Phase.CLOSED and follow_up == Queue.FollowUp.REFUSE
    staff = ticket.responsible or ticket.owner
    is_mine = ticket.author_id == actor.person_id
    answered = ticket.phase == Phase.OPEN and workflow.client_answered(
        ticket.state.waits_for, ticket.waits_for, client_at=ticket.last_client_at, agent_at=ticket.last_agent_at
    )
    may_reply = policies.may_reply(access, ticket) and not shut
    return Sight(
        is_mine=is_mine,
        state=state_text(ticket.state.name(language, for_client=True), answered=answered),
        banner=_banner(ticket, follow_up, is_mine=is_mine, may_reply=may_reply, answered=answered),
        articles=[_utterance(article, ticket, actor) for article in articles],
        waiting=around.waiting,
        last_seq=articles[-1].seq if articles else 0,
        facts=_facts(ticket, around, language, is_mine=is_mine),
        course=_course(around, language),
        choices=_choices(ticket, around, language),
        may_reply=may_reply,
        is_finished=workflow.is_finished(fact(ticket.state)),
        closed_for_good=_("The request is closed. Create a new one and mention this number.") if shut else "",
        answers=staff.name if staff else "",
        priority=ticket.priority.name_ru if language == "ru" else ticket.priority.name_en,
    )


def _banner(
    ticket: Ticket, follow_up: str, *, is_mine: bool, may_reply: bool, answered: bool
) -> tuple[str, str, str] | None:
    """What state, what is awaited from me, by when (R18)."""
    if ticket.phase == Phase.MERGED:
        return ("", _("This request was merged with another one"), "")
    if ticket.phase == Phase.CLOSED:
        text = _("If the question is not settled, write below and the request will go back to the specialist.")
        return ("", _("The request is closed"), text if follow_up == Queue.FollowUp.REOPEN else "")
    if ticket.pending_until and ticket.state_id != workflow.REMINDER:
        return (
            "good",
            _("The request is done and will close automatically %(when)s")
            % {"when": moment_text(ticket.pending_until)},
            _(
                "No answer is needed. "
                "If the question is not settled, write below and the request will go back to the specialist."
            ),
        )
    if ticket.waits_for == WaitsFor.CLIENT:
        title = (
            _("The specialist is waiting for your answer")
            if is_mine
            else _("The specialist is waiting for the company's answer")
        )
        return ("warn", title, _("Write it below.") if may_reply else "")
    promise = ""
    if ticket.due_at and ticket.due_at > clock.now():
        promise = _("We will answer no later than %(when)s") % {"when": moment_text(ticket.due_at)}
    if answered:
        return ("", _("The answer has been sent: it is the specialist's turn now"), promise)
    return ("", promise, "") if promise else None


def _utterance(article: Article, ticket: Ticket, actor: Actor) -> Markup:
    kind = {"client": "client", "agent": "agent", "system": "auto"}[article.sender]
    return (_article.make if is_long(article) else _article)(
        ticket.number,
        article.pk,
        kind,
        article.author.name if article.author else _("Automatic reply"),
        _voice(article, actor, kind),
        article.created_at,
        article.html,
        article.text,
        article.folded_text,
        pages.files_of(article),
        article.seq > ticket.read_seq and article.author_id != actor.person_id,  # type: ignore[attr-defined]
    )


@Kept
def _article(
    number: str, article_id: int, kind: str, who: str, voice: str, at: datetime, html: str, text: str, folded: str,
    files: tuple[pages.File, ...], fresh: bool,  # noqa: FBT001  a key of what is kept
) -> Markup:  # fmt: skip
    def address(file: pages.File) -> str:
        return f"/portal/tickets/{number}/files/{file.id}/{quote(file.filename, safe='')}"

    return macro(
        "web/parts/thread.html", "article", kind, who, voice, at, body_of(html, text, files, address=address),
        folded=folded, files=links(files, with_markup=bool(html), address=address), id=f"a{article_id}", fresh=fresh,
    )  # fmt: skip


def _voice(article: Article, actor: Actor, kind: str) -> str:
    if kind == "auto":
        return ""
    if kind == "agent":
        return _("specialist")
    by = {"mail": _("by mail"), "phone": _("by phone")}.get(article.channel, "")
    who = _("you") if article.author_id == actor.person_id else _("colleague")
    return f"{who}, {by}" if by else who


def _facts(ticket: Ticket, around: Around, language: str, *, is_mine: bool) -> list[tuple[str, Any]]:
    """The summary beside the thread; the queue's own fields at its end."""
    needed = (
        pgettext("needed", "an answer")
        if ticket.waits_for == WaitsFor.CLIENT and ticket.phase == Phase.OPEN
        else pgettext("needed", "nothing")
    )
    facts: list[tuple[str, Any]] = [
        (_("Needed from you") if is_mine else _("Needed from the company"), needed),
        (_("Recipient"), ticket.queue.name(language)),
        (_("Category"), ticket.category.name(language) if ticket.category else ""),
        (_("Promised"), moment_text(ticket.due_at) if ticket.due_at and ticket.phase == Phase.OPEN else ""),
        (_("Author"), ticket.author.name),
        (_("Created"), moment_text(ticket.created_at)),
    ]
    if ticket.fields:
        facts += [*_field_facts(ticket, language)]
    others = around.colleagues
    seen_by = ngettext("and %(num)d colleague", "and %(num)d colleagues", others) % {"num": others}
    company = ticket.company.short_name if ticket.company else ""
    facts.append((_("Visible to"), " ".join(p for p in (ticket.author.name, seen_by, company and f"({company})") if p)))
    return facts


def _field_facts(ticket: Ticket, language: str) -> Iterable[tuple[str, Any]]:
    for asked in intake.of_queue(ticket.queue):
        stored = ticket.fields.get(asked.key)
        if stored is not None:
            names = {choice[0]: choice[1 if language == "ru" else 2] for choice in asked.choices}
            value = formats.calendar(str(stored["value"]), asked.kind, language=language)
            yield getattr(asked, f"label_{language}"), names.get(value, value)


def _course(around: Around, language: str) -> list[tuple[str, datetime, bool]]:
    """«Как прошла заявка»: received, taken, states."""
    lines: list[tuple[str, datetime, bool]] = []
    now = ""
    for event in around.turns:
        if event.verb == "opened":
            lines.append((_("Received"), event.happened_at, False))
        elif event.verb == "owner_set":
            if event.new is not None and event.actor_id == event.new and event.actor:
                lines.append((_("Taken by %(name)s") % {"name": event.actor}, event.happened_at, False))
        elif event.new in around.states:
            told = around.state(str(event.new), language)
            if told != now:  # two states that clients know by one name are no news
                lines.append((told, event.happened_at, False))
            now = told
    if lines:
        lines[-1] = (lines[-1][0], lines[-1][1], True)
    return lines


def _choices(ticket: Ticket, around: Around, language: str) -> list[tuple[str, str]]:
    """«Следующее состояние» in the requirement's words (R16); the first one is what happens without a choice."""
    current = fact(ticket.state)
    reopens = ticket.queue.follow_up == Queue.FollowUp.REOPEN
    after = workflow.after_client_answer(current, reopens=reopens)
    offered = [
        code for code in workflow.client_choices(current, reopens=reopens) if code != after and code in around.states
    ]
    if after == current.code:
        first = ("", _("Leave as it is: %(state)s") % {"state": ticket.state.name(language, for_client=True)})
    else:
        first = (after, around.state(after, language))
    return [first, *((code, around.state(code, language)) for code in offered)]

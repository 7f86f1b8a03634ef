"""One request as its client sees it: the banner, the articles, the facts beside them, what may be done next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.fronts import originals, values
from helpdesk.fronts.bodies import body_of, folded_label, folded_of, is_long, links
from helpdesk.portal.rows import state_text
from helpdesk.tickets import pages, policies, queries, workflow
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions.base import fact
from helpdesk.tickets.around import Around, Going, around_of
from helpdesk.tickets.draft_lines import Line
from helpdesk.tickets.models import Article, Phase, Queue, Ticket, WaitsFor
from helpdesk.web.jinja import moment, moment_text
from helpdesk.web.jinja import ticket as web_number
from helpdesk.web.kept import Kept, macro

_KINDS = {"client": "client", "agent": "agent", "system": "auto"}  # of an article, by its sender


@dataclass(slots=True)
class Sight:
    """Everything the page shows, the ticket's own columns among it."""

    ticket: Ticket
    is_mine: bool
    state: str
    banner: tuple[str, str, str] | None  # kind, title, text
    articles: list[Markup]
    side: Markup
    choices: list[tuple[str, str]]
    may_reply: bool
    is_finished: bool  # it waits only to be closed
    may_settle: bool  # there is an answer to be content with
    may_rework: bool  # the work is thought done
    may_open: bool  # a new request can be sent
    closed_for_good: str
    answers: str  # who reads the answer
    drafts: list[Line]  # the reader's half-written answers
    merged: list[str]  # what is said of requests that are handled in this one now


def look_at(actor: Actor, found: pages.Opened) -> Sight:
    """What the page of a request shows, out of what `open_by_client` read; no statement."""
    language = get_language() or "ru"
    access = access_of(actor)
    (ticket, articles), around = found.unpacked(actor), around_of(actor, found)
    follow_up = ticket.queue.follow_up
    is_mine = ticket.author_id == actor.person_id
    side = _beside(access, ticket, around, articles, is_mine=is_mine)
    answered = _is_answered(ticket)
    state = state_of(ticket, language)
    may_reply = takes_answer(access, ticket)
    choices = _choices(ticket, around, language, state=state)
    offered = {code for code, _name in choices}
    is_finished = workflow.is_finished(fact(ticket.state))
    return Sight(
        ticket=ticket,
        is_mine=is_mine,
        state=state,
        banner=_banner(ticket, follow_up, asks_me=_asks_me(access, ticket), may_reply=may_reply, answered=answered),
        articles=_thread(articles, ticket, actor, around),
        side=_side(side),
        choices=choices,
        may_reply=may_reply and actor.cause is not Cause.LOOK,  # whoever only looks is offered nothing to write in
        is_finished=is_finished,
        may_settle=workflow.CLOSED in offered and (is_finished or ticket.last_agent_at is not None),
        may_rework=workflow.REWORK in offered,
        may_open=(may_open := policies.may_open_among(access, queries.queues_for_client(actor))),
        closed_for_good=_closed_for_good(may_open=may_open) if is_shut(ticket) else "",
        answers=side.answers,
        drafts=around.drafts,
        merged=list(_handled_here(articles, actor)),
    )


def _handled_here(articles: Sequence[Article], actor: Actor) -> Iterable[str]:
    """Which requests became part of this one: the reader's own by themselves, whoever wrote first in them."""
    began: dict[str, Article] = {}
    for one in articles:
        if number := pages.brought_by(one):
            began.setdefault(number, one)
    own = [number for number, first in began.items() if first.author_id == actor.person_id]
    others = [number for number in began if number not in own]
    if own:
        said = (
            _("Your requests %(numbers)s are handled in this one now")
            if own[1:]
            else _("Your request %(numbers)s is handled in this one now")
        )
        yield said % {"numbers": ", ".join(map(web_number, own))}
    if others:
        said = (
            _("Requests %(numbers)s are handled in this one now")
            if others[1:]
            else _("Request %(numbers)s is handled in this one now")
        )
        yield said % {"numbers": ", ".join(map(web_number, others))}


def _closed_for_good(*, may_open: bool) -> str:
    if may_open:
        return _("The request is closed. If the question is not settled, create a new one and mention this number.")
    return _("The request is closed and takes no more answers.")


def is_shut(ticket: Ticket) -> bool:
    """Whether it is closed and its queue takes no answer to that."""
    return ticket.phase == Phase.CLOSED and ticket.queue.follow_up == Queue.FollowUp.REFUSE


def takes_answer(access: Access, ticket: Ticket) -> bool:
    """Whether the reader can answer it."""
    return policies.may_reply(access, ticket) and not is_shut(ticket)


def _asks_me(access: Access, ticket: Ticket) -> bool:
    """Whether what is asked is asked of the reader: of its author, who can answer; else the company is asked."""
    return ticket.author_id == access.person_id and policies.may_write_for(access, ticket)


class HowFar(NamedTuple):
    """How much of the thread somebody has read: all of it, or up to the article that came `until`."""

    name: str
    article_id: int
    until: str  # empty for all


@dataclass(frozen=True, slots=True)
class Side:
    """What stands beside the letters: who answers, priority, facts by name, the request's course, requests that go on
    from it, what may be taken along (all its `files`, the document), who observes it."""

    answers: str
    rank: int
    priority: str
    facts: tuple[tuple[str, Any], ...]
    course: tuple[tuple[str, datetime, bool], ...]
    going: tuple[Going, ...]
    base: str
    files: int
    read: tuple["HowFar", ...] = ()  # by colleagues and the support service
    observers: tuple[str, ...] = ()
    observers_href: str = ""  # where they are chosen


def _read_by(articles: Sequence[Article], around: Around) -> Iterable[HowFar]:
    """How far each colleague has read, and the support service, which is one to its clients. What they cannot see
    is not counted: a note beyond the last letter is no letter."""
    articles = [one for one in articles if not pages.brought_by(one)]  # what a merged one brought has places of its own
    desk = max((one.seq for one in around.readers if one.kind == "agent"), default=0)
    everybody = [(one.name, one.seq) for one in around.readers if one.kind == "client"]
    for name, seq in [*everybody, (_("support service"), desk)]:
        upto = next((article for article in reversed(articles) if article.seq <= seq), None)
        if upto is not None:
            is_all = upto is articles[-1]
            yield HowFar(name, upto.pk, "" if is_all else moment_text(upto.created_at))


def _beside(access: Access, ticket: Ticket, around: Around, articles: Sequence[Article], *, is_mine: bool) -> Side:
    language = get_language() or "ru"
    staff = ticket.responsible or ticket.owner
    return Side(
        answers=staff.name if staff else "",
        rank=ticket.priority_id,
        priority=(ticket.priority.name_ru if language == "ru" else ticket.priority.name_en).lower(),
        facts=tuple(_facts(ticket, around, language, is_mine=is_mine, asks_me=_asks_me(access, ticket))),
        course=tuple(_course(around, language)),
        going=tuple(around.going),
        base=f"/portal/tickets/{ticket.number}/",
        files=sum(len(pages.files_of(article)) for article in articles),
        read=tuple(_read_by(articles, around)),
        observers=around.observers,
        observers_href=_observers_href(access, ticket, around),
    )


@Kept
def _side(side: Side) -> Markup:
    return macro("portal/parts/side.html", "side_of", side)


def _observers_href(access: Access, ticket: Ticket, around: Around) -> str:
    """For who may choose observers, and for whom there is something to look at."""
    may = policies.may_set_observers(access, ticket)
    return f"/portal/tickets/{ticket.number}/observers/" if may or around.observers else ""


def _banner(
    ticket: Ticket, follow_up: str, *, asks_me: bool, may_reply: bool, answered: bool
) -> tuple[str, str, str] | None:
    """What state, what is awaited from me, by when (R18)."""
    if ticket.phase == Phase.MERGED:
        return ("", _("This request was merged with another one"), "")
    if ticket.phase == Phase.CLOSED:
        return ("", _("The request is closed"), _after_closing(follow_up) if may_reply else "")
    if title := _done(ticket):
        back = _("If the question is not settled, write below and the request will go back to the specialist.")
        return ("good", title, " ".join([_("No answer is needed."), *([back] if may_reply else [])]))
    if ticket.waits_for == WaitsFor.CLIENT:
        title = (
            _("The specialist is waiting for your answer")
            if asks_me
            else _("The specialist is waiting for the company's answer")
        )
        only_reads = _("You only read here: your company's chief gives the right to write.")
        below = Markup('<a href="#reply">{}</a>').format(_("Write it below."))
        return ("warn", title, below if may_reply else only_reads)
    promise = ""
    if ticket.due_at:
        is_ahead = ticket.due_at > clock.now()
        said = _("We will answer no later than %(when)s") if is_ahead else _("The time has passed: promised %(when)s")
        promise = said % {"when": moment_text(ticket.due_at)}
    if answered:
        return ("", _("The answer has been sent: it is the specialist's turn now"), promise)
    return ("", promise, "") if promise else None


def _after_closing(follow_up: str) -> str:
    """What an answer to a closed request does, by the queue's rule."""
    if follow_up == Queue.FollowUp.NEW:
        return _("If the question is not settled, write below: a new request, linked with this one, will be opened.")
    return _("If the question is not settled, write below and the request will go back to the specialist.")


def _done(ticket: Ticket) -> str:
    """Who closes an open request that is done, and when; empty where work goes on."""
    if ticket.pending_until and ticket.state_id != workflow.REMINDER:
        return _("The request is done and will close automatically %(when)s") % {
            "when": moment_text(ticket.pending_until)
        }
    return _("The request is done: a specialist will close it") if _is_settled(ticket) else ""


def _is_settled(ticket: Ticket) -> bool:
    """Whether the request is only to be closed: then nobody owes an answer, and no promise counts."""
    return ticket.waits_for == WaitsFor.NOBODY and workflow.is_finished(fact(ticket.state))


def state_of(ticket: Ticket, language: str) -> str:
    """The state in the client's words."""
    return state_text(ticket.state.name(language, for_client=True), answered=_is_answered(ticket))


def _is_answered(ticket: Ticket) -> bool:
    """Whether the client has answered what the state still asks for."""
    return ticket.phase == Phase.OPEN and workflow.client_answered(
        ticket.state.waits_for, ticket.waits_for, client_at=ticket.last_client_at, agent_at=ticket.last_agent_at
    )


def _thread(articles: Sequence[Article], ticket: Ticket, actor: Actor, around: Around) -> list[Markup]:
    """The letters; what the client's side said last tells when the desk has read it, until it is answered."""
    last = next((article for article in reversed(articles) if article.sender != "system"), None)
    if last is None or last.sender != "client" or pages.brought_by(last):
        return [_utterance(one, ticket, actor, read_at=None) for one in articles]
    read_at = min((one.at for one in around.readers if one.kind == "agent" and one.seq >= last.seq), default=None)
    return [_utterance(one, ticket, actor, read_at=read_at if one is last else None) for one in articles]


def _utterance(article: Article, ticket: Ticket, actor: Actor, *, read_at: datetime | None) -> Markup:
    who, voice = speaker(article, actor)
    return (_article.make if is_long(article) else _article)(
        ticket.number,
        article.pk,
        _KINDS[article.sender],
        who,
        voice,
        article.created_at,
        article.html,
        article.text,
        article.folded_text,
        pages.files_of(article),
        _is_fresh(article, ticket, actor),
        originals.is_letter(article),
        read_at,
        pages.brought_by(article),
        pages.referred_by(article),
    )


def _is_fresh(article: Article, ticket: Ticket, actor: Actor) -> bool:
    """Whether the reader has not seen it; what a merged request brought along is old."""
    read_seq: int = ticket.read_seq  # type: ignore[attr-defined]
    return article.seq > read_seq and article.author_id != actor.person_id and not pages.brought_by(article)


@Kept
def _article(
    number: str, article_id: int, kind: str, who: str, voice: str, at: datetime, html: str, text: str, folded: str,
    files: tuple[pages.File, ...], fresh: bool, is_letter: bool,  # noqa: FBT001  keys of what is kept
    read_at: datetime | None, brought_by: str, referred: frozenset[str],
) -> Markup:  # fmt: skip
    base = f"/portal/tickets/{number}/"

    def address(file: pages.File) -> str:
        return f"{base}files/{file.id}/{quote(file.filename, safe='')}"

    body = body_of(html, text, files, address=address, requests="/portal/tickets/", known=referred)
    return macro(
        "web/parts/thread.html", "article", kind, who, voice, at, body,
        folded=folded_of(folded, requests="/portal/tickets/", known=referred), folded_label=folded_label(folded),
        files=links(files, with_markup=bool(html), address=address), id=f"a{article_id}", fresh=fresh,
        original=originals.address(base, article_id) if is_letter else "",
        read=_("Read by the support service, %(when)s") % {"when": moment_text(read_at)} if read_at else "",
        brought=_("from request %(number)s") % {"number": web_number(brought_by)} if brought_by else "",
    )  # fmt: skip


def speaker(article: Article, actor: Actor) -> tuple[str, str]:
    """Who said it, and in what capacity."""
    who = article.author.name if article.author else _("Automatic reply")
    return who, _voice(article, actor, _KINDS[article.sender])


def _voice(article: Article, actor: Actor, kind: str) -> str:
    if kind == "auto":
        return ""
    if kind == "agent":
        return _("specialist")
    by = {"mail": _("by mail"), "phone": _("by phone")}.get(article.channel, "")
    who = _("you") if article.author_id == actor.person_id else _("colleague")
    return f"{who}, {by}" if by else who


def _facts(ticket: Ticket, around: Around, language: str, *, is_mine: bool, asks_me: bool) -> list[tuple[str, Any]]:
    """The summary beside the thread; the queue's own fields at its end."""
    is_open = ticket.phase == Phase.OPEN
    is_asked = is_open and ticket.waits_for == WaitsFor.CLIENT
    facts: list[tuple[str, Any]] = [
        (
            pgettext("asked", "From you") if asks_me else pgettext("asked", "From the company"),
            pgettext("asked", "an answer is needed") if is_asked else pgettext("asked", "nothing is needed"),
        ),
        (_("Recipient"), ticket.queue.name(language)),
        (_("Category"), ticket.category.name(language) if ticket.category else ""),
        (_("Promised"), "" if is_asked or not is_open or _is_settled(ticket) else _promised(ticket.due_at)),
        (_("Author"), ticket.author.name),
        (_("Created"), moment(ticket.created_at)),
    ]
    facts += field_facts(ticket, around, language, shown=values.on_page)
    others = around.colleagues
    seen_by = ngettext("and %(num)d colleague", "and %(num)d colleagues", others) % {"num": others}
    company = ticket.company.short_name if ticket.company else ""
    first = _("you") if is_mine else ticket.author.name
    facts.append((_("Visible to"), " ".join(p for p in (first, seen_by, company and f"({company})") if p)))
    return facts


def _promised(due: datetime | None) -> Markup | str:
    """By when the desk owes an answer, with a word where that has passed. While the client is awaited it owes none."""
    if due is None or due > clock.now():
        return moment(due)
    return escape(_("%(when)s, the time has passed")) % {"when": moment(due)}


def field_facts(
    ticket: Ticket, around: Around, language: str, *, shown: values.Shown = values.shown
) -> Iterable[tuple[str, str]]:
    """The values of the queue's own fields, and of those of queues that the request came from."""
    for asked in around.fields.values():
        stored = ticket.fields.get(asked.key)
        if stored is not None:
            value = shown(stored["value"], asked.kind, asked.choices, language)
            yield asked.label_ru if language == "ru" else asked.label_en, value


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
        elif event.verb == "author_set":
            lines.append((_("Handed over to a colleague"), event.happened_at, False))
        elif event.new in around.states:
            told = around.state(str(event.new), language)
            if told != now:  # two states that clients know by one name are no news
                lines.append((told, event.happened_at, False))
            now = told
    if lines:
        lines[-1] = (lines[-1][0], lines[-1][1], True)
    return lines


def _choices(ticket: Ticket, around: Around, language: str, *, state: str) -> list[tuple[str, str]]:
    """«Следующее состояние» in the requirement's words (R16); the first one is what happens without a choice: to the
    `state` that the page shows, or by the answer."""
    current = fact(ticket.state)
    reopens = ticket.queue.follow_up == Queue.FollowUp.REOPEN
    after = workflow.after_client_answer(current, reopens=reopens)
    offered = [
        code for code in workflow.client_choices(current, reopens=reopens) if code != after and code in around.states
    ]
    if ticket.phase == Phase.CLOSED and not reopens:
        first = ("", _("A new request will be opened"))
    elif after == current.code:
        first = ("", _("Leave as it is: %(state)s") % {"state": state})
    else:
        first = (after, around.state(after, language))
    return [first, *((code, around.state(code, language)) for code in offered)]

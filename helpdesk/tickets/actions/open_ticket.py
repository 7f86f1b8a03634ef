from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from helpdesk.accounts.models import Person
from helpdesk.core import clock, db
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.plain import Columns, insert
from helpdesk.core.richtext import RichText, from_plain
from helpdesk.tickets import fields as intake
from helpdesk.tickets import numbers, policies
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act, AutoAnswer, LetterFacts, NewFile
from helpdesk.tickets.blanks import is_readable, is_untouched
from helpdesk.tickets.fields import Sent, mirror
from helpdesk.tickets.models import Article, Category, Channel, Phase, Priority, Queue, State, Ticket, WaitsFor

USUAL = 3  # the priority of a request where nobody says one


def open_ticket(
    *,
    by: Actor,
    queue_id: int,
    subject: str,
    body: RichText,
    author_id: int | None = None,
    company_id: int | None = None,
    priority: int = USUAL,
    category_id: int | None = None,
    values: Mapping[str, str] | None = None,
    carried: Mapping[str, Any] | None = None,
    attachments: Sequence[NewFile] = (),
    channel: Channel = Channel.WEB,
    letter: LetterFacts | None = None,
    auto_answer: AutoAnswer = AutoAnswer.QUEUE,
    once: str | None = None,
    again: bool = False,
    at: datetime | None = None,
) -> Article:
    """Register a request with its first article and the queue's automatic answer (R2, R11, R14).

    `author_id`: the client for whom an agent writes; by default the actor. `values`: the queue's own fields, as typed;
    None where nobody filled in a form; then `carried`, stored values of the request that this one goes on from.
    `once`: the key of the form; the second time the first article comes back; `again`: the very same was
    sent before, knowingly. Raises Invalid, NotAllowed, Conflict.
    """
    with verb():
        filled = sorted((key, text.strip()) for key, text in (values or {}).items() if text.strip())
        typed = [author_id, company_id, priority, category_id, filled]
        if earlier := base.claim(
            by, once, "open", queue_id, subject, body, typed=typed, attachments=attachments, again=again
        ):
            return earlier
        access = access_of(by)
        found = _look_up(author_id or by.person_id or 0, queue_id, priority, category_id)
        author, queue = found.author, found.queue
        company_id = _company(access, author, found.companies, company_id)
        policies.require(
            policies.may_open(access, queue, company_id=company_id, author_id=author.pk, cause=by.cause), "open"
        )
        is_letter = by.cause is Cause.MAIL  # taken as it is; an agent who types one up fills a form
        line, stored = accepted(queue, subject, body, values, attachments, is_letter=is_letter, at=at)
        ticket = _row(found, company_id, _priority(access, priority, found), line, channel, at or clock.now())
        ticket.fields = stored or dict(carried or {})
        act = Act(ticket, by, access, ticket.created_at)
        article = _first_article(act, body, channel, attachments, letter)
        if auto_answer is AutoAnswer.QUEUE:
            _answer_automatically(act, queue)
        base.claimed(by, once, article)
        return article


def accepted(
    queue: Queue | None,
    subject: str,
    body: RichText,
    values: Mapping[str, str] | None,
    attachments: Sequence[NewFile] = (),
    *,
    is_letter: bool = False,
    at: datetime | None = None,
) -> tuple[str, dict[str, Any]]:
    """The subject in one line and the queue's own fields as they are stored; changes nothing. Raises Invalid with all
    that is wrong with what was typed."""
    wrong: list[Problem] = []
    line, stored = subject, dict[str, Any]()
    with base.noted(wrong):
        line = subject if is_letter else base.check_subject(subject)
    with base.noted(wrong):
        base.check_body(body, attachments, needed=not is_letter)
    with base.noted(wrong):
        if queue and values is not None:
            stored = intake.accepted(queue, values, [_sent(new) for new in attachments], at=at)
    if wrong:
        raise Invalid(*wrong)
    return line, stored


def _sent(new: NewFile) -> Sent:
    stored = new.stored
    is_raw, readable = is_untouched(stored), is_readable(stored)
    return Sent(new.filename, new.field, new.inline, empty=stored.size == 0, untouched=is_raw, readable=readable)


@dataclass(frozen=True, slots=True)
class _Found:
    """What a new request refers to."""

    author: Person
    queue: Queue
    state: State
    priority: Priority | None
    category: Category | None
    companies: list[int]  # of the author


_AUTHOR, _QUEUE, _STATE = Columns(Person, "au"), Columns(Queue, "q"), Columns(State, "s")
_PRIORITY, _CATEGORY = Columns(Priority, "pr"), Columns(Category, "ca")


def _look_up(author_id: int, queue_id: int, priority: int, category_id: int | None) -> _Found:
    """One statement. Raises Invalid for what is not there."""
    rows = db.fetch(
        f"""SELECT (SELECT array_agg(m.company_id ORDER BY m.company_id)
                      FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id
                     WHERE m.person_id = au.id AND m.inactive_at IS NULL AND c.inactive_at IS NULL),
                   {_AUTHOR.sql}, {_QUEUE.sql}, {_STATE.sql}, {_PRIORITY.sql}, {_CATEGORY.sql}
              FROM (SELECT 1) one
              LEFT JOIN accounts_person au ON au.id = %s AND au.inactive_at IS NULL
              LEFT JOIN tickets_queue q ON q.id = %s
              LEFT JOIN tickets_state s ON s.code = 'new'
              LEFT JOIN tickets_priority pr ON pr.rank = %s AND pr.inactive_at IS NULL
              LEFT JOIN tickets_category ca ON ca.id = %s AND ca.inactive_at IS NULL""",  # noqa: S608  our own text
        [author_id, queue_id, priority, category_id],
    )
    row, at, found = rows[0], 1, list[Any]()
    for columns in (_AUTHOR, _QUEUE, _STATE, _PRIORITY, _CATEGORY):
        found.append(columns.take(row, at))
        at += columns.width
    author, queue, state, rank, category = found
    if author is None:
        raise Invalid(Problem("author", "unknown_person"))
    if queue is None:
        raise Invalid(Problem("queue", "unknown_queue"))
    if category_id is not None and category is None:
        raise Invalid(Problem("category", "unknown_category"))
    return _Found(author, queue, state, rank, category, row[0] or [])


def _company(access: Access, author: Person, own: list[int], wanted: int | None) -> int | None:
    """The named company if the author belongs to it; else the only one they belong to; else none."""
    if wanted is not None:
        if wanted not in own:
            raise Invalid(Problem("company", "not_a_member"))
        return wanted
    if author.pk == access.person_id and len(own) > 1:
        return next((company for company in own if company in access.writes), own[0])
    return own[0] if own else None


def _priority(access: Access, rank: int, found: _Found) -> Priority:
    """Clients choose 2 to 5 (R11), the desk any."""
    lowest = 1 if access.is_agent or access.is_system else 2
    if found.priority is None or not lowest <= rank <= 5:
        raise Invalid(Problem("priority", "not_offered"))
    return found.priority


def _row(
    found: _Found, company_id: int | None, priority: Priority, subject: str, channel: Channel, at: datetime
) -> Ticket:
    author = found.author
    return Ticket(
        subject=subject, queue=found.queue, state=found.state, phase=Phase.OPEN, waits_for=WaitsFor.DESK,
        priority=priority, category=found.category, company_id=company_id, author=author, channel=channel,
        language=author.language, created_at=at, changed_at=at, last_article_at=at, last_article_by=author,
        last_client_at=at,
    )  # fmt: skip


def _first_article(
    act: Act, body: RichText, channel: Channel, attachments: Sequence[NewFile], letter: LetterFacts | None
) -> Article:
    ticket = act.ticket
    ticket.number = numbers.take(act.at)
    insert(ticket)
    if values := mirror.rows(ticket.pk, ticket.fields):
        insert(*values)
    article, files = base.add_article(
        act, sender="client", channel=channel, body=body, visible=True, author_id=ticket.author_id,
        attachments=attachments, letter=letter,
    )  # fmt: skip
    event = act.event("opened", new={"queue": ticket.queue_id, "priority": ticket.priority_id}, article=article)
    act.save()
    base.publish_article(act, article, files, event)
    return article


def _answer_automatically(act: Act, queue: Queue) -> None:
    """The automatic answer (R14). Its text holds the number and nothing that the sender wrote."""
    text = queue.auto_reply_ru if act.ticket.language == "ru" else queue.auto_reply_en
    if not text:
        return
    own = Act(act.ticket, Actor(None, Cause.AUTOMATION), act.access, act.at)
    article, _ = base.add_article(
        own, sender="system", channel=Channel.SYSTEM, visible=True, author_id=None,
        body=from_plain(text.replace("{number}", numbers.shown(act.ticket.number))),
    )  # fmt: skip
    event = own.event("auto_answered", article=article)
    own.save()
    base.publish_article(own, article, (), event, automatic=True)

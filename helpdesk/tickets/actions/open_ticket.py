from collections.abc import Mapping, Sequence
from datetime import datetime

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.richtext import RichText, from_plain
from helpdesk.tickets import fields as intake
from helpdesk.tickets import numbers, policies
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act, AutoAnswer, LetterFacts, NewFile
from helpdesk.tickets.models import Article, Category, Channel, Phase, Priority, Queue, State, Ticket, WaitsFor


def open_ticket(
    *,
    by: Actor,
    queue_id: int,
    subject: str,
    body: RichText,
    author_id: int | None = None,
    company_id: int | None = None,
    priority: int = 3,
    category_id: int | None = None,
    values: Mapping[str, str] | None = None,
    attachments: Sequence[NewFile] = (),
    channel: Channel = Channel.WEB,
    letter: LetterFacts | None = None,
    auto_answer: AutoAnswer = AutoAnswer.QUEUE,
    once: str | None = None,
    at: datetime | None = None,
) -> Article:
    """Register a request with its first article and the queue's automatic answer (R2, R11, R14).

    `author_id`: the client for whom an agent writes; by default the actor. `values`: the queue's own fields, as typed.
    `once`: the key of the form; the second time the first article comes back. Raises Invalid, NotAllowed.
    """
    with verb():
        if earlier := base.claim(by, once, "open", queue_id, subject, body, attachments=attachments):
            return earlier
        access = access_of(by)
        author = _author(author_id or by.person_id or 0)
        queue = _queue(queue_id)
        company_id = _company(access, author, company_id)
        policies.require(
            policies.may_open(access, queue, company_id=company_id, author_id=author.pk, cause=by.cause), "open"
        )
        line = base.check_subject(subject) if channel is not Channel.MAIL else subject
        base.check_body(body, attachments, needed=channel is not Channel.MAIL)
        stored = intake.accepted(queue, values or {})
        ticket = _row(queue, author, company_id, _priority(access, priority), line, channel, at or clock.now())
        ticket.category = _category(category_id)
        ticket.fields = stored
        act = Act(ticket, by, access, ticket.created_at)
        article = _first_article(act, body, channel, attachments, letter)
        if auto_answer is AutoAnswer.QUEUE:
            _answer_automatically(act, queue)
        base.claimed(by, once, article)
        return article


def _author(person_id: int) -> Person:
    author = Person.objects.filter(pk=person_id, inactive_at=None).first()
    if author is None:
        raise Invalid(Problem("author", "unknown_person"))
    return author


def _queue(queue_id: int) -> Queue:
    queue = Queue.objects.filter(pk=queue_id).first()
    if queue is None:
        raise Invalid(Problem("queue", "unknown_queue"))
    return queue


def _company(access: Access, author: Person, wanted: int | None) -> int | None:
    """The named company if the author belongs to it; else the only one they belong to; else none."""
    own = sorted(
        author.memberships.filter(inactive_at=None, company__inactive_at=None).values_list("company_id", flat=True)
    )
    if wanted is not None:
        if wanted not in own:
            raise Invalid(Problem("company", "not_a_member"))
        return wanted
    if author.pk == access.person_id and len(own) > 1:
        return next((company for company in own if company in access.writes), own[0])
    return own[0] if own else None


def _priority(access: Access, rank: int) -> Priority:
    """Clients choose 2 to 5 (R11), the desk any."""
    lowest = 1 if access.is_agent or access.is_system else 2
    priority = Priority.objects.filter(pk=rank).first() if lowest <= rank <= 5 else None
    if priority is None:
        raise Invalid(Problem("priority", "not_offered"))
    return priority


def _category(category_id: int | None) -> Category | None:
    if category_id is None:
        return None
    category = Category.objects.filter(pk=category_id, inactive_at=None).first()
    if category is None:
        raise Invalid(Problem("category", "unknown_category"))
    return category


def _row(
    queue: Queue,
    author: Person,
    company_id: int | None,
    priority: Priority,
    subject: str,
    channel: Channel,
    at: datetime,
) -> Ticket:
    return Ticket(
        subject=subject, queue=queue, state=State.objects.get(pk="new"), phase=Phase.OPEN, waits_for=WaitsFor.DESK,
        priority=priority, company_id=company_id, author=author, channel=channel, language=author.language,
        created_at=at, changed_at=at, last_article_at=at, last_article_by=author, last_client_at=at,
    )  # fmt: skip


def _first_article(
    act: Act, body: RichText, channel: Channel, attachments: Sequence[NewFile], letter: LetterFacts | None
) -> Article:
    ticket = act.ticket
    ticket.number = numbers.take(act.at)
    ticket.save()
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

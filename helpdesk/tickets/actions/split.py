"""A part of a request becomes one of its own: chosen articles are copied into a new, linked request; nothing leaves."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q

from helpdesk.accounts.models import Person
from helpdesk.core import bus
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, Problem
from helpdesk.core.plain import insert
from helpdesk.core.text.safe import snippet
from helpdesk.tickets import numbers, policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act
from helpdesk.tickets.events import ArticleAdded
from helpdesk.tickets.models import (
    Article,
    Attachment,
    Link,
    Participant,
    Phase,
    Queue,
    Ticket,
    TicketEvent,
    WaitsFor,
)

_SAID = (
    "channel", "sender", "author_id", "visible_to_client", "to_addresses", "cc_addresses", "subject", "text",
    "folded_text", "html", "created_at",
)  # fmt: skip
_FILE = ("blob_id", "position", "filename", "content_type", "size", "inline", "content_id")


def split(
    ticket_id: int, *, by: Actor, articles: Collection[int], subject: str, queue_id: int, once: str | None = None,
    again: bool = False, at: datetime | None = None,
) -> TicketEvent:  # fmt: skip
    """Make a new request of articles (their ids) of a request or of what was merged into it; the line of the old one.

    It is new, of the same company, of the client who said the first of them, with the same people in copy; nobody is
    told of what was said before, and no automatic answer goes out. `once`, `again` as in `reply`. Raises NotFound,
    NotAllowed, Conflict; Invalid: `subject`; `queue` unknown_queue; `articles` none_chosen, none_visible.
    """
    with verb():
        chosen_ids = sorted(set(articles))
        if earlier := base.claim(by, once, "split", ticket_id, chosen_ids, subject, queue_id, again=again):
            return _line_of(ticket_id, earlier.ticket_id)
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_split(act.access, act.ticket), "split")
        queue = Queue.objects.filter(pk=queue_id, inactive_at=None).first()
        if queue is None:
            raise Invalid(Problem("queue", "unknown_queue"))
        policies.require(policies.may_split(act.access, act.ticket, into=queue), "split")
        line, chosen = base.check_subject(subject), _chosen(act.ticket, chosen_ids)
        new, copies = _open(act, chosen, subject=line, queue=queue)
        Link.objects.create(source=act.ticket, target=new, kind=Link.Kind.NORMAL, created_at=act.at)
        event = act.finish(act.event("split", field="split", old=None, new={"ticket": new.pk}))
        base.claimed(by, once, copies[0])
        return event


def unsplit(event: TicketEvent, *, by: Actor, at: datetime | None = None) -> TicketEvent | None:
    """Take a split back: the new request is removed, which nobody has touched yet, and the link with it. None if it is
    back already. Raises NotFound, NotAllowed; Conflict: `undo_newer`."""
    with verb():
        new_id = (event.new or {}).get("ticket", 0)
        acts = {pk: base.locked(pk, by=by, at=at) for pk in sorted((event.ticket_id, new_id))}
        act, new = acts[event.ticket_id], acts[new_id]
        if event.actor_id != by.person_id or not policies.may_split(act.access, act.ticket):
            raise NotAllowed("undo")
        if act.ticket.events.filter(undoes=event).exists() or new.ticket.phase == Phase.REMOVED:
            return None
        newer = new.ticket.events.exclude(verb__in=["opened", "split_from"]).select_related("actor").last()
        if newer is not None:
            name = newer.actor.name if newer.actor else ""
            raise Conflict("undo_newer", field="split", by=newer.actor_id, name=name)
        Link.objects.filter(source=act.ticket, target=new.ticket, kind=Link.Kind.NORMAL).delete()
        before = new.ticket.state_id
        base.set_state_columns(new, base.target_state("removed"), until=None)
        new.set(waits_for=WaitsFor.NOBODY)
        new.finish(new.event("removed", field="state", old=before, new="removed", note="mistake"))
        return act.finish(act.event("unsplit", field="split", old=event.new, new=None, undoes=event))


def _line_of(ticket_id: int, new_id: int) -> TicketEvent:
    return TicketEvent.objects.get(ticket_id=ticket_id, verb="split", new__ticket=new_id)


def _chosen(ticket: Ticket, ids: Collection[int]) -> list[Article]:
    """The chosen articles, oldest first; what the desk said by itself is nobody's word."""
    own = Article.objects.filter(Q(ticket=ticket) | Q(ticket__part_of=ticket), pk__in=ids)
    chosen = list(own.exclude(sender=Article.Sender.SYSTEM).select_related("author").order_by("created_at", "pk"))
    if not chosen:
        raise Invalid(Problem("articles", "none_chosen"))
    if not any(one.visible_to_client for one in chosen):
        raise Invalid(Problem("articles", "none_visible"))
    return chosen


def _open(act: Act, chosen: list[Article], *, subject: str, queue: Queue) -> tuple[Ticket, list[Article]]:
    """The new request with its copies; other rooms hear of each, as of what was said before."""
    old = act.ticket
    new = _row(act, chosen, subject=subject, queue=queue)
    insert(new)
    mine = Act(new, act.by, act.access, act.at)
    copies = [_copy(one, new, seq) for seq, one in enumerate(chosen, 1)]
    _people(old, new)
    opening = mine.event("opened", new={"queue": new.queue_id, "priority": new.priority_id}, article=copies[0])
    mine.finish(mine.event("split_from", field="split", old=None, new={"ticket": old.pk}))
    for copy in copies:
        files = tuple(copy.attachments.order_by("position"))
        bus.publish(ArticleAdded(new, copy, files, opening, act.by, copied=True))
    return new, copies


def _row(act: Act, chosen: list[Article], *, subject: str, queue: Queue) -> Ticket:
    old, seen = act.ticket, [one for one in chosen if one.visible_to_client]
    author = _author(old, seen)
    last = max(seen, key=lambda one: one.created_at)
    of_client = [one.created_at for one in seen if one.sender == Article.Sender.CLIENT]
    of_desk = [one.created_at for one in seen if one.sender == Article.Sender.AGENT]
    is_kept = old.category is not None and old.category.inactive_at is None
    return Ticket(
        number=numbers.take(act.at), subject=subject, queue=queue, state=base.target_state("new"), phase=Phase.OPEN,
        waits_for=WaitsFor.DESK, priority=old.priority, type=old.type, category=old.category if is_kept else None,
        company_id=old.company_id, author=author, channel=chosen[0].channel, language=author.language,
        created_at=act.at, changed_at=act.at, last_article_at=last.created_at, last_article_by_id=last.author_id,
        snippet=snippet(last.text, 200), last_client_at=max(of_client, default=None),
        last_agent_at=max(of_desk, default=None), articles_count=len(chosen),
        last_visible_seq=max(seq for seq, one in enumerate(chosen, 1) if one.visible_to_client),
    )  # fmt: skip


def _author(old: Ticket, seen: list[Article]) -> Person:
    """The client who said the first of them, where they belong to the company still; else the author of the old one."""
    for one in seen:
        if one.sender != Article.Sender.CLIENT or one.author is None or one.author_id == old.author_id:
            continue
        if old.company_id is not None and old.company_id in access_of(Actor(one.author_id)).companies:
            return one.author
        break
    return old.author


def _copy(one: Article, new: Ticket, seq: int) -> Article:
    """The same words in the new request. The letter itself stays with the old one: its id leads there."""
    said = {name: getattr(one, name) for name in _SAID}
    copy = Article(ticket=new, seq=seq, from_address="" if one.author_id else one.from_address, **said)
    insert(copy)
    Attachment.objects.bulk_create(
        Attachment(article=copy, **{name: getattr(file, name) for name in _FILE})
        for file in one.attachments.order_by("position")
    )
    return copy


def _people(old: Ticket, new: Ticket) -> None:
    """Who takes part on the client's side takes part in the new one; the author of the old one too."""
    roles = dict(
        old.participants.exclude(role=Participant.Role.WATCHER).order_by("pk").values_list("person_id", "role")
    )
    if not old.author.is_agent:
        roles.setdefault(old.author_id, Participant.Role.OBSERVER)
    roles.pop(new.author_id, None)
    Participant.objects.bulk_create(Participant(ticket=new, person_id=pk, role=role) for pk, role in roles.items())

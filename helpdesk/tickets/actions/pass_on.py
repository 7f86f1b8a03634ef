from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, Problem
from helpdesk.core.richtext import RichText
from helpdesk.tickets import policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import NewFile
from helpdesk.tickets.models import Article, Channel, Phase, Queue, Ticket, WaitsFor


def pass_on(
    ticket_id: int, *, by: Actor, to_queue_id: int, body: RichText, attachments: Sequence[NewFile] = (),
    seen: int | None = None, once: str | None = None, again: bool = False, at: datetime | None = None,
) -> Article:  # fmt: skip
    """Move a request that does not belong here, with an explanation to its client, in one act. It stays without an
    owner where it has none, and it is the desk's turn: whoever works there owes the answer.

    `seen`, `once`, `again` as in `reply`. Raises NotFound, NotAllowed, Conflict; Invalid: `body`; `queue`
    unknown_queue, same_queue.
    """
    with verb():
        if earlier := base.claim(
            by, once, "pass_on", ticket_id, body, choices=[to_queue_id], attachments=attachments, again=again
        ):
            return earlier
        act = base.locked(ticket_id, by=by, at=at)
        policies.require(policies.may_pass_on(act.access, act.ticket), "pass_on")
        queue = Queue.objects.filter(pk=to_queue_id, inactive_at=None).first()
        if queue is None:
            raise Invalid(Problem("queue", "unknown_queue"))
        before = act.ticket.queue_id
        if queue.pk == before:
            raise Invalid(Problem("queue", "same_queue"))
        policies.require(policies.may_move(act.access, act.ticket, to_queue_id=queue.pk), "move_into")
        base.check_body(body, attachments)
        base.refuse_stale(act, seen, fields=["queue"], articles=True)
        article, files = base.add_article(
            act, sender="agent", channel=Channel.WEB, body=body, visible=True, author_id=by.person_id,
            attachments=attachments,
        )  # fmt: skip
        if act.ticket.phase == Phase.OPEN:
            act.set(waits_for=WaitsFor.DESK)
        batch = uuid4()
        said = act.event("replied", article=article, batch=batch)
        act.set(queue=queue)
        act.finish(act.event("moved", field="queue", old=before, new=queue.pk, batch=batch))
        base.publish_article(act, article, files, said)
        base.claimed(by, once, article)
        return article


def explanation(ticket: Ticket, queue: Queue) -> str:
    """The ready text of a request's queue for its client, with the name of where it goes; empty where there is none."""
    language = "ru" if ticket.language == "ru" else "en"
    return str(getattr(ticket.queue, f"moved_text_{language}")).replace("{queue}", queue.name(language))

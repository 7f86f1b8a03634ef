from datetime import datetime

from helpdesk.core.actor import Cause, system
from helpdesk.core.db import verb
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import base
from helpdesk.tickets.models import Channel, Queue, StateType, TicketEvent, WaitsFor

TEXTS = {
    "ru": "Заявка закрыта автоматически: ответа на решение не было.",
    "en": "The request was closed automatically: the solution was not answered.",
}
AFTER = {  # what remains possible, by the queue's rule
    "ru": {
        Queue.FollowUp.REOPEN: "Если вопрос остался, напишите здесь.",
        Queue.FollowUp.NEW: "Если вопрос остался, напишите здесь: откроется новая заявка, связанная с этой.",
        Queue.FollowUp.REFUSE: "Если вопрос остался, отправьте новую заявку и укажите в ней номер этой.",
    },
    "en": {
        Queue.FollowUp.REOPEN: "If the question remains, write here.",
        Queue.FollowUp.NEW: "If the question remains, write here: a new request, linked with this one, will open.",
        Queue.FollowUp.REFUSE: "If the question remains, send a new request and mention this one's number.",
    },
}


def close_due(ticket_id: int, *, at: datetime) -> TicketEvent | None:
    """Close a finished request whose time has come, with a visible article (R18).

    None if it is no longer due: an answer that came first keeps it open.
    """
    with verb():
        act = base.locked(ticket_id, by=system(Cause.AUTOMATION), at=at)
        ticket = act.ticket
        due = ticket.pending_until is not None and ticket.pending_until <= at
        if not (StateType(ticket.state.type) is StateType.PENDING_AUTO or ticket.state.closes_after) or not due:
            return None
        before = ticket.state_id
        target = ticket.state.closes_to or base.target_state("closed")
        language = ticket.language if ticket.language in TEXTS else "en"
        after = AFTER[language][Queue.FollowUp(ticket.queue.follow_up)]
        article, _ = base.add_article(
            act, sender="system", channel=Channel.SYSTEM, visible=True, author_id=None,
            body=from_plain(f"{TEXTS[language]} {after}"),
        )  # fmt: skip
        base.set_state_columns(act, target, until=None)
        act.set(waits_for=WaitsFor.NOBODY)
        event = act.event("auto_closed", field="state", old=before, new=target.code, article=article)
        act.finish(event)
        base.publish_article(act, article, (), event, automatic=True)
        return event

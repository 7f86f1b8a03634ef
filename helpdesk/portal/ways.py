"""Where a client goes on with a text that could not be sent."""

from helpdesk.core.actor import Actor
from helpdesk.fronts.unsent import Kept
from helpdesk.tickets import policies, queries
from helpdesk.tickets.access import access_of


def to_draft(actor: Actor, draft_id: int, *, is_answer: bool) -> Kept:
    """To its draft; of an answer also to a new request, where the writer can send one."""
    if not draft_id:
        return Kept()
    may_open = is_answer and policies.may_open_among(access_of(actor), queries.queues_for_client(actor))
    return Kept(f"/portal/drafts/{draft_id}/", f"/portal/new/?answer={draft_id}" if may_open else "")

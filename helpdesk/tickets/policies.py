"""Who may do what. The only place that decides about verbs; which rows one sees is in queries.visible_to."""

from collections.abc import Sequence

from helpdesk.core.actor import Cause
from helpdesk.core.errors import NotAllowed
from helpdesk.tickets.access import Access
from helpdesk.tickets.models import Phase, Queue, Right, Ticket


def require(allowed: bool, code: str, **details: object) -> None:  # noqa: FBT001
    """Raise NotAllowed(code) unless allowed."""
    if not allowed:
        raise NotAllowed(code, **details)


def may_read(access: Access, ticket: Ticket, *, takes_part: bool = False) -> bool:
    """Whether a person sees a request; the same rule as queries.visible_to, over one row.

    `takes_part`: the person is an observer of this request.
    """
    if access.is_system:
        return True
    if access.is_agent:
        needed = Right.FULL if ticket.phase == Phase.REMOVED else Right.READ
        return access.has(needed, ticket.queue_id)
    if ticket.phase == Phase.REMOVED or not access.is_client:
        return False
    if ticket.company_id is None:
        return ticket.author_id == access.person_id
    if ticket.company_id in access.company_wide:
        return True
    return ticket.company_id in access.companies and (ticket.author_id == access.person_id or takes_part)


def may_reach(access: Access, ticket: Ticket, *, takes_part: bool, by_mail: bool) -> bool:
    """Whether the verbs work on a request for this person: for whoever sees it.

    By mail also for its author and its observers, whose address the mail room has proved: a contact has no pages.
    """
    if may_read(access, ticket, takes_part=takes_part):
        return True
    return by_mail and access.kind != "nobody" and (takes_part or ticket.author_id == access.person_id)


def is_of_its_side(
    access: Access, ticket: Ticket, *, takes_part: bool, has_written: bool, holds_our_letter: bool
) -> bool:
    """Whether a letter of this person answers a request: of its author, its observers, who has written in it; with a
    letter of ours also of a colleague who sees it. Never of an agent."""
    if access.is_agent:
        return False
    if ticket.author_id == access.person_id or takes_part or has_written:
        return True
    return holds_our_letter and may_read(access, ticket)


def may_be_told(access: Access, ticket: Ticket, *, takes_part: bool) -> bool:
    """Whether news of a request may go to a person: who sees it; a contact, who reads by letters alone, as long as a
    client in their place would see it; an agent who wrote to the desk as anybody may."""
    if may_read(access, ticket, takes_part=takes_part):
        return True
    is_author = ticket.author_id == access.person_id
    if ticket.phase == Phase.REMOVED or not (is_author or takes_part):
        return False
    if access.kind == "contact":
        return ticket.company_id is None or ticket.company_id in access.companies
    return access.is_agent and is_author


def may_see_notes(access: Access) -> bool:
    """Internal notes and the full history are the desk's."""
    return access.is_agent or access.is_system


def may_open(access: Access, queue: Queue, *, company_id: int | None, author_id: int, cause: Cause) -> bool:
    """A client in a queue that clients choose, for a company they write for; an agent on behalf; a letter's sender."""
    if access.is_system:
        return True
    if access.is_agent:
        return access.has(Right.CREATE, queue.pk)
    if author_id != access.person_id or queue.inactive_at is not None:
        return False
    if cause is Cause.MAIL:  # the mailbox chose the queue, and anybody may write to it
        return company_id is None or company_id in access.writes
    return access.is_client and queue.client_chooses and (company_id is None or company_id in access.writes)


def may_open_any(access: Access) -> bool:
    """Whether a client writes for anybody at all: whoever only reads is told so before they write."""
    return not access.is_client or not access.companies or bool(access.writes)


def may_open_among(access: Access, recipients: Sequence[Queue]) -> bool:
    """Whether a client can send a new request: they write for somebody, and some recipient is open to them."""
    return may_open_any(access) and bool(recipients)


def may_reply(access: Access, ticket: Ticket) -> bool:
    """A visible answer."""
    if ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        return False
    if access.is_system:
        return True
    if access.is_agent:
        return access.has(Right.ANSWER, ticket.queue_id)
    return may_write_for(access, ticket)


def may_write_for(access: Access, ticket: Ticket) -> bool:
    """Whether a client may write in the request of this company."""
    return ticket.company_id is None or ticket.company_id in access.writes


def may_hand_over(access: Access, ticket: Ticket) -> bool:
    """Give a colleague's request to another: the company's chief."""
    if ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        return False
    return access.is_system or (access.is_client and ticket.company_id in access.chief_of)


def may_set_observers(access: Access, ticket: Ticket) -> bool:
    """Choose which colleagues observe a request: its author, the company's chief, who sees all of it; who writes."""
    if ticket.company_id is None or ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        return False
    if access.is_system:
        return True
    if not access.is_client or ticket.company_id not in access.writes:
        return False
    is_wide = ticket.company_id in access.company_wide or ticket.company_id in access.chief_of
    return is_wide or ticket.author_id == access.person_id


def may_be_observer(access: Access, ticket: Ticket) -> bool:
    """A colleague of the request's company."""
    return access.is_client and ticket.company_id in access.companies


def may_note(access: Access, ticket: Ticket) -> bool:
    return access.is_system or (access.is_agent and access.has(Right.NOTE, ticket.queue_id))


def may_note_clients(access: Access) -> bool:
    """Write down something about a client or a company: whoever writes notes anywhere."""
    return access.is_system or (access.is_agent and bool(access.queues_with(Right.NOTE)))


def may_set_state(access: Access, ticket: Ticket) -> bool:
    """Any state by hand: specialists. Clients choose one with an answer, or settle a request."""
    return access.is_system or (access.is_agent and access.has(Right.ANSWER, ticket.queue_id))


def may_settle(access: Access, ticket: Ticket) -> bool:
    """Say of a request of one's own side, without an answer, that it is done."""
    return access.is_client and may_reply(access, ticket)


def may_remove(access: Access, ticket: Ticket) -> bool:
    """Put spam away: only with the full right, since only that finds it again."""
    return access.is_system or (access.is_agent and access.has(Right.FULL, ticket.queue_id))


def may_set_priority(access: Access, ticket: Ticket) -> bool:
    return access.is_system or (access.is_agent and access.has(Right.PRIORITY, ticket.queue_id))


def may_set_category(access: Access, ticket: Ticket) -> bool:
    return access.is_system or (access.is_agent and access.has(Right.NOTE, ticket.queue_id))


def may_set_type(access: Access, ticket: Ticket) -> bool:
    return may_set_category(access, ticket)


def may_set_tags(access: Access, ticket: Ticket) -> bool:
    """Tag it, with new words too: whoever notes."""
    return may_note(access, ticket)


def may_set_subject(access: Access, ticket: Ticket) -> bool:
    """Clients read it: whoever answers them."""
    if ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        return False
    return access.is_system or (access.is_agent and access.has(Right.ANSWER, ticket.queue_id))


def may_change_client(access: Access, ticket: Ticket) -> bool:
    """Say whose request it is: whoever answers them."""
    return may_set_subject(access, ticket)


def may_lock(access: Access, ticket: Ticket) -> bool:
    """Warn the others that one works on it: whoever could own it."""
    return ticket.phase == Phase.OPEN and may_own(access, ticket.queue_id)


def may_unlock(access: Access, ticket: Ticket) -> bool:
    """One's own lock; somebody else's for whoever assigns."""
    return ticket.locked_by_id == access.person_id or may_assign(access, ticket)


def may_watch(access: Access, ticket: Ticket) -> bool:
    """Hear of it as its owner does: every specialist who sees it."""
    return access.is_agent and may_read(access, ticket)


def may_promise(access: Access, ticket: Ticket) -> bool:
    """Set the promised time."""
    return access.is_system or (access.is_agent and access.has(Right.ANSWER, ticket.queue_id))


def may_assign(access: Access, ticket: Ticket) -> bool:
    """Take a request or give it to somebody."""
    return access.is_system or (access.is_agent and access.has(Right.OWNER, ticket.queue_id))


def may_move(access: Access, ticket: Ticket, *, to_queue_id: int | None = None) -> bool:
    """Out of where one notes, into where one may move; without a target: whether there may be one at all."""
    if access.is_system:
        return True
    if not access.is_agent or not access.has(Right.NOTE, ticket.queue_id):
        return False
    if to_queue_id is None:
        return bool(access.queues_with(Right.MOVE_INTO))
    return access.has(Right.MOVE_INTO, to_queue_id)


def may_own(access: Access, queue_id: int) -> bool:
    """Whether a person can be given requests of this queue."""
    return access.is_agent and access.has(Right.ANSWER, queue_id)


def may_merge(access: Access, ticket: Ticket) -> bool:
    """Make a request part of another, or take it out again: who answers in the queues of both (each is asked)."""
    if ticket.phase == Phase.REMOVED:
        return False
    return access.is_system or (access.is_agent and access.has(Right.ANSWER, ticket.queue_id))


def may_merge_across(access: Access, *tickets: Ticket) -> bool:
    """Merge requests of different companies, of which neither's clients read the other's letters: only with all rights
    in the queues of both."""
    return access.is_system or (access.is_agent and all(access.has(Right.FULL, one.queue_id) for one in tickets))


def are_of_one_side(one: Ticket, other: Ticket) -> bool:
    """Whether the same clients read two requests: of one company, or of one author who has none."""
    if one.company_id is None and other.company_id is None:
        return one.author_id == other.author_id
    return one.company_id == other.company_id


def may_link(access: Access, ticket: Ticket) -> bool:
    """Say that a request belongs to another one that they see: who notes."""
    return may_note(access, ticket) and ticket.phase not in {Phase.MERGED, Phase.REMOVED}


def may_split(access: Access, ticket: Ticket, *, into: Queue | None = None) -> bool:
    """Make a request of a part of one: who answers here and may create there; without a queue: anywhere."""
    if ticket.phase in {Phase.MERGED, Phase.REMOVED}:
        return False
    if access.is_system:
        return True
    if not access.is_agent or not access.has(Right.ANSWER, ticket.queue_id):
        return False
    return access.has(Right.CREATE, into.pk) if into is not None else bool(access.queues_with(Right.CREATE))


def may_check(access: Access, ticket: Ticket) -> bool:
    """Write and tick what is to be done for a request: who notes."""
    return may_link(access, ticket)


def may_put_template(access: Access, queue_id: int | None) -> bool:
    """Look after the checklists that are ready for a queue: who has all rights there; for all queues, in all."""
    if access.is_system:
        return True
    if not access.is_agent:
        return False
    if queue_id is None:
        return bool(access.queues) and len(access.queues_with(Right.FULL)) == access.all_queues
    return access.has(Right.FULL, queue_id)


def may_pass_on(access: Access, ticket: Ticket) -> bool:
    """Move a request with an explanation to its client: who answers it and may move it."""
    return may_reply(access, ticket) and not access.is_client and may_move(access, ticket)

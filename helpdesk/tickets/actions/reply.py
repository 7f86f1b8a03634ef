from collections.abc import Sequence
from datetime import datetime

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Invalid, NotAllowed, Problem
from helpdesk.core.richtext import RichText
from helpdesk.tickets import policies, workflow
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.assign import give_on_answer
from helpdesk.tickets.actions.base import Act, LetterFacts, NewFile, StateMove
from helpdesk.tickets.actions.link import link_rows
from helpdesk.tickets.actions.open_ticket import USUAL, open_ticket
from helpdesk.tickets.models import Article, Channel, Link, Participant, Phase, Queue, State


def reply(
    ticket_id: int, *, by: Actor, body: RichText, attachments: Sequence[NewFile] = (), then: StateMove | None = None,
    channel: Channel = Channel.WEB, letter: LetterFacts | None = None, seen: int | None = None,
    once: str | None = None, again: bool = False, quiet: bool = False, asks: bool = False, at: datetime | None = None,
) -> Article:  # fmt: skip
    """A visible answer of either side, with the next state in the same act (R16, R17, R18).

    `seen`: the last event that the writer saw; Conflict if somebody answered since, or, where a state is chosen, set
    one. `once`: the key of the form; `again`: the very same was sent before, knowingly. `quiet`: a machine wrote it:
    it is kept, moves no turn and rings nowhere. `asks` as in `set_state`: of an answer that closes.
    An answer to a closed request follows the queue's rule: taken up again, a new linked request, or NotAllowed.
    Raises NotFound, NotAllowed, Invalid, Conflict.
    """
    with verb():
        if earlier := base.claim(
            by, once, "reply", ticket_id, body, choices=[then], attachments=attachments, again=again
        ):
            return earlier
        act = base.locked(ticket_id, by=by, at=at)
        target = check(act, body, attachments, then=then, channel=channel, seen=seen, asks=asks)
        if target is None:
            article = _go_on_in_a_new_one(act, body=body, attachments=attachments, channel=channel, letter=letter)
        else:
            article = _write(act, body, attachments, channel, letter, target=target, then=then, quiet=quiet)
        base.claimed(by, once, article)
        return article


def check(
    act: Act, body: RichText, attachments: Sequence[NewFile], *, then: StateMove | None, seen: int | None,
    channel: Channel = Channel.WEB, asks: bool = False,
) -> State | None:  # fmt: skip
    """The state after an answer that may be given now; None where it opens a new request. Raises as `reply` does."""
    policies.require(policies.may_reply(act.access, act.ticket), "reply")
    from_agent = act.access.is_agent or act.access.is_system
    base.check_body(body, attachments, needed=channel is not Channel.MAIL)
    base.refuse_stale(act, seen, fields=["state"] if then else [], articles=True)
    if not from_agent and act.ticket.phase == Phase.CLOSED and not _reopens(act):
        return None
    target = _target(act, then, from_agent=from_agent)
    if asks:
        base.ask_of_children(act, target)
    return target


def _reopens(act: Act) -> bool:
    return act.ticket.queue.follow_up == Queue.FollowUp.REOPEN


def _target(act: Act, then: StateMove | None, *, from_agent: bool) -> State:
    """The state after the answer. Raises Invalid for a choice that is not offered."""
    current = act.ticket.state
    if from_agent:
        code = then.code if then else (workflow.OPEN if current.code == workflow.NEW else current.code)
    else:
        code = then.code if then else workflow.after_client_answer(base.fact(current), reopens=_reopens(act))
    if code == current.code:
        return current
    target = base.target_state(code)
    side = workflow.Side.AGENT if from_agent else workflow.Side.CLIENT
    if not workflow.may_set(side, base.fact(current), base.fact(target), reopens=_reopens(act)):
        raise Invalid(Problem("next_state", "not_offered", {"state": code[:50]}))
    if target.code == "reminder" and (then is None or then.until is None):
        raise Invalid(Problem("until", "empty"))
    if then is not None and then.until is not None and then.until <= act.at:
        raise Invalid(Problem("until", "has_passed"))
    return target


def _write(
    act: Act,
    body: RichText,
    attachments: Sequence[NewFile],
    channel: Channel,
    letter: LetterFacts | None,
    *,
    target: State,
    then: StateMove | None,
    quiet: bool,
) -> Article:
    ticket = act.ticket
    from_agent = act.access.is_agent or act.access.is_system
    before = ticket.state_id
    moved = target.code != before
    article, files = base.add_article(
        act, sender="agent" if from_agent else "client", channel=channel, body=body, visible=True,
        author_id=act.by.person_id, attachments=attachments, letter=letter, quiet=quiet,
    )  # fmt: skip
    if moved or then:
        base.set_state_columns(act, target, until=then.until if then else None)
    if from_agent:
        turn = workflow.turn_after_agent(base.fact(target), before=ticket.waits_for_enum, moved=moved or bool(then))
        act.set(waits_for=turn)
    elif not quiet:
        act.set(waits_for=workflow.turn_after_client(base.fact(target)))
    if from_agent:
        give_on_answer(act)
    field, old, new = ("state", before, target.code) if moved else ("", None, None)
    event = act.event("replied", field=field, old=old, new=new, article=article)
    act.save()
    base.publish_article(act, article, files, event, automatic=quiet)
    return article


def _go_on_in_a_new_one(
    act: Act,
    *,
    body: RichText,
    attachments: Sequence[NewFile],
    channel: Channel,
    letter: LetterFacts | None,
) -> Article:
    """The queue does not take closed requests up again: a new one, linked, or a refusal. What is known of the old one
    stands on the new one: fields (files apart, which lie there), category, who observes it."""
    old = act.ticket
    if old.queue.follow_up == Queue.FollowUp.REFUSE:
        raise NotAllowed("closed_for_good", number=old.number)
    priority = max(2, old.priority_id) if old.priority.inactive_at is None else USUAL
    article = open_ticket(
        by=Actor(act.by.person_id, act.by.cause, act.by.known), queue_id=old.queue_id, subject=old.subject, body=body,
        company_id=old.company_id, priority=priority, attachments=attachments, channel=channel,
        category_id=old.category_id if old.category and old.category.inactive_at is None else None,
        carried={key: one for key, one in old.fields.items() if not isinstance(one.get("value"), list)},
        letter=letter, at=act.at,
    )  # fmt: skip
    Participant.objects.bulk_create(
        Participant(ticket=article.ticket, person_id=one.person_id, role=one.role) for one in old.participants.all()
    )
    link_rows(old, article.ticket, kind=Link.Kind.FOLLOW_UP, by=act.by, at=act.at)
    return article

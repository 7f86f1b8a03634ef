"""One act upon many requests: each by its own verb with its own rights, in a transaction of its own.

What is refused is named and the rest is done. Whoever dies amid it leaves every line either done or waiting.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import translation

from helpdesk.accounts.models import Person
from helpdesk.core import clock, db, jobs
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Invalid, NotAllowed, NotFound, Refusal
from helpdesk.core.plain import insert
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions.assign import give, release, set_responsible, take
from helpdesk.tickets.actions.base import StateMove
from helpdesk.tickets.actions.bring_back import bring_back
from helpdesk.tickets.actions.link import link, unlink
from helpdesk.tickets.actions.merge import merge, unmerge
from helpdesk.tickets.actions.move import move
from helpdesk.tickets.actions.note import note
from helpdesk.tickets.actions.remove import remove
from helpdesk.tickets.actions.reply import reply
from helpdesk.tickets.actions.set_category import set_category
from helpdesk.tickets.actions.set_priority import set_priority
from helpdesk.tickets.actions.set_state import set_state
from helpdesk.tickets.actions.set_tags import set_tags, tags_of
from helpdesk.tickets.actions.set_type import set_type
from helpdesk.tickets.actions.undo import VERBS, undo
from helpdesk.tickets.actions.watch import unwatch, watch
from helpdesk.tickets.models import Article, BulkAct, BulkLine, Ticket, TicketEvent
from helpdesk.tickets.words import problem_text, refusal_text

MOST = 5000  # requests of one act
AT_ONCE = 25  # so few are done before the answer; more by the worker
_State = BulkLine.State
Values = Mapping[str, Any]
Done = TicketEvent | Article | None


def _owner(ticket_id: int, by: Actor, values: Values) -> Done:
    to = values["owner"]
    return give(ticket_id, by=by, to_id=to) if to else release(ticket_id, by=by)


def _state(ticket_id: int, by: Actor, values: Values) -> Done:
    until = datetime.fromisoformat(values["until"]) if values.get("until") else None
    return set_state(ticket_id, by=by, to=StateMove(values["state"], until))


def _tags(ticket_id: int, by: Actor, values: Values) -> Done:
    stand = Ticket.objects.filter(pk=ticket_id).first()
    return set_tags(ticket_id, by=by, to=tags_of(stand) if stand else (), named=values["tags"])


# each verb with what it needs of `values`
DO: dict[str, Callable[[int, Actor, Values], Done]] = {
    "take": lambda pk, by, values: take(pk, by=by),  # noqa: ARG005
    "owner": _owner,
    "responsible": lambda pk, by, values: set_responsible(pk, by=by, to_id=values["responsible"]),
    "queue": lambda pk, by, values: move(pk, by=by, to_queue_id=values["queue"], why=values.get("why", "")),
    "state": _state,
    "priority": lambda pk, by, values: set_priority(pk, by=by, to=values["priority"]),
    "category": lambda pk, by, values: set_category(pk, by=by, to=values["category"]),
    "type": lambda pk, by, values: set_type(pk, by=by, to=values["type"]),
    "tags": _tags,
    "note": lambda pk, by, values: note(pk, by=by, body=from_plain(values["body"])),
    "answer": lambda pk, by, values: reply(pk, by=by, body=from_plain(values["body"])),
    "watch": lambda pk, by, values: watch(pk, by=by),  # noqa: ARG005
    "merge": lambda pk, by, values: merge(pk, by=by, into_id=values["into"]),
    "link": lambda pk, by, values: link(values["to"], by=by, to_id=pk),
    "remove": lambda pk, by, values: remove(pk, by=by, why=values["why"]),
}


def begin(
    verb: str, ids: Collection[int], *, by: Actor, values: Values, key: str, back: str = "", at: datetime | None = None
) -> BulkAct:
    """Write down what is to be done with requests, in the order of their ids; up to AT_ONCE of them are done here,
    more by the worker, who also ends what was begun here. The same `key` again is the same act.

    Call it outside a transaction. Raises NotAllowed for whoever is no agent, NotFound for no request or verb.
    """
    if not access_of(by).is_agent:
        raise NotAllowed("bulk")
    if verb not in DO or not ids:
        raise NotFound
    with db.entry():
        now = at or clock.now()
        act = BulkAct(person_id=by.person, key=key, verb=verb, values=dict(values), back=back, created_at=now)
        db.fetch("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"bulk:{by.person}:{key}"])
        if known := BulkAct.objects.filter(person_id=by.person, key=key).first():
            return known
        insert(act)
        BulkLine.objects.bulk_create(
            BulkLine(act=act, position=at_, ticket_id=pk) for at_, pk in enumerate(sorted(set(ids))[:MOST], start=1)
        )
        jobs.defer("tickets.go_on", act_id=act.pk)
    if len(ids) <= AT_ONCE:
        go_on(act.pk)
    return act


def go_on(act_id: int) -> None:
    """Do what is still waiting of an act. Two at once do each line once."""
    act = BulkAct.objects.select_related("person").filter(pk=act_id).first()
    if act is None:
        return
    with _language_of(act.person):
        for line_id, ticket_id in _lines(act, _State.WAITING):
            _step(line_id, _State.WAITING, partial(_do, act, ticket_id))


def take_back(act_id: int, *, by: Actor, at: datetime | None = None) -> None:
    """Take an act back, as far as nothing newer stands over it; who took what is told of each line that stays.
    A second time does nothing. Raises NotFound for somebody else's."""
    with db.entry():
        act = BulkAct.objects.select_for_update().filter(pk=act_id, person_id=by.person_id or 0).first()
        if act is None:
            raise NotFound
        if act.undone_at is not None:
            return
        act.undone_at = at or clock.now()
        act.save(update_fields=["undone_at"])
        jobs.defer("tickets.go_back", act_id=act.pk)
        many = act.lines.count() > AT_ONCE
    if not many:
        go_back(act.pk)


def go_back(act_id: int) -> None:
    """Take back what is still to be taken back of an act; what was waiting is never done."""
    act = BulkAct.objects.select_related("person").filter(pk=act_id, undone_at__isnull=False).first()
    if act is None:
        return
    with _language_of(act.person):
        for line_id, ticket_id in _lines(act, _State.DONE):
            _step(line_id, _State.DONE, partial(_undo, act, ticket_id, line_id))


def _language_of(person: Person) -> translation.override:
    return translation.override(person.language)


def _lines(act: BulkAct, state: str) -> Sequence[tuple[int, int]]:
    return list(act.lines.filter(state=state).order_by("position").values_list("pk", "ticket_id"))


def _step(line_id: int, state: str, work: Callable[[], tuple[str, TicketEvent | None]]) -> None:
    """One line with its request in one transaction; where the verb refuses, its words alone."""
    try:
        with db.entry():
            line = BulkLine.objects.select_for_update().select_related("act").get(pk=line_id)
            if line.state != state or (state == _State.WAITING and line.act.undone_at is not None):
                return
            line.state, event = work()
            line.event = event or line.event
            line.save(update_fields=["state", "event"])
    except Refusal as refusal:
        over = _State.REFUSED if state == _State.WAITING else _State.KEPT
        BulkLine.objects.filter(pk=line_id, state=state).update(state=over, why=_words(refusal)[:500])


def _words(refusal: Refusal) -> str:
    if isinstance(refusal, Invalid):
        return " ".join(problem_text(problem) for problem in refusal.problems)
    return refusal_text(refusal)


def _do(act: BulkAct, ticket_id: int) -> tuple[str, TicketEvent | None]:
    done = DO[act.verb](ticket_id, Actor(act.person_id), act.values)  # an actor of its own: rights as they are now
    if isinstance(done, Article):
        return _State.DONE, None
    return (_State.SAME, None) if done is None else (_State.DONE, done)


def _undo(act: BulkAct, ticket_id: int, line_id: int) -> tuple[str, TicketEvent | None]:
    by, event = Actor(act.person_id), BulkLine.objects.select_related("event").get(pk=line_id).event
    if event is None:
        raise NotAllowed("said")
    if event.verb in VERBS:
        undo(ticket_id, by=by, event_id=event.pk)
    else:
        _BACK[act.verb](ticket_id, by, act.values)
    return _State.UNDONE, None


_BACK: dict[str, Callable[[int, Actor, Values], Done]] = {
    "watch": lambda pk, by, values: unwatch(pk, by=by),  # noqa: ARG005
    "remove": lambda pk, by, values: bring_back(pk, by=by),  # noqa: ARG005
    "merge": lambda pk, by, values: unmerge(pk, by=by),  # noqa: ARG005
    "link": lambda pk, by, values: unlink(values["to"], by=by, to_id=pk),
}

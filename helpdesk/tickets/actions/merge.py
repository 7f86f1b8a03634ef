"""Two requests that are one: the merged one becomes part of the other and can be taken out again.

Nothing is moved. Its articles stay its own and are read on the page of the whole (`tickets.pages`); its number, later
letters and answers lead there (`part_of`). So taking it out brings back exactly what was there before.
"""

from datetime import datetime
from uuid import uuid4

from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from helpdesk.tickets import numbers, policies
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act
from helpdesk.tickets.models import Participant, Phase, Ticket, TicketEvent, WaitsFor


def merge(
    ticket_id: int, *, by: Actor, into_id: int, across: bool = False, seen: int | None = None,
    at: datetime | None = None,
) -> TicketEvent | None:  # fmt: skip
    """Make a request part of another one. None if it is part of it already.

    Its author and whoever takes part in it take part in the other, as do its watchers. What its client waits for and
    the time that was promised count there from now on. `across`: the other is of another company, knowingly; then
    neither side reads the other's letters, nobody joins, and answers by letter become requests of their own.
    `seen`: the last event of the request that was seen. Raises NotFound, NotAllowed, Conflict; Invalid: `into`
    to_itself, merge_circle, merged_already, into_removed, other_company.
    """
    with verb():
        if ticket_id == into_id:
            raise Invalid(Problem("into", "to_itself"))
        parts = _lock(ticket_id, into_id)
        act = base.locked_itself(ticket_id, by=by, at=at)
        into = base.locked_itself(into_id, by=by, at=act.at)
        if act.ticket.merged_into_id == into_id:
            return None
        _check(act, into, across=across)
        base.refuse_stale(act, seen, fields=["state", "client", "merge"])
        return _join(act, into, parts)


def unmerge(ticket_id: int, *, by: Actor, at: datetime | None = None) -> TicketEvent | None:
    """Take a merged request out again: it stands as it stood before, whoever joined the other because of it leaves.
    What was written since then stays where it was written. None if it is not merged. Raises NotFound, NotAllowed."""
    with verb():
        whole_id = Ticket.objects.filter(pk=ticket_id).values_list("part_of_id", flat=True).first()
        if whole_id is None:
            base.locked_itself(ticket_id, by=by, at=at)
            return None
        parts = _lock(ticket_id, whole_id)
        act = base.locked_itself(ticket_id, by=by, at=at, despite=lambda ticket: ticket.part_of_id == whole_id)
        if act.ticket.part_of_id != whole_id:
            raise Conflict("changed_meanwhile")
        whole = base.locked_itself(whole_id, by=by, at=act.at)
        policies.require(
            policies.may_merge(act.access, act.ticket) and policies.may_merge(act.access, whole.ticket), "unmerge"
        )
        return _part(act, whole, parts)


def _lock(*ids: int) -> list[int]:
    """Lock requests with all that is part of them, in the order of their ids; the ids of the parts. Raises Conflict
    where one more has become part of them while this waited."""
    found = db.fetch(
        "SELECT id FROM tickets_ticket WHERE id = ANY(%s) OR part_of_id = ANY(%s) ORDER BY id FOR UPDATE",
        [list(ids), list(ids)],
    )
    parts = [pk for (pk,) in found if pk not in ids]
    if Ticket.objects.filter(part_of__in=ids).exclude(pk__in=[*ids, *parts]).exists():
        raise Conflict("changed_meanwhile")
    return parts


def _check(act: Act, into: Act, *, across: bool) -> None:
    source, target = act.ticket, into.ticket
    if source.phase == Phase.MERGED:
        raise Conflict("merged_meanwhile", number=numbers.shown(source.number))
    if target.phase == Phase.MERGED:
        code = "merge_circle" if target.part_of_id == source.pk else "merged_already"
        raise Invalid(Problem("into", code, {"number": numbers.shown(target.number)}))
    if target.phase == Phase.REMOVED:
        raise Invalid(Problem("into", "into_removed"))
    if not (policies.may_merge(act.access, source) and policies.may_merge(act.access, target)):
        raise NotAllowed("merge")
    if not policies.are_of_one_side(source, target):
        policies.require(policies.may_merge_across(act.access, source, target), "merge_across")
        if not across:
            raise Invalid(Problem("into", "other_company"))


def _join(act: Act, into: Act, parts: list[int]) -> TicketEvent:
    source, target, batch = act.ticket, into.ticket, uuid4()
    joined = _take_along(source, target) if policies.are_of_one_side(source, target) else []
    if source.phase == Phase.OPEN and target.phase == Phase.OPEN:
        _owe(source, into)
    base.set_state_columns(act, base.target_state("merged"), until=None)
    act.set(waits_for=WaitsFor.NOBODY, merged_into=target, part_of=target)
    Ticket.objects.filter(pk__in=parts, part_of=source).update(part_of=target)
    line = act.event("merged", field="merge", old=None, new={"ticket": target.pk}, batch=batch)
    into.finish(into.event("took_in", field="part", old=None, new={"ticket": source.pk, "joined": joined}, batch=batch))
    return act.finish(line)


def _owe(source: Ticket, into: Act) -> None:
    """What the desk owes the client of a request it owes now in the other."""
    if source.waits_for == WaitsFor.DESK and into.ticket.waits_for == WaitsFor.CLIENT:
        into.set(waits_for=WaitsFor.DESK)
    if source.due_at and source.waits_for == WaitsFor.DESK and not _is_earlier(into.ticket.due_at, source.due_at):
        into.set(due_at=source.due_at, due_by=source.due_by)


def _is_earlier(one: datetime | None, other: datetime) -> bool:
    return one is not None and one <= other


def _take_along(source: Ticket, target: Ticket) -> list[int]:
    """Who takes part in the one takes part in the other, its author as an observer; the ids of those who did not."""
    there = {target.author_id, *target.participants.values_list("person_id", flat=True)}
    roles = dict(source.participants.order_by("pk").values_list("person_id", "role"))
    if not source.author.is_agent:
        roles.setdefault(source.author_id, Participant.Role.OBSERVER)
    new = [Participant(ticket=target, person_id=pk, role=role) for pk, role in roles.items() if pk not in there]
    Participant.objects.bulk_create(new)
    return [one.person_id for one in new]


def _part(act: Act, whole: Act, parts: list[int]) -> TicketEvent:
    source, batch = act.ticket, uuid4()
    merged = source.events.filter(verb="merged").last()
    took = TicketEvent.objects.filter(
        verb="took_in", ticket_id=source.merged_into_id or 0, new__ticket=source.pk
    ).last()
    if merged is None or took is None or merged.before is None:
        raise NotFound
    _take_leave(took)
    took_here = took if took.ticket_id == whole.ticket.pk else None
    if took_here:
        _give_back(whole, took_here)
    act.set(**base.columns_of(merged.before))
    Ticket.objects.filter(pk__in=_below(source.pk, parts)).update(part_of=source)
    line = act.event("unmerged", field="merge", old=merged.new, new=None, undoes=merged, batch=batch)
    whole.finish(
        whole.event("let_go", field="part", old={"ticket": source.pk}, new=None, batch=batch, undoes=took_here)
    )
    return act.finish(line)


def _below(source_id: int, parts: list[int]) -> list[int]:
    """Of all parts of a whole those that came to it with this one."""
    into = dict(Ticket.objects.filter(pk__in=parts).values_list("pk", "merged_into_id"))
    found = {source_id}
    while more := {pk for pk, to in into.items() if to in found and pk not in found}:
        found |= more
    return sorted(found - {source_id})


def _take_leave(took: TicketEvent) -> None:
    """Whoever joined by a merge leaves."""
    Participant.objects.filter(ticket_id=took.ticket_id, person_id__in=(took.new or {}).get("joined", [])).delete()


def _give_back(whole: Act, took: TicketEvent) -> None:
    """Whose turn it was and what was promised before a merge stands again, where nothing has happened since."""
    newer = whole.ticket.events.filter(seq__gt=took.seq)
    said, done = newer.filter(article__isnull=False), newer.filter(field__in=["state", "due_at", "part"])
    if took.before and not said.exists() and not done.exists():
        whole.set(**base.columns_of(took.before))

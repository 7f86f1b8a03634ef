"""What is to be done for a request, item by item: the desk's own list, which no client sees.

An item is no change of the request itself: it moves up in no list.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max, Q, QuerySet

from helpdesk.core.actor import Actor
from helpdesk.core.db import verb
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from helpdesk.core.text.safe import one_line
from helpdesk.tickets import policies
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import base
from helpdesk.tickets.actions.base import Act
from helpdesk.tickets.models import ChecklistItem, ChecklistTemplate, Queue, Right, TicketEvent
from helpdesk.tickets.models.checklist import TEXT_LIMIT

MOST = 100  # items of a request, or of a template


def add_items(ticket_id: int, *, by: Actor, texts: Sequence[str], at: datetime | None = None) -> TicketEvent | None:
    """Put items at the end of the list, in one line of the history. None where there is nothing to put. Raises
    NotFound, NotAllowed; Invalid: `items` item_too_long, too_many_items."""
    with verb():
        act = _locked(ticket_id, by, at)
        return _add(act, _lines(texts))


def apply_template(ticket_id: int, *, by: Actor, template_id: int, at: datetime | None = None) -> TicketEvent | None:
    """Put the items of a template at the end of the list, but for those that stand there. None where all do. Raises
    NotFound, NotAllowed; Invalid: `template` unknown_template, `items` too_many_items."""
    with verb():
        act = _locked(ticket_id, by, at)
        template = offered(act.ticket.queue).filter(pk=template_id).first()
        if template is None:
            raise Invalid(Problem("template", "unknown_template"))
        there = set(act.ticket.checklist.values_list("text", flat=True))
        return _add(act, [text for text in template.items if text not in there])


def tick(ticket_id: int, *, by: Actor, item_id: int, done: bool, at: datetime | None = None) -> TicketEvent | None:
    """Say that an item is done, or that it is not. None if it stands so. Raises NotFound, NotAllowed."""
    with verb():
        act = _locked(ticket_id, by, at)
        item = _item(act, item_id)
        if done is (item.done_at is not None):
            return None
        item.done_at, item.done_by_id = (act.at, by.person_id) if done else (None, None)
        item.save(update_fields=["done_at", "done_by"])
        return _noted(act, "item_done" if done else "item_undone", item)


def drop_item(ticket_id: int, *, by: Actor, item_id: int, at: datetime | None = None) -> TicketEvent | None:
    """Strike an item off the list; its line of the history holds all of it. None where it is gone. Raises NotFound,
    NotAllowed."""
    with verb():
        act = _locked(ticket_id, by, at)
        item = act.ticket.checklist.filter(pk=item_id).first()
        if item is None:
            return None
        event = act.event("item_dropped", field="checklist", old=_kept(item), new=None)
        item.delete()
        return act.note_down(event)


def take_back(event: TicketEvent, *, by: Actor, at: datetime | None = None) -> TicketEvent | None:
    """Undo what one has done to a list: items that were added go, a tick goes back, a struck item stands again. None
    if it is so already. Raises NotFound, NotAllowed; Conflict: `undo_newer`."""
    with verb():
        act = _locked(event.ticket_id, by, at)
        if event.actor_id != by.person_id:
            raise NotAllowed("undo")
        if act.ticket.events.filter(undoes=event).exists():
            return None
        done = _UNDO[event.verb](act, event)
        return act.note_down(act.event(done, field="checklist", old=event.new, new=event.old, undoes=event))


def _undo_added(act: Act, event: TicketEvent) -> str:
    rows = act.ticket.checklist.filter(pk__in=[row["item"] for row in event.new or ()])
    if rows.filter(done_at__isnull=False).exists():
        raise Conflict("undo_newer", field="checklist", by=None, name=_last_name(act))
    rows.delete()
    return "item_dropped"


def _undo_tick(act: Act, event: TicketEvent) -> str:
    said = event.new or event.old or {}
    old = event.old or {}
    item = _item(act, said["item"])
    was_done = event.verb == "item_undone"
    if was_done is (item.done_at is not None):
        raise Conflict("undo_newer", field="checklist", by=None, name=_last_name(act))
    item.done_at = datetime.fromisoformat(old["done_at"]) if was_done else None
    item.done_by_id = old["done_by"] if was_done else None
    item.save(update_fields=["done_at", "done_by"])
    return "item_done" if was_done else "item_undone"


def _undo_dropped(act: Act, event: TicketEvent) -> str:
    old = event.old or {}
    if act.ticket.checklist.filter(Q(position=old["position"]) | Q(pk=old["item"])).exists():
        raise Conflict("undo_newer", field="checklist", by=None, name=_last_name(act))
    done_at = datetime.fromisoformat(old["done_at"]) if old["done_at"] else None
    ChecklistItem.objects.create(
        pk=old["item"], ticket=act.ticket, position=old["position"], text=old["text"], done_at=done_at,
        done_by_id=old["done_by"],
    )  # fmt: skip
    return "items_added"


_UNDO = {
    "items_added": _undo_added, "item_done": _undo_tick, "item_undone": _undo_tick, "item_dropped": _undo_dropped,
}  # fmt: skip


def _last_name(act: Act) -> str:
    last = act.ticket.events.filter(field="checklist").select_related("actor").last()
    return last.actor.name if last and last.actor else ""


def _locked(ticket_id: int, by: Actor, at: datetime | None) -> Act:
    act = base.locked(ticket_id, by=by, at=at)
    policies.require(policies.may_check(act.access, act.ticket), "checklist")
    return act


def _item(act: Act, item_id: int) -> ChecklistItem:
    item = act.ticket.checklist.filter(pk=item_id).first()
    if item is None:
        raise NotFound
    return item


def _lines(texts: Sequence[str]) -> list[str]:
    """The texts in one line each, empty ones left out. Raises Invalid."""
    lines = [line for text in texts if (line := one_line(text, 10_000))]
    if any(len(line) > TEXT_LIMIT for line in lines):
        raise Invalid(Problem("items", "item_too_long", {"limit": TEXT_LIMIT}))
    return lines


def _add(act: Act, lines: Sequence[str]) -> TicketEvent | None:
    if not lines:
        return None
    rows = act.ticket.checklist.all()
    if rows.count() + len(lines) > MOST:
        raise Invalid(Problem("items", "too_many_items", {"limit": MOST}))
    # the places of struck items stay theirs: they may come back
    first = max(rows.aggregate(last=Max("position"))["last"] or 0, _struck(act)) + 1
    items = ChecklistItem.objects.bulk_create(
        ChecklistItem(ticket=act.ticket, position=first + place, text=line) for place, line in enumerate(lines)
    )
    said = [{"item": item.pk, "text": item.text} for item in items]
    return act.note_down(act.event("items_added", field="checklist", old=None, new=said))


def _struck(act: Act) -> int:
    dropped = act.ticket.events.filter(verb="item_dropped", undoes=None).values_list("old", flat=True)
    return max((row["position"] for row in dropped if row), default=0)


def _noted(act: Act, code: str, item: ChecklistItem) -> TicketEvent:
    said = {"item": item.pk, "text": item.text}
    if code == "item_done":
        return act.note_down(act.event(code, field="checklist", old=None, new=said))
    last = act.ticket.events.filter(verb="item_done", new__item=item.pk).last()
    kept = said | {
        "done_at": last.happened_at.isoformat() if last else act.at.isoformat(),
        "done_by": last.actor_id if last else None,
    }
    return act.note_down(act.event(code, field="checklist", old=kept, new=None))


def _kept(item: ChecklistItem) -> dict[str, object]:
    return {
        "item": item.pk, "text": item.text, "position": item.position,
        "done_at": item.done_at.isoformat() if item.done_at else None, "done_by": item.done_by_id,
    }  # fmt: skip


def offered(queue: Queue) -> QuerySet[ChecklistTemplate]:
    """The templates that requests of a queue may take: its own, those of the queues above it, those of all."""
    above = [int(part) for part in queue.path.split("/") if part]
    return ChecklistTemplate.objects.filter(Q(queue=None) | Q(queue__in=above), inactive_at=None)


def put_template(
    template_id: int | None, *, by: Actor, name: str, queue_id: int | None, items: Sequence[str]
) -> ChecklistTemplate:
    """A template, made (`template_id` None) or changed: for a queue and those below it, or for all. Raises NotFound,
    NotAllowed; Invalid: `name` empty, too_long; `items` empty, item_too_long, too_many_items."""
    with verb():
        template = _template(template_id, by) if template_id is not None else ChecklistTemplate()
        policies.require(policies.may_put_template(access_of(by), queue_id), "template")
        line, lines = one_line(name, 1000), _lines(items)
        wrong = [Problem("name", "empty")] if not line else []
        if len(line) > 100:
            wrong.append(Problem("name", "too_long", {"limit": 100}))
        if not lines:
            wrong.append(Problem("items", "empty"))
        if len(lines) > MOST:
            wrong.append(Problem("items", "too_many_items", {"limit": MOST}))
        if wrong:
            raise Invalid(*wrong)
        template.name, template.queue_id, template.items = line, queue_id, lines
        template.save()
        return template


def switch_template(template_id: int, *, by: Actor, on: bool, at: datetime) -> bool:
    """Offer a template no longer, or again; lists that came of it stay. False if it stood so. Raises NotFound."""
    with verb():
        template = _template(template_id, by)
        if on is (template.inactive_at is None):
            return False
        template.inactive_at = None if on else at
        template.save(update_fields=["inactive_at"])
        return True


def _template(template_id: int, by: Actor) -> ChecklistTemplate:
    template = ChecklistTemplate.objects.select_for_update().filter(pk=template_id).first()
    if template is None or not policies.may_put_template(access_of(by), template.queue_id):
        raise NotFound
    return template


def templates_of(by: Actor) -> list[ChecklistTemplate]:
    """The templates that a person looks after, those switched off as well, by name."""
    access = access_of(by)
    rows = ChecklistTemplate.objects.select_related("queue")
    return [row for row in rows if policies.may_put_template(access, row.queue_id)]


def may_put_any(by: Actor) -> bool:
    """Whether a person looks after templates at all."""
    return bool(access_of(by).queues_with(Right.FULL))

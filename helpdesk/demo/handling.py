"""What the desk of the demo world does beside its conversations, by the verbs themselves: requests that say once more
what another one says are merged with it, ready checklists are put on open ones and partly ticked."""

from datetime import datetime, timedelta

from django.db.models import F

from helpdesk.demo.masters import World
from helpdesk.tickets import actions
from helpdesk.tickets.models import ChecklistTemplate, Link, Phase, Ticket

MOST = 4  # requests with each of the lists
_AFTER = timedelta(minutes=40)  # the last word in either


def merge_some(world: World, now: datetime) -> int:
    """Every second of the repeated requests becomes part of the one that it repeats; one at least. How many."""
    repeated = Link.objects.filter(
        kind=Link.Kind.DUPLICATE, source__phase=Phase.CLOSED, target__phase__in=[Phase.OPEN, Phase.CLOSED],
        source__company=F("target__company"),
    )  # fmt: skip
    pairs = list(repeated.order_by("pk").values_list("source_id", "target_id"))[::2] or _alike()
    done = 0
    for source_id, target_id in pairs:
        rows = {row.pk: row for row in Ticket.objects.filter(pk__in=[source_id, target_id])}
        at = max(row.changed_at for row in rows.values()) + _AFTER
        if at < now and all(row.phase != Phase.MERGED for row in rows.values()):
            done += actions.merge(source_id, by=world.of("lead"), into_id=target_id, at=at) is not None
    return done


def check_some(world: World) -> int:
    """Ready checklists on open requests of their queues that somebody works on, the first item done. How many."""
    done = 0
    for template in ChecklistTemplate.objects.exclude(queue=None).order_by("pk"):
        held = Ticket.objects.filter(queue=template.queue, phase=Phase.OPEN, owner__isnull=False)
        for ticket in held.select_related("owner").order_by("pk")[:MOST]:
            by, at = world.actor(ticket.owner_id or 0), ticket.changed_at
            if actions.apply_template(ticket.pk, by=by, template_id=template.pk, at=at):
                actions.tick(ticket.pk, by=by, item_id=ticket.checklist.order_by("position")[0].pk, done=True, at=at)
                done += 1
    return done


def _alike() -> list[tuple[int, int]]:
    """Two closed requests of one author in one queue, for a world too small for repeated ones."""
    first: dict[tuple[int, int], int] = {}
    closed = Ticket.objects.filter(phase=Phase.CLOSED, company__isnull=False).order_by("pk")
    for pk, author_id, queue_id in closed.values_list("pk", "author_id", "queue_id"):
        earlier = first.setdefault((author_id, queue_id), pk)
        if earlier != pk:
            return [(pk, earlier)]
    return []

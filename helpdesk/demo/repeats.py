"""Requests of the demo world that said once more what another one says are merged with it, by the verb itself."""

from datetime import datetime, timedelta

from django.db.models import F

from helpdesk.demo.masters import World
from helpdesk.tickets import actions
from helpdesk.tickets.models import Link, Phase, Ticket

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


def _alike() -> list[tuple[int, int]]:
    """Two closed requests of one author in one queue, for a world too small for repeated ones."""
    first: dict[tuple[int, int], int] = {}
    closed = Ticket.objects.filter(phase=Phase.CLOSED, company__isnull=False).order_by("pk")
    for pk, author_id, queue_id in closed.values_list("pk", "author_id", "queue_id"):
        earlier = first.setdefault((author_id, queue_id), pk)
        if earlier != pk:
            return [(pk, earlier)]
    return []

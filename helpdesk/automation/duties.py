"""The scheduled duties, each safe to run twice, by two workers, or late."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, ForeignKey, ForeignObjectRel, OuterRef, QuerySet

from helpdesk.core import clock, db, files
from helpdesk.core.models import Blob
from helpdesk.tickets import actions, queries
from helpdesk.tickets.models import StagedFile, Submission, TicketEvent
from helpdesk.tickets.uploads import KEPT_FOR

BATCH = 500
UNREFERENCED_FOR = timedelta(days=1)
SUBMISSIONS_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Done:
    """What a duty did."""

    name: str
    count: int
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.count}" + (f" ({self.detail})" if self.detail else "")


def run_due(at: datetime | None = None) -> Iterator[Done]:
    """Every duty that is due as of `at` (aware; now); tells only what was done."""
    at = at or clock.now()
    for duty in (close_finished, remind, collect_staged, collect_submissions, collect_blobs):
        done = duty(at)
        if done.count:
            yield done


def close_finished(at: datetime) -> Done:
    """Automatic closing (R18): each request in a transaction of its own."""
    numbers = _each(queries.due_to_close, actions.close_due, at)
    return Done("closed by themselves", len(numbers), ", ".join(numbers[:20]))


def remind(at: datetime) -> Done:
    """Reminders whose time has come: the desk's turn again."""
    numbers = _each(queries.due_to_remind, actions.remind_due, at)
    return Done("reminders", len(numbers), ", ".join(numbers[:20]))


def _each(
    due: Callable[[datetime, int], list[int]],
    act: Callable[..., TicketEvent | None],
    at: datetime,
) -> list[str]:
    """Act on all that are due, in batches; an act that finds itself no longer due does nothing."""
    numbers: list[str] = []
    tried: set[int] = set()
    while fresh := [pk for pk in due(at, BATCH) if pk not in tried]:
        for ticket_id in fresh:
            tried.add(ticket_id)
            with db.entry():
                event = act(ticket_id, at=at)
            if event is not None:
                numbers.append(event.ticket.number)
    return numbers


def collect_staged(at: datetime) -> Done:
    """Files of forms that were never sent."""
    return Done("files of unsent forms", StagedFile.objects.filter(created_at__lt=at - KEPT_FOR).delete()[0])


def collect_submissions(at: datetime) -> Done:
    """Keys of forms sent long ago: nobody presses that button again."""
    return Done("keys of sent forms", Submission.objects.filter(created_at__lt=at - SUBMISSIONS_FOR).delete()[0])


def collect_blobs(at: datetime) -> Done:
    """Contents that no row has referred to for a day: the row first, then the file.

    Whoever refers to a content makes its row young in the same transaction, so a file about to be used stays.
    """
    gone = list(_unreferenced(at).values_list("pk", flat=True)[:BATCH])
    removed = 0
    for sha256 in gone:
        with db.entry():
            if not Blob.objects.select_for_update().filter(pk=sha256, pk__in=_unreferenced(at)).exists():
                continue
            Blob.objects.filter(pk=sha256).delete()
            files.path_of(sha256).unlink(missing_ok=True)
        removed += 1
    return Done("unreferenced files", removed)


def _unreferenced(at: datetime) -> QuerySet[Blob]:
    rows = Blob.objects.filter(created_at__lt=at - UNREFERENCED_FOR)
    for relation in Blob._meta.get_fields(include_hidden=True):  # whoever refers, now or in rooms to come
        if isinstance(relation, ForeignObjectRel) and isinstance(relation.field, ForeignKey):
            field = relation.field
            rows = rows.exclude(Exists(field.model._base_manager.filter(**{field.name: OuterRef("pk")})))
    return rows

"""The scheduled duties, each safe to run twice, by two workers, or late."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from helpdesk.accounts import sessions, sign_in_log
from helpdesk.automation import blobs
from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.mail import ingest, outbox
from helpdesk.notices import actions as bell
from helpdesk.notices import banners
from helpdesk.tickets import drafts, presence, queries, uploads
from helpdesk.tickets.actions import close_due, remind_due
from helpdesk.tickets.models import Submission, TicketEvent
from helpdesk.tickets.options import DISCARDED_DAYS, DRAFT_DAYS

BATCH = 500
SUBMISSIONS_FOR = timedelta(days=30)
SIGN_INS_FOR = timedelta(days=365)
NEWS_FOR = timedelta(days=180)  # lines of the bell
DISMISSALS_FOR = timedelta(days=30)  # after the end of what was closed: until then it may be shown longer
NAMED = 20  # requests named in a report

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """What a duty did."""

    name: str
    count: int
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.count}" + (f" ({self.detail})" if self.detail else "")


def run_due(at: datetime | None = None) -> list[Done]:
    """Run every duty that is due as of `at` (aware; now) and tell what was done, or could not be."""
    moment = at or clock.now()
    # what people have not sent yet is cleared away by the real time alone, whatever moment is asked for
    real = min(moment, clock.now())
    duties = (
        (close_finished, moment),
        (remind, moment),
        (take_up_letters, real),
        (send_letters, real),
        (collect_drafts, real),
        (collect_staged, real),
        (collect_submissions, real),
        (collect_presence, real),
        (collect_sessions, real),
        (collect_sign_ins, real),
        (collect_news, real),
        (collect_blobs, real),
    )
    return [done for duty, when in duties if (done := duty(when)).count or done.detail]


def take_up_letters(at: datetime) -> Done:  # noqa: ARG001  a stored letter is always due
    """Letters that were stored, and whose reader died before anything was made of them."""
    return Done("letters taken up", ingest.take_up_stored())


def send_letters(at: datetime) -> Done:  # noqa: ARG001  the outbox keeps its own times
    """What waits in the outbox, if there is a mail server."""
    report = outbox.send_due()
    return Done("letters sent", report.sent, report.error)


def close_finished(at: datetime) -> Done:
    """Automatic closing (R18): each request in a transaction of its own."""
    return _each("closed by themselves", queries.due_to_close, close_due, at)


def remind(at: datetime) -> Done:
    """Reminders whose time has come: the desk's turn again."""
    return _each("reminders", queries.due_to_remind, remind_due, at)


def _each(
    name: str, due: Callable[[datetime, int], list[int]], act: Callable[..., TicketEvent | None], at: datetime
) -> Done:
    """Act on all that are due, in batches. One that fails stops no other, and is tried again at the next run."""
    numbers: list[str] = []
    failed: set[int] = set()
    while fresh := [key for key in due(at, BATCH + len(failed)) if key not in failed]:
        for ticket_id in fresh:
            try:
                with entry():
                    event = act(ticket_id, at=at)
            except Exception:
                _log.exception("%s: the request with id %s is left for the next run", name, ticket_id)
                failed.add(ticket_id)
                continue
            if event is not None:
                numbers.append(event.ticket.number)
    details = [", ".join(numbers[:NAMED])] if numbers else []
    details += [f"failed: {len(failed)}"] if failed else []
    return Done(name, len(numbers), "; ".join(details))


def collect_drafts(at: datetime) -> Done:
    """Drafts that their writers have not touched for so long, and those that they threw away."""
    old, discarded = (at - timedelta(days=max(days.get(), 1)) for days in (DRAFT_DAYS, DISCARDED_DAYS))
    with entry():
        return Done("old drafts", drafts.forget_old(old, discarded=discarded))


def collect_staged(at: datetime) -> Done:
    """Files of forms that were never sent, but those that a draft holds; their contents go with a later collection."""
    with entry():
        return Done("files of unsent forms", uploads.forget_unsent(at - uploads.KEPT_FOR))


def collect_submissions(at: datetime) -> Done:
    """Keys of forms sent long ago: nobody presses that button again."""
    with entry():
        return Done("keys of sent forms", Submission.objects.filter(created_at__lt=at - SUBMISSIONS_FOR).delete()[0])


def collect_presence(at: datetime) -> Done:  # noqa: ARG001  by the real time alone
    """Who was at a request a while ago."""
    presence.forget()
    return Done("presence", 0)  # not worth a line


def collect_sessions(at: datetime) -> Done:
    """Sessions that have ended, with their lines in the lists of devices, and lines whose session is gone."""
    with entry():
        return Done("ended sessions", sessions.forget_ended(at))


def collect_sign_ins(at: datetime) -> Done:
    """Lines of the log of sign-ins, a year old."""
    with entry():
        return Done("old lines of the log of sign-ins", sign_in_log.forget(at - SIGN_INS_FOR))


def collect_news(at: datetime) -> Done:
    """Lines of the bell, half a year old, and who closed which notice, where it ended long ago."""
    with entry():
        return Done("old news", bell.forget(at - NEWS_FOR) + banners.forget_dismissals(at - DISMISSALS_FOR))


def collect_blobs(at: datetime) -> Done:
    """Contents that no row has referred to for a day."""
    count, size = blobs.collect(at)
    return Done("unreferenced files", count, f"{size} bytes" if count else "")

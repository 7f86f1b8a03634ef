"""The demo world: twelve companies and a year of requests, made through the real verbs, with dates up to now."""

import gc
import heapq
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from helpdesk.core import clock, db, jobs
from helpdesk.core.jobs.withdraw import withdraw
from helpdesk.core.options import Option
from helpdesk.demo import handling, masters, notices
from helpdesk.demo.files import FileCache
from helpdesk.demo.masters import World
from helpdesk.demo.plan import plan
from helpdesk.demo.replay import Desk, Replay
from helpdesk.mail import mailboxes
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.models import Article, Ticket

LOADED = Option("demo.loaded", default=False)
REQUESTS = 390
SEED = 20_261_125
_BATCH = 200  # steps in one transaction


class DemoRefused(Exception):
    """The demo world must not be made here; the text says why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load made."""

    requests: int
    seconds: float


def load(*, requests: int = REQUESTS, tell: Callable[[str], None] = lambda _: None) -> Loaded | None:
    """Make the demo world. None if it is there already. Raises DemoRefused where the public address is no loopback."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if host not in {"127.0.0.1", "localhost", "::1", "testserver"}:
        raise DemoRefused(
            f"HELPDESK_URL={settings.PUBLIC_URL}: the demo logins have a known password, "
            "so the demo world is only made where the address is 127.0.0.1 or localhost."
        )
    if LOADED.get():
        return None
    began = time.monotonic()
    now = clock.now()
    with db.entry():  # all or nothing: a load that is interrupted leaves an empty desk, and the next start repeats it
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(72001), set_config('synchronous_commit', 'off', true)")
        if LOADED.get():
            return None
        with _without_collector():
            world = masters.build(now - timedelta(days=370))
            made = _replay(world, now, requests, tell)
            handling.merge_some(world, now)
            handling.check_some(world)
            notices.announce(world, now, ZoneInfo(settings.TIME_ZONE))
        _settle_letters(world)
        LOADED.set(value=True)
    return Loaded(made, time.monotonic() - began)


@contextmanager
def _without_collector() -> Iterator[None]:
    """A year in half a minute makes much and throws little away in circles: looking for those costs a tenth."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _settle_letters(world: World) -> None:
    """The demo's letters count as sent when they were written: none goes out when a mail server is set later, and the
    desk is not told of what came long ago."""
    told = set(world.letters)
    withdraw([job.id for job in jobs.waiting("mail.tell_desk") if job.arguments.get("article_id") in told])
    written = Coalesce(  # a letter about a change carries no article
        Subquery(Article.objects.filter(pk=OuterRef("article_id")).values("created_at")[:1]),
        Subquery(Ticket.objects.filter(pk=OuterRef("ticket_id")).values("changed_at")[:1]),
        F("created_at"),
    )
    due = OutgoingLetter.objects.filter(state=OutgoingLetter.State.DUE)
    due.update(state=OutgoingLetter.State.SENT, created_at=written, due_at=written, sent_at=written)


def _replay(world: World, now: datetime, requests: int, tell: Callable[[str], None]) -> int:
    """Run all conversations step by step in the order of their times, so that numbers grow with time."""
    rng = Random(SEED)
    desk = Desk(FileCache(), ZoneInfo(settings.TIME_ZONE), mailboxes.read())
    replays = [Replay(world, planned, desk, rng) for planned in plan(rng, now, requests)]
    due = [(replay.next_at, index) for index, replay in enumerate(replays)]
    heapq.heapify(due)
    steps = 0
    while due:
        at, index = heapq.heappop(due)
        if at is None or at > now:
            continue
        replays[index].step(at)
        steps += 1
        if steps % _BATCH == 0:
            tell(f"{steps}")
        if (following := replays[index].next_at) is not None:
            heapq.heappush(due, (following, index))
    return sum(1 for replay in replays if replay.ticket_id)

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from helpdesk.accounts.models import Company, Person
from helpdesk.core import clock, jobs
from helpdesk.demo import around
from helpdesk.demo import load as demo
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.models import Queue, Ticket

pytestmark = pytest.mark.django_db(transaction=True)


MOSCOW = ZoneInfo("Europe/Moscow")
SUNDAY = datetime(2026, 11, 29, 8, 40, tzinfo=MOSCOW)
FRIDAY = datetime(2026, 11, 27, 17, 10, tzinfo=MOSCOW)


@pytest.mark.parametrize("now", [SUNDAY, FRIDAY, SUNDAY + timedelta(days=1)], ids=["Sunday", "Friday", "Monday"])
def test_demo_world_is_made_once_and_is_interesting(now):
    with clock.stopped(now):
        _made_once_and_interesting()


def test_what_was_due_is_done_in_working_time_whenever_the_product_starts():
    for hour in range(24 * 8):
        now = SUNDAY + timedelta(hours=hour)
        for back in (0, 1, 5, 14, 30, 60, 200):
            due = now - timedelta(hours=back)
            at = around.due(due, now, Random(hour), MOSCOW)
            assert due - timedelta(days=4) < at <= now
            assert at.weekday() < 5 and 8 <= at.hour < 18
            assert due - timedelta(hours=1) < around.due(due, now, Random(hour), MOSCOW, since=due - timedelta(hours=1))
        assert around.due(now + timedelta(hours=1), now, Random(hour), MOSCOW) > now


def _made_once_and_interesting():
    before = len(jobs.waiting("mail.tell_desk"))
    made = demo.load(requests=110)
    assert made.requests == 110
    assert demo.load() is None
    assert (Company.objects.count(), Queue.objects.count()) == (12, 12)
    assert Person.objects.filter(kind="client").count() == 60
    assert Person.objects.filter(kind="agent").count() == 9
    states = set(Ticket.objects.values_list("state_id", flat=True))
    assert states >= {
        "new",
        "open",
        "review",
        "clarify",
        "rework",
        "done",
        "autoclose",
        "reminder",
        "closed",
        "removed",
    }
    assert not Ticket.objects.filter(
        state="autoclose", pending_until__lt=Ticket.objects.latest("pk").created_at
    ).exists()
    known = Ticket.objects.filter(author__login="client1", phase="open", waits_for="client")
    assert known.exists()
    # nothing of it goes out, whatever mail server is set later
    assert not OutgoingLetter.objects.exclude(state="sent").exists()
    assert len(jobs.waiting("mail.tell_desk")) == before


def test_demo_world_is_refused_where_others_can_reach_it(settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    with pytest.raises(demo.DemoRefused, match=r"desk\.example\.com"):
        demo.load()
    assert not Ticket.objects.exists()

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from helpdesk.core import clock
from helpdesk.demo import around
from helpdesk.demo import load as demo
from helpdesk.tickets.models import Ticket
from tests.demo.world import made_once_and_interesting

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


MOSCOW = ZoneInfo("Europe/Moscow")
SUNDAY = datetime(2026, 11, 29, 8, 40, tzinfo=MOSCOW)


@pytest.mark.parametrize("now", [SUNDAY, SUNDAY + timedelta(days=1)], ids=["Sunday", "Monday"])  # Friday: test_kinds
def test_demo_world_is_made_once_and_is_interesting(now):
    with clock.stopped(now):
        made_once_and_interesting(requests=110)


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


def test_demo_world_is_refused_where_others_can_reach_it(settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    with pytest.raises(demo.DemoRefused, match=r"desk\.example\.com"):
        demo.load()
    assert not Ticket.objects.exists()

"""The figures of the rail: kept for a moment, and yet never those of before a change."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions, facts
from helpdesk.tickets.models import Grant, Right, Ticket
from tests.factories import actor_of, grant, open_request

pytestmark = pytest.mark.django_db


def figures(person, at=None):
    """(open, unassigned, mine, overdue) and whether the database was asked for them."""
    with CaptureQueriesContext(connection) as captured:
        found = facts.frame(actor_of(person), at=at or clock.now()).counts
    asked = any("count(*) FILTER" in query["sql"] for query in captured)
    return tuple(sum(getattr(one, name) for one in found) for name in ("open", "unassigned", "mine", "overdue")), asked


@pytest.fixture
def at():
    """A moment at the beginning of a span in which figures are kept."""
    return clock.now().replace(second=0, microsecond=0)


def test_are_asked_for_once_while_nothing_happens(cast, at):
    open_request(cast.carol, cast.queue)
    assert figures(cast.alice, at) == ((1, 1, 0, 0), True)
    assert figures(cast.alice, at + timedelta(seconds=5)) == ((1, 1, 0, 0), False)
    assert figures(cast.alice, at + timedelta(seconds=11)) == ((1, 1, 0, 0), True)


@pytest.mark.parametrize("act", ["open", "take", "close", "move", "answer"])
def test_every_change_is_in_them_at_once(cast, at, act):
    grant(cast.support, cast.elsewhere, Right.MOVE_INTO)
    ticket = open_request(cast.carol, cast.queue)
    before, _ = figures(cast.alice, at)
    by = actor_of(cast.alice)
    {
        "open": lambda: open_request(cast.dave, cast.queue),
        "take": lambda: actions.take(ticket.pk, by=by),
        "close": lambda: actions.close(ticket.pk, by=by),
        "move": lambda: actions.move(ticket.pk, by=by, to_queue_id=cast.elsewhere.pk),
        "answer": lambda: actions.reply(ticket.pk, by=by, body=from_plain("Ответ")),
    }[act]()
    after, asked = figures(cast.alice, at)
    assert asked
    expected = Ticket.objects.filter(phase="open", queue=cast.queue)
    assert after[:2] == (expected.count(), expected.filter(owner=None).count())
    assert after != before


def test_are_of_the_reader_and_of_what_they_may_see(cast, at):
    open_request(cast.carol, cast.queue)
    assert figures(cast.alice, at)[0][0] == 1
    assert figures(cast.bob, at)[0][0] == 0
    Grant.objects.filter(role__people=cast.alice).delete()
    assert figures(cast.alice, at)[0][0] == 0
    Grant.objects.create(role=cast.alice.roles.get(), queue=cast.queue, right=Right.READ)
    assert figures(cast.alice, at)[0][0] == 1


def test_a_deadline_that_passes_is_seen_soon(cast, at):
    ticket = open_request(cast.carol, cast.queue)
    actions.promise(ticket.pk, by=actor_of(cast.alice), due_at=at + timedelta(hours=1))
    assert figures(cast.alice, at)[0][3] == 0
    assert figures(cast.alice, at + timedelta(hours=1, seconds=10))[0][3] == 1

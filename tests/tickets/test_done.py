"""The change of what is done in an installation that has it from before: the state, and the requests in it."""

from importlib import import_module

import pytest
from django.apps import apps

from helpdesk.tickets import actions
from helpdesk.tickets.models import State, Ticket
from tests.factories import actor_of, open_request

pytestmark = pytest.mark.django_db
migration = import_module("helpdesk.tickets.migrations.0011_done_waits_for_nobody")


@pytest.fixture
def old(cast):
    """Two requests as they were: one done, one in work; both the desk's turn."""
    done, other = (open_request(cast.carol, cast.queue) for _ in range(2))
    actions.settle(done.pk, by=actor_of(cast.carol), code="done")
    Ticket.objects.update(waits_for="desk")
    return done, other


def turns(tickets):
    return [Ticket.objects.get(pk=ticket.pk).waits_for for ticket in tickets]


def test_the_state_and_what_stands_in_it_wait_for_nobody(old):
    State.objects.filter(code="done").update(waits_for="desk")
    migration.settle(apps, None)
    assert State.objects.get(code="done").waits_for == "nobody"
    assert turns(old) == ["nobody", "desk"]


def test_a_state_that_somebody_has_set_otherwise_stays(old):
    State.objects.filter(code="done").update(waits_for="client")
    migration.settle(apps, None)
    assert State.objects.get(code="done").waits_for == "client"
    assert turns(old) == ["desk", "desk"]


@pytest.mark.parametrize("setting", ["nobody", "desk"])
def test_whose_turn_it_is_follows_the_setting_for_both_sides(cast, setting):
    State.objects.filter(code="done").update(waits_for=setting)
    said, put = (open_request(cast.carol, cast.queue) for _ in range(2))
    actions.settle(said.pk, by=actor_of(cast.carol), code="done")
    actions.set_state(put.pk, by=actor_of(cast.alice), to=actions.StateMove("done"))
    assert turns([said, put]) == [setting, setting]

"""A client marks a request done or closed without a word: happy, refused, no-op, conflict, history, news."""

import pytest

from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Ticket
from tests.factories import actor_of, open_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    return open_request(cast.carol, cast.queue)


def settle(ticket, who, code="closed", **more):
    with entry():
        return actions.settle(ticket.pk, by=actor_of(who), code=code, **more)


@pytest.mark.parametrize(("code", "phase", "turn"), [("closed", "closed", "nobody"), ("done", "open", "nobody")])
def test_state_history_and_news(cast, ticket, news, code, phase, turn):
    event = settle(ticket, cast.carol, code)
    ticket.refresh_from_db()
    assert (ticket.state_id, ticket.phase, ticket.waits_for) == (code, phase, turn)
    assert (ticket.closed_at is not None) == (code == "closed")
    assert (event.verb, event.field, event.old, event.new, event.actor_id) == (
        "state_set", "state", "new", code, cast.carol.pk,
    )  # fmt: skip
    assert news.brief == [("changed", "state_set", "state")]
    assert ticket.articles.filter(sender="client").count() == 1


def test_twice_is_once(cast, ticket):
    assert settle(ticket, cast.carol) is not None
    assert settle(ticket, cast.carol) is None


@pytest.mark.parametrize("code", ["rework", "open", "autoclose", "merged", "removed", "reminder", "nonsense", "\0"])
def test_other_states_are_not_offered(cast, ticket, code):
    with pytest.raises(Invalid):
        settle(ticket, cast.carol, code)
    assert Ticket.objects.get(pk=ticket.pk).state_id == "new"


def test_who_may_not(cast, ticket):
    cast.carol.memberships.update(writes=False)
    with pytest.raises(NotAllowed):
        settle(ticket, cast.carol)
    for stranger in (cast.dave, cast.dora):
        with pytest.raises(NotFound):
            settle(ticket, stranger)
    with pytest.raises(NotAllowed):
        settle(ticket, cast.alice)


def test_an_answer_that_came_meanwhile_is_read_first(cast, ticket):
    seen = ticket.last_event_seq
    actions.reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("Ещё вопрос"), then=StateMove("clarify"))
    with pytest.raises(Conflict):
        settle(ticket, cast.carol, seen=seen)


def test_the_desk_hears_of_it(cast, ticket):
    actions.take(ticket.pk, by=actor_of(cast.alice))
    Notice.objects.all().delete()
    settle(ticket, cast.carol)
    assert [(n.person_id, n.kind) for n in Notice.objects.all()] == [(cast.alice.pk, "settled")]

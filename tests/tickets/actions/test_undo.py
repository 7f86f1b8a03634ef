"""Undo: what one did oneself goes back, by a line that names the one it undoes; never over something newer."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove, undo
from helpdesk.tickets.actions.undo import VERBS, own_event
from helpdesk.tickets.models import Grant, Queue, Tag, Ticket, TicketType
from tests.factories import AgentFactory, CategoryFactory, RoleFactory, actor_of, grant, open_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast):
    """Alice and Erin with every right in both queues; types, categories, tags to choose from."""
    grant(cast.support, cast.elsewhere)
    cast.erin = AgentFactory(name="Эрин Агентова", roles=[cast.support])
    cast.categories = [None, CategoryFactory().pk, CategoryFactory().pk]
    cast.types = [None, *(TicketType.objects.create(key=k, name_ru=k, name_en=k).pk for k in ("fault", "task"))]
    cast.tags = [Tag.objects.create(name=k, key=k).pk for k in ("одна", "две", "три")]
    return cast


@pytest.fixture
def ticket(desk):
    return open_request(desk.carol, desk.queue)


def stood(ticket):
    """All of a request that acts change, but when it was changed and how often."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    return {k: v for k, v in row.items() if k not in {"changed_at", "last_event_seq"}} | {
        "tags": sorted(ticket.tagged.values_list("tag_id", flat=True))
    }


def back(ticket, by, event, **more):
    with entry():
        return undo(ticket.pk, by=actor_of(by), event_id=event.pk, **more)


# each: the desk, a number to choose by, who → what is called with which arguments
DEEDS = {
    "take": lambda d, n, who: (actions.take, {}),
    "give": lambda d, n, who: (actions.give, {"to_id": (d.alice, d.erin)[n % 2].pk}),
    "release": lambda d, n, who: (actions.release, {}),
    "responsible": lambda d, n, who: (actions.set_responsible, {"to_id": (None, d.alice.pk, d.erin.pk)[n % 3]}),
    "move": lambda d, n, who: (actions.move, {"to_queue_id": (d.queue, d.elsewhere)[n % 2].pk}),
    "state": lambda d, n, who: (
        actions.set_state, {"to": (StateMove("open"), StateMove("clarify"), StateMove("closed"), StateMove("autoclose"),
                                   StateMove("reminder", d.soon), StateMove("done"))[n % 6]}),
    "priority": lambda d, n, who: (actions.set_priority, {"to": n % 5 + 1}),
    "category": lambda d, n, who: (actions.set_category, {"to": d.categories[n % 3]}),
    "type": lambda d, n, who: (actions.set_type, {"to": d.types[n % 3]}),
    "tags": lambda d, n, who: (actions.set_tags, {"to": [pk for at, pk in enumerate(d.tags) if n >> at & 1]}),
    "subject": lambda d, n, who: (actions.set_subject, {"to": f"Тема {n}"}),
    "lock": lambda d, n, who: (actions.lock, {}),
    "unlock": lambda d, n, who: (actions.unlock, {}),
    "promise": lambda d, n, who: (actions.promise, {"due_at": (None, d.soon)[n % 2]}),
}  # fmt: skip
STEP = st.tuples(st.sampled_from(sorted(DEEDS)), st.integers(0, 11), st.booleans())


def do(desk, ticket, step):
    """One step; the event, None where nothing changed or it is refused."""
    name, n, first = step
    who = desk.alice if first else desk.erin
    verb, arguments = DEEDS[name](desk, n, who)
    try:
        with entry():
            return who, verb(ticket.pk, by=actor_of(who), **arguments)
    except (Conflict, NotAllowed, Invalid):
        return who, None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=5), STEP)
def test_undo_of_anything_done_is_as_before(desk, before, step):
    """undo(do(x)) == x, and undo(undo(do(x))) == do(x), from whatever stands."""
    desk.soon = clock.now() + timedelta(days=3)
    ticket = open_request(desk.carol, desk.queue)
    for earlier in before:
        do(desk, ticket, earlier)
    was = stood(ticket)
    who, event = do(desk, ticket, step)
    if event is not None:
        done = stood(ticket)
        undone = back(ticket, who, event)
        assert stood(ticket) == was
        assert (undone.undoes, undone.verb, undone.field) == (event, event.verb, event.field)
        assert (undone.old, undone.new) == (event.new, event.old)
        assert back(ticket, who, event) is None
        if step[0] not in {"take", "give"}:  # what came with it stays undone
            back(ticket, who, undone)
            assert stood(ticket) == done


def test_every_deed_can_be_undone(desk, ticket):
    """No verb of the table is there for nothing."""
    desk.soon = clock.now() + timedelta(days=3)
    found = set()
    for step in (("take", 0), ("release", 0), ("give", 1), ("responsible", 1), ("state", 1), ("priority", 4), ("category", 1),
                 ("type", 1), ("tags", 3), ("subject", 1), ("lock", 0), ("unlock", 0), ("promise", 1), ("move", 1)):  # fmt: skip
        _, event = do(desk, ticket, (*step, True))
        found.add(event.verb)
    assert found == VERBS


@pytest.mark.parametrize("newer", ["another", "answer"])
def test_nothing_is_undone_over_something_newer(desk, ticket, newer):
    event = actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("clarify"))
    if newer == "another":
        actions.set_state(ticket.pk, by=actor_of(desk.erin), to=StateMove("open"))
    else:
        actions.reply(ticket.pk, by=actor_of(desk.erin), body=from_plain("Какой счёт?"))
    before = stood(ticket)
    with pytest.raises(Conflict) as clash:
        back(ticket, desk.alice, event)
    assert (clash.value.code, clash.value.details["name"]) == ("undo_newer", "Эрин Агентова")
    assert stood(ticket) == before


def test_what_happens_in_other_fields_is_no_hindrance(desk, ticket):
    event = actions.set_priority(ticket.pk, by=actor_of(desk.alice), to=5)
    actions.set_type(ticket.pk, by=actor_of(desk.erin), to=desk.types[1])
    actions.note(ticket.pk, by=actor_of(desk.erin), body=from_plain("Так и надо"))
    back(ticket, desk.alice, event)
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.priority_id, row.type_id) == (3, desk.types[1])


def test_one_undoes_what_one_did_oneself_and_only_what_can_be(desk, ticket):
    event = actions.set_priority(ticket.pk, by=actor_of(desk.alice), to=5)
    with pytest.raises(NotAllowed, match="undo"):
        back(ticket, desk.erin, event)
    noted = actions.note(ticket.pk, by=actor_of(desk.alice), body=from_plain("Заметка"))
    with pytest.raises(NotAllowed, match="undo"):
        back(ticket, desk.alice, ticket.events.get(article=noted))
    other = open_request(desk.carol, desk.queue)
    with pytest.raises(NotAllowed, match="undo"):
        back(other, desk.alice, event)
    Grant.objects.filter(role=desk.support, queue=desk.queue).delete()
    grant(desk.support, desk.queue, "note")
    with pytest.raises(NotAllowed, match="undo"):
        back(ticket, desk.alice, event)


def test_who_moved_it_out_of_their_sight_gets_it_back_for_a_minute(cast):
    mover = RoleFactory()
    for right in ("note", "owner"):
        grant(mover, cast.queue, right)
    grant(mover, cast.elsewhere, "move_into")
    anna, ticket = AgentFactory(roles=[mover]), open_request(cast.carol, cast.queue)
    event = actions.move(ticket.pk, by=actor_of(anna), to_queue_id=cast.elsewhere.pk)
    found = own_event(ticket.number, event.seq, by=actor_of(anna))
    assert found == event and own_event(ticket.number, event.seq, by=actor_of(cast.bob)) is None
    with pytest.raises(NotFound):
        back(ticket, anna, event, at=event.happened_at + timedelta(minutes=2))
    assert back(ticket, anna, event)
    assert Ticket.objects.get(pk=ticket.pk).queue == cast.queue


def test_a_queue_that_takes_no_more_gets_nothing_back(desk, ticket):
    event = actions.move(ticket.pk, by=actor_of(desk.alice), to_queue_id=desk.elsewhere.pk)
    Queue.objects.filter(pk=desk.queue.pk).update(inactive_at=clock.now())
    with pytest.raises(Invalid) as refused:
        back(ticket, desk.alice, event)
    assert refused.value.problems[0].code == "unknown_queue"


def test_who_was_given_it_by_mistake_and_has_not_looked_is_told_nothing(desk, ticket):
    event = actions.give(ticket.pk, by=actor_of(desk.alice), to_id=desk.erin.pk)
    assert Notice.objects.filter(person=desk.erin, kind="assigned").exists()
    back(ticket, desk.alice, event)
    assert not Notice.objects.filter(person=desk.erin, kind="assigned").exists()


def test_a_former_owner_who_works_here_no_longer_gets_nothing_back(desk, ticket):
    actions.give(ticket.pk, by=actor_of(desk.alice), to_id=desk.erin.pk)
    event = actions.take(ticket.pk, by=actor_of(desk.alice))
    desk.erin.roles.clear()
    with pytest.raises(Invalid) as refused:
        back(ticket, desk.alice, event)
    assert refused.value.problems[0].code == "cannot_own"

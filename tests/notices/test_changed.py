"""What the desk does without a word: the client's side hears of it, once, and only of what they may see."""

from datetime import datetime, timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.notices import actions as bell
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions, lists
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Participant, Ticket
from tests.mail.conftest import make_world, open_by


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def ticket(world):
    opened = open_by(world.carol, world.errors)
    Notice.objects.all().delete()
    actions.mark_read(opened.pk, by=Actor(world.carol.pk), seq=9)
    return opened


def told():
    return {(one.person.login, one.kind) for one in Notice.objects.select_related("person")}


def is_unread(world, ticket):
    page = lists.page(Actor(world.carol.pk), lists.Wanted("mine"))
    return next(line.unread for line in page.rows.lines if line.number == ticket.number)


def set_state(world, ticket, code, **more):
    return actions.set_state(ticket.pk, by=Actor(world.alice.pk), to=StateMove(code, more.pop("until", None)), **more)


@pytest.mark.parametrize("code", ["clarify", "review", "done", "autoclose", "closed", "closed_unsolved"])
def test_a_state_set_without_a_word_rings_at_the_clients_side(world, ticket, code):
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    Participant.objects.create(ticket=ticket, person=world.dave, role="observer")
    set_state(world, ticket, code)
    assert told() == {("carol", "changed"), ("dora", "changed")}
    assert Notice.objects.first().changes == {"state": code}


def test_closing_and_a_promise_ring(world, ticket):
    actions.promise(ticket.pk, by=Actor(world.alice.pk), due_at=clock.now() + timedelta(days=1))
    (line,) = Notice.objects.all()
    assert (line.person_id, list(line.changes)) == (world.carol.pk, ["due_at"])
    actions.close(ticket.pk, by=Actor(world.alice.pk))
    (line,) = Notice.objects.all()
    assert set(line.changes) == {"due_at", "state"}, "one piece of news"


def test_what_follows_later_or_after_reading_is_a_line_of_its_own(world, ticket):
    set_state(world, ticket, "review")
    bell.mark_read(world.carol.pk)
    set_state(world, ticket, "clarify")
    assert Notice.objects.count() == 2
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        set_state(world, ticket, "review")
    assert Notice.objects.count() == 3


def test_of_a_specialists_own_nothing_is_told(world, ticket):
    actions.take(ticket.pk, by=Actor(world.alice.pk))
    set_state(world, ticket, "reminder", until=clock.now() + timedelta(days=1))
    set_state(world, ticket, "open")
    actions.note(ticket.pk, by=Actor(world.alice.pk), body=bodies("про себя"))
    actions.remove(ticket.pk, by=Actor(None), why="спам")
    assert told() == set()


def test_two_states_with_the_same_words_for_clients_are_one(world, ticket):
    from helpdesk.tickets.models import State

    State.objects.filter(code__in=("review", "open")).update(client_name_ru="В работе", client_name_en="In progress")
    set_state(world, ticket, "open")
    Notice.objects.all().delete()
    set_state(world, ticket, "review")
    assert told() == set()


def test_a_client_and_an_imported_past_ring_nobody_of_the_clients(world, ticket):
    actions.settle(ticket.pk, by=Actor(world.carol.pk), code="done")
    actions.set_state(ticket.pk, by=Actor(None, Cause.IMPORT), to=StateMove("review"))
    assert told() == {("alice", "settled")}
    assert Ticket.objects.get(pk=ticket.pk).told_seq == 0


def test_it_is_unread_until_the_page_was_looked_at(world, ticket):
    assert not is_unread(world, ticket)
    set_state(world, ticket, "clarify")
    assert is_unread(world, ticket)
    actions.mark_read(ticket.pk, by=Actor(world.carol.pk), seq=9)
    assert not is_unread(world, ticket)
    marked = ticket.read_marks.get(person=world.carol)
    assert marked.at < clock.now() - timedelta(0) and marked.seq == 9


def test_when_the_letter_was_read_stays_when_a_change_is_read_later(world, ticket):
    before = ticket.read_marks.get(person=world.carol).at
    set_state(world, ticket, "clarify")
    with clock.stopped(clock.now() + timedelta(hours=1)):
        actions.mark_read(ticket.pk, by=Actor(world.carol.pk), seq=9)
    assert ticket.read_marks.get(person=world.carol).at == before


def test_what_is_undone_at_once_was_no_news(world, ticket):
    actions.promise(ticket.pk, by=Actor(world.alice.pk), due_at=clock.now() + timedelta(days=1))
    event = set_state(world, ticket, "closed")
    actions.undo(ticket.pk, by=Actor(world.alice.pk), event_id=event.pk)
    (line,) = Notice.objects.all()
    assert list(line.changes) == ["due_at"]
    due = ticket.events.get(verb="promised")
    actions.undo(ticket.pk, by=Actor(world.alice.pk), event_id=due.pk)
    assert told() == set()


def test_what_is_undone_later_is_told_anew(world, ticket):
    event = set_state(world, ticket, "closed")
    bell.mark_read(world.carol.pk)
    with clock.stopped(clock.now() + timedelta(minutes=10)):
        actions.undo(ticket.pk, by=Actor(world.alice.pk), event_id=event.pk)
    line = Notice.objects.get(read_at=None)
    assert line.changes == {"state": "new"}
    assert is_unread(world, ticket)


def test_telling_takes_as_many_statements_for_many(world, ticket, django_assert_max_num_queries):
    at = datetime.now(clock.now().tzinfo)
    people = [world.carol.pk, world.dora.pk, world.alice.pk, world.bob.pk]
    for _ in range(2):
        with django_assert_max_num_queries(2):
            bell.tell_changed(people, ticket_id=ticket.pk, field="state", new="closed", at=at)
    assert Notice.objects.count() == 4


def bodies(text):
    from helpdesk.core.richtext import from_plain

    return from_plain(text)

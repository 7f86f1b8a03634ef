"""The bell: who is told of what, and what having read does."""

from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.notices import actions as bell
from helpdesk.notices import queries
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Participant
from tests.mail.conftest import make_world, open_by


@pytest.fixture
def world(db):
    return make_world()


@pytest.fixture
def ticket(world):
    return open_by(world.carol, world.errors)


def told():
    return {(one.person.login, one.kind) for one in Notice.objects.select_related("person")}


def test_new_request_rings_at_the_agents_of_its_queue(ticket):
    assert told() == {("alice", "new_ticket")}


def test_answer_rings_at_author_and_participants_not_at_the_writer(world, ticket):
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    Participant.objects.create(ticket=ticket, person=world.dave, role="observer")
    Notice.objects.all().delete()
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("ответ"))
    assert told() == {("carol", "desk_answer"), ("dora", "desk_answer")}
    Notice.objects.all().delete()
    actions.reply(ticket.pk, by=Actor(world.dora.pk), body=from_plain("вопрос"))
    assert told() == {("alice", "client_answer")}


def test_note_rings_nowhere(world, ticket):
    Notice.objects.all().delete()
    actions.note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("про себя"))
    assert told() == set()


def test_automatic_closing_rings_at_the_author(world, ticket):
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("готово"), then=StateMove("autoclose"))
    Notice.objects.all().delete()
    with clock.stopped(clock.now() + timedelta(days=2)):
        actions.close_due(ticket.pk, at=clock.now())
    assert told() == {("carol", "closed")}


def test_being_given_a_request_rings_taking_it_does_not(world, ticket):
    Notice.objects.all().delete()
    actions.take(ticket.pk, by=Actor(world.alice.pk))
    assert told() == set()
    actions.release(ticket.pk, by=Actor(world.alice.pk))
    actions.give(ticket.pk, by=Actor(None), to_id=world.alice.pk)
    assert told() == {("alice", "assigned")}


def test_reading_a_request_reads_its_lines(world, ticket):
    actor = Actor(world.alice.pk)
    open_by(world.carol, world.errors)
    assert queries.unread(actor) == 2
    assert bell.mark_read(world.alice.pk, ticket_id=ticket.pk) == 1
    assert queries.unread(actor) == 1
    assert bell.mark_read(world.alice.pk) == 1
    assert queries.unread(actor) == 0
    assert len(queries.newest(actor)) == 2


def test_lines_of_a_request_one_no_longer_sees_are_gone(world, ticket):
    world.alice.roles.clear()
    assert queries.newest(Actor(world.alice.pk)) == []
    assert queries.unread(Actor(world.alice.pk)) == 0


def test_telling_twice_is_one_line(world, ticket):
    article = ticket.articles.first()
    for _ in range(2):
        bell.tell([world.bob.pk], ticket_id=ticket.pk, article_id=article.pk, kind=Notice.Kind.LETTER_FAILED)
    assert Notice.objects.filter(person=world.bob).count() == 1


def test_bell_takes_one_statement(world, ticket, django_assert_num_queries):
    actor = Actor(world.alice.pk)
    queries.unread(actor)
    with django_assert_num_queries(1):
        [(line.ticket.number, line.article and line.article.author) for line in queries.newest(actor)]
    with django_assert_num_queries(1):
        queries.unread(actor)

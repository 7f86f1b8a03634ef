"""The same form twice, two answers at once, closing against an answer: with real connections at the same time."""

import pytest

from helpdesk.core.errors import Conflict, NotAllowed
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.models import Article, Submission, Ticket, TicketEvent
from tests.factories import actor_of, open_request, world
from tests.factories.parallel import together
from tests.factories.sizes import rounds

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = rounds(10)


def whole(ticket_id):
    """The request as stored; its articles and events are numbered without a gap."""
    ticket = Ticket.objects.get(pk=ticket_id)
    assert list(ticket.articles.order_by("seq").values_list("seq", flat=True)) == [*range(1, ticket.articles_count + 1)]
    assert list(ticket.events.order_by("seq").values_list("seq", flat=True)) == [*range(1, ticket.last_event_seq + 1)]
    return ticket


def test_the_same_form_sent_four_times_at_once_makes_one_request():
    cast = world(auto_reply_ru="Заявка № {number} принята.")
    for n in range(ROUNDS):
        made = together(
            *[lambda key=f"form-{n}": open_request(cast.carol, cast.queue, subject=f"Сальдо {key}", once=key).pk] * 4
        )
        assert len(set(made)) == 1, made
        assert Ticket.objects.count() == n + 1
        assert whole(made[0]).articles_count == 2
    assert Submission.objects.count() == ROUNDS


def test_the_same_key_of_two_people_makes_two_requests():
    cast = world()
    made = together(*[lambda who=who: open_request(who, cast.queue, once="key").pk for who in (cast.carol, cast.dora)])
    assert len(set(made)) == 2


def test_the_same_answer_sent_twice_at_once_is_one_article():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    for n in range(ROUNDS):
        together(
            *[lambda key=f"a{n}": actions.reply(ticket.pk, by=actor_of(cast.carol), body=from_plain(key), once=key)] * 3
        )
        assert whole(ticket.pk).articles_count == n + 2


def test_two_answers_at_once_are_both_kept_and_the_later_of_two_careful_ones_is_told():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    for n in range(ROUNDS):
        together(
            lambda: actions.reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("клиент")),
            lambda: actions.reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("специалист")),
        )
        assert whole(ticket.pk).articles_count == 1 + 2 * (n + 1) + n
        seen = whole(ticket.pk).last_event_seq
        first, second = together(
            lambda seen=seen: actions.reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("к"), seen=seen),
            lambda seen=seen: actions.reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("с"), seen=seen),
        )
        assert sorted([type(first), type(second)], key=str) == sorted([Article, Conflict], key=str)


def test_closing_against_an_answer_ends_well_in_either_order():
    cast = world()
    for _ in range(ROUNDS):
        ticket = open_request(cast.carol, cast.queue)
        closed, answer = together(
            lambda pk=ticket.pk: actions.close(pk, by=actor_of(cast.alice)),
            lambda pk=ticket.pk: actions.reply(pk, by=actor_of(cast.carol), body=from_plain("ещё")),
        )
        assert isinstance(closed, TicketEvent), closed
        assert isinstance(answer, Article), answer
        now = whole(ticket.pk)
        if closed.seq < now.last_event_seq:  # closed first: the answer took it up again
            assert (now.state_id, now.phase, now.waits_for) == ("rework", "open", "desk")
        else:
            assert (now.state_id, now.phase, now.waits_for) == ("closed", "closed", "nobody")


def test_moving_away_against_an_answer_of_the_old_queues_agent():
    cast = world()
    for _ in range(ROUNDS):
        ticket = open_request(cast.carol, cast.queue)
        from helpdesk.core.actor import system

        moved, answer = together(
            lambda pk=ticket.pk: actions.move(pk, by=system(), to_queue_id=cast.elsewhere.pk),
            lambda pk=ticket.pk: actions.reply(pk, by=actor_of(cast.alice), body=from_plain("готово")),
        )
        assert isinstance(moved, TicketEvent), moved
        assert isinstance(answer, Article) or getattr(answer, "code", "") == "not_found", answer
        assert not isinstance(answer, NotAllowed)
        assert whole(ticket.pk).queue_id == cast.elsewhere.pk


def test_two_take_the_same_request_and_one_of_them_is_told():
    from tests.factories import AgentFactory

    cast = world()
    erin = AgentFactory(roles=[cast.support])
    for _ in range(ROUNDS):
        ticket = open_request(cast.carol, cast.queue)
        seen = ticket.last_event_seq
        results = together(
            *[
                lambda w=w, pk=ticket.pk, seen=seen: actions.take(pk, by=actor_of(w), seen=seen)
                for w in (cast.alice, erin)
            ]
        )
        assert sorted(map(type, results), key=str) == sorted([TicketEvent, Conflict], key=str)
        assert whole(ticket.pk).owner_id in {cast.alice.pk, erin.pk}

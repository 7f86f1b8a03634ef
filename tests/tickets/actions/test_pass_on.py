"""A misplaced request moves with an explanation in one act: the client is told, whoever works there owes the answer."""

import pytest

from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions.pass_on import explanation, pass_on
from helpdesk.tickets.models import Grant, Queue
from tests.factories import AgentFactory, actor_of, grant, open_request
from tests.tickets.actions.test_merge import now

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    grant(cast.support, cast.elsewhere, "move_into", "read")
    return open_request(cast.carol, cast.queue)


def on(cast, ticket, text="Передали туда", by=None, to=None, **more):
    with entry():
        return pass_on(
            ticket.pk, by=actor_of(by or cast.alice), to_queue_id=(to or cast.elsewhere).pk, body=from_plain(text), **more
        )  # fmt: skip


def test_it_is_moved_and_the_client_told_in_one_act(cast, ticket):
    article = on(cast, ticket)
    row = now(ticket)
    assert (row.queue, row.state_id, row.waits_for, row.owner_id) == (cast.elsewhere, "new", "desk", None)
    assert (article.sender, article.visible_to_client, article.text) == ("agent", True, "Передали туда")
    said, moved = ticket.events.order_by("-seq")[:2][::-1]
    assert (said.verb, said.article, moved.verb, moved.old, moved.new) == (
        "replied", article, "moved", cast.queue.pk, cast.elsewhere.pk,
    )  # fmt: skip
    assert said.batch == moved.batch and said.batch
    assert Notice.objects.filter(article=article, kind="desk_answer", person=cast.carol).count() == 1


def test_the_same_form_twice_is_one_act(cast, ticket):
    assert on(cast, ticket, once="k") == on(cast, ticket, once="k")
    assert now(ticket).articles_count == 2


def test_what_somebody_said_meanwhile_stops_it(cast, ticket):
    seen = now(ticket).last_event_seq
    actions.reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("Уже не нужно"))
    with pytest.raises(Conflict, match="answered_meanwhile"):
        on(cast, ticket, seen=seen)
    erin = AgentFactory(name="Эрин", roles=[cast.support])
    seen = now(ticket).last_event_seq
    on(cast, ticket, by=erin)
    back = Grant.objects.filter(role=cast.support, queue=cast.elsewhere)
    assert back.exists() and now(ticket).queue == cast.elsewhere and now(ticket).articles_count == 3
    with pytest.raises((Conflict, NotAllowed)):
        on(cast, ticket, seen=seen)


def test_what_is_not_done(cast, ticket):
    def refused(**more):
        with pytest.raises(Invalid) as error:
            on(cast, ticket, **more)
        return error.value.problems[0].field, error.value.problems[0].code

    assert refused(text=" ") == ("body", "empty")
    assert refused(to=cast.queue) == ("queue", "same_queue")
    assert refused(to=Queue(pk=0)) == ("queue", "unknown_queue")
    Grant.objects.filter(role=cast.support, queue=cast.elsewhere).delete()
    with pytest.raises(NotAllowed, match="move_into"):
        on(cast, ticket)
    with pytest.raises(NotAllowed, match="pass_on"):
        on(cast, ticket, by=cast.carol)
    assert (now(ticket).queue, now(ticket).articles_count) == (cast.queue, 1)


@pytest.mark.parametrize(("language", "text"), [("ru", "Это к «elsewhere»."), ("en", "See elsewhere.")])
def test_the_ready_text_is_the_queues_in_the_clients_language(cast, ticket, language, text):
    Queue.objects.filter(pk=cast.queue.pk).update(moved_text_ru="Это к «{queue}».", moved_text_en="See {queue}.")
    row = now(ticket)
    row.language = language
    assert explanation(row, cast.elsewhere) == text

"""Who is at a request just now: on its page and in the lists."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.core import clock
from helpdesk.tickets import presence
from helpdesk.tickets.models import Presence
from tests.desk.conftest import plain


@pytest.fixture
def as_():
    """A browser of their own for each."""

    def browser(person):
        client = Client()
        client.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
        return client

    return browser


def say(client, ticket, **values):
    return client.post(f"/desk/tickets/{ticket.number}/here/", values)


def test_each_is_told_of_the_others_and_what_they_write(world, as_):
    ticket = world.ticket()
    alice, anna = as_(world.alice), as_(world.anna)
    assert say(alice, ticket).content == b""
    assert f"{world.alice.name} смотрит" in plain(say(anna, ticket, writing="answer"))
    assert f"{world.anna.name} пишет ответ" in plain(say(alice, ticket))
    say(anna, ticket, writing="note")
    assert f"{world.anna.name} пишет заметку" in plain(say(alice, ticket))
    say(anna, ticket, writing="nonsense")
    assert f"{world.anna.name} смотрит" in plain(say(alice, ticket))
    assert Presence.objects.count() == 2


def test_who_has_left_or_said_nothing_for_a_while_is_there_no_more(world, as_):
    ticket = world.ticket()
    alice, anna = as_(world.alice), as_(world.anna)
    say(anna, ticket)
    assert say(anna, ticket, left="1").status_code == 204
    assert say(alice, ticket).content == b""
    say(anna, ticket)
    Presence.objects.filter(person=world.anna).update(seen_at=clock.now() - timedelta(seconds=presence.LASTS + 5))
    assert say(alice, ticket).content == b""
    Presence.objects.filter(person=world.anna).update(seen_at=clock.now() - timedelta(hours=1))
    assert presence.forget() == 1
    assert list(Presence.objects.values_list("person", flat=True)) == [world.alice.pk]


def test_a_list_shows_others_at_its_requests_never_oneself(world, as_):
    ticket, other = world.ticket(subject="Первая"), world.ticket(subject="Вторая")
    alice, anna = as_(world.alice), as_(world.anna)
    say(alice, ticket)
    assert "t-live" not in plain(alice.get("/desk/?view=open"))
    say(anna, ticket, writing="answer")
    say(anna, other)
    page = plain(alice.get("/desk/?view=open"))
    assert f"{world.anna.name} пишет" in page and f"{world.anna.name} смотрит" in page
    page = plain(anna.get("/desk/?view=open"))
    assert f"{world.alice.name} смотрит" in page and world.anna.name + " пишет" not in page
    say(anna, ticket, left="1")
    say(anna, other, left="1")
    assert "t-live" not in plain(alice.get("/desk/?view=open"))


def test_nobody_is_told_of_a_request_that_they_do_not_see(world, as_):
    ticket = world.ticket()
    say(as_(world.alice), ticket)
    assert say(as_(world.bob), ticket).status_code == 404 or Presence.objects.filter(person=world.bob).exists()
    assert say(as_(world.carol), ticket).status_code == 404
    assert say(as_(world.alice), type(ticket)(number="0")).status_code == 404
    assert say(as_(world.alice), type(ticket)(number="x\0" * 60)).status_code == 404
    assert not Presence.objects.exclude(person__kind="agent").exists()


def test_it_costs_no_more_than_the_news(world, as_):
    ticket, client = world.ticket(), as_(world.alice)

    def statements(ask):
        ask()
        with CaptureQueriesContext(connection) as caught:
            ask()
        return [query["sql"] for query in caught]

    news = statements(lambda: client.get(f"/desk/tickets/{ticket.number}/news/?after=9&since=0"))
    assert len(statements(lambda: say(client, ticket))) <= len(news)


@pytest.mark.parametrize("side", ["web", "list"])
def test_clients_learn_nothing_of_it(world, as_, side):
    ticket = world.ticket()
    say(as_(world.alice), ticket, writing="answer")
    address = f"/portal/tickets/{ticket.number}/" if side == "web" else "/portal/mine/"
    page = plain(as_(world.carol).get(address))
    assert "t-live" not in page and world.alice.name not in page

"""What an open request learns of others, where a conflict leads, what the panel explains and offers."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import note, reply
from helpdesk.tickets.actions.masters import switch_priority
from helpdesk.tickets.models import Article
from tests.desk.conftest import address, plain


def news(client, ticket, after=1):
    return client.get(address(ticket, "news"), {"after": after})


def test_an_open_page_learns_that_somebody_else_has_written(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    seen = re.search(r'data-fresh="([^"]+)"', plain(client.get(address(ticket)))).group(1)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(seen).status_code == 204
    signed_in = 2  # the person and their rights, which the session of a real sign-in brings along
    assert len(caught) <= 2 + signed_in
    note(ticket.pk, by=world.by(world.alice), body=from_plain("Своё"))
    assert client.get(seen).status_code == 204
    note(ticket.pk, by=world.by(world.anna), body=from_plain("Чужое"))
    with CaptureQueriesContext(connection) as caught:
        assert client.get(seen).json() == {"text": "Пришла новая заметка:"}
    assert len(caught) <= 2 + signed_in
    after = Article.objects.filter(ticket=ticket).count()
    reply(ticket.pk, by=world.by(world.carol), body=from_plain("Ответ"))
    assert news(client, ticket, after).json() == {"text": "Пришёл новый ответ:"}
    assert news(client, ticket, after + 1).status_code == 204


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "9223372036854775807", "%00"])
def test_news_after_nonsense_are_no_error(world, as_, after):
    assert news(as_(world.alice), world.ticket(), after).status_code in {200, 204}


def test_news_of_an_unseen_request_are_like_those_of_none(world, as_):
    ticket = world.ticket()
    client = as_(world.bob)
    assert [news(client, ticket).status_code, client.get("/desk/tickets/777/news/").status_code] == [404, 404]


def test_a_conflict_has_the_focus(world, as_):
    ticket = world.ticket()
    note(ticket.pk, by=world.by(world.anna), body=from_plain("Чужое"))
    answer = as_(world.alice).post(address(ticket), {"body": "Моё", "seen": "1"})
    assert answer.status_code == 409
    assert re.search(r'class="banner banner--warn" role="alert" tabindex="-1" autofocus data-focus>', plain(answer))


def test_the_panel_says_what_owner_and_responsible_mean(world, as_):
    ticket = world.ticket()
    for person in (world.alice, world.rita):
        text = plain(as_(person).get(address(ticket)))
        assert 'title="Кто ведёт заявку"' in text and 'title="Кто отвечает за результат; ' in text


def test_a_priority_that_is_off_is_offered_only_where_it_stands(world, as_):
    ticket, other = world.ticket(priority=5), world.ticket()
    switch_priority(5, on=False)
    client = as_(world.alice)
    urgent = "Безотлагательный – 5"
    assert urgent in plain(client.get(address(ticket))) and urgent not in plain(client.get(address(other)))
    assert client.post(address(other, "priority"), {"priority": "5"}).status_code == 422
    assert urgent not in plain(client.get("/desk/new/", {"client": world.carol.pk}))

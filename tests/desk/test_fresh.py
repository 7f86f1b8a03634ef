"""A list tells what others have touched since it was shown, and costs next to nothing while nothing happens."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.tickets.actions import set_priority
from tests.desk.conftest import plain

HERE = "/desk/?view=unassigned"


def shown(client, path=HERE):
    """The newest event that a list knows, and where it asks what has happened since."""
    page = client.get(path).content.decode()
    found = re.search(r'data-fresh-list="([^"]*)" data-since="(\d+)"', page)
    return found and (found.group(1).replace("&amp;", "&"), int(found.group(2)))


def asked(client, fresh, tag=None):
    address, since = fresh
    headers = {"If-None-Match": tag} if tag else {}
    return client.get(f"{address}&since={since}", headers=headers)


def test_what_others_touch_is_told_with_the_list_anew(world, as_):
    client = as_(world.alice)
    old = world.ticket()
    fresh = shown(client)
    assert asked(client, fresh).content == b""
    world.ticket(subject="Ещё одна")
    set_priority(old.pk, by=world.by(world.anna), to=5)
    answer = asked(client, fresh)
    assert "2 заявки новые или изменились" in plain(answer) and f'href="{HERE}"' in plain(answer)
    assert shown(client)[1] > fresh[1]  # also where the page is kept


def test_a_kept_page_knows_its_own_moment(world, as_):
    client = as_(world.alice)
    mine = world.ticket()
    first = shown(client)
    set_priority(world.ticket(queue=world.cash).pk, by=world.by(world.bob), to=5)  # shows nothing here
    second = shown(client)
    assert second[1] > first[1] and asked(client, first).content == b"" and mine.number in plain(client.get(HERE))


def test_what_one_does_oneself_and_what_is_elsewhere_is_no_news(world, as_):
    client = as_(world.alice)
    ticket = world.ticket()
    fresh = shown(client)
    set_priority(ticket.pk, by=world.by(world.alice), to=5)
    world.ticket(queue=world.cash, subject="Касса")
    assert asked(client, fresh).content == b""


def test_while_nothing_happens_it_costs_a_304_and_one_statement(world, as_):
    client = as_(world.alice)
    world.ticket()
    fresh = shown(client)
    with CaptureQueriesContext(connection) as caught:
        answer = asked(client, fresh, tag=f'"{fresh[1]}"')
    assert (answer.status_code, answer.content) == (304, b"") and len(caught) <= 3
    assert answer.headers["ETag"] == f'"{fresh[1]}"'
    world.ticket()
    with CaptureQueriesContext(connection) as caught:
        answer = asked(client, fresh, tag=f'"{fresh[1]}"')
    assert answer.status_code == 200 and len(caught) <= 4


@pytest.mark.parametrize(
    "query",
    [
        "list=/desk/",
        "list=https://evil.example/",
        "",
        "list=%00&since=x",
        "list=/desk/?view=all&since=-1",
        "list=/desk/search/?q=a",
        "list=/desk/?queue=99999&since=0",
    ],
)
def test_what_is_no_list_has_no_news(world, as_, query):
    world.ticket()
    answer = as_(world.alice).get(f"/desk/fresh/?{query}")
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_search_does_not_ask(world, as_):
    assert shown(as_(world.alice), "/desk/search/?q=слово") is None

from datetime import timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.desk.neighbours import COOKIE, LIMIT
from helpdesk.tickets.actions import StateMove, close, promise, reply, set_priority, set_state
from tests.desk.conftest import address, link, numbers, plain
from tests.desk.test_ticket import statements


def go(client, number, step, **more):
    """Where the button leads: the number and the list that goes along."""
    answer = client.get(f"/desk/tickets/{number}/", {"go": step} | more)
    assert answer.status_code == 302
    to = urlsplit(answer.headers["Location"])
    return to.path.split("/")[3], parse_qs(to.query).get("list", [""])[0]


@pytest.mark.parametrize("sort", ["due", "recent", "priority"])
def test_steps_go_through_the_whole_list_and_back(world, as_, sort):
    start = clock.now() - timedelta(hours=2)
    for at in range(30):
        ticket = world.ticket(subject=f"Заявка {at}", at=start + timedelta(minutes=at % 7))
        if at % 3:
            promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(hours=at % 5 + 1))
        set_priority(ticket.pk, by=world.by(world.alice), to=at % 5 + 1)
    client = as_(world.alice)
    first = client.get(f"/desk/?sort={sort}")
    order = numbers(first) + numbers(client.get(link(first, "next")))
    here = f"/desk/?sort={sort}"
    walked = [order[0]]
    for _ in order[1:]:
        number, kept = go(client, walked[-1], "next", list=here)
        assert kept == here
        walked.append(number)
    assert walked == order
    assert go(client, order[-1], "next", list=here)[0] == order[-1]
    assert "Это последняя заявка списка." in plain(client.get(f"/desk/tickets/{order[-1]}/"))
    assert [go(client, number, "previous", list=here)[0] for number in order[1:]] == order[:-1]
    assert go(client, order[0], "previous", list=here)[0] == order[0]
    assert "Это первая заявка списка." in plain(client.get(f"/desk/tickets/{order[0]}/"))


def test_the_last_list_is_remembered_and_the_way_back_leads_there(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    page = plain(client.get(address(ticket)))
    assert 'href="/desk/?view=open" aria-label="К списку"' in page and "go=next" not in page
    client.get("/desk/?view=all&sort=recent")
    page = plain(client.get(address(ticket)))
    assert 'href="/desk/?view=all&amp;sort=recent" aria-label="К списку"' in page
    assert 'data-key="KeyJ"' in page and 'data-key="KeyK"' in page and "go=next" in page
    cookie = client.cookies[COOKIE]
    assert cookie["path"] == "/desk/tickets/" and cookie["httponly"]


def test_the_page_one_came_from_is_nearer_than_the_list_of_another_window(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.get("/desk/?view=all")
    came = {"headers": {"Referer": "http://testserver/desk/?queue=7"}}
    assert "list=%2Fdesk%2F%3Fqueue%3D7" in plain(client.get(address(ticket), **came))
    came = {"headers": {"Referer": "http://testserver/desk/tickets/1/?list=/desk/%3Fqueue%3D8"}}
    assert "list=%2Fdesk%2F%3Fqueue%3D8" in plain(client.get(address(ticket), **came))
    came = {"headers": {"Referer": "http://elsewhere.example/desk/?queue=9"}}
    assert "list=%2Fdesk%2F%3Fview%3Dall" in plain(client.get(address(ticket), **came))


@pytest.mark.parametrize(
    "forged",
    ["//evil.example/desk/", "https://evil.example/desk/", "/desk/tickets/1/", "/portal/mine/", "javascript:alert(1)",
     "/desk/\\evil", "/desk/?q=" + "я" * LIMIT, "/desk//evil"],
)  # fmt: skip
def test_a_forged_list_is_no_list(world, as_, forged):
    ticket = world.ticket()
    client = as_(world.alice)
    assert "go=next" not in client.get(address(ticket), {"list": forged}).content.decode()
    assert go(client, ticket.number, "next", list=forged) == (ticket.number, "")


@pytest.mark.parametrize("query", ["?sort=nosuch&queue=x", "?after=%00&before=!!", "?priority=9&state=%27"])
def test_a_strange_list_is_no_error(world, as_, query):
    ticket = world.ticket()
    go(as_(world.alice), ticket.number, "next", list=f"/desk/{query}")


def test_the_next_one_after_an_own_question_is_the_next_that_runs(world, as_):
    by = world.by(world.alice)
    asked, newer, paused = (world.ticket(subject=subject) for subject in ("спросим", "позже", "ждём"))
    for hours, ticket in ((1, asked), (2, newer), (3, paused)):
        promise(ticket.pk, by=by, due_at=clock.now() + timedelta(hours=hours))
    set_state(paused.pk, by=by, to=StateMove("clarify"))
    reply(asked.pk, by=by, body=from_plain("Какой период?"), then=StateMove("clarify"))
    assert go(as_(world.alice), asked.number, "next", list="/desk/?view=open")[0] == newer.number
    assert (
        go(as_(world.alice), newer.number, "next", list="/desk/?view=open")[0] == asked.number
    )  # it stands there from now on
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        assert go(as_(world.alice), asked.number, "next", list="/desk/?view=open")[0] == paused.number


def test_a_request_that_left_the_list_still_has_a_next_one(world, as_):
    older, newer = world.ticket(subject="раньше"), world.ticket(subject="позже")
    for hours, ticket in ((1, older), (2, newer)):
        promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(hours=hours))
    close(older.pk, by=world.by(world.alice))
    assert go(as_(world.alice), older.number, "next", list="/desk/?view=open")[0] == newer.number


def test_steps_keep_to_what_one_may_see(world, as_):
    mine = world.ticket(queue=world.cash)
    world.ticket(queue=world.errors)
    assert go(as_(world.bob), mine.number, "next", list="/desk/?sort=recent")[0] == mine.number
    assert go(as_(world.bob), mine.number, "previous", list="/desk/?sort=recent")[0] == mine.number
    hidden = world.ticket(queue=world.errors)
    assert as_(world.bob).get(address(hidden), {"go": "next", "list": "/desk/?view=open"}).status_code == 404


def test_steps_go_through_what_words_found(world, as_):
    for at in range(28):
        world.ticket(subject=f"Канарейка {at}")
    client = as_(world.alice)
    here = "/desk/search/?q=канарейка"
    first = client.get(here)
    order = numbers(first) + numbers(client.get(link(first, "next")))
    assert len(order) == 28
    number, kept = order[0], "/desk/search/?q=%D0%BA%D0%B0%D0%BD%D0%B0%D1%80%D0%B5%D0%B9%D0%BA%D0%B0"
    walked = [number]
    for _ in order[1:]:
        number, kept = go(client, number, "next", list=kept)
        walked.append(number)
    assert walked == order and "after=26." in kept
    assert "26–28" in plain(client.get(kept))
    assert go(client, order[-1], "previous", list=kept)[0] == order[-2]
    assert go(client, order[-1], "next", list=kept)[0] == order[-1]


def test_the_way_costs_lists_and_requests_no_statement(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.get(address(ticket))  # reads it
    client.get("/desk/?view=open")
    client.cookies.pop(COOKIE)
    bare = len(statements(client, address(ticket)))
    without = len(statements(client, "/desk/?view=open"))
    assert client.cookies[COOKIE].value
    assert len(statements(client, address(ticket))) == bare
    assert len(statements(client, "/desk/?view=open")) == without


@pytest.mark.parametrize("list_", ["/desk/search/?q=сальдо&after=².x", "/desk/?after=²", "/desk/search/?q=a&after=9.", "/desk/[",
                                   "//evil.example/desk/", "/desk/\\evil"])  # fmt: skip
def test_a_list_that_is_none_breaks_nothing_and_leads_nowhere_else(world, as_, list_):
    ticket = world.ticket()
    for step in ("next", "previous"):
        answer = as_(world.alice).get(f"/desk/tickets/{ticket.number}/", {"go": step, "list": list_})
        assert answer.status_code in {200, 302}
        assert answer.status_code == 200 or answer.url.startswith("/desk/")


@pytest.mark.parametrize("script", [True, False])
def test_sending_may_go_on_to_the_next_one(world, as_, script):
    client, here = as_(world.alice), "/desk/?view=unassigned&sort=recent"
    older, newer = world.ticket(subject="Старше"), world.ticket(subject="Новее")

    def send(ticket, key):
        headers = {"HX-Request": "true"} if script else {}
        typed = {"body": "Готово", "kind": "answer-next", "form_key": key, "next_state": "clarify"}
        answer = client.post(f"{address(ticket)}?list={quote(here)}", typed, headers=headers)
        return answer.headers["HX-Redirect" if script else "Location"]

    to = send(newer, "a")
    assert to.startswith(address(older)) and unquote(to).endswith(f"list={here}")
    assert send(older, "b") == here  # there is no other: back to the list
    assert "последняя заявка списка" in plain(client.get(here))
    assert newer.articles.last().visible_to_client and older.articles.last().text == "Готово"

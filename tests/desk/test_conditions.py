"""Lists narrowed by people and dates, beside state, queue and words."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import lines, narrowing
from helpdesk.tickets.actions import (
    StateMove,
    close,
    note,
    promise,
    reply,
    set_priority,
    set_responsible,
    set_state,
    take,
)
from helpdesk.tickets.lines import VIEWS, Wanted
from helpdesk.tickets.models import Ticket
from helpdesk.tickets.narrowing import Narrow
from tests.desk.conftest import address, link, numbers, plain, total
from tests.desk.test_neighbours import go
from tests.statements import statements_of


@pytest.fixture
def several(world):
    """Requests in every view, of two clients, of different days."""
    by = world.by(world.alice)
    start = clock.now() - timedelta(days=20)
    tickets = [
        world.ticket(subject=f"Заявка {at}", author=world.dave if at % 3 == 0 else world.carol,
                     at=start + timedelta(days=at)) for at in range(8)
    ]  # fmt: skip
    take(tickets[0].pk, by=by)
    take(tickets[1].pk, by=by)
    reply(tickets[1].pk, by=by, body=from_plain("Какой период?"), then=StateMove("clarify"))
    close(tickets[2].pk, by=by)
    promise(tickets[3].pk, by=by, due_at=clock.now() + timedelta(minutes=1))
    set_priority(tickets[4].pk, by=by, to=5)
    set_responsible(tickets[5].pk, by=by, to_id=world.anna.pk)
    return tickets


@pytest.mark.parametrize("state", ["", "new", "closed"])
@pytest.mark.parametrize("view", VIEWS)
def test_views_of_a_narrowed_list_are_those_of_any_list(world, several, view, state):
    by, at = world.by(world.alice), clock.now() + timedelta(minutes=5)
    wanted = Wanted(view=view, state=state)
    sql, values = narrowing.condition(by, wanted, Narrow(), at=at)
    narrowed = lines.newest(by, sql, values, limit=50)
    listed = lines.page(by, wanted, lines.Shape("recent"), at=at)
    assert sorted(row.number for row in narrowed) == sorted(row.number for row in listed)


@pytest.mark.parametrize(
    "typed", ["dave", "DAVE", "dave@example.com", "Dave@Example.com", "иной", "Давид Иной", "давид dave", "иной дав"]
)
def test_a_client_is_a_condition_by_name_login_and_address(world, as_, several, typed):
    answer = as_(world.alice).get("/desk/", {"client": typed, "view": "all"})
    assert numbers(answer) == [several[6].number, several[3].number, several[0].number]
    assert total(answer) == 3 and "Убрать условие «клиент»" in plain(answer)


@pytest.mark.parametrize("typed", ["ve@example.com", "%", "_", "нет такого", "dave carol", "\\", "@", "' OR 1=1"])
def test_another_client_or_none_finds_nothing(world, as_, several, typed):
    answer = as_(world.alice).get("/desk/", {"client": typed, "view": "all"})
    assert numbers(answer) == [] and "Ничего не нашлось" in plain(answer)


@pytest.mark.parametrize("typed", ["dave@example.com", "dave", "DAVE"])
def test_the_search_takes_a_whole_login_or_address_for_its_client(world, as_, several, typed):
    client = as_(world.alice)
    answer = client.get("/desk/search/", {"q": typed})
    assert answer.status_code == 302 and "client=" in answer.headers["Location"]
    shown = client.get(answer.headers["Location"])
    assert len(numbers(shown)) == 3 and "Это заявки клиента" in plain(shown)
    in_texts = unescape(re.search(r'<a href="([^"]*)">Искать в текстах', plain(shown)).group(1))
    assert client.get(in_texts).status_code == 200 and numbers(client.get(in_texts)) == []


@pytest.mark.parametrize("typed", ["alice", "alice@example.com", "dave иной", "dav"])
def test_other_words_are_searched_for_in_texts(world, as_, several, typed):
    assert as_(world.alice).get("/desk/search/", {"q": typed}).status_code == 200


def test_owner_and_responsible_are_conditions(world, as_, several):
    client, alice, anna = as_(world.alice), world.alice.pk, world.anna.pk
    assert numbers(client.get(f"/desk/?owner={alice}")) == [several[1].number, several[0].number]
    assert set(numbers(client.get("/desk/?owner=0"))) == {several[at].number for at in (3, 4, 5, 6, 7)}
    assert numbers(client.get(f"/desk/?responsible={anna}")) == [several[5].number]
    assert several[5].number not in numbers(client.get("/desk/?responsible=0"))
    text = plain(client.get(f"/desk/?owner={alice}&responsible={anna}"))
    assert "Алиса Агентова</b>" in text and "Анна Ковалёва</b>" in text


def test_dates_are_whole_days_and_the_last_one_counts_in(world, as_, several):
    client = as_(world.alice)
    day = several[4].created_at.astimezone(timezone.get_current_timezone()).date()
    found = numbers(client.get(f"/desk/?view=all&created_from={day}&created_to={day + timedelta(days=1)}"))
    assert found == [several[5].number, several[4].number]
    assert numbers(client.get(f"/desk/?view=all&created_to={day:%d.%m.%Y}")) == [
        several[at].number for at in (1, 4, 3, 2, 0)
    ]  # an answer today stands before the older ones
    assert len(numbers(client.get(f"/desk/?view=all&changed_from={clock.now().date()}"))) == 6
    assert len(numbers(client.get(f"/desk/?view=all&changed_to={clock.now().date() - timedelta(days=1)}"))) == 2


def test_conditions_go_together_with_each_other_and_with_words(world, as_, several):
    client = as_(world.alice)
    asked = f"/desk/?view=mine&client=carol&state=clarify&queue={world.errors.pk}&priority=3&q=страницы"
    assert numbers(client.get(asked)) == [several[1].number]
    assert "<mark>" not in plain(client.get(asked)).split("tickets")[0]
    for less in ("&client=dave", "&state=new", "&priority=1", "&q=страуса", f"&queue={world.advice.pk}"):
        assert numbers(client.get(asked + less)) == [], less
    assert numbers(client.get("/desk/search/?client=carol&q=заявки+5")) == [several[5].number]
    assert numbers(client.get(f"/desk/?client=carol&q={several[5].number}")) == [several[5].number]
    assert numbers(client.get("/desk/?view=unassigned&q=заявка")) == [several[at].number for at in (7, 6, 5, 4, 3)]


def test_a_narrowed_list_has_pages_and_neighbours(world, as_):
    start = clock.now() - timedelta(hours=3)
    for at in range(55):
        world.ticket(subject=f"Заявка {at}", at=start + timedelta(minutes=at))
    client, here = as_(world.alice), "/desk/?client=carol"
    pages = [client.get(here)]
    while path := link(pages[-1], "next"):
        pages.append(client.get(path))
    order = [number for page in pages for number in numbers(page)]
    assert [len(numbers(page)) for page in pages] == [25, 25, 5] and len(set(order)) == 55
    assert total(pages[0]) is None and total(pages[-1]) == 55 and "51–55 из 55" in plain(pages[-1])
    number, there = go(client, order[24], "next", list=here)
    assert number == order[25] and "after=26." in there
    assert go(client, order[26], "previous", list=there)[0] == order[25]


def test_whoever_does_not_see_a_queue_finds_nothing_of_it(world, as_, several):
    client = as_(world.bob)
    for query in ("client=carol", "owner=0", "created_from=2000-01-01", "client=carol&q=страница"):
        assert numbers(client.get(f"/desk/?view=all&{query}")) == []


@pytest.mark.parametrize(
    "query",
    ["client=%00", "client=%ED%A0%80", "client=" + "я" * 5000, "owner=abc", "owner=99999999999999999999",
     "owner=9223372036854775807", "responsible=-1", "created_from=2026-13-45", "created_to=9999-12-31",
     "changed_from=0001-01-01", "changed_to=%D9%A1", "created_from=2199-12-31&created_to=1970-01-01",
     "client=carol&after=x.y", "client=carol&after=9999999.AAAA", "owner=0&after=1.%00", "client=carol&q=%25_%27%22\\",
     "client=carol&q=-нет", "client=carol&q=...", "owner=0&q=и"],
)  # fmt: skip
def test_garbage_for_a_condition_is_no_error(world, as_, query):
    world.ticket()
    client = as_(world.alice)
    for path in ("/desk/", "/desk/search/", "/desk/conditions/"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_statements_stay_within_the_budget(world, as_):
    client = as_(world.alice)
    paths = [
        f"/desk/?client=carol&owner={world.alice.pk}&company={world.zarya.pk}&view=all", "/desk/search/?q=страница",
        "/desk/?view=mine&q=страница", "/desk/conditions/", "/desk/conditions/?in=search&client=carol",
    ]  # fmt: skip
    take(world.ticket().pk, by=world.by(world.alice))
    client.get("/desk/")  # the rail's figures are kept from here on
    few = [len(statements_of(client, path)) for path in paths]
    for at in range(30):
        take(world.ticket(subject=f"Заявка {at}").pk, by=world.by(world.alice))
    client.get("/desk/")
    assert [len(statements_of(client, path)) for path in paths] == few and max(few) <= 8, few


def test_the_form_holds_all_conditions_and_leads_back(world, as_):
    client = as_(world.alice)
    asked = f"client=carol&owner={world.alice.pk}&responsible=0&created_from=2026-11-01&changed_to=2026-11-24"
    page = plain(client.get(f"/desk/conditions/?{asked}"))
    assert 'value="carol"' in page and 'value="2026-11-01"' in page and 'value="2026-11-24"' in page
    assert f'<option value="{world.alice.pk}" selected>' in page and '<option value="0" selected>' in page
    assert f'href="/desk/?{asked.replace("&", "&amp;")}"' in page
    searching = plain(client.get("/desk/search/?q=касса&created_from=2026-11-01"))
    assert 'name="created_from" value="2026-11-01"' in searching
    assert 'action="/desk/search/"' in plain(client.get("/desk/conditions/?in=search"))


def test_the_moment_of_the_last_change_moves_with_every_change(world, as_):
    ticket = world.ticket(at=clock.now() - timedelta(days=3))
    client, by = as_(world.alice), world.by(world.alice)

    def shown():
        return re.search(r'<td class="c-age"><time datetime="([^"]*)"', plain(client.get("/desk/?view=all"))).group(1)

    seen = [shown()]
    for at, change in enumerate(
        [
            lambda when: set_state(ticket.pk, by=by, to=StateMove("open"), at=when),
            lambda when: take(ticket.pk, by=by, at=when),
            lambda when: note(ticket.pk, by=by, body=from_plain("Записка"), at=when),
            lambda when: set_priority(ticket.pk, by=by, to=5, at=when),
            lambda when: close(ticket.pk, by=by, at=when),
        ]
    ):
        change(clock.now() - timedelta(days=2) + timedelta(hours=at))
        seen.append(shown())
    assert seen == sorted(set(seen)) and len(seen) == 6
    page = plain(client.get(address(ticket)))
    ticket = Ticket.objects.get()
    assert "<dt>Создана</dt>" in page and "<dt>Изменена</dt>" in page and "<dt>Закрыта</dt>" in page
    assert ticket.changed_at == ticket.closed_at

"""The desk's first page: what needs its reader now, each figure that of the list it leads to; the work of all."""

import re
from datetime import timedelta
from html import unescape

import pytest

from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import facts
from helpdesk.tickets.actions import StateMove, give, promise, reply, set_state, take
from helpdesk.tickets.models import OwnQueue
from tests.desk.conftest import numbers, plain, total
from tests.desk.test_lists import statements

VIEWS = ("answered", "mine-overdue", "reminders", "my-unassigned", "done", "waiting")


@pytest.fixture
def made(world):
    """A request for each thing that may need Alice, by its view; and what does not."""
    by, now = world.by(world.alice), clock.now()

    def mine(subject, **more):
        ticket = world.ticket(subject=subject, **more)
        take(ticket.pk, by=by)
        return ticket

    found = {"my-unassigned": world.ticket(subject="Ничья")}
    found["answered"] = mine("Ответили")
    reply(found["answered"].pk, by=by, body=from_plain("Какой счёт?"), then=StateMove("clarify"))
    reply(found["answered"].pk, by=world.by(world.carol), body=from_plain("Вот такой"))
    late = found["mine-overdue"] = mine("Опоздала")
    reply(late.pk, by=by, body=from_plain("Смотрим"))
    promise(late.pk, by=by, due_at=now + timedelta(minutes=1))
    reminded = found["reminders"] = mine("Напомнить")
    set_state(reminded.pk, by=by, to=StateMove("reminder", now + timedelta(minutes=2)))
    later = mine("Напомнить позже")
    set_state(later.pk, by=by, to=StateMove("reminder", now + timedelta(days=2)))
    found["pending"] = later
    done = found["done"] = mine("Сошлось")
    reply(done.pk, by=world.by(world.carol), body=from_plain("Всё"), then=StateMove("done"))
    waiting = found["waiting"] = mine("Ждём")
    reply(waiting.pk, by=by, body=from_plain("Какой период?"), then=StateMove("clarify"))
    annas = world.ticket(subject="Чужая")
    give(annas.pk, by=by, to_id=world.anna.pk)
    with clock.stopped(now + timedelta(minutes=5)):
        yield found


def figures(answer):
    """The figures of the first page, by the addresses that they lead to."""
    text = answer.content.decode()
    found = re.findall(r'class="home-figure" href="([^"]*)"><span class="[^"]*">([^<]*)<', text)
    return {unescape(href): int(count) for href, count in found}


@pytest.mark.parametrize("view", [*VIEWS, "pending"])
def test_a_view_holds_what_its_name_says(world, as_, made, view):
    shown = numbers(as_(world.alice).get(f"/desk/?view={view}"))
    assert shown == [made[view].number]


def test_every_figure_is_that_of_the_list_it_leads_to(world, as_, made):
    client = as_(world.alice)
    shown = figures(client.get("/desk/"))
    assert [re.search("view=([^&]*)", href).group(1) for href in shown] == list(VIEWS)
    for href, count in shown.items():
        answer = client.get(href)
        assert len(numbers(answer)) == total(answer) == count == 1, href


def test_sections_stand_in_order_with_rows_that_know_their_list(world, as_, made):
    page = as_(world.alice).get("/desk/").content.decode()
    rows = re.findall(r'class="t-subj" href="/desk/tickets/([^/]+)/\?list=([^"]*)"', page)
    assert [number for number, _ in rows] == [made[view].number for view in VIEWS]
    assert all(view in within for view, (_, within) in zip(VIEWS, rows, strict=True))
    assert "Чужая" not in page and "Напомнить позже" not in page


def test_a_long_section_shows_its_beginning_and_leads_to_the_rest(world, as_):
    for at in range(12):
        world.ticket(subject=f"Ничья {at}")
    page = as_(world.alice).get("/desk/")
    assert page.content.decode().count("data-row") == 10 and "Все 12" in plain(page)


def test_an_empty_day_says_so(world, as_):
    assert "Сейчас от вас ничего не нужно" in plain(as_(world.alice).get("/desk/"))


def test_whoever_cannot_see_a_queue_finds_nothing_of_it(world, as_, made):
    page = plain(as_(world.bob).get("/desk/"))
    assert "data-row" not in page and set(figures(as_(world.bob).get("/desk/")).values()) == {0}


def test_statements_of_the_first_page_do_not_grow(world, as_, made):
    client = as_(world.alice)
    few = statements(client, "/desk/")
    for at in range(20):
        take(world.ticket(subject=f"Ещё {at}").pk, by=world.by(world.alice))
    facts._kept.clear()
    many = statements(client, "/desk/")
    assert len(few) == len(many) <= 6, many


@pytest.fixture
def head(world):
    """Alice looks after the work of all."""
    role = Role.objects.get(code="alice")
    role.capabilities = ["dispatch"]
    role.save()
    return world.alice


def test_a_head_begins_with_the_work_of_all_and_finds_their_own(world, as_, made, head):
    client = as_(head)
    page = plain(client.get("/desk/"))
    assert "<h1>Работа отдела</h1>" in page
    assert "<h1>Сегодня</h1>" in plain(client.get("/desk/?home=mine"))
    assert "home=team" not in plain(as_(world.anna).get("/desk/"))
    assert "<h1>Сегодня</h1>" in plain(as_(world.anna).get("/desk/?home=team"))  # not for her


def linked(page):
    """Each figure of the tables that leads to a list, with that list's address."""
    cells = re.findall(r'<td class="n num"><a href="([^"]*)"[^>]*>(\d+)</a>', page.content.decode())
    return [(unescape(href), int(count)) for href, count in cells]


def test_every_figure_of_the_work_of_all_is_that_of_its_list(world, as_, made, head):
    client = as_(head)
    found = linked(client.get("/desk/"))
    assert len(found) == 6  # free requests of a queue; of Alice and Anna what is open and awaited; what is overdue
    for href, count in found:
        assert len(numbers(client.get(href))) == count, href


def test_the_work_of_all_names_nobody_and_nothing_out_of_sight(world, as_, head):
    take(world.ticket(queue=world.cash, subject="Касса").pk, by=world.by(world.bob))
    world.ticket(queue=world.cash, subject="Касса свободна")
    page = plain(as_(head).get("/desk/"))
    assert "Борис" not in page and "Кассовое" not in page and "Анна" in page


def test_own_queues_narrow_the_first_page_and_their_view(world, as_):
    errors, advice = world.ticket(), world.ticket(queue=world.advice, values={"period": "2026-10"})
    client = as_(world.alice)
    assert set(numbers(client.get("/desk/?view=my-queues"))) == {errors.number, advice.number}  # none chosen: all
    answer = client.post("/desk/queues/own/", {"queue": world.advice.pk, "own": "1"})
    assert answer.headers["Location"] == "/desk/queues/"
    assert numbers(client.get("/desk/?view=my-queues")) == [advice.number]
    assert numbers(client.get("/desk/?view=my-unassigned")) == [advice.number]
    assert total(client.get("/desk/?view=my-queues")) == total(client.get("/desk/?view=my-unassigned")) == 1
    assert 'aria-pressed="true" aria-label="Моя очередь: Консультация"' in plain(client.get("/desk/queues/"))
    client.post("/desk/queues/own/", {"queue": world.advice.pk, "own": "1"})  # once more is the same
    client.post("/desk/queues/own/", {"queue": world.advice.pk, "own": ""})
    assert not OwnQueue.objects.exists()


def test_a_queue_out_of_sight_is_no_own_one(world, as_):
    client = as_(world.bob)
    for queue in (world.errors.pk, 10**12, "x", ""):
        assert client.post("/desk/queues/own/", {"queue": queue, "own": "1"}).status_code == 404
    OwnQueue.objects.create(person_id=world.bob.pk, queue=world.errors)  # it was seen once
    world.ticket()
    assert numbers(client.get("/desk/?view=my-queues")) == []


def test_whose_turn_it_is_narrows_a_list(world, as_, made):
    client = as_(world.alice)
    awaited = numbers(client.get("/desk/?view=mine&waits=client"))
    assert awaited == [made["waiting"].number]
    assert "ход" in plain(client.get("/desk/?view=mine&waits=client"))
    assert "Не понято" in plain(client.get("/desk/?waits=somebody"))

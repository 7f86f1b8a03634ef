import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.desk import filters, keyset
from helpdesk.desk.keyset import Place
from helpdesk.tickets import facts
from helpdesk.tickets.actions import StateMove, close, promise, reply, set_priority, set_state, take
from helpdesk.tickets.orders import GROUPS, ORDERS
from tests.desk.conftest import link, numbers, plain, total
from tests.factories.shared import undone


def statements(client, path):
    client.get(path)
    facts._kept.clear()  # figures that were just kept may run out at any second: here they are always asked for
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(path)
    assert answer.status_code == 200
    return [query["sql"] for query in caught]


LISTS = [
    "/desk/", "/desk/?view=open", "/desk/?view=answered", "/desk/?view=my-queues", "/desk/?owner=1&waits=desk",
    "/desk/?view=mine", "/desk/?view=closed", "/desk/?view=overdue", "/desk/?queue=1&state=new&priority=3",
    "/desk/?company=1&q=ошибка", "/desk/search/?q=страница", "/desk/queues/", "/desk/conditions/",
]  # fmt: skip


@pytest.fixture(scope="module")
def measured(_world, django_db_blocker):
    """The statements of every list with one request and with fifty-one."""
    world, client = _world(), Client()
    with django_db_blocker.unblock(), undone():
        client.force_login(world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
        world.ticket()
        few = {path: statements(client, path) for path in LISTS}
        for at in range(50):
            world.ticket(subject=f"Ошибка {at}", queue=world.errors)
        return {path: (few[path], statements(client, path)) for path in LISTS}


@pytest.mark.parametrize("path", LISTS)
def test_statements_do_not_grow(measured, path):
    few, many = measured[path]
    assert len(few) == len(many) <= 8, many


SHAPES = [
    *(f"sort={sort}" for sort in ORDERS),
    *(
        f"group={group}&sort={sort}"
        for group, sort in zip(GROUPS, ("due", "quiet", "recent", "old", "new"), strict=True)
    ),
]


@pytest.fixture(scope="module")
def walks(_world, django_db_blocker):
    """The pages of sixty requests in every order: those forth, the one before the last, the one before that."""
    world, client = _world(), Client()
    with django_db_blocker.unblock(), undone():
        client.force_login(world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
        start = clock.now() - timedelta(hours=2)
        for at in range(60):
            ticket = world.ticket(subject=f"Заявка {at}", at=start + timedelta(minutes=at % 7))
            if at % 3:
                promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(hours=at % 5 + 1))
            set_priority(ticket.pk, by=world.by(world.alice), to=at % 5 + 1)
            if at % 2:
                take(ticket.pk, by=world.by(world.alice))
            if at % 4 == 0:
                set_state(ticket.pk, by=world.by(world.alice), to=StateMove("clarify"))
        return {shape: walk(client, f"/desk/?{shape}") for shape in SHAPES}


def walk(client, path):
    forth = []
    while path:
        forth.append(client.get(path))
        path = link(forth[-1], "next")
    back = client.get(link(forth[-1], "prev"))
    return forth, back, client.get(link(back, "prev"))


@pytest.mark.parametrize("shape", SHAPES)
def test_pages_go_through_everything_once_and_back(walks, shape):
    forth, back, first = walks[shape]
    pages = [numbers(page) for page in forth]
    assert [len(page) for page in pages] == [25, 25, 10]
    assert len({number for page in pages for number in page}) == 60
    assert numbers(back) == pages[1] and "26–50 из 60" in plain(back)
    assert numbers(first) == pages[0] and not link(first, "prev")


def test_where_the_clock_stands_comes_after_where_it_runs(world, as_):
    by, now = world.by(world.alice), clock.now()

    def made(subject, hours, state=None):
        ticket = world.ticket(subject=subject)
        if hours:
            promise(ticket.pk, by=by, due_at=now + timedelta(hours=hours))
        if state:
            set_state(ticket.pk, by=by, to=state)
        return ticket.number

    asked = made("Ждём клиента", 1, StateMove("clarify"))
    later, soon, free = made("Позже", 5), made("Скоро", 2), made("Без срока", 0)
    reminded = made("Напомнить", 3, StateMove("reminder", now + timedelta(days=1)))
    assert numbers(as_(world.alice).get("/desk/?view=open")) == [soon, later, free, asked, reminded]


@pytest.mark.parametrize(
    "cursor",
    ["x", "%00", "AAAA", "!!!", "W10", "a" * 400, "WzEsMl0", "WyJhIiwiYiIsImMiXQ",
     Place((None, 2**62), 0).text(), Place((2**62, 3), 5).text(), "%F0%9F%92%A9", "W251bGxd"],
)  # fmt: skip
@pytest.mark.parametrize("sort", ["due", "recent", "priority&group=owner", "quiet&group=priority"])
@pytest.mark.parametrize("side", ["after", "before"])
def test_garbage_for_a_cursor_is_no_error(world, as_, cursor, sort, side):
    world.ticket()
    assert as_(world.alice).get(f"/desk/?sort={sort}&{side}={cursor}").status_code == 200


def test_a_priority_no_row_has_is_no_error(world, as_):
    world.ticket()
    text = Place((2**40, clock.now(), 2**40), 1).text()
    assert as_(world.alice).get(f"/desk/?sort=priority&after={text}").status_code == 200
    assert as_(world.alice).get(f"/desk/?sort=priority&before={text}").status_code == 200


@pytest.mark.parametrize(
    "query",
    ["view=zzz", "queue=abc", "queue=99999999999999999999", "queue=9223372036854775807", "priority=9", "priority=-1",
     "state=%00%27", "company=%27", "company=9223372036854775807", "q=%00%25_%27%22\\", "sort=zzz", "q=" + "я" * 10_000,
     "q=%ED%A0%80", "view=all&state=removed", "state=nosuch"],
)  # fmt: skip
def test_garbage_for_a_condition_is_no_error(world, as_, query):
    world.ticket()
    client = as_(world.alice)
    assert client.get(f"/desk/?{query}").status_code == 200
    assert client.get(f"/desk/search/?{query}").status_code == 200
    assert client.get(f"/desk/conditions/?{query}").status_code == 200


@pytest.mark.parametrize("query", ["queue=zzz", "queue=77777777", "queue=CASH", "queue=zzz&priority=3"])
def test_a_queue_that_is_none_shows_nothing_and_says_so(world, as_, query):
    world.ticket()
    answer = as_(world.alice).get("/desk/?" + query.replace("CASH", str(world.cash.pk)))
    assert numbers(answer) == []
    assert "Такой очереди нет" in plain(answer)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [("view=zzz", "Не понято и пропущено: вид."), ("state=zzz", "Не понято и пропущено: состояние."),
     ("view=zzz&state=zzz&priority=9", "Не понято и пропущено: вид, состояние, приоритет."),
     ("created_from=вчера&created_to=x&sort=zzz&owner=я", "Не понято и пропущено: исполнитель, создана, порядок."),
     ("page=1000000000", "Такой страницы у списка нет"), ("after=zzz", "Такой страницы у списка нет"),
     ("before=zzz", "Такой страницы у списка нет"), ("q=страница&after=zzz", "Такой страницы у списка нет")],
)  # fmt: skip
def test_what_the_list_does_not_understand_is_said(world, as_, query, sentence):
    ticket = world.ticket()
    answer = as_(world.alice).get(f"/desk/?{query}")
    assert sentence in plain(answer) and numbers(answer) == [ticket.number]


@pytest.mark.parametrize(
    "query", ["", "view=mine", "view=all", "state=new", "sort=due", "priority=3", "owner=0", "q=страница"]
)
def test_nothing_is_said_of_what_is_understood(world, as_, query):
    world.ticket()
    text = plain(as_(world.alice).get(f"/desk/?{query}"))
    assert "Не понято" not in text and "Такой страницы" not in text


def test_views_and_conditions_choose_rows(world, as_):
    mine = world.ticket(subject="Моя")
    take(mine.pk, by=world.by(world.alice))
    waiting = world.ticket(subject="Ждёт")
    reply(waiting.pk, by=world.by(world.alice), body=from_plain("Какой период?"), then=StateMove("clarify"))
    free = world.ticket(subject="Ничья", author=world.dave, priority=5)
    done = world.ticket(subject="Готовая", queue=world.advice, values={"period": "2026-10"})
    close(done.pk, by=world.by(world.alice))
    late = world.ticket(subject="Опоздали")
    promise(late.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(minutes=1))
    client = as_(world.alice)
    with clock.stopped(clock.now() + timedelta(minutes=5)):
        assert numbers(client.get("/desk/?view=overdue")) == [late.number]
    assert set(numbers(client.get("/desk/?view=open"))) == {mine.number, waiting.number, free.number, late.number}
    assert set(numbers(client.get("/desk/?view=mine"))) == {mine.number, waiting.number}
    assert numbers(client.get("/desk/?view=waiting")) == [waiting.number]
    assert set(numbers(client.get("/desk/?view=unassigned"))) == {free.number, late.number}
    assert numbers(client.get("/desk/?view=closed")) == [done.number]
    assert numbers(client.get("/desk/?state=closed")) == [done.number]
    assert numbers(client.get("/desk/?priority=5")) == [free.number]
    assert numbers(client.get(f"/desk/?company={world.other.pk}")) == [free.number]
    assert numbers(client.get(f"/desk/?view=all&queue={world.advice.pk}")) == [done.number]
    assert numbers(client.get("/desk/?q=ничья")) == [free.number]
    assert numbers(client.get(f"/desk/?queue={world.cash.pk}&view=all")) == []


def test_a_queue_holds_those_below_it(world, as_):
    below = world._queue("error-db", "База", "Database")
    below.parent, below.path = world.errors, f"{world.errors.path}{below.pk}/"
    below.save()
    ticket = world.ticket(queue=below)
    page = as_(world.alice).get(f"/desk/?queue={world.errors.pk}")
    assert numbers(page) == [ticket.number] and total(page) == 1


def test_counts_of_the_rail_are_those_of_the_lists(world, as_):
    for at in range(3):
        ticket = world.ticket(subject=f"{at}")
        if at:
            take(ticket.pk, by=world.by(world.alice))
    client = as_(world.alice)
    for view, figure in [("open", 3), ("mine", 2), ("waiting", 0), ("unassigned", 1), ("overdue", 0)]:
        answer = client.get(f"/desk/?view={view}")
        assert total(answer) == figure == len(numbers(answer))
    assert total(client.get("/desk/?view=closed")) is None


def test_a_number_alone_opens_the_request(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    shown = f"№ {ticket.number[:3]} {ticket.number[3:]}"
    for typed in (ticket.number, shown, f"#{ticket.number}"):
        answer = client.get("/desk/search/", {"q": typed})
        assert (answer.status_code, answer.headers.get("Location")) == (302, f"/desk/tickets/{ticket.number}/")
    assert client.get("/desk/search/", {"q": "999999"}).status_code == 200


def test_chips_can_be_taken_away(world, as_):
    world.ticket()
    answer = as_(world.alice).get(f"/desk/?queue={world.errors.pk}&priority=3&company={world.zarya.pk}&q=ошибка")
    text = plain(answer)
    assert "УК Заря" in text and "Убрать условие «очередь»" in text
    without = re.search(r'<a href="([^"]*)" aria-label="Убрать условие «приоритет»"', text).group(1)
    assert "priority" not in without and "company=" in without and "queue=" in without


def test_news_are_bold_until_they_are_read(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    assert "is-unread" in plain(client.get("/desk/?view=open"))
    client.get(f"/desk/tickets/{ticket.number}/")
    assert "is-unread" not in plain(client.get("/desk/?view=open"))


def test_empty_lists_say_so(world, as_):
    client = as_(world.alice)
    assert "Просроченных нет" in plain(client.get("/desk/?view=overdue"))
    assert "Ничего не нашлось" in plain(client.get("/desk/?q=нетакого"))


def test_density_is_kept_and_never_leads_away(world, as_):
    client = as_(world.alice)
    answer = client.post("/desk/density/", {"density": "comfortable", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/desk/" and answer.cookies["density"].value == "comfortable"
    assert 'data-density="comfortable"' in client.get("/desk/?view=open").content.decode()


def test_english_reader_reads_english(world, as_):
    world.alice.language = "en"
    world.alice.save()
    world.ticket()
    text = plain(as_(world.alice).get("/desk/?view=open"))
    assert "All open" in text and ">Error<" in text and "New" in text


def test_places_survive_their_text():
    place = Place((clock.now(), 5), 25)
    assert keyset.read(place.text(), "recent") == place
    assert keyset.read(Place((1, None, 7), 1).text(), "due") == Place((1, None, 7), 1)
    assert keyset.read(place.text(), "priority") is None


def test_filters_keep_their_address():
    wanted = filters.read({"view": "mine", "q": " пени  за октябрь ", "priority": "4", "queue": "7"})
    assert filters.read(dict(pair.split("=") for pair in ["view=mine", "queue=7", "priority=4"])).priority == 4
    assert wanted.words == "пени за октябрь" and "view=mine" in wanted.address() and "queue=7" in wanted.address()


def test_every_key_of_list_and_request_stands_in_the_help(world, as_):
    ticket = world.ticket()
    world.ticket()
    client = as_(world.alice)
    pages = plain(client.get("/desk/?view=open")), plain(client.get(f"/desk/tickets/{ticket.number}/"))
    assert 'data-dialog="keys"' in pages[0] and 'id="keys"' in pages[0]
    for page in pages:
        used = set(re.findall(r'<(?!form)[^>]*data-key="(?:Key)?(\w+)"', page))
        told = set("".join(re.findall(r'<dt><span class="kbd">([^<]*)</span>', page)))
        signs = {"Slash": "/", "Period": "."}
        assert {signs.get(key, key) for key in used} <= told, used


def test_what_a_client_called_done_presses_nobody_and_is_found_by_whoever_closes_it(world, as_):
    done, late = world.ticket(subject="Сошлось"), world.ticket(subject="Горит")
    for ticket in (done, late):
        take(ticket.pk, by=world.by(world.alice))
        promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(hours=1))
    reply(done.pk, by=world.by(world.carol), body=from_plain("Спасибо"), then=StateMove("done"))
    client = as_(world.alice)
    with clock.stopped(clock.now() + timedelta(days=3)):
        assert numbers(client.get("/desk/?view=overdue")) == [late.number]
        shown = client.get("/desk/?view=mine")
        assert re.search(r'view=overdue"[^>]*>.*?<span class="count count--late">1</span>', plain(shown), re.DOTALL)
        assert numbers(shown) == [late.number, done.number]  # what presses nobody stands below
        row = plain(shown).partition('<tr data-row class="is-unread">')[2]
        assert "Сошлось" in row and "к закрытию" in row and "−3" not in row.partition("</tr>")[0]
        for query in ("view=open", "view=all", "state=done"):
            assert done.number in numbers(client.get(f"/desk/?{query}"))


@pytest.mark.parametrize(("language", "sign"), [("ru", "№"), ("en", "No.")])
def test_the_numbers_have_the_sign_of_the_readers_language(world, as_, language, sign):
    world.ticket()
    world.alice.language = language
    world.alice.save()
    page = as_(world.alice).get("/desk/?view=open").content.decode()
    assert f'<th class="c-num" scope="col">{sign}</th>' in page
    assert ("№" in page) == (language == "ru")

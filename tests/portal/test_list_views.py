"""The lists by their addresses: orders, conditions, companies, sizes; what is asked wrongly; what is empty."""

import html
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.portal.asked import SIZES
from helpdesk.tickets import columns
from helpdesk.tickets.actions import StateMove, promise, reply, take
from helpdesk.tickets.models import Priority, Queue, Ticket

MINE, COMPANY = "/portal/mine/", "/portal/company/"


def text_of(answer):
    assert answer.status_code == 200
    return html.unescape(answer.content.decode()).replace("\xa0", " ")


def subjects(page):
    return re.findall(r'class="req__title"[^>]*>(?:<span class="vh">[^<]*</span>)?<bdi>([^<]*)</bdi>', page)


def hrefs(page, words):
    """Where the links lead that have these words."""
    found = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return [href for href, inner in found if words in re.sub("<[^>]+>", "", inner)]


def asked(href):
    return {name: values[-1] for name, values in parse_qs(urlsplit(href).query).items()}


@pytest.fixture
def three(world):
    """Three requests of Carol's company: one waits for her, one is Dora's and promised, one is closed."""
    asks = world.ticket(subject="Бета", priority=5)
    reply(asks.pk, by=Actor(world.alice.pk), body=from_plain("Добрый день! Пришлите номер дома."), then=StateMove("clarify"))  # fmt: skip
    hers = world.ticket(world.dora, "Альфа", priority=2)
    take(hers.pk, by=Actor(world.alice.pk))
    promise(hers.pk, by=Actor(world.alice.pk), due_at=clock.now() + timedelta(days=2))
    shut = world.ticket(subject="Гамма")
    reply(shut.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    return asks, hers, shut


def test_every_view_keeps_its_conditions_in_the_address(world, as_, three):
    client, queue = as_(world.carol), str(world.errors.pk)
    start = {"state": "all", "sort": "subject", "page_size": "10", "colleague": str(world.carol.pk), "queue": queue}
    page = text_of(client.get(COMPANY, start))
    assert subjects(page) == ["Бета", "Гамма"]
    for words, changed in (("Открытые", {"state": "open"}), ("Состояние", {"sort": "state"}), ("Тема", {"sort": "-subject"}),
                           ("по номеру", {"sort": "-number"}), ("В обратном порядке", {"sort": "-subject"})):  # fmt: skip
        leads = [asked(href) for href in hrefs(page, words)]
        assert {**start, **changed} in leads, words
    chips = page.partition("Выбранные условия")[2].partition("</div>")[0]
    assert "Carol Клиентова" in chips and "Ошибка" in chips
    without = [asked(href) for href in re.findall(r'<a href="([^"]*)" aria-label', chips)]
    assert without == [{k: v for k, v in start.items() if k != left} for left in ("colleague", "queue")]
    form = page.partition('<form class="menu narrow"')[2].partition("</form>")[0]
    kept = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form))
    assert kept == {name: start[name] for name in ("state", "sort", "page_size")}


@pytest.mark.parametrize("sort", [*columns.SORTS, *(f"-{name}" for name in columns.SORTS)])
@pytest.mark.parametrize("place", [MINE, COMPANY])
def test_a_column_orders_the_list_and_says_so(world, as_, three, place, sort):
    client = as_(world.carol)
    page = text_of(client.get(place, {"sort": sort, "state": "all"}))
    assert set(subjects(page)) == ({"Бета", "Гамма"} if place == MINE else {"Бета", "Альфа", "Гамма"})
    directions = re.findall(r'aria-sort="(\w+)"', page)
    head = sort.removeprefix("-")
    shown = head != "created" and (head != "author" or place == COMPANY)  # else it is no column of this list
    assert directions == (["descending" if sort.startswith("-") else "ascending"] if shown else [])
    assert page.count('aria-current="true"') == 1
    assert "req--mine" in page and "Нужно" in page  # what waits is marked in any order


def test_subjects_stand_in_the_order_of_the_alphabet(world, as_):
    for subject in ("ёлка", "Жук", "Ель", "ежи"):
        world.ticket(subject=subject)
    client = as_(world.carol)
    assert subjects(text_of(client.get(MINE, {"sort": "subject"}))) == ["ежи", "ёлка", "Ель", "Жук"]
    assert subjects(text_of(client.get(MINE, {"sort": "-subject"}))) == ["Жук", "Ель", "ёлка", "ежи"]


def test_a_line_tells_all_of_its_request(world, as_, three):
    asks, hers, _shut = three
    client = as_(world.carol)
    for query in ({}, {"sort": "number"}):
        page = text_of(client.get(COMPANY, query))
        for told in (
            "Ошибка",
            "Приоритет 5, ",
            "Алиса Агентова",
            "Dora Клиентова",
            "На уточнении",
            "Пришлите номер дома.",
        ):
            assert told in page, (query, told)
        assert f'data-copy="{asks.number}"' in page and f"Скопировать номер {hers.number}" in page
    page = text_of(client.get(COMPANY))
    assert "ответим: " in page and "ответ: <time" in page
    Ticket.objects.filter(pk=hers.pk).update(due_at=clock.now() - timedelta(days=2))
    assert "обещали: " in text_of(client.get(COMPANY))
    reply(asks.pk, by=Actor(world.carol.pk), body=from_plain("Дом 8"))
    assert "вы: <time" in text_of(client.get(MINE))


def test_the_companys_table_tells_which_answer_is_promised_when(world, as_, three):
    hers = three[1]
    hers.refresh_from_db()
    page = text_of(as_(world.carol).get(COMPANY, {"state": "all", "sort": "due"}))
    head = [
        re.sub("<[^>]+>", "", one).strip() for one in re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page, re.DOTALL)
    ]
    assert any("Обещали" in one for one in head)
    rows = re.findall(r"<tr class.*?</tr>", page, re.DOTALL)
    told = {
        subject: "".join(re.findall(r'data-th="Обещали">(.*?)</td>', row)) for row in rows for subject in subjects(row)
    }
    assert set(told) == {"Альфа", "Бета", "Гамма"} and told["Бета"] == told["Гамма"] == ""
    assert 'datetime="' + hers.due_at.strftime("%Y-%m-%dT%H:%M") in told["Альфа"]


def test_conditions_narrow_rows_and_counts_alike(world, as_, three):
    client = as_(world.carol)
    page = text_of(client.get(COMPANY, {"colleague": world.dora.pk, "state": "all"}))
    assert subjects(page) == ["Альфа"]
    page = text_of(client.get(COMPANY, {"status": "clarify"}))
    assert subjects(page) == ["Бета"]
    other = Queue.objects.create(key="other", path="/x/", name_ru="Обучение", name_en="Training")
    page = text_of(client.get(COMPANY, {"queue": other.pk}))
    assert subjects(page) == [] and "Ничего не нашлось" in page
    assert asked(hrefs(page, "Сбросить всё")[0]) == {"state": "open"}
    assert subjects(text_of(client.get(MINE, {"colleague": world.dora.pk, "status": "new"}))) == ["Бета"]  # of no list


def test_a_list_is_narrowed_to_the_recipients_that_its_requests_have(world, as_, three):
    """Letters come to a queue that nobody may choose, and one that takes no more has its old requests."""
    client = as_(world.carol)
    assert "Входящая почта" not in text_of(client.get(COMPANY))
    Ticket.objects.filter(subject="Альфа").update(queue=world.inbox)
    page = text_of(client.get(COMPANY, {"queue": world.inbox.pk}))
    assert subjects(page) == ["Альфа"] and "Входящая почта" in page
    Queue.objects.filter(pk=world.errors.pk).update(inactive_at=clock.now())
    page = text_of(client.get(COMPANY, {"queue": world.errors.pk}))
    assert subjects(page) == ["Бета"] and "Ошибка (больше не используется)" in page


def test_a_state_that_the_view_does_not_have_goes_when_the_view_changes(world, as_, three):
    page = text_of(as_(world.carol).get(COMPANY, {"status": "clarify"}))
    views = page.partition("Какие заявки показать")[2].partition("</nav>")[0]
    leads = [asked(href) for href in re.findall(r'href="([^"]*)"', views)]
    assert leads == [{"state": "open", "status": "clarify"}, {"state": "closed"}, {"state": "all", "status": "clarify"}]


NOT_KNOWN = {"colleague": "Такого коллеги нет", "queue": "Такого получателя нет", "status": "Такого состояния здесь нет",
             "company": "Такой компании среди ваших нет"}  # fmt: skip
STRANGE = ["0", "-1", "x", "1\0", "10" * 15, "٣", "1 OR 1=1", "9" * 5000, "1.5"]


@pytest.mark.parametrize("name", NOT_KNOWN)
def test_a_condition_that_cannot_be_is_told_and_left_out(world, as_, three, name):
    client = as_(world.carol)
    strangers = {"colleague": [world.dave.pk, world.alice.pk], "queue": [world.inbox.pk], "status": ["closed", "merged"],
                 "company": [world.other.pk]}[name]  # fmt: skip
    pages = set()
    for typed in (*STRANGE, *strangers, "10000000"):
        page = text_of(client.get(COMPANY, {name: typed}))
        assert NOT_KNOWN[name] in page, typed
        assert sorted(subjects(page)) == ["Альфа", "Бета"], typed
        pages.add(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page))
    assert len(pages) == 1  # another company's people and companies look as what does not exist
    page = text_of(client.get(MINE, {"company": world.other.pk}))
    assert NOT_KNOWN["company"] in page and subjects(page) == ["Бета"]


@pytest.mark.parametrize("query", ["page=0", "page=-1", f"page={10**30}", f"page={'9' * 5000}", "page=1&page=x", "sort=",
                                   "sort=-", "sort=--number", "sort=t.id", "sort=created,id", "sort=%00", "page_size=0",
                                   f"page_size={10**40}", "page_size=-5", "state=merged", "state=open&state=closed&state=%F0",
                                   "colleague=&queue=&status=&company=", "page=٣"])  # fmt: skip
@pytest.mark.parametrize("place", [MINE, COMPANY])
def test_strange_addresses_show_a_list(world, as_, three, place, query):
    page = text_of(as_(world.carol).get(f"{place}?{query}"))
    assert subjects(page) and 'class="banner' not in page


def test_a_page_beyond_the_end_is_the_last_one(world, as_):
    for n in range(5):
        world.ticket(subject=f"Заявка {n}")
    client = as_(world.carol)
    for number in ("3", "4", str(10**30)):
        assert subjects(text_of(client.get(MINE, {"page_size": 2, "page": number, "sort": "number"}))) == ["Заявка 4"]


def test_page_sizes_are_offered_where_they_matter_and_stay_in_the_address(world, as_):
    client = as_(world.carol)
    for n in range(SIZES[0]):
        world.ticket(subject=f"Заявка {n}")
    assert "На странице:" not in text_of(client.get(MINE))
    world.ticket(subject="Последняя")
    page = text_of(client.get(MINE, {"page_size": 2, "page": 4, "sort": "number"}))
    sizes = page.partition("Сколько заявок на странице")[2].partition("</nav>")[0]
    leads = [asked(href) for href in re.findall(r'href="([^"]*)"', sizes)]
    assert leads[0] == {"state": "open", "sort": "number", "page_size": "10"}  # the page of the same first row
    assert [lead.get("page_size", "25") for lead in leads] == [str(size) for size in SIZES]
    following = asked(re.search(r'href="([^"]*)" rel="next"', page)[1])
    assert following == {"state": "open", "sort": "number", "page_size": "2", "page": "5"}


@pytest.fixture
def two_places(world):
    """Carol is a member of Dave's company as well."""
    accounts.join(world.carol, world.other, {"sees": "company", "writes": True, "is_chief": False})
    world.ticket(subject="Заря")
    Ticket.objects.filter(pk=world.ticket(subject="Берёзка").pk).update(company=world.other)
    world.ticket(world.dave, "Чужая")
    return world


@pytest.mark.parametrize(("place", "in_other"), [(MINE, ["Берёзка"]), (COMPANY, ["Чужая", "Берёзка"])])
def test_a_person_of_several_companies_switches_between_them(two_places, as_, place, in_other):
    world, client = two_places, as_(two_places.carol)
    page = text_of(client.get(place, {"sort": "-number"}))
    assert subjects(page) == [*in_other[:1] * (place == COMPANY), "Берёзка", "Заря"]
    assert 'Компания:</span> <bdi class="cut">все компании' in page
    assert page.count("<bdi>ТСЖ Берёзка</bdi> ·") == len(in_other)  # each line says whose it is
    leads = {asked(href).get("company"): asked(href) for href in [*hrefs(page, "УК Заря"), *hrefs(page, "ТСЖ Берёзка")]}
    assert leads[str(world.other.pk)] == {"state": "open", "sort": "-number", "company": str(world.other.pk)}
    page = text_of(client.get(place, leads[str(world.other.pk)]))
    assert subjects(page) == in_other
    assert 'Компания:</span> <bdi class="cut">ТСЖ Берёзка' in page and "<bdi>ТСЖ Берёзка</bdi> ·" not in page
    Membership.objects.filter(person=world.carol, company=world.other).update(inactive_at=clock.now())
    page = text_of(client.get(place, leads[str(world.other.pk)]))
    assert NOT_KNOWN["company"] in page and subjects(page) == ["Заря"] and "Компания:" not in page


def test_another_company_has_other_colleagues(two_places, as_):
    world, client = two_places, as_(two_places.carol)
    page = text_of(client.get(COMPANY, {"company": world.other.pk, "colleague": world.dave.pk}))
    assert subjects(page) == ["Чужая"]
    assert all("colleague" not in asked(href) for href in hrefs(page, "УК Заря"))
    page = text_of(client.get(COMPANY, {"company": world.zarya.pk, "colleague": world.dave.pk}))
    assert NOT_KNOWN["colleague"] in page
    options = page.partition('name="colleague"')[2].partition("</select>")[0]
    assert "Dora" in options and "Dave" not in options


def test_who_has_left_can_still_be_chosen(world, as_, three):
    Membership.objects.filter(person=world.dora).update(inactive_at=clock.now())
    page = text_of(as_(world.carol).get(COMPANY, {"colleague": world.dora.pk}))
    assert subjects(page) == ["Альфа"] and '<optgroup label="Больше не в компании">' in page


def test_who_sees_only_own_requests_is_shown_no_colleagues(world, as_, three):
    page = text_of(as_(world.dora).get(COMPANY))
    assert subjects(page) == ["Альфа"] and 'name="colleague"' not in page and 'name="queue"' in page
    assert NOT_KNOWN["colleague"] in text_of(as_(world.dora).get(COMPANY, {"colleague": world.carol.pk}))


def empty_of(page):
    box = page.partition('<div class="empty">')[2]
    title, words = re.search(r'empty__title">([^<]*)</p><p>([^<]*)</p>', box).groups()
    return title, words, [asked(href) if "?" in href else href for href in re.findall(r'href="([^"#]*)"', box.partition("</main>")[0])
                          if "icons" not in href]  # fmt: skip


def test_an_empty_list_says_what_this_is_and_what_to_do(world, as_):
    client = as_(world.carol)
    assert empty_of(text_of(client.get(MINE))) == (
        "Заявок пока нет", "Здесь будут ваши заявки и наши ответы.", ["/portal/new/"])  # fmt: skip
    title, words, _links = empty_of(text_of(client.get(COMPANY)))
    assert title == "Заявок пока нет" and "вашей компании" in words
    ticket = world.ticket()
    title, _words, links = empty_of(text_of(client.get(MINE, {"state": "closed"})))
    assert title == "Закрытых заявок нет" and links == [{"state": "open"}]
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    title, _words, links = empty_of(text_of(client.get(MINE)))
    assert title == "Открытых заявок нет" and links == ["/portal/new/", {"state": "closed"}]
    title, words, links = empty_of(text_of(client.get(COMPANY, {"colleague": world.carol.pk})))
    assert title == "Среди открытых ничего не нашлось" and "ещё 1 заявка" in words
    assert links == [{"state": "all", "colleague": str(world.carol.pk)}, {"state": "open"}]
    accounts.join(world.carol, world.other, {"sees": "company", "writes": False, "is_chief": False})
    title, _words, links = empty_of(text_of(client.get(COMPANY, {"company": world.other.pk})))
    assert title == "У компании «ТСЖ Берёзка» заявок пока нет" and {"state": "open"} in links


def test_priorities_are_called_by_their_names(world, as_):
    world.ticket(priority=4)
    Priority.objects.filter(rank=4).update(name_ru="спешный")
    assert "Приоритет 4, спешный" in text_of(as_(world.carol).get(MINE))


def test_what_was_done_is_told_above_a_list_that_is_kept(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)
    first = text_of(client.get(MINE))
    client.post(f"/portal/tickets/{ticket.number}/", {"body": "Ещё вопрос", "form_key": "k1"})
    assert 'class="flash"' in text_of(client.get(MINE))
    assert 'class="flash"' not in text_of(client.get(MINE)) and 'class="flash"' not in first
    tokens = {re.search(r'csrfmiddlewaretoken" value="(\w+)"', text_of(client.get(MINE)))[1] for _ in range(2)}
    assert len(tokens) == 2  # a token of its own for each answer


@pytest.mark.parametrize(
    ("query", "taken"), [("", 1), ("?sort=-last&state=all", 1), ("?page=2&page_size=1&state=all", 1), ("?page=99", 2)]
)
@pytest.mark.parametrize("place", [MINE, COMPANY])
def test_a_list_is_read_by_one_statement(world, as_, three, place, query, taken):
    client = as_(world.carol)
    client.get(place + query)
    with CaptureQueriesContext(connection) as captured:
        client.get(place + query)
    assert sum("WITH figures" in one["sql"] for one in captured) == taken

import re
from datetime import timedelta

import pytest
from django.test import Client

from helpdesk.accounts.masters import put_membership
from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.portal.views import search
from helpdesk.tickets.actions import StateMove, note, promise, reply, set_state, settle
from helpdesk.tickets.models import State, Ticket
from tests.factories.shared import undone
from tests.statements import statements_of


def test_mine_shows_own_and_company_shows_colleagues(world, as_):
    own, colleagues = world.ticket(world.dora, "Своя"), world.ticket(world.carol, "Коллеги")
    mine = as_(world.dora).get("/portal/mine/").content.decode()
    assert own.number[-3:] in mine and "Коллеги" not in mine
    assert "Коллеги" not in as_(world.dora).get("/portal/company/").content.decode()
    assert "Своя" in as_(world.carol).get("/portal/company/").content.decode()
    assert colleagues.subject not in as_(world.dave).get("/portal/company/").content.decode()


def test_what_awaits_the_client_stands_first_with_what_is_needed(world, as_):
    world.ticket(subject="Новее")
    asked = world.ticket(subject="Спросили")
    reply(asked.pk, by=Actor(world.alice.pk), body=from_plain("Добрый день, Кэрол!\n\nУточните период."),
          then=StateMove("clarify"))  # fmt: skip
    world.ticket(subject="Самая новая")
    page = as_(world.carol).get("/portal/mine/").content.decode()
    assert page.index("Ждут вашего ответа") < page.index("Спросили") < page.index("Самая новая")
    assert "<bdi>Уточните период.</bdi>" in page


@pytest.mark.parametrize("state", ["open", "closed", "all", "nonsense", ""])
def test_state_filter_takes_anything(world, as_, state):
    world.ticket()
    assert as_(world.carol).get("/portal/mine/", {"state": state}).status_code == 200


@pytest.mark.parametrize("query", ["page=1000000000", "page=-1", "page=x", "page_size=10000", "sort=password",
                                   "sort=-created", "page=99999999999999999999", "sort=author__password"])  # fmt: skip
def test_garbage_in_the_address_is_harmless(world, as_, query):
    world.ticket()
    answer = as_(world.carol).get(f"/portal/mine/?{query}")
    assert answer.status_code == 200
    assert "Ошибка 500" in answer.content.decode()


@pytest.mark.parametrize(
    ("asked", "rows", "last"), [("2", 2, 3), ("4", 4, 2), ("0", 6, 1), ("-3", 6, 1), ("999", 6, 1)]
)
def test_an_address_may_ask_for_pages_of_any_size(world, as_, asked, rows, last):
    for n in range(6):
        world.ticket(subject=f"Заявка {n}")
    client = as_(world.carol)
    page = client.get("/portal/mine/", {"page_size": asked}).content.decode()
    assert len(set(re.findall(r'href="(/portal/tickets/\d+/)"', page))) == rows
    seen = set()
    for number in range(1, last + 1):
        found = client.get("/portal/mine/", {"page_size": asked, "page": number}).content.decode()
        seen |= set(re.findall(r'href="(/portal/tickets/\d+/)"', found))
    assert len(seen) == 6


def test_empty_list_says_what_to_do(world, as_):
    page = as_(world.carol).get("/portal/mine/").content.decode()
    assert "Заявок пока нет" in page.replace("\xa0", " ") and 'href="/portal/new/"' in page


def test_unread_until_looked_at(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)
    client.get(f"/portal/tickets/{ticket.number}/")
    assert "req--unread" not in client.get("/portal/mine/").content.decode()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    assert "req--unread" in client.get("/portal/mine/").content.decode()
    client.get(f"/portal/tickets/{ticket.number}/")
    note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Заметка"))
    assert "req--unread" not in client.get("/portal/mine/").content.decode()


LISTS = ["/portal/mine/", "/portal/company/", "/portal/mine/?state=all"]


@pytest.fixture(scope="module")
def measured(_world, django_db_blocker):
    """How many statements every list takes with one request and with fifty."""
    world, client = _world(), Client()

    def statements(address):
        return len(statements_of(client, address))

    with django_db_blocker.unblock(), undone():
        client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
        world.ticket()
        one = {address: statements(address) for address in LISTS}
        for i in range(49):
            world.ticket(subject=f"Заявка {i}")
        return {address: (one[address], statements(address)) for address in LISTS}


@pytest.mark.parametrize("address", LISTS)
def test_list_costs_the_same_for_one_and_fifty(measured, address):
    one, fifty = measured[address]
    assert fifty == one <= 8


def test_the_companys_list_says_whom_it_waits_for_and_cuts_what_is_needed_between_words(world, as_):
    asked = world.ticket(world.dora, "Спросили коллегу")
    words = "Уточните период расчёта. " * 7
    reply(asked.pk, by=Actor(world.alice.pk), body=from_plain(words), then=StateMove("clarify"))
    page = as_(world.carol).get("/portal/company/").content.decode().replace("\xa0", " ")
    assert "Ждут ответа компании" in page and "Ждут вашего ответа" not in page
    shown = page.partition("Нужно: <bdi>")[2].partition("</bdi>")[0]
    assert shown.endswith("…") and set(shown[:-1].replace(".", "").split()) == {"Уточните", "период", "расчёта"}
    page = as_(world.carol).get(f"/portal/tickets/{asked.number}/").content.decode().replace("\xa0", " ")
    assert "Специалист ждёт ответа компании" in page and re.search("<dt>От компании</dt><dd><bdi>нужен ответ<", page)


def test_a_specialists_reminder_looks_like_work_that_goes_on(world, as_):
    ticket = world.ticket()
    State.objects.filter(code__in=["open", "reminder"]).update(client_name_ru="В работе")
    for state in ("open", "reminder", "clarify"):
        until = clock.now() + timedelta(days=1) if state == "reminder" else None
        set_state(ticket.pk, by=Actor(world.alice.pk), to=StateMove(state, until))
        if state == "reminder":
            for address in ("/portal/mine/", "/portal/search/", f"/portal/tickets/{ticket.number}/"):
                page = as_(world.carol).get(address).content.decode()
                assert "В работе" in page and "alarm-clock" not in page
    course = as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode()
    course = course.partition('<ol class="timeline')[2].partition("</ol>")[0]
    assert course.count("<li") == 3  # received, in work (told once), to clarify
    assert course.index("В работе") < course.index("На уточнении")


def test_the_search_says_how_many_were_found(world, as_, monkeypatch):
    for n in range(27):
        world.ticket(subject=f"Сальдо {n}")

    def heading():
        page = as_(world.carol).get("/portal/search/?q=сальдо").content.decode().replace("\xa0", " ")
        return page.partition('<h2 id="found" tabindex="-1">')[2].partition("</h2>")[0]

    assert heading() == "Найдено 27 заявок"
    monkeypatch.setattr(search, "COUNTED", 26)
    assert heading() == "Найдено больше 26 заявок"


def test_any_state_that_closes_by_itself_stands_among_the_finished_and_says_when(world, as_):
    State.objects.create(code="waitclose", type="pending_auto", name_ru="Ждёт закрытия", name_en="About to close",
                         waits_for="nobody", closes_after=3600, closes_to_id="closed", position=90)  # fmt: skip
    ticket = world.ticket(subject="Почти готово")
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("готово"), then=StateMove("waitclose"))
    page = as_(world.carol).get("/portal/mine/").content.decode().replace("\u00a0", " ")
    assert "Выполнены, ждут закрытия" in page and "Выполнена, закроется" in page
    page = as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode().replace("\u00a0", " ")
    assert "закроется сама" in page


def test_who_only_reads_is_not_invited_to_write(world, as_):
    Membership.objects.filter(person=world.carol).update(writes=False)
    page = as_(world.carol).get("/portal/mine/").content.decode()
    assert 'href="/portal/new/"' not in page and 'href="/portal/company/"' in page[page.index("<main") :]
    Membership.objects.filter(person=world.carol).update(writes=True)
    page = as_(world.carol).get("/portal/mine/").content.decode()
    assert 'href="/portal/new/"' in page[page.index("<main") :]


@pytest.mark.parametrize(
    ("state", "invites"),
    [("clarify", {"вашего ответа", "Напишите его ниже"}), ("done", {"напишите ниже"}), ("autoclose", {"напишите ниже"}),
     ("closed", {"напишите ниже"})],
)  # fmt: skip
def test_no_page_asks_of_who_only_reads_what_they_cannot_do(world, as_, state, invites):
    ticket = world.ticket(subject="Спросили")
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Какой период?"), then=StateMove(state))
    places = ["/portal/mine/", "/portal/mine/?sort=number", "/portal/company/", "/portal/search/", "/portal/news/",
              "/portal/drafts/", "/portal/help/", "/portal/help/new-request/", f"/portal/tickets/{ticket.number}/",
              "/portal/tickets/1/", "/portal/new/", "/account/settings/"]  # fmt: skip

    def asked():
        client = as_(world.carol)
        pages = [client.get(place, HTTP_ACCEPT="text/html").content.decode().replace("\xa0", " ") for place in places]
        words = ("вашего ответа", "От вас", 'href="/portal/new/"', "напишите ниже", "Напишите его ниже")
        return [[one for one in words if one in page] for page in pages]

    assert {one for found in asked() for one in found} == {*invites, "От вас", 'href="/portal/new/"'}
    page = as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode().replace("\xa0", " ")
    assert ('<a href="#reply">Напишите его ниже.</a>' in page) == ("Напишите его ниже" in invites)  # the way to it
    Membership.objects.filter(person=world.carol).update(writes=False)
    assert asked() == [[]] * len(places)


def test_one_company_of_two_that_only_reads_is_asked_as_a_company(world, as_):
    put_membership(world.carol, world.other, sees="company", writes=False)
    asked = {world.zarya.pk: "У себя", world.other.pk: "В гостях"}
    for company, subject in asked.items():
        ticket = world.ticket(subject=subject, company_id=world.zarya.pk)
        Ticket.objects.filter(pk=ticket.pk).update(company_id=company)
        reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Какой период?"), then=StateMove("clarify"))
    page = as_(world.carol).get("/portal/mine/").content.decode().replace("\xa0", " ")
    at_home, visiting = (page[page.index(subject) :].partition("</li>")[0] for subject in asked.values())
    assert "Нужно от вас:" in at_home and "Нужно:" in visiting
    assert ", 1 ждёт вашего ответа" in page


def test_an_answer_to_a_question_is_seen_though_the_state_stands(world, as_):
    asked = world.ticket(subject="Спросили")
    places = ("/portal/mine/", "/portal/company/", "/portal/search/", f"/portal/tickets/{asked.number}/")

    def answered(person):
        client = as_(person)
        pages = [client.get(place).content.decode().replace("\xa0", " ") for place in places]
        assert all("На уточнении" in page for page in pages)
        return {"На уточнении · ответ отправлен" in page for page in pages}

    reply(asked.pk, by=Actor(world.alice.pk), body=from_plain("Какой период?"), then=StateMove("clarify"))
    assert answered(world.carol) == {False}
    reply(asked.pk, by=Actor(world.carol.pk), body=from_plain("Март"))
    assert answered(world.carol) == {True}
    page = as_(world.carol).get(places[-1]).content.decode()
    assert "теперь очередь специалиста" in page.replace("\xa0", " ")
    reply(asked.pk, by=Actor(world.alice.pk), body=from_plain("Спасибо, смотрим"))
    assert answered(world.carol) == {False}


def test_what_a_client_called_done_stands_among_the_finished_and_nobody_promises_an_answer(world, as_):
    ticket = world.ticket(subject="Сошлось")
    promise(ticket.pk, by=Actor(world.alice.pk), due_at=clock.now() + timedelta(days=3))
    client, place = as_(world.carol), f"/portal/tickets/{ticket.number}/"
    lists = ("/portal/mine/", "/portal/company/")
    assert all("ответим:" in client.get(address).content.decode() for address in lists)
    assert "Обещали" in client.get(place).content.decode()
    settle(ticket.pk, by=Actor(world.carol.pk), code="done")
    for address in lists:
        page = client.get(address).content.decode().replace("\xa0", " ")
        group = page.partition('<h2 class="req-group">')[2].partition("</h2>")[0]
        assert group.startswith("Выполнены, ждут закрытия") and ">1</span>" in group
        assert "Сошлось" in page and "ответим" not in page and "В работе у специалистов" not in page
    page = client.get(place).content.decode().replace("\xa0", " ")
    assert "специалист закроет её" in page and "Ответим" not in page and "Обещали" not in page
    client.post(place, {"body": "Всё же нет", "form_key": "r1"})
    assert "ответим:" in client.get("/portal/mine/").content.decode()


def test_a_promise_that_has_passed_says_so_and_none_counts_while_the_client_is_awaited(world, as_):
    """«Обещали сегодня, 16:30» stood there at 22:50, as if it were still to come."""
    ticket, due = world.ticket(subject="Обещано"), clock.now() + timedelta(hours=3)
    promise(ticket.pk, by=Actor(world.alice.pk), due_at=due)
    place = f"/portal/tickets/{ticket.number}/"

    def page(address):
        return as_(world.carol).get(address).content.decode().replace("\xa0", " ")

    for address in (place, "/portal/mine/", "/portal/company/", "/portal/company/?sort=due"):
        assert "рок прошёл" not in page(address), address
        with clock.stopped(due + timedelta(hours=6)):
            assert "рок прошёл" in page(address), address
    with clock.stopped(due + timedelta(hours=6)):
        assert "Срок прошёл: обещали " in page(place) and "</time>, срок прошёл" in page(place)
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Какой счёт?"), then=StateMove("clarify"))
    with clock.stopped(due + timedelta(hours=6)):
        for address in (place, "/portal/mine/", "/portal/company/?sort=due"):
            assert "рок прошёл" not in page(address) and "бещали:" not in page(address), address
        assert "<dt>Обещали" not in page(place) and "нужен ответ" in page(place)


def test_what_is_needed_is_never_in_the_readers_own_words(world, as_):
    ticket = world.ticket()
    set_state(ticket.pk, by=Actor(world.alice.pk), to=StateMove("clarify"))  # without a word
    page = as_(world.carol).get("/portal/mine/").text.replace("\u00a0", " ")
    asked = re.search(r"Нужно от вас:(.*?)</", page, re.DOTALL).group(1)
    assert "ответ" in asked and "Белая" not in asked
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Пришлите фото."), then=StateMove("clarify"))
    assert "Пришлите фото." in as_(world.carol).get("/portal/mine/").text.replace("\u00a0", " ")

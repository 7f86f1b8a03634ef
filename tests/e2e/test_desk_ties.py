"""Requests tied together in a browser: merged and taken out, linked, while another person looks on."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.models import Ticket
from tests.desk.conftest import address
from tests.e2e.looks import stands_well_in_both_schemes
from tests.e2e.test_desk import desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def second(desk):
    """Dora's request on what Carol's first one is about."""
    return desk.ticket(subject="Списали два раза", author=desk.dora, text="Дважды списан платёж")


def state(ticket):
    return Ticket.objects.values_list("state_id", flat=True).get(pk=ticket.pk)


def test_a_request_is_merged_read_as_one_taken_back_and_taken_out(visit, desk, second):
    page, other = visit(width=1440), visit(width=1440)
    enter(page, desk)
    enter(other, desk, "anna")
    other.goto(f"{desk.url}{address(second)}")
    write(other, "Вернём за три дня")  # begun before, sent after
    page.goto(f"{desk.url}{address(second)}")
    page.locator("summary", has_text="Связи").click()
    page.get_by_role("link", name="Объединить с другой заявкой…").click()
    stands_well_in_both_schemes(page, "choosing")
    page.get_by_role("link", name=desk.first.subject).click()
    stands_well_in_both_schemes(page, "merging")
    page.get_by_role("button", name="Объединить").click()
    expect(page.locator(".d-thead h1")).to_have_text(desk.first.subject)
    expect(page.locator(".art", has_text="Дважды списан платёж")).to_contain_text("из заявки")
    other.get_by_role("button", name="Отправить клиенту").click()
    expect(other.get_by_text("тем временем объединили")).to_be_visible()
    expect(other.locator(".d-dock [contenteditable=true]")).to_contain_text("Вернём за три дня")
    page.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(page.locator(".d-thead h1")).to_have_text(second.subject)
    assert state(second) == "new"
    actions.merge(second.pk, by=Actor(desk.alice.pk), into_id=desk.first.pk)
    page.goto(f"{desk.url}{address(second)}")
    page.get_by_role("button", name=re.compile("^Отделить")).click()
    expect(page.get_by_text("снова отдельная")).to_be_visible()
    assert state(second) == "new"


def test_what_was_sent_to_a_merged_request_once_seen_goes_to_the_whole(visit, desk, second):
    page = visit(width=1440)
    enter(page, desk)
    page.goto(f"{desk.url}{address(second)}")
    write(page, "Вернём за три дня")
    actions.merge(second.pk, by=Actor(desk.anna.pk), into_id=desk.first.pk)
    page.get_by_role("button", name="Отправить клиенту").click()
    expect(page.get_by_text("тем временем объединили")).to_be_visible()
    page.get_by_role("button", name="Отправить клиенту").click()
    expect(page.get_by_text("Ответ отправлен клиенту.")).to_be_visible()
    assert desk.first.articles.filter(text="Вернём за три дня").exists()


def test_links_are_made_by_number_and_words_and_a_parent_asks(visit, desk, second):
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator("summary", has_text="Связи").click()
    page.locator("summary", has_text="Связать").click()
    page.get_by_label("Эта заявка", exact=True).select_option(label="главная для")
    page.get_by_label("С какой").fill("списали раза")
    page.locator("form[action$='/link/'] button").click()
    stands_well_in_both_schemes(page, "linking")
    page.get_by_role("button", name=re.compile("^Связать с заявкой")).click()
    expect(page.get_by_role("heading", name="Подчинённые заявки")).to_be_visible()
    stands_well_in_both_schemes(page, "linked")
    page.locator("form[action$='/close/'] button:visible").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Закрыть")
    stands_well_in_both_schemes(page, "closing a parent")
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Закрыть", exact=True).click()
    expect(page.get_by_text("Закрыта и 1 подчинённая заявка.")).to_be_visible()
    assert state(desk.first) == state(second) == "closed"


def test_without_a_script_requests_are_merged_linked_and_taken_out(visit, desk, second):
    page = visit(width=1440, script=False)
    enter(page, desk)
    page.goto(f"{desk.url}{address(second)}merge/?find={desk.first.number}")
    page.get_by_role("link", name=desk.first.subject).click()
    page.get_by_role("button", name="Объединить").click()
    expect(page.locator(".d-thead h1")).to_have_text(desk.first.subject)
    page.get_by_role("button", name=re.compile("^Отделить")).click()
    expect(page.get_by_text("снова отдельная")).to_be_visible()
    page.goto(f"{desk.url}{address(second)}")
    page.locator("summary", has_text="Связи").click()
    page.locator("summary", has_text="Связать").click()
    page.locator("#p-to").fill(desk.first.number)
    page.locator("form[action$='/link/'] button").click()
    expect(page.get_by_role("heading", name="Связаны")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Убрать связь")).click()
    expect(page.get_by_text("Связь убрана.")).to_be_visible()


def test_a_part_is_split_off_and_comes_back_and_another_is_not_over_a_colleague(visit, desk, second):
    asked = actions.reply(second.pk, by=Actor(desk.dora.pk), body=from_plain("А ещё нужен доступ к отчётам"))
    page, other = visit(width=1440), visit(width=1440)
    enter(page, desk)
    enter(other, desk, "anna")
    for place, subject in enumerate(("Доступ к отчётам", "Отчёты")):
        page.goto(f"{desk.url}{address(second)}split/")
        stands_well_in_both_schemes(page, "splitting")
        page.get_by_role("checkbox", name=re.compile("А ещё нужен доступ")).check()
        page.get_by_label("Тема").fill(subject)
        page.get_by_role("button", name="Выделить").click()
        expect(page.locator(".d-thead h1")).to_have_text(subject)
        new = Ticket.objects.get(subject=subject)
        assert new.articles.get().text == asked.text
        if place:
            other.goto(f"{desk.url}{address(new)}")
            other.get_by_role("button", name="Взять в работу").click()
            expect(other.get_by_text("Заявка теперь у вас.")).to_be_visible()
        page.get_by_role("button", name=re.compile("^Вернуть")).click()
        if place:
            expect(page.get_by_text("Не отменено").first).to_be_visible()
        else:
            expect(page.get_by_text("Возвращено, как было.")).to_be_visible()
        assert state(new) == ("open" if place else "removed")


def test_a_checklist_is_written_and_ticked_on_a_phone_and_a_misplaced_request_moves(visit, desk):
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator("summary", has_text="Чек-лист").click()
    page.locator("summary", has_text="Добавить пункты").click()
    page.get_by_label("Что нужно сделать").fill("Позвонить в банк\nВернуть платёж")
    page.locator("form[action$='/checklist/'] button").first.click()
    page.get_by_label("Позвонить в банк", exact=True).check()
    expect(page.get_by_text("1 из 2")).to_be_visible()
    stands_well_in_both_schemes(page, "a checklist")
    page.goto(f"{desk.url}{address(desk.first)}pass/")
    page.get_by_label("Куда переместить").select_option(label="Консультация")
    expect(page.get_by_label("Клиенту")).to_have_value(re.compile("Консультация"))
    stands_well_in_both_schemes(page, "passing on")
    page.get_by_role("button", name="Переместить и отправить").click()
    expect(page.get_by_text("клиенту отправлено пояснение")).to_be_visible()
    assert Ticket.objects.get(pk=desk.first.pk).queue_id == desk.advice.pk

"""A specialist's forms on the way: refused, without a connection, reloaded. Nothing typed is lost, nothing sent twice."""

import re
import time

import pytest
from playwright.sync_api import expect

from helpdesk.tickets.models import Article, Ticket
from tests.desk.conftest import address
from tests.e2e.test_client_sending import attach, file, until
from tests.e2e.test_desk import desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
KEPT = "Object.values(localStorage).some((kept) => kept.includes('{}'))"


@pytest.fixture
def page(browser, desk):
    """A page whose network may fail: what the browser says of that is no complaint."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    enter(page, desk)
    yield page
    context.close()
    assert not errors


def send(page):
    page.get_by_role("button", name=re.compile("^Отправить клиенту")).click()


def test_a_refused_answer_leaves_the_history_alone_and_a_reload_keeps_later_edits(page, desk):
    here = f"{desk.url}{address(desk.first)}"
    page.goto(here)
    attach(page, file("акт.txt"))
    page.locator("#next_state").select_option("reminder")
    write(page, "Посмотрим")
    page.locator("#until").fill("2020-01-01T10:00")
    send(page)
    expect(page.locator("#until")).to_be_focused()
    expect(page.locator(".d-dock .until")).to_have_class(re.compile("is-on"))
    write(page, "Посмотрим завтра")
    until(page, KEPT.format("завтра"))
    page.reload()  # no question about sending anew
    expect(page.locator(".d-dock .editor__area, .d-dock [contenteditable=true]").first).to_have_text("Посмотрим завтра")
    expect(page.locator(".files input[name=staged]")).to_have_count(1)
    page.locator("#until").fill("2099-01-01T10:00")
    send(page)
    expect(page.get_by_text("Ответ отправлен клиенту.").first).to_be_visible()
    assert page.url.startswith(f"{here}#a")
    expect(page.locator('.d-dock [name="body"]')).to_have_value("")
    expect(page.locator(".d-dock .file")).to_have_count(0)
    article = Article.objects.get(text="Посмотрим завтра")
    assert article.attachments.get().filename == "акт.txt"


def test_without_a_server_the_answer_stays_and_is_sent_once(page, desk):
    page.goto(f"{desk.url}{address(desk.first)}")
    attach(page, file("опись.txt"))
    write(page, "Деньги вернутся")
    key = page.locator(".d-dock [name=form_key]").input_value()
    lost = []

    def swallow(route):  # the second arrives, but its answer does not
        if route.request.method != "POST" or len(lost) > 1:
            return route.continue_()
        lost.append(route.fetch() if lost else None)
        return route.abort()

    page.route(f"**{address(desk.first)}", swallow)
    for _ in range(2):
        send(page)
        expect(page.get_by_role("alert").filter(has_text="Связь пропала")).to_be_visible()
        expect(page.locator(".d-dock")).not_to_have_attribute("data-sending", "")
        assert page.locator(".d-dock [name=form_key]").input_value() == key
    assert lost[1].status == 204
    send(page)
    expect(page.get_by_text("Ответ отправлен клиенту.").first).to_be_visible()
    assert Article.objects.get(text="Деньги вернутся").attachments.count() == 1


def test_a_new_request_refused_and_reloaded_keeps_files_and_later_edits(page, desk):
    subject = f"Звонок {time.time_ns()}"
    page.goto(f"{desk.url}/desk/new/?client={desk.carol.pk}")
    page.locator("#queue").select_option(str(desk.errors.pk))
    page.get_by_label(re.compile("Код ошибки")).fill("E-17")
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("Звонит клиент")
    attach(page, file("акт.txt"))
    page.get_by_role("button", name="Создать заявку").click()
    expect(page.locator("#subject")).to_be_focused()
    page.locator("#subject").fill(subject)
    until(page, KEPT.format(subject))
    page.reload()
    expect(page.locator("#subject")).to_have_value(subject)
    expect(page.get_by_label(re.compile("Код ошибки"))).to_have_value("E-17")
    expect(page.locator(".files input[name=staged]")).to_have_count(1)
    page.get_by_role("button", name="Создать заявку").click()
    page.wait_for_url(re.compile(r"/desk/tickets/\w+/"))
    assert Ticket.objects.filter(subject=subject).count() == 1
    expect(page.get_by_text("E-17")).to_be_visible()


def test_closing_asks_while_a_text_is_in_the_box_and_keeps_it(page, desk):
    page.goto(f"{desk.url}{address(desk.first)}")
    write(page, "Не дописано")
    until(page, KEPT.format("дописано"))
    close = page.locator(".d-thead").get_by_role("button", name="Закрыть")
    close.click()
    asked = page.get_by_role("dialog", name="Закрыть, не отправив набранное?")
    asked.get_by_role("button", name="Писать дальше").click()
    expect(asked).to_be_hidden()
    expect(close).not_to_have_attribute("aria-busy", "true")
    close.click()
    asked.get_by_role("button", name="Закрыть").click()
    expect(page.get_by_text("Заявка закрыта.")).to_be_visible()
    page.locator(".d-thead").get_by_role("button", name="Открыть снова").click()
    expect(close).to_be_visible()
    expect(page.locator(".d-dock [contenteditable=true], .d-dock .editor__area").first).to_have_text("Не дописано")
    assert not Article.objects.filter(text="Не дописано").exists()


def test_an_empty_box_closes_at_once(page, desk):
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator(".d-thead").get_by_role("button", name="Закрыть").click()
    expect(page.get_by_text("Заявка закрыта.")).to_be_visible()


def test_a_page_left_while_its_answer_was_accepted_brings_no_draft_of_it_back(page, desk):
    page.goto(f"{desk.url}{address(desk.first)}")
    write(page, "Сверка готова")
    until(page, KEPT.format("Сверка готова"))

    def accepted(route):  # the desk has it; this page never hears of that, nor of the message that says so
        if route.request.method == "POST" and "/uploads/" not in route.request.url:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/desk/tickets/**", accepted)
    send(page)
    expect(page.locator("[data-send-note]").first).to_be_visible()
    page.unroute_all()
    page.request.get(f"{desk.url}/desk/")  # another page has told of the success
    page.reload()
    expect(page.get_by_role("article").filter(has_text="Сверка готова")).to_have_count(1)
    expect(page.get_by_text("уже отправлено")).to_be_visible()
    expect(page.locator('.d-dock [name="body"]')).to_have_value("")
    assert not page.evaluate(KEPT.format("Сверка готова"))

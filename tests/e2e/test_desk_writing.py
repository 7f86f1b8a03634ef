"""While a specialist writes: what a chosen state outlives, a phone's box and notices, one bar of news, low screens."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import note, reply, set_priority
from helpdesk.tickets.models import Article
from tests.desk.conftest import address
from tests.e2e.test_client_sending import until
from tests.e2e.test_desk import desk, enter, write
from tests.e2e.test_desk_sending import KEPT

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def opened(visit, desk, **size):
    page = visit(**size)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    return page


@pytest.mark.parametrize("by", ["head", "panel"])
def test_a_change_of_state_overtakes_the_next_state_left_in_the_box(visit, desk, by):
    page = opened(visit, desk)
    page.locator("#next_state").select_option("reminder")
    until(page, KEPT.format("reminder"))
    if by == "head":
        page.locator(".d-thead").get_by_role("button", name="Закрыть").click()
        expect(page.get_by_text("Заявка закрыта.")).to_be_visible()
    else:
        page.keyboard.press("Escape")
        page.locator("summary", has_text="Состояние").click()
        page.locator("#p-state").select_option("closed")
        page.get_by_role("button", name="Сменить состояние").click()
        expect(page.get_by_text("Состояние изменено.")).to_be_visible()
    write(page, "Проверили, всё сходится")
    expect(page.locator("#next_state")).to_have_value("")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Ответ отправлен клиенту.").first).to_be_visible()
    desk.first.refresh_from_db()
    assert desk.first.state_id == "closed"


def test_a_change_of_state_leaves_the_text_in_the_box(visit, desk):
    page = opened(visit, desk)
    page.locator("#next_state").select_option("reminder")
    write(page, "Не дописано")
    until(page, KEPT.format("дописано"))
    page.locator("summary", has_text="Состояние").click()
    page.locator("#p-state").select_option("review")
    page.get_by_role("button", name="Сменить состояние").click()
    expect(page.locator(".d-dock [contenteditable=true], .d-dock .editor__area").first).to_have_text("Не дописано")
    expect(page.locator("#next_state")).to_have_value("")


def high(page, selector):
    return page.locator(selector).first.bounding_box()["height"]


def test_on_a_phone_a_draft_is_one_line_until_one_writes_in_it_again(visit, desk):
    page = opened(visit, desk, width=360, height=740)
    write(page, "Первая строка, которая длиннее, чем телефон широк\nВторая")
    assert high(page, ".d-dock") > 250
    page.locator(".d-thead h1").click()
    expect(page.locator(".composer")).not_to_have_class(re.compile("is-open"))
    assert high(page, ".d-dock") < 120
    expect(page.locator(".d-dock .editor__area")).to_contain_text("Первая строка")
    until(page, KEPT.format("Первая"))
    page.reload()
    expect(page.locator(".d-dock .editor__area")).to_contain_text("Первая строка")
    assert high(page, ".d-dock") < 120
    page.locator(".d-dock .editor__area").click()
    expect(page.locator(".composer")).to_have_class(re.compile("is-open"))
    page.get_by_role("button", name="Отправить клиенту").click()
    expect(page.get_by_text("Ответ отправлен клиенту.").first).to_be_visible()


def test_a_box_on_its_way_does_not_fold_and_comes_back_open(visit, desk):
    page = opened(visit, desk, width=360, height=740)
    write(page, "Ответ")
    page.route(
        f"**{address(desk.first)}",
        lambda route: route.fulfill(status=403, body="") if route.request.method == "POST" else route.continue_(),
    )
    button = page.get_by_role("button", name="Отправить клиенту")
    button.click()
    expect(page.locator("[data-send-note]").first).to_be_visible()
    expect(button).to_be_visible()
    expect(button).to_be_focused()


@pytest.mark.parametrize("folded", [True, False])
def test_on_a_phone_a_notice_stands_above_the_box(visit, desk, folded):
    page = opened(visit, desk, width=360, height=740)
    if not folded:
        write(page, "Ответ")
    page.evaluate(
        "import(document.querySelector('[rel=modulepreload][href*=toasts]').href).then(m => m.toast('Вернули'))"
    )
    notice, dock = page.get_by_text("Вернули").bounding_box(), page.locator(".d-dock").bounding_box()
    assert notice["y"] > 0 and notice["y"] + notice["height"] <= dock["y"]


def test_with_a_phones_keyboard_open_the_request_stays_in_sight(visit, desk):
    for at in range(3):
        reply(desk.first.pk, by=desk.by(desk.carol), body=from_plain(f"{at}: {'Подробности. ' * 40}"))
    page = opened(visit, desk, width=360, height=400)
    write(page, "Ответ")
    line, dock = page.locator(".d-slim").bounding_box(), page.locator(".d-dock").bounding_box()
    assert line["y"] == 0 and line["height"] + 60 < dock["y"]
    assert dock["y"] + dock["height"] <= 400
    expect(page.locator(".d-nav")).to_be_hidden()
    expect(page.get_by_role("button", name="Отправить клиенту")).to_be_in_viewport(ratio=1)
    page.evaluate("document.activeElement.blur()")
    expect(page.locator(".d-nav")).to_be_visible()


def answered_meanwhile(page, desk):
    """The page after a conflict: somebody else has answered while a text was being written."""
    write(page, "Проверяем")
    reply(desk.first.pk, by=desk.by(desk.anna), body=from_plain("Отчёт готов"))
    page.keyboard.press("Control+Enter")
    bar = page.locator(".d-conv > .banner--warn")
    expect(bar).to_be_focused()
    expect(bar).to_contain_text(re.compile("нажмите «Отправить.клиенту» ещё.раз"))
    return bar


def look_again(page):
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


@pytest.mark.parametrize("width", [700, 1280])
def test_an_answer_is_sent_from_the_bar_of_its_conflict(visit, desk, width):
    page = opened(visit, desk, width=width)
    answered_meanwhile(page, desk)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Ответ отправлен клиенту.").first).to_be_visible()
    assert Article.objects.filter(text="Проверяем").count() == 1


def test_news_join_the_bar_of_a_conflict_and_each_can_be_put_away(visit, desk):
    page = opened(visit, desk)
    bar = answered_meanwhile(page, desk)
    set_priority(desk.first.pk, by=desk.by(desk.anna), to=5)
    look_again(page)
    expect(bar).to_contain_text(re.compile("Заявку.изменили"))
    bars = page.locator(".d-conv .banner:not(.send-note):visible")
    expect(bars).to_have_count(1)
    bar.get_by_role("button", name="Закрыть сообщение").click()
    expect(bars).to_have_count(0)
    expect(page.locator(".d-thread")).to_be_focused()
    note(desk.first.pk, by=desk.by(desk.anna), body=from_plain("Ещё заметка"))
    look_again(page)
    news = page.locator("[data-fresh] .banner")
    expect(news).to_contain_text(re.compile("Новая.заметка:.Анна.Ковалёва"))
    expect(bars).to_have_count(1)
    news.get_by_role("button", name="Закрыть сообщение").click()
    with page.expect_response("**/news/**"):
        look_again(page)
    expect(bars).to_have_count(0)  # the same is not told again


def test_news_in_the_bar_of_a_conflict_are_shown_and_go(visit, desk):
    page = opened(visit, desk)
    bar = answered_meanwhile(page, desk)
    reply(desk.first.pk, by=desk.by(desk.carol), body=from_plain("Спасибо"))
    set_priority(desk.first.pk, by=desk.by(desk.anna), to=5)
    look_again(page)
    bar.get_by_role("link", name="Показать").click()
    page.locator(".d-thread").get_by_text("Спасибо").wait_for()
    expect(bar).not_to_contain_text("Новый")
    expect(page.locator(".d-dock .editor__area")).to_have_text("Проверяем")
    expect(page.locator("#p-priority")).to_have_value("5")  # the panel beside it, in which nothing was chosen


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", [1024, 1100, 1280])
def test_no_button_above_a_request_is_cut(visit, desk, language, width):
    desk.alice.language = language
    desk.alice.save()
    page = visit(width=width)
    enter(page, desk)
    page.locator(".t-subj").nth(1).click()
    page.wait_for_url("**/tickets/**")
    cut = page.evaluate(
        """[...document.querySelectorAll(".d-thead :is(.btn, a, .badge, h1)")].filter((part) =>
          part.getBoundingClientRect().right > document.querySelector(".d-thead").getBoundingClientRect().right)
          .map((part) => part.outerHTML)"""
    )
    assert cut == []

"""A specialist's half-written answers: over a crash of the browser, on another device, in two tabs, shared."""

import re
from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from helpdesk.tickets.holding import send_due
from helpdesk.tickets.models import Article, Draft
from tests.desk.conftest import address
from tests.e2e.test_client_sending import attach, file
from tests.e2e.test_desk import desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def opened(page, desk):
    page.goto(f"{desk.url}{address(desk.first)}")
    return page


def saved(page, words="Черновик сохранён"):
    expect(page.locator("[data-draft-state]")).to_contain_text(words)


def text_of(page):
    return page.locator(".d-dock [contenteditable=true], .d-dock .editor__area").first


def write_on(page, words):
    text_of(page).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(words)


def until_stored(page, words):
    for _ in range(100):
        if any(words in draft.values["body"] for draft in Draft.objects.all()):
            return
        page.wait_for_timeout(200)
    raise AssertionError(words)


def test_what_was_written_is_there_after_a_crash_and_on_another_device(browser, desk):
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    enter(page, desk)
    opened(page, desk)
    write(page, "Здравствуйте, Карина")
    page.locator("#next_state").select_option("review")
    attach(page, file("акт.txt"))
    until_stored(page, "Карина")
    saved(page)
    expect(page.get_by_role("button", name="Поделиться с коллегами")).to_be_visible()
    write_on(page, " и Дора")  # half a second before the crash: this browser kept it
    page.wait_for_timeout(700)
    with suppress(Error):
        page.goto("chrome://crash")
    again = opened(context.new_page(), desk)
    expect(text_of(again)).to_have_text(re.compile("Карина и Дора"))
    expect(again.locator("#next_state")).to_have_value("review")
    until_stored(again, "и Дора")
    context.close()
    other = browser.new_context(locale="ru-RU", viewport={"width": 360, "height": 740})
    phone = other.new_page()
    enter(phone, desk)
    opened(phone, desk)
    expect(text_of(phone)).to_have_text(re.compile("Карина и Дора"))
    expect(phone.locator(".d-dock .files")).to_contain_text("акт.txt")
    other.close()
    assert Draft.objects.count() == 1


def test_two_tabs_overwrite_nothing_and_a_note_stays_a_note(visit, desk):
    one = visit()
    enter(one, desk)
    opened(one, desk)
    one.keyboard.press("x")
    write(one, "Между нами")
    until_stored(one, "Между нами")
    saved(one)
    two = opened(one.context.new_page(), desk)
    expect(text_of(two)).to_have_text("Между нами")
    expect(two.locator("[data-composer]")).to_have_attribute("data-mode", "note")
    write_on(two, ", второе")
    until_stored(two, "второе")
    write_on(one, ", первое")
    saved(one, "сохранены оба")
    expect(one.get_by_role("link", name="Открыть другой черновик")).to_be_visible()
    assert sorted(draft.kind for draft in Draft.objects.all()) == ["note", "note"]
    two.close()


def test_an_empty_box_beside_a_draft_and_back_to_it(visit, desk):
    page = visit()
    enter(page, desk)
    opened(page, desk)
    write(page, "Первый")
    until_stored(page, "Первый")
    saved(page)
    page.get_by_role("link", name="Написать другой").click()
    expect(page.locator("[data-draft-key]")).to_have_count(1)
    expect(page.locator('.d-dock [name="body"]')).to_have_value("")
    page.locator("[data-drafts] > summary").click()
    page.locator("[data-draft-key]").get_by_role("link", name="Продолжить").click()
    expect(text_of(page)).to_have_text("Первый")
    page.get_by_role("button", name="Удалить черновик").click()
    expect(page.get_by_text("Черновик удалён")).to_be_visible()
    expect(page.locator('.d-dock [name="body"]')).to_have_value("")
    assert Draft.objects.get().discarded_at


def test_a_sent_answer_comes_back_whole_by_a_key_and_leaves_when_its_time_has_come(visit, desk, settings):
    settings.SEND_DELAY = 15
    page = visit()
    enter(page, desk)
    opened(page, desk)
    attach(page, file("акт.txt"))
    page.locator("#next_state").select_option("review")
    write(page, "Здравствуйте, Карина")
    page.keyboard.press("Control+Enter")
    held = page.locator("#held")
    expect(held).to_contain_text(re.compile(r"уйдёт\s+через\s+\d+"))
    expect(page.locator('.d-dock [name="body"]')).to_have_value("")
    page.locator(".d-thread").focus()
    page.keyboard.press("z")
    expect(text_of(page)).to_have_text("Здравствуйте, Карина")
    expect(page.locator("#next_state")).to_have_value("review")
    expect(page.locator(".d-dock .files")).to_contain_text("акт.txt")
    assert not Article.objects.filter(text="Здравствуйте, Карина").exists()
    settings.SEND_DELAY = 2
    page.get_by_role("button", name=re.compile("^Отправить клиенту")).click()
    expect(held).to_contain_text(re.compile("Отправляется|уйдёт"))
    page.wait_for_timeout(2500)
    send_due()  # as the worker does
    expect(page.locator(".d-thread")).to_contain_text("Здравствуйте, Карина")
    assert Article.objects.get(text="Здравствуйте, Карина").attachments.get().filename == "акт.txt"

"""Another recipient is chosen while there is no connection, the server is away or the session has ended."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.xdist_group("product")
PART = "**/portal/new/fields/**"


@pytest.fixture
def shaky(browser, product):
    """A page whose network is going to fail: what the browser says of that is no complaint."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    errors = []

    def opened(login, path, *, recipient="Ошибка"):
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        sign_in(page, product, login)
        page.goto(product.url + path)
        if path.startswith("/desk"):
            page.locator("main .found a").first.click()
        page.select_option('[name="queue"]', label=recipient)
        page.locator('[name="field_error_code"]').fill("E-17")
        page.locator('[name="subject"]').fill("Смена получателя")
        return page

    yield opened
    context.close()
    assert not errors


def note(page):
    return page.locator(".field", has=page.locator('[name="queue"]')).locator("[data-part-note]")


def is_whole(page, subject="Смена получателя и дальше"):
    """The new recipient's fields are there, and all that was typed."""
    expect(page.locator('select[name="field_topic"]')).to_be_visible(timeout=15_000)
    expect(page.locator('[data-beside][name="field_topic"]')).to_have_count(0)
    expect(note(page)).to_be_hidden()
    expect(page.locator('[name="queue"] option:checked')).to_have_text("Консультация")
    expect(page.locator('[name="subject"]')).to_have_value(subject)
    expect(page.locator('[data-beside][name="field_error_code"]')).to_have_value("E-17")


@pytest.mark.parametrize(("login", "path"), [("client2", "/portal/new/"), ("agent1", "/desk/new/?find=Заря")])
def test_without_a_connection_it_is_said_at_the_recipient_and_done_when_the_line_is_back(shaky, login, path):
    page = shaky(login, path)
    page.context.set_offline(True)
    page.select_option('[name="queue"]', label="Консультация")
    expect(note(page)).to_contain_text("Связь пропала")
    expect(page.locator(".toast")).to_have_count(0)  # it is said once
    page.locator('[name="subject"]').fill("Смена получателя и дальше")
    page.context.set_offline(False)
    is_whole(page)


@pytest.mark.parametrize("fault", ["away", "broken", "busy"])
def test_a_server_that_does_not_answer_is_asked_again_without_anybody_doing_anything(shaky, fault):
    page, part = shaky("client2", "/portal/new/"), PART
    status = {"broken": 503, "busy": 429}.get(fault)
    page.route(part, lambda route: route.fulfill(status=status, body="") if status else route.abort())
    page.select_option('[name="queue"]', label="Консультация")
    expect(note(page)).to_be_visible()
    page.locator('[name="subject"]').fill("Смена получателя и дальше")
    page.unroute(part)
    is_whole(page)


def test_the_last_choice_counts_when_several_were_made_without_a_connection(shaky):
    page = shaky("client2", "/portal/new/")
    page.context.set_offline(True)
    for name in ("Консультация", "Обучение", "Консультация"):
        page.select_option('[name="queue"]', label=name)
        expect(note(page)).to_be_visible()
    page.context.set_offline(False)
    is_whole(page, "Смена получателя")


@pytest.mark.parametrize(
    ("login", "path", "start"),
    [("client2", "/portal/new/", "**/portal/new/"), ("agent1", "/desk/new/?find=Заря", "**/desk/new/*")],
)
def test_after_the_session_ended_it_is_said_with_the_way_to_sign_in_and_all_is_back(shaky, login, path, start):
    page = shaky(login, path)
    page.context.clear_cookies(name="session")
    page.select_option('[name="queue"]', label="Консультация")
    expect(note(page)).to_contain_text(re.compile(r"Вы\sвышли"))
    assert "/login" not in page.url
    page.locator('[name="subject"]').fill("Смена получателя и дальше")
    note(page).get_by_role("link", name="Войти").click()
    page.wait_for_url("**/login/**")
    page.fill('[name="login"]', login)
    page.fill('[name="password"]', "demo-helpdesk")
    page.press('[name="password"]', "Enter")
    page.wait_for_url(start)
    is_whole(page)

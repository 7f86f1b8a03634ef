"""The clients' pages as people meet them: for readers aloud, on phones, by keys alone, in both languages, at their limits."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.looks import stands_well, stands_well_in_both_schemes

pytestmark = pytest.mark.xdist_group("product")

PATHS = [
    "/portal/new/", "/portal/mine/", "/portal/mine/?state=all", "/portal/company/?state=closed", "/portal/search/",
    "/portal/search/?q=квитанция", "/portal/search/?q=щзщзщз", "/account/settings/", "/account/security/", "/account/password/",
    "/logout/",
    "/portal/tickets/0/",
]  # fmt: skip
LONG = "Ж" * 200


def opened(page, product, subject, queue="Ошибка"):
    """A request sent by the form; its address."""
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label(re.compile("^(Получатель|Recipient)")).select_option(label=queue)
    page.locator('[name="subject"]').fill(subject)
    page.locator('[name="body"]').fill("Строка" * 60)
    page.locator("form .send button").first.click()
    as_new = page.get_by_role("button", name=re.compile("^(Отправить как новую|Send as a new)"))
    expect(as_new.or_(page.locator(".p-title--ticket")).first).to_be_visible()
    if as_new.is_visible():  # one of another test is like it
        as_new.click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    return page.url.partition("#")[0].removeprefix(product.url)


def answered(visit, product, address, state):
    desk = visit()
    sign_in(desk, product, "agent1")
    desk.goto(product.url + address.replace("/portal/", "/desk/"))
    desk.locator('[name="body"]').fill("Сделано")
    desk.locator('[name="next_state"]').select_option(state)
    desk.get_by_role("button", name="Отправить клиенту").click()
    desk.get_by_text("Ответ отправлен клиенту.").wait_for()
    desk.context.close()


@pytest.fixture(scope="module")
def addresses():
    """Requests in the states that look different, made once."""
    return {}


@pytest.fixture
def requests(visit, product, addresses):
    if not addresses:
        page = visit()
        sign_in(page, product, "client1")
        for state in ("", "autoclose", "closed", "clarify"):
            addresses[state] = opened(page, product, f"Вид заявки {state} {time.time_ns()}")
        addresses["long"] = opened(page, product, LONG)
        for state in ("autoclose", "closed", "clarify"):
            answered(visit, product, addresses[state], state)
    return addresses


@pytest.mark.parametrize("width", [1440, 360])
def test_pages_fit_and_have_no_serious_finding(visit, product, requests, width):
    page = visit(width=width)
    sign_in(page, product, "client1")
    for path in (*PATHS, *requests.values()):
        page.goto(product.url + path)
        (stands_well_in_both_schemes if width == 1440 else stands_well)(page, path)
    page.goto(f"{product.url}/portal/new/")
    page.locator("form .send button").click()
    page.get_by_role("alert").first.wait_for()
    stands_well_in_both_schemes(page, "a refused form")


def test_refused_page_fits_and_has_no_serious_finding(visit, product, requests):
    page = visit(width=360)
    sign_in(page, product, "client1")
    page.goto(product.url + requests[""])
    page.context.clear_cookies(name="csrftoken")
    page.locator('[name="csrfmiddlewaretoken"]').first.evaluate("field => field.value = ''")
    answer = page.request.post(product.url + requests[""], form={"body": "x"})
    assert answer.status == 403
    page.set_content(answer.text())
    assert page.locator("h1").count() == 1
    page.goto(f"{product.url}/login/inactive/")
    stands_well(page, "403")


def test_keys_alone_lead_from_the_sign_in_to_a_sent_request(visit, product):
    page = visit()
    page.goto(f"{product.url}/login/")

    def tab_to(selector, most=60):
        for _ in range(most):
            if page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{selector} is not reached by Tab")

    tab_to('[name="login"]')
    page.keyboard.type("client1")
    tab_to('[name="password"]')
    page.keyboard.type("demo-helpdesk")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/mine/")
    tab_to('a[href="/portal/new/"]')
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"  # the focus is seen
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/new/")
    tab_to('[name="queue"]')
    for _ in range(30):
        if page.evaluate("document.activeElement.selectedOptions[0].text") == "Ошибка":
            break
        page.keyboard.press("ArrowDown")
    page.get_by_label("Код или текст ошибки").wait_for()
    tab_to('[name="subject"]')
    subject = f"С клавиатуры {time.time_ns()}"
    page.keyboard.type(subject)
    tab_to('[name="body"], [contenteditable=true]')
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("Только клавиши")
    tab_to(".send button")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    assert page.locator("h1").inner_text().endswith(subject)
    assert page.get_by_text("Только клавиши").first.is_visible()


@pytest.mark.parametrize("width", [1440, 360])
def test_a_subject_of_200_letters_without_a_space_breaks_nothing(visit, product, requests, width):
    page = visit(width=width)
    sign_in(page, product, "client1")
    for path in (requests["long"], "/portal/mine/", "/portal/company/", f"/portal/search/?q={LONG}"):
        page.goto(product.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    page.goto(product.url + requests["long"])
    assert LONG in page.locator("h1").inner_text()


def drafts_of(page, product, words):
    """What is kept of these words: in the browser, and on the server."""
    kept = page.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('keep:')).map(String).join()")
    page.goto(f"{product.url}/portal/drafts/")
    return words in kept, page.locator(".req", has_text=words).count()


def test_back_after_sending_brings_no_draft_of_what_was_sent(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    subject = f"Назад {time.time_ns()}"
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label(re.compile("^Получатель")).select_option(label="Кабинет Абонента")
    page.locator('[name="subject"]').fill(subject)
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("Почему начислены пени?")
    expect(page.locator("[data-draft-state]")).to_contain_text("Черновик сохранён")
    page.locator("form .send button").click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    page.go_back(wait_until="networkidle")
    expect(page.locator('[name="subject"]')).to_have_value("")
    expect(page.locator('[name="body"]')).to_have_value("")
    expect(page.locator('[name="queue"]')).to_have_value("")
    page.wait_for_timeout(3500)  # a saving would have been made by now
    page.reload()
    expect(page.locator('[name="subject"]')).to_have_value("")
    assert drafts_of(page, product, subject) == (False, 0)
    page.goto(f"{product.url}/portal/search/?q={subject.split()[1]}")
    assert page.get_by_role("link", name=re.compile(subject)).count() == 1


def test_back_to_what_was_not_sent_keeps_it_once(visit, product):
    page = visit()
    sign_in(page, product, "client2")
    subject = f"Начато {time.time_ns()}"
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label(re.compile("^Получатель")).select_option(label="Кабинет Абонента")
    page.locator('[name="subject"]').fill(subject)
    expect(page.locator("[data-draft-state]")).to_contain_text("Черновик сохранён")
    page.goto(f"{product.url}/portal/help/")
    page.go_back(wait_until="networkidle")
    expect(page.locator('[name="subject"]')).to_have_value(subject)
    page.locator('[name="subject"]').fill(f"{subject} и дальше")
    page.wait_for_timeout(3500)
    assert drafts_of(page, product, subject) == (True, 1)
    page.locator(".req", has_text=subject).get_by_role("button", name="Удалить").click()


def test_fields_of_a_recipient_are_there_when_it_is_chosen_again(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    queue = page.get_by_label(re.compile("^Получатель"))
    queue.select_option(label="Ошибка")
    page.get_by_label("Код или текст ошибки").fill("E-17")
    queue.select_option(label="Обучение")
    page.get_by_label("Код или текст ошибки").wait_for(state="detached")
    queue.select_option(label="Ошибка")
    page.get_by_label("Код или текст ошибки").wait_for()
    page.wait_for_function("document.querySelector('[name=field_error_code]').value === 'E-17'", timeout=5000)

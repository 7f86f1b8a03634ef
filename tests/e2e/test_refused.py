"""A refused form in a browser: the eye and the keyboard stand at what is wrong, in the reader's language, all kept."""

import pytest
from playwright.sync_api import expect

from tests.e2e.test_desk import desk, enter

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.className")


def typed(page):
    """What would be posted, whether the editor or the bare field stands there."""
    return page.locator('[name="body"]').input_value()


def marked(page, label):
    return expect(page.get_by_label(label, exact=True)).to_have_attribute("aria-invalid", "true")


@pytest.fixture
def carol(desk):
    desk.carol.set_password(PASSWORD)
    desk.carol.save()
    return desk.carol


def enter_as_client(page, desk):
    page.goto(f"{desk.url}/login/")
    page.fill('[name="login"]', "carol")
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url("**/portal/mine/")


@pytest.mark.parametrize(("language", "words"), [
    ("ru", {"subject": "Тема", "body": "Текст", "send": "Отправить", "empty": "Тема не заполнена"}),
    ("en", {"subject": "Subject", "body": "Text", "send": "Send", "empty": "The subject is empty"}),
])  # fmt: skip
@pytest.mark.parametrize("width", [360, 1280])
def test_a_client_is_led_to_the_field(visit, desk, carol, language, words, width):
    type(carol).objects.filter(pk=carol.pk).update(language=language)
    page = visit(width=width)
    enter_as_client(page, desk)
    page.goto(f"{desk.url}/portal/new/?queue={desk.errors.pk}")
    page.get_by_label(words["body"], exact=True).fill("Напечатано")
    page.get_by_role("button", name=words["send"], exact=True).click()
    marked(page, words["subject"])
    alert = page.get_by_role("alert").first
    expect(alert).to_be_visible()
    expect(page.locator("#subject-error")).to_be_in_viewport()
    assert "Напечатано" in typed(page)
    assert focused(page) == "subject"
    assert (
        page.locator("#subject")
        .evaluate("e => document.getElementById(e.getAttribute('aria-describedby').split(' ')[0]).innerText")
        .strip()
    )


@pytest.mark.parametrize("width", [360, 1280])
def test_a_specialist_is_led_to_the_field(visit, desk, width):
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/new/?client={desk.carol.pk}&queue={desk.errors.pk}")
    page.get_by_label("Текст", exact=True).fill("Звонит клиент")
    page.get_by_role("button", name="Создать заявку").click()
    marked(page, "Тема")
    assert "Звонит клиент" in typed(page)
    assert focused(page) == "subject"


def test_a_reminder_without_a_time_is_marked_where_it_is_missing(visit, desk):
    page = visit(width=1280)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    page.get_by_label("Текст ответа или заметки", exact=True).fill("Вернусь")
    page.get_by_label("Следующее состояние").select_option(label="Ожидает напоминания")
    page.get_by_label("Напомнить", exact=True).fill("")  # a time stands there already
    page.get_by_role("button", name="Отправить клиенту").click()
    marked(page, "Напомнить")
    expect(page.locator("#until-error")).to_be_visible()
    assert "Вернусь" in typed(page)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


# whether a part stands on the screen, with nothing of it under the page's head
WHOLE = """(part) => {
  const head = document.querySelector(".p-head")?.getBoundingClientRect().bottom ?? 0;
  const { top, bottom } = part.getBoundingClientRect();
  return top >= head && bottom <= innerHeight;
}"""


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", [360, 1440])
def test_a_refused_form_is_shown_with_its_summary_and_the_label(visit, desk, carol, width, script):
    page = visit(width=width, script=script)
    enter_as_client(page, desk)
    page.goto(f"{desk.url}/portal/new/?queue={desk.errors.pk}")
    page.get_by_role("button", name="Отправить", exact=True).click()
    marked(page, "Тема")
    assert focused(page) == "subject"
    assert page.locator("#subject-label").evaluate(WHOLE)
    assert page.locator("#subject").evaluate(WHOLE)
    assert page.locator("#subject-error").evaluate(WHOLE)
    assert page.locator(".error-summary").evaluate(WHOLE)


def test_a_specialist_sees_the_summary_with_the_field(visit, desk):
    page = visit(width=1280)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/new/?client={desk.carol.pk}&queue={desk.errors.pk}")
    page.get_by_role("button", name="Создать заявку").click()
    marked(page, "Тема")
    for part in ("#subject-label", "#subject", ".error-summary"):
        assert page.locator(part).first.evaluate(WHOLE)


@pytest.mark.parametrize("script", [True, False])
def test_a_label_never_stands_under_the_head(visit, desk, carol, script):
    """Where summary and field do not fit together, and where a line of the summary leads to its field."""
    page = visit(width=1280, height=460, script=script)
    enter_as_client(page, desk)
    page.goto(f"{desk.url}/portal/new/?queue={desk.errors.pk}")
    page.get_by_label("Тема", exact=True).fill("Только тема")
    page.get_by_role("button", name="Отправить", exact=True).click()
    marked(page, "Текст")
    assert page.locator("#body-label").evaluate(WHOLE)
    page.locator('.error-summary a[href="#body"]').click()
    assert page.locator("#body-label").evaluate(WHOLE)

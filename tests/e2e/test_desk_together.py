"""Two specialists at one request, and small things of the list: numbers that are copied, columns by a form."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.accounts.models import Person
from helpdesk.tickets.models import Presence
from tests.desk.conftest import address
from tests.e2e.conftest import sign_in
from tests.e2e.looks import stands_well_in_both_schemes
from tests.e2e.test_desk import PASSWORD, desk, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def two(visit, desk):
    """Alice and Anna, each at the same request in a browser of their own."""
    anna = Person.objects.get(login="anna")
    anna.set_password(PASSWORD)
    anna.save()
    pages = []
    for login in ("alice", "anna"):
        page = visit(width=1440)
        sign_in(page, desk, login, PASSWORD)
        page.goto(f"{desk.url}{address(desk.first)}")
        expect(page.locator("[data-here]")).to_be_attached()
        pages.append(page)
    return pages


def look_again(page):
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")


def test_who_looks_and_who_writes_is_seen_by_the_other(two, desk):
    alice, anna = two
    expect(anna.locator("[data-here]")).to_contain_text("Алиса Агентова смотрит")
    write(alice, "Пишу ответ")
    look_again(anna)
    expect(anna.locator("[data-here]")).to_contain_text("Алиса Агентова пишет ответ")
    stands_well_in_both_schemes(anna, "somebody writes")
    anna.goto(f"{desk.url}/desk/?sort=old")
    expect(anna.locator(".t-live")).to_contain_text("Алиса Агентова пишет")
    stands_well_in_both_schemes(anna, "somebody writes, in the list")
    alice.goto(f"{desk.url}/desk/?view=open")
    anna.wait_for_timeout(300)  # the browser tells in passing that it leaves
    anna.reload()
    expect(anna.locator(".t-live")).to_have_count(0)
    assert not Presence.objects.exists()


def test_a_number_is_copied_by_a_click_and_by_a_key(visit, desk):
    page = visit(width=1440)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=desk.url)
    sign_in(page, desk, "alice", PASSWORD)
    page.goto(f"{desk.url}/desk/?view=open")
    cell = page.locator("td.c-num").first
    cell.click()
    number = cell.get_attribute("data-copy")
    page.get_by_text(f"Скопировано: {number}").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == number and number.isdigit()
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyJ")
    page.keyboard.press("KeyC")
    second = page.locator("td.c-num").nth(1).get_attribute("data-copy")
    page.get_by_text(f"Скопировано: {second}").wait_for()


@pytest.mark.parametrize("script", [True, False])
def test_columns_are_chosen_by_a_form(visit, desk, script):
    page = visit(width=1440, script=script)
    sign_in(page, desk, "alice", PASSWORD)
    page.goto(f"{desk.url}/desk/?view=open")
    page.get_by_role("link", name="Столбцы и группы").click()
    page.get_by_label("Очередь", exact=True).check()
    page.get_by_label("Место столбца «Очередь»").fill("1")
    page.get_by_label("Компания", exact=True).uncheck()
    page.get_by_label("Группы").select_option(label="Исполнитель")
    page.get_by_role("button", name="Показать", exact=True).click()
    page.wait_for_url(re.compile("columns="))
    expect(page.locator("th[scope=rowgroup]").first).to_be_visible()
    heads = page.locator("thead th").all_inner_texts()
    assert any("Очередь" in one for one in heads) and not any("Компания" in one for one in heads)
    page.get_by_role("link", name="Изменена").click()
    page.wait_for_url(re.compile("sort=recent"))
    expect(page.locator("th[aria-sort=descending]")).to_contain_text("Изменена")

"""What a specialist does to a request by keys and takes back, and what a colleague sees of a lock meanwhile."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.tickets.models import Ticket
from tests.desk.conftest import address
from tests.e2e.test_desk import desk, enter

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
CYRILLIC = {"KeyL": "д", "KeyZ": "я"}  # what the Russian layout types on these keys


@pytest.fixture
def page(visit, desk):
    page = visit(width=1440)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    return page


def press(page, code):
    """A key of the Russian layout."""
    page.evaluate(
        "([code, key]) => document.body.dispatchEvent(new KeyboardEvent('keydown', {code, key, bubbles: true}))",
        [code, CYRILLIC[code]],
    )


def row(desk):
    return Ticket.objects.get(pk=desk.first.pk)


def test_a_lock_and_its_undoing_by_keys_of_the_russian_layout(page, desk):
    press(page, "KeyL")
    expect(page.get_by_text("Заблокирована вами")).to_be_visible()
    press(page, "KeyZ")
    expect(page.get_by_text("Возвращено, как было.")).to_be_visible()
    assert row(desk).locked_by is None


def test_the_subject_is_typed_in_its_place_and_comes_back(page, desk):
    before = row(desk).subject
    page.locator(".d-subject summary").click()
    expect(page.locator("#t-subject")).to_be_focused()
    page.keyboard.type("Другая тема")
    page.keyboard.press("Enter")
    expect(page.locator(".d-thead h1")).to_have_text("Другая тема")
    page.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(page.locator(".d-thead h1")).to_have_text(before)


def test_the_way_back_is_offered_for_half_a_minute(page, desk):
    page.clock.install()
    page.select_option("#p-priority", "5")
    expect(page.get_by_role("button", name=re.compile("^Вернуть"))).to_be_visible()
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("button", name=re.compile("^Вернуть"))).to_have_count(0)


def test_without_a_script_all_of_it_works_too(visit, desk):
    page = visit(width=1440, script=False)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator("summary", has_text="Метки").click()
    page.fill("#p-tags", "тарифы")
    page.locator("form[action$='/tags/'] button").click()
    expect(page.locator(".d-thead__meta .tag")).to_have_text("тарифы")
    page.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(page.locator(".d-thead__meta .tag")).to_have_count(0)

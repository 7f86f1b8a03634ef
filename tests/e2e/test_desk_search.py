"""The desk's search as specialists meet it: every condition under the field, by mouse, on a phone, without scripts."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.looks import flaws
from tests.e2e.test_desk import PASSWORD, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(("width", "script"), [(1440, True), (360, True), (1440, False)])
def test_conditions_are_set_shown_as_chips_and_taken_away(visit, desk, width, script):
    page = visit(width=width, script=script)
    sign_in(page, desk, "alice", PASSWORD)
    page.goto(f"{desk.url}/desk/search/")
    page.get_by_text("Все условия").click()
    page.get_by_text("Даты и история").click()
    page.get_by_label("Канал").select_option(label="портал")
    page.get_by_label("Что сделано").select_option(label="сменилось состояние")
    page.locator(".finer__do").get_by_role("button", name="Найти").click()
    page.wait_for_url(re.compile(r"/desk/search/\?channel=web&event=state$"))
    chips = page.get_by_role("group", name="Условия")
    expect(chips).to_contain_text("сменилось состояние")
    page.get_by_text("Все условия").click()
    assert page.get_by_label("Что сделано").is_visible()  # a group with something set stands open
    if script:
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert flaws(page) == []
    page.get_by_label("Убрать условие «было»").click()
    page.wait_for_url(re.compile(r"\?channel=web$"))
    page.get_by_text("Как спрашивать").click()
    expect(page.get_by_text("эти слова подряд")).to_be_visible()

"""Ready texts in the answer box: by two colons, by the button, without script."""

import pytest
from playwright.sync_api import expect

from helpdesk.tickets.actions.ready_text import Typed, put_text
from tests.desk.conftest import address
from tests.e2e.looks import stands_well_in_both_schemes
from tests.e2e.test_desk import desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def texts(desk):
    for name, shortcut, text in [
        ("Сверка сумм", "сверка", "{greeting}\n\nСуммы сошлись, заявка {number}."),
        ("С уважением", "сув", "С уважением, {agent}"),
    ]:
        put_text(None, by=desk.by(desk.alice), typed=Typed(name, shortcut, desk.errors.pk, text, ""))


def test_two_colons_and_a_part_of_the_shortcut_put_a_text_in(visit, desk, texts):
    page = visit(width=1440)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    write(page, "Добрый день ")
    editor = page.locator(".d-dock [contenteditable=true]")
    editor.press("End")
    page.keyboard.type("::")
    lines = page.locator(".ready__one:not([hidden])")
    expect(lines).to_have_count(2)
    stands_well_in_both_schemes(page, "ready texts")
    page.keyboard.type("св")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Escape")
    expect(lines.first).to_be_hidden()
    page.keyboard.type("ер")
    expect(lines.first).to_be_hidden()  # sent away: it stays away for this word
    for _ in range(6):
        page.keyboard.press("Backspace")
    page.keyboard.type("::сув")
    expect(page.locator(".ready__one:not([hidden])", has_text="С уважением")).to_be_visible()
    page.keyboard.press("Enter")
    expect(editor).to_contain_text("Добрый день С уважением, Алиса Агентова")
    assert "::" not in editor.inner_text()
    page.get_by_role("button", name="Готовые тексты").click()
    page.get_by_role("combobox", name="Найти готовый текст").fill("сумм")
    page.keyboard.press("Enter")
    expect(editor).to_contain_text(f"Суммы сошлись, заявка {desk.first.number}.")
    assert f"заявка {desk.first.number}" in page.locator('.d-dock [name="body"]').input_value()


def test_without_script_a_page_offers_them_and_nothing_typed_is_lost(visit, desk, texts):
    page = visit(width=360, script=False)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator('[name="body"]').fill("Начало")
    page.get_by_role("button", name="Готовые тексты").click()
    page.get_by_text("Суммы сошлись").click()
    page.get_by_role("button", name="Вставить в ответ").click()
    assert page.locator('[name="body"]').input_value().startswith("Начало\n\nЗдравствуйте")

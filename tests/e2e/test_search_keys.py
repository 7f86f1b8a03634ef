"""«Поиск» by keys alone, wide and on a phone's width: conditions, chips, order, saving, taking along; the focus is seen."""

import re

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.test_people_keys import fill, press, tab_to

pytestmark = pytest.mark.xdist_group("product")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_search_is_narrowed_ordered_taken_along_and_kept_by_keys_alone(visit, product, width):
    page, name = visit(width=width), f"Клавишами {width}"
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/")
    fill(page, "Что найти", "начисл*")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    found = page.locator(".results tbody tr").count()
    assert found > 0 and page.locator(".chip").count() == 1

    tab_to(page, "Закрыта")
    page.keyboard.press("Space")
    tab_to(page, "Номер, слова, файлы")
    page.keyboard.press("Enter")
    fill(page, "Слова в теме", "начислять")
    press(page, "Показать")
    assert page.locator(".chip").count() == 3 and "subject=" in page.url

    tab_to(page, "К найденному")  # past the whole form
    page.keyboard.press("Enter")
    press(page, "Убрать условие «в теме»")
    assert page.locator(".chip").count() == 2 and "subject=" not in page.url

    tab_to(page, "К найденному")
    page.keyboard.press("Enter")
    press(page, "сначала подходящие")
    assert page.locator(".sorts b").inner_text() == "сначала подходящие" and "sort=fit" in page.url

    tab_to(page, "К найденному")
    page.keyboard.press("Enter")
    for kind in ("XLSX", "CSV", "PDF"):
        tab_to(page, kind)
        with page.expect_download() as download:
            page.keyboard.press("Enter")
        assert download.value.suggested_filename.endswith(f".{kind.lower()}")

    tab_to(page, "Сохранить этот поиск")
    page.keyboard.press("Enter")
    tab_to(page, "Название поиска")
    press(page, "Сохранить")  # under no name: said at the field, which the summary leads to
    assert page.locator(".chip").count() == 2 and page.locator("#name-error").is_visible()
    press_without_leaving(page, "Назовите поиск так, чтобы потом его узнать")
    page.keyboard.insert_text(name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.get_by_text("Поиск сохранён").wait_for()
    assert "sort=fit" in page.url

    press(page, "Все поиски, названия, доступ")
    box = page.locator(".saved-one", has_text=name)
    box.get_by_label("Название поиска").focus()
    press(page, "Удалить")
    page.get_by_text("Поиск удалён").wait_for()


def press_without_leaving(page, label):
    tab_to(page, re.escape(label))
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "name"

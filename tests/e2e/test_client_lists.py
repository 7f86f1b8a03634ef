"""The clients' lists in a browser: wide, on a phone, by keys alone, without script."""

import re

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.looks import fits, stands_well

LISTS = ["/portal/mine/", "/portal/mine/?sort=-last&state=all", "/portal/company/?state=all&page_size=10",
         "/portal/company/?sort=subject&state=all&page_size=10", "/portal/company/?status=closed&state=all",
         "/portal/company/?colleague=0", "/portal/company/?queue=1&status=merged&state=closed"]  # fmt: skip


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (360, "dark"), (900, "light")])
def test_lists_fit_and_have_no_serious_finding(visit, product, width, scheme):
    page = visit(width=width, scheme=scheme)
    sign_in(page, product, "client1")
    for path in LISTS:
        page.goto(product.url + path)
        (fits if width == 900 else stands_well)(page, path)
    for summary in page.locator(".list-tools summary").all():
        summary.click()
        stands_well(page, "an open menu")
        page.keyboard.press("Escape")


@pytest.mark.parametrize("path", ["/portal/mine/", "/portal/company/"])
def test_what_awaits_an_answer_follows_the_title_at_once(visit, product, path):
    """The order and the conditions stand beside the first heading, in no row of their own."""
    page = visit(width=1440)
    sign_in(page, product, "client1")
    page.goto(product.url + path)
    tools, heading, first = (page.locator(one).first.bounding_box() for one in (".list-tools", ".req-group", ".reqs"))
    assert abs(tools["y"] - heading["y"]) < 4
    assert tools["y"] + tools["height"] <= first["y"] + 1
    assert tools["x"] + tools["width"] == pytest.approx(first["x"] + first["width"], abs=1)


def test_a_number_is_copied_as_it_is_typed(visit, product):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=product.url)
    sign_in(page, product, "client1")
    for path in ("/portal/mine/", "/portal/mine/?sort=number"):
        page.goto(product.url + path)
        button = page.get_by_role("button", name=re.compile("^Скопировать номер")).first
        number = button.get_attribute("data-copy")
        button.click()
        page.get_by_role("status").get_by_text(f"Скопировано: {number}").wait_for()
        assert page.evaluate("navigator.clipboard.readText()") == number and number.isdigit()
        assert page.url == product.url + path  # the link that lies over the whole line was not followed
        assert button.bounding_box()["height"] >= 24


def test_conditions_and_columns_by_a_mouse_and_back(visit, product):
    page = visit(width=1440)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?state=all")
    page.get_by_text("Отобрать").click()
    page.get_by_label("Состояние").select_option(label="Закрыта")
    page.get_by_role("button", name="Показать").click()
    page.wait_for_url("**status=closed**")
    chips = page.get_by_role("group", name="Выбранные условия")
    assert "Закрыта" in chips.inner_text()
    page.get_by_text("Порядок:").click()
    page.get_by_role("link", name="по теме").click()
    page.wait_for_url("**sort=subject**")
    assert page.locator("th[aria-sort=ascending]").inner_text().strip() == "Тема"
    page.locator("thead").get_by_role("link", name="Тема").click()
    page.wait_for_url("**sort=-subject**")
    assert "status=closed" in page.url and page.locator("th[aria-sort=descending]").count() == 1
    chips.get_by_role("link", name=re.compile("Убрать условие")).click()
    page.wait_for_url(lambda address: "status" not in address)
    assert "sort=-subject" in page.url
    page.go_back()
    page.wait_for_url("**status=closed**")


def test_lists_by_keys_alone(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?state=all")

    def tab_to(words, most=60):
        for _ in range(most):
            page.keyboard.press("Tab")
            told = page.evaluate(
                "(it => it === document.body ? '' : it.ariaLabel || it.innerText)(document.activeElement)"
            )
            if words in told.replace("\u00a0", " "):
                assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                return
        raise AssertionError(f"{words} is not reached by Tab")

    tab_to("Порядок:")
    page.keyboard.press("Enter")
    tab_to("по номеру")
    page.keyboard.press("Enter")
    page.wait_for_url("**sort=-number**")
    numbers = page.locator("[data-copy]").evaluate_all("all => all.map(one => Number(one.dataset.copy))")
    assert numbers == sorted(numbers, reverse=True) and len(numbers) > 5
    tab_to("Отобрать")
    page.keyboard.press("Enter")
    tab_to("Скопировать номер")
    page.keyboard.press("Enter")
    page.get_by_text(f"Скопировано: {numbers[0]}").wait_for()


@pytest.mark.parametrize("width", [1440, 360])
def test_lists_without_script(visit, product, width):
    page = visit(width=width, script=False)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?state=all")
    assert page.locator("[data-copy]:visible").count() == 0
    page.get_by_text("Порядок:").click()
    page.get_by_role("link", name="по последнему сообщению").click()
    assert "sort=-last" in page.url and page.locator(".lines tbody tr").count() > 5
    page.get_by_text("Отобрать").click()
    colleague = "Ирина Журавлёва"  # of the demo: whom other tests make has no requests
    page.get_by_label("Коллега").select_option(label=colleague)
    page.get_by_role("button", name="Показать").click()
    assert "colleague=" in page.url and "sort=-last" in page.url
    assert colleague in page.get_by_role("group", name="Выбранные условия").inner_text()
    rows = page.locator(".lines tbody tr")
    assert rows.count() > 0 and all(colleague in row.inner_text() for row in rows.all())


def test_a_phone_shows_cards_with_the_names_of_their_values(visit, product):
    page = visit(width=360)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?state=all&sort=-last")
    row = page.locator(".lines tbody tr").first
    box = row.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    assert row.locator("td[data-th]").evaluate_all("all => all.map(one => one.dataset.th)")[:4] == [
        "Получатель", "Приоритет", "Отвечает", "Автор"
    ]  # fmt: skip
    named = row.locator("td[data-th]").first.evaluate("one => getComputedStyle(one, '::before').content")
    assert "attr(data-th)" in named or "Получатель" in named
    link = row.locator(".req__title")
    link.click()
    page.wait_for_url("**/portal/tickets/*/")

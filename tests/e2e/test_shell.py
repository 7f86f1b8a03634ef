"""What stands around the clients' pages: search, bell, help, notices; wide, on a phone, by keys, without script."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.looks import flaws
from tests.e2e.test_portal import answered, opened

pytestmark = pytest.mark.xdist_group("product")


def fits(page, *, script=True):
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if not script:  # whoever looks for flaws is a script
        return
    assert flaws(page) == []


def bell(page):
    return page.locator(".p-bell > summary")


def unread(page):
    return int((re.search(r"\d+", bell(page).get_attribute("aria-label")) or [0])[0])


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def news(visit, product, kept):
    """A fresh answer to client1; its subject."""
    page = visit()
    sign_in(page, product, "client1")
    subject = f"Новость {time.time_ns()}"
    address = opened(page, product, subject)
    answered(visit, product, address, "review")
    page.context.close()
    return subject, address


@pytest.mark.parametrize("width", [1280, 360])
def test_the_bell_opens_by_keys_and_leads_to_the_request(visit, product, news, width):
    subject, address = news
    page = visit(width=width, scheme="dark" if width == 360 else "light")
    sign_in(page, product, "client1")
    before = unread(page)
    assert before >= 1
    bell(page).focus()
    page.keyboard.press("Enter")
    line = page.locator(".p-news .news__i", has_text=subject)
    expect(line).to_be_visible()
    fits(page)
    box = page.locator(".p-news").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= width
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    page.keyboard.press("Enter")
    line.get_by_role("link").press("Enter")
    page.wait_for_url(f"**{address}#a*")
    assert unread(page) == before - 1


def test_without_script_the_bell_leads_to_the_page_of_news_and_all_are_read(visit, product, news):
    subject, _ = news
    page = visit(script=False)
    sign_in(page, product, "client1")
    bell(page).click()
    page.get_by_role("link", name="Все новости").click()
    expect(page.locator(".news__i.is-unread", has_text=subject)).to_be_visible()
    fits(page, script=False)
    page.get_by_role("button", name="Прочитать все").click()
    expect(page.locator(".news__i", has_text=subject)).to_be_visible()
    expect(page.locator(".is-unread")).to_have_count(0)
    assert unread(page) == 0


def test_slash_leads_to_the_search_and_a_number_to_its_request(visit, product, news):
    _, address = news
    number = re.search(r"\d+", address)[0]
    page = visit()
    sign_in(page, product, "client1")
    page.keyboard.press("Slash")
    expect(page.get_by_role("searchbox", name="Поиск по заявкам")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{address}")
    phone = visit(width=360)
    sign_in(phone, product, "client1")
    phone.locator(".p-head").get_by_role("link", name="Поиск по заявкам").click()
    phone.wait_for_url("**/portal/search/")
    fits(phone)


def announced(visit, product, title):
    page = visit()
    sign_in(page, product, "admin")
    page.goto(f"{product.url}/desk/admin/banners/new/")
    page.get_by_label("Предупреждение").check()
    page.get_by_label("Заголовок", exact=True).fill(title)
    page.get_by_role("button", name="Посмотреть").click()
    expect(page.get_by_role("heading", name="Так его увидят клиенты")).to_be_focused()
    fits(page)
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_role("link", name=title)).to_be_visible()
    return page


@pytest.mark.parametrize("script", [True, False])
def test_a_notice_is_closed_once_and_ended_for_all(visit, product, script):
    title = f"Работы {time.time_ns()}"
    desk = announced(visit, product, title)
    page = visit(width=360, script=script)
    sign_in(page, product, "client2")
    told = page.locator(".told .banner", has_text=title)
    expect(told).to_be_visible()
    fits(page, script=script)
    told.get_by_role("button").press("Enter")
    expect(told).to_have_count(0)
    page.goto(f"{product.url}/portal/search/")
    expect(told).to_have_count(0)
    other = visit(script=script)
    sign_in(other, product, "client3")
    expect(other.locator(".told .banner", has_text=title)).to_be_visible()
    desk.get_by_role("link", name=title).click()
    desk.get_by_role("button", name="Прекратить показ").click()
    expect(desk.get_by_text("Объявление больше не показывается.")).to_be_visible()
    other.goto(f"{product.url}/portal/new/")
    expect(other.locator(".told", has_text=title)).to_have_count(0)


@pytest.mark.parametrize(("width", "script"), [(1280, False), (360, True)])
def test_help_is_near_and_is_read_without_a_sign_in(visit, product, width, script):
    page = visit(width=width, script=script)
    page.goto(f"{product.url}/login/")
    page.get_by_role("link", name="Помощь со входом").click()
    expect(page.get_by_role("heading", name="Вход и доступ", level=1)).to_be_visible()
    fits(page, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    page.get_by_role("link", name="Помощь по этой странице").click()
    expect(page.get_by_role("heading", name="Новая заявка", level=1)).to_be_visible()
    fits(page, script=script)
    page.get_by_role("link", name="Кого выбрать получателем").first.click()
    expect(page.get_by_role("cell", name="«Консультация»")).to_be_visible()


def test_signs_stay_as_they_were_written(visit, product):
    """The font has a sign of its own for «>>» and for «->»: a reader would take them for others."""
    page = visit()
    page.goto(f"{product.url}/login/")
    wide = page.evaluate("""async () => {
        await document.fonts.ready;
        const width = (text) => {
            const piece = document.createElement("span");
            piece.textContent = text;
            document.querySelector("h1").after(piece);
            const found = piece.getBoundingClientRect().width;
            piece.remove();
            return found;
        };
        return [width(">>") - 2 * width(">"), width("->") - width("-") - width(">")];
    }""")
    assert [round(by) for by in wide] == [0, 0]

"""On every page of the clients what is pressed is large enough for a finger, on a phone and beside a mouse."""

import re

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.targets import small_targets

pytestmark = pytest.mark.xdist_group("product")
PAGES = [
    "/portal/new/", "/portal/new/?queue=1", "/portal/mine/", "/portal/mine/?state=all", "/portal/company/", "/portal/search/",
    "/portal/search/?q=квитанция", "/portal/search/?q=щзщзщз", "/portal/search/saved/", "/portal/news/", "/portal/help/",
    "/portal/help/new-request/", "/portal/drafts/", "/portal/people/", "/portal/people/invite/", "/account/settings/",
    "/account/security/", "/account/password/", "/logout/", "/portal/tickets/0/",
]  # fmt: skip


def links(page, pattern):
    found = page.evaluate("[...document.querySelectorAll('main a[href]')].map((a) => a.getAttribute('href'))")
    return list(dict.fromkeys(place for place in found if re.fullmatch(pattern, place)))


@pytest.mark.parametrize("width", [360, 1280])
def test_everything_that_is_pressed_is_large_enough(visit, product, width):
    page = visit(width=width)
    page.goto(f"{product.url}/login/")
    assert small_targets(page) == [], "login"
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/?state=all")
    tickets = links(page, r"/portal/tickets/\d+/")[:4]
    page.goto(f"{product.url}/portal/people/")
    places = [*PAGES, *tickets, f"{tickets[0]}observers/", *links(page, r"/portal/people/\d+/")[:2]]
    small = {}
    for place in places:
        page.goto(product.url + place)
        if found := small_targets(page):
            small[place] = found
    assert small == {}


def test_what_a_refused_form_and_a_draft_that_was_thrown_away_offer_is_large_enough(visit, product):
    page = visit(width=360)
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/new/")
    page.locator('[name="body"]').fill("Начато")
    page.locator("form .send button").first.click()
    page.get_by_role("alert").first.wait_for()
    assert small_targets(page) == []
    page.get_by_role("button", name="Удалить черновик").click()
    page.locator(".flash").wait_for()
    assert small_targets(page) == []
    page.goto(f"{product.url}/portal/drafts/")
    assert small_targets(page) == []
    page.get_by_role("button", name="Вернуть").first.click()
    page.locator(".flash").wait_for()
    assert small_targets(page) == []


def test_a_link_that_stands_alone_and_is_small_is_found_and_one_in_a_sentence_is_not(visit):
    page = visit()
    page.set_content(
        "<p style='font: 12px/1 serif'><a href='/'>Одна</a></p><p>Слова и <a href='/'>ссылка</a> среди них</p>"
    )
    (found,) = small_targets(page)
    assert "Одна" in found

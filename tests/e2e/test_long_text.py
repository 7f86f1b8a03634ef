"""A very long text shows its beginning; the rest on demand, on paper, and to whoever searches in the page."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.xdist_group("product")
LINES = "\n".join(f"{i} Май 2026: начислено 1284,60, оплачено 100,00, сальдо 1184,60, кв. {i}" for i in range(1600))


@pytest.mark.parametrize("script", [True, False])
def test_the_beginning_is_shown_and_the_rest_on_demand_and_on_paper(visit, product, script):
    page = visit(script=script)
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/new/")
    page.select_option('[name="queue"]', label="Нововведение")
    page.fill('[name="subject"]', f"Длинная выписка {'щ' * 9 if script else 'ю' * 9}")
    page.fill('[name="body"]', LINES)
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    body, whole = page.locator(".art__body").first, page.get_by_text("Показать целиком")
    expect(whole).to_be_visible()
    assert body.bounding_box()["height"] < 600
    assert "кв. 1599" in body.text_content()  # what searches in the page finds it
    whole.click()
    assert body.bounding_box()["height"] > 20_000
    page.get_by_text("Показать только начало").click()
    assert body.bounding_box()["height"] < 600
    page.emulate_media(media="print")
    assert body.bounding_box()["height"] > 20_000
    expect(whole).to_be_hidden()

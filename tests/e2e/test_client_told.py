"""What a client did is said where they look: the page jumps to the new answer, and its confirmation is in sight."""

import pytest

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.xdist_group("product")
TEXT = "Ещё строка.\n\n" * 30  # long enough to be scrolled


@pytest.mark.parametrize(("width", "script"), [(1440, True), (360, True), (1280, False)])
def test_the_confirmation_of_an_answer_is_in_sight(visit, product, width, script):
    page = visit(width=width, height=800, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/?state=open")
    page.locator("main a[href*='/portal/tickets/']").first.click()
    page.locator('[name="body"]').click()
    text = page.locator("[contenteditable=true]" if script else '[name="body"]')
    text.wait_for()
    text.fill(f"{width} {TEXT}")
    page.locator("form[data-keep] button[type=submit]", has_text="Ответить").first.click()
    page.wait_for_url("**/#a*")
    said = page.locator(".flash .banner").first
    said.wait_for()
    box = said.bounding_box()
    assert box["y"] >= 0 and box["y"] + box["height"] <= 800, box


# badges that take more than a line, chips that show less than they hold
CUT = """() => [
  ...[...document.querySelectorAll("main .req .badge")].filter((b) => b.offsetHeight > 1.9 * parseFloat(getComputedStyle(b).lineHeight)),
  ...[...document.querySelectorAll("main .chip b")].filter((b) => b.scrollWidth > b.clientWidth + 1 && getComputedStyle(b).display !== "inline"),
].map((part) => part.textContent)"""


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_states_stand_whole_and_in_one_line_where_there_is_room(visit, product, width):
    page = visit(width=width, height=800)
    sign_in(page, product, "client1")
    for path in (
        "/portal/mine/?state=all",
        "/portal/company/?state=all&page_size=100",
        "/portal/search/?state=autoclose",
    ):
        page.goto(product.url + path)
        assert page.locator("main .badge").count()
        assert page.evaluate(CUT) == [], path

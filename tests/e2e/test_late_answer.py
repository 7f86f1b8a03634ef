"""An answer that comes too late: its request is closed for good while it is written."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_client_drafts import stored
from tests.e2e.test_client_sending import until
from tests.e2e.test_one_request import answered, opened

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("product")]


@pytest.fixture
def closing_for_good(product):
    """The recipient «Ошибка» takes no answer to what is closed."""
    assert product.run("queue", "set", "error", "--follow-up", "refuse").returncode == 0
    yield
    assert product.run("queue", "set", "error", "--follow-up", "reopen").returncode == 0


def sends(request, address):
    """Whether a request sends the form of a page, not its draft."""
    return request.method == "POST" and request.url.split("?")[0] == address.split("?")[0]


def begun(page, address):
    page.goto(address)
    page.locator('#reply [name="body"]').click()
    page.locator("#reply [contenteditable=true]").wait_for()
    page.keyboard.type("Ещё одно слово")


def settled(page):
    page.locator('.send [name=next_state][value="closed"]').click()


@pytest.mark.parametrize("how", ["by the client in another window", "with an answer"])
def test_it_leads_to_its_draft_and_goes_as_a_new_request(visit, product, closing_for_good, how):
    page = visit()
    statuses = []
    sign_in(page, product, "client2")
    address = opened(page, product, f"Поздний ответ {time.time_ns()}")
    page.on("response", lambda answer: statuses.append(answer.status) if sends(answer.request, address) else None)
    if how != "with an answer":  # closing needs one before
        answered(visit, product, address, "clarify")
    with stored(page, "Ещё одно слово"):  # until then the other window would have the text as well: see below
        begun(page, address)
    if how == "with an answer":
        answered(visit, product, address, "closed")
    else:
        other = page.context.new_page()
        other.goto(address)
        expect(other.locator("[data-drafts]")).to_contain_text("Ещё одно слово")
        expect(other.locator('#reply [name="body"]')).to_have_value("")
        settled(other)
        other.get_by_text("Заявка закрыта.", exact=True).wait_for()
        other.close()
    page.locator("#reply .send button").first.click()
    ways = page.locator("[data-kept]")
    expect(ways.get_by_role("link", name="Текст сохранён в ваших черновиках")).to_be_visible()
    assert statuses[-1] == (409 if how == "with an answer" else 403)
    ways.get_by_role("link", name="Сделать новой заявкой").click()
    page.wait_for_url(re.compile(r"/portal/new/\?answer=\d+"))
    expect(page.locator(".editor__area")).to_have_text("Ещё одно слово")


def test_what_no_draft_holds_yet_goes_with_the_closing_in_another_window_and_its_first_is_told(
    visit, product, closing_for_good
):
    """The other window shows the text: whoever closes there sends it."""
    page = visit()
    sign_in(page, product, "client2")
    address = opened(page, product, f"Ранний ответ {time.time_ns()}")
    answered(visit, product, address, "clarify")
    page.route("**/portal/drafts/save/**", lambda route: None)  # a connection that takes its time
    begun(page, address)
    until(page, "Object.values(localStorage).some((kept) => kept.includes('Ещё одно слово'))")
    other = page.context.new_page()
    other.goto(address)
    expect(other.locator("#reply .editor__area")).to_have_text("Ещё одно слово")
    settled(other)
    other.get_by_text("Ответ отправлен, заявка закрыта.").wait_for()
    expect(other.locator(".thread")).to_contain_text("Ещё одно слово")
    other.close()
    page.locator("#reply .send button").first.click()
    told = page.get_by_role("alert").filter(has_text="уже отправлено")
    expect(told).to_contain_text("Заявка закрыта и больше не принимает ответов")
    expect(page.locator("#reply")).to_have_count(0)

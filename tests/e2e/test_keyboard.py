"""The client's writing by keys alone: a new request with its fields and a file, answers, drafts; the focus is seen."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.xdist_group("product")
SENT = re.compile(r"/portal/tickets/\d+/")
FILE = {"name": "акт.txt", "mimeType": "text/plain", "buffer": b"content"}
# what has the focus stands on the screen, and it, what it is drawn by or what it stands in says so
SEEN = """(selector) => {
  const at = document.activeElement;
  if (at === document.body) return 'nothing has the focus';
  const drawn = at.matches('[type=radio], [type=checkbox], [type=file]') ? at.closest('label, .filebox, [data-files]') ?? at : at;
  const box = drawn.getBoundingClientRect();
  const onScreen = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const marked = (one) => {
    const style = getComputedStyle(one);
    return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
  };
  const around = [at, at.nextElementSibling, at.parentElement, at.parentElement.parentElement, drawn].filter(Boolean);
  if (!onScreen) return `off the screen: ${at.outerHTML.slice(0, 200)}`;
  return around.some(marked) ? at.matches(selector) : `not seen: ${at.outerHTML.slice(0, 200)}`;
}"""


class Keys:
    """A person without a mouse."""

    def __init__(self, page):
        self.page = page

    def press(self, key, selector="*"):
        """Whether the focus, which has to be seen, stands in what the selector names."""
        self.page.keyboard.press(key)
        found = self.page.evaluate(SEEN, selector)
        assert isinstance(found, bool), found
        return found

    def to(self, selector, most=60):
        if self.page.evaluate("s => document.activeElement.matches(s)", selector):
            return
        for _ in range(most):
            if self.press("Tab", selector):
                return
        raise AssertionError(f"{selector} is not reached by Tab")

    def choose(self, selector, text):
        self.to(selector)
        for _ in range(40):
            if text in self.page.evaluate("document.activeElement.selectedOptions[0].text"):
                return
            self.press("ArrowDown")
        raise AssertionError(f"{text} is not among the choices of {selector}")

    def write(self, text):
        self.to('[name="body"], [contenteditable=true]')
        self.page.locator("[contenteditable=true]").wait_for()
        self.page.keyboard.type(text)

    def enter(self, selector):
        self.to(selector)
        self.page.keyboard.press("Enter")


@pytest.fixture
def client(visit, product):
    page = visit()
    sign_in(page, product, "client2")
    return page


def answer(visit, product, address):
    """A specialist says that it is done."""
    page = visit(script=False)
    sign_in(page, product, "agent1")
    page.goto(product.url + address.replace("/portal/", "/desk/"))
    page.locator('[name="body"]').fill("Готово, проверьте")
    page.locator('form [name="next_state"]').first.select_option("autoclose")
    page.get_by_role("button", name="Отправить клиенту").click()


def begin(client, product, subject):
    keys = Keys(client)
    client.goto(f"{product.url}/portal/new/")
    keys.choose('[name="queue"]', "Консультация")
    client.locator('[name="field_topic"]').wait_for()
    keys.to('[name="subject"]')
    client.keyboard.type(subject)
    return keys


def chosen(page, choosers):
    """The choice of files that a key has opened."""
    for _ in range(150):
        if choosers:
            break
        page.wait_for_timeout(100)
    return choosers[0]


def test_a_request_is_written_answered_and_settled_by_keys_alone(client, visit, product):
    subject, choosers = f"Клавиши {time.time_ns()}", []
    # from the beginning: what opens while it is only being asked for is lost
    client.on("filechooser", lambda chooser: choosers.append(chooser))  # noqa: PLW0108  it marks it
    keys = begin(client, product, subject)
    keys.choose('[name="field_topic"]', "Начисление")
    keys.to('[name="field_period"]')
    keys.press("ArrowDown")
    keys.write("Только клавиши")
    keys.to("#attachments")
    client.keyboard.press("Enter")
    chosen(client, choosers).set_files(FILE)
    client.locator(".files [data-token]").wait_for(state="attached")
    keys.to('[name="priority"]')
    keys.press("ArrowRight")
    expect(client.locator('[name="priority"][value="4"]')).to_be_checked()
    keys.enter(".send .btn--primary")
    client.wait_for_url(SENT)
    address = re.search(SENT, client.url).group(0)
    assert client.get_by_role("link", name=re.compile("акт.txt")).count()

    keys.write("Ещё вопрос")
    keys.enter(".send .btn--primary")
    expect(client.locator(".art", has_text="Ещё вопрос")).to_have_count(1)

    answer(visit, product, address)
    client.goto(product.url + address)
    keys.write("Не сошлось")
    keys.enter(".send [name=next_state][value=rework]")
    expect(client.locator(".art", has_text="Не сошлось")).to_have_count(1)

    keys.enter(".send [name=next_state][value=closed]")
    expect(client.get_by_text("Заявка закрыта").first).to_be_visible()


def test_a_draft_is_opened_and_thrown_away_by_keys_alone(client, product):
    subject = f"Черновик {time.time_ns()}"
    keys = begin(client, product, subject)
    expect(client.locator("[data-draft-state]")).to_contain_text("Черновик сохранён")
    client.evaluate("localStorage.clear()")  # another device
    client.goto(f"{product.url}/portal/help/")
    client.evaluate("localStorage.clear()")
    client.goto(f"{product.url}/portal/new/")
    keys.enter("[data-drafts] > summary")
    keys.enter("[data-draft-key] a")  # the latest stands first
    expect(client.locator('[name="subject"]')).to_have_value(subject)
    keys.enter("#drop-draft button")
    expect(client.get_by_text("Черновик удалён")).to_be_visible()
    expect(client.locator('[name="subject"]')).to_have_value("")

"""The editor takes the text area's place while somebody types: nothing typed, no caret and no selection changes."""

import re

import pytest
from playwright.sync_api import expect

from tests.desk.conftest import address
from tests.e2e.test_client_sending import until
from tests.e2e.test_desk import desk, enter

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
EDITOR = "[contenteditable=true]"
WRITTEN = f"[...document.querySelector('{EDITOR}').children].map((line) => line.textContent.replaceAll('\\u00a0', ' '))"
SELECTED = "String(document.getSelection())"


@pytest.fixture
def slow(visit, desk):
    """The page of a request where the editor arrives only when the test lets it."""
    page = visit()
    enter(page, desk)
    waiting = []
    page.route("**/editor*.js", lambda route: waiting.append(route))  # noqa: PLW0108  it marks what it is given
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator('[name="body"]').click()
    until(page, "document.activeElement.name === 'body'")

    def arrive():
        for _ in range(100):
            if waiting:
                break
            page.wait_for_timeout(20)
        waiting.pop().continue_()
        page.locator(EDITOR).wait_for()

    page.arrive = arrive
    return page


@pytest.mark.parametrize("typed", ["а ", "а  ", "  а", "а\n", "а\n\n ", "а  б\n в ", " ", "<b> & ", "1. "], ids=repr)
def test_what_was_typed_stays_and_typing_goes_on_where_it_was(slow, typed):
    slow.keyboard.type(typed)
    slow.arrive()
    expect(slow.locator(EDITOR)).to_be_focused()
    slow.keyboard.type("я\nю")
    assert slow.evaluate(WRITTEN) == f"{typed}я\nю".split("\n")


def test_typing_fast_over_a_slow_line_loses_nothing(visit, desk):
    page = visit()
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": -1, "uploadThroughput": -1},
    )
    text = "а б в г д е ж з и к л м н о п р с т у ф х ц"
    page.locator('[name="body"]').click()
    page.keyboard.type(text, delay=50)
    expect(page.locator(EDITOR)).to_be_focused()
    assert page.evaluate(WRITTEN) == [text]


@pytest.mark.parametrize("backward", [False, True])
def test_a_selection_and_a_caret_in_the_middle_stay(slow, backward):
    slow.keyboard.type("один  два\n\nтри ")
    direction = "backward" if backward else "forward"
    slow.evaluate(f"document.activeElement.setSelectionRange(6, 13, '{direction}')")
    slow.arrive()
    assert slow.evaluate(SELECTED).replace("\u00a0", " ").replace("\n\n\n", "\n\n") == "два\n\nтр"
    slow.keyboard.press("Shift+ArrowLeft")
    left = slow.evaluate(SELECTED).replace("\u00a0", " ").replace("\n\n\n", "\n\n")
    assert left == (" два\n\nтр" if backward else "два\n\nт")
    slow.keyboard.press("x")
    assert len(slow.evaluate(WRITTEN)) == 1


def test_a_selection_being_drawn_is_not_broken_off(slow):
    slow.keyboard.type("слово и ещё слово")
    box = slow.locator('[name="body"]').bounding_box()
    slow.mouse.move(box["x"] + 20, box["y"] + 15)
    slow.mouse.down()
    slow.evaluate("document.activeElement.setSelectionRange(0, 5)")
    slow.unroute("**/editor*.js")
    slow.wait_for_timeout(50)
    assert slow.locator(EDITOR).count() == 0
    slow.mouse.up()


def test_a_plain_draft_comes_back_as_text_where_the_editor_stands(visit, desk):
    page = visit()
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator('[name="body"]').click()
    page.locator(EDITOR).wait_for()
    page.evaluate(
        """() => {
          const area = document.querySelector("[name=body]"), { form } = area;
          form.elements.body_format.value = "text";
          area.value = "а <б>\\n в ";
          form.dispatchEvent(new CustomEvent("kept:restored", { detail: {} }));
        }"""
    )
    assert page.evaluate(WRITTEN) == ["а <б>", " в "]


def test_escape_leaves_the_answer_and_single_keys_work(visit, desk):
    page = visit()
    enter(page, desk)
    page.get_by_role("link", name=re.compile("сальдо")).first.click()
    page.wait_for_url(re.compile("/desk/tickets/"))
    page.locator('[name="body"]').click()
    page.locator(EDITOR).wait_for()
    page.keyboard.type("Начато")
    page.keyboard.press("Escape")
    expect(page.locator("[data-composer]")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-composer]")).to_have_attribute("data-mode", "note")
    assert page.evaluate(WRITTEN) == ["Начато"]
    page.keyboard.press("Escape")
    here = page.url
    page.keyboard.press("j")
    page.wait_for_url(lambda url: url != here)


def test_a_text_of_a_megabyte_is_typed_into_without_delay(visit, desk):
    page = visit()
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator('[name="body"]').click()
    page.locator(EDITOR).wait_for()
    text = "Почему пересчитали начисления за октябрь по лицевому счёту 100200300?\n" * 10_000
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
          document.activeElement.dispatchEvent(event);
        }""",
        text,
    )
    until(page, f"document.querySelector('{EDITOR}').children.length > 9999")
    for _ in range(3):
        page.evaluate("document.activeElement.offsetHeight")
        page.wait_for_timeout(300)  # it is written out and kept
    line = page.context.new_cdp_session(page)
    line.send("Performance.enable", {"timeDomain": "threadTicks"})

    def laid_out():  # seconds of the processor's time, whatever else the machine does
        return {m["name"]: m["value"] for m in line.send("Performance.getMetrics")["metrics"]}["LayoutDuration"]

    before = laid_out()
    for key in "abc def":
        page.keyboard.press("Space" if key == " " else key)
        page.evaluate("document.activeElement.offsetHeight")
        page.wait_for_timeout(200)  # what is written out after a rest costs no more
    assert (laid_out() - before) / 7 < 0.1  # seconds: nobody sees a delay of a tenth
    assert page.evaluate(f"document.querySelector('{EDITOR}').textContent.length") >= len(text) - 10_000 + 7

"""What a client did is said where they look: the page jumps to the new answer, and its confirmation is in sight."""

import re
import time

import pytest

from tests.e2e.conftest import sign_in
from tests.e2e.test_intake import send_whatever_is_like_it

pytestmark = pytest.mark.xdist_group("product")
# whether nothing lies over its corners and its middle
ON_TOP = """(part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  const points = [[left + 9, top + 3], [right - 9, top + 3], [(left + right) / 2, (top + bottom) / 2],
                  [left + 9, bottom - 3], [right - 9, bottom - 3]];
  return points.every(([x, y]) => part.contains(document.elementFromPoint(x, y)));
}"""
# what shares its place: articles, headings, the facts beside
COVERED = """(part) => {
  const { left, right, top, bottom } = part.getBoundingClientRect();
  return [...document.querySelectorAll("main .art, main h1, main h2, main .guide")].filter((other) => {
    const box = other.getBoundingClientRect();
    return box.left < right && box.right > left && box.top < bottom && box.bottom > top;
  }).map((other) => other.textContent.trim().slice(0, 40));
}"""
TEXT = "Ещё строка.\n\n" * 30  # long enough to be scrolled


@pytest.mark.parametrize(("width", "script"), [(1440, True), (360, True), (1280, False)])
def test_the_confirmation_of_an_answer_is_in_sight(visit, product, width, script):
    page = visit(width=width, height=800, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/?state=open")
    page.locator("main a[href*='/portal/tickets/']").last.click()  # one whose state an answer leaves as it is
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
    assert said.evaluate(ON_TOP)
    assert said.evaluate(COVERED) == []
    article = page.locator(page.evaluate("location.hash"))
    assert box["y"] + box["height"] <= article.bounding_box()["y"]
    assert said.get_by_role("button").count() == int(script)


def answer(page, product, text):
    """Answer in a request whose state an answer leaves as it is; the confirmation."""
    page.goto(f"{product.url}/portal/mine/?state=open")
    page.locator("main a[href*='/portal/tickets/']").last.click()
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").fill(text)
    page.locator("form[data-keep] button[type=submit]", has_text="Ответить").first.click()
    page.wait_for_url("**/#a*")
    said = page.locator(".flash .banner")
    said.wait_for()
    return said


def test_the_confirmation_goes_with_the_next_text_which_stays_in_its_place(visit, product):
    page = visit(width=1440, height=900)
    sign_in(page, product, "client1")
    said = answer(page, product, "Период октябрь 2026.")
    page.locator('[name="body"]').click()
    text = page.locator("[contenteditable=true]")
    text.wait_for()
    top = text.bounding_box()["y"]
    assert said.is_visible()
    page.keyboard.type("И ещё")
    said.wait_for(state="detached")
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert abs(text.bounding_box()["y"] - top) <= 1
    assert text.inner_text() == "И ещё"


@pytest.mark.parametrize("script", [True, False])
def test_what_needed_no_words_is_confirmed_at_the_top(visit, product, script):
    """From the place of an answer further down, which an address without a place would keep."""
    page = visit(height=500, script=script)
    sign_in(page, product, "client3")
    page.goto(f"{product.url}/portal/mine/?state=open")
    page.locator("main a[href*='/portal/tickets/']").nth(int(script)).click()
    page.goto(f"{page.url}#{page.locator('.art').last.get_attribute('id')}")
    page.get_by_label("Следующее состояние").select_option("done")
    page.locator("form[data-keep] button[type=submit]", has_text="Ответить").first.click()
    said = page.get_by_text("специалист закроет заявку").first
    said.wait_for()
    page.wait_for_load_state("networkidle")
    assert said.evaluate(ON_TOP)
    assert said.evaluate(COVERED) == []


def test_the_confirmation_can_be_closed(visit, product):
    page = visit(width=360, height=800)
    sign_in(page, product, "client1")
    said = answer(page, product, "Ещё один ответ.")
    said.get_by_role("button", name="Закрыть сообщение").click()
    said.wait_for(state="detached")


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


# what reaches beyond the column of the facts
BEYOND = """() => {
  const edge = document.querySelector(".guide .facts").getBoundingClientRect().right + 0.5;
  return [...document.querySelectorAll(".guide .facts *")]
    .filter((part) => part.getBoundingClientRect().right > edge || part.scrollWidth > part.clientWidth + 1 && getComputedStyle(part).display !== "inline")
    .map((part) => part.textContent);
}"""


@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_names_stand_whole_within_the_facts(visit, product, width):
    page = visit(width=width)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/?state=all")
    page.locator("main .req", has_text="Светлана Васнецова").first.get_by_role("link").click()
    name = page.locator(".guide .facts .person", has_text="Светлана Васнецова")
    name.wait_for()
    assert page.evaluate(BEYOND) == []
    name.locator(".cut").evaluate("(part) => { part.textContent = 'Константинопольская-Преображенская'.repeat(2); }")
    assert page.evaluate(BEYOND) == []


@pytest.mark.parametrize("script", [True, False])
def test_the_name_of_a_file_is_read_as_the_browser_writes_it(visit, product, script):
    page = visit(script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    page.select_option('[name="queue"]', label="Ошибка")
    page.fill('[name="subject"]', f"Имя {script}")  # the very same subject would be offered as one like it
    file = {"name": 'a<b>&"q".html', "mimeType": "text/html", "buffer": b"x"}
    page.locator("#attachments").set_input_files(file)
    page.get_by_role("button", name="Отправить").click()
    page.wait_for_url("**/portal/tickets/*/")
    page.locator(".thread").get_by_text("a_b_&_q_.html").wait_for()


def names_of(page):
    return [name.strip() for name in page.locator(".files .file .cut").all_text_contents()]


@pytest.mark.parametrize("script", [True, False])
def test_files_keep_their_names_and_the_order_of_choosing(visit, product, script):
    """The first is the slowest, the last stands first in the alphabet."""
    page = visit(script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    page.select_option('[name="queue"]', label="Ошибка")
    files = [("яма.bin", b"x" * 4_000_000), ('Отчёт "за" ноябрь №1 .pdf', b"%PDF"), ("акт.txt", b"1")]
    page.locator("#attachments").set_input_files(
        [{"name": name, "mimeType": "application/octet-stream", "buffer": content} for name, content in files]
    )
    wanted = ["яма.bin", "Отчёт _за_ ноябрь №1 .pdf", "акт.txt"]
    if script:
        assert names_of(page) == wanted
        page.wait_for_function("() => document.querySelectorAll('.files [data-token]').length === 3")
        assert names_of(page) == wanted
    for subject in ("", f"Порядок {script}"):
        page.fill('[name="subject"]', subject)
        page.get_by_role("button", name="Отправить").click()
        page.locator(".error-summary").wait_for() if not subject else page.wait_for_url("**/portal/tickets/*/")
        if not subject:
            assert names_of(page) == wanted
    assert [name.strip() for name in page.locator(".attach .cut").all_text_contents()] == wanted


def test_a_file_too_big_has_one_reason_before_and_after(visit, product, tmp_path):
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(26 * 1024 * 1024)
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    page.locator("#attachments").set_input_files(big)
    remedy = re.compile(r"больше\s25\sМБ\.\sПришлите\sснимки\sили\sссылку")
    page.locator(".file--error", has_text=remedy).wait_for()
    page.get_by_role("button", name="Отправить").click()
    for place in (".error-summary", "#attachments-error"):
        page.locator(place, has_text=remedy).wait_for()
        assert "big.bin" in page.locator(place).inner_text()


LONG = "Заявка-на-обучение-сотрудников-абонентского-отдела-осень-две-тысячи-двадцать-шестого"
# endings of names that stand in more than one piece, or beyond what holds them
TORN = """[...document.querySelectorAll('main .nowrap')].filter((end) => /^\\.\\w+$/.test(end.textContent)).filter((end) => {
  const [box, ...more] = end.getClientRects(), within = end.parentElement.closest('dd, .cut, li').getBoundingClientRect();
  return more.length || box.right > within.right + 1;
}).map((end) => end.parentElement.textContent)"""


@pytest.mark.parametrize(("width", "script"), [(360, True), (1280, True), (360, False)])
def test_the_ending_of_a_file_stays_whole_wherever_its_name_stands(visit, product, width, script):
    page = visit(width=width, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label("Получатель").select_option(label="Обучение")
    if not script:
        page.get_by_role("button", name="Показать поля").click()
    page.locator("input[type=file][id=field_blank]").set_input_files(
        {"name": f"{LONG}.xlsx", "mimeType": "application/octet-stream", "buffer": b"PK"}
    )
    page.locator("#attachments").set_input_files({"name": f"{LONG}.txt", "mimeType": "text/plain", "buffer": b"x"})
    page.get_by_role("button", name="Отправить", exact=True).click()  # without a subject
    page.locator(".error-summary").wait_for()
    assert names_of(page) in ([f"{LONG}.xlsx", f"{LONG}.txt"], [f"{LONG}.txt", f"{LONG}.xlsx"])
    assert page.evaluate(TORN) == []
    page.fill('[name="subject"]', f"Длинное имя {time.time_ns()}")
    page.locator('[name="body"], [contenteditable=true]').locator("visible=true").first.fill("Прошу записать.")
    send_whatever_is_like_it(page)
    assert page.locator(".facts").get_by_text(f"{LONG}.xlsx").is_visible()
    assert page.locator("main .nowrap", has_text=re.compile(r"^\.\w+$")).count() == 3  # in the facts and twice below
    assert page.evaluate(TORN) == []
    assert page.get_by_role("link", name=f"{LONG}.txt 1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [360, 600, 768, 900, 1000, 1024, 1280])
def test_search_and_help_stand_in_the_head_at_every_width(visit, product, width):
    page = visit(width=width)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/")
    head = page.locator(".p-head")
    assert head.get_by_role("link", name="Поиск по заявкам").is_visible() or head.get_by_role("searchbox").is_visible()
    assert head.get_by_role("link", name="Помощь по этой странице").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes = page.evaluate("[...document.querySelectorAll('.p-tabs a')].map(a => a.getBoundingClientRect().height)")
    assert width < 768 or max(boxes) < 64

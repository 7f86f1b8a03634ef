"""The client's editor takes a table of a page as a table, and a big file shows how far it is while it travels."""

import random
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_pasting import EDITOR, EXCEL, PASTE

pytestmark = pytest.mark.xdist_group("product")
PAGE = """<html><head><style>td.sum { color: red }</style></head><body><!--StartFragment-->
<div class="wrap" style="padding: 8px"><table class="grid" style="width: 100%" cellspacing="0"><caption>Сводка</caption>
<thead><tr><th scope="col"><span style="font-weight: 600">Месяц</span></th><th>Начислено</th></tr></thead>
<tbody>
<tr><td><a href="/bills/5" onclick="open()"><span>Май</span></a></td><td class="sum"><div><b style="color: red">1&nbsp;284,60</b></div></td></tr>
<tr><td rowspan="2"><p>Июнь</p></td><td><table><tr><td>вложено</td></tr></table></td></tr>
<tr><td>итого<br>всего</td></tr>
</tbody></table></div><!--EndFragment--></body></html>"""


@pytest.fixture
def unlike():
    """Makes subjects like no other: figures do not count where they are compared."""
    return lambda word: word + "".join(random.choices("абвгдежзиклмнопрстуфхцчшщэюя", k=16))


@pytest.fixture
def page(visit, product):
    page = visit()
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/new/")
    page.select_option('[name="queue"]', label="Кабинет Абонента")
    return page


def editing(page):
    page.locator('[name="body"]').click()
    editor = page.locator(EDITOR)
    expect(editor).to_be_focused()
    return editor


def send(page):
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))


def test_a_table_of_a_page_is_a_table_in_the_stored_article(page, unlike):
    page.fill('[name="subject"]', unlike("Сводка"))
    editor = editing(page)
    page.keyboard.type("До таблицы")
    page.evaluate(PASTE, [{"text/html": PAGE, "text/plain": "Месяц\tНачислено"}, ""])
    expect(editor.locator("table").first).to_be_visible()
    page.keyboard.type("После таблицы")
    send(page)
    text = page.locator(".art .written").first
    expect(text.locator("th")).to_have_text(["Месяц", "Начислено"])
    expect(text.locator("td[rowspan='2']")).to_have_text("Июнь")
    expect(text).to_contain_text("1 284,60")
    html = text.evaluate("(part) => part.innerHTML")
    assert not re.search('style=|class="(?:grid|sum|wrap)|onclick|/bills/', html)
    words = text.inner_text()
    assert words.index("До таблицы") < words.index("Месяц") < words.index("итого") < words.index("После таблицы")


@pytest.mark.parametrize("html", [PAGE, EXCEL], ids=["page", "excel"])
@pytest.mark.parametrize("before", ["", "До таблицы"])
def test_no_empty_line_is_left_round_a_pasted_table(page, unlike, html, before):
    page.fill('[name="subject"]', unlike("Строка"))
    editor = editing(page)
    if before:
        page.keyboard.type(before)
    page.evaluate(PASTE, [{"text/html": html, "text/plain": "Месяц"}, ""])
    expect(editor.locator("table").first).to_be_visible()
    page.keyboard.type("Сразу после")
    lines = editor.evaluate(
        "(root) => [...root.children].map((part) => part.querySelector('table') || part.localName === 'table' ? 'table' : part.textContent.trim())"
    )
    assert lines == [*([before] if before else []), "table", "Сразу после"]


def test_a_table_at_the_end_is_sent_without_an_empty_line_below(page, unlike):
    account = f"45{random.randrange(10**8):08}"  # others ask about that of the table: the form would tell of theirs
    page.fill('[name="subject"]', unlike("Конец"))
    editor = editing(page)
    page.evaluate(PASTE, [{"text/html": EXCEL.replace("4500123871", account), "text/plain": "ЛС"}, ""])
    expect(editor.locator("table")).to_be_visible()
    send(page)
    html = page.locator(".art .written").first.evaluate("(part) => part.innerHTML")
    assert re.search(r"</table>(?:</div>)?\s*$", html), html


def attach_slowly(page, speed):
    """A file of 4 MB over a line that takes so many bytes a second."""
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": speed}
    line.send("Network.emulateNetworkConditions", slow)
    file = {"name": "большой.bin", "mimeType": "application/octet-stream", "buffer": b"x" * 4_000_000}
    page.locator("#attachments").set_input_files(file)


def test_how_far_a_big_file_is_shows_while_it_travels(page):
    attach_slowly(page, 1_000_000)
    bar = page.locator(".file progress")
    expect(bar).to_be_visible()
    expect(bar).to_have_accessible_name(re.compile(r"большой\.bin"))
    seen = []
    while bar.count() and len(seen) < 400:
        seen += [(bar.evaluate_all("(bars) => bars[0]?.value"), page.locator(".file__size").inner_text())]
        page.wait_for_timeout(50)
    values = [value for value, _ in seen if value is not None]
    assert values == sorted(values) and len({value for value in values if 0 < value < 100}) >= 3, values
    assert any(re.search(r"^\d[\d,]*\s.?Б из 3,8\sМБ$", words) for _, words in seen), seen[:5]
    expect(page.locator(".file [data-token]")).to_have_count(1)
    assert re.fullmatch(r"3,8\sМБ", page.locator(".file__size").inner_text())


def test_a_big_file_can_be_taken_out_while_it_travels(page):
    attach_slowly(page, 200_000)
    expect(page.locator(".file progress")).to_be_visible()
    page.get_by_role("button", name="Убрать файл «большой.bin»").click()
    expect(page.locator(".file")).to_have_count(0)


def test_the_button_says_how_much_of_a_long_sending_has_gone(page, unlike):
    page.fill('[name="subject"]', unlike("Долго"))
    editing(page)
    page.keyboard.type("Файл в приложении")
    attach_slowly(page, 1_000_000)
    button = page.locator("form[data-send] .send button[type=submit]").first
    label = button.inner_text()
    button.click()
    expect(button).to_have_text(re.compile(r"Отправляем…\s\d+\s%"))
    assert label != button.inner_text()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"), timeout=30_000)


WIDE = (
    "<table>"
    + 3 * ("<tr>" + "".join(f"<td>Начислено{n}</td><td>450000000{n}</td>" for n in range(6)) + "</tr>")
    + "</table>"
)
BROKEN = """(root) => [...root.querySelectorAll("td")].filter((cell) => {
  const range = document.createRange();
  range.selectNodeContents(cell);
  return range.getClientRects().length > 1;
}).length"""


@pytest.mark.parametrize("width", [1280, 360])
def test_words_of_a_wide_table_stay_whole_and_the_caret_in_sight(visit, product, unlike, width):
    page = visit(width=width, height=600)
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/new/")
    page.select_option('[name="queue"]', label="Кабинет Абонента")
    page.fill('[name="subject"]', unlike("Ширина"))
    editor = editing(page)
    page.evaluate(PASTE, [{"text/html": WIDE, "text/plain": "Начислено"}, ""])
    expect(editor.locator("table")).to_be_visible()
    assert editor.evaluate(BROKEN) == 0
    send(page)
    text = page.locator(".art .written").first
    assert text.evaluate(BROKEN) == 0
    assert text.evaluate(
        "(root) => { const one = root.querySelector('table'); return one.scrollWidth > one.clientWidth; }"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


STYLED = [
    '<p title="a > b" style="color:red">слово</p>', '<p/style="color:red">слово</p>', '<p title=">"style=color:red>слово</p>',
    "<p title='\"&gt;\">' STYLE = 'color:red'>слово</p>", "слово<style>p{color:red}", "<style>p{color:red}</style >слово",
]  # fmt: skip


def test_no_style_of_what_is_pasted_is_tried_out(page):
    """The browser complains of each that it meets, which fails the test (`visit`)."""
    editor = editing(page)
    for markup in STYLED:
        page.evaluate(PASTE, [{"text/html": markup, "text/plain": "слово"}, ""])
    expect(editor).to_contain_text("слово")
    assert "style" not in editor.inner_html()


def test_after_a_long_table_the_place_to_write_is_in_sight(page, unlike):
    rows = "".join(f"<tr><td>{n}</td></tr>" for n in range(120))
    editing(page)
    page.evaluate(PASTE, [{"text/html": f"<table>{rows}</table>", "text/plain": "1"}, ""])
    page.wait_for_function(
        """() => { const at = getSelection().getRangeAt(0).startContainer, part = at instanceof Element ? at : at.parentElement;
                   const box = part.getBoundingClientRect(), own = part.closest("[contenteditable]").getBoundingClientRect();
                   return box.bottom <= Math.min(innerHeight, own.bottom) + 1 && box.top >= 0; }"""
    )

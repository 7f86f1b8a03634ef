"""«Поиск» as people meet it: wide, on a phone, by keys alone, without scripts; what is taken along opens elsewhere."""

import re
import zipfile

import pytest
from lxml import etree

from tests.e2e.conftest import sign_in
from tests.e2e.looks import flaws

pytestmark = pytest.mark.xdist_group("product")

SHEET = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def look(page):
    """One heading, no sideways scrolling, nothing that a reader aloud stumbles over."""
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert flaws(page) == []


@pytest.mark.parametrize(("width", "script"), [(1280, True), (360, True), (1280, False)])
def test_conditions_chips_and_a_saved_search(visit, product, width, script):
    page = visit(width=width, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/")
    page.get_by_label("Что найти").fill("начисл*")
    page.get_by_text("Номер, слова, файлы").click()
    page.get_by_label("Слова в теме").fill("начислять")
    page.get_by_label("Закрыта", exact=True).check()
    page.get_by_role("button", name="Показать").click()
    page.get_by_role("heading", name=re.compile("Найден")).wait_for()
    assert page.locator(".chip").count() == 3
    assert page.locator(".results mark").count() > 0
    assert page.get_by_label("Слова в теме").is_visible()  # a group with something set stands open
    if script:
        look(page)
    page.get_by_label("Убрать условие «в теме»").click()
    page.wait_for_url(lambda address: "subject" not in address)
    name = f"Закрытые {width} {script}"
    page.get_by_text("Сохранить этот поиск").click()
    page.get_by_label("Название поиска").fill(name)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_text("Поиск сохранён").wait_for()
    assert page.locator(".chip").count() == 2
    page.get_by_role("link", name="Все поиски, названия, доступ").click()
    box = page.locator(".saved-one", has_text=name)
    box.get_by_label("Название поиска").fill(f"{name} и ещё")
    box.get_by_role("button", name="Сохранить изменения").click()
    page.get_by_text("Поиск изменён").wait_for()
    if script:
        look(page)
    page.locator(".saved-one", has_text=name).get_by_role("button", name="Удалить").click()
    page.get_by_text("Поиск удалён").wait_for()
    assert page.get_by_text(name).count() == 0


MANY = "q=начисл*&state=closed&state=open&state=done&state=new&priority=3&priority=4&sort=fit"  # seven conditions


def test_results_begin_high_on_a_phone_whatever_was_asked(visit, product):
    """The conditions are one line above the results, which can be moved; the form stands below, one press away."""
    page = visit(width=360)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?{MANY}")
    tops = (
        "[...document.querySelectorAll('.find, .results, .sorts, .chips')].map(e => e.getBoundingClientRect().toJSON())"
    )
    field, chips, sorts, results = page.evaluate(tops)
    assert results["top"] - field["top"] < 240, (field, results)
    first = page.locator(".results .req__title2").first.bounding_box()
    bar = page.locator(".p-tabs").bounding_box()
    page.set_viewport_size({"width": 360, "height": 640})
    assert page.locator("#found").bounding_box()["y"] > 0 and first["y"] + first["height"] < min(
        bar["y"], 640 - bar["height"]
    )
    assert page.get_by_text("Порядок:").is_visible() and page.get_by_text("Сохранить этот поиск").is_visible()
    assert chips["height"] < 56 and sorts["height"] < 48, (chips, sorts)
    assert page.locator(".chip").count() == 7
    look(page)
    last = page.locator(".chip a").last
    last.focus()
    box = last.bounding_box()
    assert 0 < box["x"] < 360 - box["width"]
    page.get_by_role("link", name="Условия: 7").click()
    page.get_by_label("Закрыта", exact=True).wait_for()
    assert page.evaluate("document.querySelector('#params').getBoundingClientRect().top < innerHeight / 2")
    back = page.get_by_role("link", name="Вернуться к найденному")
    assert back.count() == 2  # at both ends of the conditions, and in sight between them
    page.mouse.wheel(0, 700)
    page.wait_for_timeout(100)
    assert any(0 < one.bounding_box()["y"] < 640 - 64 for one in back.all())
    back.last.click()
    page.wait_for_timeout(100)
    assert page.evaluate("0 <= document.querySelector('#found').getBoundingClientRect().top")
    assert page.evaluate("document.querySelector('#found').getBoundingClientRect().top < innerHeight / 2")


# what is cut within its own box; strips that are moved by a finger, and lines that end in «…» on purpose, are not
CUT = """[...document.querySelectorAll('body *')].filter(e => {
    if (!e.checkVisibility() || e.closest('.vh, svg, .skip, .chips, .saved, .cut, .cut2, textarea, select, input')) return false;
    return getComputedStyle(e).overflowX !== 'visible' && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1;
}).map(e => `${e.localName}.${e.className}: ${e.textContent.trim().slice(0, 40)}`)"""


def test_nothing_is_cut_within_its_box_on_a_phone(visit, product):
    """«сначала подходящие» was cut at the edge of the screen, though the page itself fitted."""
    page = visit(width=360)
    sign_in(page, product, "client1")
    for path in (f"search/?{MANY}", "search/?q=пени", "search/", "mine/", "company/?state=all&sort=due", "new/", "news/",
                 "drafts/", "help/"):  # fmt: skip
        page.goto(f"{product.url}/portal/{path}")
        assert page.evaluate(CUT) == [], path
    page.goto(f"{product.url}/portal/mine/")
    page.locator(".req__title").first.click()
    page.locator(".p-title--ticket").wait_for()
    assert page.evaluate(CUT) == []


# what is pressed: its own box, or that of the label around it
SMALL = """[...document.querySelectorAll('main a, main button, main summary, main input, main select')]
    .map(e => e.closest('label') || e).filter(e => e.checkVisibility() && !e.closest('.vh, .skip'))
    .map(e => [e.textContent.trim().slice(0, 40), e.className, e.getBoundingClientRect()])
    .filter(([, , box]) => box.width > 1 && (box.height < 43.9 || box.width < 43.9))
    .map(([text, name, box]) => `${text} .${name}: ${box.width}×${box.height}`)"""


@pytest.mark.parametrize("query", ["", MANY, "q=начисл*&queue=1&from=abc", "q=пени&sort=fit"])
def test_what_is_pressed_is_as_wide_as_a_finger_on_a_phone(visit, product, query):
    page = visit(width=360)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?{query}")
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    assert page.locator("main input").count() > 10
    assert page.evaluate(SMALL) == []
    look(page)


@pytest.mark.parametrize("width", [1280, 1440])
def test_the_companys_table_gives_room_by_content(visit, product, width):
    """All columns fit beside one another, the subject has the most; nothing is torn apart within a column."""
    page = visit(width=width)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?sort=due&state=all")
    widths = page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.lines thead th')].map(e => [e.className, e.offsetWidth]))"
    )
    assert widths["c-subject"] == max(widths.values()) >= 200, widths
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('.lines-box'))"), widths
    torn = "[...document.querySelectorAll('.lines tbody .nowrap')].filter(e => e.getClientRects().length > 1).length"
    assert page.evaluate(torn) == 0
    page.goto(f"{product.url}/portal/company/?sort=due&state=closed")  # nothing is promised any more
    assert page.evaluate("document.querySelector('.lines .c-due').offsetWidth") < 110


@pytest.mark.parametrize("width", [1280, 1100])
def test_the_heads_of_the_companys_table_stand_on_whole_words(visit, product, width):
    page = visit(width=width)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/company/?sort=due")
    cut = """[...document.querySelectorAll('.lines thead th')].filter(e => {
        const range = document.createRange(), text = e.querySelector('a')?.firstChild || e.firstChild;
        range.selectNodeContents(text);
        const words = text.textContent.trim().split(/\\s+/).length;
        return new Set([...range.getClientRects()].map(r => Math.round(r.top))).size > words
               || e.scrollWidth > e.clientWidth;
    }).map(e => e.textContent)"""
    assert page.evaluate(cut) == []


@pytest.mark.parametrize(("width", "seen"), [(360, 2), (900, 2), (1280, 0)])
def test_conditions_below_what_is_found_lead_back_up(visit, product, width, seen):
    page = visit(width=width)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q=пени")
    below = "document.querySelector('#params').getBoundingClientRect().top > document.querySelector('.results').getBoundingClientRect().top"
    assert page.evaluate(below) == bool(seen)
    ways = [page.locator('a[href="#params"]'), page.locator('#params a[href="#found"]')]
    assert [way.locator("visible=true").count() for way in ways] == [bool(seen), seen]


@pytest.mark.parametrize("script", [True, False])
def test_a_notice_takes_two_lines_of_a_phone(visit, product, script):
    page = visit(width=360, script=script)
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/mine/")
    notice = page.locator(".told .banner")
    assert notice.bounding_box()["height"] < 70
    assert not page.get_by_text("Программа расчётов").locator("visible=true").count()
    notice.get_by_text("подробнее").click()
    assert page.get_by_text("Программа расчётов").locator("visible=true").count() == 1
    assert notice.get_by_role("button").is_visible()


def test_what_is_wrong_is_told_at_its_field_and_the_rest_searched(visit, product):
    page = visit(width=360)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q=пени&changed_days=много&field_gone=5")
    page.get_by_role("heading", name="Поиск не выполнен").wait_for()
    assert page.get_by_label("или за последние … дней").nth(2).is_visible()
    look(page)
    page.get_by_role("link", name="Искать без того, что не понято").click()
    page.get_by_role("heading", name=re.compile("Найден")).wait_for()


def test_everything_is_reached_by_keys(visit, product):
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q=пени")
    page.get_by_label("Что найти").focus()
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        text = page.evaluate("document.activeElement.textContent.trim() || document.activeElement.name")
        seen.add(text)
        if text == "Получатель":
            page.keyboard.press("Enter")
    assert {"Найти", "Получатель", "Консультация" if "Консультация" in seen else "queue", "Показать", "XLSX"} <= seen
    assert {"Сохранить этот поиск", "сначала подходящие"} <= seen


@pytest.mark.parametrize("script", [True, False])
def test_a_workbook_is_what_the_screen_shows(visit, product, script, tmp_path):
    page = visit(script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q=пени")
    shown = [re.sub(r"\D", "", one) for one in page.locator(".results .num").all_inner_texts()]
    with page.expect_download() as download:
        page.get_by_role("link", name="XLSX").click()
    assert re.fullmatch(r"заявки-\d{4}-\d\d-\d\d\.xlsx", download.value.suggested_filename)
    download.value.save_as(tmp_path / "found.xlsx")
    with zipfile.ZipFile(tmp_path / "found.xlsx") as book:
        rows = list(etree.fromstring(book.read("xl/worksheets/sheet1.xml")).iterfind(".//m:row", SHEET))
    numbers = ["".join(row.find("m:c", SHEET).itertext()) for row in rows[1:]]
    assert numbers[: len(shown)] == shown and len(numbers) >= len(shown) > 0
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "found.csv")
    content = (tmp_path / "found.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") and content.count(b"\r\n") == len(rows)
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").click()
    download.value.save_as(tmp_path / "found.pdf")
    assert (tmp_path / "found.pdf").read_bytes().startswith(b"%PDF")


def test_a_shared_search_is_found_by_a_colleague(visit, product):
    """The chief keeps a search for the colleagues; one who sees all of the company's requests opens it."""
    page = visit()
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/search/?q=пени")
    page.get_by_text("Сохранить этот поиск").click()
    page.get_by_label("Название поиска").fill("Пени на всех")
    page.get_by_label("Кто видит").select_option(index=1)
    page.get_by_role("button", name="Сохранить", exact=True).click()
    page.get_by_text("Поиск сохранён").wait_for()
    colleague = visit(width=360)
    sign_in(colleague, product, "client2")
    colleague.goto(f"{product.url}/portal/search/saved/")
    found = colleague.locator(".saved-one", has_text="Пени на всех")
    assert "слова: пени" in found.inner_text() and found.get_by_role("button").count() == 0
    look(colleague)
    found.get_by_role("link", name="Пени на всех").click()
    colleague.get_by_role("heading", name=re.compile("Найден")).wait_for()
    page.goto(f"{product.url}/portal/search/saved/")
    page.locator(".saved-one", has_text="Пени на всех").get_by_role("button", name="Убрать у коллег").click()
    page.get_by_text("он остаётся у вас").wait_for()
    page.locator(".saved-one", has_text="Пени на всех").get_by_role("button", name="Удалить").click()
    colleague.goto(f"{product.url}/portal/search/saved/")
    assert colleague.get_by_text("Пени на всех").count() == 0

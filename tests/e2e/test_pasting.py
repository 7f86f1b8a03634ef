"""What is pasted into the editor: a table stays one, a picture stands in the text as a file, Word's text comes clean."""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.desk.conftest import address
from tests.e2e.test_desk import desk, enter

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
EDITOR = "[contenteditable=true]"
PNG = base64.b64encode(
    base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
).decode()
EXCEL = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><style><!-- td {color:black;} .xl65 {mso-number-format:0} --></style></head>
<body><table border=0 cellpadding=0 width=128 style='border-collapse:collapse;width:96pt'><col width=64 span=2>
<!--StartFragment--><tr height=20><td class=xl65 height=20 width=64>ЛС</td><td>Сумма</td></tr>
<tr><td colspan=2 onclick="alert(1)">4500123871</td></tr><!--EndFragment--></table></body></html>"""
WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta name=Generator content="Microsoft Word 15">
<style>p.MsoNormal {margin:0cm; font-family:"Calibri"}</style><xml><w:WordDocument/></xml></head><body>
<p class=MsoNormal style='margin-bottom:0cm'><b style='mso-bidi-font-weight:normal'><span lang=RU style='color:red'>Просим<o:p></o:p></span></b></p>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp; </span></span></span><![endif]>первое</p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·&nbsp;</span>второе</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.&nbsp;</span>раз</p>
<img src="https://example.com/spy.png"><script>alert(1)</script></body></html>"""
PASTE = """([kinds, picture]) => {
  const clipboardData = new DataTransfer();
  for (const [kind, text] of Object.entries(kinds)) clipboardData.setData(kind, text);
  if (picture) {
    const bytes = Uint8Array.from(atob(picture), (sign) => sign.charCodeAt(0));
    clipboardData.items.add(new File([bytes], "image.png", { type: "image/png" }));
  }
  document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def writing(visit, desk):
    page = visit()
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator('[name="body"]').click()
    expect(page.locator(EDITOR)).to_be_focused()

    def paste(kinds, picture=""):
        page.evaluate(PASTE, [kinds, picture])

    page.paste = paste
    return page


def written(page):
    """What the form would send."""
    page.locator(EDITOR).blur()
    return page.locator("textarea[name=body]").input_value()


def test_a_table_of_excel_stays_a_table_though_its_picture_comes_along(writing):
    writing.paste({"text/html": EXCEL, "text/plain": "ЛС\tСумма\n4500123871"}, PNG)
    expect(writing.locator(f"{EDITOR} td")).to_have_count(3)
    html = written(writing)
    assert '<td colspan="2">4500123871' in html and "<table" in html
    assert not re.search("class=|style|onclick|mso|xl65|<img", html)
    expect(writing.locator("[data-files] .file")).to_have_count(0)


def test_text_of_word_comes_clean_and_its_lists_as_lists(writing):
    writing.paste({"text/html": WORD, "text/plain": "Просим"})
    expect(writing.locator(f"{EDITOR} ul > li")).to_have_text(["первое", "второе"])
    expect(writing.locator(f"{EDITOR} ol > li")).to_have_text(["раз"])
    html = written(writing)
    assert re.search("<(?:b|strong)>Просим", html)
    assert not re.search("mso|Mso|style|class=|<o:|<span|<img|script|alert|·", html)


def test_footnotes_of_word_keep_their_text_and_its_empty_paragraphs_go(writing):
    writing.paste({
        "text/html": """<p class=MsoNormal>Долг<a href="#_ftn1" name="_ftnref1"><span class=MsoFootnoteReference>[1]</span></a></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p>&nbsp;</p><p class=MsoToc1><a href="#_Toc5">Итог</a> <a href="https://example.com/">сайт</a></p>
<div id=ftn1><p class=MsoFootnoteText><a href="#_ftnref1" name="_ftn1">[1]</a> с пенями</p></div>""",
        "text/plain": "Долг",
    })  # fmt: skip
    expect(writing.locator(EDITOR)).to_have_text(re.compile(r"^\s*Долг\[1\]\s*Итог сайт\s*\[1\] с пенями\s*$"))
    expect(writing.locator(f"{EDITOR} a")).to_have_count(1)
    html = written(writing)
    assert not re.search(r"#|name=|&nbsp;|\xa0|<(p|div)>(<br>)?</\1>\s*<\w", html), html


def test_a_picture_stands_in_the_text_and_is_a_file_of_the_form(writing):
    writing.keyboard.type("Вот: ")
    writing.paste({}, PNG)
    shown = writing.locator(f"{EDITOR} img")
    expect(shown).to_have_attribute("src", re.compile(r"/desk/uploads/.*file=\d+"))
    expect(writing.locator("[data-files] .file")).to_have_count(1)
    assert shown.evaluate("(picture) => picture.decode().then(() => picture.naturalWidth)") == 1
    assert re.search(r'<img[^>]* src="cid:kept-\d+"|<img src="cid:kept-\d+"', written(writing))
    writing.get_by_role("button", name=re.compile("Отправить клиенту")).click()
    expect(writing.locator(".msg img, article img").first).to_have_attribute("src", re.compile("inline=1"))


def test_a_picture_stands_in_a_line_of_its_own_and_the_text_goes_on_below_it(writing):
    """It stood within the line and tore the text apart."""
    writing.keyboard.type("Выше и ниже")
    for _ in range(5):
        writing.keyboard.press("ArrowLeft")
    writing.paste({}, PNG)
    shown = writing.locator(f"{EDITOR} img")
    expect(shown).to_have_attribute("src", re.compile(r"file=\d+"))
    writing.keyboard.type("и ещё ")
    lines = "e => [...e.children].map(line => line.querySelector('img') ? `[${line.textContent}]` : line.textContent.trim())"
    assert writing.locator(EDITOR).evaluate(lines) == ["Выше и", "[]", "и ещё ниже"]
    writing.locator("[data-files] .file [data-remove]").click()
    expect(shown).to_have_count(0)
    assert writing.locator(EDITOR).evaluate(lines) == ["Выше и", "и ещё ниже"]


def test_a_picture_goes_with_its_line_of_the_list(writing):
    writing.paste({}, PNG)
    expect(writing.locator(f"{EDITOR} img")).to_have_attribute("src", re.compile(r"file=\d+"))
    writing.locator("[data-files] .file [data-remove]").click()
    expect(writing.locator(f"{EDITOR} img")).to_have_count(0)
    assert "<img" not in written(writing)

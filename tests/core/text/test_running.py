"""Markup in one line: what stood in cells, rows and items of lists stays apart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.core.text.running import running
from helpdesk.core.text.safe import snippet


def table(*rows):
    return "<table>" + "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows) + "</table>"


@pytest.mark.parametrize(
    ("html", "line"),
    [
        (table(["ЛС", "Сумма"], ["4500", "12,50"]), "ЛС · Сумма; 4500 · 12,50"),
        (f"<p>Итог</p>{table(['ЛС', 'Сумма'], ['4500', ''])}<p>Конец</p>", "Итог ЛС · Сумма; 4500 Конец"),
        (table(["Период:", "01.2026 г."], ["Дом №", "5."]), "Период: · 01.2026 г.; Дом № · 5."),
        (table(["4500", "12,50"]), "4500 · 12,50"),  # one row alone
        (table(["Первая"], ["Вторая"]), "Первая; Вторая"),  # one column
        (table(["", "Сумма"], ["", ""], ["5", "6"]), "Сумма; 5 · 6"),
        (table(["<p>ул. Мира</p><p>дом 5</p>", "a<br>b"]), "ул. Мира дом 5 · a b"),
        (table(["до", table(["а", "б"], ["в", "г"])]), "до а · б; в · г"),
        ("<table><thead><tr><th>А</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>", "А; 1 · 2"),
        ("<table><caption>Долги</caption><tr><td>1</td><td>2</td></tr></table>", "Долги 1 · 2"),
        ("<ul><li>раз</li><li>два<ul><li>под</li></ul></li></ul><p>всё</p>", "раз; два; под всё"),
        ("<p>Шаги:</p><ol><li>вошёл</li><li>нажал</li></ol>", "Шаги: 1. вошёл; 2. нажал"),
        ('<ol start="3"><li>вошёл.</li><li>нажал</li></ol>', "3. вошёл. 4. нажал"),
        ("<ul><li>раз;</li><li>два,</li><li><p>три</p></li></ul>", "раз; два, три"),
        ("<ul><li></li><li>раз</li></ul>", "раз"),
        ("<p>a &lt;b&gt; &amp; c&nbsp;d</p><p>дальше</p>", "a <b> & c d дальше"),
        ("сло<b>во</b>, <i>да</i>", "слово, да"),
        ('<p><img src="cid:1" alt="снимок">текст</p>', "текст"),
        ("", ""),
    ],
)
def test_running_text_of_markup(html, line):
    assert running(from_editor(html).html) == line


def test_cut_markup_loses_its_last_tag_alone():
    assert running("<p>раз</p><table><tr><td>два</td><t") == "раз два"


@given(st.text(alphabet='<>/tdrliolu p="&;а1.;', max_size=300))
def test_running_text_never_raises(text):
    assert "\n" not in running(text)
    assert "<td>" not in running(from_editor(text).html)


def test_time_is_linear():
    assert len(running("<ul><li>" * 50_000)) == 0
    assert running("<" * 300_000) == "<" * 300_000


def test_excerpt_of_a_rich_text_keeps_cells_apart_and_of_a_plain_one_its_columns():
    assert snippet(from_editor(table(["4500", "12,50."], ["4501"])).running) == "4500 · 12,50.; 4501"
    assert snippet(from_plain("ЛС    Сумма\n4500  12,50").running) == "ЛС · Сумма; 4500 · 12,50"
    assert RichText("только текст", "<p>только <b>текст</b></p>").running == "только текст"

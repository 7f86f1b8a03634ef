"""Strings as PostgreSQL stores them and as names and subjects stand in one line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.text.safe import FILE_NAME_LENGTH, file_name, one_line, snippet, storable, uploaded_name

ANY = st.text(alphabet=st.characters(), max_size=60)


def test_storable_drops_only_what_cannot_be_stored():
    assert storable("а\x00б\ud800в\r\nг\rд\u2028е\tж\x07\ufffe") == "абв\nг\nд\nе\tж"
    assert storable("\ud83d\ude00") == "😀"
    assert storable("👨\u200d👩 и\u0306") == "👨\u200d👩 и\u0306"


@given(ANY)
def test_storable_text_can_be_written_and_is_stable(text):
    once = storable(text)
    once.encode("utf-8")
    assert "\x00" not in once
    assert storable(once) == once


@pytest.mark.parametrize(
    ("given_text", "shown"),
    [
        ("Тема\r\nBcc: a@example.org", "Тема Bcc: a@example.org"),
        ("а\u2028б\x00в", "а бв"),
        ("\u200b\ufeffТема\u200b ", "Тема"),
        ("\u202eexe.gpj\u202c", "exe.gpj"),
        ("  много    места ", "много места"),
        ("\u200b\u200b", ""),
        ("👨\u200d👩", "👨\u200d👩"),
    ],
)
def test_one_line(given_text, shown):
    assert one_line(given_text) == shown


def test_one_line_is_cut_with_an_ellipsis():
    assert one_line("я" * 300, 200) == "я" * 199 + "…"
    assert len(one_line("a " * 5_000_000, 50)) <= 50


@pytest.mark.parametrize(
    ("given_name", "label"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Отчёт за октябрь.xls", "Отчёт за октябрь.xls"),
        ("C:\\Users\\Анна\\акт.pdf", "акт.pdf"),
        ("CON", "CON"),
        ("\u200b.htaccess", ".htaccess"),
        ("фото\u202egpj.exe", "фотоgpj.exe"),
        ("акт\r\nX: y.pdf", "акт X_ y.pdf"),
        ("a.html\x00.png", "a.html.png"),
        ("", "file"),
        ("..", "file"),
        ("   ", "file"),
        ("///", "file"),
        ('a"b<c>.txt', "a_b_c_.txt"),
    ],
)
def test_file_name(given_name, label):
    assert file_name(given_name) == label


@pytest.mark.parametrize(
    ("sent", "label"),
    [
        ("a<b>&%22q%22.html", "a_b_&_q_.html"),
        ("a%0D%0Ab.txt", "a b.txt"),
        ("100% %2F%2e%0d%3C.txt", "100% %2F%2e%0d%3C.txt"),
        ("%2522.txt", "%2522.txt"),
        ("%0A", "file"),
    ],
)
def test_what_browsers_write_in_names_of_files_is_undone_and_nothing_else(sent, label):
    assert uploaded_name(sent) == label


def test_long_file_name_keeps_its_extension():
    label = file_name("ж" * 5_000 + ".tar.gz")
    assert len(label) == FILE_NAME_LENGTH
    assert label.endswith("….tar.gz")


@given(ANY)
def test_any_file_name_is_a_label(name):
    label = file_name(name)
    assert 0 < len(label) <= FILE_NAME_LENGTH
    assert not set(label) & set("/\\\r\n\x00\u202e")


def test_snippet_ends_at_a_word():
    assert snippet("Не могу войти\nв личный кабинет, пишет «неверный пароль»", 30) == "Не могу войти в личный…"
    assert snippet("коротко") == "коротко"


TABLE = "Итог\n\nЛС    Сумма\n4500  12,50\n\n\nКонец"  # as from_html lays it out


def test_snippet_keeps_the_cells_of_a_table_apart():
    assert snippet(TABLE) == "Итог ЛС · Сумма; 4500 · 12,50 Конец"
    typed = "Два слова.  И ещё,  да  нет\nследующая строка"
    assert snippet(typed) == "Два слова. И ещё, да нет следующая строка"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Прошу:\n  * раз\n  * два\n      + под\nВсё", "Прошу: раз; два; под Всё"),
        ("- раз;\n- два.\n", "раз; два."),
        (" 1. вошёл\n 2. нажал", "1. вошёл; 2. нажал"),
        ("— Да?\nнет\n- одно", "— Да? нет - одно"),  # no list
        ("12. Дом\nулица", "12. Дом улица"),
        ("Итого\n-5\n-6", "Итого -5 -6"),
    ],
)
def test_snippet_keeps_the_items_of_a_list_apart(text, line):
    assert snippet(text) == line

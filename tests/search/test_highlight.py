import pytest
from django.db import connection

from helpdesk.search.highlight import BEFORE, LENGTH, Forms, forms, marked, passage, with_piece
from helpdesk.search.language import read
from helpdesk.search.stops import STOPS

pytestmark = pytest.mark.django_db


def found(parts):
    return [part.text for part in parts if part.found]


def test_forms_of_a_word_are_found_and_other_words_with_its_beginning_are_not():
    text = "Начисление и начислениям, Начислений; начальник, домофон, дом, ДОМА, расчёт и расчетом"
    terms = read("начисление дом расчёт").terms
    assert found(marked(text, forms([text], terms))) == [
        "Начисление", "начислениям", "Начислений", "дом", "ДОМА", "расчёт", "расчетом",
    ]  # fmt: skip


def test_a_beginning_marks_whatever_begins_so():
    text = "домофон, дом, Москва"
    assert found(marked(text, forms([text], read("дом*").terms))) == ["домофон", "дом"]


def test_what_is_excluded_is_not_marked():
    text = "акт сверки"
    assert found(marked(text, forms([text], read("акт -сверки").terms))) == ["акт"]


def test_parts_joined_are_the_text_and_markup_stays_text():
    text = "<b>акт</b> & «акты»\n\tсвер\u00adки"
    parts = marked(text, forms([text], read("акт сверка").terms))
    assert "".join(part.text for part in parts) == text
    assert found(parts) == ["акт", "акты", "свер\u00adки"]


def test_a_passage_shows_the_first_found_word_in_its_surroundings():
    text = "начало " * 200 + "вот сальдо здесь " + "конец " * 200
    shown = passage(text, Forms(frozenset(["сальдо"])))
    whole = "".join(part.text for part in shown)
    assert found(shown) == ["сальдо"]
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) <= LENGTH + 4
    assert whole.index("сальдо") <= BEFORE + 3


def test_a_passage_without_a_found_word_is_the_beginning():
    assert passage("Одна\nстрока", Forms()) == [("Одна строка", False)]
    assert passage("", Forms()) == []


def test_a_passage_of_one_endless_word_is_cut():
    assert len("".join(part.text for part in passage("ы" * 10_000, Forms()))) <= LENGTH + 4


def test_pieces_of_words_are_marked_as_they_stand():
    assert found(with_piece("Расчёт пересчета", ["счет"])) == ["счёт", "счет"]


def test_a_passage_keeps_the_cells_of_a_table_apart():
    shown = passage("ЛС    Сумма\n4500  12,50", Forms(frozenset(["сумма"])))
    assert [(part.text, part.found) for part in shown] == [("ЛС · ", False), ("Сумма", True), ("; 4500 · 12,50", False)]


@pytest.mark.parametrize(
    ("query", "text", "shown"),
    [
        ('"единая квитанция"', "Квитанция единая, единой квитанции нет, единая", ["единой", "квитанции"]),
        ('"заявка на доступ"', "Заявка, доступ; заявку на доступ", ["заявку", "на", "доступ"]),
        ('"акт сверки" акт', "сверка, акт и сверка, акт сверки", ["акт", "акт", "сверки"]),
        ("кв102", "кв. 102 и д. 102, кв. 5, кв102", ["кв", "102", "кв102"]),
        ("err-500", "500, Error 500, error 5", ["Error", "500"]),
        ('"пени за мар*"', "за март пени, пени за марте", ["пени", "за", "марте"]),
        ("0450-018-812", "ЛС 0450018812, 0450, 018", ["0450018812"]),
        ("как возврат", "как вернуть, где возвраты", ["возвраты"]),
        ('"и в"', "и в на", []),
    ],
)
def test_words_in_a_row_are_marked_where_they_stand_so_alone(query, text, shown):
    assert found(marked(text, forms([text], read(query).terms))) == shown


def test_the_words_that_no_index_holds_are_the_databases_own():
    with connection.cursor() as cursor:
        cursor.execute("SELECT w FROM unnest(%s::text[]) w WHERE to_tsvector('russian', w) = ''", [sorted(STOPS)])
        assert {row[0] for row in cursor.fetchall()} == STOPS

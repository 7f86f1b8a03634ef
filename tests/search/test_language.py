import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.language import (
    LONGEST_QUERY,
    MOST_TERMS,
    Term,
    as_tsquery,
    fleeting,
    folded,
    grouped_figures,
    indexable,
    joined_figures,
    read,
    words_of,
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("сальдо", [Term(("сальдо",))]),
        ("  Сальдо   СВЕРКА ", [Term(("сальдо",)), Term(("сверка",))]),
        ('"акт сверки"', [Term(("акт", "сверки"))]),
        ("«УК Заря»", [Term(("ук", "заря"))]),
        ("-пени сальдо", [Term(("пени",), without=True), Term(("сальдо",))]),
        ('-"акт сверки" пени', [Term(("акт", "сверки"), without=True), Term(("пени",))]),
        ("начисл*", [Term(("начисл",), beginning=True)]),
        ("а*", [Term(("а",))]),
        ("2 299,18", [Term(("2299", "18"), fraction=True)]),
        ("-2 299.18 пени", [Term(("2299", "18"), without=True, fraction=True), Term(("пени",))]),
        ("1 250 299,5", [Term(("1250299", "5"), fraction=True)]),
        ("8 (913) 555-12-34 пени", [Term(("89135551234",)), Term(("пени",))]),
        ("тел. +7 913 555 12 34", [Term(("тел",)), Term(("79135551234",))]),
        ("913 555 12 34", [Term(("9135551234",))]),
        ("45001 34567", [Term(("45001",)), Term(("34567",))]),
        ("Ёлка", [Term(("елка",))]),
        ("ivan@example.com", [Term(("ivan", "example", "com"))]),
        ("1С-Битрикс", [Term(("1с", "битрикс"))]),
        ('"не закрыта', [Term(("не", "закрыта"))]),
        ("пени пени", [Term(("пени",))]),
        ('% _ & | ! ( ) : * \' \\ -- ""', []),
        ("ЛС0123456789", [Term(("0123456789",))]),
        ("л/с 0123456789", [Term(("0123456789",))]),
        ("пени лс: 0123456789", [Term(("пени",)), Term(("0123456789",))]),
        ("лицевой счёт 0123456789 пени", [Term(("0123456789",)), Term(("пени",))]),
        ("«лицевой счёт» № 4567", [Term(("4567",))]),
        ("ЛС 0123*", [Term(("0123",), beginning=True)]),
        ("лицевой счёт", [Term(("лицевой",)), Term(("счет",))]),
        ("-лс 0123456789", [Term(("лс",), without=True), Term(("0123456789",))]),
        ("ЛС0123*", [Term(("0123",), beginning=True)]),
        ("№100123 пени", [Term(("100123",)), Term(("пени",))]),
        ("[Ticket#100123] пени", [Term(("100123",)), Term(("пени",))]),
        ("Ticket#100 123 пени", [Term(("100123",)), Term(("пени",))]),
        ("кв102", [Term(("кв", "102"))]),
        ("-кв.102 ERR-500*", [Term(("кв", "102"), without=True), Term(("err", "500"), beginning=True)]),
        ("кв1*", [Term(("кв", "1"), beginning=True)]),
        ("1С за5 5а", [Term(("1с",)), Term(("за5",)), Term(("5а",))]),
        ("550e8400 a1b2c3d4", [Term(("550e8400",)), Term(("a1b2c3d4",))]),
        ("Сидорова А. П. пени", [Term(("сидорова",)), Term(("пени",))]),
        ("Сидорова А.П.", [Term(("сидорова",))]),
        ("А.П. Сидорова", [Term(("а", "п")), Term(("сидорова",))]),
        ("д. 5", [Term(("д",)), Term(("5",))]),
        ("x" * 61, []),
        ("", []),
    ],
)
def test_read_understands(typed, terms):
    assert list(read(typed).terms) == terms


def test_read_of_a_very_long_query_says_that_it_was_shortened():
    assert read("слово " * 2000).shortened
    assert read("слово " * 2000).terms == (Term(("слово",)),)
    many = read(" ".join(f"с{n}" for n in range(100)))
    assert many.shortened
    assert len(many.terms) == MOST_TERMS
    assert not read("с" * 10).shortened


@given(st.text(max_size=300))
def test_read_takes_anything(typed):
    wanted = read(typed)
    assert len(wanted.terms) <= MOST_TERMS
    sql, values = as_tsquery(wanted.terms)
    assert sql.count("%s") == len(values)
    for term in wanted.terms:
        assert all(word and word.isalnum() for word in term.words)


@given(st.text(alphabet='абв "-*«»_%', max_size=LONGEST_QUERY))
def test_read_is_steady_under_its_own_signs(typed):
    assert read(typed) == read(typed.upper())


def test_folding_makes_forms_of_writing_equal():
    assert folded("Счёт") == folded("счет") == folded("СЧЕ\u0308Т") == folded("сче\u0301т") == folded("с\u00adчет")
    assert words_of("и\u0306од") == words_of("йод")  # decomposed, as some file systems write it


def test_indexable_leaves_words_alone():
    assert (
        indexable("Ошибка.Прошу проверить: a_b, 12.10.2026 — " + "Q" * 100) == "ошибка прошу проверить a b 12 10 2026"
    )


@pytest.mark.parametrize(
    ("typed", "form"),
    [("карточек", "карточка"), ("карточка", "карточек"), ("выгрузок", "выгрузка"), ("ошибками", "ошибок"),
     ("копеек", "копейка"), ("копейка", "копеек"), ("заявок", "заявка"), ("звонок", "звонка")],
)  # fmt: skip
def test_a_vowel_that_comes_and_goes_hides_no_word(typed, form):
    assert form in fleeting(typed)


@pytest.mark.parametrize("word", ["сальдо", "срок", "счет", "пени", "расчет", "к", "ок", "100001"])
def test_other_words_have_no_such_forms(word):
    assert fleeting(word) == []


@pytest.mark.parametrize(
    ("typed", "joined"),
    [
        ("0450-018-812", "0450018812"),
        ("0450 018 812", "0450018812"),
        ("45\u201300\u201117", "450017"),
        ("1-2", ""),
        ("12 34", ""),
        ("2026-03", ""),
        ("2026-03-15", ""),
        ("15-03-2026", ""),
        ("2026-01/2026-03", ""),
        ("0450018812", ""),
        ("д. 12-14", ""),
    ],
)
def test_only_a_long_number_in_groups_has_another_form(typed, joined):
    assert joined_figures(typed) == joined


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ЛС 0450-018-812, кв. 5", ["0450018812"]),
        ("тел. +7 913 555-12-34 и 8 (800) 555-35-35", ["79135551234", "88005553535"]),
        ("минус 1\u202f250 рублей", ["1250"]),
        ("заявка № 100 001", ["100001"]),
        ("24-11-2026 и 2026-11-24", []),
        ("дом 5 12", []),
        ("0123456789 4500118020", []),  # two accounts are none
        ("12 500,50", ["12500"]),
        ("8(913)555-12-34, 8 (39132) 5-12-34", ["89135551234", "83913251234"]),
        ("(913) 555-12-34", ["9135551234"]),
        ("п. (1) 5 и 2(3) 4-5", []),
        ("12345,67 и 2299.18", []),
        ("АБ-12-345678-в", []),
        ("лс4500-118-020, 1 250р", ["4500118020", "1250"]),
    ],
)
def test_numbers_in_groups_are_read_out_of_a_text(text, found):
    assert grouped_figures(text) == found


def test_a_short_pair_of_numbers_is_looked_for_as_it_stands():
    for typed in ('"1-2"', "2026-03", "15-03-2026"):
        sql, _values = as_tsquery(read(typed).terms)
        assert "simple" not in sql, typed
    assert "simple" in as_tsquery(read("0450-018-812").terms)[0]

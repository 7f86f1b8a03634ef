"""What was meant where nothing is found."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core.richtext import from_plain
from helpdesk.search.asking import left_out, without_asking
from helpdesk.search.mending import corrected, fewer, mended, nearest, other_layout
from helpdesk.search.near import is_near
from helpdesk.search.queries import find
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions
from tests.factories import actor_of, open_request

LETTERS = st.sampled_from("абвгдежзиклмн")
WORD = st.text(LETTERS, min_size=4, max_size=10)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("gtyb", "пени"), ("Gththfcx`n", "Перерасчёт"), ("kmujnf", "льгота"), ("зфньуте", "payment"),
     ('"gtyb pf vfhn" -kmujnf*', '"пени за март" -льгота*'), ('-"gtyb"', '-"пени"'), ("\"nj", "Это"),
     ("пени payment", ""), ("12345", ""), ("", "")],
)  # fmt: skip
def test_the_other_layout(typed, meant):
    assert other_layout(typed) == meant


@given(st.text(st.sampled_from("абвёжэхъюя "), min_size=1))
def test_both_layouts_lead_back(text):
    other = other_layout(text)
    assert not other or not other_layout(other) or other_layout(other) == text


@given(WORD, st.data())
def test_one_error_is_near(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(LETTERS)
    swapped = word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    for wrong in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        swapped,
    ):
        assert is_near(word, wrong) and is_near(wrong, word), wrong


@given(WORD, WORD)
def test_near_is_mutual_and_never_far(one, other):
    assert is_near(one, other) == is_near(other, one)
    if len(set(one) ^ set(other)) > 2:
        assert not is_near(one, other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("квитанцяи", "квитанции"), ("кватанция", "квитанции"), ("пиени", "пени"), ("квитанции", ""), ("zzzz", ""), ("пен", ""),
     ("пени квтанции", "пени квитанции"), ("трактор", ""), ("Paymant", "payment"), ("excell*", "excel*"),
     ("error600", ""), ("erorr", ""), ("созвон", ""), ("собака", "")],
)  # fmt: skip
def test_one_error_is_mended_by_a_word_that_is_known(typed, meant):
    known = {
        "квитанции": 3,
        "пени": 2,
        "льгота": 1,
        "payment": 1,
        "excel": 1,
        "error500": 5,
        "error5": 5,
        "возврат": 9,
        "собрали": 9,
    }
    assert corrected(typed, Counter(known)) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("квитанцыя -льгота", "квитанции -льгота"), ('квтанции -"пени за март"', 'квитанции -"пени за март"'),
     ('"квитанцыя  пени"', '"квитанции  пени"'), ("«Квитанцыя пени»", "«квитанции пени»"), ("квитанцыя льг*", "квитанции льг*"),
     ("пини льго*", "пени льго*"), ("льгт* квтанции", "льгт* квитанции"), ("№ 12-34, квтанции!", "№ 12-34, квитанции!")],
)  # fmt: skip
def test_what_is_asked_of_the_words_is_kept(typed, meant):
    assert corrected(typed, Counter({"квитанции": 3, "пени": 2, "льгота": 1})) == meant


def test_the_more_frequent_word_is_meant():
    assert nearest("сальду", Counter({"сальдо": 9, "сальда": 1})) == "сальдо"
    assert nearest("100365", Counter({"100327": 9, "100364": 1})) == ""  # another number is another request


def test_only_what_a_person_sees_is_offered(cast):
    open_request(cast.carol, cast.queue, subject="Квитанции за март", text="Добрый день")
    open_request(cast.dave, cast.elsewhere, subject="Канарейка", text="Добрый день")
    for typed, carol, dave in (
        ("кватанции", "квитанции", ""),
        ("канарийка", "", "канарейка"),
        ("rdbnfywbb", "квитанции", ""),
    ):
        assert mended(actor_of(cast.carol), SearchRequest(typed)) == carol
        assert mended(actor_of(cast.dave), SearchRequest(typed)) == dave
    assert mended(actor_of(cast.carol), SearchRequest("кватанции", phase="closed")) == ""


def test_an_excluded_word_stays_excluded(cast):
    actor = actor_of(cast.carol)
    open_request(cast.carol, cast.queue, subject="Квитанции и льгота", text="Добрый день")
    assert mended(actor, SearchRequest("квитанцыя -льгота")) == ""  # no other request has the word
    open_request(cast.carol, cast.queue, subject="Квитанции за март", text="Добрый день")
    assert mended(actor, SearchRequest("квитанцыя -льгота")) == "квитанции -льгота"


def test_words_of_the_first_letter_are_known(cast):
    open_request(cast.carol, cast.queue, subject="Вопрос", text="The payment of March is missing in Excel")
    assert mended(actor_of(cast.carol), SearchRequest("Paymant excell")) == "payment excell"  # a form that is found


@pytest.mark.parametrize(
    ("typed", "ways"),
    [
        ("как сделать возврат?", ["сделать возврат", "возврат"]),
        ("Где посмотреть квитанцию", ["посмотреть квитанцию", "квитанцию"]),
        ("почему не пришла квитанция?!", ["не пришла квитанция"]),
        ("Подскажите, пожалуйста: пришла ли квитанция", ["пришла квитанция"]),
        ("how do I get a refund?", ["get refund", "refund"]),
        ('"как сделать" возврат', []),
        ("возврат -как", []),
        ("как*", []),
        ("как что?", []),
        ("как -возврат", []),
        ("возврат", []),
        ("?", []),
        ("", []),
    ],
)
def test_a_question_is_asked_by_fewer_words_in_turn(typed, ways):
    assert without_asking(typed) == ways


def test_what_was_left_out_is_known():
    assert left_out("как сделать возврат?", "возврат") == ["как", "сделать"]
    assert left_out("gtyb", "пени") == []


def test_a_question_finds_what_it_is_about(cast):
    open_request(cast.carol, cast.queue, subject="Возврат платежа", text="Добрый день")
    actor = actor_of(cast.carol)
    assert mended(actor, SearchRequest("как сделать возврат?")) == "возврат"
    assert mended(actor, SearchRequest("где посмотреть возрат?")) == "возврат"  # with an error as well
    assert mended(actor, SearchRequest("как сделать перерасчёт?")) == ""


def test_what_shall_be_done_says_nothing_in_a_question(cast):
    actor = actor_of(cast.carol)
    for subject in ("Перерасчёт за май", "Перерасчёт за июнь", "Прошу сделать перерасчёт за отопление"):
        open_request(cast.carol, cast.queue, subject=subject, text="Добрый день")
    for typed, count in (("как сделать перерасчёт", 3), ("Где узнать перерасчёт?", 3), ("how do I get перерасчёт", 3),
                         ("сделать перерасчёт", 1), ("как «сделать перерасчёт»", 1), ("как сделать", 1),
                         ("как -сделать перерасчёт", 2)):  # fmt: skip
        assert len(find(actor, SearchRequest(typed)).items) == count, typed
    assert "сделать" in find(actor, SearchRequest("как сделать перерасчёт")).passed_over


def test_a_word_is_mended_by_any_text_that_the_reader_finds(cast):
    """However deep in whichever letter it stands; not by what only the desk reads, or others."""
    mine = open_request(cast.carol, cast.queue, subject="Вопрос", text=f"{'Добрый день. ' * 60} Резолютивная часть.")
    actions.reply(mine.pk, by=actor_of(cast.alice), body=from_plain("Солидарный долг, собственница Васнецова, ГИС ЖКХ"))
    actions.note(mine.pk, by=actor_of(cast.alice), body=from_plain("Канарейка"))
    open_request(cast.dave, cast.elsewhere, subject="Вопрос", text="Черепаха")
    me = actor_of(cast.carol)
    for typed, meant in (("салидарный", "солидарный"), ("резалютивную", "резолютивную"), ("Васницова", "васнецова"),
                         ("Васнецва", "васнецова"), ("гисжкх", "гис жкх"), ("канарийка", ""), ("чирепаха", "")):  # fmt: skip
        assert mended(me, SearchRequest(typed)) == meant, typed


def test_fewer_words_are_shown_where_all_meet_nowhere(cast):
    for subject in ("Квитанция за март", "Квитанция за май", "Приходит письмо", "Приходит счёт", "Приходит ответ"):
        open_request(cast.carol, cast.queue, subject=subject, text="Добрый день")
    for typed, meant in (("квитанция приходит", "квитанция"), ("квитанция не приходит", "квитанция"),
                         ("приходит квитанция за март", "квитанция март"), ("«квитанция приходит»", ""),
                         ("квитанция -март -май", ""), ("квитанция небывальщина", "квитанция"),
                         ("«приходит» квитанция", ""), ("не приходит", "")):  # fmt: skip
        assert mended(actor_of(cast.carol), SearchRequest(typed)) == meant, typed


def test_the_most_common_words_are_left_out_first():
    known = {"частое": ("", 90), "редкое": ("", 3), "среднее": ("", 20), "никакое": ("", 0)}
    assert fewer("редкое частое среднее", known) == ["редкое среднее", "редкое частое", "частое среднее", "редкое"]
    assert fewer("редкое никакое -частое", known) == ["редкое -частое"]
    assert fewer("никакое", known) == fewer("«редкое частое»", known) == fewer("редкое -частое", known) == []

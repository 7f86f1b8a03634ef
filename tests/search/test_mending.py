"""What was meant where nothing is found."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.asking import left_out, without_asking
from helpdesk.search.mending import corrected, is_near, mended, nearest, other_layout
from helpdesk.search.results import SearchRequest
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
    assert mended(actor_of(cast.carol), SearchRequest("Paymant excell")) == "payment excel"


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

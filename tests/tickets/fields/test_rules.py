"""Which fields stand, which must be filled in, and what becomes of what was typed; no database."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core import clock
from helpdesk.tickets.fields import rules
from helpdesk.tickets.fields.rules import Sent, Standing
from helpdesk.tickets.models import IntakeField
from helpdesk.tickets.words import problem_text

TOPICS = [[code, code, code] for code in ("charges", "benefit", "exchange", "other")]


def field(key, kind="text", **columns):
    return IntakeField(key=key, kind=kind, label_ru=key, label_en=key, **columns)


def when(key, *values):
    return {"field": key, "in": list(values)}


TOPIC = field("topic", "choice", choices=TOPICS)
PERIOD = field("period", "period", required_when=when("topic", "charges"))
HOLDER = field("holder", shown_when=when("topic", "benefit"), required=True)
REGISTER = field("register", "file", shown_when=when("topic", "exchange"), required=True)
FORM = [field("account"), PERIOD, TOPIC, HOLDER, REGISTER]


def codes(fields, values, files=()):
    return [(problem.field.removeprefix("field_"), problem.code) for problem in rules.take(fields, values, files)[1]]


def values_of(fields, values, files=()):
    return {key: one["value"] for key, one in rules.take(fields, values, files)[0].items()}


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, []),
        ({"topic": "other"}, []),
        ({"topic": "charges"}, [("period", "empty")]),
        ({"topic": "charges", "period": "2026-05"}, []),
        ({"topic": "benefit"}, [("holder", "empty")]),
        ({"topic": "benefit", "holder": " Иванова А. "}, []),
        ({"topic": "exchange"}, [("register", "no_file")]),
        ({"topic": "nothing"}, [("topic", "not_offered")]),
    ],
)
def test_the_topic_drives_what_is_needed(typed, wrong):
    assert codes(FORM, typed) == wrong


def test_what_is_not_shown_is_neither_stored_nor_refused():
    typed = {"topic": "charges", "period": "2026-05", "holder": "x" * 400}
    assert values_of(FORM, typed) == {"period": "2026-05", "topic": "charges"}
    assert codes(FORM, typed) == []


def test_conditions_follow_one_another():
    chain = [
        field("a", "check"),
        field("b", "choice", choices=TOPICS, shown_when=when("a", "1")),
        field("c", shown_when=when("b", "other"), required=True),
    ]
    assert codes(chain, {"a": "1", "b": "other"}) == [("c", "empty")]
    assert codes(chain, {"a": "0", "b": "other"}) == codes(chain, {"b": "other"}) == []
    assert values_of(chain, {"a": "0", "b": "other", "c": "x"}) == {"a": False}


def test_a_condition_on_what_is_not_there_or_in_a_circle_does_not_hold():
    lost = field("x", shown_when=when("gone", "1"))
    circle = [field(a, "check", shown_when=when(b, "1")) for a, b in ("pq", "qp")]
    assert rules.standing([lost], {"gone": "1"}) == {"x": Standing(shown=False, required=False)}
    assert not any(one.shown for one in rules.standing(circle, {"p": "1", "q": "1"}).values())


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        (("2026-05", ""), "2026-05"),
        (("2026-05", "2026-05"), "2026-05"),
        (("2026-05", "2026-07"), "2026-05/2026-07"),
        (("2026-05/2026-07", ""), "2026-05/2026-07"),
        (("май – июль 2026", ""), "2026-05/2026-07"),
        (("05.2026–07.2026", ""), "2026-05/2026-07"),
        (("ноябрь 2025 - январь 2026", ""), "2025-11/2026-01"),
        (("2025-2026", ""), "not_a_period"),
        (("когда-нибудь", ""), "not_a_period"),
        (("2026-05", "скоро"), "not_a_period"),
        (("2026-07", "2026-05"), "period_order"),
        (("", "2026-05"), "no_first_month"),
        (("", " "), None),
        (("1990-01", "1999-12"), "1990-01/1999-12"),
        (("1990-01", "2000-01"), "period_too_long"),
        (("0001-01", ""), "far_year"),
        (("2026-05", "2226-05"), "far_year"),
        (("2026-05/2099-01", ""), "far_year"),
    ],
    ids=str,
)
def test_a_period_is_one_month_or_several(typed, value):
    found, problems = rules.take([field("p", "period")], {"p": typed[0], "p.to": typed[1]})
    assert (found["p"]["value"] if found else problems[0].code if problems else None) == value


@pytest.mark.parametrize("longest", [1, 36, 120])
@pytest.mark.parametrize("months", [("2015-01", "2026-10"), ("1990-01", "2025-01")])
def test_a_period_that_is_far_too_long_is_told_what_its_own_field_allows(longest, months):
    one = field("p", "period", bounds={"longest": longest})
    problem = rules.take([one], {"p": months[0], "p.to": months[1]})[1][0]
    assert (problem.code, problem.details["limit"]) == ("period_too_long", longest)


@pytest.mark.parametrize(
    ("kind", "typed", "is_right"),
    [
        ("date", "0001-01-01", False),
        ("date", "31.12.1989", False),
        ("date", "1990-01-01", True),
        ("date", "{last}-12-31", True),
        ("date", "01.01.{beyond}", False),
        ("month", "1989-12", False),
        ("month", "01.1990", True),
        ("month", "декабрь {last}", True),
        ("month", "{beyond}-01", False),
        ("period", "{last}-12", True),
        ("period", "{beyond}-01", False),
    ],
)
def test_a_year_that_nobody_can_mean_is_told(kind, typed, is_right):
    last = clock.now().year + 10
    stored, problems = rules.take([field("f", kind)], {"f": typed.format(last=last, beyond=last + 1)})
    assert bool(stored) == is_right
    if not is_right:
        (problem,) = problems
        assert (problem.field, problem.code) == ("field_f", "far_year")
        assert problem_text(problem).replace("\xa0", " ") == f"Проверьте год: от 1990 до {last}"


def test_a_box_says_yes_or_no_and_a_needed_one_yes():
    assert values_of([field("a", "check")], {"a": "1"}) == {"a": True}
    assert values_of([field("a", "check")], {"a": "0"}) == {"a": False}
    assert values_of([field("a", "check")], {}) == {}
    assert codes([field("a", "check", required=True)], {"a": "0"}) == [("a", "not_ticked")]
    assert codes([field("a", "check")], {"a": "да"}) == [("a", "not_offered")]


def test_a_text_of_another_pattern_is_told_what_is_expected():
    asked = field("account", pattern=r"\d{10}", pattern_hint_ru="десять цифр", pattern_hint_en="ten digits")
    (problem,) = rules.take([asked], {"account": "45"})[1]
    assert (problem.code, problem.details) == ("pattern", {"expected": {"ru": "десять цифр", "en": "ten digits"}})
    assert codes([asked], {"account": "0450018812"}) == codes([asked], {}) == []


BLANK, PHOTO = field("blank", "file", required=True, version=2), field("photo", "file")


@pytest.mark.parametrize(
    ("files", "stored", "wrong"),
    [
        ([Sent("a.docx", "blank")], {"blank": ["a.docx"]}, []),
        ([Sent("a.docx")], {"blank": ["a.docx"]}, []),
        ([Sent("a.docx"), Sent("b.docx", "blank")], {"blank": ["b.docx"]}, []),
        ([Sent("a.docx", "other-queue")], {"blank": ["a.docx"]}, []),
        ([Sent("a.docx", "photo")], {"photo": ["a.docx"]}, [("blank", "no_file")]),
        ([Sent("shot.png", inline=True)], {}, [("blank", "no_file")]),
        ([], {}, [("blank", "no_file")]),
    ],
    ids=str,
)
def test_a_file_is_the_fields_own_or_one_that_was_chosen_for_none(files, stored, wrong):
    assert (values_of([BLANK, PHOTO], {}, files), codes([BLANK, PHOTO], {}, files)) == (stored, wrong)


TO_FILL = field("form", "file", required=True, blank="training")
RAW, FILLED = Sent("a.pdf", "form", untouched=True), Sent("b.pdf", "form")
TEXT = Sent("c.txt", "form", readable=False)


@pytest.mark.parametrize(
    ("asked", "files", "wrong"),
    [
        (TO_FILL, [RAW], "untouched_blank"),
        (TO_FILL, [RAW, RAW._replace(name="a.docx")], "untouched_blank"),
        (TO_FILL, [RAW, Sent("c.pdf", "form", empty=True)], "untouched_blank"),
        (TO_FILL, [RAW._replace(field="")], "untouched_blank"),
        (field("form", "file", blank="training"), [RAW], "untouched_blank"),
        (field("form", "file", blank="training"), [RAW._replace(field="")], ""),  # sent along on purpose
        (TO_FILL, [TEXT], "not_a_blank"),
        (TO_FILL, [TEXT._replace(field="")], "not_a_blank"),
        (TO_FILL, [TEXT, RAW], "untouched_blank"),
        (TO_FILL, [TEXT._replace(field=""), RAW._replace(field="")], "untouched_blank"),
        (TO_FILL, [TEXT._replace(field=""), FILLED._replace(field="")], ""),
        (TO_FILL, [RAW, FILLED], ""),
        (TO_FILL, [FILLED, RAW._replace(field="")], ""),
        (field("form", "file", required=True), [RAW], ""),  # asks for no blank
    ],
    ids=str,
)
def test_a_blank_that_nobody_filled_in_is_no_answer(asked, files, wrong):
    assert codes([asked], {}, files) == ([("form", wrong)] if wrong else [])


def test_of_the_general_list_only_what_may_be_a_filled_blank_is_one():
    files = [TEXT._replace(field=""), FILLED._replace(field=""), RAW._replace(field=""), Sent("d.png", empty=True)]
    stored, problems = rules.take([TO_FILL], {}, files)
    assert (stored["form"]["value"], stored["form"]["files"], problems) == (["b.pdf"], [1], [])
    register = field("register", "file", required=True)  # no blank: any file will do
    assert rules.take([register], {}, files[:1])[0]["register"]["value"] == ["c.txt"]


def test_a_file_value_names_its_places_and_its_definition():
    found, _ = rules.take([BLANK], {}, [Sent("x"), Sent("a", "blank"), Sent("b", "blank")])
    assert found == {"blank": {"value": ["a", "b"], "files": [1, 2], "version": 2}}


@pytest.mark.parametrize(
    ("before", "after", "typed", "outcome"),
    [
        ({"kind": "month"}, {"kind": "period"}, "2026-05", "2026-05"),
        ({"kind": "text"}, {"kind": "number"}, "12", 12),
        ({"kind": "text"}, {"kind": "number"}, "дюжина", "not_a_number"),
        ({"kind": "choice", "choices": TOPICS}, {"kind": "choice", "choices": TOPICS[:1]}, "other", "not_offered"),
        ({"kind": "number"}, {"kind": "text"}, "12", "12"),
        ({"kind": "text"}, {"kind": "check"}, "12", "not_offered"),
    ],
    ids=str,
)
def test_a_definition_changed_meanwhile_understands_what_was_typed_or_asks_again(before, after, typed, outcome):
    assert codes([field("f", **before)], {"f": typed}) == []
    stored, problems = rules.take([field("f", version=2, **after)], {"f": typed})
    assert (stored.get("f") or problems[0].code) in ({"value": outcome, "version": 2}, outcome)


KINDS = st.sampled_from(["text", "long", "number", "date", "month", "period", "choice", "check", "file"])
KEYS = ["a", "b", "c", "d", "e"]
CONDITIONS = st.just({}) | st.builds(
    lambda key, found: when(key, *found),
    st.sampled_from([*KEYS, "gone"]),
    st.lists(st.sampled_from(["x", "y", "0", "1"])),
)
FIELDS = st.lists(
    st.builds(
        lambda key, kind, **columns: field(key, kind, choices=[["x", "x", "x"], ["y", "y", "y"]], **columns),
        st.sampled_from(KEYS), KINDS, required=st.booleans(), shown_when=CONDITIONS, required_when=CONDITIONS,
    ),
    unique_by=lambda one: one.key, max_size=5,
)  # fmt: skip
TYPED = st.dictionaries(
    st.sampled_from([*KEYS, "a.to", "b.to", "foreign"]),
    st.sampled_from(["", "x", "y", "0", "1", "2026-05", "2026-05-07", "\x00", "я" * 301]) | st.text(max_size=8),
)
FILES = st.lists(st.builds(Sent, st.just("f"), st.sampled_from(["", *KEYS]), st.booleans()), max_size=4)


@given(FIELDS, TYPED, FILES)
def test_whatever_is_typed_each_shown_field_is_stored_refused_or_empty(fields, typed, files):
    stand = rules.standing(fields, typed)
    stored, problems = rules.take(fields, typed, files)
    wrong = {problem.field.removeprefix("field_") for problem in problems}
    shown = {key for key, one in stand.items() if one.shown}
    assert set(stored) | wrong <= shown
    assert not set(stored) & wrong
    for one in fields:
        if one.key in shown and stand[one.key].required:
            assert one.key in stored or one.key in wrong
    for key, one in stored.items():
        if isinstance(one["value"], str) and "\n" not in one["value"]:  # what is stored is accepted as it is
            again = rules.canonical(next(f for f in fields if f.key == key), one["value"])
            assert again == one["value"]


@given(FIELDS, TYPED, FILES)
def test_the_order_of_the_fields_changes_nothing(fields, typed, files):
    one_file_field = sum(one.kind == "file" for one in fields) < 2  # several share out free files in their order
    there, back = rules.take(fields, typed, files), rules.take(fields[::-1], typed, files)
    assert rules.standing(fields, typed) == rules.standing(fields[::-1], typed)
    if one_file_field:
        assert there[0] == back[0]
        assert sorted(p.field for p in there[1]) == sorted(p.field for p in back[1])


@given(FIELDS, TYPED)
def test_what_is_hidden_changes_nothing(fields, typed):
    stand = rules.standing(fields, typed)
    hidden = {key for key, one in stand.items() if not one.shown}
    without = {name: text for name, text in typed.items() if name.removesuffix(".to") not in hidden}
    assert rules.take(fields, typed) == rules.take(fields, without)


@given(FIELDS, TYPED)
def test_a_needed_field_is_one_that_its_definition_names(fields, typed):
    for one in fields:
        stand = rules.standing(fields, typed)[one.key]
        if stand.required:
            other = one.required_when.get("field")
            steered = next((f for f in fields if f.key == other), None)
            assert one.required or (steered and rules.chosen(steered, typed) in one.required_when["in"])


AGREED = field("agreed", "check")
OF_A_CHOICE = field("topic", "choice", choices=[["charges", "Начисление", "Charges"], ["other", "Другое", "Other"]])
OF_A_CHOICE.label_ru, OF_A_CHOICE.label_en = "О чём вопрос", "Topic"


@pytest.mark.parametrize(
    ("hangs", "typed", "ru", "en"),
    [
        (field("x", required_when=when("topic", "charges")), {"topic": "charges"},
         "Заполните это поле, потому что в поле «О чём вопрос» выбрано «Начисление»",
         "Fill in this field, because “Topic” is “Charges”"),
        (field("x", "file", shown_when=when("topic", "charges"), required=True), {"topic": "charges"},
         "Приложите файл: без него заявку не выполнить, потому что в поле «О чём вопрос» выбрано «Начисление»",
         "Attach the file: nothing can be done without it, because “Topic” is “Charges”"),
        (field("x", required_when=when("agreed", "1")), {"agreed": "1"},
         "Заполните это поле, потому что отмечено «agreed»", "Fill in this field, because “agreed” is ticked"),
        (field("x", "check", required_when=when("agreed", "0")), {},
         "Поставьте отметку, потому что не отмечено «agreed»", "Tick this box, because “agreed” is not ticked"),
        (field("x", required=True), {}, "Заполните это поле", "Fill in this field"),
    ],
)  # fmt: skip
def test_what_is_needed_by_a_condition_says_why(hangs, typed, ru, en):
    (problem,) = rules.take([OF_A_CHOICE, AGREED, hangs], typed)[1]
    for language, sentence in (("ru", ru), ("en", en)):
        with translation.override(language):
            assert problem_text(problem).replace("\xa0", " ") == sentence

"""Ready texts: what is filled in, what is unknown, how somebody is greeted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tickets import variables


def test_values_stand_in_their_places_and_are_never_read_again():
    filled = variables.fill("№ {number}: {subject}. {agent}", {"number": "100", "subject": "{agent}", "agent": "Анна"})
    assert filled == variables.Filled("№ 100: {agent}. Анна")


def test_what_is_empty_or_unknown_stays_as_it_was_written():
    filled = variables.fill("{due} {due} {salary} {{number}} {Number}", {"number": "7"})
    assert filled == variables.Filled("{due} {due} {salary} {7} {Number}", ("due",))
    assert variables.unknown("{due} {salary} {salary} {x}") == ["salary", "x"]
    assert variables.left("Срок {due}, {salary}") == ["due", "salary"]


@given(st.text(), st.dictionaries(st.sampled_from(variables.NAMES), st.text()))
def test_any_text_is_filled_and_nothing_beside_variables_changes(text, values):
    filled = variables.fill(text, values)
    if "{" not in text:
        assert filled.text == text and not filled.empty
    assert set(filled.empty).isdisjoint(name for name, value in values.items() if value)


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Карина Клиентова", "Здравствуйте, Карина!"),
        ("Анна-Мария Петрова", "Здравствуйте, Анна-Мария!"),
        ("Петрова Ольга Ивановна", "Здравствуйте, Ольга Ивановна!"),
        ("Ольга Ивановна Петрова", "Здравствуйте, Ольга Ивановна!"),
        ("Ольга Ивановна", "Здравствуйте!"),
        ("О. И. Петрова", "Здравствуйте!"),
        ("ООО «Заря»", "Здравствуйте!"),
        ("info@zarya.example", "Здравствуйте!"),
        ("Бухгалтерия", "Здравствуйте!"),
        ("", "Здравствуйте!"),
    ],
)
def test_greeting_by_name_where_it_is_clear_which_word_is_which(name, greeted):
    assert variables.greeting(name, "ru") == greeted


def test_greeting_in_english():
    assert variables.greeting("Karina Clark", "en") == "Hello, Karina!"

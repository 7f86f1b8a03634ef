import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.accounts.called import is_called

NAME = "Мария Игоревна Петрова"


@pytest.mark.parametrize(
    "typed",
    ["Петрова", "петрова", "ПЕТРОВА", "Мария Петрова", "Петрова Мария", "Петрова М.", "М. Петрова", "М.И. Петрова",
     "Петрова М. И.", "Петрова МИ", "Петрова М", "Петровой", "Петрову", "у Петровой"[2:], "Марией Петровой", "Марии",
     "петр", "Петр*", "мар петр", "Петрова Мария Игоревна", "Петрова, Мария"],
)  # fmt: skip
def test_a_name_is_known_by_what_people_type(typed):
    assert is_called(NAME, typed)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "*", "Петрова А.", "Петрова И. М. К.", "Сидорова", "Марина", "Петрова Петрова", "Петренко", "трова*"],
)
def test_another_name_is_not(typed):
    assert not is_called(NAME, typed)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("Пётр Селёзнев", "Петр Селезнев"), ("Петр Селезнев", "Пётру Селёзневу"), ("Павел Кравец", "Павлу Кравцу"),
     ("Андрей Коваль", "Андрея Коваля"), ("Андрей Достоевский", "Достоевскому"), ("Илья Ким", "Ильи Кима"),
     ("Яна Ли", "Яне Ли"), ("М. И. Петрова", "Мария Петрова"), ("Анна Петрова-Водкина", "Водкиной"),
     ("John Smith", "smith john"), ("Алексей Шевченко", "Алексею Шевченко")],
)  # fmt: skip
def test_forms_of_a_name_are_the_same_name(name, typed):
    assert is_called(name, typed)


@given(st.text(max_size=60), st.text(max_size=60))
def test_anything_may_be_typed(name, typed):
    assert is_called(name, typed) in {True, False}


@given(st.permutations(["Петрова", "М.", "И."]))
def test_the_order_does_not_matter(words):
    assert is_called(NAME, " ".join(words))

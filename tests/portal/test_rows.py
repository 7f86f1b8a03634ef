"""The lines of the clients' lists."""

import pytest

from helpdesk.portal.rows import without_greeting


@pytest.mark.parametrize(
    "greeting",
    [
        "Здравствуйте!", "Здравствуйте.", "Здравствуйте,", "Добрый день!", "добрый день.", "Доброе утро,", "Добрый вечер!",
        "Доброго дня!", "Здравствуйте, Марина Петровна!", "Добрый день, М. П. Соколова!", "Марина Петровна, здравствуйте!",
        "Марина здравствуйте!", "Уважаемая Марина Петровна, добрый день!", "Коллеги, добрый день!",
        "Добрый день, коллеги!", "Здравствуйте Марина!", "Добрый день", "Hello!", "Hi Anna,", "Dear Anna Smith,",
        "Good morning!",
    ],
)  # fmt: skip
def test_a_greeting_is_left_out(greeting):
    assert without_greeting(f"{greeting} Уточните период. Добрый день!") == "Уточните период. Добрый день!"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Добрый день, уточните, пожалуйста, период.", "уточните, пожалуйста, период."),
        ("Здравствуйте! Марина, уточните период.", "Марина, уточните период."),
        ("Уточните период.", "Уточните период."),
        ("Hidden fields are empty.", "Hidden fields are empty."),
        ("Какой период? Здравствуйте!", "Какой период? Здравствуйте!"),
        ("Здравствуйте!", "Здравствуйте!"),
        ("", ""),
    ],
)
def test_all_else_stands(text, shown):
    assert without_greeting(text) == shown

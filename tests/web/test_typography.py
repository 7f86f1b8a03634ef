"""No-break spaces in the interface's own Russian texts."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.web.typography import NBSP, THIN, russian

PIECES = st.sampled_from(
    ["№", "ЛС", "в", "не", "и", "Заявка", "—", "–", "₽", "5", "104", "812", "%(num)d", "%(name)s", "{name}", "заявок", "ч", "мин",
     "О.", "Ф.", "Щукиной", "<b>", "</b>", '<a href="x y в z">', "</a>", ",", "же", "«в", "на»", "\n", "КБ", "%%", "Ctrl", "+", "V"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map(" ".join) | st.text(alphabet=" абвюя№—–5%(){}sd<>\n«»", max_size=40)


def shown(text):
    return text.replace(NBSP, "~").replace(THIN, "^")


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ("Заявка № 104812 принята", "Заявка №~104812 принята"),
        ("ЛС 4500123871, кв. 37", "ЛС~4500123871, кв.~37"),
        ("Одна заявка — один вопрос", "Одна заявка~— один вопрос"),
        ("Низкий – 2", "Низкий~– 2"),
        ("Ответ придёт сюда и на вашу почту", "Ответ придёт сюда и~на~вашу почту"),
        ("объяснить для чего и как", "объяснить для~чего и~как"),
        ("До 25 МБ каждый", "До~25~МБ каждый"),
        ("%(num)d заявок за %(days)d дней", "%(num)d~заявок за~%(days)d~дней"),
        ("в <b>Мои заявки</b>", "в~<b>Мои заявки</b>"),
        ('от <a href="/a в b">вас</a> и', 'от~<a href="/a в b">вас</a> и'),
        ("Щукиной О. Ф. отказано", "Щукиной~О.^Ф. отказано"),
        ("1 284,60 ₽", "1^284,60~₽"),
        ("то же и вы ли", "то же~и~вы~ли"),
        ("%(name)s в отпуске", "%(name)s в~отпуске"),
        ("Ctrl + V", "Ctrl + V"),
    ],
)
def test_examples(plain, expected):
    assert shown(russian(plain)) == expected.replace("то же~", "то~же ")


@given(TEXTS)
def test_twice_is_once(text):
    assert russian(russian(text)) == russian(text)


@given(TEXTS)
def test_only_spaces_change(text):
    def flat(value):
        return value.replace(NBSP, " ").replace(THIN, " ")

    assert flat(russian(text)) == flat(text)


@given(TEXTS)
def test_placeholders_and_tags_are_untouched(text):
    pattern = re.compile(r"%\([^()]*\)[a-zA-Z]|<[^<>]*>|\{[^{}\s]*\}")
    assert pattern.findall(russian(text)) == pattern.findall(text)

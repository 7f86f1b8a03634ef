"""What a ready text may name of a request: «{number}», «{client}» … A closed list of safe fields. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

NAMES = ("greeting", "client", "number", "subject", "company", "queue", "due", "agent", "job", "phone")
_VARIABLE = re.compile(r"\{([a-z_]{1,30})\}")
_PATRONYMIC = re.compile(r".+(?:вич|вна|чна|ична)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with what it names in it; `empty`: the variables that had nothing, which stand as they were written."""

    text: str
    empty: tuple[str, ...] = ()


def unknown(text: str) -> list[str]:
    """The variables of a text that there are not, each once."""
    return [name for name in dict.fromkeys(_VARIABLE.findall(text)) if name not in NAMES]


def fill(text: str, values: Mapping[str, str]) -> Filled:
    """Put values in the places of their variables. A value is text: a variable in it is none."""
    empty: dict[str, None] = {}

    def one(found: re.Match[str]) -> str:
        name = found[1]
        if name in NAMES and not values.get(name):
            empty[name] = None
        return values.get(name) or found[0] if name in NAMES else found[0]

    return Filled(_VARIABLE.sub(one, text), tuple(empty))


def left(text: str) -> list[str]:
    """Variables that stand in a text still, known or not: nobody should get them."""
    return list(dict.fromkeys(_VARIABLE.findall(text)))


def greeting(name: str, language: str) -> str:
    """How somebody is greeted: by first name, or first name and patronymic; by nobody's name where it is unclear which
    word is which. Neither form tells of a gender."""
    hello = "Здравствуйте" if language == "ru" else "Hello"
    called = _called(name.split())
    return f"{hello}, {called}!" if called else f"{hello}!"


def _called(words: list[str]) -> str:
    if not all(_WORD.fullmatch(word) for word in words):
        return ""  # initials, an address, a firm
    match words:
        case [first, _surname]:
            return "" if _PATRONYMIC.fullmatch(first) or _PATRONYMIC.fullmatch(_surname) else first
        case [_surname, first, patronymic] if _PATRONYMIC.fullmatch(patronymic):
            return f"{first} {patronymic}"
        case [first, patronymic, _surname] if _PATRONYMIC.fullmatch(patronymic):
            return f"{first} {patronymic}"
        case _:
            return ""

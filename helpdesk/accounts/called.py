"""Whether somebody is called what was typed: a part of the name, first name and surname in any order, initials, a form
of them («у Петровой»). Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from helpdesk.accounts.names import sort_key

MOST = 5  # words; more tell nobody apart
_WORD = re.compile(r"([^\W_]+)([.*]?)")
_PAIR = re.compile("[A-ZА-ЯЁ]{2}")  # «Петрова МИ»
# endings of names by their cases, the longest first; so many letters must be left
_ENDINGS = (
    *((ending, 3) for ending in ("ого", "его", "ому", "ему", "ыми", "ими", "ами", "ями")),
    *((ending, 2) for ending in ("ой", "ою", "ей", "ею", "ом", "ем", "ым", "им", "ая", "яя", "ую", "юю", "ый", "ий",
                                 "ых", "их", "ам", "ям", "ах", "ях", "а", "я", "у", "ю", "е", "ы", "и", "ь", "й")),
)  # fmt: skip
_FLED = re.compile("(.+[^аеиоуыэюя])[ео]([^аеиоуыэюя])")  # «Павел», «Павлу»


class _Typed(NamedTuple):
    word: str
    beginning: bool  # an initial, or «Петр*»


def is_called(name: str, typed: str) -> bool:
    """Whether each word typed is another word of this name."""
    wanted = _read(typed)
    return bool(wanted) and _met(wanted, words_of_name(name))


def _read(typed: str) -> list[_Typed]:
    found = []
    words = _WORD.findall(typed)
    for word, sign in words:
        if len(words) > 1 and _PAIR.fullmatch(word) and any(len(other) > 2 for other, _ in words):
            found += [_Typed(sort_key(letter), beginning=True) for letter in word]
        else:
            found.append(_Typed(sort_key(word), beginning=len(word) == 1 or sign == "*"))
    return found[:MOST]


def words_of_name(name: str) -> list[str]:
    """The words of a name, folded."""
    return [word for word, _ in _WORD.findall(sort_key(name))][: 2 * MOST]


def _met(wanted: Sequence[_Typed], words: Sequence[str]) -> bool:
    """Whether each wanted word is met by a word of its own: «Антонова А.» is no Antonova whose first name is Maria."""
    if not wanted:
        return True
    first, *others = wanted
    return any(
        _is_meant(first, word) and _met(others, [*words[:at], *words[at + 1 :]]) for at, word in enumerate(words)
    )


def _is_meant(typed: _Typed, word: str) -> bool:
    if typed.beginning:
        return word.startswith(typed.word)
    if len(word) == 1:  # the name itself is kept with initials
        return typed.word.startswith(word)
    return typed.word in word or not stems(typed.word).isdisjoint(stems(word))


def stems(word: str) -> set[str]:
    """A folded word without the endings of its cases, each as it may be: two forms of a name share one."""
    found = {
        word,
        *(word[: -len(end)] for end, left in _ENDINGS if word.endswith(end) and len(word) - len(end) >= left),
    }
    return found | {f"{fled[1]}{fled[2]}" for one in found if (fled := _FLED.fullmatch(one))}

"""Letters and figures that are written together or apart: «кв102» is «кв. 102», «error500» is «ERROR-500». Pure.

Texts and queries are both read apart, so that each way of writing finds each other one. What would leave nothing but a
figure, since no index holds the other half («1С», «5а»), stays in one piece.
"""

import re

MOST_PIECES = 6  # «д10кв5б»; what changes more often is a key
# words that no index holds (the database's own lists, as far as they are short), with letters as texts are folded
_SHORT = """
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее мне вот от еще нет о из ему ну ли
    уже или ни был до вас уж вам там ей они тут где ней для мы их чем сам без раз под ж кто ним мой тем нее при два об
    над тот эти нас про них три эту моя том им всю
    i me my we our you he him his she her it its who am is are was be has had do did a an the and but if or as of at by
    for to up in out on off why how all any few no nor not own so too s t can don now
"""
STOPS = frozenset(re.findall(r"\w+", _SHORT))
_RUNS = re.compile("[0-9]+|[^\\W0-9_]+")
_FLAT = re.compile("([0-9]{1,4})[авикосужя]")  # «5а»: its letter is a word that no index holds
_FLAT_APART = re.compile(r"(?<![^\W_])([0-9]{1,4})[ \u00a0-]([авикосужя])(?=\s*(?:[,.;)]|$))", re.MULTILINE)


def apart(word: str) -> tuple[str, ...]:
    """A folded word without signs as its letters and figures in turn; whole where it is no such word."""
    pieces = tuple(_RUNS.findall(word))
    if not 1 < len(pieces) <= MOST_PIECES or not STOPS.isdisjoint(pieces):
        return (word,)
    inner = pieces[1:-1]
    return (word,) if any(len(piece) == 1 and not piece.isdecimal() for piece in inner) else pieces


def figure_of(word: str) -> str:
    """«5» of «5а»; empty for any other word."""
    found = _FLAT.fullmatch(word)
    return found[1] if found else ""


def flats(words: list[str], text: str) -> list[str]:
    """What else flats and houses are found by whose letter is a word that no index holds: «5» of «5а», and «5а» of
    «5 а». `text` is folded."""
    figures = [figure for word in words if (figure := figure_of(word))]
    return list(dict.fromkeys([*figures, *(number + letter for number, letter in _FLAT_APART.findall(text))]))

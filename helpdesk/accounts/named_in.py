"""Whom the words of a query name, in whatever case: «возврат Смирновой». Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from helpdesk.accounts.called import stems, words_of_name
from helpdesk.accounts.names import sort_key

SHORTEST = 3  # letters of a word that may be a name
BEGINNING = 3  # letters by which names are asked for before they are compared


class Called(NamedTuple):
    """Somebody who is named, and by which words of the query, as they were typed."""

    id: int
    name: str
    by: tuple[str, ...]


def beginnings(words: Iterable[str]) -> list[str]:
    """By what a statement finds the names that these words may be forms of: how some word of the name begins."""
    return list(dict.fromkeys(sort_key(word)[:BEGINNING] for word in words if may_name(word)))


def may_name(word: str) -> bool:
    """Whether a word may be a name at all."""
    return len(word) >= SHORTEST and word.replace("-", "").isalpha()


def named_in(words: Sequence[str], people: Iterable[tuple[int, str]]) -> list[Called]:
    """Those whom most of these words name, each by words of their name of their own; nobody by parts of words."""
    forms = {word: stems(sort_key(word)) for word in words if may_name(word)}
    found = []
    for key, name in people:
        left = [stems(one) for one in words_of_name(name) if len(one) >= SHORTEST]
        by = []
        for word, ways in forms.items():
            met = next((one for one in left if not one.isdisjoint(ways)), None)
            if met is not None:
                left.remove(met)
                by.append(word)
        if by:
            found.append(Called(key, name, tuple(by)))
    most = max((len(one.by) for one in found), default=0)
    return [one for one in found if len(one.by) == most]

"""What the queues' own fields of found requests hold where a search asked for them, and where else such words stand."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from helpdesk.core import db
from helpdesk.search.language import PART, words_of
from helpdesk.search.results import FieldWanted, Way
from helpdesk.tickets.fields.mirror import searchable

_SAID = re.compile(r"^(?:лс|л/с|л с|лиц(?:\.|евой) ?сч(?:\.|ет))?[.:]? ?(?:№|n|no)?[.:]? ?(?=\d)")
_BETWEEN = re.compile("[,;]")
_ACCOUNT = re.compile(rf"\d{{{PART},}}\*?")
_RUNS = re.compile(r"[0-9]+|[^\W0-9_]+")
_FIGURES = re.compile(r"[\d\s\-‐-―]+")
SHORTEST = 3  # letters of a piece that is looked for within longer words


def values_of(ids: Iterable[int], fields: Sequence[FieldWanted]) -> dict[int, dict[str, Any]]:
    """Of each request, which the reader sees, the values of the fields that were asked for. One statement, none where
    no field was."""
    keys = list(dict.fromkeys(one.key for one in fields))
    if not keys:
        return {}
    rows = db.fetch("SELECT t.id, t.fields FROM tickets_ticket t WHERE t.id = ANY(%s)", [list(ids)])
    return {key: {name: held[name]["value"] for name in keys if isinstance(held.get(name), dict)} for key, held in rows}


def alternatives(typed: str) -> list[str]:
    """What words of a field ask for, folded as values are. Accounts are named bare («ЛС 0450018812»), and of several,
    with commas between them, each is meant; any other text is one. «*» stands at the end of a word's beginning."""
    bare = [_SAID.sub("", searchable(one)) for one in _BETWEEN.split(typed) if one.strip()]
    numbers = [_folded(one) for one in bare]
    return numbers if numbers and all(map(_ACCOUNT.fullmatch, numbers)) else [_folded(typed)]


def _folded(typed: str) -> str:
    """As values are folded; a number in groups whose end is open too."""
    bare = typed.rstrip(" *")
    return f"{searchable(bare)}{'*' if bare and typed.rstrip().endswith('*') else ''}" or searchable(typed)


def pattern(word: str) -> str:
    """A regular expression of the database for the texts that hold a folded word: its letters and figures together or
    apart («кв102», «кв. 102»), after the beginning of a word where it ends in «*»; empty for mere signs."""
    pieces = _RUNS.findall(word)
    if not pieces:
        return ""
    begins = f"(?<![{'0-9' if pieces[0].isdecimal() else '[:alpha:]'}])" if word.endswith("*") else ""
    return begins + "[^[:alnum:]]*".join(pieces)


def pieces_of(typed: str) -> list[str]:
    """What words of a field are marked by in its value, in lower case."""
    return [piece for text in alternatives(typed) for word in text.split() for piece in _RUNS.findall(word)]


def words(fields: Sequence[FieldWanted]) -> frozenset[str]:
    """The words that were asked for, folded; an account in one piece and as it was typed."""
    typed = [one.value for one in fields if one.way is Way.HOLDS and isinstance(one.value, str)]
    found = {word for text in typed for form in alternatives(text) for word in words_of(form)}
    return frozenset(found | {word for text in typed if _FIGURES.fullmatch(text) for word in words_of(text)})


def stands_in(word: str, pieces: Iterable[str]) -> bool:
    """Whether a folded word of a text is one of the pieces, or holds one that is long enough to mean something."""
    return any(
        word == piece or (piece in word and len(piece) >= (PART if piece.isdecimal() else SHORTEST)) for piece in pieces
    )

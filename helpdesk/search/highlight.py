"""Which passage of a text is shown for a hit, and which of its words are the ones searched for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from helpdesk.core import db
from helpdesk.core.text.safe import cells_apart
from helpdesk.search import held
from helpdesk.search.apart import figure_of
from helpdesk.search.language import GROUPED, Term, as_tsquery, grouped_figures, numbers_like, words_of
from helpdesk.search.results import Part

LENGTH = 220  # characters of a passage
BEFORE = 60  # of them before the first found word
LOOKED_AT = 50_000  # characters of an article

TOKEN = re.compile("[^\\W_](?:[^\\W_]|[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f])*")


@lru_cache(maxsize=20_000)
def _keys(token: str) -> frozenset[str]:
    """What a word of a text is compared by; texts repeat their words."""
    words = words_of(token)
    return frozenset([*words, *filter(None, map(figure_of, words))])


@lru_cache(maxsize=500)
def _has_figures(words: frozenset[str]) -> bool:
    """Whether a number is among the words: only then numbers in groups are looked at."""
    return any(char.isdigit() for word in words for char in word)


def forms(texts: Iterable[str], terms: Sequence[Term], pieces: frozenset[str] = frozenset()) -> frozenset[str]:
    """The folded words of the texts that the database finds for the terms, and those in which the pieces stand that
    fields were asked for. One statement, none if it is plain."""
    wanted = [term for term in terms if not term.without]
    typed = {form for term in wanted for word in term.words for form in (word, figure_of(word)) if form}
    if not typed and not pieces:
        return frozenset()
    texts = list(texts)
    present = {word for text in texts for token in set(TOKEN.findall(text)) for word in _keys(token)}
    if _has_figures(frozenset(typed | pieces)):
        present |= {number for text in texts for number in grouped_figures(text)}
    parts = [number for term in wanted if term.is_part for number in numbers_like(term.words[0])]
    found = typed
    if parts or pieces:
        found |= {word for word in present if any(part in word for part in parts) or held.stands_in(word, pieces)}
    heads = tuple({word[:2] for word in typed})
    open_ones = {word for word in present if word.startswith(heads)} - found
    return frozenset(found | _matching(sorted(open_ones), wanted) if open_ones else found)


def _matching(words: list[str], terms: Sequence[Term]) -> set[str]:
    single = [
        Term((word,), beginning=term.beginning and word == term.words[-1]) for term in terms for word in term.words
    ]
    parts, values = [], []
    for term in single:
        sql, one = as_tsquery([term])
        parts.append(f"({sql})")
        values += one
    rows = db.fetch(
        f"SELECT w FROM unnest(%s::text[]) w, (SELECT {' || '.join(parts)} AS query) q"  # noqa: S608
        " WHERE to_tsvector('russian', w) @@ q.query",
        [words, *values],
    )
    return {row[0] for row in rows}


def marked(text: str, found: frozenset[str]) -> list[Part]:
    """The whole text in parts."""
    parts: list[Part] = []
    end = 0
    for start, stop in _places(text, found):
        if start > end:
            parts.append(Part(text[end:start], found=False))
        parts.append(Part(text[start:stop], found=True))
        end = stop
    if end < len(text):
        parts.append(Part(text[end:], found=False))
    return parts


def _places(text: str, found: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the found words stand, in order; a number in groups of figures as one."""
    groups = []
    if _has_figures(found):
        groups = [one.span() for one in GROUPED.finditer(text) if not found.isdisjoint(grouped_figures(one.group()))]
    at = 0
    for token in TOKEN.finditer(text):
        while at < len(groups) and groups[at][1] <= token.start():
            at += 1
        if at < len(groups) and groups[at][0] < token.end():
            if groups[at][0] >= token.start():  # else it was a token before
                yield groups[at]
        elif not found.isdisjoint(_keys(token.group())):
            yield token.span()


def with_piece(text: str, pieces: Sequence[str]) -> list[Part]:
    """The text in parts, marking pieces of words, as they occur in lower case."""
    known = [re.escape(piece).replace("е", "[её]") for piece in pieces if piece]
    if not known:
        return [Part(text, found=False)]
    split = re.split(f"({'|'.join(known)})", text, flags=re.IGNORECASE)
    return [Part(piece, found=bool(place % 2)) for place, piece in enumerate(split) if piece]


def passage(text: str, found: frozenset[str]) -> list[Part]:
    """The passage around the first found word as one line; the beginning of the text if there is none."""
    line = " ".join(cells_apart(text[:LOOKED_AT]).split())
    first = next((start for start, _ in _places(line, found)), 0)
    begin = max(0, first - BEFORE)
    if begin:
        begin = line.find(" ", begin, first) + 1 or begin
    end = begin + LENGTH
    if end < len(line):
        end = max(line.rfind(" ", first, end), first + 1) if " " in line[first:end] else end
    cut = line[begin:end]
    return marked(("… " if begin else "") + cut + (" …" if end < len(line) else ""), found)

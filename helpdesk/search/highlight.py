"""Which passage of a text is shown for a hit, and which of its words are the ones searched for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from helpdesk.core import db
from helpdesk.core.text.safe import cells_apart
from helpdesk.search import held
from helpdesk.search.apart import figure_of
from helpdesk.search.language import (
    GROUPED,
    Term,
    as_tsquery,
    called_otherwise,
    grouped_figures,
    joined_figures,
    numbers_like,
    words_of,
)
from helpdesk.search.results import Part
from helpdesk.search.stops import STOPS

LENGTH = 220  # characters of a passage
BEFORE = 60  # of them before the first found word
LOOKED_AT = 50_000  # characters of an article

TOKEN = re.compile("[^\\W_](?:[^\\W_]|[\u00ad\u200b-\u200d\u2060\ufeff\u0300-\u036f])*")


@lru_cache(maxsize=20_000)
def _keys(token: str) -> frozenset[str]:
    """What a word of a text is compared by; texts repeat their words."""
    words = words_of(token)
    return frozenset([*words, *filter(None, map(figure_of, words))])


@dataclass(frozen=True, slots=True)
class Forms:
    """What is marked: single words, folded; words in a row, each as all that it may be (empty: any word)."""

    words: frozenset[str] = frozenset()
    rows: tuple[tuple[frozenset[str], ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.words or self.rows)


@lru_cache(maxsize=500)
def _has_figures(words: frozenset[str]) -> bool:
    """Whether a number is among the words: only then numbers in groups are looked at."""
    return any(char.isdigit() for word in words for char in word)


def forms(texts: Iterable[str], terms: Sequence[Term], pieces: frozenset[str] = frozenset()) -> Forms:
    """The folded words of the texts that the database finds for the terms, and those in which the pieces stand that
    fields were asked for; words in a row where they stand so alone. One statement, none if it is plain."""
    wanted = [term for term in terms if not term.without]
    single = [Term((word,), term.beginning and word == term.words[-1]) for term in wanted for word in _written(term)]
    typed = {form for term in single for word in term.words for form in (word, figure_of(word)) if form}
    if not typed and not pieces:
        return Forms()
    present = _present(texts, has_figures=_has_figures(frozenset(typed | pieces)))
    heads = tuple({word[:2] for word in typed})
    open_ones = {word for word in present if word.startswith(heads)} - typed
    of_word = _matching(sorted(open_ones), single) if open_ones else {}
    alone = [term.words[0] for term in wanted if len(term.words) == 1 and term.words[0] not in STOPS]
    words = {form for word in alone for form in _forms_of(word, of_word)}
    parts = [number for term in wanted for number in _numbers(term)]
    if parts or pieces:
        words |= {word for word in present if any(part in word for part in parts) or held.stands_in(word, pieces)}
    rows = [ways for term in wanted if len(term.words) > 1 for ways in _rows(term, of_word)]
    return Forms(frozenset(words), tuple(rows))


def _present(texts: Iterable[str], *, has_figures: bool) -> set[str]:
    texts = list(texts)
    present = {word for text in texts for token in set(TOKEN.findall(text)) for word in _keys(token)}
    if has_figures:
        present |= {number for text in texts for number in grouped_figures(text)}
    return present


def _written(term: Term) -> list[str]:
    """The words of a term, and how else they are written."""
    return [*term.words, *(word for way in called_otherwise(term.words) for word in way.split())]


def _numbers(term: Term) -> list[str]:
    """What a number in the text may hold: a part of it, or what is typed in groups in one piece."""
    if term.is_part:
        return numbers_like(term.words[0])
    joined = "" if term.beginning or term.fraction or len(term.words) < 2 else joined_figures("-".join(term.words))
    return numbers_like(joined) if joined else []


def _forms_of(word: str, of_word: dict[str, set[str]]) -> frozenset[str]:
    return frozenset({word, *filter(None, [figure_of(word)]), *of_word.get(word, ())})


def _rows(term: Term, of_word: dict[str, set[str]]) -> Iterator[tuple[frozenset[str], ...]]:
    """Each way to write it; a word that no index holds may be any between others, as the database has it."""
    for way in (term.words, *(tuple(way.split()) for way in called_otherwise(term.words))):
        told = [at for at, word in enumerate(way) if word not in STOPS]
        if told:
            inner = way[told[0] : told[-1] + 1]
            yield tuple(frozenset() if word in STOPS else _forms_of(word, of_word) for word in inner)


def _matching(words: list[str], terms: Sequence[Term]) -> dict[str, set[str]]:
    """Of each word of the terms, which of these words the database finds for it. One statement."""
    parts, values = [], []
    for term in terms:
        sql, one = as_tsquery([term])
        parts.append(f"({sql})")
        values += one
    rows = db.fetch(
        f"SELECT w, {', '.join(f'v @@ q{at}' for at in range(len(parts)))}"  # noqa: S608  our own text
        f" FROM (SELECT w, to_tsvector('russian', w) AS v FROM unnest(%s::text[]) w) t,"
        f" (SELECT {', '.join(f'{part} AS q{at}' for at, part in enumerate(parts))}) q",
        [words, *values],
    )
    found: dict[str, set[str]] = {}
    for word, *met in rows:
        for term, is_met in zip(terms, met, strict=True):
            if is_met:
                found.setdefault(term.words[0], set()).add(word)
    return found


def marked(text: str, found: Forms) -> list[Part]:
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


def _places(text: str, found: Forms) -> Iterator[tuple[int, int]]:
    """Where the found words stand, in order; a number in groups of figures as one."""
    groups = []
    if _has_figures(found.words):
        groups = [
            one.span() for one in GROUPED.finditer(text) if not found.words.isdisjoint(grouped_figures(one.group()))
        ]
    in_rows = _in_rows(text, found.rows) if found.rows else frozenset()
    at = 0
    for token in TOKEN.finditer(text):
        while at < len(groups) and groups[at][1] <= token.start():
            at += 1
        if at < len(groups) and groups[at][0] < token.end():
            if groups[at][0] >= token.start():  # else it was a token before
                yield groups[at]
        elif token.start() in in_rows or not found.words.isdisjoint(_keys(token.group())):
            yield token.span()


def _in_rows(text: str, rows: Sequence[tuple[frozenset[str], ...]]) -> frozenset[int]:
    """Where the words begin that stand in one of the rows; letters and figures of one word are words of their own."""
    words = [(word, token.start()) for token in TOKEN.finditer(text) for word in words_of(token.group())]
    found: set[int] = set()
    for row in rows:
        for at in range(len(words) - len(row) + 1):
            stretch = words[at : at + len(row)]
            if all(_is_one_of(word, ways) for (word, _), ways in zip(stretch, row, strict=True)):
                found.update(start for _, start in stretch)
    return frozenset(found)


def _is_one_of(word: str, ways: frozenset[str]) -> bool:
    return not ways or word in ways or figure_of(word) in ways


def with_piece(text: str, pieces: Sequence[str]) -> list[Part]:
    """The text in parts, marking pieces of words, as they occur in lower case."""
    known = [re.escape(piece).replace("е", "[её]") for piece in pieces if piece]
    if not known:
        return [Part(text, found=False)]
    split = re.split(f"({'|'.join(known)})", text, flags=re.IGNORECASE)
    return [Part(piece, found=bool(place % 2)) for place, piece in enumerate(split) if piece]


def passage(text: str, found: Forms, length: int = LENGTH) -> list[Part]:
    """The passage around the first found word as one line; the beginning of the text if there is none."""
    line = " ".join(cells_apart(text[:LOOKED_AT]).split())
    first = next((start for start, _ in _places(line, found)), 0)
    begin = max(0, first - min(BEFORE, length // 3))
    if begin:
        begin = line.find(" ", begin, first) + 1 or begin
    end = begin + length
    if end < len(line):
        end = max(line.rfind(" ", first, end), first + 1) if " " in line[first:end] else end
    cut = line[begin:end]
    return marked(("… " if begin else "") + cut + (" …" if end < len(line) else ""), found)


def joined(passages: Sequence[list[Part]]) -> list[Part]:
    """Passages of different texts as one, those left out that show no other word than the ones before; «…» between."""
    parts: list[Part] = []
    for one in passages:
        words = {part.text.lower() for part in one if part.found}
        if not words - {part.text.lower() for part in parts if part.found}:
            continue
        if parts:
            bare = one[0].text.removeprefix("… ")
            gap = " " if parts[-1].text.endswith("…") else " … "
            parts += [Part(gap, found=False), one[0]._replace(text=bare), *one[1:]]
        else:
            parts += one
    return parts

"""Russian typography for the interface's own texts: no-break spaces where a line must not end. Not for people's texts.

Only plain spaces change; words, placeholders and tags stay byte for byte. Doing it twice changes nothing (design §10).
"""

from __future__ import annotations

import re

NBSP = "\u00a0"
THIN = "\u202f"
_SPACES = f" {NBSP}{THIN}"

# what is not text: markup, and placeholders, which stand for one word
_TAG = re.compile(r"<[^<>]*>")
_PLACEHOLDER = re.compile(r"%\([^()]*\)[a-zA-Z]|%[sd]|\{[^{}\s]*\}")
_NUMBER = re.compile(r"(?:^|[^\w])[+\u2212-]?\d{1,4}(?:[.,:]\d+)*$|^%\([^()]*\)d$|^%d$")
_COUNTED = re.compile(r"[а-яё₽%°]|[КМГТ]?Б(?:\W|$)")
_UNITS = {"Б", "КБ", "МБ", "ГБ", "ТБ", "ч"}
_INITIAL = re.compile(r"[А-ЯЁ]\.$")
_SURNAME = re.compile(r"[А-ЯЁ][а-яё-]+$")
_DASHES = ("—", "–")
_AFTER = {"№", "§", "ЛС", "БО", "г.", "ул.", "д.", "кв.", "п.", "с.", "т.", "стр.", "им.", "см."}
_SHORT_WORDS = {"для", "без", "при", "под", "над", "про", "или", "как", "что", "чем"}
_PARTICLES = {"бы", "же", "ли", "б", "ж"}
_OPENING = "«„(\"'["


def _bound(left: str, right: str) -> str:
    """The space that belongs between two words: no-break, thin no-break, or a plain one."""
    if right.rstrip(".,;:") in _DASHES or right[0] in "₽%":
        return NBSP
    if left[-1].isdigit() and re.match(r"\d{3}(?!\d)", right):
        return THIN
    bare = left.lstrip(_OPENING)
    if _INITIAL.match(right[:2]) and _INITIAL.match(bare):
        return THIN
    if _INITIAL.match(right[:2]) and _SURNAME.match(bare):
        return NBSP
    if left in _AFTER or bare in _AFTER or right.rstrip(".,;:!?»)") in _PARTICLES:
        return NBSP
    short = bare.isalpha() and bare not in _UNITS and (len(bare) <= 2 or bare.lower() in _SHORT_WORDS)
    if short and bare.lower() not in _PARTICLES and re.match(r"[А-Яа-яЁё]", bare):
        return NBSP
    if _NUMBER.search(bare) and _COUNTED.match(right):
        return NBSP
    if bare.startswith("%") and right.rstrip(".,;:!?»)") in _UNITS:  # «%(mb)s МБ»
        return NBSP
    return " "


def _words(text: str, hidden: list[bool], at: int) -> tuple[str, str]:
    """The visible words to the left and right of the space at `at`; an end of a line ends a word."""
    left, i = [], at - 1
    while i >= 0 and (hidden[i] or not text[i].isspace()):
        if not hidden[i]:
            left.append(text[i])
        i -= 1
    right, i = [], at + 1
    while i < len(text) and (hidden[i] or not text[i].isspace()):
        if not hidden[i]:
            right.append(text[i])
        i += 1
    return "".join(reversed(left)), "".join(right)


def russian(text: str) -> str:
    """The text with no-break spaces put in. Of one length with it, equal up to the kind of spaces."""
    hidden, opaque = [False] * len(text), [False] * len(text)
    for found in _TAG.finditer(text):
        hidden[found.start() : found.end()] = [True] * (found.end() - found.start())
    for found in _PLACEHOLDER.finditer(text):
        opaque[found.start() : found.end()] = [True] * (found.end() - found.start())
    result = list(text)
    for at, sign in enumerate(text):
        if sign != " " or hidden[at] or opaque[at]:
            continue
        left, right = _words(text, hidden, at)
        if left and right:
            result[at] = _bound(left, right)
    return "".join(result)

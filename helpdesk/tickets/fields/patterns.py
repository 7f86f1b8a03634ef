"""Patterns that an administrator sets for a text: a small part of regular expressions, so small that no text, however
wicked, keeps the machine busy. Pure."""

import re
from functools import lru_cache

MOST_WAYS = 100_000  # in which a pattern may try to meet one text
LONGEST_TEXT = 300  # of what it is tried on: a field of the kind text
_ESCAPED = frozenset("dwsDWS")
_TIMES = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,3}))?\}")
_CLASS = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]")


class Unfit(ValueError):
    """A pattern that is not taken; `args[0]` says why: syntax, unsupported, too_slow."""


def check(pattern: str) -> None:
    """Raise Unfit for a pattern that cannot be read, holds more than characters, classes, groups, alternatives and
    numbers of times, or could try more than MOST_WAYS ways: nothing hangs on it."""
    reader = _Reader(pattern)
    ways = reader.alternatives()
    if reader.at < len(pattern):
        raise Unfit("syntax")
    if ways > MOST_WAYS:
        raise Unfit("too_slow")
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        raise Unfit("syntax") from None


def fits(pattern: str, text: str) -> bool:
    """Whether the whole text is of this pattern. One that is not fit to be tried (written past the rules) refuses
    nothing."""
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(text[:LONGEST_TEXT]) is not None


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        check(pattern)
    except Unfit:
        return None
    return re.compile(pattern)


class _Reader:
    """Reads a pattern from left to right and counts the ways in which it may try to meet a text."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.at, self.depth = pattern, 0, 0

    def alternatives(self) -> int:
        ways = self.sequence()
        while self._take("|"):
            ways += self.sequence()
        return min(ways, MOST_WAYS + 1)

    def sequence(self) -> int:
        ways = 1
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            ways = min(ways * self.piece(), MOST_WAYS + 1)
        return ways

    def piece(self) -> int:
        """One character, class or group with its number of times."""
        inner = self.atom()
        least, most = self.times()
        if self.at < len(self.pattern) and self.pattern[self.at] in "?*+":
            raise Unfit("unsupported")  # lazy, possessive, or twice
        ways = 0
        for count in range(least, most + 1):
            ways += inner ** min(count, 40)
            if ways > MOST_WAYS:
                return MOST_WAYS + 1
        return ways

    def atom(self) -> int:
        sign = self.pattern[self.at]
        if sign == "(":
            return self.group()
        if sign == "[":
            found = _CLASS.match(self.pattern, self.at)
            if not found or re.search(r"\\[^\WdwsDWS_]|\\\d", found[0]):
                raise Unfit("unsupported" if found else "syntax")
            self.at = found.end()
            return 1
        if sign == "\\":
            following = self.pattern[self.at + 1 : self.at + 2]
            if not following or (following.isalnum() and following not in _ESCAPED):
                raise Unfit("unsupported" if following else "syntax")
            self.at += 2
            return 1
        if sign in "?*+{^$":
            raise Unfit("syntax" if sign in "?*+{" else "unsupported")
        self.at += 1
        return 1

    def group(self) -> int:
        self.at += 1
        if self._take("?") and not self._take(":"):
            raise Unfit("unsupported")
        self.depth += 1
        if self.depth > 20:
            raise Unfit("too_slow")
        ways = self.alternatives()
        self.depth -= 1
        if not self._take(")"):
            raise Unfit("syntax")
        return ways

    def times(self) -> tuple[int, int]:
        if self._take("?"):
            return 0, 1
        if self._take("*"):
            return 0, LONGEST_TEXT
        if self._take("+"):
            return 1, LONGEST_TEXT
        found = _TIMES.match(self.pattern, self.at)
        if not found:
            return 1, 1
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else LONGEST_TEXT
        if not least <= most <= LONGEST_TEXT:
            raise Unfit("syntax")
        return least, most

    def _take(self, sign: str) -> bool:
        if self.pattern.startswith(sign, self.at):
            self.at += 1
            return True
        return False

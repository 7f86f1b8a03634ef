"""Pieces of pages kept in memory: the same values give the same piece, so it is made once.

A list shows the rows that it showed a minute ago, a thread the articles of yesterday. A piece is kept under all the
values that it is made of, and under the reader's language, zone and day: nobody sees what was made of other values.
"""

import secrets
from collections.abc import Callable, Iterable
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any, Generic, ParamSpec

from django.utils import timezone
from markupsafe import Markup

from helpdesk.web.jinja import current_language, today
from helpdesk.web.render import environment

P = ParamSpec("P")
PIECES = 512  # whole articles, panels, heads: some ten kB each
ROWS = 2048  # rows of lists: some three kB each
TOKEN = Markup("\x00csrf\x00")  # where a form within a kept piece wants the reader's own token
KEY = secrets.token_urlsafe(18)  # where it wants the key of this very form; nobody outside can write it


class Kept(Generic[P]):
    """A function that makes a piece, with its results kept. Its arguments must be hashable, and must be all that it
    is made of beside the reader's language, zone and day."""

    def __init__(self, make: Callable[P, Markup], *, pieces: int = PIECES) -> None:
        self.make = make  # without keeping: for what is too long to be kept

        def made(reader: tuple[str, tzinfo, date], *args: P.args, **kwargs: P.kwargs) -> Markup:
            del reader  # the key: what words and dates depend on
            return make(*args, **kwargs)

        self._found: Callable[..., Markup] = lru_cache(maxsize=pieces)(made)

    @classmethod
    def rows(cls, make: Callable[P, Markup]) -> "Kept[P]":
        """The same for rows of lists, of which there are more and smaller ones."""
        return cls(make, pieces=ROWS)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> Markup:
        return self._found(_reader(), *args, **kwargs)

    def each(self, values: Iterable[tuple[Any, ...]]) -> list[Markup]:
        """The pieces of many rows of arguments; the reader is looked at once."""
        reader, found = _reader(), self._found
        return [found(reader, *row) for row in values]


def _reader() -> tuple[str, tzinfo, date]:
    return current_language(), timezone.get_current_timezone(), today()


def with_token(piece: Markup, csrf: Any, *, key: str = "") -> Markup:
    """A piece whose forms were printed with TOKEN and KEY, with the reader's own input and key in their places."""
    filled = piece.replace(TOKEN, csrf)
    return Markup(filled.replace(KEY, key) if key else filled)  # noqa: S704  an own form's input, a key without signs


def macro(template: str, name: str, *args: Any, **kwargs: Any) -> Markup:
    """What a macro of a template makes in the reader's language."""
    made: Markup = getattr(environment().get_template(template).module, name)(*args, **kwargs)
    return made

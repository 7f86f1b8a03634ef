"""Pieces of pages kept in memory: the same values give the same piece, so it is made once.

A list shows the rows that it showed a minute ago, a thread the articles of yesterday. A piece is kept under all the
values that it is made of, and under the reader's language, zone and day: nobody sees what was made of other values.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import lru_cache
from typing import Any, Generic, ParamSpec

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from markupsafe import Markup

from helpdesk.web.jinja import current_language, today
from helpdesk.web.render import environment
from helpdesk.web.token import token_input

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


@dataclass(frozen=True, slots=True)
class _Asked:
    """All that a page which is kept knows of the request: the theme. It has nothing to tell of what was done before."""

    theme: str


def whole(template: str, theme: str, **values: Any) -> Markup:
    """A whole page as it may be kept under its values, with TOKEN in its forms; for requests without `messages`."""
    found = environment().get_template(template).render(request=_Asked(theme), csrf_input=TOKEN, **values)
    return Markup(found)  # noqa: S704  what a template made


def is_like_no_other(request: HttpRequest) -> bool:
    """Whether the next page tells of something that was done, or is looked at by somebody in another's place."""
    return len(get_messages(request)) > 0 or getattr(request, "looking", None) is not None


def answer(request: HttpRequest, page: Markup, *, key: str = "") -> HttpResponse:
    """A page of `whole` for whoever asks; `key`: of the form in it."""
    return HttpResponse(with_token(page, token_input(request), key=key))

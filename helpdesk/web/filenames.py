"""Names of files for pages: whole or shortened, their ending («.xlsx») stays whole and in sight. Knows no files."""

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

# as files.js has it: what a name ends with, if something stands before it
_ENDING = re.compile(r"(?<=.)\.[^\W_]{1,8}\Z")
_SPLIT = Markup('<span>{}</span><span class="nowrap">{}</span>')


def file_name(name: str) -> Markup:
    """A name, to be broken or (in an element of class `cut--file`) shortened before its ending."""
    found = _ENDING.search(name)
    return _SPLIT.format(name[: found.start()], found.group()) if found else escape(name)


def file_names(names: Iterable[str]) -> Markup:
    """Several of them in a line."""
    return Markup(", ").join(file_name(name) for name in names)

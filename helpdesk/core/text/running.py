"""Cleaned markup as one line, for excerpts: what stood in cells, rows and items stays apart. Linear; never raises."""

import html as entities
import re

LAID_OUT = ("<td", "<th", "<li")  # markup that holds one of these says more than its text, where lines are lost
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)((?:\"[^\"]*+\"|[^<>\"])*+)(?:>|\Z)")
_START = re.compile(r' start="([0-9]{1,4})"')
_INLINE = frozenset({"b", "strong", "i", "em", "u", "s", "a", "span", "code", "sub", "sup", "img"})
_LISTS = frozenset({"ul", "ol"})
# Private-use characters stand for «a block, cell, row, item begins here» until the words between them are known.
_BLOCK, _CELL, _ROW, _ITEM = "\ue0f2", "\ue0f3", "\ue0f4", "\ue0f5"
_MARKS = re.compile(f"[{_BLOCK}{_CELL}{_ROW}{_ITEM}]")
_RUN = re.compile(rf"[\s{_BLOCK}{_CELL}{_ROW}{_ITEM}]+")
# After these signs no «;» is missing: «раз; два. Три», and in rows, whose cells end as they like: «01.2026 г.; …»
_ENDS_ITEM, _ENDS_ROW = ";,:.!?…", ";,!?…"


def is_laid_out(html: str) -> bool:
    """Whether markup has cells or items, which its text tells by lines and columns alone."""
    return any(tag in html for tag in LAID_OUT)


def running(html: str) -> str:
    """The text of cleaned markup (`sanitise.clean`) in one line: « · » between cells, «; » between rows and items, the
    numbers of a numbered list; empty cells and items are left out. A tag cut off at the end is no text."""
    numbers: list[int | None] = []  # of each open list: its next number; None without numbers

    def told(tag: re.Match[str]) -> str:
        name, is_end = tag.group(2).lower(), bool(tag.group(1))
        if name in _INLINE:
            return ""
        if name in _LISTS:
            inner = bool(numbers[1:] if is_end else numbers)
            _open_or_close(numbers, name, tag.group(3), is_end=is_end)
            return _ITEM if inner else _BLOCK
        if is_end:
            return _BLOCK if name in {"table", "caption"} else " "
        if name == "li":
            return _ITEM + _numbered(numbers)
        return {"td": _CELL, "th": _CELL, "tr": _ROW, "table": _BLOCK}.get(name, " ")

    line = entities.unescape(_TAG.sub(told, _MARKS.sub("", html)))
    return _RUN.sub(_apart, line).strip()


def _open_or_close(numbers: list[int | None], name: str, attributes: str, *, is_end: bool) -> None:
    if not is_end:
        start = _START.search(attributes)
        numbers.append(None if name == "ul" else int(start.group(1)) if start else 1)
    elif numbers:
        numbers.pop()


def _numbered(numbers: list[int | None]) -> str:
    number = numbers[-1] if numbers else None
    if number is None:
        return ""
    numbers[-1] = number + 1
    return f"{number}. "


def _apart(run: re.Match[str]) -> str:
    """What stands in one line where lines, cells and rows ended: nothing at its beginning and end."""
    signs, before = run.group(), run.string[run.start() - 1 : run.start()]
    if not before or run.end() == len(run.string) or _BLOCK in signs:
        return " "
    if _ROW in signs:
        return " " if before in _ENDS_ROW else "; "
    if _ITEM in signs:
        return " " if before in _ENDS_ITEM else "; "
    return " · " if _CELL in signs else " "

"""Marks that stand in every row of a list, as functions: a macro a cell would cost more than the query.

Templates import them from `web/parts/marks.html`. Results are kept by argument and type: text is escaped, Markup not.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup

from helpdesk.web import formats, looks

_CLOCKS = {"late": "clock-alert", "met": "circle-check", "wait": "circle-pause", "spent": "timer"}


def _class(name: str, *changes: str) -> str:
    return " ".join([name, *(f"{name}--{change}" for change in changes if change)])


def avatar(letters: str, kind: str = "", size: str = "") -> Markup:
    """Initials; `kind` "" a client, agent, none (nobody yet); the name always stands beside it."""
    return Markup('<span class="{}" aria-hidden="true">{}</span>').format(_class("avatar", kind, size), letters)


def person(name: str, kind: str = "", letters: str = "", *, small: bool = True) -> Markup:
    """Avatar and name."""
    shown = letters or ("?" if kind == "none" else formats.initials(name))
    picture = avatar(shown, kind, "sm" if small else "")
    return Markup('<span class="person">{}<span class="cut">{}</span></span>').format(picture, name)


def prio(number: int, label: str) -> Markup:
    """The digit in a box; `label` is all of it for a screen reader, «Приоритет 4, высокий»."""
    return Markup('<span class="prio prio--{0}" role="img" aria-label="{1}">{0}</span>').format(number, label)


def all_marks(icon: Callable[..., Markup]) -> dict[str, Callable[..., Markup]]:
    """The functions by name, with the pictures of one environment."""

    def badge(text: str, look: str, icon_name: str = "", *, bare: bool = False, wrap: bool = False) -> Markup:
        """A state: picture and word. `look` as in `looks.ICONS`."""
        classes = _class("badge", look, "bare" if bare else "", "wrap" if wrap else "")
        return Markup('<span class="{}">{}{}</span>').format(classes, icon(icon_name or looks.icon(look)), text)

    def clock(text: str, kind: str = "", full: str = "") -> Markup:
        """Time left; `kind` "", soon, late, met, wait, spent; `full` the absolute time, for the tooltip."""
        classes = _class("clock", "" if kind == "spent" else kind)
        title = Markup(' title="{}"').format(full) if full else ""
        return Markup('<span class="{}"{}>{}{}</span>').format(classes, title, icon(_CLOCKS.get(kind, "clock")), text)

    marks: dict[str, Callable[..., Markup]] = {
        "badge": badge,
        "clock": clock,
        "prio": prio,
        "avatar": avatar,
        "person": person,
    }
    return {name: lru_cache(maxsize=4096, typed=True)(function) for name, function in marks.items()}

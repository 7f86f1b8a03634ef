"""The markup of what was said, where a quotation or a signature follows: the beginning of a letter's HTML."""

import re
from collections.abc import Iterator

import lxml.html
from lxml import etree

_BORDER = re.compile(r"\s*[-–—_>=*|]+\s*")  # a line of signs above a signature or an earlier letter
_STAYS = frozenset({"td", "th", "tr", "img", "hr"})  # empty as it may be, it belongs to what is kept


class _Differs(Exception):
    """The markup says something else, or in another order."""


def beginning(html: str, said: str) -> str:
    """The part of cleaned HTML (`sanitise.clean`) that holds just the words of `said`, pictures up to the next word
    with them; "" if it does not begin with these words, so that nothing said is ever lost. Linear; never raises.
    """
    goal = _signs(said)
    if not goal:
        return ""
    try:
        tree = lxml.html.fragment_fromstring(html, create_parent="div")
        _cut(tree, goal)
    except (_Differs, RecursionError, ValueError, AssertionError, etree.LxmlError):
        return ""
    _trim(tree)
    return str(lxml.html.tostring(tree, encoding="unicode"))


def _signs(text: str | None) -> str:
    """Letters and figures alone: how lines are broken and marked differs between a letter's two forms."""
    return "".join(sign for sign in text or "" if sign.isalnum())


def _cut(tree: lxml.html.HtmlElement, goal: str) -> None:
    """Take away everything from the first word on that follows `goal`."""
    at, is_over, late = 0, False, []
    for kind, element in _pieces(tree):
        if kind == "begin":
            if is_over:
                late.append(element)
            continue
        text = getattr(element, kind) or ""
        signs = _signs(text)
        if not is_over and at == len(goal) and _BORDER.fullmatch(text):
            is_over = True
        elif signs and not is_over:
            is_over = at == len(goal)
            if not is_over and not goal.startswith(signs, at):
                raise _Differs
            at += 0 if is_over else len(signs)
        if is_over:
            setattr(element, kind, None)
    if at < len(goal):
        raise _Differs
    for element in late:
        if element.getparent() is not None:
            element.drop_tree()


def _pieces(tree: lxml.html.HtmlElement) -> Iterator[tuple[str, lxml.html.HtmlElement]]:
    """Elements as they begin, their texts and what follows their ends, in the order of the document."""
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if event == "start":
            yield "begin", element
            yield "text", element
        elif element is not tree:
            yield "tail", element


def _trim(tree: lxml.html.HtmlElement) -> None:
    """Take away what is empty at the end: lines, the frame of the quotation that stood there."""
    for element in reversed(list(tree.iterdescendants())):
        if element.tag in _STAYS or len(element) or (element.text or "").strip() or (element.tail or "").strip():
            return
        element.drop_tree()

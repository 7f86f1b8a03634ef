"""Markdown of a page of help as harmless HTML: links between pages lead to `base`, pictures stay in the guide."""

import re
from collections.abc import Iterable
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    "p", "br", "strong", "em", "ul", "ol", "li", "code", "pre", "blockquote", "hr", "h2", "h3", "h4", "a",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_PAGE = re.compile(r"(?:\./)?([a-z0-9-]+)\.md(#[\w-]+)?")
_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")


@lru_cache(maxsize=256)
def html(text: str, base: str) -> str:
    """The body as HTML. `base`: the address below which pages of help stand, for links like «answer.md»."""
    tokens = list(_without_pictures(_markdown.parse(text)))
    for token in tokens:
        for inner in token.children or ():
            if inner.type == "link_open":
                inner.attrSet("href", _address(str(inner.attrGet("href") or ""), base))
    made = _markdown.renderer.render(tokens, _markdown.options, {})
    return nh3.clean(
        made, tags=_TAGS, attributes={"a": {"href"}, "ol": {"start"}}, url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )  # fmt: skip


def _address(href: str, base: str) -> str:
    page = _PAGE.fullmatch(href)
    return f"{base}{page[1]}/{page[2] or ''}" if page else href


def _without_pictures(tokens: list[Token]) -> Iterable[Token]:
    """The tokens without pictures, and without the paragraphs that held nothing else."""
    skipped = 0
    for place, token in enumerate(tokens):
        if skipped:
            skipped -= 1
            continue
        if token.type == "paragraph_open" and _only_pictures(tokens[place + 1]):
            skipped = 2
            continue
        if token.children:
            token.children = [inner for inner in token.children if inner.type != "image"]
        yield token


def _only_pictures(inline: Token) -> bool:
    found = inline.children or []
    return bool(found) and all(inner.type in {"image", "softbreak"} for inner in found)

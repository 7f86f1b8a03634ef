"""HTML of strangers (letters, the rich editor) made harmless by a closed list; must not know who wrote it."""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from helpdesk.core.text.markup import strip_tags, too_heavy
from helpdesk.core.text.safe import storable

TAGS = frozenset({
    "p", "br", "div", "span", "b", "strong", "i", "em", "u", "s", "blockquote", "ul", "ol", "li", "pre", "code", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6", "a", "img", "sub", "sup",
    "table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td",
})  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"},
    "img": {"src", "alt", "width", "height"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
_DROPPED_WITH_CONTENT = frozenset({
    "script", "style", "title", "svg", "math", "template", "object", "iframe", "noscript",
})  # fmt: skip
_SCHEMES = frozenset({"http", "https", "mailto", "tel", "cid"})
_IMAGE = re.compile(r"<img[^>]*>")
_SOURCE = re.compile(r' src="cid:([^"]*)"')
# The closed list's own markup is well formed, and no link stands within another.
_LINK_TAG = re.compile(r"<a(?=[ >])((?:\"[^\"]*+\"|[^<>\"])*+)>|</a>")
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:[\s\u200b\ufeff]|&nbsp;|<br>|</?(?:span|b|strong|i|em|u|s|sub|sup|code)>)*+</p>")
_SMALL_NUMBER = re.compile(r"[0-9]{1,4}")
_LINK = re.compile(r"\bhttps?://[^\s<>\"'«»]{1,2000}")
MAX_SIZE = 4_000_000
MAX_TAGS = 100_000


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """Harmless HTML; the count of pictures elsewhere that were left out; the Content-IDs its pictures name."""

    html: str
    remote_images: int
    cids: list[str]


def clean(html: str) -> CleanHtml:
    """Keep what the closed list knows: no styles, classes, scripts, forms, or pictures from elsewhere.

    Links that lead nowhere here (a word processor's footnotes, comments and table of contents) become their text, and
    paragraphs without a word go. Pictures stay only with `src="cid:…"`, as data for `with_images`. Links open http(s),
    mailto and tel. HTML too big or too deep for a tree comes back as paragraphs of its text. Never raises.
    """
    html = storable(html)
    if too_heavy(html, size=MAX_SIZE, tags=MAX_TAGS):
        return CleanHtml(from_plain(strip_tags(html)), 0, [])
    cleaned = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=_filtered,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return _with_letters_pictures(_without_dead_links(cleaned))


def _without_dead_links(html: str) -> str:
    """A link without an address is its text."""
    is_dead = False

    def kept(tag: re.Match[str]) -> str:
        nonlocal is_dead
        if tag.group(1) is None:
            return "" if is_dead else tag.group(0)
        is_dead = ' href="' not in tag.group(1) or ' href=""' in tag.group(1)
        return "" if is_dead else tag.group(0)

    return _LINK_TAG.sub(kept, html) if "<a" in html else html


def _with_letters_pictures(cleaned: str) -> CleanHtml:
    """Only pictures that a letter or a form brought along; the others are counted."""
    remote = 0
    cids: list[str] = []

    def kept(match: re.Match[str]) -> str:
        nonlocal remote
        source = _SOURCE.search(match.group(0))
        if source is None:
            remote += 1
            return ""
        cid = entities.unescape(source.group(1))
        if cid not in cids:
            cids.append(cid)
        return match.group(0)

    return CleanHtml(_EMPTY_PARAGRAPH.sub("", _IMAGE.sub(kept, cleaned)), remote, cids)


def _filtered(_tag: str, attribute: str, value: str) -> str | None:
    """Decide over one attribute: pictures from letters only, links anywhere but there, numbers small."""
    is_cid = value.strip().lower().startswith("cid:")
    if attribute == "src":
        return "cid:" + value.strip()[4:].strip("<>") if is_cid else None
    if attribute == "href":
        return None if is_cid or not re.match(r"\s*(?:https?|mailto|tel):", value, re.IGNORECASE) else value
    if attribute == "alt":
        # An angle bracket inside a value would end the tag for simple readers of this HTML, ours included.
        return value.replace("<", "‹").replace(">", "›")
    if attribute in {"colspan", "rowspan", "start", "width", "height"}:
        return value if _SMALL_NUMBER.fullmatch(value) else None
    return value


def with_images(html: str, address_of: Callable[[str], str | None]) -> str:
    """Put addresses in the place of `cid:` in HTML that `clean` made; a picture without an address goes.

    `address_of` takes a Content-ID without brackets.
    """

    def placed(match: re.Match[str]) -> str:
        source = _SOURCE.search(match.group(0))
        address = address_of(entities.unescape(source.group(1))) if source else None
        if not address:
            return ""
        escaped = entities.escape(address, quote=True)
        return _SOURCE.sub(lambda _: f' src="{escaped}"', match.group(0), count=1)

    return _IMAGE.sub(placed, html)


def from_plain(text: str) -> str:
    """Return plain text as HTML: escaped paragraphs, line breaks, http(s) addresses as links."""
    text = storable(text).strip("\n")
    if not text.strip():
        return ""
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", text)
    return "".join(f"<p>{_linked(paragraph)}</p>" for paragraph in paragraphs if paragraph.strip())


def _linked(text: str) -> str:
    out: list[str] = []
    end = 0
    for match in _LINK.finditer(text):
        address = match.group(0).rstrip(".,;:!?»")
        if "(" not in address:
            address = address.rstrip(")")
        shown = entities.escape(address, quote=True)
        out.append(_escaped(text[end : match.start()]))
        out.append(f'<a href="{shown}" target="_blank" rel="noopener noreferrer nofollow">{shown}</a>')
        end = match.start() + len(address)
    out.append(_escaped(text[end:]))
    return "".join(out)


def _escaped(text: str) -> str:
    return entities.escape(text, quote=False).replace("\n", "<br>")

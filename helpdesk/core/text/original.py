"""The original look of a letter: its own HTML with its styles, for a sandboxed frame alone. Knows no letter's sender.

The frame forbids scripts and everything from elsewhere by its policy: what is left out here would be dead in it.
"""

import html as entities
import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3

from helpdesk.core.text.markup import strip_tags, too_heavy
from helpdesk.core.text.safe import storable
from helpdesk.core.text.sanitise import MAX_SIZE, MAX_TAGS, TAGS

_TAGS = TAGS | {
    "style", "font", "center", "big", "small", "strike", "tt", "dl", "dt", "dd", "dir", "menu", "address", "abbr",
    "acronym", "cite", "dfn", "kbd", "samp", "var", "q", "ins", "del", "mark", "figure", "figcaption", "section",
    "article", "header", "footer", "main", "aside", "nav", "wbr", "bdi", "bdo", "time", "label",
}  # fmt: skip
_EVERYWHERE = {
    "style", "class", "id", "dir", "lang", "title", "align", "valign", "bgcolor", "background", "color", "face", "size",
    "width", "height", "border", "cellpadding", "cellspacing", "bordercolor", "nowrap", "hspace", "vspace", "clear",
    "type", "start",
}  # fmt: skip
_ATTRIBUTES = {
    "*": _EVERYWHERE, "a": {"href", "name"}, "img": {"src", "alt"}, "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"}, "col": {"span"}, "colgroup": {"span"},
}  # fmt: skip
_DROPPED_WITH_CONTENT = {
    "script", "title", "svg", "math", "template", "object", "iframe", "noscript", "select", "textarea", "button",
    "audio", "video",
}  # fmt: skip
_SCHEMES = {"http", "https", "mailto", "tel", "cid", "data"}
_LINK = re.compile(r"\s*(?:https?|mailto|tel):", re.IGNORECASE)
_REMOTE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)
_DATA_PICTURE = re.compile(r"data:image/(?:png|jpe?g|gif|webp|bmp)[;,]", re.IGNORECASE)
_BODY_TAG = re.compile(r"<(/?)body(?=[\s/>])", re.IGNORECASE)  # its colours and margins stay, as those of a box
_REMOTE_STYLE = re.compile(r"url\(\s*[\"']?\s*(?:https?:)?//|@import", re.IGNORECASE)
# white paper whatever the reader's theme; the letter's own styles come after and win
_SHEET = (
    ":root{color-scheme:light;background:#fff}"
    "body{margin:12px;color:#1c1b19;font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif}"
    "img{max-width:100%;height:auto}pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}"
)


@dataclass(frozen=True, slots=True)
class Original:
    """The frame's document; whether there are pictures elsewhere that it does not show."""

    html: str
    has_remote: bool


def document(html: str | None, text: str, *, address_of: Callable[[str], str | None], remote: bool) -> Original:
    """A letter as it came: its HTML, or its text where it has none or too much of it to be read by a browser at once.

    `address_of`: where the picture of a Content-ID is, None where it is gone. `remote`: the reader has asked for
    pictures from elsewhere. Never raises.
    """
    html = storable(html or "")
    if not html.strip() or too_heavy(html, size=MAX_SIZE, tags=MAX_TAGS):
        body = entities.escape(strip_tags(html) if html.strip() else storable(text), quote=False)
        return Original(_page(f"<pre>{body}</pre>"), has_remote=False)
    look = _Look(address_of, remote=remote)
    cleaned = nh3.clean(
        _BODY_TAG.sub(r"<\1div", html),
        tags=set(_TAGS),
        clean_content_tags=set(_DROPPED_WITH_CONTENT),
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        attribute_filter=look.kept,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )
    return Original(_page(cleaned), look.has_remote or bool(_REMOTE_STYLE.search(cleaned)))


class _Look:
    """Decides over one attribute after another, and remembers what it has met."""

    def __init__(self, address_of: Callable[[str], str | None], *, remote: bool) -> None:
        self.address_of, self.remote = address_of, remote
        self.has_remote = False

    def kept(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "href":
            return value if _LINK.match(value) else None
        if attribute not in {"src", "background"}:
            return value
        if value.strip().lower().startswith("cid:"):
            return self.address_of(value.strip()[4:].strip("<>")) if tag == "img" else None
        if _REMOTE.match(value):
            self.has_remote = True
            return value if self.remote else None
        return value if _DATA_PICTURE.match(value.strip()) else None


def _page(body: str) -> str:
    return (
        '<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<meta name="referrer" content="no-referrer"><style>{_SHEET}</style></head><body>{body}</body></html>'
    )

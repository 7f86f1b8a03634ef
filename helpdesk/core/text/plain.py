"""Text of HTML, with tables still legible and quotations marked by «> »; never raises, whatever the HTML."""

import re

import lxml.html
import nh3
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.html_engine import Inscriptis
from inscriptis.model.config import ParserConfig
from lxml import etree

from helpdesk.core.text.markup import strip_tags, too_heavy
from helpdesk.core.text.safe import storable
from helpdesk.core.text.sanitise import TAGS

MAX_SIZE = 1_500_000
MAX_TAGS = 20_000
# Private-use characters stand for «a quotation begins / ends here» while the layout is made.
_BEGIN, _END = "\ue0f0", "\ue0f1"
_MARKS = re.compile(f"[{_BEGIN}{_END}]")
_BLANK_LINES = re.compile(r"\n{4,}")
_HEAD_END = re.compile(r":[\s\xa0]*$")
_CONTAINERS = frozenset({"yahoo_quoted", "protonmail_quote", "zmail_extra", "gmail_quote", "tutanota_quote"})
_FORWARD = re.compile(r"forwarded message|пересылаемо|пересланно|переадресован|weitergeleitet|transféré", re.IGNORECASE)


def from_html(html: str, *, mark_quotations: bool = True) -> str:
    """Return the text of HTML by layout; blocks that quote an earlier letter get «> » before each line.

    HTML too big or too deep for a tree is stripped in one linear pass.
    """
    html = storable(_MARKS.sub("", html))
    if not html.strip():
        return ""
    if too_heavy(html, size=MAX_SIZE, tags=MAX_TAGS):
        return strip_tags(html)
    try:
        text = _laid_out(html, mark_quotations=mark_quotations)
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError, etree.LxmlError, ArithmeticError):
        return strip_tags(html)
    # A table of layout inside a table may come out as mostly padding; then the plain order says more.
    if len(text) > 4 * len(html) + 10_000:
        return strip_tags(html)
    return text


def _laid_out(html: str, *, mark_quotations: bool) -> str:
    # One reading of broken HTML, the browser's: lxml then meets only what is well formed.
    regular = nh3.clean(
        html,
        tags=set(TAGS),
        clean_content_tags={"script", "style", "title", "noscript", "template"},
        attributes={"div": {"class", "style"}, "blockquote": {"class", "style", "type", "cite"}, "span": {"style"}},
        generic_attribute_prefixes=set(),
        url_schemes=set(),
        link_rel=None,
    )
    if not regular.strip():
        return ""
    tree = lxml.html.document_fromstring(regular.encode("utf-8"), parser=lxml.html.HTMLParser(encoding="utf-8"))
    if mark_quotations:
        _mark(tree)
    config = ParserConfig(css=CSS_PROFILES["strict"], display_links=False, display_images=False)
    text = Inscriptis(tree, config).get_text()
    lines = _prefixed(text.replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n\n", "\n".join(lines)).strip("\n")


def _mark(tree: lxml.html.HtmlElement) -> None:
    for element in list(tree.iter("blockquote", "div")):
        if _quotes(element):
            for at, mark in ((0, _BEGIN), (len(element) + 1, _END)):
                line = etree.SubElement(element, "div")
                line.text = mark
                element.insert(at, line)
            first = element[0]
            first.tail, element.text = element.text, None


def _quotes(element: lxml.html.HtmlElement) -> bool:
    """Tell whether an element holds an earlier letter. An indent (Gmail writes it as a blockquote) does not."""
    names = set((element.get("class") or "").split())
    if element.tag == "div":
        # Answers written between quotations stand inside these boxes, beside their blockquotes: mark those alone.
        return bool(names & _CONTAINERS) and element.find(".//blockquote") is None and not _forwards(element)
    if element.get("type") == "cite" or element.get("cite") or "gmail_quote" in names:
        return True
    style = (element.get("style") or "").replace(" ", "").lower()
    if "border-left:" in style and "border-left:none" not in style and "border-left:0" not in style:
        return True
    return "border:none" not in style and _follows_head(element)


def _forwards(element: lxml.html.HtmlElement) -> bool:
    return bool(_FORWARD.search(str(element.text_content())[:300]))


def _follows_head(element: lxml.html.HtmlElement) -> bool:
    """Tell whether the text before a bare blockquote ends like «24.11.2026, 10:12, Иван <…>:»."""
    before = element.getprevious()
    if before is None:
        parent = element.getparent()
        return parent is not None and bool(_HEAD_END.search(parent.text or ""))
    tail = before.tail or ""
    said = tail if tail.strip() else str(before.text_content())[-300:]
    return bool(_HEAD_END.search(said)) and any(character.isdigit() for character in said)


def _prefixed(lines: list[str]) -> list[str]:
    depth = 0
    out: list[str] = []
    for line in lines:
        begins, ends = line.count(_BEGIN), line.count(_END)
        if not begins and not ends:
            bare = line.rstrip()
            out.append(">" * min(depth, 9) + " " + bare.lstrip() if depth and bare else ">" * min(depth, 9) + bare)
            continue
        rest = _MARKS.sub("", line).rstrip()
        if rest.strip():
            deeper = max(depth, depth + begins - ends)
            out.append((">" * min(deeper, 9) + " " if deeper else "") + rest)
        depth = max(0, depth + begins - ends)
    return out

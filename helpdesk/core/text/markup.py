"""Measuring and stripping HTML in linear time, for input that a tree parser must not meet; knows no tag's meaning."""

import html as entities
import re

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]*)([^<>]*)>")
_VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "param",
    }
)
# Browsers close these by themselves, so an old letter's hundred open <p> are no depth.
_SELF_CLOSING = frozenset({"p", "li", "tr", "td", "th", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup"})
_BREAK = re.compile(
    r"</?(?:p|div|br|tr|table|li|ul|ol|blockquote|pre|hr|h[1-6]|dt|dd|section|article|header|footer|center)"
    r"(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_CELL_END = re.compile(r"</t[dh]\s*>", re.IGNORECASE)
_AROUND_BREAKS = re.compile(r" ?\n ?")
_DROPPED = ("script", "style", "title", "head")
_BLANK_LINES = re.compile(r"\n{2,}")
_INNER_SPACES = re.compile(r"[ \t\f\v]+")
_RAW_TEXT = frozenset({"script", "style", "title", "textarea", "xmp", "iframe", "noembed", "noframes"})
_TAG_START = re.compile(r"</?[a-zA-Z]")
_TAG_HERE = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:]*+)"
    r"((?:\s++[\w:.-]++(?:\s*+=\s*+(?:\"[^\"<>]*+\"|'[^'<>]*+'|[^\s\"'<>=]++))?+)*+)\s*+/?>"
)
_ATTRIBUTE = re.compile(r"[\s/]*+[^\s/>][^\s/>=]*+(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"'][^\s>]*+))?+")
MAX_DEPTH = 200
_MANY_ATTRIBUTES = 500


def too_heavy(html: str, *, size: int, tags: int) -> bool:
    """Tell whether a tree of this HTML would cost too much: size in characters, count of tags, depth, attributes."""
    if len(html) > size or html.count("<") > tags * 2:
        return True
    depth = count = at = 0
    open_now: dict[str, int] = {}
    while (at := html.find("<", at)) >= 0:
        tag = _TAG_HERE.match(html, at)
        if tag is None:
            at = _past_odd_tag(html, at)
            if at < 0:
                return True
            continue
        at, count, name = tag.end(), count + 1, tag.group(2).lower()
        if len(tag.group(3)) > 1000 and len(tag.group(3).split(maxsplit=_MANY_ATTRIBUTES)) > _MANY_ATTRIBUTES:
            return True
        if tag.group(1):
            if open_now.get(name):
                open_now[name] -= 1
                depth -= 1
        elif name in _RAW_TEXT:
            end = html.find("</", at)
            at = end if end >= 0 else len(html)
        elif name not in _VOID and name not in _SELF_CLOSING:
            open_now[name] = open_now.get(name, 0) + 1
            depth += 1
        if depth > MAX_DEPTH or count > tags:
            return True
    return False


def _past_odd_tag(html: str, at: int) -> int:
    """Return where a «<» ends that begins no simple tag, read as a browser reads it; -1: not worth a tree.

    The parsers look at every earlier attribute for each new one, so thousands in one tag cost minutes.
    """
    if html.startswith("<!--", at):
        end = html.find("-->", at + 4)
        return end + 3 if end >= 0 else len(html)
    if not _TAG_START.match(html, at):
        return at + 1
    place = at + 2
    for _ in range(_MANY_ATTRIBUTES):
        attribute = _ATTRIBUTE.match(html, place)
        if attribute is None:
            break
        if attribute.end() - place > 4000 and "<" in attribute.group(0):
            return -1
        place = attribute.end()
    else:
        return -1
    end = html.find(">", place)
    return end + 1 if 0 <= end < place + 100 else (len(html) if len(html) - at < 4000 else -1)


def strip_tags(html: str) -> str:
    """Return the text of HTML without a tree: linear whatever comes, block tags become line ends."""
    text = _flat(_without_dropped(_without_comments(html)))
    text = _TAG.sub("", _CELL_END.sub(" ", _BREAK.sub("\n", text)))
    plain = entities.unescape(text).replace("\xa0", " ")
    plain = _AROUND_BREAKS.sub("\n", _INNER_SPACES.sub(" ", plain))
    return _BLANK_LINES.sub("\n\n", plain).strip("\n ")


def _flat(text: str) -> str:
    return text.replace("\n", " ").replace("\r", " ")


def _without_comments(html: str) -> str:
    out: list[str] = []
    at = 0
    while (start := html.find("<!", at)) >= 0:
        out.append(html[at:start])
        closing = "-->" if html.startswith("<!--", start) else ">"
        end = html.find(closing, start + 2)
        if end < 0:
            # An open comment hides the rest in a browser; here nothing may be lost.
            at = start + 2
            break
        at = end + len(closing)
    out.append(html[at:])
    return "".join(out)


def _without_dropped(html: str) -> str:
    for name in _DROPPED:
        html = _without_element(html, name)
    return html


def _without_element(html: str, name: str) -> str:
    opening, closing = re.compile(rf"<{name}(?=[\s>/])", re.IGNORECASE), re.compile(rf"</{name}\s*>", re.IGNORECASE)
    out: list[str] = []
    at = 0
    while start := opening.search(html, at):
        end = closing.search(html, start.end())
        if end is None:
            break
        out.append(html[at : start.start()])
        at = end.end()
    out.append(html[at:])
    return "".join(out)

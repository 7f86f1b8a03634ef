"""Numbers of requests in a text become links, names of people marks. Pure.

Which of them lead anywhere says whoever asks for the links: a reader is led to no request that they may not see.
"""

import re
from collections.abc import Callable, Collection, Sequence
from functools import lru_cache
from html import escape

_SPACE = r"(?:[ \u00a0\u202f\u2009]|&nbsp;)"
_NUMBER = rf"(?P<number>[0-9]{{1,3}}(?:{_SPACE}[0-9]{{3}}){{1,5}}(?![0-9])|[0-9]{{4,20}})"
# what is certainly meant: «Ticket#100001», «заявка № 100 001», «заявке 100001», «request No. 100001», «[#100001]»
_MENTION = re.compile(
    rf"""(?<![\w#/&])(?:
        Ticket{_SPACE}?\#{_SPACE}?
      | (?:заявк\w{{1,3}}|обращени\w{{1,3}}|requests?|tickets?){_SPACE}(?:(?:№|No\.|n°|\#){_SPACE}?)?
      | \[\#(?=[0-9]+\])
    ){_NUMBER}(?![\w-]|[.,][0-9])""",
    re.VERBOSE | re.IGNORECASE,
)
_FIGURES = re.compile(rf"[0-9](?:[0-9]|{_SPACE}[0-9]){{3,25}}")
_BEFORE = 48  # characters before figures that may say what they are
_SPACES = r"(?:\s|&nbsp;)+"
_SEPARATORS = re.compile(_SPACE)
# a tag or comment of HTML that is well formed, as sanitise makes it
_TAG = re.compile(r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_AS_IT_IS = frozenset({"a", "code", "pre"})  # nothing within these is linked
_HINTS = ("#", "аявк", "бращени", "equest", "icket", "АЯВК", "БРАЩЕНИ", "EQUEST", "ICKET")


def linked(html: str, *, base: str, known: Collection[str]) -> str:
    """HTML as `sanitise` makes it, with those numbers of requests in its text linked to `base` + number + «/» that are
    `known`."""
    if not known or not any(hint in html for hint in _HINTS):
        return html
    return _each_text(html, lambda text: _in_text(text, base, known))


@lru_cache(maxsize=2_000)
def numbers_in(text: str) -> frozenset[str]:
    """The numbers of requests that a text names, of HTML as well. Cheap: looks closer only where figures stand."""
    found = set[str]()
    for figures in _FIGURES.finditer(text):
        around = text[max(0, figures.start() - _BEFORE) : figures.end() + 2]
        found.update(_SEPARATORS.sub("", one["number"]) for one in _MENTION.finditer(around))
    return frozenset(found)


def called(html: str, names: Sequence[str]) -> str:
    """HTML as `sanitise` makes it, with each «@» and one of these names marked, however its letters are written."""
    if not names or "@" not in html:
        return html
    parts = (_SPACES.join(map(_any_yo, escape(name).split())) for name in sorted(names, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w.+@-])@(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)
    return _each_text(html, lambda text: pattern.sub(r'<span class="named">\g<0></span>', text))


def _any_yo(word: str) -> str:
    """A word as a pattern in which ё and е are one."""
    return re.sub("[её]", "[её]", re.escape(word), flags=re.IGNORECASE)


def _each_text(html: str, change: Callable[[str], str]) -> str:
    """The markup with what stands between its tags changed, but for links and code."""
    html = str(html)  # of Markup: what is put in between would be escaped
    out: list[str] = []
    end, closed_by = 0, ""
    depth = 0
    for tag in _TAG.finditer(html):
        text = html[end : tag.start()]
        out += (text if depth else change(text), tag.group(0))
        end, name = tag.end(), tag["name"].lower()
        if depth == 0 and name in _AS_IT_IS and not tag["close"]:
            closed_by, depth = name, 1
        elif depth and name == closed_by:
            depth += -1 if tag["close"] else 1
    rest = html[end:]
    out.append(rest if depth else change(rest))
    return "".join(out)


def _in_text(text: str, base: str, known: Collection[str]) -> str:
    def link(match: re.Match[str]) -> str:
        number = _SEPARATORS.sub("", match["number"])
        whole = match.group(0)
        return whole if number not in known else f'<a href="{base}{number}/">{whole}</a>'

    return _MENTION.sub(link, text)

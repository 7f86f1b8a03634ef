"""Numbers of requests in a text become links. Pure: whether such a request is there is asked of whoever follows one."""

import re

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
_SEPARATORS = re.compile(_SPACE)
# a tag or comment of HTML that is well formed, as sanitise makes it
_TAG = re.compile(r"""<(?P<close>/?)(?P<name>[a-zA-Z][a-zA-Z0-9]*)(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_AS_IT_IS = frozenset({"a", "code", "pre"})  # nothing within these is linked
_HINTS = ("#", "аявк", "бращени", "equest", "icket", "АЯВК", "БРАЩЕНИ", "EQUEST", "ICKET")


def linked(html: str, *, base: str, own: str = "") -> str:
    """HTML as `sanitise` makes it, with the numbers of requests in its text linked to `base` + number + «/»; not the
    number `own`, on whose page it stands."""
    if not any(hint in html for hint in _HINTS):
        return html
    out: list[str] = []
    end, closed_by = 0, ""
    depth = 0
    for tag in _TAG.finditer(html):
        text = html[end : tag.start()]
        out += (text if depth else _in_text(text, base, own), tag.group(0))
        end, name = tag.end(), tag["name"].lower()
        if depth == 0 and name in _AS_IT_IS and not tag["close"]:
            closed_by, depth = name, 1
        elif depth and name == closed_by:
            depth += -1 if tag["close"] else 1
    rest = html[end:]
    out.append(rest if depth else _in_text(rest, base, own))
    return "".join(out)


def _in_text(text: str, base: str, own: str) -> str:
    def link(match: re.Match[str]) -> str:
        number = _SEPARATORS.sub("", match["number"])
        whole = match.group(0)
        return whole if number == own else f'<a href="{base}{number}/">{whole}</a>'

    return _MENTION.sub(link, text)

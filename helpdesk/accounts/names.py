"""Names: how they sort, how they shorten. Pure."""

import re
import unicodedata
from collections.abc import Mapping

from helpdesk.core.errors import Problem
from helpdesk.core.text.safe import storable


def sort_key(name: str) -> str:
    """A key that orders names as a Russian directory does: case apart, ё beside е; at most 200 characters."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return " ".join(folded.split())[:200]


def surname(name: str) -> str:
    """The last word of «Имя Фамилия», as dense lists show it."""
    words = name.split()
    return words[-1] if words else name


_BESIDE_FIGURES = re.compile(r"\b(?:тел|моб|раб|гор|дом|факс|доб|вн|tel|mob|fax|ext|x)\b\.?")
_FIGURES = re.compile(r"[0-9+()\-‐-―.,;:/#*\s]*")


def is_name(text: str) -> bool:
    """Whether a line may be somebody's name: it holds a letter of some alphabet."""
    return any(sign.isalpha() for sign in text)


def is_phone(text: str) -> bool:
    """Whether a line may be a telephone number, or several: three figures at least, and nothing beside figures and
    their signs but «доб.» and the like."""
    rest = _BESIDE_FIGURES.sub(" ", text.lower())
    return sum(sign.isdigit() for sign in rest) >= 3 and _FIGURES.fullmatch(rest) is not None


def problems_of(lines: Mapping[str, str], widths: Mapping[str, int]) -> list[Problem]:
    """What is wrong with somebody's details, each field by itself: `name` required, letters; `phone` format; each
    long (details: limit)."""
    found = [Problem(name, "long", {"limit": most}) for name, most in widths.items() if len(lines[name]) > most]
    long = {problem.field for problem in found}
    if not is_name(lines["name"]):
        found.append(Problem("name", "letters" if lines["name"] else "required"))
    if lines["phone"] and "phone" not in long and not is_phone(lines["phone"]):
        found.append(Problem("phone", "format"))
    return found


def canonical_address(address: str) -> str:
    """Addresses are compared by this: trimmed, lower case."""
    return storable(address).strip().lower()[:320]


def canonical_login(login: str) -> str:
    """Logins are compared by this: trimmed, lower case."""
    return storable(login).strip().lower()[:320]

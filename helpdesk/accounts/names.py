"""Names: how they sort, how they shorten. Pure."""

import unicodedata

from helpdesk.core.text.safe import storable


def sort_key(name: str) -> str:
    """A key that orders names as a Russian directory does: case apart, ё beside е; at most 200 characters."""
    folded = unicodedata.normalize("NFKC", name).casefold().replace("ё", "е")
    return " ".join(folded.split())[:200]


def surname(name: str) -> str:
    """The last word of «Имя Фамилия», as dense lists show it."""
    words = name.split()
    return words[-1] if words else name


def canonical_address(address: str) -> str:
    """Addresses are compared by this: trimmed, lower case."""
    return storable(address).strip().lower()[:320]


def canonical_login(login: str) -> str:
    """Logins are compared by this: trimmed, lower case."""
    return storable(login).strip().lower()[:320]

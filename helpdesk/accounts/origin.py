"""Whence a request comes: address and browser, as the log of sign-ins and the list of sessions show them."""

import ipaddress
import re

from django.conf import settings
from django.http import HttpRequest

_BROWSERS = [
    ("Yandex", r"YaBrowser/"),
    ("Edge", r"Edg(?:A|iOS)?/"),
    ("Opera", r"OPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/"),
    ("Safari", r"Version/[\d.]+.*Safari/"),
    ("curl", r"^curl/"),
]
_SYSTEMS = [
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh|Mac OS X"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
]


def ip_of(request: HttpRequest) -> str | None:
    """The address of the client, None where the server does not know it.

    X-Forwarded-For is believed only as far as TRUSTED_PROXIES proxies of ours wrote it: the entry of the outermost
    one is the client; what stands before it anybody may have written. With fewer entries the peer itself counts.
    """
    trusted: int = settings.TRUSTED_PROXIES
    written = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if trusted and len(written) >= trusted:
        return _valid(written[-trusted])
    return _valid(request.META.get("REMOTE_ADDR", ""))


def _valid(text: str) -> str | None:
    bare = text.strip()
    if match := re.fullmatch(r"\[([^\]]+)\](?::\d+)?|([\d.]+):\d+", bare):
        bare = match.group(1) or match.group(2)
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def user_agent_of(request: HttpRequest) -> str:
    """What the browser says of itself, one line of at most 300 characters."""
    return "".join(c if c.isprintable() else " " for c in request.headers.get("User-Agent", ""))[:300]


def device_name(user_agent: str) -> str:
    """«Firefox, Windows» from a User-Agent; its first word where nothing is known; empty for nothing."""
    browser = next((name for name, mark in _BROWSERS if re.search(mark, user_agent)), "")
    system = next((name for name, mark in _SYSTEMS if re.search(mark, user_agent)), "")
    return ", ".join(part for part in (browser, system) if part) or user_agent.partition(" ")[0][:40]

"""Typed readers of the environment. Each setting may also be given as NAME_FILE, a file that holds the value."""

import ipaddress
import os
import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from helpdesk.core import files_bucket


class SettingError(Exception):
    """A setting of the environment that cannot be used; the text names it, its value and what is accepted."""


ENGINE = "helpdesk.core.backend"  # Django's engine for PostgreSQL with an own look at pooled connections
T = TypeVar("T")
_collected: list[SettingError] | None = None


@contextmanager
def collecting() -> Iterator[list[SettingError]]:
    """Within the block a wrong setting is put into the list and its default taken: for the doctor, who names all."""
    global _collected
    problems: list[SettingError] = []
    _collected = problems
    try:
        yield problems
    finally:
        _collected = None


def only_looking() -> bool:
    """Whether the settings are read by the doctor: then nothing is made that is not there."""
    return _collected is not None


def refuse(error: SettingError, default: T, *, cause: BaseException | None = None) -> T:
    """Raise the error, or where all of them are collected note it and go on with the default."""
    if _collected is None:
        raise error from cause
    if str(error) not in map(str, _collected):
        _collected.append(error)
    return default


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file named by NAME_FILE, or the default. Empty counts as unset."""
    if value := os.environ.get(name, "").strip():
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip() or default
        except (OSError, UnicodeDecodeError) as error:
            why = getattr(error, "strerror", None) or "it is no text"
            wrong = SettingError(f"{name}_FILE={path!r}: accepted is a text file that this user can read ({why}).")
            return refuse(wrong, default, cause=error)
    return default


def whole(name: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
    """A whole number from low to high."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        return refuse(SettingError(f"{name}={raw!r}: accepted is a whole number from {low} to {high}."), default)
    return int(raw)


def flag(name: str, *, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        return refuse(SettingError(f"{name}={raw!r}: accepted are 1, true, yes, on, 0, false, no, off."), default)
    return raw in {"1", "true", "yes", "on"}


def choice(name: str, default: str, accepted: tuple[str, ...]) -> str:
    """One of a closed list."""
    raw = text(name) or default
    if raw not in accepted:
        return refuse(SettingError(f"{name}={raw!r}: accepted are {', '.join(accepted)}."), default)
    return raw


def zone(name: str, default: str) -> str:
    """The name of a time zone that this machine knows."""
    raw = text(name, default)
    try:
        zoneinfo.ZoneInfo(raw)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        wrong = SettingError(f"{name}={raw!r}: accepted is the name of a time zone such as Europe/Moscow.")
        return refuse(wrong, default)
    return raw


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks with commas or spaces between them."""
    found = []
    for part in text(name).replace(",", " ").split():
        try:
            found.append(ipaddress.ip_network(part))
        except ValueError:
            wrong = SettingError(f"{name}={part!r}: accepted are addresses and networks such as 10.0.0.7, 10.1.0.0/16.")
            refuse(wrong, None)
    return found


def files(name: str, default: Path) -> str:
    """Where files lie: file:///absolute/path, or s3://key:secret@bucket/prefix?endpoint=https://host&region=name."""
    raw = text(name)
    if not raw:
        return default.as_uri()
    try:
        parts = urlsplit(raw)
        if parts.scheme == "s3":
            files_bucket.parse(raw)
            return raw
    except ValueError:
        parts = urlsplit("")
    if parts.scheme != "file" or parts.netloc or not parts.path.startswith("/") or parts.query or parts.fragment:
        shown = "s3://…" if raw.startswith("s3:") else raw  # it may hold a secret
        form = "file:///absolute/path or s3://key:secret@bucket/prefix?endpoint=https://host:port&region=name"
        return refuse(SettingError(f"{name}={shown!r}: accepted is {form}."), default.as_uri())
    return Path(unquote(parts.path)).as_uri()


def database(url: str) -> dict[str, object]:
    """Django's settings of a PostgreSQL address: postgresql://user:password@host:port/name?host=/socket/folder.

    The password is never shown.
    """
    form = "postgresql://user:password@host:port/name (?host=/folder/of/the/socket and other options of libpq)"
    try:
        parts = urlsplit(url)
        port = parts.port
        query = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
        accepted = parts.scheme in {"postgres", "postgresql"}
        if accepted:
            conninfo_to_dict(url)  # an option of another name
    except (ValueError, psycopg.ProgrammingError):
        accepted, parts, port, query = False, urlsplit(""), None, {}
    if not accepted:
        shown = url.partition("://")[0] if "://" in url else ""
        wrong = SettingError(f"DATABASE_URL={f'{shown}://…' if shown else '…'}: accepted is {form}.")
        return refuse(wrong, {"ENGINE": ENGINE, "NAME": "helpdesk", "EXTRA": {}})
    return {
        "ENGINE": ENGINE,
        "NAME": unquote(parts.path.lstrip("/")) or "helpdesk",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": query.pop("port", "") or str(port or ""),
        "EXTRA": query,
    }

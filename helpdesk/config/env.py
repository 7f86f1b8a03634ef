"""Typed readers of the environment. Each setting may also be given as NAME_FILE, a file that holds the value."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit


class SettingError(Exception):
    """A setting of the environment that cannot be used; the text names it, its value and what is accepted."""


def text(name: str, default: str = "") -> str:
    """The value of NAME, or the content of the file named by NAME_FILE, or the default."""
    if (value := os.environ.get(name)) is not None:
        return value
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingError(f"{name}_FILE={path!r} cannot be read: {error}. Give a readable text file.") from error
    return default


def whole(name: str, default: int, *, low: int = 1, high: int = 1_000_000) -> int:
    """A whole number from low to high."""
    raw = text(name)
    if not raw:
        return default
    if not raw.isascii() or not raw.isdigit() or not low <= int(raw) <= high:
        raise SettingError(f"{name}={raw!r}: accepted is a whole number from {low} to {high}.")
    return int(raw)


def flag(name: str, *, default: bool = False) -> bool:
    """1, true, yes, on or 0, false, no, off."""
    raw = text(name).lower()
    if not raw:
        return default
    if raw not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise SettingError(f"{name}={raw!r}: accepted are 1, true, yes, on, 0, false, no, off.")
    return raw in {"1", "true", "yes", "on"}


def choice(name: str, default: str, accepted: tuple[str, ...]) -> str:
    """One of a closed list."""
    raw = text(name) or default
    if raw not in accepted:
        raise SettingError(f"{name}={raw!r}: accepted are {', '.join(accepted)}.")
    return raw


def database(url: str) -> dict[str, object]:
    """Django's settings of a PostgreSQL address: postgresql://user:password@host:port/name?host=/socket/folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError(f"DATABASE_URL={parts.scheme}://…: accepted is postgresql://user:password@host:port/name.")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "helpdesk",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", "") or (parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "EXTRA": query,
    }

"""Where the installation is reached: by the operator, else by whoever serves, who leaves it beside the data."""

import os
from pathlib import Path

from helpdesk.config import env

SERVED = "HELPDESK_SERVED_AT"  # set by `serve` and `web` for themselves and their children, never by an operator


def of(host: str, port: int) -> str:
    """The address of a listening host and port, without a slash at its end."""
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"


def take(host: str, port: int) -> str:
    """Before the settings are read: make this process and its children name what is served. Returns the address."""
    os.environ["PORT"] = str(port)
    os.environ[SERVED] = of(host, port)
    return os.environ[SERVED]


def publish(home: Path, url: str) -> None:
    """Tell other programs of this data folder what is served."""
    temporary = home / f"served.url.{os.getpid()}"
    temporary.write_text(url, encoding="ascii")
    temporary.replace(home / "served.url")


def withdraw(home: Path) -> None:
    """It is served no more."""
    (home / "served.url").unlink(missing_ok=True)


def public(home: Path) -> str:
    """HELPDESK_URL, else what this tree serves, else PORT, else what another program serves, else port 8000."""
    port = env.whole("PORT", 0, high=65535)  # read first: a wrong one is named even where it does not matter
    if url := env.text("HELPDESK_URL") or os.environ.get(SERVED, ""):
        return url.rstrip("/")
    if port:
        return of("127.0.0.1", port)
    try:
        return (home / "served.url").read_text(encoding="ascii").strip() or of("127.0.0.1", 8000)
    except (OSError, UnicodeDecodeError):
        return of("127.0.0.1", 8000)

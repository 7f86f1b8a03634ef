"""Where the installation is reached: by the operator, else by whoever serves, who leaves it beside the data."""

import contextlib
import fcntl
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


_published: dict[Path, int] = {}  # the file, locked as long as this process lives


def publish(home: Path, url: str) -> None:
    """Tell other programs of this data folder what is served. It holds until `withdraw` or the end of this process."""
    temporary = home / f"served.url.{os.getpid()}"
    descriptor = os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    os.write(descriptor, url.encode("ascii"))
    temporary.replace(home / "served.url")
    _published[home] = descriptor


def withdraw(home: Path) -> None:
    """It is served no more by this process."""
    descriptor = _published.pop(home, -1)
    if descriptor < 0:
        return
    with contextlib.suppress(OSError):
        if (home / "served.url").stat().st_ino == os.fstat(descriptor).st_ino:  # else another one serves here too
            (home / "served.url").unlink()
    os.close(descriptor)


def told(home: Path) -> str:
    """What another program says that it serves; empty if it has ended, be it without a word."""
    try:
        with (home / "served.url").open(encoding="ascii") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().strip()
    except (OSError, UnicodeDecodeError):
        pass
    return ""


def public(home: Path) -> str:
    """HELPDESK_URL, else what this tree serves, else PORT, else what another program serves, else port 8000."""
    port = env.whole("PORT", 0, high=65535)  # read first: a wrong one is named even where it does not matter
    if url := env.text("HELPDESK_URL") or os.environ.get(SERVED, ""):
        return url.rstrip("/")
    if port:
        return of("127.0.0.1", port)
    return told(home) or of("127.0.0.1", 8000)

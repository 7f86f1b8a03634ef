"""What an earlier server left behind: a stale postmaster.pid, a server that is still ending."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

from helpdesk.core.postgres.errors import PostgresError


def clear(data: Path, *, socket_folder: Path | None = None, patience: float = 60.0) -> None:
    """Under the lock: end a server that has lost its owner, remove pid files whose process is another or a zombie.

    `socket_folder` is the server's own, nobody else's. Raises PostgresError if the server does not end within about
    `patience` seconds.
    """
    _end_server(data, patience=patience)
    for name in (".s.PGSQL.*.lock", ".s.PGSQL.*"):
        for path in socket_folder.glob(name) if socket_folder else ():
            path.unlink(missing_ok=True)


def _end_server(data: Path, *, patience: float) -> None:
    path = data / "postmaster.pid"
    try:
        pid = abs(int(path.read_text(encoding="utf-8", errors="replace").split("\n", 1)[0]))
    except (OSError, ValueError):
        path.unlink(missing_ok=True)
        return
    end = time.monotonic() + patience
    for signum, seconds in ((signal.SIGINT, patience / 2), (signal.SIGQUIT, patience / 2), (signal.SIGKILL, 5.0)):
        if not serves(pid, data):
            break
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signum)
        end = time.monotonic() + seconds
        while serves(pid, data) and time.monotonic() < end:
            time.sleep(0.05)
    if serves(pid, data):
        raise PostgresError(f"An earlier PostgreSQL (process {pid}) of {data} does not end. Stop it and start again.")
    path.unlink(missing_ok=True)


def serves(pid: int, data: Path) -> bool:
    """Whether the process is alive, no zombie, and a PostgreSQL server working in this very folder."""
    if pid <= 0 or pid == os.getpid():
        return False
    process = Path(f"/proc/{pid}")
    if not Path("/proc/self/stat").exists():
        return _shown_by_ps(pid)
    try:
        state = (process / "stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
        return state not in {"Z", "X"} and (process / "cwd").samefile(data)
    except OSError:
        return False


def _shown_by_ps(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=,command=", "-p", str(pid)], capture_output=True, text=True, check=False)
    line = done.stdout.strip()
    return bool(line) and not line.startswith("Z") and "postgres" in line

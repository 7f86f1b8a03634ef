"""Where the parts of an embedded database lie: data, log, socket."""

import hashlib
import os
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

from helpdesk.core.postgres.binaries import ELSEWHERE
from helpdesk.core.postgres.errors import PostgresError
from helpdesk.core.postgres.identity import Identity

PORT = 5432  # part of the socket's name only
_LONGEST_SOCKET = 103  # bytes; 107 on Linux, 103 on macOS


@dataclass(frozen=True, slots=True)
class Places:
    """Absolute paths. `socket` is None where no folder is short enough: then the database listens on loopback."""

    home: Path
    data: Path
    log: Path
    password: Path
    socket: Path | None


def prepare(home: Path, identity: Identity, *, elsewhere: Path = ELSEWHERE, socket: bool = True) -> Places:
    """Make the folders. Root's data go to `elsewhere`, with a link in `home`, where another user cannot reach them."""
    home = home.absolute()
    make_home(home)
    if identity.borrowed:
        home.chmod(stat.S_IMODE(home.stat().st_mode) | 0o011)  # the other user passes through, and lists nothing
    reachable = identity.can_enter(home)
    data = home / "postgres"
    if not reachable and not data.is_symlink() and not data.exists():
        target = elsewhere / f"data-{secrets.token_hex(6)}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        elsewhere.chmod(stat.S_IMODE(elsewhere.stat().st_mode) | 0o755)
        data.symlink_to(target)
    (home / "log").mkdir(exist_ok=True)
    return Places(
        home=home,
        data=data.readlink() if data.is_symlink() else data,
        log=home / "log" / "postgres.log",
        password=home / "postgres.password",
        socket=_socket_folder(home, identity, reachable=reachable) if socket else None,
    )


def is_made(home: Path) -> bool:
    """Whether a database lies in the data folder. Looks only; what hides counts as made: its start tells why."""
    try:
        return any((home / "postgres").iterdir())
    except FileNotFoundError:
        return False
    except OSError:
        return True


def make_home(home: Path) -> None:
    """The data folder, made if need be. Raises PostgresError if it cannot be written."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        probe = home / f".write-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise PostgresError(
            f"HELPDESK_DATA={str(home)!r} cannot be written ({error.strerror}). Give a folder that may be written, "
            "or make it so (chown, chmod, free space)."
        ) from error


def _socket_folder(home: Path, identity: Identity, *, reachable: bool) -> Path | None:
    candidates = [home / "run"] if reachable else []
    mark = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    candidates.append(Path("/tmp") / f"helpdesk-{os.geteuid()}-{mark}")  # noqa: S108 (its owner is checked below)
    for folder in candidates:
        if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= _LONGEST_SOCKET and _made_private(folder, identity):
            return folder
    return None


def _made_private(folder: Path, identity: Identity) -> bool:
    """Make a folder that the server's user alone may enter. False if somebody else's thing stands there."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        facts = folder.lstat()
        if not stat.S_ISDIR(facts.st_mode) or facts.st_uid not in {os.geteuid(), identity.uid}:
            return False
        folder.chmod(0o700)
        identity.own(folder)
    except OSError:
        return False
    return identity.can_enter(folder)


def remove_leftover_folders(data: Path) -> None:
    """Remove what an initdb that was killed left beside the data folder. Call it under the lock."""
    for folder in data.parent.glob(f"{data.name}.new-*"):
        shutil.rmtree(folder, ignore_errors=True)

"""Who holds the embedded database: one owner that runs it, any number of programs that join it.

Locks are flocks, so a killed program leaves none behind.
"""

import fcntl
import os
import time
from pathlib import Path
from typing import Self

from helpdesk.core.postgres.errors import AlreadyRunning

STAY = {"serve", "web", "worker"}  # the subcommands that keep the database until somebody ends them


class Ownership:
    """The right to run the database of one data folder, held until `release` or the end of this process."""

    def __init__(self, home: Path, descriptor: int) -> None:
        self._home = home
        self._descriptor = descriptor

    @classmethod
    def take(cls, home: Path, *, role: str) -> Self:
        """Become the owner. Raises AlreadyRunning naming the owner. `role` is the subcommand, shown to others."""
        descriptor = os.open(home / "postgres.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise AlreadyRunning(home, *owner_of(home)) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{role} {os.getpid()}\n".encode(), 0)
        return cls(home, descriptor)

    def wait_for_users(self, *, patience: float) -> bool:
        """Wait until no other program uses the database, at most `patience` seconds. False if some still do."""
        descriptor = os.open(self._home / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        end = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > end:
                    os.close(descriptor)
                    return False
                time.sleep(0.1)
                continue
            self._users = descriptor  # kept: who comes now waits until the database has stopped
            return True

    def release(self) -> None:
        """Let others in. Call it after the database has stopped."""
        for descriptor in (self._descriptor, getattr(self, "_users", -1)):
            if descriptor >= 0:
                os.close(descriptor)
        self._descriptor = self._users = -1


class Usage:
    """The wish of a program that the database be kept running as long as it works."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def begin(cls, home: Path) -> Self | None:
        """None where the owner is just stopping."""
        descriptor = os.open(home / "postgres.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return cls(descriptor)

    def end(self) -> None:
        """The program needs the database no more."""
        os.close(self._descriptor)


def owner_of(home: Path) -> tuple[str, int]:
    """Subcommand and process of the last owner; («another program», 0) where it cannot be told."""
    try:
        role, pid = (home / "postgres.lock").read_text(encoding="ascii").rsplit(maxsplit=1)
        return role, int(pid)
    except (OSError, ValueError):
        return "another program", 0

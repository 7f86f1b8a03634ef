"""Under which user the embedded PostgreSQL runs: PostgreSQL refuses root, so root lends it another uid."""

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.core.postgres.errors import PostgresError


@dataclass(frozen=True, slots=True)
class Identity:
    """The uid and gid of the server's processes; `borrowed` where they are not those of this process."""

    uid: int
    gid: int
    borrowed: bool

    def popen_arguments(self) -> dict[str, Any]:
        """What `subprocess` needs to run a child as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.borrowed else {}

    def own(self, path: Path) -> None:
        """Give one file or folder to this user."""
        if self.borrowed:
            os.chown(path, self.uid, self.gid)

    def own_tree(self, root: Path) -> None:
        """Give a folder with all that is in it to this user."""
        if not self.borrowed:
            return
        for folder, folders, files in os.walk(root):
            for name in (*folders, *files):
                os.chown(os.path.join(folder, name), self.uid, self.gid, follow_symlinks=False)  # noqa: PTH118
        os.chown(root, self.uid, self.gid)

    def can_enter(self, folder: Path) -> bool:
        """Whether this user can go into the folder: tried, since modes alone do not tell."""
        try:
            done = subprocess.run(
                ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=False,
                **self.popen_arguments(),
            )
        except OSError as error:
            raise PostgresError(
                f"PostgreSQL does not run as root, and this root may not start a process as user {self.uid} ({error}). "
                "Start helpdesk as an ordinary user, or set DATABASE_URL."
            ) from error
        return done.returncode == 0


def choose(data: Path) -> Identity:
    """Our own user; for root the owner of the data folder, else `postgres`, `nobody` or any other user."""
    if os.geteuid() != 0:
        return Identity(os.geteuid(), os.getegid(), borrowed=False)
    if data.is_dir() and (owner := data.stat()).st_uid != 0:
        return Identity(owner.st_uid, owner.st_gid, borrowed=True)
    for name in ("helpdesk", "postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Identity(entry.pw_uid, entry.pw_gid, borrowed=True)
    for entry in pwd.getpwall():
        if entry.pw_uid != 0:
            return Identity(entry.pw_uid, entry.pw_gid, borrowed=True)
    raise PostgresError(
        "PostgreSQL does not run as root and this system has no other user. "
        "Make one (useradd --system helpdesk), start helpdesk as an ordinary user, or set DATABASE_URL."
    )

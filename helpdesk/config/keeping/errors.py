"""What can go wrong with backups, told to an operator in one line."""

import errno
from pathlib import Path

from helpdesk.core.postgres import PostgresError

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class KeepingError(Exception):
    """A backup cannot be made, used or believed. The text says what happened and what to do."""


class Damaged(KeepingError):
    """A part of a backup is not what its manifest says."""


class Unfinished(PostgresError):
    """A restore into this data folder was interrupted; nothing else may use the folder."""


def of_disk(error: OSError, folder: Path, *, then: str) -> KeepingError:
    """What a failure of the disk means: `then` says what to do where it is full."""
    if error.errno in _NO_ROOM:
        return KeepingError(f"there is no room in {folder} ({error.strerror}): {then}")
    return KeepingError(f"{error.filename or folder}: {error.strerror or error}")

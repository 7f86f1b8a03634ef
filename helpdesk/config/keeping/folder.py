"""The folder that a backup is made in: new or empty, or left by a backup that was killed, which is cleared."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError, of_disk

_UNFINISHED = "unfinished"
_OURS = {_UNFINISHED, manifests.DUMP, manifests.LIST, manifests.FILES, f"{manifests.NAME}.new"}
_OF_DISKS = {"lost+found"}  # an empty disk has it


@contextmanager
def taken(folder: Path) -> Iterator[None]:
    """Within the block the folder is this program's, and marked as unfinished. What a failure leaves is removed.

    Raises KeepingError where it is not empty, cannot be made, or another backup is being made in it.
    """
    try:
        made = not folder.exists()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = {path.name for path in folder.iterdir()} - _OF_DISKS
    except FileExistsError:
        raise KeepingError(f"{folder} is no folder: give a new or empty one") from None
    except OSError as error:
        raise of_disk(error, folder, then="give a folder on a disk with room") from error
    if found and (manifests.NAME in found or not found <= _OURS or _UNFINISHED not in found):
        what = "holds a backup already" if manifests.NAME in found else "is not empty"
        raise KeepingError(f"{folder} {what}: give a new or empty folder, nothing is ever written over")
    mark = _marked(folder)
    try:
        _clear(folder)
        yield
    except BaseException:
        _clear(folder)
        (folder / _UNFINISHED).unlink(missing_ok=True)
        if made:
            folder.rmdir()
        raise
    else:
        (folder / _UNFINISHED).unlink()
    finally:
        os.close(mark)


def _marked(folder: Path) -> int:
    """The mark, held by this process: a killed one holds it no more."""
    try:
        mark = os.open(folder / _UNFINISHED, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise of_disk(error, folder, then="give a folder on a disk with room") from error
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(mark)
        raise KeepingError(f"another backup is being made in {folder} just now: give a folder of its own") from None
    if (folder / manifests.NAME).exists():  # finished while this one looked
        os.close(mark)
        raise KeepingError(f"{folder} holds a backup already: give a new or empty folder, nothing is ever written over")
    return mark


def _clear(folder: Path) -> None:
    for name in _OURS - {_UNFINISHED, manifests.FILES}:
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / manifests.FILES, ignore_errors=True)

"""Files by content: one file a sha256 under HELPDESK_DATA/files. Written and fsynced before any row speaks of it.

With HELPDESK_FILES_URL=s3://… they lie in a bucket (see files_bucket), and the folder holds copies at hand.
"""

import ctypes
import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from django.conf import settings

from helpdesk.core import clock, db, files_bucket

# PostgreSQL's advisory lock: held shared while all contents are being read, alone while unreferenced ones are removed
COLLECTING = 0x66696C65

_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class NoRoom(OSError):
    """The disk of the files is full, or this user's share of it; nothing was stored."""


@dataclass(frozen=True, slots=True)
class Stored:
    """Content that lies safely on disk; rows may refer to it."""

    sha256: str
    size: int


def _bucket() -> str:
    """The address of the bucket; empty where files lie in a folder."""
    return settings.FILES_URL if settings.FILES_URL.startswith("s3:") else ""


def root() -> Path:
    """The folder of the contents (HELPDESK_FILES_URL), or of the copies of those in a bucket."""
    if _bucket():
        return Path(settings.DATA_DIR) / "files-at-hand"
    return Path(unquote(urlsplit(settings.FILES_URL).path))


def _name_of(sha256: str) -> str:
    """The name is made by us alone: 64 hexadecimal digits."""
    if len(sha256) != 64 or not all(c in "0123456789abcdef" for c in sha256):
        raise ValueError(f"not a sha256: {sha256[:70]!r}")
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def path_of(sha256: str) -> Path:
    """Where content lies; of a bucket it is copied here first. There is no such file if the content is missing.

    Raises files_bucket.Unreachable where the bucket's server does not answer.
    """
    name = _name_of(sha256)
    path = root() / name
    if url := _bucket():
        try:
            os.utime(path)  # used just now
        except FileNotFoundError:
            with suppress(FileNotFoundError):
                _copy_here(url, name, path)
            files_bucket.prune(root())
    return path


def _copy_here(url: str, name: str, path: Path) -> None:
    """From the bucket, whole or not at all, and only what its name promises."""
    digest = hashlib.sha256()
    with _in_the_making() as temporary:
        with _private(temporary) as out:
            for chunk in files_bucket.fetch(url, name):
                digest.update(chunk)
                out.write(chunk)
        if digest.hexdigest() != path.name:
            raise files_bucket.Unreachable(f"{files_bucket.parse(url).shown} gave another content for {name}")
        _folder(path.parent)
        temporary.replace(path)


@contextmanager
def _in_the_making() -> Iterator[Path]:
    """A name for a file that is not whole yet; whatever is left of it goes. A full disk is told as NoRoom."""
    temporary = root() / "new" / secrets.token_hex(16)
    try:
        _folder(temporary.parent)
        yield temporary
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise _no_room(error) from error
        raise
    finally:
        temporary.unlink(missing_ok=True)


def forget_unfinished() -> None:
    """Drop what writers that were killed have left half written. For who has the folder alone."""
    for left in (root() / "new").glob("*"):
        left.unlink(missing_ok=True)


def _no_room(error: OSError) -> NoRoom:
    return NoRoom(error.errno, f"there is no room for files in {root()} ({error.strerror}): free some")


def pieces(sha256: str) -> Iterator[bytes]:
    """The content piece by piece from where it lies for good, not by way of a copy at hand.

    Raises FileNotFoundError, files_bucket.Unreachable.
    """
    if url := _bucket():
        yield from files_bucket.fetch(url, _name_of(sha256))
        return
    with path_of(sha256).open("rb") as file:
        while chunk := file.read(1024 * 1024):
            yield chunk


def bring(path: Path, sha256: str, size: int) -> None:
    """Put a file that is known to hold this content where it belongs; into a bucket without a copy at hand.

    One of many: they lie safely only after `settle`. What is there already is written anew.
    Raises NoRoom, files_bucket.Unreachable.
    """
    name = _name_of(sha256)
    if url := _bucket():
        files_bucket.put(url, name, path, size=size)
        return
    with _in_the_making() as temporary:
        with path.open("rb") as file, _private(temporary) as out:
            shutil.copyfileobj(file, out, 1024 * 1024)
        _folder((root() / name).parent)
        temporary.replace(root() / name)


def settle(folder: Path) -> None:
    """Everything that was written to the folder's disk lies safely when this returns: once instead of for each file."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "syncfs"):
        os.sync()
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if libc.syncfs(handle) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    finally:
        os.close(handle)


def anything() -> str:
    """Where a first content lies, "" if there is none at all. Raises files_bucket.Unreachable."""
    if url := _bucket():
        found = next(files_bucket.listed(url, ""), None)
        return f"{files_bucket.parse(url).shown}: {found.name}" if found else ""
    return str(next(root().glob("[0-9a-f][0-9a-f]/*/*"), ""))


def store(content: bytes | Iterable[bytes]) -> Stored:
    """Write content, unless it is there already, so that it survives a loss of power. Repeating it changes nothing.

    Raises NoRoom where the disk is full, files_bucket.Unreachable where the bucket's server does not take it.
    """
    digest, size = hashlib.sha256(), 0
    with _in_the_making() as temporary:
        with _private(temporary) as out:
            for chunk in [content] if isinstance(content, bytes) else content:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        name = _name_of(digest.hexdigest())
        final = root() / name
        if url := _bucket():
            files_bucket.put(url, name, temporary, size=size)
        if not _young_again(final, size):
            _move(temporary, final)
    return Stored(digest.hexdigest(), size)


def _folder(path: Path) -> None:
    """Make a folder for the server's user alone. Its owner is the folder above: root may only be helping."""
    if path.is_dir():
        return
    _folder(path.parent)
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        return
    _give(path)


def _private(path: Path) -> BinaryIO:
    """A new file for the server's user alone, open for writing."""
    out = os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")
    _give(path)
    return out


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        above = path.parent.stat()
        os.chown(path, above.st_uid, above.st_gid)


def _young_again(final: Path, size: int) -> bool:
    """Whether the content is there; its time is made now, so that the collector of the unreferenced leaves it."""
    try:
        os.utime(final)
        return final.stat().st_size == size
    except FileNotFoundError:
        return False


def _move(temporary: Path, final: Path) -> None:
    made = [folder for folder in (final.parent, final.parent.parent) if not folder.exists()]
    _folder(final.parent)
    temporary.replace(final)
    for folder in [final.parent, *(folder.parent for folder in made)]:  # each name is kept by the folder it stands in
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def ensure_rows(stored: Iterable[Stored]) -> None:
    """The Blob rows of contents about to be referred to, inside the caller's transaction."""
    rows = {s.sha256: s.size for s in stored}
    if rows:
        db.fetch(
            """INSERT INTO core_blob (sha256, size, created_at)
               SELECT sha256, size, %s FROM unnest(%s::text[], %s::bigint[]) AS new (sha256, size) ORDER BY sha256
               ON CONFLICT (sha256) DO UPDATE SET created_at = excluded.created_at RETURNING 1""",
            [clock.now(), list(rows), list(rows.values())],  # young again: the collector leaves it alone
        )


def read(sha256: str) -> bytes:
    """The content. Raises FileNotFoundError."""
    return path_of(sha256).read_bytes()


def open_file(sha256: str) -> BinaryIO:
    """The content as an open file. Raises FileNotFoundError."""
    return path_of(sha256).open("rb")

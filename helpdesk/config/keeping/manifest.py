"""The manifest of a backup: what it holds, with a checksum of each part and of itself. Pure but for its one file."""

import dataclasses
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from helpdesk.config.keeping.errors import Damaged, KeepingError

NAME = "manifest.json"
DUMP = "database.dump"
LIST = "files.list"
FILES = "files"
FORMAT = 1
CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the backup: its content and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself. `tables`: rows by table; `lost`: contents that the installation itself had not."""

    made_at: str
    product: str
    postgres: int
    migrations: list[str]
    tables: dict[str, int]
    parts: dict[str, Part]
    files: int
    bytes: int
    lost: list[str] = field(default_factory=list)
    format: int = FORMAT

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(self.tables.values())

    @property
    def mark(self) -> str:
        """Which backup this is: no other has the same."""
        return _check(dataclasses.asdict(self))

    def told(self) -> str:
        """Its contents in a few words."""
        size = (self.bytes + sum(part.size for part in self.parts.values())) / 1024 / 1024
        return f"{len(self.tables)} tables, {self.rows} rows, {self.files} files, {size:.1f} MB"


def write(folder: Path, manifest: Manifest) -> None:
    """Write it whole or not at all; what it speaks of lies safely on disk before."""
    facts = dataclasses.asdict(manifest)
    text = json.dumps({**facts, "check": _check(facts)}, ensure_ascii=False, indent=1, sort_keys=True)
    temporary = folder / f"{NAME}.new"
    with private(temporary) as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    temporary.replace(folder / NAME)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read(folder: Path) -> Manifest:
    """The manifest of a folder. Raises KeepingError where there is none, Damaged where it is not as it was written."""
    try:
        raw = (folder / NAME).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        what = "is no backup" if folder.exists() else "does not exist"
        why = " (a backup that was not finished has none)" if folder.is_dir() else ""
        raise KeepingError(f"{folder} {what}: there is no {NAME}{why}") from None
    try:
        found = json.loads(raw)
        check, form = found.pop("check"), found["format"]
    except (ValueError, KeyError, AttributeError, TypeError):
        raise Damaged(f"{folder / NAME} is damaged: take another backup") from None
    if isinstance(form, int) and form > FORMAT:
        raise KeepingError(f"{folder} was made by a newer HelpDesk (format {form}): use that version")
    if check != _check(found):
        raise Damaged(f"{folder / NAME} is damaged: it is not as it was written; take another backup")
    return _made_of(found)


def _made_of(found: dict[str, Any]) -> Manifest:
    parts = {name: Part(**part) for name, part in found.pop("parts").items()}
    return Manifest(**found, parts=parts)


def _check(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, ensure_ascii=True, sort_keys=True).encode()).hexdigest()


def now() -> str:
    """This moment as a manifest tells it, with the zone of this machine."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def private(path: Path) -> Any:
    """A new file for this user alone, open for writing."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "wb")


def place(folder: Path, sha256: str) -> Path:
    """Where a content lies in a backup."""
    return folder / FILES / sha256[:2] / sha256[2:4] / sha256


def listed(folder: Path) -> Iterator[tuple[str, int]]:
    """Name and size of each content that the backup holds."""
    with (folder / LIST).open(encoding="ascii") as lines:
        for line in lines:
            sha256, size = line.split()
            yield sha256, int(size)


def pieces(path: Path) -> Iterator[bytes]:
    """A file piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def measured(path: Path) -> Part:
    """What a file is now. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    for chunk in pieces(path):
        digest.update(chunk)
        size += len(chunk)
    return Part(digest.hexdigest(), size)

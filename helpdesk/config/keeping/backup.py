"""Making a backup while the product runs and is written to: one snapshot of all tables, and every file it speaks of."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import helpdesk
from helpdesk.config.keeping import dump, folder
from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError, of_disk
from helpdesk.config.keeping.manifest import Manifest, Part
from helpdesk.config.keeping.progress import Progress
from helpdesk.core import files, files_bucket

Say = Callable[[str], None]


def make(into: Path, url: str, *, say: Say) -> Manifest:
    """A whole backup in a new or empty folder; nothing that looks like one if it fails. Raises KeepingError.

    `url`: the database's address. Contents that the installation itself has lost stand in the manifest as `lost`.
    """
    with folder.taken(into):
        try:
            with _snapshot(url) as (connection, name):
                manifest = _made(into, url, connection, name, say)
        except psycopg.Error as error:
            raise KeepingError(f"the database cannot be read: {str(error).strip().splitlines()[0]}") from error
        except files_bucket.Unreachable as error:
            raise KeepingError(f"{error}; no backup was made") from error
        except OSError as error:
            raise of_disk(error, into, then="free some or give another disk; no backup was made") from error
    return manifest


@contextmanager
def _snapshot(url: str) -> Iterator[tuple[dump.Connection, str]]:
    """One moment of the whole database, which other connections may see too; no content is removed meanwhile."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET idle_in_transaction_session_timeout = 0")
        connection.execute("SET statement_timeout = 0")
        connection.execute("SELECT pg_advisory_lock_shared(%s)", [files.COLLECTING])
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield connection, str(row[0]) if row else ""


def _made(into: Path, url: str, connection: dump.Connection, snapshot: str, say: Say) -> Manifest:
    made_at = manifests.now()
    steps = dump.migrations(connection)
    if not steps:
        raise KeepingError("the database is empty: there is nothing to back up")
    tables = dump.counts(connection)
    say(f"Saving the database ({len(tables)} tables, {sum(tables.values())} rows)")
    dumped = _dumped(into / manifests.DUMP, url, snapshot, say)
    rows = connection.execute('SELECT sha256, size FROM core_blob ORDER BY sha256 COLLATE "C"').fetchall()
    size = sum(size for _, size in rows) / 1024 / 1024
    say(f"Saving {len(rows)} files ({size:.1f} MB)")
    kept, lost = _copied(into, rows, say)
    files.settle(into)
    manifest = Manifest(
        made_at=made_at,
        product=helpdesk.__version__,
        postgres=connection.info.server_version,
        migrations=steps,
        tables=tables,
        parts={manifests.DUMP: dumped, manifests.LIST: manifests.measured(into / manifests.LIST)},
        files=len(kept),
        bytes=sum(size for _, size in kept),
        lost=lost,
    )
    manifests.write(into, manifest)
    return manifest


def _dumped(path: Path, url: str, snapshot: str, say: Say) -> Part:
    digest, size = hashlib.sha256(), 0
    progress = Progress(say, "Saved bytes of the database", 0)
    with manifests.private(path) as out:

        def take(chunk: bytes) -> None:
            nonlocal size
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
            progress.step(len(chunk))

        dump.write(url, snapshot, take)
    return Part(digest.hexdigest(), size)


def _copied(into: Path, rows: list[tuple[str, int]], say: Say) -> tuple[list[tuple[str, int]], list[str]]:
    """Copy every content; gives what was copied, and the names of what the installation itself has not any more."""
    kept, lost = [], []
    progress = Progress(say, "Saved files", len(rows))
    with manifests.private(into / manifests.LIST) as listing:
        (into / manifests.FILES).mkdir(mode=0o700)
        for sha256, size in rows:
            if _copy(sha256, manifests.place(into, sha256)) == Part(sha256, size):
                kept.append((sha256, size))
                listing.write(f"{sha256} {size}\n".encode())
            else:
                manifests.place(into, sha256).unlink(missing_ok=True)
                lost.append(sha256)
            progress.step()
    return kept, lost


def _copy(sha256: str, path: Path) -> Part | None:
    """Copy one content; gives what was read, None where there is none."""
    for above in (path.parent.parent, path.parent):
        above.mkdir(mode=0o700, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    pieces = files.pieces(sha256)
    try:
        first = next(pieces, b"")
    except FileNotFoundError:
        return None
    with manifests.private(path) as out:
        chunk = first
        while chunk:
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
            chunk = next(pieces, b"")
    return Part(digest.hexdigest(), size)

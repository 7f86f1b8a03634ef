"""Proving a backup by restoring it beside, into a database made for it; touches nothing else."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from helpdesk.config.keeping import dump, whole
from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError, of_disk
from helpdesk.config.keeping.manifest import Manifest
from helpdesk.config.keeping.restore import refuse_other_rows
from helpdesk.core import postgres
from helpdesk.core.postgres import leftovers

Say = Callable[[str], None]


def see(source: Path, *, way: postgres.Way, say: Say) -> Manifest:
    """Read every part, restore the database beside, compare. Raises KeepingError saying what is wrong."""
    say(f"Checking {source}")
    manifest = whole.see(source, say=say)
    say(f"Restoring the database beside ({len(manifest.tables)} tables, {manifest.rows} rows)")
    with _room() as home:
        try:
            with postgres.alone(home, role="verify", way=way) as cluster:
                _compare(source, manifest, cluster.url)
        except psycopg.Error as error:
            raise KeepingError(f"the database cannot be restored: {str(error).strip().splitlines()[0]}") from error
        except OSError as error:
            raise of_disk(error, home, then="name a folder with room in TMPDIR") from error
    return manifest


def _compare(source: Path, manifest: Manifest, url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        dump.load(url, source / manifests.DUMP, major=connection.info.server_version // 10000)
        refuse_other_rows(manifest, dump.counts(connection))
        if dump.migrations(connection) != manifest.migrations:
            raise KeepingError("the schema is not that of the manifest: the backup cannot be trusted, take another")
        spoken: dict[str, int] = dict(connection.execute("SELECT sha256, size FROM core_blob").fetchall())
    held = dict(manifests.listed(source))
    for sha256 in manifest.lost:
        spoken.pop(sha256, None)
    if spoken != held:
        odd = min(spoken.items() ^ held.items())[0]
        raise KeepingError(f"the file {odd} is not as the database says: the backup cannot be trusted, take another")


@contextmanager
def _room() -> Iterator[Path]:
    """A folder of its own, removed afterwards; what killed ones left goes first."""
    prefix = f"helpdesk-verify-{os.geteuid()}-"
    for left in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        with contextlib.suppress(postgres.PostgresError, OSError):
            if left.stat().st_uid == os.geteuid():
                postgres.Ownership.take(left, role="verify").release()  # not while another one works there
                _remove(left)
    home = Path(tempfile.mkdtemp(prefix=prefix))
    try:
        yield home
    finally:
        _remove(home)


def _remove(home: Path) -> None:
    """With its database, wherever root had to put it, and a server that has lost its owner."""
    data = home / "postgres"
    if data.is_symlink():
        data = data.readlink()
    leftovers.clear(data)
    shutil.rmtree(data, ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)

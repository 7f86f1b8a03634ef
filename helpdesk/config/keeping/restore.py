"""Bringing a backup into an empty installation: files first, then the database in one transaction, then its schema."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

import helpdesk
from helpdesk.config import env
from helpdesk.config.keeping import dump, marks, whole
from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError, of_disk
from helpdesk.config.keeping.manifest import Manifest
from helpdesk.config.keeping.progress import Progress
from helpdesk.core import postgres

Say = Callable[[str], None]
_ELSEWHERE = "Restore into an empty installation: another HELPDESK_DATA, or another DATABASE_URL and HELPDESK_FILES_URL"


def bring(source: Path, home: Path, *, way: postgres.Way, say: Say) -> tuple[Manifest, int]:
    """Restore a backup; gives its manifest and by how many steps its schema was brought up to date.

    Everything is checked before anything is written. A restore that was interrupted goes on where it is called again
    with the same backup; until then nothing else uses the installation. Raises KeepingError, PostgresError.
    """
    say(f"Checking {source}")
    manifest = whole.see(source, say=say)
    with _database(home, way) as url:
        from helpdesk.config.cli.database import set_up  # noqa: PLC0415 (settings want the database's address)

        set_up()
        _refuse_newer(manifest)
        try:
            _fill(source, manifest, home, url, say)
            steps = _bring_up_to_date(say)
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ANALYZE")
        except psycopg.Error as error:
            raise KeepingError(f"the database cannot be filled: {str(error).strip().splitlines()[0]}") from error
        except OSError as error:
            raise of_disk(error, home, then="free some, then run helpdesk restore again") from error
        finally:
            from django.db import connections  # noqa: PLC0415

            connections.close_all()
        marks.end(home)
    return manifest, steps


@contextmanager
def _database(home: Path, way: postgres.Way) -> Iterator[str]:
    """The database, for this program alone where it is the embedded one."""
    if url := env.text("DATABASE_URL"):
        postgres.make_home(home)
        yield url
        return
    with postgres.alone(home, role="restore", way=way) as cluster:
        os.environ["DATABASE_URL"] = cluster.url
        yield cluster.url


def _refuse_newer(manifest: Manifest) -> None:
    """Raises KeepingError where the backup's schema has steps that this version does not know."""
    from django.db.migrations.loader import MigrationLoader  # noqa: PLC0415

    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if unknown := [step for step in manifest.migrations if step not in known]:
        raise KeepingError(
            f"the backup was made by a newer HelpDesk ({manifest.product}; this is {helpdesk.__version__}, which does "
            f"not know {unknown[0]}): restore it with that version or a newer one"
        )


def _fill(source: Path, manifest: Manifest, home: Path, url: str, say: Say) -> None:
    """Files and rows. The order lets a killed restore leave no rows without their files."""
    from helpdesk.config.server import migrations  # noqa: PLC0415
    from helpdesk.core import files  # noqa: PLC0415

    with psycopg.connect(url, autocommit=True) as connection, migrations.alone(connection):
        interrupted = marks.begun(home)
        if interrupted and interrupted != manifest.mark:
            raise KeepingError(
                f"a restore of another backup into {home} was interrupted: run it again with that one. {_ELSEWHERE}"
            )
        filled = bool(dump.tables(connection))
        if not interrupted:
            _refuse_filled(connection, filled=filled)
            _refuse_older_server(manifest, connection.info.server_version)
            marks.begin(home, manifest.mark)
        if filled:  # its transaction was confirmed before the interruption
            return
        files.forget_unfinished()  # of a restore that was interrupted
        _bring_files(source, manifest, say)
        say(f"Restoring the database ({len(manifest.tables)} tables, {manifest.rows} rows)")
        dump.load(url, source / manifests.DUMP, major=connection.info.server_version // 10000)
        refuse_other_rows(manifest, dump.counts(connection))


def _refuse_filled(connection: dump.Connection, *, filled: bool) -> None:
    from helpdesk.core import files  # noqa: PLC0415

    if filled:
        tables = dump.counts(connection)
        requests = tables.get("tickets_ticket", 0)
        raise KeepingError(
            f"the database is not empty ({len(tables)} tables, {requests} requests), and nothing is ever written over. "
            f"{_ELSEWHERE}"
        )
    if found := files.anything():
        raise KeepingError(f"there are files already ({found}), and nothing is ever written over. {_ELSEWHERE}")


def _refuse_older_server(manifest: Manifest, version: int) -> None:
    if version // 10000 < manifest.postgres // 10000:
        raise KeepingError(
            f"the backup is of PostgreSQL {manifest.postgres // 10000}, the database here of {version // 10000}: "
            f"restore into PostgreSQL {manifest.postgres // 10000} or newer"
        )


def refuse_other_rows(manifest: Manifest, found: dict[str, int]) -> None:
    """Raises KeepingError where the database has not the tables and rows of the manifest."""
    for name in sorted(manifest.tables.keys() | found.keys()):
        was, now = manifest.tables.get(name), found.get(name)
        if was != now:
            raise KeepingError(
                f"the table {name} has {'no rows' if now is None else now} instead of "
                f"{'none' if was is None else was}: the backup cannot be trusted, take another"
            )


def _bring_files(source: Path, manifest: Manifest, say: Say) -> None:
    from helpdesk.core import files  # noqa: PLC0415

    say(f"Restoring {manifest.files} files ({manifest.bytes / 1024 / 1024:.1f} MB)")
    progress = Progress(say, "Restored files", manifest.files)
    for sha256, size in manifests.listed(source):
        files.bring(manifests.place(source, sha256), sha256, size)
        progress.step()
    if files.root().is_dir():
        files.settle(files.root())  # before any row speaks of them


def _bring_up_to_date(say: Say) -> int:
    from helpdesk.config.server import migrations  # noqa: PLC0415

    if missing := migrations.missing():
        say(f"Bringing the database up to date ({len(missing)} step{'' if len(missing) == 1 else 's'})")
        migrations.apply()
    return len(missing)

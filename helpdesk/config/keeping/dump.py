"""Database ↔ dump, by PostgreSQL's own programs. Knows addresses and streams, nothing of what the tables mean."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from helpdesk.config import env
from helpdesk.config.keeping.errors import KeepingError
from helpdesk.config.keeping.manifest import CHUNK
from helpdesk.core import lifeline, postgres

_HEADER = 64 * 1024  # the settings at the head of a script stand within so many bytes
_NEW_SETTING = b"SET transaction_timeout = 0;\n"  # unknown to PostgreSQL before 17
# tables of ours and of libraries, not what belongs to an extension
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d
                        WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e')
     ORDER BY 1, 2
"""
Connection = psycopg.Connection[tuple[Any, ...]]


def tables(connection: Connection) -> dict[str, psycopg.sql.Composable]:
    """The database's tables: name as it is shown → as SQL names it."""
    return {
        name if schema == "public" else f"{schema}.{name}": psycopg.sql.Identifier(schema, name)
        for schema, name in connection.execute(_TABLES)
    }


def counts(connection: Connection) -> dict[str, int]:
    """Rows of each table."""
    found = {}
    for name, table in tables(connection).items():
        row = connection.execute(psycopg.sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        found[name] = int(row[0]) if row else 0
    return found


def migrations(connection: Connection) -> list[str]:
    """The steps that the schema has taken, as "app.name"; none where there is no schema."""
    row = connection.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL").fetchone()
    if row != (True,):
        return []
    return sorted(f"{app}.{name}" for app, name in connection.execute("SELECT app, name FROM django_migrations"))


def write(url: str, snapshot: str, take: Callable[[bytes], object]) -> None:
    """Give the whole database, as of an exported snapshot, to `take` piece by piece. Raises KeepingError, OSError."""
    command = [_tool("pg_dump"), "--format=custom", "--compress=gzip:5", f"--snapshot={snapshot}", "--no-password"]
    with _program([*command, "--dbname", _bare(url)], url, stdout=subprocess.PIPE) as (process, said):
        out = _open(process.stdout)
        while chunk := out.read(CHUNK):
            take(chunk)
        _end(process, said, "the database cannot be read")


def load(url: str, path: Path, *, major: int) -> None:
    """Make a dump's tables with all rows in an empty database, all or nothing. Raises KeepingError.

    `major`: the version of the database's server.
    """
    writing = [_tool("pg_restore"), "--file=-", "--no-owner", "--no-privileges", "--no-comments", str(path)]
    reading = [_tool("psql"), "--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null"]
    reading += ["--set=ON_ERROR_STOP=1", "--file=-", "--dbname", _bare(url)]
    with (
        _program(writing, url, stdout=subprocess.PIPE) as (source, source_said),
        _program(reading, url, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL) as (target, target_said),
    ):
        try:
            _pour(_open(source.stdout), _open(target.stdin), major)
            _end(source, source_said, "the dump cannot be read")
            _open(target.stdin).write(b"\nCOMMIT;\n")  # whoever is killed before this leaves nothing
            _open(target.stdin).close()
        except BrokenPipeError:
            pass  # what the reader says is the reason
        _end(target, target_said, "the database cannot be filled")


def _pour(source: IO[bytes], target: IO[bytes], major: int) -> None:
    head = source.read(_HEADER)
    target.write(b"BEGIN;\n" + (head if major >= 17 else head.replace(_NEW_SETTING, b"", 1)))
    while chunk := source.read(CHUNK):
        target.write(chunk)


def _tool(name: str) -> str:
    return postgres.tool(name, named=env.text("HELPDESK_POSTGRES_BIN"))


def _bare(url: str) -> str:
    """The address without its password, which everybody on the machine could read in the list of processes."""
    parts = conninfo_to_dict(url)
    parts.pop("password", None)
    parts.setdefault("dbname", urlsplit(url).path.lstrip("/") or "helpdesk")
    return make_conninfo("", **parts)


@contextmanager
def _program(command: list[str], url: str, **streams: Any) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """A child that ends with this process; what it complains of is kept aside."""
    password = conninfo_to_dict(url).get("password")
    environment = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(password)} if password else {})}
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, stderr=said, env=environment,
            preexec_fn=lifeline.before_exec(signal.SIGKILL),  # noqa: PLW1509 (two system calls)
            **{"stdin": subprocess.DEVNULL, **streams},
        )  # fmt: skip
        try:
            yield process, said
        finally:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    _close(stream)


def _close(stream: IO[bytes]) -> None:
    with suppress(BrokenPipeError):
        stream.close()


def _open(stream: IO[bytes] | None) -> IO[bytes]:
    assert stream is not None  # asked for when the process was made
    return stream


def _end(process: subprocess.Popen[bytes], said: IO[bytes], what: str) -> None:
    """Raises KeepingError if the program failed, with its last words."""
    if process.wait() == 0:
        return
    said.seek(0)
    lines = [line for line in said.read(64 * 1024).decode(errors="replace").splitlines() if line.strip()]
    reason = next((line for line in lines if "error:" in line or "ERROR" in line), lines[-1] if lines else "")
    more = ""
    if "version mismatch" in reason:
        more = ". Name the bin folder of a PostgreSQL as new as the server in HELPDESK_POSTGRES_BIN"
    raise KeepingError(f"{what}: {reason.strip() or f'it ended with {process.returncode}'}{more}")

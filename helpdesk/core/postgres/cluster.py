"""One embedded PostgreSQL: made, started, watched, stopped. Whoever uses it holds the Ownership of its folder."""

import contextlib
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from helpdesk.core import lifeline
from helpdesk.core.postgres import binaries, identity, leftovers, logfile, places
from helpdesk.core.postgres.errors import PostgresError

NAME = "helpdesk"  # of the database and of its owner
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
          "max_wal_senders": "0", "autovacuum": "off"}  # fmt: skip
_SETTINGS = {
    "shared_buffers": "128MB",
    "max_connections": "100",
    "work_mem": "16MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "512MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "lc_messages": "C",
    "unix_socket_permissions": "0700",
}
# The guard outlives a killed owner just long enough to see that the server ends: where the kernel sends no signal at a
# parent's death, and where a server that got one does not end by it. $1 is the server.
_GUARD = """
read -r _line
kill -INT "$1" 2>/dev/null
i=0
while kill -0 "$1" 2>/dev/null && [ $i -lt 150 ]; do sleep 0.2; i=$((i+1)); done
kill -QUIT "$1" 2>/dev/null
"""


@dataclass(frozen=True, slots=True)
class Way:
    """How a cluster is run. `hasty` gives up safety for speed (tests); `template` holds a ready data folder for it."""

    named_binaries: str = ""
    hasty: bool = False
    template: Path | None = None
    use_socket: bool = True
    elsewhere: Path = binaries.ELSEWHERE
    say: Callable[[str], None] = lambda _text: None


class Cluster:
    """The embedded database of one data folder."""

    def __init__(self, home: Path, way: Way | None = None) -> None:
        self._way = way or Way()
        places.make_home(home)
        self.identity = identity.choose(home / "postgres")
        self.places = places.prepare(home, self.identity, elsewhere=self._way.elsewhere, socket=self._way.use_socket)
        self.binaries = binaries.find(
            named=self._way.named_binaries, identity=self.identity, elsewhere=self._way.elsewhere
        )
        self.url = ""
        self._port = 0  # on loopback: a restart keeps it, since those who use the database know it
        self._server: subprocess.Popen[bytes] | None = None
        self._guard: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The running server's process."""
        return self._server.pid if self._server else None

    def start(self) -> str:
        """Make the cluster if it is new, clear what a killed one left, start it; returns its DATABASE_URL."""
        if self._is_new():
            self._way.say("Making the database (first start)")
            self._make()
        leftovers.clear(self.places.data, socket_folder=self.places.socket)
        try:
            self._launch_past_orphans()
            self._make_database()
        except BaseException:
            self.stop()
            raise
        return self.url

    def _launch_past_orphans(self) -> None:
        """Launch until it answers; backends of a killed server get ten seconds to notice that it is gone."""
        end = time.monotonic() + 10
        while True:
            mark = logfile.begin(self.places.log)
            self._launch()
            if self._wait_until_it_answers():
                return
            self._end_guard()
            lines = logfile.since(self.places.log, mark)
            if time.monotonic() > end or not logfile.speaks_of_orphans(lines):
                raise PostgresError(logfile.explain(lines, data=self.places.data, log=self.places.log))
            time.sleep(0.25)

    def alive(self) -> bool:
        """Whether the server runs; reaps it if it has died."""
        return self._server is not None and self._server.poll() is None

    def guarded(self) -> bool:
        """Whether the guard lives; reaps it if it has died."""
        return self._guard is not None and self._guard.poll() is None

    def guard(self) -> None:
        """Give the running server a guard again, whose own has died by itself."""
        self._end_guard()
        self._launch_guard()

    def stop(self, *, patience: float = 60.0, hurry: Callable[[], bool] = bool) -> None:
        """Fast shutdown, harsher if it lasts; nothing is lost either way. Leaves no process.

        `patience` is how many seconds the fast shutdown may take, a third of it the immediate one that follows.
        """
        if self._server:
            steps = ((signal.SIGINT, patience), (signal.SIGQUIT, patience / 3), (signal.SIGKILL, 5.0))
            for signum, seconds in steps:
                if self._server.poll() is not None:
                    break
                self._server.send_signal(signum)
                end = time.monotonic() + seconds
                while time.monotonic() < end and not (signum == signal.SIGINT and hurry()):
                    with contextlib.suppress(subprocess.TimeoutExpired):
                        self._server.wait(0.2)
                        break
            self._server = None
        self._end_guard()

    def restart(self) -> str:
        """Start it again after the server died by itself."""
        self.stop()
        return self.start()

    def _is_new(self) -> bool:
        data = self.places.data
        if not data.exists() or not any(data.iterdir()):
            return True
        try:
            major = (data / "PG_VERSION").read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError):
            raise PostgresError(
                f"{data} is not a PostgreSQL data folder, and helpdesk does not touch what it has not made. "
                "Move it away, or set HELPDESK_DATA to another folder."
            ) from None
        if major != str(self.binaries.major):
            raise PostgresError(
                f"{data} was made by PostgreSQL {major}, but {self.binaries.folder} holds {self.binaries.version}. "
                f"Name the folder of PostgreSQL {major} in HELPDESK_POSTGRES_BIN, "
                "or take a backup with that version and restore it into an empty HELPDESK_DATA."
            )
        if self.identity.borrowed is False and data.stat().st_uid != self.identity.uid:
            raise PostgresError(
                f"{data} belongs to user {data.stat().st_uid}: helpdesk was started as another user before. "
                "Start it as that user (or as root), or give the folder to this user with chown -R."
            )
        return False

    def _make(self) -> None:
        """Run initdb beside the final place, then a rename: a killed one leaves no half folder."""
        data = self.places.data
        places.remove_leftover_folders(data)
        folder = data.with_name(f"{data.name}.new-{secrets.token_hex(4)}")
        template = self._way.template / self._template_name() if self._way.template else None
        if template and template.is_dir():
            shutil.copytree(template, folder)
        else:
            self._initdb(folder)
            if template:
                with contextlib.suppress(OSError):  # another one made it meanwhile
                    copy = template.with_name(f"{template.name}.{secrets.token_hex(4)}")
                    shutil.copytree(folder, copy)
                    copy.rename(template)
        folder.chmod(0o700)
        self.identity.own_tree(folder)
        if data.exists():
            data.rmdir()  # empty, see _is_new
        folder.rename(data)

    def _template_name(self) -> str:
        return f"cluster-{self.binaries.version}"

    def _initdb(self, folder: Path) -> None:
        if not self.places.password.exists():
            self.places.password.touch(mode=0o600)
            self.places.password.write_text(secrets.token_urlsafe(24), encoding="ascii")
        lines = ""
        for locale in ("C.UTF-8", "C"):  # C.UTF-8 may be unknown to an old system's library
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            self.identity.own(folder)
            password = folder.with_name(f"{folder.name}.pw")
            try:
                password.touch(mode=0o600)
                password.write_bytes(self.places.password.read_bytes())
                self.identity.own(password)
                done = subprocess.run(
                    self._initdb_command(folder, password, locale),
                    cwd="/", capture_output=True, text=True, check=False, env=self._environment(),
                    preexec_fn=lifeline.before_exec(signal.SIGKILL),
                    **self.identity.popen_arguments(),
                )  # fmt: skip
            finally:
                password.unlink(missing_ok=True)
            if done.returncode == 0:
                return
            lines = done.stdout + done.stderr
            if "locale" not in lines:
                break
        shutil.rmtree(folder, ignore_errors=True)
        raise PostgresError(logfile.explain(lines, data=self.places.data, log=None))

    def _initdb_command(self, folder: Path, password: Path, locale: str) -> list[str]:
        command = [
            self.binaries.initdb, "-D", str(folder), "-U", NAME, "-E", "UTF8", "--auth-local=trust",
            "--auth-host=scram-sha-256", f"--pwfile={password}", "--no-instructions",
            "--text-search-config=simple", f"--locale={locale}",
        ]  # fmt: skip
        if self.binaries.major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return command + (["--no-sync", "--wal-segsize=1"] if self._way.hasty else [])

    def _environment(self) -> dict[str, str]:
        return {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}

    def _launch(self) -> None:
        settings = {**_SETTINGS, **(_HASTY if self._way.hasty else _DURABLE), **self._listening()}
        command = [self.binaries.postgres, "-D", str(self.places.data)]
        for key, value in settings.items():
            command += ["-c", f"{key}={value}"]
        with self.places.log.open("ab") as log:
            self._server = subprocess.Popen(
                command, cwd="/", stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self._environment(),
                start_new_session=True,  # Ctrl+C is for the owner alone
                preexec_fn=lifeline.before_exec(signal.SIGINT),  # noqa: PLW1509 (runs after the change of uid)
                **self.identity.popen_arguments(),
            )  # fmt: skip
        self._launch_guard()

    def _launch_guard(self) -> None:
        assert self._server
        self._guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "helpdesk-postgres-guard", str(self._server.pid)],
            cwd="/", stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True,
        )  # fmt: skip

    def _listening(self) -> dict[str, str]:
        if self.places.socket:
            self.url = f"postgresql://{NAME}@/{NAME}?host={quote(str(self.places.socket), safe='/')}"
            return {
                "listen_addresses": "",
                "unix_socket_directories": _quoted(self.places.socket),
                "port": str(places.PORT),
            }
        port = self._port = _free_port(self._port)
        password = quote(self.places.password.read_text(encoding="ascii"), safe="")
        self.url = f"postgresql://{NAME}:{password}@127.0.0.1:{port}/{NAME}"
        return {"listen_addresses": "127.0.0.1", "unix_socket_directories": "", "port": str(port)}

    def _wait_until_it_answers(self) -> bool:
        """False if the server ended. Recovery after a crash may take its time."""
        told = False
        begun = time.monotonic()
        while self.alive():
            try:
                psycopg.connect(self._maintenance_url(), connect_timeout=5).close()
            except psycopg.OperationalError:
                if not told and time.monotonic() - begun > 5:
                    self._way.say("PostgreSQL is recovering, this may take a while")
                    told = True
                time.sleep(0.03)
            else:
                return True
        return False

    def _maintenance_url(self) -> str:
        return (
            self.url.replace(f"/{NAME}?", "/postgres?") if self.places.socket else f"{self.url[: -len(NAME)]}postgres"
        )

    def _make_database(self) -> None:
        with psycopg.connect(self._maintenance_url(), autocommit=True) as connection:
            if not connection.execute("select 1 from pg_database where datname = %s", [NAME]).fetchone():
                connection.execute(f"create database {NAME}")

    def _end_guard(self) -> None:
        if self._guard:
            self._guard.kill()
            self._guard.wait()
            if self._guard.stdin:
                self._guard.stdin.close()
            self._guard = None


def _free_port(wished: int) -> int:
    """A port of loopback; the one wished for unless somebody has taken it."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wished))
        except OSError:
            probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _quoted(path: Path) -> str:
    """A path for a setting that takes a list of paths."""
    return '"' + str(path).replace('"', '""') + '"'

"""A whole installation as real processes, started as root or as an ordinary user, for tests of starting and dying."""

import atexit
import contextlib
import functools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ORDINARY = "nobody"


def users() -> list[str]:
    """Who may start an installation here: root also lends itself an ordinary user."""
    return ["root", ORDINARY] if os.geteuid() == 0 else [pwd.getpwuid(os.geteuid()).pw_name]


def copy(folder: Path, place: Path) -> None:
    """What lies in a folder, with its owners: root lends PostgreSQL another user."""
    place.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{folder}/.", str(place)], check=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@functools.cache
def _tools(user: str) -> tuple[str, str]:
    """An interpreter and a PYTHONPATH that this user can read; copies where root's own cannot be reached."""
    ordinary = os.geteuid() == 0 and user != "root"
    if not ordinary:
        return sys.executable, str(ROOT)
    lent = _lent(user)
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    packages, tree = Path(sysconfig.get_path("purelib")), ROOT
    probe = ["/bin/sh", "-c", f'cd "{packages}" && cd "{tree}/helpdesk"']
    if subprocess.run(probe, check=False, stderr=subprocess.DEVNULL, **lent).returncode:
        place = Path(tempfile.mkdtemp(prefix="helpdesk-copy-", dir="/tmp"))
        place.chmod(0o755)
        packages = Path(shutil.copytree(packages, place / "packages", symlinks=True))
        shutil.copytree(ROOT / "helpdesk", place / "tree" / "helpdesk")
        tree = place / "tree"
    path = f"{tree}:{packages}"
    for candidate in (sys.executable, f"/usr/local/bin/python{version}", f"/usr/bin/python{version}"):
        with contextlib.suppress(OSError):
            tried = subprocess.run(
                [candidate, "-c", "import psycopg, granian, lxml"], env={"PYTHONPATH": path}, check=False, **lent
            )
            if tried.returncode == 0:
                return candidate, path
    place = Path(tempfile.mkdtemp(prefix="helpdesk-python-", dir="/tmp"))
    place.chmod(0o755)
    base = Path(sys.base_prefix)
    skip = shutil.ignore_patterns("test", "site-packages", "__pycache__", "idlelib", "*.a")
    shutil.copytree(base / "lib" / f"python{version}", place / "lib" / f"python{version}", ignore=skip)
    for library in (base / "lib").glob("libpython*.so*"):
        shutil.copy2(library, place / "lib" / library.name)
    (place / "bin").mkdir()
    shutil.copy2(base / "bin" / f"python{version}", place / "bin" / "python3")
    return str(place / "bin" / "python3"), path


def _lent(user: str) -> dict:
    if os.geteuid() != 0 or user == "root":
        return {}
    entry = pwd.getpwnam(user)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


@functools.cache
def _bytecode(user: str) -> str:
    """Where the programs of a user keep what is compiled: once for all installations, as on a real machine."""
    if not _lent(user) and (kept := os.environ.get("PYTHONPYCACHEPREFIX")):
        return kept  # the tests' own
    place = tempfile.mkdtemp(prefix="helpdesk-bytecode-", dir="/tmp")
    if lent := _lent(user):
        os.chown(place, lent["user"], lent["group"])
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    return place


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0


class Installation:
    """One data folder and the program working on it."""

    room = "/tmp"  # where data folders are made

    def __init__(self, user: str = "") -> None:
        self.user = user or users()[0]
        self.home = Path(tempfile.mkdtemp(prefix="helpdesk-tests-e2e-", dir=self.room))
        if _lent(self.user):
            os.chown(self.home, _lent(self.user)["user"], _lent(self.user)["group"])
        self.port = free_port()
        self.process: subprocess.Popen | None = None
        self.begun: tuple[tuple[str, ...], dict[str, str]] = ((), {})
        self.output = Path(tempfile.mkstemp(prefix="helpdesk-e2e-", suffix=".log", dir="/tmp")[1])
        self.said_before = 0

    def begin_as(self, folder: Path) -> None:
        """Take over the data of an installation of this user that was stopped."""
        copy(folder, self.home)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def environment(self, **more: str) -> dict[str, str]:
        kept = {key: os.environ[key] for key in ("PATH", "LANG", "HELPDESK_POSTGRES_BIN") if key in os.environ}
        return {
            **kept,
            "HOME": str(self.home),
            "PYTHONPATH": _tools(self.user)[1],
            "PYTHONPYCACHEPREFIX": _bytecode(self.user),
            "PYTHONUNBUFFERED": "1",
            "HELPDESK_DATA": str(self.home),
            "HELPDESK_SEND_DELAY": "0",
            **more,
        }

    def command(self, *arguments: str) -> list[str]:
        return [_tools(self.user)[0], "-m", "helpdesk.config.cli", *arguments]

    def start(self, *arguments: str, **environment: str) -> None:
        """Begin `serve` and return at once."""
        self.begun = arguments, environment
        self.said_before = len(self.said()) if self.output.exists() else 0
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                self.command("serve", "--port", str(self.port), *arguments),
                cwd="/tmp", env=self.environment(**environment), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                start_new_session=True, **_lent(self.user),
            )  # fmt: skip

    def start_again(self) -> None:
        """Begin as the last time."""
        arguments, environment = self.begun
        self.start(*arguments, **environment)

    def run(self, *arguments: str, stdin: str = "", timeout: float = 120, **environment: str):
        """Any other subcommand, to its end."""
        return subprocess.run(
            self.command(*arguments), cwd="/tmp", env=self.environment(**environment), input=stdin, text=True,
            capture_output=True, check=False, timeout=timeout, **_lent(self.user),
        )  # fmt: skip

    def said(self) -> str:
        return self.output.read_text(encoding="utf-8")

    def get(self, path: str) -> int:
        """The status of an answer; 0 if there is none."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_until(self, condition, *, seconds: float, what: str) -> float:
        """Poll until the condition holds; returns how long it took."""
        begun = time.monotonic()
        while not condition():
            took = time.monotonic() - begun
            assert took < seconds, f"{what}: not within {seconds} s\n{self.said()[-3000:]}"
            if self.process and self.process.poll() not in (None, 0, -9):
                raise AssertionError(f"{what}: serve ended with {self.process.returncode}\n{self.said()[-3000:]}")
            time.sleep(0.05)
        return time.monotonic() - begun

    def wait_until_ready(self, *, seconds: float = 90) -> float:
        """Seconds until the pages are there; it says so a moment later, and has said it when this returns."""
        took = self.wait_until(lambda: self.get("/readyz") == 200, seconds=seconds, what="ready")
        self.wait_until(lambda: "is ready" in self.said()[self.said_before :], seconds=10, what="announcement")
        return took

    def processes(self) -> dict[int, str]:
        """All living processes of this installation, whoever their parent is: id and command line."""
        mark = str(self.home).encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if (folder / "stat").read_text().rpartition(")")[2].split()[0] in "ZX":
                    continue
                line = (folder / "cmdline").read_bytes()
                facts = (
                    line + b"\0" + (folder / "environ").read_bytes() + b"\0" + str((folder / "cwd").readlink()).encode()
                )
                if mark in facts:
                    found[int(folder.name)] = line.replace(b"\0", b" ").decode(errors="replace").strip()
        found.pop(os.getpid(), None)
        return found

    def cpu_seconds(self) -> float:
        """Processor time of all processes and of their children that have ended: what a start costs on any machine."""
        total = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                facts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                total += sum(int(ticks) for ticks in facts[11:15])
        return total / os.sysconf("SC_CLK_TCK")

    def part(self, name: str) -> list[int]:
        """The processes that are this part: "web master", "web process", "worker", "guard" or "postgres"."""
        assert self.process
        word = {"web master": "server.web", "web process": "server.web", "worker": "config.cli worker",
                "guard": "helpdesk-postgres-guard"}.get(name)  # fmt: skip
        children = {pid: line for pid, line in self.processes().items() if _parent(pid) == self.process.pid}
        masters = [pid for pid, line in children.items() if (word or "bin/postgres -D") in line]
        if name != "web process":
            return masters
        return [pid for pid in self.processes() if _parent(pid) in masters]

    def postmaster(self) -> int:
        try:
            return int((self.home / "postgres" / "postmaster.pid").read_text().split()[0])
        except OSError:
            return 0

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)

    def stop(self, signum: int = signal.SIGTERM, *, seconds: float = 40) -> int:
        """Ask it to end; its exit code."""
        assert self.process
        self.process.send_signal(signum)
        return self.process.wait(seconds)

    def wait_until_gone(self, *, seconds: float = 10) -> None:
        self.wait_until(lambda: not self.processes(), seconds=seconds, what=f"nothing left of {self.processes()}")

    def remove(self) -> None:
        """End whatever is left, remove the folder."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(30)
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.home, ignore_errors=True)
        self.output.unlink(missing_ok=True)

"""Keeps the parts of an installation running: whatever dies is started again; all of it ends together."""

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from helpdesk.config.server import parent
from helpdesk.core import lifeline
from helpdesk.core.postgres import Cluster, PostgresError

_TICK = 0.1
_SAME_ORDER = 1.0  # seconds within which signals are one order: make, its group and the kernel may each send one
_LONGEST_PAUSE = 4.0  # any part is back within five seconds


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a stop may take, in seconds: parts get theirs, then the database its own, and the whole is bounded."""

    parts: float = 7.5
    database: float = 4.0
    whole: float = 15.0


class Stopped(Exception):
    """Somebody asked the installation to stop."""


@dataclass(slots=True)
class Part:
    """One child process and how it is started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    begun: float = 0.0
    next_start: float = 0.0
    quick_deaths: int = field(default=0)


class Supervisor:
    """Owns the child processes. Everything happens in the main thread: children get a signal when it ends.

    It stops for a signal, and also without one when `orphaned` says that whoever started it has gone.
    """

    def __init__(
        self,
        *,
        say: Callable[[str], None],
        cluster: Cluster | None = None,
        orphaned: Callable[[], bool] = bool,
        patience: Patience | None = None,
    ) -> None:
        self._say = say
        self._cluster = cluster
        self._orphaned = orphaned
        self._patience = patience or Patience()
        self._parts: list[Part] = []
        self._orders = 0
        self._last_order = -_SAME_ORDER
        self._read, self._write = os.pipe()
        self._cluster_pause = 0.0
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(signum, self._ordered)
        threading.Thread(target=self._bound_the_stop, name="stop-bound", daemon=True).start()

    def check_orders(self) -> None:
        """Raises Stopped if the installation was asked to stop."""
        if self._asked():
            raise Stopped

    def _asked(self) -> bool:
        return bool(self._orders) or self._orphaned()

    def _hurried(self) -> bool:
        return self._orders > 1

    def spawn(self, command: list[str], **arguments: object) -> subprocess.Popen[bytes]:
        """A child that ends with this process, out of reach of the terminal's Ctrl+C."""
        environment = {**os.environ, parent.PIPE: str(self._read)}
        environment.pop(parent.WITH_PARENT, None)
        return subprocess.Popen(  # type: ignore[call-overload,no-any-return]
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=(self._read,),
            start_new_session=True,
            preexec_fn=lifeline.before_exec(signal.SIGTERM),  # noqa: PLW1509 (two system calls)
            **arguments,
        )

    def wait_for(self, process: subprocess.Popen[bytes]) -> int:
        """The exit code of a child that ends by itself. Raises Stopped, the child ended, if asked to stop."""
        while process.poll() is None:
            if self._asked():
                _end([process], patience=min(5, self._patience.parts), hurry=self._hurried)
                raise Stopped
            time.sleep(_TICK)
        return process.returncode

    def add(self, name: str, command: list[str]) -> Part:
        """Start a part and keep it running from now on."""
        part = Part(name, command)
        self._parts.append(part)
        self._start(part)
        return part

    def tick(self) -> None:
        """Start again what has died. Raises Stopped if asked to stop."""
        self.check_orders()
        self._see_to_cluster()
        now = time.monotonic()
        for part in self._parts:
            if part.process and (code := part.process.poll()) is not None:
                part.process = None
                part.quick_deaths = part.quick_deaths + 1 if now - part.begun < 5 else 0
                part.next_start = now + min(0.25 * 2**part.quick_deaths, _LONGEST_PAUSE) * bool(part.quick_deaths)
                self._say(f"{part.name} ended ({_reason(code)}), starting it again")
            if part.process is None and now >= part.next_start:
                self._start(part)
        time.sleep(_TICK)

    def stop(self) -> None:
        """End all parts, the web server and the worker first, then the database. A second order ends them at once."""
        running = [part.process for part in self._parts if part.process]
        _end(running, patience=self._patience.parts, hurry=self._hurried)
        if self._cluster:
            self._cluster.stop(patience=self._patience.database, hurry=self._hurried)
        for descriptor in (self._read, self._write):
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _ordered(self, signum: int, frame: FrameType | None) -> None:
        # no lock, no event: the main thread may hold it just now, and would then wait for itself for ever
        del signum, frame
        now = time.monotonic()
        if now - self._last_order > _SAME_ORDER:
            self._orders += 1
        self._last_order = now

    def _bound_the_stop(self) -> None:
        """In a thread: a main thread that hangs does not keep the installation running after it was asked to stop.

        The database's guard, the pipe and the kernel's signals end whatever this process leaves.
        """
        while not self._asked():
            time.sleep(0.2)
        time.sleep(self._patience.whole)
        for process in [part.process for part in self._parts if part.process]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGKILL)
        os._exit(1)

    def _start(self, part: Part) -> None:
        part.begun = time.monotonic()
        part.process = self.spawn(part.command)

    def _see_to_cluster(self) -> None:
        if self._cluster is None or time.monotonic() < self._cluster_pause:
            return
        if self._cluster.alive():
            if not self._cluster.guarded():
                self._say("PostgreSQL's guard ended, starting it again")
                self._cluster.guard()
                self._cluster_pause = time.monotonic() + 1  # one that cannot live is not begun ten times a second
            return
        self._say("PostgreSQL ended, starting it again")
        try:
            self._cluster.restart()
        except PostgresError as error:
            self._say(str(error))
            self._cluster_pause = time.monotonic() + _LONGEST_PAUSE


def _end(processes: list[subprocess.Popen[bytes]], *, patience: float, hurry: Callable[[], bool] = bool) -> None:
    """SIGTERM to all, `patience` seconds for all together, then SIGKILL; reaps them."""
    for process in processes:
        process.terminate()
    end = time.monotonic() + patience
    while any(process.poll() is None for process in processes) and time.monotonic() < end and not hurry():
        time.sleep(0.05)
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def _reason(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"

"""What may befall a running installation, whoever has begun it: as the ordinary user alone."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import pytest

from tests.e2e.installation import Installation, free_port, users
from tests.e2e.test_setup_processes import killed_and_begun_again, restart_if_needed


@pytest.fixture(scope="module")
def running():
    """One installation, used by the tests of this module in turn; each leaves it ready."""
    installation = Installation(users()[-1])
    installation.start()
    installation.wait_until_ready()
    yield installation
    installation.remove()


def test_second_starter_says_so_and_stops(running):
    begun = time.monotonic()
    done = running.run("serve", "--port", str(running.port + 1))
    assert done.returncode == 1
    assert f"serve runs as process {running.process.pid}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert time.monotonic() - begun < 10
    assert running.get("/readyz") == 200


def test_taken_port_is_named(running):
    other = Installation(running.user)
    try:
        done = other.run("serve", "--port", str(running.port))
        assert done.returncode == 1
        assert f"port {running.port} of 127.0.0.1 is taken" in done.stderr
    finally:
        other.remove()


@pytest.mark.parametrize("victim", ["web master", "web process", "worker", "guard"])
def test_killed_part_is_begun_again_within_five_seconds_and_answers(running, victim):
    restart_if_needed(running)
    killed_and_begun_again(running, victim)


def test_killed_owner_and_postgres_at_once(running):
    """Backends of the killed server may outlive it; the next start waits for them."""
    restart_if_needed(running)
    postmaster = running.postmaster()
    running.kill(running.process.pid)
    running.kill(postmaster)
    running.process.wait()
    running.start()
    running.wait_until_ready(seconds=90)
    assert running.postmaster() != postmaster


def test_worker_and_web_beside_it_wait_for_a_database_that_goes(running):
    restart_if_needed(running)
    port = free_port()
    with contextlib.ExitStack() as beside:
        worker, web = (
            beside.enter_context(_beside(running, "worker")),
            beside.enter_context(_beside(running, "web", "--port", str(port))),
        )
        running.wait_until(lambda: _answers(port) == 200, seconds=60, what="the web server beside")
        assert running.stop() == 0
        running.wait_until(lambda: "has gone" in worker.said(), seconds=20, what="the worker notices")
        assert _answers(port) == 503
        running.start()
        running.wait_until_ready()
        running.wait_until(lambda: "goes on" in worker.said(), seconds=20, what="the worker goes on")
        running.wait_until(lambda: _answers(port) == 200, seconds=60, what="the web server beside answers again")
        assert (worker.process.poll(), web.process.poll()) == (None, None)
        assert worker.said() == (
            "The database has gone. The worker waits until it is back.\nThe database is back, the worker goes on.\n"
        )
        assert "Traceback" not in web.said()
    assert running.get("/readyz") == 200


def _answers(port):
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/login/", timeout=30) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


class _Beside:
    """Another program of an installation."""

    def __init__(self, running, *arguments):
        self.output = tempfile.TemporaryFile()  # noqa: SIM115 (closed by _beside)
        self.process = subprocess.Popen(
            running.command(*arguments), cwd="/tmp", env=running.environment(), stdin=subprocess.DEVNULL,
            stdout=self.output, stderr=self.output, **_as(running.user),
        )  # fmt: skip

    def said(self):
        return os.pread(self.output.fileno(), 100_000, 0).decode()


@contextlib.contextmanager
def _beside(running, *arguments):
    program = _Beside(running, *arguments)
    try:
        yield program
        program.process.terminate()
        assert program.process.wait(20) == 0
    finally:
        program.process.kill()
        program.process.wait()
        program.output.close()


def test_stops_when_the_make_that_began_it_is_killed(running):
    if running.process.poll() is None:
        running.stop()
    script = " ".join(running.command("serve", "--port", str(running.port)))
    said = running.output.open("ab")
    shell = subprocess.Popen(
        ["/bin/sh", "-c", f"HELPDESK_STOP_WITH_PARENT=1 {script} & wait"],
        cwd="/tmp", env=running.environment(), stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        start_new_session=True, **({} if running.user == users()[0] else _as(running.user)),
    )  # fmt: skip
    said.close()
    try:
        running.process = None
        running.wait_until_ready()
    finally:
        os.kill(shell.pid, signal.SIGKILL)
        shell.wait()
    running.wait_until_gone(seconds=20)
    running.start()
    running.wait_until_ready()


def _as(user):
    from tests.e2e.installation import _lent

    return _lent(user)

"""Starting, dying and stopping of a whole installation, as root and as an ordinary user."""

import signal
import socket
import time

import pytest

from tests.e2e.installation import Installation, users


@pytest.fixture(scope="module", params=users())
def running(request):
    """One installation per user, used by the tests of this module in turn; each leaves it ready."""
    installation = Installation(request.param)
    installation.start()
    installation.wait_until_ready()
    yield installation
    installation.remove()


def restart_if_needed(installation):
    """What a test of its own died of is begun again."""
    if installation.process.poll() is not None:
        installation.start()
    installation.wait_until_ready()


def test_ready_says_address_last(running):
    running.wait_until(lambda: "HelpDesk is ready" in running.said(), seconds=10, what="announcement")
    assert running.said().strip().splitlines()[-1] == f"HelpDesk is ready: {running.url}/"
    assert running.get("/healthz") == 200


def test_other_subcommands_join_the_running_database(running):
    done = running.run("migrate", "--check")
    assert (done.returncode, done.stdout.strip()) == (0, "The schema is up to date.")
    assert running.get("/readyz") == 200


def test_doctor_finds_nothing_wrong(running):
    done = running.run("check")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().endswith("All is well.")


def test_kill_of_first_parent_leaves_nothing_and_loses_nothing(running):
    restart_if_needed(running)
    for _ in range(2):
        running.kill(running.process.pid)
        running.process.wait()
        running.wait_until_gone(seconds=10)
        running.start()
        running.wait_until_ready(seconds=90)
    done = running.run("migrate", "--check")
    assert done.returncode == 0, done.stderr


def test_killed_postgres_is_begun_again_and_answers(running):
    restart_if_needed(running)
    killed_and_begun_again(running, "postgres")


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "Ctrl+C"])
def test_stops_cleanly_and_starts_quickly_again(running, signum):
    restart_if_needed(running)
    said = len(running.said())
    with socket.create_connection(("127.0.0.1", running.port)) as half:
        half.sendall(b"GET /login/ HTTP/1.1\r\nHost: half\r\n")  # never ends its request
        time.sleep(0.2)
        begun = time.monotonic()
        assert running.stop(signum) == 0
        assert time.monotonic() - begun < 15
    told = running.said()[said:].replace("The database is back, the worker goes on.\n", "")  # of the kill before
    assert told == "Stopping\n"
    assert running.processes() == {}
    assert not (running.home / "postgres" / "postmaster.pid").exists()
    running.start()
    running.wait_until_ready(seconds=90)
    assert (
        running.cpu_seconds() < 10
    )  # eight seconds on two cores hold sixteen; the clock tells little on a busy machine


def killed_and_begun_again(running, victim):
    """Begun again: the promise of five seconds, which costs no processor. An answer takes what there is of that: on two
    free cores about 2 s, with five programs beside 3 to 5 s; 20 s hold where the cores are shared by many more."""
    before = running.part(victim)
    running.kill(before[0])
    killed = time.monotonic()
    running.wait_until(
        lambda: len(now := running.part(victim)) == len(before) and before[0] not in now,
        seconds=5, what=f"{victim} again",
    )  # fmt: skip
    running.wait_until(
        lambda: running.get("/login/") == 200,
        seconds=20 - (time.monotonic() - killed),
        what=f"an answer after {victim}",
    )
    running.wait_until_ready(seconds=90)
    assert running.process.poll() is None

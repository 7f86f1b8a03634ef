"""The supervisor stops: for signals that come at any time, for a parent that dies, also where something hangs."""

import contextlib
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.factories.meanwhile import meanwhile

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).resolve().parents[2]
STUBBORN = "import signal,time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
MAIN = """
    import signal, subprocess, sys, time
    from helpdesk.config.server import parent
    from helpdesk.config.server.supervisor import Patience, Stopped, Supervisor
    orphaned = parent.follow(grace=6)
    supervisor = Supervisor(say=print, orphaned=orphaned, patience=Patience(parts=1, database=1, whole=3))
"""
LOOP = """
    print("ready", flush=True)
    try:
        while True:
            supervisor.tick()
    except Stopped:
        supervisor.stop()
        print("stopped", flush=True)
"""


@contextlib.contextmanager
def starting():
    """Run a program made of MAIN and more; below a shell of its own where it is to lose its parent."""
    processes = []

    def start(*parts, below_shell=False, **environment):
        program = "".join(textwrap.dedent(part) for part in (MAIN, *parts))
        command = [sys.executable, "-c", program]
        if below_shell:
            command = ["/bin/sh", "-c", '"$@" & wait', "sh", *command]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, start_new_session=True,
                                   env={**os.environ, "PYTHONUNBUFFERED": "1", **environment})  # fmt: skip
        processes.append(process)
        line = process.stdout.readline()
        assert line == "ready\n", line
        return process

    try:
        yield start
    finally:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            process.stdout.close()


def rest(process):
    """What it said until nobody is left who could say anything, and how long that took."""
    begun = time.monotonic()
    said = process.stdout.read()
    return said, time.monotonic() - begun


def test_signals_at_any_moment_never_leave_it_waiting_for_itself():
    """The handler took a lock that the interrupted thread could hold: one order in some thousands was the last."""
    with starting() as started:
        process = started("""
            supervisor._asked = lambda: False  # it hears, and works on
            import helpdesk.config.server.supervisor as module
            module._TICK = module._SAME_ORDER = 0
            print("ready", flush=True)
            while supervisor._orders < 1500:
                supervisor.tick()
            print("alive", flush=True)
        """)
        end = time.monotonic() + 90
        while process.poll() is None and time.monotonic() < end:
            for _ in range(50):
                process.send_signal(signal.SIGHUP)
                time.sleep(0.0001)
        assert rest(process)[0] == "alive\n"


@meanwhile
def test_stops_when_the_parent_is_killed():
    with starting() as started:
        shell = started(LOOP, below_shell=True, HELPDESK_STOP_WITH_PARENT="1")
        shell.kill()
        said, seconds = rest(shell)
        assert said == "stopped\n"
        assert seconds < 3


@meanwhile
def test_stops_when_the_parent_is_killed_and_the_signal_is_lost():
    with starting() as started:
        lost = "for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP): signal.signal(signum, signal.SIG_IGN)\n"
        shell = started(lost, LOOP, below_shell=True, HELPDESK_STOP_WITH_PARENT="1")
        shell.kill()
        said, seconds = rest(shell)
        assert said == "stopped\n"
        assert seconds < 3


def test_a_parent_that_died_before_it_was_followed_is_noticed_by_its_id():
    with subprocess.Popen(["true"]) as gone:
        pass
    program = textwrap.dedent(MAIN) + textwrap.dedent(LOOP)
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, timeout=10, check=False, capture_output=True,
                          env={**os.environ, "HELPDESK_STOP_WITH_PARENT": str(gone.pid)})  # fmt: skip
    assert done.returncode in {0, -signal.SIGTERM}


@meanwhile
def test_a_part_that_does_not_stop_is_killed_and_the_stop_is_bounded():
    with starting() as started:
        process = started(f"supervisor.add('Stubborn', [sys.executable, '-c', {STUBBORN!r}])\ntime.sleep(1)\n", LOOP)
        process.send_signal(signal.SIGTERM)
        said, seconds = rest(process)
        assert "stopped" in said
        assert 0.9 < seconds < 3
        assert process.wait(5) == 0


@meanwhile
def test_signals_of_one_moment_are_one_order_and_a_later_one_hurries():
    with starting() as started:
        part = f"supervisor.add('Stubborn', [sys.executable, '-c', {STUBBORN!r}])\ntime.sleep(1)\n"
        patient = "supervisor._patience = Patience(parts=30, whole=60)\n"
        process = started(patient, part, LOOP)
        for _ in range(3):
            process.send_signal(signal.SIGINT)
            time.sleep(0.05)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        process.send_signal(signal.SIGINT)
        assert rest(process)[1] < 2


@pytest.mark.parametrize("below_shell", [False, True], ids=["signal", "parent"])
@meanwhile
def test_a_supervisor_that_hangs_ends_all_the_same(below_shell):
    with starting() as started:
        hang = "print('ready', flush=True)\nwhile True:\n    time.sleep(1)\n"
        part = f"supervisor.add('Stubborn', [sys.executable, '-c', {STUBBORN!r}])\ntime.sleep(1)\n"
        process = started(part, hang, below_shell=below_shell, HELPDESK_STOP_WITH_PARENT="1" if below_shell else "")
        if below_shell:
            process.kill()
        else:
            process.terminate()
        _, seconds = rest(process)  # the stubborn part holds the pipe too: it has ended as well
        assert 2.5 < seconds < 6

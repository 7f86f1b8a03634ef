"""A web server that is killed: at whatever moment, none of its processes stays, and its address is free."""

import os
import select
import time
from pathlib import Path

import pytest

from tests.config.web_server import begun, get, until_it_answers
from tests.factories.meanwhile import meanwhile

pytestmark = pytest.mark.e2e

REAL = "helpdesk.config.server.application:application"


def parent(pid):
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def children(pid):
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def wait_for(condition, *, seconds):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.005)


def rest(server, *, seconds):
    """What it said until nobody is left who could say anything: each of its processes holds the end of this pipe."""
    said, end = b"", time.monotonic() + seconds
    while select.select([server.stderr], [], [], max(0, end - time.monotonic()))[0]:
        piece = os.read(server.stderr.fileno(), 4096)
        if not piece:
            return said.decode()
        said += piece
    raise AssertionError(f"processes stay {seconds} s after their master was killed; said: {said!r}")


@meanwhile
def test_processes_that_are_still_loading_end_with_their_master():
    with begun("tests.config.slow_start:application") as server:
        assert [server.stderr.readline() for _ in range(2)] == ["loading\n"] * 2
        server.kill()
        assert rest(server, seconds=10) == ""


@pytest.mark.parametrize("moment", [0, 0.02, 0.2, 0.6, 1.2, 2.4])
@meanwhile
def test_no_moment_of_death_leaves_a_process(moment):
    """The moment counts from the first child on; the application is the product's, which loads for a second or more."""
    with begun(REAL) as server:
        wait_for(lambda: children(server.pid), seconds=30)
        time.sleep(moment)
        server.kill()
        rest(server, seconds=10)


@pytest.mark.parametrize("moment", [0.1, 0.8, 1.6])
@meanwhile
def test_the_address_of_a_killed_server_answers_from_the_next_one_only(moment):
    with begun("tests.config.slow_application:application", LOADS_FOR="1") as killed:
        wait_for(lambda: len(children(killed.pid)) == 2, seconds=30)
        time.sleep(moment)
        killed.kill()
        with begun("tests.config.slow_application:application", port=killed.port) as server:
            until_it_answers(server)
            rest(killed, seconds=10)  # what came to one of them in its last moment is cut, and tried again by browsers
            end = time.monotonic() + 3  # what the killed one had begun to load would be ready by then
            while time.monotonic() < end:
                assert parent(int(get(server, "/"))) == server.pid
                time.sleep(0.02)

"""Starters that must not start: a folder in use, a taken port, a schema that is not there. One line, exit code 1."""

import contextlib
import os
import shutil
import socket
import tempfile
from pathlib import Path

import psycopg
import pytest

from helpdesk.config import address
from helpdesk.core.postgres import Cluster, Ownership, Way
from tests import programs, room
from tests.e2e.installation import free_port

pytestmark = pytest.mark.e2e

TEMPLATE = Path(__file__).resolve().parents[2] / ".cache" / "postgres"


@pytest.fixture
def home():
    made = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextlib.contextmanager
def listening():
    """A port on which something listens that would share it, as web servers do."""
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


@contextlib.contextmanager
def in_use(home, *, role="serve", port=0):
    """The folder as an installation holds it: this test is the process."""
    ownership = Ownership.take(home, role=role)
    try:
        if port:
            address.publish(home, address.of("127.0.0.1", port))
        yield
    finally:
        address.withdraw(home)
        ownership.release()


def refusal(home, command, *arguments, **environment):
    kept = {key: value for key, value in os.environ.items() if key not in {"DATABASE_URL", "PORT", "HELPDESK_URL"}}
    done = programs.run(
        [*programs.CLI, command, *map(str, arguments)], env={**kept, "HELPDESK_DATA": str(home), **environment},
        text=True, timeout=60,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    (line,) = done.stderr.splitlines()
    return line


def test_the_same_folder_on_the_same_port_is_told_as_the_folder_and_what_it_serves(home):
    with listening() as port, in_use(home, port=port):
        line = refusal(home, "serve", "--port", port)
    assert f"in use: helpdesk serve runs as process {os.getpid()}, http://127.0.0.1:{port}/." in line
    assert "port" not in line.split(".1:")[0]


def test_the_same_folder_on_another_port_is_told_as_the_folder(home):
    with listening() as port, in_use(home, port=port):
        line = refusal(home, "serve", "--port", free_port())
    assert f"in use: helpdesk serve runs as process {os.getpid()}, http://127.0.0.1:{port}/." in line


def test_a_folder_whose_installation_serves_nothing_yet_is_told_without_address(home):
    with in_use(home):
        assert f"runs as process {os.getpid()}. Stop it first" in refusal(home, "serve", "--port", free_port())


@pytest.mark.parametrize("role", ["web", "worker"])
def test_a_folder_of_a_command_that_stays_is_not_waited_for(home, role):
    with in_use(home, role=role):
        assert f"helpdesk {role} runs as process {os.getpid()}" in refusal(home, "serve", "--port", free_port())


@pytest.mark.parametrize("command", ["serve", "web"])
@pytest.mark.parametrize("embedded", [True, False], ids=["embedded", "DATABASE_URL"])
def test_another_folder_on_a_taken_port_is_told_as_the_port(home, command, embedded):
    more = {} if embedded else {"DATABASE_URL": "postgresql://nowhere/none"}
    with listening() as port:
        line = refusal(home, command, "--port", port, **more)
    assert line == f"helpdesk: port {port} of 127.0.0.1 is taken: choose another, PORT={port + 1}"
    assert not (home / "postgres").exists()
    Ownership.take(home, role="test").release()


@pytest.fixture(scope="module")
def empty_database():
    made = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
    cluster = Cluster(made, Way(hasty=True, template=TEMPLATE))
    try:
        yield cluster.start()
    finally:
        cluster.stop()
        shutil.rmtree(made, ignore_errors=True)


@pytest.mark.parametrize("command", ["web", "worker"])
def test_a_schema_that_is_not_there_is_told_with_the_command_that_makes_it(home, empty_database, command):
    arguments = ["--port", free_port()] if command == "web" else []
    line = refusal(home, command, *arguments, DATABASE_URL=empty_database)
    assert "run helpdesk migrate" in line
    with psycopg.connect(empty_database) as connection:
        assert connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)

"""The embedded PostgreSQL itself, with real servers: what killed ones leave, foreign folders, versions, joining."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg
import pytest

from helpdesk.core import postgres
from helpdesk.core.postgres import AlreadyRunning, Cluster, Ownership, PostgresError, Way, binaries, identity, leftovers
from tests import room

pytestmark = pytest.mark.e2e

TEMPLATE = Path(__file__).resolve().parents[3] / ".cache" / "postgres"
HASTY = Way(hasty=True, template=TEMPLATE)


@contextlib.contextmanager
def folder():
    made = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir=room.place()))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def home():
    with folder() as made:
        yield made


@pytest.fixture(scope="module")
def _used_once():
    with folder() as made:
        with started(made):
            pass
        yield made


@pytest.fixture
def used_home(_used_once, home):
    """A home whose cluster was made before, and stopped."""
    subprocess.run(["cp", "-a", f"{_used_once}/.", str(home)], check=True)
    return home


@contextlib.contextmanager
def started(home, way=HASTY):
    cluster = Cluster(home, way)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()


def value(url, statement):
    with psycopg.connect(url) as connection:
        return connection.execute(statement).fetchone()[0]


def gone(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    return True


def wait_for(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_new_cluster_is_durable_russian_and_private(home):
    with started(home, Way()) as cluster:
        assert value(cluster.url, "select current_setting('fsync')") == "on"
        assert value(cluster.url, "select current_setting('synchronous_commit')") == "on"
        assert (
            value(cluster.url, "select pg_encoding_to_char(encoding) from pg_database where datname = 'helpdesk'")
            == "UTF8"
        )
        assert value(cluster.url, "select lower('ЁЖ') = 'ёж'")
        assert value(cluster.url, "select to_tsvector('russian', '«Заявки»') @@ to_tsquery('russian', 'заявка')")
        assert cluster.places.socket.stat().st_mode & 0o077 == 0
        assert cluster.places.data.stat().st_mode & 0o077 == 0
        pid = cluster.pid
    assert gone(pid)
    assert not (cluster.places.data / "postmaster.pid").exists()


def test_loopback_needs_the_generated_password(home):
    with started(home, Way(hasty=True, use_socket=False)) as cluster:
        assert value(cluster.url, "select 1") == 1
        assert "127.0.0.1" in cluster.url
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(cluster.url.replace("helpdesk:", "helpdesk:wrong"), connect_timeout=5)


def test_stale_pid_file_of_a_foreign_process_is_cleared(used_home):
    data = Cluster(used_home, HASTY).places.data
    foreign = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        (data / "postmaster.pid").write_text(f"{foreign.pid}\n{data}\n1\n5432\n\n\n")
        with started(used_home) as again:
            assert value(again.url, "select 1") == 1
        assert foreign.poll() is None
    finally:
        foreign.communicate(b"\n")


def test_stale_pid_file_of_a_zombie_is_cleared(used_home):
    data = Cluster(used_home, HASTY).places.data
    zombie = subprocess.Popen([sys.executable, "-c", ""])
    wait_for(lambda: gone(zombie.pid))
    (data / "postmaster.pid").write_text(f"{zombie.pid}\n{data}\n")
    assert not leftovers.serves(zombie.pid, data)
    with started(used_home) as again:
        assert value(again.url, "select 1") == 1
    zombie.wait()


def test_killed_server_loses_nothing_and_starts_again(used_home):
    with started(used_home, Way()) as cluster:
        with psycopg.connect(cluster.url, autocommit=True) as connection:
            connection.execute("create table kept (n int)")
            for number in range(20):
                connection.execute("insert into kept values (%s)", [number])
            os.kill(cluster.pid, signal.SIGKILL)  # its backends still run
            wait_for(lambda: not cluster.alive())
            cluster.restart()
        assert value(cluster.url, "select count(*) from kept") == 20


def test_foreign_folder_is_not_touched(home):
    (home / "postgres").mkdir()
    (home / "postgres" / "letters.txt").write_text("mine")
    with pytest.raises(PostgresError, match="is not a PostgreSQL data folder"):
        Cluster(home, HASTY).start()
    assert [path.name for path in (home / "postgres").iterdir()] == ["letters.txt"]


def test_other_major_version_is_named(used_home):
    data = Cluster(used_home, HASTY).places.data
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresError, match=r"was made by PostgreSQL 14, but .* holds 1"):
        Cluster(used_home, HASTY).start()


def test_failed_start_brings_the_last_lines(used_home):
    data = Cluster(used_home, HASTY).places.data
    (data / "postgresql.conf").write_text("shared_buffers_of_mine = 12\n")
    with pytest.raises(PostgresError, match="Its last lines") as failure:
        Cluster(used_home, HASTY).start()
    assert "shared_buffers_of_mine" in str(failure.value)


def test_full_disk_is_explained():
    from helpdesk.core.postgres import logfile

    lines = 'FATAL: could not write lock file "postmaster.pid": No space left on device'
    text = logfile.explain(lines, data=Path("/data"), log=Path("/data/log"))
    assert "The disk is full: free some space" in text
    assert lines in text


def test_binaries_that_do_not_work_are_named(home):
    who = identity.choose(home)
    with pytest.raises(PostgresError, match="HELPDESK_POSTGRES_BIN='/nowhere' holds no working"):
        binaries.find(named="/nowhere", identity=who)


def test_killed_initdb_leaves_no_half_folder(home):
    (home / "postgres.new-1234").mkdir()
    with started(home):
        assert not list(home.glob("postgres.new-*"))


def test_second_owner_is_told_the_first(home):
    ownership = Ownership.take(home, role="serve")
    try:
        with pytest.raises(AlreadyRunning, match=f"helpdesk serve runs as process {os.getpid()}"):
            Ownership.take(home, role="serve")
    finally:
        ownership.release()
    Ownership.take(home, role="serve").release()


def test_joined_database_stays_until_the_last_leaves(used_home):
    events = []
    leave = threading.Event()

    def join():
        with postgres.running(used_home, role="second") as url:
            events.append(value(url, "select 1"))
            leave.wait(20)
            events.append(value(url, "select 2"))

    with postgres.running(used_home, role="first", way=HASTY):
        thread = threading.Thread(target=join)
        thread.start()
        wait_for(lambda: events)
        threading.Timer(0.5, leave.set).start()
    thread.join()
    assert events == [1, 2]
    assert not (used_home / "postgres.url").exists()


OWNER = """
import sys, time
from pathlib import Path
from helpdesk.core import postgres
with postgres.running(Path(sys.argv[1]), role="owner", way=postgres.Way(hasty=True, template=Path(sys.argv[2]))) as url:
    print(url, flush=True)
    time.sleep(600)
"""


def test_killed_owner_leaves_no_server(used_home):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(used_home), str(TEMPLATE)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )  # fmt: skip
    url = owner.stdout.readline().strip()
    assert value(url, "select 1") == 1
    server = int((used_home / "postgres" / "postmaster.pid").read_text().split()[0])
    owner.kill()
    owner.communicate()
    wait_for(lambda: gone(server))
    with started(used_home) as again:
        assert value(again.url, "select 1") == 1


DEAF = """#!/bin/sh
exec setpriv --pdeathsig clear '{postgres}' "$@"
"""


@pytest.fixture
def deaf_binaries(home):
    """PostgreSQL as it runs where no kernel signals a child at its parent's death."""
    folder = Path(tempfile.mkdtemp(prefix=room.PREFIX, dir="/tmp"))
    folder.chmod(0o755)
    real = Cluster(home, HASTY).binaries
    (folder / "postgres").write_text(DEAF.format(postgres=real.postgres))
    (folder / "postgres").chmod(0o755)
    (folder / "initdb").symlink_to(real.initdb)
    yield folder
    shutil.rmtree(folder)


GUARDED = """
import sys, time
from pathlib import Path
from helpdesk.core.postgres import Cluster, Way
cluster = Cluster(Path(sys.argv[1]), Way(hasty=True, template=Path(sys.argv[2]), named_binaries=sys.argv[3]))
cluster.start()
print(cluster.pid, cluster._guard.pid, flush=True)
while cluster.guarded():
    time.sleep(0.05)
cluster.guard()
print(cluster._guard.pid, flush=True)
time.sleep(600)
"""


@contextlib.contextmanager
def guarded(home, folder=""):
    """An owner, its server and its guard; the owner gives the server a new guard when the first has died."""
    owner = subprocess.Popen(
        [sys.executable, "-c", GUARDED, str(home), str(TEMPLATE), str(folder)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )  # fmt: skip
    try:
        server, guard = map(int, owner.stdout.readline().split())
        yield owner, server, guard
    finally:
        owner.kill()
        owner.communicate()
        with contextlib.suppress(ProcessLookupError):
            os.kill(server, signal.SIGKILL)


def test_guard_ends_a_server_that_does_not_hear_of_its_owners_death(used_home, deaf_binaries):
    with guarded(used_home, deaf_binaries) as (owner, server, guard):
        owner.kill()
        wait_for(lambda: gone(server))
        wait_for(lambda: gone(guard))


def test_a_new_guard_does_what_the_one_that_was_killed_did(used_home, deaf_binaries):
    with guarded(used_home, deaf_binaries) as (owner, server, guard):
        os.kill(guard, signal.SIGKILL)
        again = int(owner.stdout.readline())
        assert not gone(server)
        owner.kill()
        wait_for(lambda: gone(server))
        wait_for(lambda: gone(again))


def test_restarted_server_is_guarded_and_a_stopped_one_leaves_no_guard(used_home):
    with started(used_home) as cluster:
        os.kill(cluster.pid, signal.SIGKILL)
        wait_for(lambda: not cluster.alive())
        cluster.restart()
        assert cluster.guarded()
    assert not cluster.guarded()


def test_the_address_stays_over_a_restart_on_loopback_too(home):
    with started(home, Way(hasty=True, use_socket=False)) as cluster:
        before = cluster.url
        os.kill(cluster.pid, signal.SIGKILL)
        wait_for(lambda: not cluster.alive())
        assert cluster.restart() == before


def processes_of(home):
    """Ids of living processes that name this folder on their command line, by their program."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            line = (process / "cmdline").read_bytes().decode(errors="replace")
            if str(home) in line and not gone(process.name):
                found[Path(line.split("\0")[0]).name] = int(process.name)
    return found


def test_owner_killed_while_the_database_is_made_leaves_no_process(home):
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(home), str(home / "templates")], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
    )  # fmt: skip
    wait_for(lambda: "initdb" in processes_of(home), seconds=30)
    os.kill(processes_of(home)["initdb"], signal.SIGSTOP)  # it would not end by itself
    owner.kill()
    owner.communicate()
    wait_for(lambda: not processes_of(home))


if os.geteuid() == 0:  # only root meets folders that its server's user cannot enter

    class TestRoot:
        def test_server_runs_as_another_user(self, used_home):
            with started(used_home) as cluster:
                assert Path(f"/proc/{cluster.pid}").stat().st_uid == cluster.identity.uid != 0
                assert cluster.places.data.stat().st_uid == cluster.identity.uid

        def test_unreachable_home_puts_the_data_elsewhere(self, home):
            hidden = home / "hidden"
            hidden.mkdir(mode=0o700)
            home.chmod(0o711)
            way = Way(hasty=True, template=TEMPLATE, elsewhere=home / "elsewhere")
            with started(hidden / "var", way) as cluster:
                assert (hidden / "var" / "postgres").is_symlink()
                assert cluster.places.data.is_relative_to(home / "elsewhere")
                with psycopg.connect(cluster.url) as connection:
                    connection.execute("create table kept ()")
            with started(hidden / "var", way) as again:
                assert value(again.url, "select count(*) from kept") == 0

        def test_unreadable_binaries_are_copied(self, home):
            hidden = home / "hidden"
            home.chmod(0o711)
            who = identity.choose(home / "postgres")
            original = binaries.find(identity=who).folder
            shutil.copytree(original.parent, hidden / "pginstall", symlinks=True)
            hidden.chmod(0o700)
            found = binaries.find(named=str(hidden / "pginstall" / "bin"), identity=who, elsewhere=home / "elsewhere")
            assert found.folder.is_relative_to(home / "elsewhere")
            assert found.major == binaries.find(identity=who).major

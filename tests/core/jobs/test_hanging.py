"""A worker that hangs is ended; one that has lost its database is not taken for one."""

import os
import subprocess
import sys
import time

import psycopg
import pytest

from helpdesk.core.jobs import worker
from tests.config.checking import MIGRATED, database

pytestmark = pytest.mark.e2e
HASTY = "import django; django.setup(); from helpdesk.core.jobs import worker; worker.run(grace=1.0, silence={})"  # for 60 s


def test_a_worker_whose_database_is_silent_is_ended_and_one_that_lives_goes_on(tmp_path):
    with database("silent", MIGRATED) as url, psycopg.connect(url, autocommit=True) as other:
        settings = {"HELPDESK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.config.settings"}
        process = subprocess.Popen(
            [sys.executable, "-c", HASTY.format(4.0)],
            env={**os.environ, **settings, "DATABASE_URL": url},
            stderr=subprocess.PIPE,
        )
        try:
            wait_for(lambda: other.execute("select 1 from core_heartbeat").fetchone(), 30)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=6)
            with other.transaction():
                other.execute("lock table core_heartbeat in access exclusive mode")  # its sign of life waits for ever
                assert process.wait(timeout=30) == worker.SILENT
            assert b"no sign of life" in process.stderr.read()
        finally:
            process.kill()
            process.wait()


LOST = HASTY.format(20.0) + "; import time; time.sleep(23); print('waits')"  # it takes ten seconds to end


def test_a_worker_that_has_lost_its_database_is_not_taken_for_one_that_hangs(tmp_path):
    with database("lost", MIGRATED) as url:
        settings = {"HELPDESK_DATA": str(tmp_path), "DJANGO_SETTINGS_MODULE": "helpdesk.config.settings"}
        process = subprocess.Popen(
            [sys.executable, "-c", LOST], env={**os.environ, **settings, "DATABASE_URL": url}, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            with psycopg.connect(url, autocommit=True) as other:
                wait_for(lambda: other.execute("select 1 from core_heartbeat").fetchone(), 30)
                name = other.info.dbname
            with psycopg.connect(url.replace(f"/{name}", "/postgres"), autocommit=True) as keeper:
                keeper.execute(f"alter database {name} allow_connections false")
                keeper.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
            assert process.wait(timeout=60) == 0
            assert process.stdout.read() == b"waits\n"
        finally:
            process.kill()
            process.wait()


def wait_for(condition, seconds):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)

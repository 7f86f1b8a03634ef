"""Backups while others write, commands killed in the middle, a full disk: nothing that looks whole but is not."""

import shutil
import subprocess
import sys
import threading
import time

import pytest

from helpdesk.config.keeping import dump
from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError
from tests.config.keeping.places import ROOT, contents, rows
from tests.config.keeping.test_restored import one_line
from tests.factories.sizes import moments

pytestmark = pytest.mark.e2e

# requests with two files each, one after another, until the file of this name is there; says how many
WRITE = """
import pathlib, secrets, sys
from helpdesk.config.cli.database import joined
with joined():
    from django.db import close_old_connections
    from helpdesk.accounts.models import Person
    from helpdesk.core import files
    from helpdesk.core.actor import Actor, Cause
    from helpdesk.core.richtext import from_plain
    from helpdesk.tickets.actions import NewFile, open_ticket
    from helpdesk.tickets.models import Queue
    carol, queue = Person.objects.get(login='carol'), Queue.objects.get(key='error')
    done = 0
    while not pathlib.Path({stop!r}).exists():
        content = [NewFile(files.store(secrets.token_bytes(3000)), f'{{i}}.bin') for i in range(2)]
        open_ticket(by=Actor(carol.pk, Cause.WEB), queue_id=queue.pk, subject=f'Пишу {{done}} {{secrets.token_hex(4)}}',
                    body=from_plain('Т'), attachments=content)
        done += 1
        pathlib.Path({told!r} + '.new').write_text(str(done))
        pathlib.Path({told!r} + '.new').replace({told!r})
    print(done)
"""


def begun(place, *arguments, **environment):
    """A command as a process of its own."""
    return subprocess.Popen([sys.executable, "-m", "helpdesk.config.cli", *map(str, arguments)], cwd=ROOT,
                            env=place.environment(**environment), stdout=subprocess.DEVNULL,
                            stderr=subprocess.DEVNULL)  # fmt: skip


def kill_when(process, condition):
    """kill -9 as soon as it is so; whether the process had not ended before."""
    end = time.monotonic() + 120
    while process.poll() is None and not condition():
        assert time.monotonic() < end
        time.sleep(0.001)
    alive = process.poll() is None
    process.kill()
    process.wait()
    return alive


def test_a_backup_while_others_write_is_of_one_moment(filled, places, tmp_path):
    place, copy = places(filled), places()
    code = WRITE.format(stop=str(tmp_path / "stop"), told=str(tmp_path / "told"))
    said = []
    writer = threading.Thread(target=lambda: said.append(place.python(code)))
    writer.start()
    end = time.monotonic() + 60
    while not (tmp_path / "told").exists():
        assert time.monotonic() < end and writer.is_alive()
        time.sleep(0.01)
    before = int((tmp_path / "told").read_text())
    code, _, error = place.run("backup", tmp_path / "backup")
    after = int((tmp_path / "told").read_text())
    (tmp_path / "stop").touch()
    writer.join(60)
    assert code == 0, error
    assert after > before  # it was written to meanwhile
    assert int(said[0]) >= after
    code, _, error = copy.run("restore", tmp_path / "backup")
    assert code == 0, error
    with copy.connect() as connection:
        odd = connection.execute(
            """SELECT t.number FROM tickets_ticket t JOIN tickets_article a ON a.ticket_id = t.id AND a.seq = 1
               LEFT JOIN tickets_attachment f ON f.article_id = a.id WHERE t.subject LIKE 'Пишу%'
               GROUP BY t.id HAVING count(f.id) <> 2
               OR t.last_event_seq <> (SELECT max(seq) FROM tickets_ticketevent e WHERE e.ticket_id = t.id)"""
        ).fetchall()
        written = connection.execute("SELECT count(*) FROM tickets_ticket WHERE subject LIKE 'Пишу%'").fetchone()[0]
        blobs = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM core_blob")}
    assert odd == []
    assert before <= written <= after + 1
    files = copy.files()
    assert {path.rpartition("/")[2] for path in files} == blobs == set(files.values())


MOMENTS_OF_BACKUP = moments(["database.dump", "manifest.json.new"], "unfinished", "files.list", "files")


@pytest.mark.parametrize("moment", MOMENTS_OF_BACKUP)
def test_a_killed_backup_is_none_and_the_next_one_works(filled, tmp_path, moment):
    folder = tmp_path / "backup"
    killed = kill_when(begun(filled, "backup", folder), (folder / moment).exists)
    if not (folder / "manifest.json").exists():
        assert killed
        with pytest.raises(KeepingError, match=r"not finished"):
            manifests.read(folder)
        code, _, error = filled.run("backup", folder)
        assert code == 0, error
    assert manifests.read(folder).files == len(filled.files())
    held = {path.rpartition("/")[2] for path in contents(folder / "files")}
    assert held == {path.rpartition("/")[2] for path in filled.files()}


def moment_of_restore(name, place):
    """A question whether a restore has come so far."""
    if name == "marked":
        return (place.home / "restore.unfinished").exists
    if name == "files":
        return lambda: len(list((place.home / "files").glob("??/??/*"))) > 3
    word = {"tables": "CREATE%", "rows": "COPY%", "indexes": "ALTER%", "schema": "ANALYZE%"}[name]

    def seen():
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query ILIKE %s"
        return connection.execute(asked, [place.name, word]).fetchone()[0] > 0

    connection = place.connect()
    connection.execute("SELECT 1")
    return seen


@pytest.mark.parametrize("moment", moments(["files", "rows", "schema"], "marked", "tables", "indexes"))
def test_a_killed_restore_looks_like_nothing_and_goes_on_when_called_again(filled, kept, places, moment):
    place = places()
    kill_when(begun(place, "restore", kept[0]), moment_of_restore(moment, place))
    expected = without_heartbeats(filled.rows())
    if (place.home / "restore.unfinished").exists():
        assert place.run("user", "password", "alice")[0] == 1  # nobody works on half an installation
        assert "was interrupted: run helpdesk restore again" in one_line(place.run("worker")[2])
        assert without_heartbeats(place.rows()) in ({"sequences": []}, expected)
        code, _, error = place.run("restore", kept[0])
        assert code == 0, error
    assert without_heartbeats(place.rows()) == expected
    assert place.files() == filled.files()
    assert place.run("migrate", "--check")[0] == 0


def without_heartbeats(found):
    return {name: facts for name, facts in found.items() if name != "core_heartbeat"}


def test_an_interrupted_restore_wants_the_same_backup(kept, places, tmp_path):
    place = places()
    kill_when(begun(place, "restore", kept[0]), moment_of_restore("marked", place))
    other = shutil.copytree(kept[0], tmp_path / "other")
    manifest = manifests.read(other)
    object.__setattr__(manifest, "made_at", "2026-01-01T00:00:00+03:00")
    manifests.write(other, manifest)
    code, _, error = place.run("restore", other)
    assert code == 1
    assert "a restore of another backup" in one_line(error)


def test_an_embedded_database_is_restored_and_a_killed_restore_of_it_goes_on(filled, kept, places):
    place = places()
    alone = {"DATABASE_URL": ""}
    process = begun(place, "restore", kept[0], **alone)
    kill_when(process, (place.home / "restore.unfinished").exists)
    code, _, error = place.run("restore", kept[0], **alone)
    assert code == 0, error
    told = place.home / "rows"
    code = (
        "import os, pathlib, psycopg\n"
        "from helpdesk.config.cli.database import address\n"
        "from tests.config.keeping.places import rows\n"
        "with address(role='test') as url, psycopg.connect(url) as connection:\n"
        f"    pathlib.Path({str(told)!r}).write_text(repr(rows(connection, without=['core_heartbeat'])))\n"
    )
    environment = place.environment(**alone)
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=ROOT, check=True, timeout=120)
    with filled.connect() as connection:
        assert told.read_text() == repr(rows(connection, without=["core_heartbeat"]))
    assert place.files() == filled.files()


def test_a_killed_proof_is_cleared_away_by_the_next_one(filled, kept, tmp_path):
    def working():
        return any(tmp_path.glob("helpdesk-verify-*/postgres"))

    killed = kill_when(begun(filled, "verify", kept[0], TMPDIR=str(tmp_path), DATABASE_URL=""), working)
    assert killed and len(list(tmp_path.iterdir())) >= 1
    code, _, error = filled.run("verify", kept[0], TMPDIR=str(tmp_path), DATABASE_URL="")
    assert code == 0, error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_is_told_and_nothing_looks_whole(filled, kept, places, tmp_path, command):
    """No file may grow over some kilobytes; what the kernel says of it is like a full disk."""
    place = filled if command == "backup" else places()
    folder = tmp_path / "backup" if command == "backup" else kept[0]
    limited = ["/bin/sh", "-c", 'ulimit -f 60; exec "$@"', "sh", sys.executable, "-m", "helpdesk.config.cli"]
    done = subprocess.run([*limited, command, str(folder)], cwd=ROOT, capture_output=True, text=True, check=False,
                          env=place.environment(PYTHONDONTWRITEBYTECODE="1"), timeout=120)  # fmt: skip
    assert done.returncode == 1
    assert "no room" in one_line(done.stderr)
    if command == "backup":
        assert not folder.exists()
        return
    assert place.rows() == {"sequences": []}
    code, _, error = place.run("restore", folder)
    assert code == 0, error


def test_two_backups_never_share_a_folder(filled, tmp_path):
    folder = tmp_path / "backup"
    first = begun(filled, "backup", folder)
    while first.poll() is None and not (folder / "database.dump").exists():
        time.sleep(0.001)
    code, _, error = filled.run("backup", folder)
    assert code == 1
    assert "another backup is being made" in error or "holds a backup already" in error
    assert first.wait(60) == 0
    assert manifests.read(folder).files == len(filled.files())


def test_a_dump_is_read_by_older_servers_too():
    import io

    source, target = io.BytesIO(b"SET a = 0;\nSET transaction_timeout = 0;\nSET b = 0;\n"), io.BytesIO()
    dump._pour(source, target, 15)
    assert target.getvalue() == b"BEGIN;\nSET a = 0;\nSET b = 0;\n"

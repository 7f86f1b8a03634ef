"""Backup and restore make no difference: every row of every table, every file; and what the commands promise."""

import hashlib
import json
import re
import shutil
import stat
from ipaddress import ip_network

import pytest
from django.utils import translation

from helpdesk.config.keeping import last, whole
from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import KeepingError
from tests.config.keeping.places import contents

pytestmark = pytest.mark.e2e

LATEST = "notices", "0001"  # its next step is undone for a backup of an older version


@pytest.fixture
def copied(kept, tmp_path):
    """A backup that may be spoilt."""
    return shutil.copytree(kept[0], tmp_path / "copy")


def changed(folder, **facts):
    """Have the manifest say something else, properly."""
    manifest = manifests.read(folder)
    for name, value in facts.items():
        object.__setattr__(manifest, name, value)
    manifests.write(folder, manifest)


def one_line(error):
    """What a failure says beside its steps."""
    said = [line for line in error.splitlines() if line.startswith("helpdesk: ")]
    assert len(said) == 1, error
    assert "Traceback" not in error
    return said[0]


def test_a_restored_installation_is_the_same_row_by_row_and_file_by_file(filled, kept, places):
    empty = places()
    code, out, error = empty.run("restore", kept[0])
    assert code == 0, error
    assert out.startswith("Restored the backup of ")
    before, after = filled.rows(), empty.rows()
    assert before["tickets_ticket"][0] == 12 and before["django_session"][0] == 1
    # when the backup was made is written after it
    assert [name for name in before | after if before.get(name) != after.get(name)] in ([], ["core_heartbeat"])
    assert len(filled.files()) > 20
    assert empty.files() == filled.files()
    assert empty.run("migrate", "--check")[0] == 0
    assert not (empty.home / "restore.unfinished").exists()
    assert one_line(empty.run("restore", kept[0])[2]).startswith("helpdesk: the database is not empty")


def test_a_backup_is_for_its_owner_alone_and_says_what_it_holds(filled, kept):
    folder, out, error = kept
    assert f"is in {folder}" in out and "Saving the database" in error
    for path in [folder, *folder.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    rows = filled.rows()
    assert {name: rows[name][0] for name in manifest["tables"] if name != "core_heartbeat"} == {
        name: count for name, count in manifest["tables"].items() if name != "core_heartbeat"
    }
    assert manifest["tables"].keys() == rows.keys() - {"sequences"}
    dump = (folder / "database.dump").read_bytes()
    assert manifest["parts"]["database.dump"] == {"sha256": hashlib.sha256(dump).hexdigest(), "size": len(dump)}
    assert manifest["files"] == len(filled.files()) and manifest["lost"] == []
    assert sorted(path.name for path in folder.iterdir()) == ["database.dump", "files", "files.list", "manifest.json"]


def test_verify_proves_a_backup_and_leaves_nothing(kept, places, tmp_path):
    before = contents(kept[0])
    place = places()
    code, out, error = place.run("verify", kept[0], TMPDIR=str(tmp_path), DATABASE_URL="")
    assert code == 0, error
    assert out.startswith("The backup of ") and "no difference" in out
    assert list(tmp_path.iterdir()) == [] == list(place.home.iterdir())
    assert contents(kept[0]) == before


SPOILT = {
    "a file": "files/", "the dump": "database.dump", "the list": "files.list", "the manifest": "manifest.json",
}  # fmt: skip


def spoil(folder, what, how):
    """Damage one part of a backup; its path."""
    path = next(path for path in sorted(folder.rglob("*")) if path.is_file() and SPOILT[what] in str(path)
                and path.stat().st_size)  # fmt: skip
    raw = path.read_bytes()
    spoilt = bytearray(raw)
    spoilt[len(raw) // 2] ^= 1
    path.write_bytes(bytes(spoilt) if how == "changed" else raw[:-1])
    if how == "gone":
        path.unlink()
    return path


@pytest.mark.parametrize("what", SPOILT)
@pytest.mark.parametrize("how", ["changed", "shorter", "gone"])
def test_a_damaged_part_is_named(copied, what, how):
    path = spoil(copied, what, how)
    with pytest.raises(KeepingError, match=re.escape(path.name)):
        whole.see(copied, say=print)


def test_a_damaged_backup_touches_nothing(copied, places):
    path = spoil(copied, "a file", "changed")
    empty = places()
    for command in ("restore", "verify"):
        code, out, error = empty.run(command, copied)
        assert (code, out) == (1, "")
        assert path.name in one_line(error)
    assert empty.rows() == {"sequences": []}
    assert list(empty.home.iterdir()) == []


def test_what_is_no_backup_is_said_to_be_none(places, tmp_path):
    empty = places()
    (tmp_path / "empty").mkdir()
    for command, folder, words in (("restore", "absent", "does not exist"), ("verify", "empty", "is no backup")):
        code, out, error = empty.run(command, tmp_path / folder)
        assert (code, out) == (1, "")
        assert words in one_line(error)
    assert empty.run("backup")[0] == 2


def test_a_manifest_that_tells_other_counts_is_found_out(copied, places):
    manifest = manifests.read(copied)
    changed(copied, tables={**manifest.tables, "tickets_article": 3})
    code, _, error = places().run("verify", copied)
    assert code == 1
    assert "the table tickets_article has 36 instead of 3" in one_line(error)


def test_a_backup_of_a_newer_version_is_refused(copied, places):
    manifest = manifests.read(copied)
    changed(copied, migrations=[*manifest.migrations, "tickets.9999_of_tomorrow"], product="99.1")
    empty = places()
    code, _, error = empty.run("restore", copied)
    assert code == 1
    assert "newer HelpDesk (99.1" in one_line(error) and "9999_of_tomorrow" in error
    assert empty.rows() == {"sequences": []}
    changed(copied, format=2)
    assert "newer HelpDesk (format 2)" in one_line(empty.run("restore", copied)[2])


def test_a_backup_of_an_older_version_is_brought_up_to_date(filled, places, tmp_path):
    old = places(filled)
    old.python(
        "from helpdesk.config.cli.database import joined\n"
        "with joined():\n"
        "    from django.core.management import call_command\n"
        f"    call_command('migrate', *{LATEST}, verbosity=0)"
    )
    assert old.run("migrate", "--check")[0] == 1
    code, _, error = old.run("backup", tmp_path / "old")
    assert code == 0, error
    new = places()
    code, out, error = new.run("restore", tmp_path / "old")
    assert code == 0, error
    assert "brought up to date by " in out
    assert new.run("migrate", "--check")[0] == 0
    before, after = filled.rows(), new.rows()
    for name in ("tickets_ticket", "tickets_article", "mail_outgoingletter", "accounts_person", "core_blob"):
        assert before[name] == after[name]


def test_an_installation_that_holds_anything_is_refused(kept, places, filled):
    migrated = places("migrated")
    code, _, error = migrated.run("restore", kept[0])
    assert code == 1
    assert "the database is not empty" in one_line(error)
    assert migrated.files() == {}
    with_files = places()
    (with_files.home / "files" / "ab" / "cd").mkdir(parents=True)
    (with_files.home / "files" / "ab" / "cd" / ("ab" * 32)).write_bytes(b"x")
    code, _, error = with_files.run("restore", kept[0])
    assert code == 1
    assert "there are files already" in one_line(error)
    assert with_files.rows() == {"sequences": []}


def test_a_backup_goes_into_a_new_or_empty_folder_only(filled, kept, tmp_path):
    code, _, error = filled.run("backup", kept[0])
    assert (code, "holds a backup already" in one_line(error)) == (1, True)
    (tmp_path / "mine.txt").write_text("mine")
    code, _, error = filled.run("backup", tmp_path)
    assert (code, "is not empty" in one_line(error)) == (1, True)
    code, _, error = filled.run("backup", tmp_path / "mine.txt")
    assert (code, "is no folder" in one_line(error)) == (1, True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
    (tmp_path / "disk" / "lost+found").mkdir(parents=True)  # an empty disk
    assert filled.run("backup", tmp_path / "disk")[0] == 0


def test_contents_that_the_installation_has_lost_are_told_and_the_rest_is_kept(filled, places, tmp_path):
    hurt = places(filled)
    files = sorted(path for path in (hurt.home / "files").rglob("*") if path.is_file())
    gone, spoilt = [path for path in files if path.stat().st_size][:2]
    gone.unlink()
    spoilt.write_bytes(b"x" + spoilt.read_bytes()[1:])
    code, out, error = hurt.run("backup", tmp_path / "b")
    assert code == 1
    assert "is in" in out and "2 of the installation's own files are lost" in one_line(error)
    assert sorted(manifests.read(tmp_path / "b").lost) == sorted([gone.name, spoilt.name])
    new = places()
    assert new.run("restore", tmp_path / "b")[0] == 0
    assert len(new.files()) == len(filled.files()) - 2


def test_an_unreachable_database_is_one_clear_line(places, tmp_path):
    place = places()
    code, _, error = place.run("backup", tmp_path / "b")
    assert (code, "the database is empty" in one_line(error)) == (1, True)
    assert not (tmp_path / "b").exists()
    code, _, error = place.run("backup", tmp_path / "b", DATABASE_URL="postgresql://x:secret@127.0.0.1:1/none")
    assert code == 1
    assert "secret" not in one_line(error)
    assert not (tmp_path / "b").exists()


def test_no_file_is_collected_while_a_backup_reads_them_all(db):
    import psycopg
    from django.db import connection

    from helpdesk.automation import blobs
    from helpdesk.core import clock, files

    info = connection.connection.info
    with psycopg.connect(info.dsn, dbname=info.dbname, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock_shared(%s)", [files.COLLECTING])
        with blobs._nobody_reads_all() as free:
            assert not free
        assert blobs.collect(clock.now()) == (0, 0)
        other.execute("SELECT pg_advisory_unlock_shared(%s)", [files.COLLECTING])
    with blobs._nobody_reads_all() as free:
        assert free


def test_when_the_last_backup_was_made_is_known(db):
    assert last.age() is None
    last.note()
    assert last.age().total_seconds() < 60


def test_the_doctor_and_the_figures_tell_of_the_last_backup(db, client, settings):
    from django.db import connection

    from helpdesk.config.health import doctor

    def told():
        settings.METRICS_ALLOW = [ip_network("127.0.0.1")]
        text = client.get("/metrics").content.decode()
        return [line for line in text.splitlines() if line.startswith("helpdesk_backup_age_seconds ")]

    def found():
        with translation.override("en"):
            return [finding.wrong for finding in dict(doctor.examine())["backup"]]

    assert found() == told() == []  # others may copy the whole machine
    last.note()
    assert (found(), len(told())) == ([], 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_heartbeat SET at = at - interval '9 days' WHERE name = 'backup'")
    assert found() == ["the last backup was made 9 days ago"]

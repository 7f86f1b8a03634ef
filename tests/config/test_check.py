"""`helpdesk check` before there is a database, before its schema, and with settings that mislead: one cause, one finding."""

import os

import psycopg
import pytest

from tests import programs
from tests.config.checking import MIGRATED, check, database

pytestmark = pytest.mark.e2e

SECRET = {"HELPDESK_SECRET_KEY": "k" * 40}


def wrong(done):
    """What is said to be wrong, in order."""
    assert (done.returncode, done.stderr) == (1, ""), done.stderr
    return [line.removeprefix("WRONG  ") for line in done.stdout.splitlines() if line.startswith("WRONG")]


def test_a_fresh_installation_lacks_a_database_and_gets_nothing_from_looking(tmp_path):
    home, files = tmp_path / "a" / "var", tmp_path / "b" / "files"
    done = check(HELPDESK_DATA=str(home), HELPDESK_FILES_URL=files.as_uri())
    assert wrong(done) == ["database: there is no database yet"]
    assert "To mend it: run helpdesk migrate" in done.stdout
    assert "Not looked at before that is mended: migrations, clock, worker, letters laid aside, backup." in done.stdout
    for name in ("settings", "folders", "mail server"):
        assert f"ok     {name}" in done.stdout
    assert done.stdout.strip().endswith("1 wrong.")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_nobody_can_make_is_told_before_it_is_needed(tmp_path):
    (tmp_path / "file").write_text("a file, no folder")
    done = check(HELPDESK_DATA=str(tmp_path / "new"), HELPDESK_FILES_URL=(tmp_path / "file" / "files").as_uri())
    assert wrong(done)[1] == f"folders: {tmp_path}/file/files cannot be written (Not a directory)"


def test_an_empty_database_lacks_its_schema_and_nothing_else(tmp_path):
    with database("empty", "template template0") as url:
        done = check(DATABASE_URL=url, HELPDESK_DATA=str(tmp_path / "var"), **SECRET)
        with psycopg.connect(url) as looking:
            tables = looking.execute("select count(*) from pg_class where relnamespace = 'public'::regnamespace")
            assert tables.fetchone() == (0,)
    assert wrong(done) == ["migrations: the schema is not there yet"]
    assert "To mend it: run helpdesk migrate.\n" in done.stdout
    assert "Not looked at before that is mended: worker, letters laid aside, backup." in done.stdout
    assert "ok     clock" in done.stdout
    assert not (tmp_path / "var").exists()


def test_a_schema_behind_hides_what_lies_in_it(tmp_path):
    with database("behind", MIGRATED) as url:
        with psycopg.connect(url) as older:
            older.execute("drop table core_heartbeat cascade")
            older.execute("delete from django_migrations where app = 'core' and name = '0001_initial'")
        done = check(DATABASE_URL=url, HELPDESK_DATA=str(tmp_path), **SECRET)
    assert wrong(done) == ["migrations: the schema is 1 step behind (core.0001_initial …)"]
    assert "Not looked at before that is mended: worker, letters laid aside, backup." in done.stdout


def test_a_table_that_is_gone_is_no_silence_of_the_database(tmp_path):
    with database("gone", MIGRATED) as url:
        with psycopg.connect(url) as older:
            older.execute("drop table core_heartbeat cascade")
        done = check(DATABASE_URL=url, HELPDESK_DATA=str(tmp_path), **SECRET)
    assert [line.partition(" relation")[0] for line in wrong(done)] == [
        "worker: the database refuses to tell:", "backup: the database refuses to tell:",
    ]  # fmt: skip
    assert "does not answer" not in done.stdout


def test_a_database_that_does_not_answer_hides_all_of_it(tmp_path):
    done = check(DATABASE_URL="postgresql://nobody@127.0.0.1:1/nothing", HELPDESK_DATA=str(tmp_path), **SECRET)
    [line] = wrong(done)
    assert line.startswith("database: the database does not answer:")
    assert "Not looked at before that is mended: migrations, clock, worker, letters laid aside, backup." in done.stdout


def test_a_data_folder_that_is_a_file_is_told_once_and_the_settings_are_not_said_to_be_well(tmp_path):
    (tmp_path / "data").write_text("a file, no folder")
    done = check(HELPDESK_DATA=str(tmp_path / "data"))
    assert wrong(done) == [f"settings: HELPDESK_DATA='{tmp_path}/data' cannot be used"]
    assert "To mend it: accepted is a folder of this user; its secret.key cannot be read or made (Not a" in done.stdout
    assert "ok     settings" not in done.stdout
    assert "Not looked at before that is mended: database, migrations, folders, clock, worker" in done.stdout


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("HELPDESK_EMAIL_URL", "mail server"),
        ("HELPDESK_FILES_URL", "folders"),
        ("HELPDESK_DATA", "database, migrations, folders, clock, worker, letters laid aside, backup"),
        ("DATABASE_URL", "database, migrations, clock, worker, letters laid aside, backup"),
        ("HELPDESK_POSTGRES_BIN", "database, migrations, clock, worker, letters laid aside, backup"),
    ],
)
def test_a_file_of_a_setting_that_cannot_be_read_is_one_sentence(tmp_path, name, hidden):
    with database("whole", MIGRATED) as url:
        given = {"HELPDESK_DATA": str(tmp_path / "var"), **SECRET, f"{name}_FILE": "/nonexist"}
        if name not in {"DATABASE_URL", "HELPDESK_DATA", "HELPDESK_POSTGRES_BIN"}:
            given["DATABASE_URL"] = url
        given.pop(name, None)
        done = check(**given)
    assert wrong(done)[0] == f"settings: {name}_FILE='/nonexist' cannot be used"
    assert "To mend it: accepted is a text file that this user can read (No such file or directory).\n" in done.stdout
    assert "ok     settings" not in done.stdout
    assert f"Not looked at before that is mended: {hidden}." in done.stdout
    assert not (tmp_path / "var").exists()


def test_a_setting_in_a_file_of_other_octets_is_told_as_well(tmp_path):
    (tmp_path / "octets").write_bytes(b"\xff\xfe")
    done = check(HELPDESK_DATA=str(tmp_path / "var"), HELPDESK_URL_FILE=str(tmp_path / "octets"))
    assert wrong(done)[0] == f"settings: HELPDESK_URL_FILE='{tmp_path}/octets' cannot be used"
    assert "that this user can read (it is no text).\n" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("mail", "receive"), 75), (("mail", "send", "--once"), 1), (("setting", "list"), 1), (("backup", "b"), 1)],
)
def test_a_command_in_a_mistyped_folder_makes_no_installation(tmp_path, arguments, code):
    folder = tmp_path / "mistyped"
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HELPDESK_", "DJANGO_", "DATABASE_"))}
    done = programs.run(
        [*programs.CLI, *arguments],
        env={**kept, "HELPDESK_DATA": str(folder)},
        text=True,
        input="From: a@b.example\n\nx",
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert f"There is no installation in {folder}" in done.stderr and "Traceback" not in done.stderr
    assert not folder.exists()

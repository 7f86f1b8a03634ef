"""`helpdesk mail …` as a mail server and an operator run it: processes, some of them started from nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from helpdesk.core import files
from helpdesk.mail import ingest
from helpdesk.mail.models import RawLetter
from helpdesk.mail.options import LETTERS_OF_STRANGERS
from tests import programs
from tests.mail.conftest import letter, make_world

pytestmark = pytest.mark.e2e


def run(*arguments, octets=b"", database=None, from_nothing=False, **environment):
    env = {
        **os.environ,
        "HELPDESK_SECRET_KEY": "only-for-tests",
        "DJANGO_SETTINGS_MODULE": "helpdesk.config.settings",
        **environment,
    }
    env["DATABASE_URL"] = database or ""
    command = [*programs.CLI, "mail", *arguments]
    if from_nothing:
        return subprocess.run(
            [sys.executable, *command], input=octets, env=env, capture_output=True, timeout=120, check=False
        )
    return programs.run(command, input=octets, env=env)


def lines(done):
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


@pytest.fixture
def real(transactional_db, tmp_path):
    """The test database as another process reaches it."""
    make_world()
    found = connection.settings_dict
    secret = f":{found['PASSWORD']}" if found["PASSWORD"] else ""
    query = f"host={found['HOST']}" + (f"&port={found['PORT']}" if found["PORT"] else "")
    return {
        "database": f"postgresql://{found['USER']}{secret}@/{found['NAME']}?{query}",
        "HELPDESK_DATA": str(tmp_path / "var"),
        "HELPDESK_EMAIL_URL": "",
    }


NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@pytest.mark.parametrize(
    "arguments", [["--bogus"], ["extra"], ["--mailbox"], ["--dir"], ["--mailbox", "a@b.c", "x"]], ids=str
)
def test_wrong_usage_of_receive_makes_the_mail_server_keep_the_letter(arguments):
    done = run("receive", *arguments, octets=letter(), database=NOWHERE)
    assert done.returncode == 75
    assert done.stdout == b""
    assert b"helpdesk mail receive" in done.stderr
    assert b"Traceback" not in done.stderr


def test_receive_without_a_database_makes_the_mail_server_keep_the_letter(tmp_path):
    done = run("receive", octets=letter(), database=NOWHERE, from_nothing=True, HELPDESK_DATA=str(tmp_path))
    assert done.returncode == 75
    assert done.stdout == b""
    assert b"Traceback" not in done.stderr
    wrong = run("receive", octets=letter(), database="nonsense", HELPDESK_DATA=str(tmp_path))
    assert wrong.returncode == 75


def test_wrong_usage_elsewhere_is_two():
    assert run("parse", database=NOWHERE).returncode == 2
    assert run(database=NOWHERE).returncode == 2


def test_parse_needs_neither_database_nor_settings(tmp_path):
    good, empty = tmp_path / "a.eml", tmp_path / "b.eml"
    good.write_bytes(letter(subject="Тема", files=[("а.pdf", b"1")]))
    empty.write_bytes(b"")
    done = run(
        "parse",
        str(good),
        str(empty),
        str(tmp_path / "absent"),
        HELPDESK_DATA="/dev/null/x",
        HELPDESK_MAX_FILE_MB="wrong",
        from_nothing=True,
    )
    first, second, third = lines(done)
    assert first["ok"]
    assert first["subject"] == "Тема"
    assert first["attachments"][0]["filename"] == "а.pdf"
    assert (second["ok"], third["ok"]) == (False, False)
    assert third["reason"]
    assert done.stderr == b""


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_receive_prints_the_contracts_line(real):
    done = run("receive", "--mailbox", "support@example.com", octets=letter(), from_nothing=True, **real)
    assert done.returncode == 0, done.stderr.decode()
    (line,) = lines(done)
    assert list(line) == ["file", "trust", "outcome", "ticket", "article", "reason"]
    assert (line["file"], line["trust"], line["outcome"], line["ticket"], line["reason"]) == (
        None, "unknown", "new_ticket", "100001", None,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_receive_takes_a_folder_in_name_order(real, tmp_path):
    folder = tmp_path / "letters"
    (folder / "sub").mkdir(parents=True)
    for name in ("2.eml", "10.eml", "1.eml"):
        (folder / name).write_bytes(letter(subject=name))
    (folder / "3.eml").write_bytes(letter(subject="1.eml"))
    done = run("receive", "--dir", str(folder), **real)
    found = lines(done)
    assert [Path(one["file"]).name for one in found] == ["1.eml", "10.eml", "2.eml", "3.eml"]
    assert [one["outcome"] for one in found] == ["new_ticket"] * 3 + ["duplicate"]
    assert run("receive", "--dir", str(tmp_path / "absent"), **real).returncode == 75


def test_an_empty_letter_is_kept_and_laid_aside_until_somebody_has_looked(real, settings):
    settings.FILES_URL = (Path(real["HELPDESK_DATA"]) / "files").as_uri()
    for octets in (b"", b"", b"\r\n \r\n"):
        done = run("receive", octets=octets, **real)
        assert (done.returncode, done.stderr.count(b"Traceback")) == (0, 0)
        [line] = lines(done)
        assert (line["outcome"], line["ticket"], line["reason"]) == (
            "quarantined", None, "empty: nothing stands in the letter",
        )  # fmt: skip
    assert sorted(files.read(row.blob_id) for row in RawLetter.objects.all()) == [b"", b"\r\n \r\n"]
    assert len(lines(run("parked", **real))) == 2
    assert [line["outcome"] for line in lines(run("parked", "--release", "all", **real))] == ["ignored", "ignored"]
    assert lines(run("parked", **real)) == []
    assert lines(run("receive", octets=b"", **real))[0]["outcome"] == "duplicate"
    assert run("receive", octets=letter(), **real).returncode == 0


def test_each_file_of_a_folder_has_its_line_and_one_that_failed_makes_the_mail_server_keep_them(real, tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    (folder / "1.eml").write_bytes(letter(subject="1"))
    (folder / "2.eml").write_bytes(b"")
    assert run("receive", "--dir", str(folder), **real).returncode == 0
    with (folder / "3.eml").open("wb") as huge:
        huge.truncate(ingest.LARGEST + 1)  # a hole: no octet of it is written
        huge.seek(0)
        huge.write(b"Subject: huge")
    (folder / "4.eml").write_bytes(letter(subject="4"))
    done = run("receive", "--dir", str(folder), **real)
    assert done.returncode == 75
    assert b"3.eml: TooLargeError" in done.stderr
    found = lines(done)
    assert [(Path(one["file"]).name, one["outcome"]) for one in found] == [
        ("1.eml", "duplicate"), ("2.eml", "quarantined"), ("3.eml", None), ("4.eml", "new_ticket"),
    ]  # fmt: skip
    assert list(found[2]) == list(found[3])
    assert found[2]["reason"].startswith("not stored: TooLargeError: a letter of ")


def test_each_file_of_a_folder_has_its_line_without_a_database_too(tmp_path):
    folder = tmp_path / "letters"
    folder.mkdir()
    for name in ("1.eml", "2.eml"):
        (folder / name).write_bytes(letter(subject=name))
    for database in (NOWHERE, "nonsense"):
        done = run("receive", "--dir", str(folder), database=database, HELPDESK_DATA=str(tmp_path / "var"))
        assert done.returncode == 75
        found = lines(done)
        assert [(Path(one["file"]).name, one["outcome"]) for one in found] == [("1.eml", None), ("2.eml", None)]
        assert all(one["reason"].startswith("not stored: ") for one in found)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_send_says_what_it_did(real, sink):
    run("receive", octets=letter(), **real)
    without = run("send", "--once", **real)
    assert without.returncode == 1
    assert b"HELPDESK_EMAIL_URL" in without.stderr
    done = run("send", "--once", **{**real, "HELPDESK_EMAIL_URL": sink.url})
    assert done.returncode == 0
    assert done.stdout == b"sent 2, failed 0, postponed 0\n"
    assert len(sink.taken) == 2


def test_letters_laid_aside_are_listed_and_let_pass(real):
    LETTERS_OF_STRANGERS.set(1)
    for n in range(3):
        done = run("receive", octets=letter(sender=f"s{n}@flood.example", message_id=f"<{n}@flood.example>"), **real)
        assert done.returncode == 0, done.stderr
    aside = lines(run("parked", **real))
    assert len(aside) == 2
    assert all(line["reason"].startswith("flood") for line in aside)
    assert lines(run("parked", "--release", str(aside[0]["id"]), **real))[0]["outcome"] == "new_ticket"
    assert [line["outcome"] for line in lines(run("parked", "--release", "all", **real))] == ["new_ticket"]
    assert lines(run("parked", **real)) == []
    assert run("parked", "--release", str(aside[0]["id"]), **real).returncode == 1
    assert run("parked", "--release", "x", **real).returncode == 2

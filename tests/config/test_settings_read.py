"""What the environment may say: empty counts as unset, files hold values, wrong ones are named."""

import os
import stat
import subprocess
import sys

import pytest

from helpdesk.config import address, env
from helpdesk.core import files
from tests import programs
from tests.config.checking import check

SHOW = "from helpdesk.config import settings as s; print(s.PUBLIC_URL, s.TIME_ZONE, s.LANGUAGE_CODE, s.FILES_URL)"


def read(tmp_path, **given):
    kept = {k: v for k, v in os.environ.items() if k != "PORT" and not k.startswith("HELPDESK_")}
    environment = {**kept, "HELPDESK_DATA": str(tmp_path), **given}
    return programs.run(["-c", SHOW], env=environment, text=True)


def test_empty_variables_count_as_unset(tmp_path):
    done = read(tmp_path, PORT="", HELPDESK_URL="", HELPDESK_TIME_ZONE="", HELPDESK_LANGUAGE="", HELPDESK_FILES_URL="")
    assert done.stdout.split() == ["http://127.0.0.1:8000", "Europe/Moscow", "ru", (tmp_path / "files").as_uri()]


def test_empty_variable_falls_through_to_its_file(tmp_path):
    for name, value in {"url": "https://help.example.org/", "zone": "Asia/Omsk", "language": "en"}.items():
        (tmp_path / name).write_text(f"{value}\n")
    done = read(
        tmp_path,
        HELPDESK_URL="",
        HELPDESK_URL_FILE=str(tmp_path / "url"),
        HELPDESK_TIME_ZONE="",
        HELPDESK_TIME_ZONE_FILE=str(tmp_path / "zone"),
        HELPDESK_LANGUAGE_FILE=str(tmp_path / "language"),
    )
    assert done.stdout.split()[:3] == ["https://help.example.org", "Asia/Omsk", "en"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELPDESK_FILES_URL", "file://host/files"),
        ("HELPDESK_FILES_URL", "/files"),
        ("HELPDESK_TIME_ZONE", "Foo/Bar"),
        ("PORT", "abc"),
    ],
)
def test_wrong_setting_is_named_with_value_and_accepted(tmp_path, name, value):
    done = read(tmp_path, **{name: value})
    assert done.returncode
    assert f"SettingError: {name}={value!r}: accepted is" in done.stderr.splitlines()[-1]


def test_address_of_a_bucket_is_taken_and_a_wrong_one_named_without_its_secret(tmp_path):
    url = "s3://key:geheim@bucket/files?endpoint=https://s3.example.org"
    assert read(tmp_path, HELPDESK_FILES_URL=url).stdout.split()[-1] == url
    done = read(tmp_path, HELPDESK_FILES_URL=url.replace("endpoint", "end"))
    assert "SettingError: HELPDESK_FILES_URL='s3://…': accepted is file:///" in done.stderr.splitlines()[-1]
    assert "geheim" not in done.stderr.splitlines()[-1]


def test_collecting_takes_the_default_and_names_each_once(monkeypatch):
    monkeypatch.setenv("PORT", "abc")
    monkeypatch.setenv("HELPDESK_TIME_ZONE", "Foo/Bar")
    with env.collecting() as problems:
        assert env.whole("PORT", 8000) == env.whole("PORT", 8000) == 8000
        assert env.zone("HELPDESK_TIME_ZONE", "Europe/Moscow") == "Europe/Moscow"
    assert [str(problem).split("=")[0] for problem in problems] == ["PORT", "HELPDESK_TIME_ZONE"]


def test_address_of_whoever_serves_is_used_by_others(tmp_path):
    address.publish(tmp_path, "http://127.0.0.1:39627")
    assert read(tmp_path).stdout.split()[0] == "http://127.0.0.1:39627"
    assert read(tmp_path, PORT="9000").stdout.split()[0] == "http://127.0.0.1:9000"
    address.withdraw(tmp_path)
    assert read(tmp_path).stdout.split()[0] == "http://127.0.0.1:8000"


def test_files_are_for_the_servers_user_alone(tmp_path, settings):
    settings.FILES_URL = (tmp_path / "files").as_uri()
    path = files.path_of(files.store(b"content").sha256)
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "files").rglob("*") if p.is_dir()} == {0o700}
    assert path.stat().st_uid == tmp_path.stat().st_uid


@pytest.mark.django_db
def test_check_goes_on_past_wrong_settings_and_other_commands_say_one_line(tmp_path):
    from django.conf import settings

    base = settings.DATABASES["default"]
    query = f"?host={base['HOST']}&port={base['PORT']}"
    url = f"postgresql://{base['USER']}:{base['PASSWORD']}@/{base['NAME']}{query}"
    given = {"DATABASE_URL": url, "HELPDESK_DATA": str(tmp_path), "HELPDESK_TIME_ZONE": "Foo/Bar", "PORT": "abc"}
    environment = {**os.environ, **given}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    done = programs.run([*programs.CLI, "check"], env=environment, text=True)
    assert done.returncode == 1
    assert "HELPDESK_TIME_ZONE='Foo/Bar' cannot be used" in done.stdout
    assert "PORT='abc' cannot be used" in done.stdout
    assert "folders" in done.stdout
    command = [sys.executable, *programs.CLI, "migrate"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert done.stderr.startswith("helpdesk: PORT='abc': accepted is")


WRONG_ADDRESSES = [
    "mysql://u:geheim@h/n",
    "u:geheim@h/n",
    "postgresql://u:geheim@h:port/n",
    "postgresql://u:geheim@[::1/n",
    "postgresql://u:geheim@h/n?sslmod=require",
    "postgresql://u:geheim@h/n?novalue",
]


@pytest.mark.parametrize("url", WRONG_ADDRESSES)
def test_wrong_database_address_is_named_without_its_password(tmp_path, url):
    done = read(tmp_path, DATABASE_URL=url)
    line = done.stderr.splitlines()[-1]
    assert "SettingError: DATABASE_URL=" in line
    assert "accepted is postgresql://" in line
    assert "geheim" not in line


@pytest.mark.parametrize("url", WRONG_ADDRESSES)
def test_check_names_a_wrong_database_address_and_examines_the_rest(tmp_path, url):
    done = check(HELPDESK_DATA=str(tmp_path), DATABASE_URL=url, HELPDESK_THREADS="x", HELPDESK_PROCESSES="0",
                 HELPDESK_URL="http://[::1", HELPDESK_EMAIL_URL="smtp://mail:port")  # fmt: skip
    assert (done.returncode, done.stderr) == (1, "")
    said = done.stdout
    assert "geheim" not in said
    assert "WRONG  settings: DATABASE_URL=" in said
    assert "To mend it: accepted is postgresql://" in said
    for name in ("HELPDESK_THREADS='x'", "HELPDESK_PROCESSES='0'", "HELPDESK_URL='http://[::1' is no address",
                 "HELPDESK_EMAIL_URL is no mail server's address", "ok     folders"):  # fmt: skip
        assert name in said
    assert said.strip().endswith("5 wrong.")


def test_check_goes_on_where_the_embedded_database_cannot_be_had(tmp_path):
    done = check(HELPDESK_DATA=str(tmp_path / "new"), HELPDESK_POSTGRES_BIN=str(tmp_path))
    assert (done.returncode, done.stderr) == (1, ""), done.stderr
    assert f"WRONG  database: HELPDESK_POSTGRES_BIN='{tmp_path}' holds no working postgres" in done.stdout
    assert "ok     mail server" in done.stdout


def test_address_left_by_a_killed_server_misleads_nobody(tmp_path):
    publish = (
        "import sys, time; from pathlib import Path; from helpdesk.config import address; "
        "address.publish(Path(sys.argv[1]), 'http://127.0.0.1:39627'); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", publish, str(tmp_path)], stdout=subprocess.PIPE) as server:
        assert server.stdout.readline() == b"up\n"
        assert read(tmp_path).stdout.split()[0] == "http://127.0.0.1:39627"
        server.kill()
    assert (tmp_path / "served.url").exists()
    assert read(tmp_path).stdout.split()[0] == "http://127.0.0.1:8000"
    address.publish(tmp_path, "http://127.0.0.1:9000")  # the next one takes its place
    assert read(tmp_path).stdout.split()[0] == "http://127.0.0.1:9000"
    address.withdraw(tmp_path)
    assert not (tmp_path / "served.url").exists()

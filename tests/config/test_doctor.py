"""What the doctor finds wrong with a server, by real ones: a database without an extension, mail servers that refuse."""

import logging
import shutil
import ssl
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.db import connection
from django.utils import translation

from helpdesk.config.health import doctor
from tests.config.checking import MIGRATED, check, database
from tests.mail.conftest import KEYS, free_port

pytestmark = pytest.mark.e2e


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@contextmanager
def answering(name, result, body):
    """Within the block the database's own `name` answers otherwise; all else is the real one."""
    with connection.cursor() as cursor:
        cursor.execute("create schema another")
        cursor.execute(f"create {name.format('another.')} {result} {body}")
        cursor.execute("set local search_path = another, pg_catalog, public")
        yield
        cursor.execute("set local search_path to default")
        cursor.execute("drop schema another cascade")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("away", "words"),
    [
        ("60", "this machine's clock is 60 s behind the database's"),
        ("-60", "this machine's clock is 60 s ahead of the database's"),
        ("7", "this machine's clock is 7 s behind the database's"),
        ("3", ""),
        ("-3", ""),
    ],
)
def test_clocks_that_differ_by_more_than_five_seconds(away, words):
    body = f"as $$ select pg_catalog.clock_timestamp() + interval '{away} seconds' $$"
    with answering("function {}clock_timestamp()", "returns timestamptz language sql", body):
        found = list(doctor._clock())
    assert [finding.wrong for finding in found] == ([words] if words else [])
    assert all("NTP" in finding.cure for finding in found)


@pytest.mark.django_db
@pytest.mark.parametrize(("version", "words"), [("140018", "the database is PostgreSQL 14"), ("150000", "")])
def test_a_server_too_old(version, words):
    body = (
        "as $$ select case $1 when 'server_version_num'"
        f" then '{version}' else pg_catalog.current_setting($1) end $$"
    )  # fmt: skip
    with answering("function {}current_setting(text)", "returns text language sql", body):
        found = dict(doctor.examine())["database"]
    assert [finding.wrong for finding in found] == ([words] if words else [])
    assert all("PostgreSQL 15 or newer" in finding.cure for finding in found)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["pg_trgm", "btree_gin"])
def test_an_extension_that_somebody_removed(name):
    with connection.cursor() as cursor:
        cursor.execute(f"drop extension {name} cascade")
    [finding] = dict(doctor.examine())["database"]
    assert finding.wrong == f"the extension {name} is missing"
    assert finding.cure == f'as the database\'s administrator: CREATE EXTENSION "{name}"'
    with answering("view {}pg_available_extensions", "as", "select 'plpgsql'::name as name"):
        [finding] = dict(doctor.examine())["database"]
    assert finding.cure.startswith("install postgresql-contrib")


@pytest.mark.django_db
def test_extensions_that_migrate_cannot_make_are_told_before_it_fails():
    with connection.cursor() as cursor:
        cursor.execute("drop extension pg_trgm cascade")
        cursor.execute("drop extension btree_gin cascade")
        cursor.execute("alter table django_migrations rename to nobodys")
        assert list(doctor._database()) == []
        with answering("view {}pg_available_extensions", "as", "select 'plpgsql'::name as name"):
            assert len(list(doctor._database())) == 2
        cursor.execute("create role nobody_much")
        cursor.execute("grant select on core_option to nobody_much")
        cursor.execute("set local role nobody_much")
        found = list(doctor._database())
        cursor.execute("reset role")
    assert [finding.wrong for finding in found] == [
        "the extension pg_trgm is missing", "the extension btree_gin is missing",
    ]  # fmt: skip


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_of_another_encoding(encoding, tmp_path):
    with database(encoding.lower(), f"template template0 encoding '{encoding}' locale 'C'") as url:
        done = check(DATABASE_URL=url, HELPDESK_DATA=str(tmp_path), HELPDESK_SECRET_KEY="k" * 40)
    assert f"WRONG  database: the database's encoding is {encoding}\n       To mend it: make it anew" in done.stdout
    assert "2 wrong." in done.stdout  # and there is no schema


def test_a_whole_database_is_well(tmp_path):
    with database("well", MIGRATED) as url:
        done = check(DATABASE_URL=url, HELPDESK_DATA=str(tmp_path), HELPDESK_SECRET_KEY="k" * 40)
    assert "ok     database" in done.stdout and "ok     clock" in done.stdout


def _is_desk(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (b"desk", b"p:ss"), handled=False)


@pytest.fixture
def server(request, monkeypatch):
    """A mail server as `request.param` says: «open», «signing» in, «tls» by STARTTLS, or both."""
    options = {}
    if "tls" in request.param:
        options["tls_context"] = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        options["tls_context"].load_cert_chain(KEYS / "localhost.crt", KEYS / "localhost.key")
        options["require_starttls"] = True
    if "signing" in request.param:
        options |= {"auth_required": True, "auth_require_tls": "tls" in request.param, "authenticator": _is_desk}
    monkeypatch.setattr(logging.getLogger("mail.log"), "disabled", True)  # it tells of each certificate refused
    port = free_port()
    controller = Controller(object(), hostname="127.0.0.1", port=port, **options)
    controller.start()
    yield port
    controller.stop()


@pytest.mark.filterwarnings("ignore:Requiring AUTH:UserWarning")
@pytest.mark.parametrize(
    ("server", "trusted", "url", "words"),
    [
        ("open", True, "smtp://localhost:{}", ""),
        ("signing", True, "smtp://desk:p%3Ass@localhost:{}", ""),
        ("signing", True, "smtp://desk:wrong@localhost:{}", "the mail server localhost:{} refuses user and password"),
        ("open", True, "smtp+starttls://localhost:{}", "does not answer as one (STARTTLS"),
        ("tls signing", True, "smtp+starttls://desk:p%3Ass@localhost:{}", ""),
        ("tls signing", True, "smtp+starttls://desk:wrong@localhost:{}", "localhost:{} refuses user and password"),
        ("tls signing", True, "smtp://desk:p%3Ass@localhost:{}", "does not answer as one"),
        ("tls signing", False, "smtp+starttls://desk:p%3Ass@localhost:{}", "mail server localhost:{} is not trusted"),
        ("open", True, "smtps://localhost:{}", "does not answer as one"),
    ],
    indirect=["server"],
)
def test_a_mail_server_is_greeted_as_letters_will_be(server, trusted, url, words, settings, monkeypatch):
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(KEYS / "localhost.crt"))
    settings.EMAIL_URL = url.format(server)
    found = list(doctor._mail_server())
    assert [words.format(server) in finding.wrong for finding in found] == ([True] if words else [])
    assert all("p:ss" not in f"{finding.wrong}{finding.cure}" for finding in found)


@pytest.mark.parametrize(("left", "words"), [(499, ["has only 499 MB left"]), (500, [])])
def test_a_disk_nearly_full(left, words, tmp_path, settings, monkeypatch):
    settings.DATA_DIR, settings.FILES_URL = tmp_path, tmp_path.as_uri()
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=left * 1024 * 1024))
    assert [finding.wrong.removeprefix(f"{tmp_path} ") for finding in doctor._folders()] == words


def test_the_room_left_is_that_of_the_disk_itself(tmp_path, settings, monkeypatch):
    settings.DATA_DIR, settings.FILES_URL = tmp_path / "new", (tmp_path / "other" / "files").as_uri()
    monkeypatch.setattr(doctor, "_LEAST_FREE", shutil.disk_usage(tmp_path).total + 1)
    assert [finding.wrong.partition(" has only ")[0] for finding in doctor._folders()] == [
        str(tmp_path / "new"), str(tmp_path / "other" / "files"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("debug", "url", "found"),
    [
        ("1", "https://help.example.org", True),
        ("0", "https://help.example.org", False),
        ("1", "http://127.0.0.1:8000", False),
    ],
)
def test_pages_of_errors_that_show_the_inside(debug, url, found, tmp_path):
    done = check(HELPDESK_DATA=str(tmp_path), HELPDESK_DEBUG=debug, HELPDESK_URL=url)
    assert ("WRONG  settings: HELPDESK_DEBUG is on: pages of errors show the inside" in done.stdout) is found

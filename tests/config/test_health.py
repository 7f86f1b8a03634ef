"""/healthz, /readyz and the doctor."""

import socket
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.utils import translation

from helpdesk.config.health import doctor, healthz, readyz
from helpdesk.core import clock, files, jobs
from helpdesk.demo.load import LOADED
from helpdesk.mail.models import RawLetter


def beat(ago="0 seconds"):
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into core_heartbeat (name, at) values ('worker', clock_timestamp() - %s::interval)"
            " on conflict (name) do update set at = excluded.at",
            [ago],
        )


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def test_healthz_asks_nobody(rf):
    answer = healthz(rf.get("/healthz"))
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    assert healthz(rf.post("/healthz")).status_code == 405


@pytest.mark.django_db
def test_readyz_wants_a_worker_seen_lately(client):
    assert client.get("/readyz").json() == {"status": "unavailable", "database": "ok", "worker": "missing"}
    beat()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "ok", "worker": "ok"})
    beat("31 seconds")
    assert client.get("/readyz").status_code == 503


def test_readyz_without_database_says_so(rf, monkeypatch):
    def unreachable():
        raise OperationalError("no route")

    monkeypatch.setattr(jobs, "last_seen", unreachable)
    answer = readyz(rf.get("/readyz"))
    assert answer.status_code == 503
    assert b"unreachable" in answer.content
    assert b"no route" not in answer.content


@pytest.mark.django_db
def test_doctor_is_content_with_a_whole_installation(settings):
    beat()
    settings.SECRET_KEY = "k" * 40
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert {name: findings for name, findings in doctor.examine() if findings} == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PUBLIC_URL", "help.example.org", "is no address"),
        ("PUBLIC_URL", "http://help.example.org", "is not encrypted"),
        ("TIME_ZONE", "Europe/Nowhere", "is unknown"),
        ("SECRET_KEY", "short", "can be guessed"),
        ("MAX_POST_MB", 1, "is below HELPDESK_MAX_FILE_MB"),
        ("FILES_URL", "ftp://files", "is unknown"),
        ("FILES_URL", "file:///proc/helpdesk", "cannot be written"),
        ("EMAIL_URL", "pop3://mail", "is no mail server's address"),
        ("EMAIL_URL", "smtp://mail:port", "is no mail server's address"),
    ],
)
def test_doctor_names_what_is_wrong_and_the_cure(settings, name, value, words):
    beat()
    settings.SECRET_KEY = "k" * 40
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    setattr(settings, name, value)
    [finding] = [finding for _, findings in doctor.examine() for finding in findings]
    assert words in finding.wrong
    assert finding.cure


@pytest.mark.django_db
def test_doctor_finds_demo_logins_at_a_public_address(settings):
    beat()
    settings.SECRET_KEY = "k" * 40
    settings.PUBLIC_URL = "https://help.example.org"
    assert dict(doctor.examine())["database"] == []
    LOADED.set(value=True)
    [finding] = dict(doctor.examine())["database"]
    assert "its logins' password (HELPDESK_URL='https://help.example.org')" in finding.wrong
    assert "an empty database" in finding.cure
    with translation.override("ru"):
        [finding] = dict(doctor.examine())["database"]
    assert "демонстрационн" in finding.wrong and "пуст" in finding.cure
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    assert dict(doctor.examine())["database"] == []


def test_doctor_remarks_that_letters_stay_where_no_mail_server_is_set(settings):
    settings.EMAIL_URL = ""
    assert list(doctor._mail_server()) == []
    assert doctor.remark("mail server") == "none set: letters stay in the outbox"
    with translation.override("ru"):
        assert "исходящих" in doctor.remark("mail server")
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    assert doctor.remark("mail server") == doctor.remark("clock") == ""


@pytest.mark.django_db
def test_doctor_finds_a_silent_mail_server_and_a_missing_worker(settings):
    settings.SECRET_KEY = "k" * 40
    settings.PUBLIC_URL = "http://127.0.0.1:8000"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused at once
        settings.EMAIL_URL = f"smtp://127.0.0.1:{taken.getsockname()[1]}"
        found = dict(doctor.examine())
    assert "does not answer as one" in found["mail server"][0].wrong
    assert "never seen" in found["worker"][0].wrong
    beat("2 hours")
    assert "last seen 7200 s ago" in dict(doctor.examine())["worker"][0].wrong


@pytest.mark.django_db
def test_doctor_sees_a_schema_behind():
    with connection.cursor() as cursor:
        cursor.execute("delete from django_migrations where app = 'core' and name = '0001_initial'")
    [finding] = dict(doctor.examine())["migrations"]
    assert finding.wrong == "the schema is 1 step behind (core.0001_initial …)"


@pytest.mark.django_db
def test_last_seen_is_by_the_databases_clock():
    assert jobs.last_seen() is None
    beat("1 minute")
    assert timedelta(seconds=60) <= jobs.last_seen() < timedelta(seconds=70)


@pytest.mark.django_db
def test_doctor_names_letters_that_were_laid_aside():
    assert dict(doctor.examine())["letters laid aside"] == []
    stored = files.store(b"a letter")
    files.ensure_rows([stored])
    RawLetter.objects.create(
        blob_id=stored.sha256, size=8, destination="support@example.com", received_at=clock.now(), state="failed"
    )
    [finding] = dict(doctor.examine())["letters laid aside"]
    assert finding.wrong.startswith("1 letter is laid aside") and "--release" in finding.cure


@pytest.mark.django_db
def test_doctor_speaks_the_readers_language(settings):
    settings.SECRET_KEY = "short"
    with translation.override("ru"):
        [finding] = [one for one in dict(doctor.examine())["settings"] if "SECRET_KEY" in one.wrong]
    assert "короткая" in finding.wrong and "случайных знаков" in finding.cure.replace("\u00a0", " ")

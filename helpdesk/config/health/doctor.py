"""The doctor: looks at settings, database, folders, clock, mail server and worker; says what is wrong and the cure."""

import os
import shutil
import smtplib
import socket
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import Error, connection

from helpdesk.config import env
from helpdesk.config.health.views import WORKER_IS_LATE
from helpdesk.config.server import migrations
from helpdesk.core import files_bucket, jobs
from helpdesk.core.postgres.binaries import OLDEST

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LEAST_FREE = 500 * 1024 * 1024
_LARGEST_DRIFT = 5.0
_OF_DATABASE = {"database", "migrations", "clock", "worker", "letters laid aside"}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and how to mend it."""

    wrong: str
    cure: str


def unusable(wrongly_set: Iterable[env.SettingError]) -> bool:
    """Whether the database cannot even be asked for, with these settings."""
    return any(str(error).startswith("DATABASE_URL") for error in wrongly_set)


def examine(*, without_database: bool = False) -> Iterator[tuple[str, list[Finding]]]:
    """Each examination's name with its findings, none if all is well. Without a database the rest is still examined."""
    examinations: list[tuple[str, Callable[[], Iterator[Finding]]]] = [
        ("settings", _settings),
        ("database", _database),
        ("migrations", _migrations),
        ("folders", _folders),
        ("clock", _clock),
        ("mail server", _mail_server),
        ("worker", _worker),
        ("letters laid aside", _parked),
    ]
    reachable = not without_database
    for name, examination in examinations:
        if not reachable and name in _OF_DATABASE:
            continue
        try:
            findings = list(examination())
        except Error as error:
            findings = [_unreachable(error)]
        if name == "database" and findings and findings[-1].wrong.startswith("the database does not answer"):
            reachable = False
        yield name, findings


def _unreachable(error: BaseException) -> Finding:
    return Finding(
        f"the database does not answer: {str(error).strip().splitlines()[0]}",
        "see that it runs and that DATABASE_URL names host, user, password and database; "
        "leave it empty for the embedded one",
    )


def _settings() -> Iterator[Finding]:
    for name, high in (("HELPDESK_PROCESSES", 64), ("HELPDESK_WORKER_THREADS", 32)):
        env.whole(name, 1, high=high)  # read by parts alone: a wrong one is collected here
    url = _parts(settings.PUBLIC_URL)
    if url.scheme not in {"http", "https"} or not url.hostname:
        yield Finding(f"HELPDESK_URL={settings.PUBLIC_URL!r} is no address", "give it as https://help.example.org")
    elif url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield Finding(
            f"HELPDESK_URL={settings.PUBLIC_URL!r} is not encrypted",
            "put a web server with a certificate before it and give an https:// address",
        )
    try:
        zoneinfo.ZoneInfo(settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield Finding(f"HELPDESK_TIME_ZONE={settings.TIME_ZONE!r} is unknown", "give a name such as Europe/Moscow")
    if len(settings.SECRET_KEY) < 32:
        yield Finding(
            "HELPDESK_SECRET_KEY is short and can be guessed",
            "give 50 random characters (python3 -c 'import secrets; print(secrets.token_urlsafe(40))'), "
            "or leave it out: then one is made and kept in HELPDESK_DATA",
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 16:
        yield Finding(
            "HELPDESK_METRICS_TOKEN is short and can be guessed",
            "give 16 random characters or more, or leave it out and name addresses in HELPDESK_METRICS_ALLOW",
        )
    if settings.MAX_POST_MB < settings.MAX_FILE_MB:
        yield Finding(
            f"HELPDESK_MAX_POST_MB={settings.MAX_POST_MB} is below HELPDESK_MAX_FILE_MB={settings.MAX_FILE_MB}",
            "let a whole form be at least as large as one file",
        )
    if settings.DEBUG and url.hostname not in _LOOPBACK:
        yield Finding("HELPDESK_DEBUG is on: pages of errors show the inside", "switch it off")


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return urlsplit("")
    return parts


def _database() -> Iterator[Finding]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "select current_setting('server_version_num')::int, current_setting('server_encoding'),"
                " array(select extname::text from pg_extension)"
            )
            version, encoding, extensions = cursor.fetchone() or (0, "", [])
    except Error as error:
        yield _unreachable(error)
        return
    if version // 10000 < OLDEST:
        yield Finding(
            f"the database is PostgreSQL {version // 10000}", f"use PostgreSQL {OLDEST} or newer, 17 is what is tested"
        )
    if encoding != "UTF8":
        yield Finding(f"the database's encoding is {encoding}", "make it anew with ENCODING 'UTF8'")
    for name in ("pg_trgm", "btree_gin"):
        if name not in extensions:
            yield Finding(
                f"the extension {name} is missing",
                f'install postgresql-contrib, then as the database\'s administrator: CREATE EXTENSION "{name}"',
            )


def _migrations() -> Iterator[Finding]:
    if missing := migrations.missing():
        yield Finding(f"the schema is {len(missing)} steps behind ({missing[0]} …)", "run helpdesk migrate")


def _folders() -> Iterator[Finding]:
    folders = [settings.DATA_DIR, Path(unquote(urlsplit(settings.FILES_URL).path))]
    if (scheme := urlsplit(settings.FILES_URL).scheme) != "file":
        folders.pop()
        yield from (
            _bucket()
            if scheme == "s3"
            else [
                Finding(
                    f"HELPDESK_FILES_URL={settings.FILES_URL!r} is unknown",
                    "give file:///absolute/path or s3://bucket?…",
                )
            ]
        )
    for folder in dict.fromkeys(folders):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".check-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            yield Finding(f"{folder} cannot be written ({error.strerror})", "give it to the user that runs helpdesk")
            continue
        if (free := shutil.disk_usage(folder).free) < _LEAST_FREE:
            yield Finding(f"{folder} has only {free // 1024 // 1024} MB left", "free space on its disk, or move it")


def _bucket() -> Iterator[Finding]:
    try:
        files_bucket.probe(settings.FILES_URL)
    except OSError as error:
        yield Finding(
            str(error),
            "see that the server runs and the bucket exists, and correct bucket, endpoint, key and secret in "
            "HELPDESK_FILES_URL (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)",
        )


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("select clock_timestamp()")
        theirs = (cursor.fetchone() or (before,))[0]
        ours = before + (datetime.now(UTC) - before) / 2
    drift = (ours - theirs).total_seconds()
    if abs(drift) > _LARGEST_DRIFT:
        yield Finding(
            f"this machine's clock is {abs(drift):.0f} s {'ahead of' if drift > 0 else 'behind'} the database's",
            "set both clocks by NTP",
        )


def _mail_server() -> Iterator[Finding]:
    if not settings.EMAIL_URL:
        return  # letters stay in the outbox, where they can be read: a choice, no fault
    url = _parts(settings.EMAIL_URL)
    port = url.port
    if url.scheme not in {"smtp", "smtps", "smtp+starttls"} or not url.hostname:
        yield Finding(
            "HELPDESK_EMAIL_URL is no mail server's address",
            "accepted are smtp://user:password@host:port, smtps://… and smtp+starttls://…",
        )
        return
    where = f"{url.hostname}:{port or ''}".rstrip(":")
    try:
        _greet(url.scheme, url.hostname, port, unquote(url.username or ""), unquote(url.password or ""))
    except smtplib.SMTPAuthenticationError:
        yield Finding(f"the mail server {where} refuses user and password", "correct them in HELPDESK_EMAIL_URL")
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            f"the mail server {where} does not answer as one ({error})",
            "correct host, port and scheme in HELPDESK_EMAIL_URL, or open the way to it",
        )


def _greet(scheme: str, host: str, port: int | None, user: str, password: str) -> None:
    """Connect, say hello, sign in where a user is given."""
    if scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=10)
    else:
        server = smtplib.SMTP(host, port or (587 if scheme == "smtp+starttls" else 25), timeout=10)
    try:
        server.ehlo()
        if scheme == "smtp+starttls":
            server.starttls()
        if user:
            server.login(user, password)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def _worker() -> Iterator[Finding]:
    age = jobs.last_seen()
    if age is None or age > WORKER_IS_LATE:
        when = "never seen" if age is None else f"last seen {age.total_seconds():.0f} s ago"
        yield Finding(
            f"no worker runs ({when}): letters and scheduled duties wait",
            f"start helpdesk worker (helpdesk serve includes it) on {socket.gethostname()} or elsewhere",
        )


def _parked() -> Iterator[Finding]:
    from helpdesk.mail import queries  # noqa: PLC0415  no model before the settings are seen to

    if count := queries.count_parked():
        yield Finding(
            f"{count} {'letter is' if count == 1 else 'letters are'} laid aside and wait for somebody to look",
            "see which and why by helpdesk mail parked; let them pass by helpdesk mail parked --release ID (or all)",
        )

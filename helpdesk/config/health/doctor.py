"""The doctor: looks at settings, database, folders, clock, mail server and worker; says what is wrong and the cure."""

import os
import shutil
import smtplib
import socket
import ssl
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.conf import settings
from django.db import Error, InterfaceError, OperationalError, connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helpdesk.config import env
from helpdesk.config.health.views import WORKER_IS_LATE
from helpdesk.config.keeping import last
from helpdesk.config.server import migrations
from helpdesk.core import files_bucket, jobs
from helpdesk.core.postgres.binaries import OLDEST
from helpdesk.mail import smtp

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_LEAST_FREE = 500 * 1024 * 1024
_LARGEST_DRIFT = 5.0
_OF_SCHEMA = {"worker", "letters laid aside", "backup"}
OF_DATABASE = {"database", "migrations", "clock", *_OF_SCHEMA}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, and how to mend it, in the reader's language. `hides`: what cannot be looked at before."""

    wrong: str
    cure: str
    hides: frozenset[str] = frozenset()


def examine(*, without: Iterable[str] = ()) -> Iterator[tuple[str, list[Finding]]]:
    """Each examination's name with its findings, none if all is well. What a finding hides is left out."""
    hides = set(without)
    for name, examination in EXAMINATIONS.items():
        if name in hides:
            continue
        try:
            findings = list(examination())
        except (OperationalError, InterfaceError) as error:
            findings = [_unreachable(error)]
        except Error as error:
            findings = [_refused(error)]
        hides.update(*(finding.hides for finding in findings))
        yield name, findings


def remark(name: str) -> str:
    """What is worth knowing of an examination that found nothing wrong, else ""."""
    if name == "mail server" and not settings.EMAIL_URL:
        return _("none set: letters stay in the outbox")
    return ""


def examine_with_remarks() -> Iterator[tuple[str, list[Finding], str]]:
    """As `examine`, each with its remark: the administrators' page says all that the command says."""
    for name, findings in examine():
        yield name, findings, remark(name)


def _unreachable(error: BaseException) -> Finding:
    return Finding(
        _("the database does not answer: %(why)s") % {"why": str(error).strip().splitlines()[0]},
        _(
            "see that it runs and that DATABASE_URL names host, user, password and database; "
            "leave it empty for the embedded one"
        ),
        frozenset(OF_DATABASE),
    )


def _refused(error: BaseException) -> Finding:
    return Finding(
        _("the database refuses to tell: %(why)s") % {"why": str(error).strip().splitlines()[0]},
        _("see that the tables belong to the user whom DATABASE_URL names, and that none was removed"),
    )


def _address() -> Iterator[Finding]:
    url = _parts(settings.PUBLIC_URL)
    if url.scheme not in {"http", "https"} or not url.hostname:
        yield Finding(
            _("%(setting)s is no address") % {"setting": f"HELPDESK_URL={settings.PUBLIC_URL!r}"},
            _("give it as %(example)s") % {"example": "https://help.example.org"},
        )
    elif url.scheme == "http" and url.hostname not in _LOOPBACK:
        yield Finding(
            _("%(setting)s is not encrypted") % {"setting": f"HELPDESK_URL={settings.PUBLIC_URL!r}"},
            _("put a web server with a certificate before it and give an %(scheme)s address") % {"scheme": "https://"},
        )


def _settings() -> Iterator[Finding]:
    for name, high in (("HELPDESK_PROCESSES", 64), ("HELPDESK_WORKER_THREADS", 32)):
        env.whole(name, 1, high=high)  # read by parts alone: a wrong one is collected here
    yield from _address()
    try:
        zoneinfo.ZoneInfo(settings.TIME_ZONE)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        yield Finding(
            _("%(setting)s is unknown") % {"setting": f"HELPDESK_TIME_ZONE={settings.TIME_ZONE!r}"},
            _("give a name such as %(example)s") % {"example": "Europe/Moscow"},
        )
    if len(settings.SECRET_KEY) < 32:
        yield Finding(
            _("%(setting)s is short and can be guessed") % {"setting": "HELPDESK_SECRET_KEY"},
            _("give 50 random characters (%(command)s), or leave it out: then one is made and kept in HELPDESK_DATA")
            % {"command": "python3 -c 'import secrets; print(secrets.token_urlsafe(40))'"},
        )
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < 16:
        yield Finding(
            _("%(setting)s is short and can be guessed") % {"setting": "HELPDESK_METRICS_TOKEN"},
            _("give 16 random characters or more, or leave it out and name addresses in HELPDESK_METRICS_ALLOW"),
        )
    if settings.MAX_POST_MB < settings.MAX_FILE_MB:
        yield Finding(
            _("%(setting)s is below %(other)s")
            % {
                "setting": f"HELPDESK_MAX_POST_MB={settings.MAX_POST_MB}",
                "other": f"HELPDESK_MAX_FILE_MB={settings.MAX_FILE_MB}",
            },
            _("let a whole form be at least as large as one file"),
        )
    if settings.DEBUG and _parts(settings.PUBLIC_URL).hostname not in _LOOPBACK:
        yield Finding(_("HELPDESK_DEBUG is on: pages of errors show the inside"), _("switch it off"))


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        return urlsplit("")
    return parts


_FACTS = """
select current_setting('server_version_num')::int, current_setting('server_encoding'),
  to_regclass('core_option') is not null,
  to_regclass('django_migrations') is not null or not has_database_privilege(current_database(), 'create'),
  array(select name from unnest(array['pg_trgm', 'btree_gin']) wanted (name)
    where not exists (select from pg_extension where extname = wanted.name)),
  array(select name::text from pg_available_extensions where name in ('pg_trgm', 'btree_gin'))
"""


def _database() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute(_FACTS)
        version, encoding, has_options, by_hand, missing, at_hand = cursor.fetchone() or (0, "", False, False, [], [])
    if version // 10000 < OLDEST:
        yield Finding(
            _("the database is PostgreSQL %(version)s") % {"version": version // 10000},
            _("use PostgreSQL %(oldest)s or newer, 17 is what is tested") % {"oldest": OLDEST},
        )
    if encoding != "UTF8":
        yield Finding(
            _("the database's encoding is %(encoding)s") % {"encoding": encoding},
            _("make it anew with %(words)s") % {"words": "ENCODING 'UTF8'"},
        )
    for name in missing:
        if by_hand or name not in at_hand:  # else `migrate` is still to come and makes it
            yield _without_extension(name, at_hand=name in at_hand)
    if has_options and _parts(settings.PUBLIC_URL).hostname not in _LOOPBACK:
        yield from _demo_logins()


def _without_extension(name: str, *, at_hand: bool) -> Finding:
    by_hand = _("as the database's administrator: %(command)s") % {"command": f'CREATE EXTENSION "{name}"'}
    return Finding(
        _("the extension %(name)s is missing") % {"name": name},
        by_hand if at_hand else _("install postgresql-contrib beside the database, then %(next)s") % {"next": by_hand},
    )


def _demo_logins() -> Iterator[Finding]:
    from helpdesk.demo.load import LOADED  # noqa: PLC0415  no model before the settings are seen to

    if LOADED.get():
        yield Finding(
            _("the demo world is in this database, and everybody may know its logins' password (%(setting)s)")
            % {"setting": f"HELPDESK_URL={settings.PUBLIC_URL!r}"},
            _("take an empty database for real work: another HELPDESK_DATA, or another DATABASE_URL"),
        )


def _migrations() -> Iterator[Finding]:
    if not (missing := migrations.missing()):
        return
    cure = _("run %(command)s") % {"command": "helpdesk migrate"}
    if not migrations.applied():
        yield Finding(_("the schema is not there yet"), cure, frozenset(_OF_SCHEMA))
    else:
        behind = ngettext(
            "the schema is %(num)d step behind (%(first)s …)", "the schema is %(num)d steps behind (%(first)s …)",
            len(missing),
        )  # fmt: skip
        yield Finding(behind % {"num": len(missing), "first": missing[0]}, cure, frozenset(_OF_SCHEMA))


def _folders() -> Iterator[Finding]:
    folders = [settings.DATA_DIR, Path(unquote(urlsplit(settings.FILES_URL).path))]
    if (scheme := urlsplit(settings.FILES_URL).scheme) != "file":
        folders.pop()
        yield from (
            _bucket()
            if scheme == "s3"
            else [
                Finding(
                    _("%(setting)s is unknown") % {"setting": f"HELPDESK_FILES_URL={settings.FILES_URL!r}"},
                    _("give %(examples)s") % {"examples": "file:///absolute/path, s3://bucket?…"},
                )
            ]
        )
    for folder in dict.fromkeys(folders):
        there = folder
        while not os.path.lexists(there):  # it is made by who needs it: here it is enough that it can be
            there = there.parent
        try:
            probe = there / f".check-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            yield Finding(
                _("%(folder)s cannot be written (%(why)s)") % {"folder": folder, "why": error.strerror},
                _("give it to the user that runs %(program)s") % {"program": "helpdesk"},
            )
            continue
        if (free := shutil.disk_usage(there).free) < _LEAST_FREE:
            yield Finding(
                _("%(folder)s has only %(free)s MB left") % {"folder": folder, "free": free // 1024 // 1024},
                _("free space on its disk, or move it"),
            )


def _bucket() -> Iterator[Finding]:
    try:
        files_bucket.probe(settings.FILES_URL)
    except OSError as error:
        yield Finding(
            str(error),
            _(
                "see that the server runs and the bucket exists, and correct bucket, endpoint, key and secret in "
                "HELPDESK_FILES_URL (or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY)"
            ),
        )


def _clock() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        before = datetime.now(UTC)
        cursor.execute("select clock_timestamp()")
        theirs = (cursor.fetchone() or (before,))[0]
        ours = before + (datetime.now(UTC) - before) / 2
    drift = (ours - theirs).total_seconds()
    if abs(drift) > _LARGEST_DRIFT:
        wrong = (
            _("this machine's clock is %(seconds)s s ahead of the database's")
            if drift > 0
            else _("this machine's clock is %(seconds)s s behind the database's")
        )
        yield Finding(wrong % {"seconds": round(abs(drift))}, _("set both clocks by NTP"))


def _mail_server() -> Iterator[Finding]:
    if not settings.EMAIL_URL:
        return  # letters stay in the outbox, where they can be read: a choice, no fault
    try:
        server = smtp.server_of(settings.EMAIL_URL)
    except ValueError:
        yield Finding(
            _("%(setting)s is no mail server's address") % {"setting": "HELPDESK_EMAIL_URL"},
            _("accepted are: %(examples)s")
            % {"examples": "smtp://user:password@host:port, smtps://…, smtp+starttls://…"},
        )
        return
    where = f"{server.host}:{server.port}"
    try:
        smtp.close(smtp.connect(server, timeout=10))  # as letters will be handed in, certificate and password included
    except ssl.SSLCertVerificationError as error:
        yield Finding(
            _("the certificate of the mail server %(where)s is not trusted (%(why)s)")
            % {"where": where, "why": error.verify_message},
            _("give the name that its certificate holds, or name the certificate of its authority in SSL_CERT_FILE"),
        )
    except smtplib.SMTPAuthenticationError:
        yield Finding(
            _("the mail server %(where)s refuses user and password") % {"where": where},
            _("correct them in HELPDESK_EMAIL_URL"),
        )
    except (OSError, smtplib.SMTPException) as error:
        yield Finding(
            _("the mail server %(where)s does not answer as one (%(why)s)") % {"where": where, "why": error},
            _("correct host, port and scheme in HELPDESK_EMAIL_URL, or open the way to it"),
        )


def _worker() -> Iterator[Finding]:
    age = jobs.last_seen()
    if age is None or age > WORKER_IS_LATE:
        when = (
            _("never seen")
            if age is None
            else _("last seen %(seconds)s s ago") % {"seconds": round(age.total_seconds())}
        )
        yield Finding(
            _("no worker runs (%(when)s): letters and scheduled duties wait") % {"when": when},
            _("start %(worker)s (%(serve)s includes it) on %(host)s or elsewhere")
            % {"worker": "helpdesk worker", "serve": "helpdesk serve", "host": socket.gethostname()},
        )


def _parked() -> Iterator[Finding]:
    from helpdesk.mail import queries  # noqa: PLC0415  no model before the settings are seen to

    if count := queries.count_parked():
        waiting = ngettext(
            "%(num)d letter is laid aside and waits for somebody to look",
            "%(num)d letters are laid aside and wait for somebody to look",
            count,
        )
        yield Finding(
            waiting % {"num": count},
            _("see which and why by %(list)s; let them pass by %(release)s")
            % {"list": "helpdesk mail parked", "release": "helpdesk mail parked --release ID|all"},
        )


def _backup() -> Iterator[Finding]:
    """Only where backups are made by this program at all: others may copy the whole machine."""
    age = last.age()
    if age is not None and age > last.LATE:
        made = ngettext(
            "the last backup was made %(num)d day ago", "the last backup was made %(num)d days ago", age.days
        )
        yield Finding(
            made % {"num": age.days},
            _("see why the timer that calls %(command)s does not, or call it now") % {"command": "helpdesk backup DIR"},
        )


EXAMINATIONS: dict[str, Callable[[], Iterator[Finding]]] = {
    "settings": _settings,
    "database": _database,
    "migrations": _migrations,
    "folders": _folders,
    "clock": _clock,
    "mail server": _mail_server,
    "worker": _worker,
    "letters laid aside": _parked,
    "backup": _backup,
}

"""The outbox: letters are written here with the act that causes them, and sent later, each at least once.

Sending: claim one with a lease, talk to the mail server outside any transaction, write down what it said.
A sender that dies leaves its letter to the next one, which sends it with the same Message-ID: at once where nobody else
is sending (a lock of the database tells, which dies with its holder), else when the lease is over.
"""

import logging
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

from django.conf import settings
from django.db import Error, connection, transaction

from helpdesk.accounts.names import canonical_address
from helpdesk.core import clock, jobs
from helpdesk.core.db import entry
from helpdesk.core.errors import Refusal
from helpdesk.core.plain import insert
from helpdesk.core.text.safe import one_line
from helpdesk.mail import addresses, smtp, threads, wire
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices import audience

logger = logging.getLogger("helpdesk.mail")

LEASE = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=4)
GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321 §4.5.4.1
State = OutgoingLetter.State
_SENDING = 72_002  # the advisory lock that everybody who sends shares
_LINK = re.compile(r"https?://\S+")


@dataclass(slots=True)
class Report:
    """What a round of sending did. `error`: why the mail server itself could not be talked to."""

    configured: bool = True
    sent: int = 0
    failed: int = 0
    postponed: int = 0
    error: str = ""


def put(*letters: OutgoingLetter, general: str | None = None) -> list[OutgoingLetter]:
    """Write letters into the outbox, in the caller's transaction, and ask the worker to send them.

    Those to an address of our own are left out: the desk writes no letters to itself (RFC 3834 §2). `general`: the
    desk's general address, where the caller knows it. Returns the written ones. A few statements, however many letters.
    """
    own = addresses.own(general)
    written = [letter for letter in letters if addresses.bare(letter.address) not in own]
    if not written:
        return []
    for letter in written:
        letter.address = canonical_address(letter.address)
    insert(*written)
    threads.remember_given_out(written)
    if settings.EMAIL_URL:
        jobs.defer("mail.send_now", once="mail.send_now")
    return written


def send_due(limit: int = 100) -> Report:
    """Send what is due, one letter after another, at most `limit`. Must not be called within a transaction.

    Without a mail server (HELPDESK_EMAIL_URL) the letters stay. One that cannot be talked to ends the round.
    """
    from helpdesk.mail import change_letters, desk_letters  # noqa: PLC0415 (they write into this outbox)

    desk_letters.write_waiting()
    change_letters.write_waiting()
    if not settings.EMAIL_URL:
        return Report(configured=False)
    _take_over()
    with _shown_as_sending():
        return _round(limit)


def _round(limit: int) -> Report:
    server = smtp.server_of(settings.EMAIL_URL)
    report = Report()
    talk: smtplib.SMTP | None = None
    try:
        for _ in range(limit):
            letter = _claim()
            if letter is None:
                break
            if not _may_go(letter):
                _withhold(letter)
                continue
            try:
                talk = talk or smtp.connect(server)
            except (OSError, smtplib.SMTPException, ssl.SSLError) as error:
                report.error = one_line(smtp.said(error), 500)
                _postpone(letter, report.error, report)
                break
            if not _send(letter, talk, report):
                smtp.close(talk)
                talk = None
    finally:
        if talk is not None:
            smtp.close(talk)
    return report


def _take_over() -> None:
    """Letters whose sender died are due again: those whose lease is over, and all if nobody is sending now."""
    with entry(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH alone AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(%s) AS yes)
            UPDATE mail_outgoingletter SET state = 'due', lease_until = NULL FROM alone
             WHERE state = 'sending' AND (alone.yes OR lease_until < %s)
            """,
            [_SENDING, clock.now()],
        )


@contextmanager
def _shown_as_sending() -> Iterator[None]:
    """Within the block other senders leave our letters alone. The lock lives as long as the connection: a killed
    process, or a connection that broke, holds none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [_SENDING])
    try:
        yield
    finally:
        with suppress(Error), connection.cursor() as cursor:  # broken: it holds nothing any more
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [_SENDING])


def _claim() -> OutgoingLetter | None:
    """Take the letter that is due longest. Committed before anything is sent."""
    now = clock.now()
    with entry(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE mail_outgoingletter SET state = 'sending', attempts = attempts + 1, lease_until = %s
             WHERE id = (SELECT id FROM mail_outgoingletter WHERE state = 'due' AND due_at <= %s
                          ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            [now + LEASE, now],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return (
        OutgoingLetter.objects.select_related("ticket", "article")
        .defer("article__text", "article__html")
        .get(pk=row[0])
    )


def _may_go(letter: OutgoingLetter) -> bool:
    """Whether its reader may still see what a letter tells: hours may have passed since it was written, and meanwhile
    their place in a company has ended. Letters about somebody's own access tell of no request."""
    if letter.ticket is None:
        return True
    if letter.article is not None and letter.kind in OutgoingLetter.TO_CLIENTS and not letter.article.visible_to_client:
        return False
    return letter.person_id is not None and audience.may_hear(letter.person_id, letter.ticket)


def _withhold(letter: OutgoingLetter) -> None:
    """No failure: the request is not marked, and nobody has to look."""
    logger.info("Letter %s stays: its reader may no longer see the request", letter.message_id)
    with entry():
        if _write_down(letter, state=State.WITHHELD, failed_at=None, last_error="") and letter.failed_at:
            _take_mark_away(letter)


def _send(letter: OutgoingLetter, talk: smtplib.SMTP, report: Report) -> bool:
    """One letter over an open conversation; False if the conversation is of no more use."""
    try:
        content = wire.octets(letter)
    except OSError as error:  # a file of it cannot be read now
        _postpone(letter, one_line(str(error), 500), report)
        return True
    except (ValueError, LookupError, IndexError) as error:
        _fail(letter, one_line(f"The letter cannot be written: {error}", 500), report)
        return True
    try:
        reply = smtp.deliver(talk, content, sender=wire.envelope_sender(letter), recipient=wire.recipient(letter))
    except smtp.Refused as refusal:
        (_fail if refusal.permanent else _postpone)(letter, one_line(str(refusal), 900), report)
        return True
    except (OSError, smtplib.SMTPException) as error:
        _postpone(letter, one_line(smtp.said(error), 900), report)
        return False
    told = {"server_reply": one_line(reply, 900), "last_error": "", **_without_secrets(letter)}
    with entry():
        if _write_down(letter, state=State.SENT, sent_at=clock.now(), failed_at=None, **told) and letter.failed_at:
            _take_mark_away(letter)
    report.sent += 1
    return True


def _take_mark_away(letter: OutgoingLetter) -> None:
    """Whatever comes of it, the letter is written down as sent: else the client would get it again and again."""
    try:
        with transaction.atomic():
            _failures().recovered(letter)
    except (Error, Refusal):
        logger.exception("The mark of letter %s, sent after all, could not be taken away", letter.message_id)


def _without_secrets(letter: OutgoingLetter) -> dict[str, str]:
    """Links that set a password are no longer kept once they are sent."""
    if letter.kind != OutgoingLetter.Kind.ACCOUNT:
        return {}
    return {"text": _LINK.sub("…", letter.text), "html": ""}


def _write_down(letter: OutgoingLetter, **values: object) -> bool:
    """Write the result down, unless another sender took the letter over meanwhile. In the caller's transaction."""
    rows = OutgoingLetter.objects.filter(pk=letter.pk, state=State.SENDING, attempts=letter.attempts)
    return bool(rows.update(lease_until=None, **values))


def _failures() -> ModuleType:
    from helpdesk.mail import failures  # noqa: PLC0415 (it writes into this outbox)

    return failures


def _wait(attempts: int) -> timedelta:
    return min(timedelta(minutes=2 ** min(attempts - 1, 10)), LONGEST_WAIT)


def _postpone(letter: OutgoingLetter, error: str, report: Report) -> None:
    now: datetime = clock.now()
    if now - letter.created_at > GIVE_UP_AFTER:
        _fail(letter, error, report)
        return
    with entry():
        _write_down(letter, state=State.DUE, due_at=now + _wait(letter.attempts), last_error=error)
    report.postponed += 1


def _fail(letter: OutgoingLetter, error: str, report: Report) -> None:
    logger.warning("Letter %s to %s failed: %s", letter.message_id, letter.address, error)
    with entry():
        if _write_down(letter, state=State.FAILED, last_error=error, server_reply=error, failed_at=clock.now()):
            _failures().tell(letter, error)
    report.failed += 1


def bounced(letter: OutgoingLetter, said: str) -> None:
    """A letter that the mail server took came back for good. In the caller's transaction; once, also where several
    reports of it come at the same time."""
    error = f"bounced: {said}"
    rows = OutgoingLetter.objects.filter(pk=letter.pk).exclude(state=State.FAILED)
    if rows.update(state=State.FAILED, last_error=error, lease_until=None, failed_at=clock.now()):
        letter.refresh_from_db()
        _failures().tell(letter, error)


def again(letter_id: int) -> bool:
    """Try a failed letter anew, with its old Message-ID. False if it is not a failed one."""
    with entry():
        rows = OutgoingLetter.objects.filter(pk=letter_id, state=State.FAILED)
        done = bool(rows.update(state=State.DUE, due_at=clock.now(), created_at=clock.now(), attempts=0))
        if done and settings.EMAIL_URL:
            jobs.defer("mail.send_now", once="mail.send_now")
    return done

"""The first step of every letter that comes: its octets on disk and a row, committed, before anybody looks inside."""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime

from helpdesk.core import files
from helpdesk.core.db import entry
from helpdesk.core.plain import insert
from helpdesk.mail import addresses
from helpdesk.mail.models import RawLetter

_HEAD_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a letter was fetched from (RFC 9051 §2.3.1.1)."""

    mailbox: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Stored:
    """The row of a stored letter; `is_new`: nobody has looked at it yet."""

    row_id: int
    is_new: bool


def keep(octets: bytes, *, mailbox: str = "", at: datetime, source: Source | None = None) -> Stored:
    """Store a letter: the same octets for the same mailbox are one letter.

    When this returns the letter is safe (files and row flushed). Raises OSError and database errors: then it is not.
    """
    stored = files.store(octets)
    row = RawLetter(
        blob_id=stored.sha256, size=stored.size, destination=addresses.bare(mailbox)[:320], received_at=at,
        mailbox=source.mailbox[:320] if source else "", uidvalidity=source.uidvalidity if source else None,
        uid=source.uid if source else None,
    )  # fmt: skip
    with entry():
        files.ensure_rows([stored])
        if insert(row, quietly=True):
            return Stored(row.pk, is_new=True)
        found = RawLetter.objects.filter(blob_id=stored.sha256, destination=row.destination).first()
        if found is None and source is not None:  # the mailbox gave other octets under the same number
            row.mailbox, row.uidvalidity, row.uid = source.mailbox[:320], None, None
            row.save(force_insert=True)
            found = row
    assert found is not None
    return Stored(found.pk, is_new=False)


def content_key(octets: bytes, *, message_id: str | None, sender: str, subject: str, form: str) -> str:
    """What is equal for one letter that came two ways: id, sender, subject, form, body, whatever servers added above.

    Empty without a Message-ID. Another body under the same id is another letter: nobody can have a letter
    swallowed by sending its id first.
    """
    if not message_id:
        return ""
    end = _HEAD_END.search(octets)
    body = octets[end.end() :] if end else b""
    facts = f"{message_id}\0{sender}\0{subject}\0{form}".encode("utf-8", "surrogatepass")
    return hashlib.sha256(facts + b"\0" + body.replace(b"\r\n", b"\n").rstrip()).hexdigest()

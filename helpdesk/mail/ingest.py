"""What becomes of a letter: stored, read outside any transaction, then acted upon in one. Lost never, answered once."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db.models import F

from helpdesk.core import clock, db, files
from helpdesk.core.db import entry
from helpdesk.core.errors import Refusal
from helpdesk.core.plain import Columns, update
from helpdesk.core.text.safe import one_line
from helpdesk.mail import addresses, flood, mailboxes, outbox, raw, sorting, writing
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.mail.parse import Letter, parse
from helpdesk.tickets.models import Article

logger = logging.getLogger("helpdesk.mail")

ATTEMPTS = 3
MERGES = 5  # how often a letter follows a request that is merged just when it comes
RETAKEN_AFTER = timedelta(minutes=2)
LARGEST = 200 * 1024 * 1024  # octets: more is not even stored
Kind = RawLetter.Outcome
_ROW = Columns(RawLetter, "r")
_FOUND_OUT = (
    "state", "outcome", "reason", "from_address", "message_id", "content_key", "queue_id", "ticket_id", "article_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What `mail receive` prints of one letter."""

    trust: str
    outcome: str
    ticket: str | None = None
    article: int | None = None
    reason: str | None = None

    def as_json(self, file: str | None) -> dict[str, object]:
        """The contract's fields, in its order."""
        return {
            "file": file, "trust": self.trust, "outcome": self.outcome, "ticket": self.ticket,
            "article": self.article, "reason": self.reason,
        }  # fmt: skip


class TooLargeError(ValueError):
    """More octets than are taken at all: the letter stays with whoever brought it."""


def receive(
    octets: bytes, *, mailbox: str | None = None, at: datetime | None = None, source: raw.Source | None = None
) -> Outcome:
    """Take one letter (RFC 5322 octets). When this returns the letter is stored, whatever the outcome.

    `mailbox`: the address it was delivered for. The same letter again is a duplicate. Raises TooLargeError, OSError and
    database errors where it could not be stored.
    """
    if len(octets) > LARGEST:
        raise TooLargeError(f"a letter of {len(octets)} octets: at most {LARGEST} are taken")
    stored = raw.keep(octets, mailbox=mailbox or "", at=at or clock.now(), source=source)
    return process(stored.row_id, octets, is_new=stored.is_new)


def take_up_stored(limit: int = 200) -> int:
    """Letters that lie stored because their reader died. Returns how many were taken up."""
    waiting = RawLetter.objects.filter(state=RawLetter.State.STORED, received_at__lt=clock.now() - RETAKEN_AFTER)
    rows = list(waiting.order_by("received_at").values_list("pk", "blob_id")[:limit])
    for row_id, sha in rows:
        try:
            octets = files.read(sha)
        except OSError as error:
            _park(row_id, f"unreadable: {error}")
            continue
        if _begin(row_id):
            process(row_id, octets)
        else:
            _park(row_id, "gave_up: reading it failed several times")
    return len(rows)


def process(row_id: int, octets: bytes, *, is_new: bool = False) -> Outcome:
    """Make of a stored letter what it is. Never raises: what goes wrong is tried again, then parked.

    `is_new`: it was stored just now, so that it need not be looked up before it is read.
    """
    try:
        if not is_new:
            row = RawLetter.objects.select_related("ticket").get(pk=row_id)
            if row.state == RawLetter.State.DONE:
                return _told(row, again=True)
            if row.state == RawLetter.State.FAILED and row.attempts >= ATTEMPTS:
                return _told(row)  # its readers died of it: a mail server that brings it again must not kill more
        if not octets.strip():
            return _empty(row_id)
        if len(octets) > settings.MAX_POST_MB * 1024 * 1024:
            return _park(row_id, f"too_large: {len(octets)} octets")
        letter = parse(octets)
        kept = writing.keep_files(letter)
        refused = ""
        for _attempt in range(MERGES):
            try:
                return _act(row_id, octets, letter, kept, refused=refused)
            except Refusal as refusal:
                if refusal.code == "merged_meanwhile":  # it goes to the one that its request has just become part of
                    continue
                if refused:
                    raise
                logger.info("Letter %s: %s, becomes a new request", row_id, refusal.code)
                refused = refusal.code  # the request does not take it: then it is a request of its own
        return _act(row_id, octets, letter, kept, refused=refused or "merged_meanwhile")
    except Exception as error:
        logger.exception("Letter %s could not be read", row_id)
        return Outcome("unknown", Kind.QUARANTINED, reason=one_line(f"error: {type(error).__name__}: {error}", 300))


def release(row_id: int) -> Outcome | None:
    """Let a letter pass that was laid aside (`queries.parked`), whatever the limits. None if it is not there."""
    with entry():
        rows = RawLetter.objects.filter(pk=row_id, state=RawLetter.State.FAILED)
        found = rows.update(state=RawLetter.State.STORED, outcome="", reason=flood.RELEASED, attempts=0)
    sha = RawLetter.objects.filter(pk=row_id).values_list("blob_id", flat=True).first() if found else None
    return process(row_id, files.read(sha)) if sha else None


def _begin(row_id: int) -> bool:
    """Count the attempt before anything can go wrong with it; False if there were enough."""
    with entry():
        rows = RawLetter.objects.filter(pk=row_id, attempts__lt=ATTEMPTS)
        return bool(rows.update(attempts=F("attempts") + 1))


def _park(row_id: int, reason: str) -> Outcome:
    """Lay a letter aside for people to look at; it is kept."""
    logger.warning("Letter %s is parked: %s", row_id, reason)
    with entry():
        rows = RawLetter.objects.filter(pk=row_id).exclude(state=RawLetter.State.DONE)
        rows.update(state=RawLetter.State.FAILED, outcome=Kind.QUARANTINED, reason=one_line(reason, 300))
    return Outcome("unknown", Kind.QUARANTINED, reason=one_line(reason, 300))


def _empty(row_id: int) -> Outcome:
    """Laid aside: a letter may have been lost on its way, and only people can ask. Let pass, it is left alone."""
    with entry():
        row = _locked(row_id)
        released = row.reason == flood.RELEASED
        return _done(row, Kind.IGNORED if released else Kind.QUARANTINED, "empty: nothing stands in the letter")


def _act(row_id: int, octets: bytes, letter: Letter, kept: writing.Kept, *, refused: str) -> Outcome:
    """One transaction: decide and do. `refused`: why the request that it answers did not take it."""
    with entry():
        row = _locked(row_id)
        if row.state == RawLetter.State.DONE:  # another reader was quicker
            return _told(row, again=True)
        name, address = sorting.sender_of(letter)
        row.from_address = one_line(address, 320)
        row.message_id = one_line(letter.message_id or "", 998)
        boxes = mailboxes.read()
        row.queue_id = boxes.queue_of(sorting.recipients(letter, row.destination))
        row.content_key = raw.content_key(
            octets, message_id=letter.message_id, sender=address, subject=letter.subject, form=_form(letter)
        )
        if twin := _twin(row):
            row.ticket_id, row.article_id = twin.ticket_id, twin.article_id
            return _done(row, Kind.DUPLICATE, "same_letter: it came by another way before")
        if addresses.loop_mark() in letter.loops or addresses.bare(address) in boxes.own:
            return _done(row, Kind.IGNORED, "own_letter: it comes from this desk itself")
        if letter.bounce is not None:
            return _bounced(row, letter)
        if row.queue_id is None:
            return _done(row, Kind.QUARANTINED, "no_queue: there is none")
        limits = flood.Limits() if row.reason == flood.RELEASED else boxes.limits
        if flood.sender_is_over(address, limits, at=clock.now()):
            return _done(row, Kind.QUARANTINED, "flood: too many letters of this sender within an hour")
        result = writing.write(row, letter, kept, name=name, address=address, refused=refused, limits=limits)
        return _done(row, result.outcome, result.reason, article=result.article)


def _locked(row_id: int) -> RawLetter:
    """The row, for this transaction alone."""
    rows = db.fetch(f"SELECT {_ROW.sql} FROM mail_rawletter r WHERE r.id = %s FOR UPDATE", [row_id])  # noqa: S608  its own columns
    row = _ROW.take(rows[0]) if rows else None
    if row is None:
        raise RawLetter.DoesNotExist
    return row


def _form(letter: Letter) -> str:
    """The headers that say how the body is to be read."""
    return "\n".join(value for name, value in letter.headers if name.lower().startswith("content-"))


def _twin(row: RawLetter) -> RawLetter | None:
    """The same letter, come by another way to the same queue. Two at once: the second waits for the first."""
    if not row.content_key:
        return None
    key = int.from_bytes(sha256(f"{row.content_key}:{row.queue_id}".encode()).digest()[:8], signed=True)
    db.fetch("SELECT pg_advisory_xact_lock(%s)", [key])
    rows = db.fetch(
        f"SELECT {_ROW.sql} FROM mail_rawletter r WHERE r.content_key = %s AND r.queue_id IS NOT DISTINCT FROM %s"  # noqa: S608  the model's own columns
        " AND r.state = 'done' AND r.outcome <> 'duplicate' AND r.id <> %s ORDER BY r.id LIMIT 1",
        [row.content_key, row.queue_id, row.pk],
    )
    return _ROW.take(rows[0]) if rows else None


def _bounced(row: RawLetter, letter: Letter) -> Outcome:
    """A report that a letter of ours did not arrive marks that letter. Reports are never answered."""
    assert letter.bounce is not None
    bounce = letter.bounce
    ours = OutgoingLetter.objects.filter(message_id=(bounce.original_message_id or "")[:250]).first()
    said = one_line(f"{bounce.status or ''} {bounce.recipient or ''}".strip(), 200)
    if ours is None:
        return _done(row, Kind.BOUNCE, one_line(f"of_no_letter_of_ours: {said}", 300))
    row.ticket_id = ours.ticket_id
    if bounce.permanent:
        outbox.bounced(ours, said)
    return _done(row, Kind.BOUNCE, one_line(f"{'permanent' if bounce.permanent else 'temporary'}: {said}", 300))


def _done(row: RawLetter, outcome: str, reason: str = "", *, article: Article | None = None) -> Outcome:
    state = RawLetter.State.FAILED if outcome == Kind.QUARANTINED else RawLetter.State.DONE
    row.state, row.outcome, row.reason = state, outcome, one_line(reason, 300)
    if article is not None:
        row.article, row.ticket = article, article.ticket
    update(row, _FOUND_OUT)
    return _told(row)


def _told(row: RawLetter, *, again: bool = False) -> Outcome:
    return Outcome(
        trust=row.trust,
        outcome=Kind.DUPLICATE.value if again else str(row.outcome),
        ticket=row.ticket.number if row.ticket else None,
        article=row.article_id,
        reason=("same_letter: stored before" if again else row.reason) or None,
    )

"""Turns a letter into a request or an article, by the domain's verbs. Runs inside the letter's one transaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from helpdesk.accounts.actions import contact_for
from helpdesk.accounts.models import Person
from helpdesk.accounts.queries import find_by_address
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor, Cause, system
from helpdesk.core.richtext import LIMIT, RichText
from helpdesk.core.text.beginning import beginning
from helpdesk.core.text.safe import one_line
from helpdesk.core.text.sanitise import clean
from helpdesk.mail import auto_answers, flood, sorting, threads
from helpdesk.mail.models import RawLetter
from helpdesk.mail.parse import Letter, Mailbox
from helpdesk.notices import actions as bell
from helpdesk.tickets import actions, rows
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import AutoAnswer, LetterFacts, NewFile, StateMove
from helpdesk.tickets.actions.base import FILES_LIMIT, SUBJECT_LIMIT
from helpdesk.tickets.models import Article, Channel, Link, Phase, Queue, Ticket

Kept = Mapping[str, files.Stored]  # sha256 → content on disk
Kind = RawLetter.Outcome
RECIPIENTS = 100


@dataclass(frozen=True, slots=True)
class Result:
    """What a letter became."""

    outcome: RawLetter.Outcome
    article: Article | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Sender:
    """Who wrote, as the letter says, the people who have this address, and how much is taken of strangers."""

    name: str
    address: str
    people: list[Person]
    limits: flood.Limits


def keep_files(letter: Letter) -> Kept:
    """Store what is attached, before the transaction."""
    return {part.sha256: files.store(part.content) for part in letter.attachments[:FILES_LIMIT]}


def write(
    row: RawLetter, letter: Letter, kept: Kept, *, name: str, address: str, refused: str, limits: flood.Limits
) -> Result:
    """Answer of a request, or a new one. `refused`: that request did not take the answer: a new one it is.

    Raises Refusal; nothing of the transaction may be kept then.
    """
    people = find_by_address(address)
    found = sorting.answered(letter, row.destination, people)
    sender = _Sender(name, address, people, limits)
    if isinstance(found, sorting.Miss):
        return _open(row, letter, kept, sender, reason=found.reason)
    if refused:
        reason = f"{refused}: request {found.ticket.number} takes no answer of this sender"
        return _open(row, letter, kept, sender, reason=reason, after=found.ticket)
    if found.person.is_agent:
        return _note(row, letter, kept, found)
    return _follow_up(row, letter, kept, found)


def _follow_up(row: RawLetter, letter: Letter, kept: Kept, found: sorting.Match) -> Result:
    """A client's answer. One that a machine wrote is kept, and moves and rings nothing."""
    then = None
    by = Actor(found.person.pk, Cause.MAIL)
    if letter.auto_submitted:
        ticket = rows.locked(found.ticket.pk)
        if ticket.phase == Phase.CLOSED and ticket.queue.follow_up != Queue.FollowUp.REOPEN:
            row.ticket_id = ticket.pk
            return Result(Kind.IGNORED, None, f"automatic: {letter.auto_reason}; the request is closed")
        then = StateMove(ticket.state_id, until=ticket.pending_until)
    body = _body(letter)
    article = actions.reply(
        found.ticket.pk, by=by, body=body, attachments=_files(row, letter, kept, body), then=then,
        channel=Channel.MAIL, letter=_facts(letter), at=row.received_at, quiet=letter.auto_submitted,
    )  # fmt: skip
    same = article.ticket_id == found.ticket.pk
    if same and not letter.auto_submitted:
        _note_reading(letter, article, by)
    return Result(
        Kind.FOLLOW_UP if same else Kind.NEW_TICKET,
        article,
        f"automatic: {letter.auto_reason}" if letter.auto_submitted else "",
    )


def _note_reading(letter: Letter, article: Article, by: Actor) -> None:
    """Whoever answers a letter of ours has read it, and their news are read, unless the desk has said more since: that
    one may be unseen."""
    ids = threads.mentioned(letter.in_reply_to, letter.references)
    seen = threads.newest_answered(ids, ticket_id=article.ticket_id, person_id=by.person)
    if not seen:
        return
    is_all = not rows.said_between(article.ticket_id, after=seen, before=article.seq, besides=by.person_id)
    actions.mark_read(article.ticket_id, by=by, seq=article.seq if is_all else seen)
    if is_all:
        bell.mark_read(by.person, ticket_id=article.ticket_id)


def _note(row: RawLetter, letter: Letter, kept: Kept, found: sorting.Match) -> Result:
    """An agent's answer to a notice: for the desk alone, since a letter does not prove well enough who wrote it."""
    row.ticket_id = found.ticket.pk
    if letter.auto_submitted:
        return Result(Kind.IGNORED, None, f"automatic: {letter.auto_reason}; of a colleague")
    body = _body(letter)
    article = actions.note(
        found.ticket.pk, by=Actor(found.person.pk, Cause.MAIL), body=body,
        attachments=_files(row, letter, kept, body), channel=Channel.MAIL, letter=_facts(letter), at=row.received_at,
    )  # fmt: skip
    return Result(Kind.FOLLOW_UP, article, "internal_note: an agent's answer by mail is for the desk alone")


def _open(
    row: RawLetter,
    letter: Letter,
    kept: Kept,
    sender: _Sender,
    *,
    reason: str = "",
    after: Ticket | None = None,
) -> Result:
    """A new request of the sender in the queue that the letter came for, unless strangers wrote too many to it."""
    assert row.queue_id is not None
    known = sorting.known_sender(sender.name, sender.people)
    is_stranger = known is None or known.kind == Person.Kind.CONTACT
    if is_stranger and flood.strangers_are_over(row.queue_id, sender.limits, at=clock.now()):
        return Result(Kind.QUARANTINED, None, "flood: too many new senders wrote to this mailbox within an hour")
    person = known or contact_for(sender.address, sender.name, language=settings.LANGUAGE_CODE, at=row.received_at)
    by, body = _acting(person, after), _body(letter)
    article = actions.open_ticket(
        by=by, author_id=person.pk, queue_id=row.queue_id, subject=_subject(letter), body=body,
        attachments=_files(row, letter, kept, body), channel=Channel.MAIL, letter=_facts(letter),
        auto_answer=_auto_answer(letter, person, sender, row), at=row.received_at,
    )  # fmt: skip
    if after is not None and after.phase == Phase.CLOSED and after.author_id == person.pk:
        actions.link(
            after.pk, by=system(Cause.MAIL), to_id=article.ticket_id, kind=Link.Kind.FOLLOW_UP, at=row.received_at
        )
    return Result(Kind.NEW_TICKET, article, reason)


def _acting(person: Person, after: Ticket | None) -> Actor:
    """Who opens the request: its sender, where the verb will take it as their own act.

    An agent who writes to the desk is a sender like anybody; and who may not write for their company is still heard.
    """
    own = Actor(person.pk, Cause.MAIL)
    if person.is_agent or after is not None:
        return system(Cause.MAIL)
    access = access_of(own)
    return own if not access.companies or access.writes else system(Cause.MAIL)


def _auto_answer(letter: Letter, person: Person, sender: _Sender, row: RawLetter) -> AutoAnswer:
    """Nothing to machines and to nobody (RFC 3834 §2); to strangers not twice a day, and not to very many in an hour:
    with forged senders the desk would be the one that floods. Who is known has each of their requests confirmed, up to
    some in an hour: a program that answers for them without saying so would go on for ever."""
    if letter.auto_submitted or letter.return_path == "" or sender.address == sorting.UNKNOWN:
        return AutoAnswer.NONE
    if person.kind != Person.Kind.CONTACT:
        is_loop = flood.confirmations_are_over(sender.address, at=clock.now())
        return AutoAnswer.NONE if is_loop else AutoAnswer.QUEUE
    silent = auto_answers.recent(sender.address, at=row.received_at) or flood.answers_are_over(
        sender.limits, at=clock.now()
    )
    return AutoAnswer.NONE if silent else AutoAnswer.QUEUE


def _subject(letter: Letter) -> str:
    line = one_line(sorting.without_number(letter.subject), SUBJECT_LIMIT)
    if line:
        return line
    with translation.override(settings.LANGUAGE_CODE):
        return _("(no subject)").replace("\xa0", " ")  # stored, so without typography


def _body(letter: Letter) -> RichText:
    """What the sender wrote now; all of it where they wrote nothing now (a letter sent on without a word).

    The markup is kept as well: the whole of it, or where something is folded away the part that says the very same, if
    the letter begins with it.
    """
    text = (letter.visible_text if letter.visible_text.strip() else letter.text)[:LIMIT]
    if letter.html is None or len(letter.html) > 4 * LIMIT:
        return RichText(text)
    if _folded(letter):
        return RichText(text, beginning(clean(letter.html).html, text))
    return RichText(text, letter.html)


def _folded(letter: Letter) -> str:
    return letter.folded_text if letter.visible_text.strip() and letter.folded_text.strip() else ""


def _files(row: RawLetter, letter: Letter, kept: Kept, body: RichText) -> list[NewFile]:
    """The attachments; the letter itself as a file where not all of it fits into an article. A picture of what is
    folded away, which no markup shows, is a file like others."""
    html, whole_markup = body.html or "", not _folded(letter)
    new = [
        NewFile(
            kept[part.sha256], part.filename, part.content_type,
            inline=part.inline and bool(html) and (whole_markup or f'"cid:{part.content_id}"' in html),
            content_id=part.content_id or "",
        )
        for part in letter.attachments[:FILES_LIMIT]
    ]  # fmt: skip
    if len(letter.attachments) > FILES_LIMIT or len(letter.text) > LIMIT:
        whole = NewFile(files.Stored(row.blob_id, row.size), "letter.eml", "message/rfc822")
        new = [*new[: FILES_LIMIT - 1], whole]
    return new


def _facts(letter: Letter) -> LetterFacts:
    message_id = letter.message_id or ""
    return LetterFacts(
        from_address=_named(letter.from_) if letter.from_ else "",
        to=_boxes(letter.to),
        cc=_boxes(letter.cc),
        subject=letter.subject,
        message_id=message_id if len(message_id) <= 998 else "",
        folded_text=_folded(letter),
    )


def _named(box: Mailbox) -> str:
    return f"{box.name} <{box.address}>" if box.name else box.address


def _boxes(boxes: list[Mailbox]) -> list[dict[str, str]]:
    return [{"name": one_line(b.name, 200), "address": one_line(b.address, 320)} for b in boxes[:RECIPIENTS]]

"""What all verbs share: locking, writing the changed columns with one event, adding an article, repeated forms."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from helpdesk.core import bus, clock, db, files
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Conflict, Invalid, NotFound, Problem
from helpdesk.core.plain import Columns, insert, update
from helpdesk.core.richtext import RichText
from helpdesk.core.text.safe import file_name, one_line, snippet, storable
from helpdesk.tickets import dictionary, numbers, policies, rows, ties, workflow
from helpdesk.tickets.access import Access, access_of
from helpdesk.tickets.events import ArticleAdded, TicketChanged
from helpdesk.tickets.models import (
    Article,
    Attachment,
    Channel,
    Phase,
    State,
    StateType,
    Submission,
    Ticket,
    TicketEvent,
    WaitsFor,
)

_TICKET = Columns(Ticket, "t")
SUBJECT_LIMIT = 200
FILES_LIMIT = 100  # of one article
_FIGURE = 21  # characters of each figure in a form's digest: three of them
_HOLD = "pg_advisory_xact_lock(hashtextextended(%s, 0))"  # the key of one person's form, until the commit
# What can be undone, by the field of its event: all columns that such an act may change.
REVERSIBLE = {
    "owner": ("owner_id",), "responsible": ("responsible_id",), "queue": ("queue_id",), "priority": ("priority_id",),
    "category": ("category_id",), "type": ("type_id",), "subject": ("subject",), "lock": ("locked_by_id",),
    "due_at": ("due_at", "due_by_id", "told_seq"),
    "state": ("state_id", "phase", "waits_for", "pending_until", "closed_at", "told_seq"),
    "tags": (),
    # of a merge: what it does to the request that it merges, and to the one that this becomes part of
    "merge": ("state_id", "phase", "waits_for", "pending_until", "closed_at", "merged_into_id", "part_of_id"),
    "part": ("waits_for", "due_at", "due_by_id"),
}  # fmt: skip
COPIES_FOR = timedelta(minutes=15)  # how long the very same from another copy of a form is asked about


class AutoAnswer(StrEnum):
    """Whether opening a request is answered by the queue's automatic text."""

    QUEUE = "queue"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class StateMove:
    """A state to go to; `until` is the time of a reminder, or of the closing instead of the state's own delay."""

    code: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that lies stored already, about to be attached."""

    stored: files.Stored
    filename: str
    content_type: str = "application/octet-stream"
    inline: bool = False
    content_id: str = ""
    field: str = ""  # the queue's own field that it was chosen for


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What an article keeps of the letter that it was (RFC 5322 words)."""

    from_address: str = ""
    to: Sequence[dict[str, str]] = ()
    cc: Sequence[dict[str, str]] = ()
    subject: str = ""
    message_id: str = ""
    folded_text: str = ""


@dataclass(slots=True)
class Act:
    """One act upon one locked request: collects what changes, then writes it at once."""

    ticket: Ticket
    by: Actor
    access: Access
    at: datetime
    changed: set[str] = field(default_factory=set)
    was: dict[str, Any] = field(default_factory=dict)  # columns changed since the last event, as they were before

    def set(self, **values: Any) -> None:
        for name, value in values.items():
            column = _column(name)
            self.was.setdefault(column, getattr(self.ticket, column))
            setattr(self.ticket, name, value)
            self.changed.add(name)

    def event(
        self,
        verb: str,
        *,
        field: str = "",
        old: Any = None,
        new: Any = None,
        note: str = "",
        article: Article | None = None,
        batch: UUID | None = None,
        undoes: TicketEvent | None = None,
    ) -> TicketEvent:
        """Append one line to the history. `batch`: what the lines of one press upon many requests share; `undoes`:
        the line that this one takes back."""
        self.set(last_event_seq=self.ticket.last_event_seq + 1)
        line = TicketEvent(
            ticket=self.ticket, seq=self.ticket.last_event_seq, actor_id=self.by.person_id, cause=self.by.cause,
            verb=verb, field=field, old=old, new=new, note=one_line(note, 300), article=article, batch=batch,
            undoes=undoes, before=self._before(field) if article is None else None,
            happened_at=self.at, recorded_at=clock.now(),
        )  # fmt: skip
        insert(line)
        self.was.clear()
        return line

    def _before(self, field: str) -> dict[str, Any] | None:
        """Of the columns that the field stands for, those that have changed, as they were, fit for JSON."""
        kept = {column: self.was[column] for column in REVERSIBLE.get(field, ()) if column in self.was}
        plain = {column: one.isoformat() if isinstance(one, datetime) else one for column, one in kept.items()}
        return plain if field in REVERSIBLE else None

    def save(self) -> None:
        """Write the changed columns, and only those."""
        self.set(changed_at=max(self.at, self.ticket.changed_at))
        update(self.ticket, sorted({_column(name) for name in self.changed}))
        self.changed.clear()

    def note_down(self, event: TicketEvent) -> TicketEvent:
        """Write an event that leaves the request as it is, which therefore counts as unchanged; hand it back."""
        update(self.ticket, ["last_event_seq"])
        self.changed.clear()
        bus.publish(TicketChanged(self.ticket, event, self.by))
        return event

    def finish(self, event: TicketEvent) -> TicketEvent:
        """Write, tell the other rooms, and hand the event back."""
        self.save()
        bus.publish(TicketChanged(self.ticket, event, self.by))
        return event


def _column(name: str) -> str:
    """The attribute behind a name: `state` is kept as `state_id`."""
    return str(Ticket._meta.get_field(name).attname)  # type: ignore[union-attr]  # noqa: SLF001


def locked(
    ticket_id: int, *, by: Actor, at: datetime | None = None, despite: Callable[[Ticket], bool] | None = None
) -> Act:
    """The request, locked until the commit, if this actor sees it, or `despite` says so; else NotFound. Conflict
    `merged_meanwhile` where it has become part of another one: whoever acts goes on there."""
    act = locked_itself(ticket_id, by=by, at=at, despite=despite)
    if act.ticket.phase == Phase.MERGED:
        raise Conflict("merged_meanwhile", number=numbers.shown(act.ticket.number))
    return act


def locked_itself(
    ticket_id: int, *, by: Actor, at: datetime | None = None, despite: Callable[[Ticket], bool] | None = None
) -> Act:
    """As `locked`, for the verbs that a merged request takes as well."""
    access = access_of(by)
    # Its queue and state hang on it afterwards: a join that had to wait for the lock would compare the new state's code
    # with the row of the old state, and find nothing.
    sql = f"SELECT {_TICKET.sql} FROM tickets_ticket t WHERE t.id = %s FOR UPDATE"  # noqa: S608  the model's columns
    found = _TICKET.all(db.fetch(sql, [ticket_id]))
    if not found:
        raise NotFound
    ticket = found[0]
    dictionary.hang(by, ticket)
    takes_part = not access.is_agent and rows.observes(ticket, access.person_id)
    reaches = policies.may_reach(access, ticket, takes_part=takes_part, by_mail=by.cause is Cause.MAIL)
    if not reaches and not (despite and despite(ticket)):
        raise NotFound
    return Act(ticket, by, access, at or clock.now())


def refuse_stale(
    act: Act, seen: int | None, *, fields: Iterable[str] = (), articles: bool = False, notes: bool = True,
    code: str = "answered_meanwhile",
) -> None:  # fmt: skip
    """Raise Conflict if, since the event `seen`, somebody else changed one of `fields` or added an article that
    this actor sees; a note only where `notes` count, or, beside `articles`, locked the request. `code`: what such an
    article stops."""
    if seen is None or act.ticket.last_event_seq <= seen:
        return
    newer = act.ticket.events.filter(seq__gt=seen).exclude(actor_id=act.by.person_id)
    if articles:
        written = newer.filter(article__isnull=False).exclude(article__sender="system")
        if act.access.is_client or not notes:
            written = written.filter(article__visible_to_client=True)
        if clash := written.select_related("actor", "article").last():
            name = clash.actor.name if clash.actor else ""
            raise Conflict(code, by=clash.actor_id, name=name, kind=_kind(act, clash.article))
        _refuse_over_lock(act, seen)
    if (wanted := list(fields)) and (clash := newer.filter(field__in=wanted).select_related("actor").last()):
        by = clash.actor.name if clash.actor else ""
        raise Conflict("changed_by" if by else "changed_meanwhile", field=clash.field, by=clash.actor_id, name=by)


def _refuse_over_lock(act: Act, seen: int) -> None:
    """Raise Conflict where somebody else has locked the request since the event `seen`: whoever did not know of it is
    told before they answer or close; with a newer `seen` it goes through."""
    holder = act.ticket.locked_by_id
    if holder in {None, act.by.person_id} or not act.access.is_agent:
        return
    newer = act.ticket.events.filter(seq__gt=seen, verb="locked", new=holder).select_related("actor").last()
    if newer is not None:
        raise Conflict("locked_meanwhile", by=holder, name=newer.actor.name if newer.actor else "")


def _kind(act: Act, article: Article | None) -> str:
    """What an article is to the actor: note, letter (a client's, to the desk), answer."""
    if article is None or act.access.is_client:
        return "answer"
    return "note" if article.is_note else "letter" if article.sender == "client" else "answer"


def columns_of(before: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an event keeps as they were, as the request takes them."""
    moments = {"due_at", "pending_until", "closed_at"}
    return {
        column: datetime.fromisoformat(value) if column in moments and value else value
        for column, value in before.items()
    }


def set_state_columns(act: Act, target: State, *, until: datetime | None) -> None:
    """The columns that follow from a state: phase, closing time, time of reminder or automatic closing."""
    kind = StateType(target.type)
    phase = workflow.phase_of(kind)
    if kind is StateType.PENDING_AUTO or target.closes_after:
        until = until or act.at + timedelta(seconds=target.closes_after or 0)
    elif target.code != "reminder":
        until = None
    act.set(state=target, phase=phase, pending_until=until)
    if phase is not Phase.OPEN:
        act.set(closed_at=act.ticket.closed_at or act.at)
    elif act.ticket.closed_at is not None:
        act.set(closed_at=None)


def ask_of_children(act: Act, target: State) -> None:
    """Raise Conflict `open_children` where a state closes the request and others that belong to it are open."""
    closes = act.ticket.phase == Phase.OPEN and StateType(target.type) is StateType.CLOSED
    if closes and (found := ties.open_children(act.by, act.ticket.pk)):
        raise Conflict("open_children", numbers=", ".join(numbers.shown(one.number) for one in found))


def tell_clients(act: Act) -> None:
    """The event that comes next is news for the client's side, which reads no word of it: told, and unread until they
    look. Not what a client does themselves, nor a past that is brought along."""
    if not act.access.is_client and act.by.cause is not Cause.IMPORT:
        act.set(told_seq=act.ticket.last_event_seq + 1)


def fact(state: State) -> workflow.StateFact:
    """A state as the workflow's table knows it."""
    return workflow.StateFact(
        state.code, StateType(state.type), WaitsFor(state.waits_for), active=state.inactive_at is None
    )


def target_state(code: str, *, field: str = "next_state") -> State:
    """A state by its code. Raises Invalid for an unknown one, at `field`."""
    state = State.objects.filter(pk=code).first() if code == storable(code) else None
    if state is None:
        raise Invalid(Problem(field, "unknown_state", {"state": code[:50]}))
    return state


@contextmanager
def noted(wrong: list[Problem]) -> Iterator[None]:
    """Collect what is Invalid: people read all that is wrong at once, not one after another."""
    try:
        yield
    except Invalid as refusal:
        wrong += refusal.problems


def check_body(body: RichText, attachments: Sequence[NewFile], *, needed: bool = True) -> None:
    """Raise Invalid for an empty or endless text, or too many files."""
    if needed and body.is_empty and not attachments:
        raise Invalid(Problem("body", "empty"))
    if body.is_too_long:
        raise Invalid(Problem("body", "too_long", {"length": len(body.text), "limit": 1_000_000}))
    if len(attachments) > FILES_LIMIT:
        raise Invalid(Problem("attachments", "too_many", {"count": len(attachments), "limit": FILES_LIMIT}))


def check_subject(subject: str) -> str:
    """The subject in one line. Raises Invalid if it is empty or too long."""
    line = one_line(subject, 10_000)
    if not line:
        raise Invalid(Problem("subject", "empty"))
    if len(line) > SUBJECT_LIMIT:
        raise Invalid(Problem("subject", "too_long", {"length": len(line), "limit": SUBJECT_LIMIT}))
    return line


def add_article(
    act: Act,
    *,
    sender: str,
    channel: Channel,
    body: RichText,
    visible: bool,
    author_id: int | None,
    attachments: Sequence[NewFile] = (),
    letter: LetterFacts | None = None,
    quiet: bool = False,
) -> tuple[Article, tuple[Attachment, ...]]:
    """Write an article and its files, and the columns of the request that speak of the last article that its client
    sees. `quiet`: it counts as nobody's word."""
    letter = letter or LetterFacts()
    ticket = act.ticket
    seq = ticket.articles_count + 1
    article = Article(
        ticket=ticket, seq=seq, channel=channel, sender=sender, author_id=author_id, visible_to_client=visible,
        from_address=one_line(letter.from_address, 500), to_addresses=list(letter.to), cc_addresses=list(letter.cc),
        subject=one_line(letter.subject, 300), text=storable(body.text), html=storable(body.html),
        folded_text=storable(letter.folded_text), message_id=one_line(letter.message_id, 998), created_at=act.at,
    )  # fmt: skip
    insert(article)
    act.set(articles_count=seq)
    if visible:
        act.set(last_visible_seq=seq)
        if sender != "client" and ticket.undelivered:
            act.set(undelivered=False)  # whether it arrives is asked of the newest word alone
    if visible and not quiet and sender != "system":
        act.set(last_article_at=max(act.at, ticket.last_article_at), last_article_by_id=author_id)
        act.set(snippet=snippet(body.running, 200))
        act.set(**{"last_client_at" if sender == "client" else "last_agent_at": act.at})
    if sender == "agent" and visible and ticket.first_answer_at is None:
        act.set(first_answer_at=act.at)
    return article, attach(article, attachments)


def attach(article: Article, attachments: Sequence[NewFile]) -> tuple[Attachment, ...]:
    """The rows of an article's files."""
    if not attachments:
        return ()
    files.ensure_rows(new.stored for new in attachments)
    return tuple(
        Attachment.objects.bulk_create(
            [
                Attachment(
                    article=article, blob_id=new.stored.sha256, position=position, filename=file_name(new.filename),
                    content_type=one_line(new.content_type, 200) or "application/octet-stream", size=new.stored.size,
                    inline=new.inline, content_id=one_line(new.content_id, 300),
                )
                for position, new in enumerate(attachments)
            ]
        )
    )  # fmt: skip


def publish_article(
    act: Act, article: Article, attachments: tuple[Attachment, ...], event: TicketEvent, *, automatic: bool = False,
    mentioned: tuple[int, ...] = (),
) -> None:  # fmt: skip
    """Tell the other rooms of an article, and whom it names."""
    bus.publish(ArticleAdded(act.ticket, article, attachments, event, act.by, automatic, mentioned))


def _digest(
    said: Sequence[object], typed: Sequence[object], choices: Sequence[object], attachments: Sequence[NewFile]
) -> str:
    """What a form sends, as three figures in one text: of what it says, of that with all else that was typed, and of
    that with all choices and files.

    A text counts by its words: after the browser's «back» it comes without formatting, choices and files.
    """
    words = [" ".join(part.text.split()) if isinstance(part, RichText) else str(part) for part in said]
    sent = [f"{new.stored.sha256}:{new.filename}" for new in attachments]
    core = words if all(words) else [*words, *sent]  # files alone are told apart by themselves
    filled = [*map(str, typed)]
    return _figure(core) + _figure([*core, *filled]) + _figure([*words, *filled, *map(str, choices), *sent])


def says(digest: str, *said: object) -> bool:
    """Whether a form of this digest said the very same."""
    return digest[:_FIGURE] == _digest(said, (), (), ())[:_FIGURE]


def _figure(content: list[str]) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_FIGURE]


def claim(
    by: Actor,
    once: str | None,
    *said: object,
    typed: Sequence[object] = (),
    choices: Sequence[object] = (),
    attachments: Sequence[NewFile] = (),
    again: bool = False,
) -> Article | None:
    """Take the key of a form. The article of its first acceptance if there was one: a repeated request changes nothing.

    `said`: what it says and to what; `typed`: what else makes it another one; `choices`: what is chosen beside that.
    Two requests at once: the second waits here for the first one's commit. Raises Conflict `form_used` where the key
    came with something else before: that would be lost; `sent_already` where the same person said and typed the very
    same a moment ago in another copy of the form (the browser's «back»), with no other file, unless they say `again`.
    """
    if not once or by.person_id is None:
        return None
    digest = _digest(said, typed, choices, attachments)
    person, key, now = by.person_id, once[:64], clock.now()
    like, files_now = digest[: 2 * _FIGURE], [new.stored.sha256 for new in attachments]
    taken = db.fetch(
        f"""INSERT INTO tickets_submission (person_id, key, digest, created_at)
           SELECT %s, %s, %s, %s FROM (SELECT {_HOLD}) held
           ON CONFLICT (person_id, key) DO NOTHING RETURNING (
             SELECT t.number FROM tickets_submission s JOIN tickets_article a ON a.id = s.article_id
               JOIN tickets_ticket t ON t.id = a.ticket_id
              WHERE s.person_id = %s AND s.key <> %s AND left(s.digest, %s) = %s AND s.created_at > %s
                AND %s::text[] <@ ARRAY(SELECT f.blob_id::text FROM tickets_attachment f WHERE f.article_id = a.id)
              ORDER BY s.created_at DESC LIMIT 1)""",  # noqa: S608  our own text
        [person, key, digest, now, f"form:{person}:{key}", person, key, len(like), like, now - COPIES_FOR, files_now],
    )
    if taken:
        if taken[0][0] and not again:
            raise Conflict("sent_already", number=numbers.shown(taken[0][0]))
        return None
    done = Submission.objects.select_related("article__ticket").get(person_id=person, key=key)
    if done.digest != digest:
        raise Conflict("form_used", **_said(done.article))
    return done.article


def _said(article: Article | None) -> dict[str, object]:
    """By what its writer knows an article again: the request's number, and how it begins or its first file."""
    if article is None:
        return {"number": "", "said": ""}
    words = snippet(RichText(article.text, article.html).running, 80)
    words = words or next((file.filename for file in article.attachments.all()[:1]), "")
    return {"number": numbers.shown(article.ticket.number), "said": words}


def hold_key(by: Actor, key: str) -> None:
    """Wait for whoever sends or keeps a form of this key, and let others wait until the commit: a draft that is saved
    while its form is sent is either forgotten by the sending or comes too late."""
    db.fetch(f"SELECT 1 FROM (SELECT {_HOLD}) held", [f"form:{by.person}:{key[:64]}"])  # noqa: S608


def sent_by(by: Actor, once: str, *, hand: str, step: int) -> None:
    """Write down which page sent an accepted form: what it saves later came too late."""
    db.fetch(
        "UPDATE tickets_submission SET hand = %s, step = %s WHERE person_id = %s AND key = %s AND hand = ''"
        " RETURNING 1",
        [hand, step, by.person, once[:64]],
    )


def unclaimed(by: Actor, once: str) -> None:
    """Give the key of a form back that leads to nothing yet."""
    db.fetch(
        "DELETE FROM tickets_submission WHERE person_id = %s AND key = %s AND article_id IS NULL RETURNING 1",
        [by.person, once[:64]],
    )


def claimed(by: Actor, once: str | None, article: Article) -> None:
    """Write down what the form led to; its draft is none any more."""
    if once and by.person_id is not None:
        db.fetch(
            """WITH sent AS (DELETE FROM tickets_draft WHERE person_id = %s AND form_key = %s)
               UPDATE tickets_submission SET article_id = %s WHERE person_id = %s AND key = %s RETURNING 1""",
            [by.person_id, once[:64], article.pk, by.person_id, once[:64]],
        )

"""One conversation of the demo world, step by step, through the same verbs and the same mail room that people use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from helpdesk.accounts import actions as accounts
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import RichText, from_editor, from_plain
from helpdesk.demo import around
from helpdesk.demo.content import COMPANIES
from helpdesk.demo.content.placeholders import values
from helpdesk.demo.content.types import Company, Message
from helpdesk.demo.correspondence import Correspondence
from helpdesk.demo.files import FileCache
from helpdesk.demo.masters import World
from helpdesk.demo.plan import Planned
from helpdesk.mail.mailboxes import Mailboxes
from helpdesk.notices import actions as bell
from helpdesk.notices.audience import NEWS_FOR
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile, StateMove
from helpdesk.tickets.models import Channel

FRESH = timedelta(hours=20)  # news that the bell still shows as unread


@dataclass(frozen=True, slots=True)
class Desk:
    """What all conversations share: files made once, the clock's zone, the desk's mailboxes."""

    files: FileCache
    zone: ZoneInfo
    boxes: Mailboxes


class Replay:
    """Knows what comes next and when; `step` does it."""

    def __init__(self, world: World, planned: Planned, desk: Desk, rng: Random) -> None:
        self.world, self.planned, self.desk, self.rng = world, planned, desk, rng
        self.ticket_id: int | None = None
        self.last_seq = 0
        self._next = 0
        self._closes = False
        day = planned.start.astimezone(desk.zone).date()
        self._values = values(rng, at=day, company=_company(planned), client=planned.client)
        self._letters = Correspondence(world, planned, desk.boxes, desk.zone)
        self.next_at: datetime | None = around.due(planned.start, clock.now(), rng, desk.zone)

    def step(self, at: datetime) -> None:
        """Do what is due at `at` and set the time of the next step."""
        if self._closes:
            actions.close_due(self._ticket, at=at)
            self.next_at = None
            return
        message = self.planned.conversation.messages[self._next]
        if self._next == 0:
            self._open(message, at)
            around.opened(self.world, self.planned, self._ticket, self.rng, at=at)
        else:
            self._say(message, at)
        self._next += 1
        self.next_at = self._following(message, at)
        goes_on = self.next_at is not None and self.next_at <= clock.now() and not self._closes
        if not goes_on or self._next == len(self.planned.conversation.messages) - 1:
            self._read(at)  # what was read before that is read anyway

    @property
    def _ticket(self) -> int:
        if self.ticket_id is None:
            raise RuntimeError("the request is not opened yet")
        return self.ticket_id

    @property
    def _is_recent(self) -> bool:
        return self.planned.start > clock.now() - timedelta(days=25)

    def _following(self, message: Message, at: datetime) -> datetime | None:
        messages = self.planned.conversation.messages
        if self._next == len(messages) - 1 and self.planned.conversation.final_state == "autoclose" and self._is_recent:
            # finished within the last day: it waits to be closed when the demo world is looked at
            return max(at + timedelta(minutes=30), clock.now() - timedelta(hours=self.rng.uniform(1, 20)))
        if self._next < len(messages):
            return around.due(self._next_due(at), clock.now(), self.rng, self.desk.zone, since=at)
        if message.state == "autoclose":
            self._closes = True
            return at + timedelta(days=1, minutes=1)
        if self.planned.conversation.stays_open and self.rng.random() < 0.6:
            around.promise(self.world, self._ticket, self._agent(), self.rng, self.desk.zone, at=at)
        return None

    def _next_due(self, at: datetime) -> datetime:
        """When the next message would come by its own haste; what was planned up to now is said by now."""
        said, now = self.planned.conversation.messages[: self._next + 1], clock.now()
        after = at + timedelta(hours=said[-1].after_hours)
        planned = self.planned.start + timedelta(hours=sum(message.after_hours for message in said))
        return after if after <= now or planned > now else at + (now - at) / 2

    def _open(self, message: Message, at: datetime) -> None:
        conversation = self.planned.conversation
        if message.who == "client_mail":
            self._open_by_letter(message, at)
            return
        author, by = self._author()
        article = actions.open_ticket(
            by=by, author_id=author, queue_id=self.world.queues[conversation.queue].pk,
            subject=self._text(conversation.subject)[:200], body=self._body(message), priority=conversation.priority,
            category_id=self.world.categories[conversation.category].pk if conversation.category else None,
            values={key: self._text(value) for key, value in conversation.fields.items()},
            attachments=self._files(message), channel=Channel.PHONE if by.cause is Cause.PHONE else Channel.WEB, at=at,
        )  # fmt: skip
        self.ticket_id = article.ticket_id
        self.last_seq = article.ticket.last_visible_seq

    def _open_by_letter(self, message: Message, at: datetime) -> None:
        """A letter comes into the queue of its address; soon somebody of the desk puts it where it belongs."""
        conversation = self.planned.conversation
        article = self._write(message, at, subject=self._text(conversation.subject))
        self.ticket_id = article
        if conversation.final_state in {"new", "removed"} and conversation.queue in {"inbox", "subscribers"}:
            return  # nobody has looked at it yet
        around.sort_letter(self.world, self.planned, article, self.rng, at=at)

    def _write(self, message: Message, at: datetime, *, subject: str = "") -> int:
        """A letter of the client's side, with its files; the id of its request."""
        article = self._letters.write(
            message, self._text, at=at, subject=subject, ticket_id=self.ticket_id,
            attached=[self.desk.files.built(name, self.rng.randrange(3)) for name in message.files],
            picture=self.desk.files.built(message.picture, self.rng.randrange(3)) if message.picture else None,
        )  # fmt: skip
        self.world.letters.append(article.pk)
        self.last_seq = article.seq
        return article.ticket_id

    def _author(self) -> tuple[int, Actor]:
        """Who writes, and who acts: the client, an unknown sender of a letter, or an agent at the telephone."""
        conversation, client = self.planned.conversation, self.world.people[self.planned.client.login]
        if conversation.writer is not None:
            contact = accounts.contact_for(conversation.writer.address, conversation.writer.name)
            return contact.pk, self._unheard(contact.pk, Cause.MAIL)
        if conversation.channel == "phone":
            return client.pk, self._unheard(self.world.people[self.planned.agent.login].pk, Cause.PHONE)
        return client.pk, self._unheard(client.pk, Cause.WEB)

    def _say(self, message: Message, at: datetime) -> None:
        if message.who == "client_mail":
            self._write(message, at)
            return
        body, files = self._body(message), self._files(message)
        if message.who == "note":
            self._note(message, body, files, at)
            return
        by = self._agent() if message.who == "agent" else self._writer(message)
        article = actions.reply(
            self._ticket, by=by, body=body, attachments=files, then=self._move(message, at), channel=Channel.WEB, at=at
        )
        self.last_seq = article.seq
        if message.who == "agent":
            around.answered(self.world, self.planned, self._ticket, self.rng, at=at)

    def _note(self, message: Message, body: RichText, files: list[NewFile], at: datetime) -> None:
        actions.note(self._ticket, by=self._agent(), body=body, attachments=files, at=at)
        if message.state == "removed":
            lead = self.world.of("lead")
            actions.remove(self._ticket, by=lead, why=self._text(message.text)[:300], at=at)
        elif message.state:
            move = self._move(message, at) or StateMove("open")
            actions.set_state(self._ticket, by=self._agent(), to=move, at=at)

    def _writer(self, message: Message) -> Actor:
        if message.who == "colleague" and self.planned.colleague.sees == "company":
            return self._unheard(self.world.people[self.planned.colleague.login].pk, Cause.WEB)
        author, by = self._author()
        return self._unheard(author, Cause.MAIL if by.cause is Cause.MAIL else Cause.WEB)

    def _unheard(self, person_id: int, cause: Cause) -> Actor:
        """A client whose words ring nobody of the desk: they were said long ago."""
        return self.world.actor(person_id, cause, rings=False)

    def _agent(self) -> Actor:
        return self.world.of(self.planned.agent.login)

    def _move(self, message: Message, at: datetime) -> StateMove | None:
        if message.state is None:
            return None
        until = at + timedelta(hours=message.pending_hours) if message.pending_hours else None
        return StateMove(message.state, until)

    def _body(self, message: Message) -> RichText:
        return from_editor(self._text(message.html)) if message.html else from_plain(self._text(message.text))

    def _text(self, text: str) -> str:
        return text.format(**self._values)

    def _files(self, message: Message) -> list[NewFile]:
        return [self.desk.files.get(name, self.rng.randrange(3)) for name in message.files]

    def _read(self, at: datetime) -> None:
        """Most of what was written has been read by the other side."""
        client = self.world.people[self.planned.client.login]
        seen = 1.0 if self._next < len(self.planned.conversation.messages) else 0.75
        for person in (client.pk, self.world.people[self.planned.agent.login].pk):
            if self.rng.random() < seen:
                read_at = min(at + timedelta(minutes=self.rng.randrange(3, 300)), clock.now())
                age = clock.now() - read_at
                if person == client.pk and age <= FRESH:  # what came today still waits, at the bell and in the lists
                    continue
                actions.mark_read(self._ticket, by=self.world.actor(person), seq=self.last_seq, at=read_at)
                if age < NEWS_FOR:  # older news was never told
                    bell.mark_read(person, ticket_id=self._ticket)


def _company(planned: Planned) -> Company:
    return next(company for company in COMPANIES if company.key == planned.client.company)

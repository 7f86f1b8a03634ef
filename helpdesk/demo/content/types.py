"""The shapes of the demo world's content: plain frozen records, no Django, no clock, no randomness."""

import re
from dataclasses import dataclass, field
from typing import Final, Literal

Sees = Literal["own", "company"]
Role = Literal["agent", "lead", "admin"]
FieldKind = Literal["text", "long", "month", "period", "choice", "number", "date", "check", "file"]
Channel = Literal["web", "mail", "phone"]
Who = Literal["client", "colleague", "agent", "note", "client_mail"]
Choice = tuple[str, str, str]  # value, Russian, English

_INLINE: Final = re.compile(r"</?(?:b|i|strong|em|code)>")
_BLOCK: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Company:
    """A client company; `domain` is the part of its mail addresses after the «@»."""

    key: str
    name: str
    short_name: str
    domain: str


@dataclass(frozen=True, slots=True)
class Client:
    """A person of a client company. `patronymic` serves the polite address in answers."""

    login: str
    name: str
    company: str
    job: str
    chief: bool = False
    sees: Sees = "own"
    patronymic: str = ""
    writes: bool = True

    @property
    def polite(self) -> str:
        """«Марина Викторовна»: how a specialist addresses this person."""
        return f"{self.name.split()[0]} {self.patronymic}".strip()

    @property
    def signature(self) -> str:
        """«Соколова М. В.»: how this person signs a letter."""
        first, *rest = self.name.split()
        initials = [f"{part[0]}." for part in (first, self.patronymic) if part]
        return " ".join([" ".join(rest), *initials])


@dataclass(frozen=True, slots=True)
class Agent:
    """A specialist of the vendor; `queues` are keys of the queues where this person works."""

    login: str
    name: str
    roles: tuple[Role, ...]
    queues: tuple[str, ...]
    job: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody without a sign-in who writes a letter: a subscriber of a client, a stranger."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Field:
    """One intake field of a queue; `choices` only with the kind «choice».

    `shown_when`, `required_when`: the key of another field of the queue and the values it has to hold. `blank`: the form
    to fill in that a file field offers. `instead`: the key of the queue offered while it is empty, and why.
    `pattern`: what a text has to look like, and the same in words. `bounds`: how far a value may reach.
    """

    key: str
    kind: FieldKind
    label_ru: str
    label_en: str
    help_ru: str = ""
    help_en: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    shown_when: tuple[str, tuple[str, ...]] | None = None
    required_when: tuple[str, tuple[str, ...]] | None = None
    blank: str = ""
    instead: str = ""
    instead_ru: str = ""
    instead_en: str = ""
    pattern: str = ""
    pattern_hint_ru: str = ""
    pattern_hint_en: str = ""
    bounds: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue, for clients «Получатель» (R11, R12). `auto_reply_*` hold the placeholder {number}; `example_*` is what
    to copy into the text; `follow_up`: what an answer to a closed request does."""

    key: str
    name_ru: str
    name_en: str
    purpose_ru: str
    purpose_en: str
    guidance_ru: tuple[str, ...]
    guidance_en: tuple[str, ...]
    auto_reply_ru: str
    auto_reply_en: str
    position: int
    client_chooses: bool = True
    fields: tuple[Field, ...] = ()
    example_ru: str = ""
    example_en: str = ""
    follow_up: Literal["reopen", "new", "refuse"] = "reopen"


@dataclass(frozen=True, slots=True)
class Category:
    """A node of the category tree; `parent` is the key of another one or empty."""

    key: str
    name_ru: str
    name_en: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of requests, and the queues whose requests are mostly of it."""

    key: str
    name_ru: str
    name_en: str
    queues: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One step of a conversation.

    `after_hours` counts from the step before; `state` is the code set together with the message;
    `pending_hours` is the time limit of a pending state (reminder), counted from the message.
    `files` name generators of `attachments`, and so does `picture`, which stands within the text of a letter.
    `html`: what was written with formatting; then `text` is empty.
    """

    who: Who
    text: str
    files: tuple[str, ...] = ()
    state: str | None = None
    after_hours: float = 0.0
    pending_hours: float | None = None
    html: str = ""
    picture: str = ""

    @property
    def said(self) -> str:
        """The words alone, a line for each piece of formatted text."""
        if not self.html:
            return self.text
        lines = _BLOCK.sub("\n", _INLINE.sub("", self.html)).split("\n")
        return "\n".join(line.strip() for line in lines if line.strip())


@dataclass(frozen=True, slots=True)
class Conversation:
    """A request from its first message to the state it rests in.

    Subject, field values and texts may hold the placeholders of `placeholders.KEYS`.
    `final_state` is the state after all messages and, where that is «autoclose», possibly «closed»:
    then the scheduled closing a day later belongs to the conversation.
    `writer` replaces the client where a person without a sign-in writes the letters.
    `heating_season`: speaks of cold radiators last month, so it fits a beginning from November to May.
    """

    key: str
    queue: str
    category: str
    subject: str
    messages: tuple[Message, ...]
    final_state: str
    priority: int = 3
    fields: dict[str, str] = field(default_factory=dict)
    channel: Channel = "web"
    writer: Contact | None = None
    heating_season: bool = False

    @property
    def stays_open(self) -> bool:
        """Whether the request is still open at its end and so should have begun lately."""
        return self.final_state not in {"closed", "closed_unsolved", "removed"}


def client(
    text: str,
    *files: str,
    after: float = 0.0,
    state: str | None = None,
    html: str = "",
) -> Message:
    """What the author writes in the portal."""
    return Message("client", text, files, state, after, html=html)


def colleague(text: str, *files: str, after: float, state: str | None = None) -> Message:
    """What another person of the author's company writes in the portal."""
    return Message("colleague", text, files, state, after)


def mail(text: str, *files: str, after: float = 0.0, html: str = "", picture: str = "") -> Message:
    """What the author writes by mail; a letter chooses no state."""
    return Message("client_mail", text, files, None, after, html=html, picture=picture)


def agent(
    text: str,
    *files: str,
    after: float,
    state: str | None = None,
    pending: float | None = None,
    html: str = "",
) -> Message:
    """A specialist's answer, visible to the client."""
    return Message("agent", text, files, state, after, pending, html=html)


def note(
    text: str,
    *files: str,
    after: float,
    state: str | None = None,
    pending: float | None = None,
) -> Message:
    """A specialist's internal note, hidden from the client."""
    return Message("note", text, files, state, after, pending)

"""The shape of a parsed letter: plain values only, nothing of requests or the database."""

import datetime as dt
from dataclasses import dataclass, field

from helpdesk.core.text.quotation import Segment


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A person's name and address as a header names them; one of the two may be empty."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Part:
    """One attachment, byte for byte. `filename` is a safe label, `content_id` stands without brackets."""

    filename: str
    content_type: str
    content: bytes = field(repr=False)
    sha256: str
    size: int
    content_id: str | None
    inline: bool


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a letter was not (or not yet) delivered (RFC 3464 or free-form).

    `status` is an enhanced code such as 5.1.1 (RFC 3463); `original_message_id` stands in its angle brackets.
    """

    recipient: str | None
    original_message_id: str | None
    status: str | None
    permanent: bool


@dataclass(frozen=True, slots=True)
class Letter:
    """All that the bytes of one letter say. Texts are storable, with LF line ends; message ids keep their brackets.

    `raw_html` is NOT sanitised: it is for the original look alone, in a sandbox. `headers` are decoded, in order.
    """

    message_id: str | None
    in_reply_to: str | None
    references: list[str]
    date: dt.datetime | None
    from_: Mailbox | None
    sender: Mailbox | None
    reply_to: list[Mailbox]
    to: list[Mailbox]
    cc: list[Mailbox]
    return_path: str | None
    delivered_to: list[str]
    subject: str
    text: str
    html: str | None
    raw_html: str | None
    segments: list[Segment]
    visible_text: str
    folded_text: str
    attachments: list[Part]
    auto_submitted: bool
    auto_reason: str
    bounce: Bounce | None
    loops: list[str]
    headers: list[tuple[str, str]]
    remote_images: int
    defects: list[str]

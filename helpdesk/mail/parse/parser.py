"""The way from a letter's bytes to a Letter: never raises, whatever the bytes; touches no file and no database."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from helpdesk.core.text.quotation import Segment, folded_text, split, visible_text
from helpdesk.core.text.safe import one_line, storable
from helpdesk.mail.parse import automatic, bounces, fields
from helpdesk.mail.parse.bodies import MAX_TEXT, Bodies, choose, sanitised
from helpdesk.mail.parse.charsets import guess
from helpdesk.mail.parse.letter import Letter, Mailbox, Part
from helpdesk.mail.parse.mime import Tree, read_tree
from helpdesk.mail.parse.words import decode_words, unfolded

_MAX_SUBJECT = 10_000
_MAX_DEFECTS = 50
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to")

Headers = dict[str, list[str]]


def parse(raw: bytes) -> Letter:
    """Read one letter. Any bytes give a Letter: what cannot be understood is its text, and stands in `defects`."""
    try:
        return _read(bytes(raw))
    except Exception as error:
        # The promise to callers (a letter is never refused for its form) stands above knowing each reason.
        return _unread(bytes(raw), f"could not be read as a letter: {type(error).__name__}")


def _read(raw: bytes) -> Letter:
    tree = read_tree(raw)
    plain: Headers = defaultdict(list)
    decoded: list[tuple[str, str]] = []
    for name, value in tree.root.fields:
        text = unfolded(value)
        plain[name.lower()].append(text)
        decoded.append((storable(name), storable(decode_words(text))))
    subject = one_line(decode_words(_first(plain, "subject")), _MAX_SUBJECT)
    senders = fields.mailboxes(_first(plain, "from"))
    sender = _one(plain, "sender")
    from_ = next((box for box in senders if "@" in box.address), senders[0] if senders else sender)
    bodies = choose(tree)
    text = storable(bodies.text)[:MAX_TEXT]
    bounce = bounces.find(tree, plain, sender=from_, subject=subject, text=text)
    why = automatic.reason(plain, sender=from_, subject=subject, content_type=tree.root.content_type)
    why = why or ("bounce" if bounce else "")
    return Letter(
        **_told_by_headers(tree, plain),
        **_told_by_body(bodies, text),
        from_=from_,
        sender=sender,
        subject=subject,
        auto_submitted=bool(why),
        auto_reason=why,
        bounce=bounce,
        headers=decoded,
        defects=list(dict.fromkeys(storable(one) for one in tree.defects))[:_MAX_DEFECTS],
    )


class _ByHeaders(TypedDict):
    message_id: str | None
    in_reply_to: str | None
    references: list[str]
    date: datetime | None
    reply_to: list[Mailbox]
    to: list[Mailbox]
    cc: list[Mailbox]
    return_path: str | None
    delivered_to: list[str]
    loops: list[str]


def _told_by_headers(tree: Tree, plain: Headers) -> _ByHeaders:
    reply_ids = fields.message_ids(_first(plain, "in-reply-to"))
    when = fields.date(_first(plain, "date"))
    if when is None and plain.get("date"):
        tree.defects.append("the date cannot be read")
    return _ByHeaders(
        message_id=_text(fields.message_id(_first(plain, "message-id"))),
        in_reply_to=_text(reply_ids[0]) if reply_ids else None,
        references=[storable(one) for one in fields.message_ids(" ".join(plain.get("references", [])))],
        date=when,
        reply_to=_all(plain, "reply-to"),
        to=_all(plain, "to"),
        cc=_all(plain, "cc"),
        return_path=_return_path(plain),
        delivered_to=[box.address for name in _DELIVERED for box in _all(plain, name)],
        loops=plain.get(automatic.LOOP_HEADER.lower(), []),
    )


class _ByBody(TypedDict):
    text: str
    html: str | None
    raw_html: str | None
    segments: list[Segment]
    visible_text: str
    folded_text: str
    attachments: list[Part]
    remote_images: int


def _told_by_body(bodies: Bodies, text: str) -> _ByBody:
    segments = split(text)
    cleaned, pictures = sanitised(bodies.raw_html)
    return _ByBody(
        text=text,
        html=cleaned.html if cleaned else None,
        raw_html=bodies.raw_html,
        segments=segments,
        visible_text=visible_text(segments),
        folded_text=folded_text(segments),
        attachments=_with_inline([*bodies.attachments, *pictures], cleaned.cids if cleaned else []),
        remote_images=cleaned.remote_images if cleaned else 0,
    )


def _with_inline(parts: list[Part], shown: Sequence[str]) -> list[Part]:
    """Mark the parts that the HTML shows in its lines."""
    wanted = set(shown)
    return [
        Part(p.filename, p.content_type, p.content, p.sha256, p.size, p.content_id, inline=True)
        if p.content_id in wanted and not p.inline
        else p
        for p in parts
    ]


def _unread(raw: bytes, defect: str) -> Letter:
    """Make a letter of bytes that broke the reading: all of it shown, and attached byte for byte."""
    text = storable(guess(raw)[0])[:MAX_TEXT]
    part = Part("letter.eml", "message/rfc822", raw, hashlib.sha256(raw).hexdigest(), len(raw), None, inline=False)
    return Letter(
        message_id=None, in_reply_to=None, references=[], date=None, from_=None, sender=None, reply_to=[], to=[], cc=[],
        return_path=None, delivered_to=[], subject="", text=text, html=None, raw_html=None,
        segments=[Segment("written", text)] if text else [], visible_text=text.strip(), folded_text="",
        attachments=[part], auto_submitted=True, auto_reason="unreadable", bounce=None, loops=[], headers=[],
        remote_images=0, defects=[defect],
    )  # fmt: skip


def _first(plain: Headers, name: str) -> str:
    return next((value for value in plain.get(name, ()) if value.strip()), "")


def _all(plain: Headers, name: str) -> list[Mailbox]:
    return [box for value in plain.get(name, ()) for box in fields.mailboxes(value)]


def _one(plain: Headers, name: str) -> Mailbox | None:
    boxes = fields.mailboxes(_first(plain, name))
    return boxes[0] if boxes else None


def _text(value: str | None) -> str | None:
    return storable(value) if value else None


def _return_path(plain: Headers) -> str | None:
    """Return the envelope's sender: "" for the null path «<>», None where no field tells."""
    values = plain.get("return-path")
    if not values:
        return None
    boxes = fields.mailboxes(values[0])
    return boxes[0].address if boxes else ""

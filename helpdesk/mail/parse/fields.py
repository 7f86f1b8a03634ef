"""Meaning of header values: addresses, message ids, dates (RFC 5322), leniently; linear, never raises."""

import datetime as dt
import re
from email.utils import parsedate_tz

from helpdesk.core.text.safe import one_line
from helpdesk.mail.parse.letter import Mailbox
from helpdesk.mail.parse.words import decode_words

_TOKEN = re.compile(r"\"((?:[^\"\\]|\\.)*+)\"?|([(),;<>:])|([^\"(),;<>:]++)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,990})>")
_BARE_ADDRESS = re.compile(r"[^\s<>@,;:\"()]{1,100}@[^\s<>@,;:\"()]{1,200}")
_MAX_MAILBOXES = 5000
_MAX_REFERENCES = 200
_MAX_NAME, _MAX_ADDRESS = 200, 320


def mailboxes(value: str) -> list[Mailbox]:
    """Return the people of an address field (unfolded, its words not yet decoded); groups are flattened.

    Entries without an address keep their name; comments count as names where nothing else does.
    """
    if "@" not in value and "=?" in value:
        # Some programs encode name and address as one word.
        value = decode_words(value)
    found: list[Mailbox] = []
    reader = _Reader()
    for match in _TOKEN.finditer(value):
        quoted, mark, other = match.groups()
        box = reader.take(_ESCAPE.sub(r"\1", quoted) if quoted is not None else None, mark, other)
        if box:
            found.append(box)
        if len(found) >= _MAX_MAILBOXES:
            break
    last = reader.finish()
    return [*found, last] if last else found


class _Reader:
    """The state between two commas."""

    def __init__(self) -> None:
        self._clear()
        self.depth = 0

    def _clear(self) -> None:
        self.name: list[str] = []
        self.address: list[str] = []
        self.comment: list[str] = []
        self.in_angle = self.had_angle = False

    def take(self, quoted: str | None, mark: str | None, other: str | None) -> Mailbox | None:
        if self.depth and mark not in {"(", ")"}:
            self.comment.append(quoted or mark or other or "")
        elif mark == "(":
            self.depth += 1
        elif mark == ")":
            self.depth = max(0, self.depth - 1)
        elif mark == "<":
            self.in_angle = self.had_angle = True
            self.address = []
        elif mark == ">":
            self.in_angle = False
        elif self.in_angle:
            self._take_address(quoted, mark, other)
        elif mark in {",", ";"}:
            return self.finish()
        elif mark == ":":
            # «undisclosed-recipients:;» and other groups: their name is nobody.
            self.name = []
        else:
            self.name.append(quoted if quoted is not None else other or "")
        return None

    def _take_address(self, quoted: str | None, mark: str | None, other: str | None) -> None:
        if mark == ":":
            self.address = []  # an old source route, <@a,@b:c@d>
        elif quoted is not None:
            self.address.append(f'"{quoted}"')
        else:
            self.address.append(mark or other or "")

    def finish(self) -> Mailbox | None:
        name, address = " ".join("".join(self.name).split()), "".join("".join(self.address).split())
        comment = " ".join("".join(self.comment).split())
        had_angle = self.had_angle
        self._clear()
        if not had_angle:
            bare = _BARE_ADDRESS.search(name)
            if bare:
                address = bare.group(0)
                name = (name[: bare.start()] + name[bare.end() :]).strip(" '\"")
            elif name and " " not in name and "=?" not in name:
                name, address = "", name
        address = address.removeprefix("mailto:").strip("'\"") if address.count('"') != 2 else address
        label = one_line(decode_words(name or comment), _MAX_NAME).strip("'\" ")
        address = one_line(decode_words(address), _MAX_ADDRESS)
        return Mailbox(label, address) if label or address else None


def message_ids(value: str) -> list[str]:
    """Return the message ids of a field in their angle brackets, each once, at most 200 (the first and the latest)."""
    ids = [f"<{one}>" for one in _MESSAGE_ID.findall(value)]
    if not ids:
        ids = [f"<{word.strip('<>')}>" for word in value.split() if "@" in word and len(word) < 990]
    unique = list(dict.fromkeys(ids))
    return unique if len(unique) <= _MAX_REFERENCES else [unique[0], *unique[-_MAX_REFERENCES + 1 :]]


def message_id(value: str) -> str | None:
    """Return one message id in its brackets; a value without brackets gets them; None where nothing is there."""
    ids = message_ids(value)
    if ids:
        return ids[0]
    word = one_line(value, 990).replace(" ", "").strip("<>")
    return f"<{word}>" if word else None


def date(value: str) -> dt.datetime | None:
    """Return a date field with its zone (UTC where none is named), None where it is no date between 1900 and 2100."""
    try:
        parts = parsedate_tz(value[:200])
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        offset = parts[9] or 0
        if abs(offset) >= 24 * 3600:
            offset = 0
        zone = dt.timezone(dt.timedelta(seconds=offset)) if offset else dt.UTC
        when = dt.datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return when if 1900 <= when.year < 2100 else None

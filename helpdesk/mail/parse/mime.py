"""The tree of a letter's parts as places in its bytes: own splitter, since each part must come out byte for byte.

The library's parser re-serialises inner letters, recurses and reads headers at any size (measured: minutes, crashes).
Linear in the letter's size; knows headers' bytes, not their meaning.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from helpdesk.mail.parse.params import Parameters, parameters

MAX_FIELD = 64 * 1024
MAX_HEADERS = 256 * 1024
MAX_PARTS = 1000
MAX_DEPTH = 50
_MAX_FIELDS = 2000
_MAX_CANDIDATES = 200_000

_FIELD = re.compile(rb"[!-9;-~\x80-\xff]{1,200}[ \t]*:")
_KNOWN_FIELD = re.compile(
    rb"(?:[A-Za-z]{1,20}-[A-Za-z-]{1,40}|From|To|Cc|Subject|Date|Sender|Received|References)[ \t]*:", re.IGNORECASE
)
_LIKE_BOUNDARY = re.compile(
    rb"^--([^\s-][^\r\n]{0,199})[ \t]*\r?\n(?:Content-|[ \t]*\r?\n)", re.MULTILINE | re.IGNORECASE
)
_AFTER_PADDING = re.compile(rb"=[ \t]+[^\r\n]*")
_LINE = re.compile(rb"[^\r\n]+")
_NOT_BASE64 = bytes(set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="))
_MAX_GLUED = 10_000


@dataclass(slots=True)
class Entity:
    """One part: its header fields (name as written, raw value), type, and where its body lies in the letter."""

    fields: list[tuple[str, bytes]]
    start: int
    end: int
    depth: int
    content_type: str
    params: Parameters
    parent: "Entity | None" = None
    children: list["Entity"] = field(default_factory=list)
    preamble: tuple[int, int] | None = None
    epilogue: tuple[int, int] | None = None
    cut_header: tuple[int, int] | None = None

    def first(self, name: str) -> bytes | None:
        """Return the raw value of the first field of this name (lower case)."""
        return next((value for key, value in self.fields if key.lower() == name), None)

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)


@dataclass(slots=True)
class Tree:
    """The whole letter: normalised bytes, the root, what is left beyond the limits, and what was wrong."""

    raw: bytes
    root: Entity
    rest: list[tuple[int, int]]
    defects: list[str]

    def body(self, entity: Entity) -> bytes:
        """Return the undecoded body of a part."""
        return self.raw[entity.start : entity.end]

    def content(self, entity: Entity) -> bytes:
        """Return the body of a part with its transfer encoding undone; defects are noted."""
        encoding = (entity.first("content-transfer-encoding") or b"").decode("ascii", "replace")
        return decode_transfer(self.body(entity), encoding, self.defects)

    def leaves(self) -> Iterator[Entity]:
        """Yield the parts without children, in order."""
        stack = [self.root]
        while stack:
            entity = stack.pop()
            if entity.children:
                stack.extend(reversed(entity.children))
            else:
                yield entity


def read_tree(raw: bytes) -> Tree:
    """Split a letter's bytes. Never raises; beyond the limits parts stay whole and are noted."""
    defects: list[str] = []
    if b"\r" in raw and b"\n" not in raw:
        raw = raw.replace(b"\r", b"\n")
        defects.append("line ends are bare CR")
    root = _entity(raw, 0, len(raw), None, defects)
    tree = Tree(raw, root, [], defects)
    stack, count = [root], 1
    while stack:
        entity = stack.pop()
        if not entity.content_type.startswith("multipart/") or entity.start >= entity.end:
            continue
        if entity.depth >= MAX_DEPTH:
            defects.append("parts nested too deep are kept unread")
            continue
        count = _split(tree, entity, count)
        stack.extend(reversed(entity.children))
    return tree


def _entity(raw: bytes, start: int, end: int, parent: Entity | None, defects: list[str]) -> Entity:
    fields, body, cut = read_fields(raw, start, end, defects)
    default = "message/rfc822" if parent and parent.content_type == "multipart/digest" else "text/plain"
    value = next((v for k, v in fields if k.lower() == "content-type"), None)
    content_type, params = parameters(value or b"", default=default)
    if not re.fullmatch(r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}", content_type, re.ASCII):
        if value is not None:
            defects.append("content type cannot be read")
        content_type = default if value is None or not content_type.startswith("multipart") else "multipart/mixed"
    depth = parent.depth + 1 if parent else 0
    return Entity(fields, body, end, depth, content_type, params, parent, cut_header=cut)


def read_fields(
    raw: bytes, start: int, end: int, defects: list[str]
) -> tuple[list[tuple[str, bytes]], int, tuple[int, int] | None]:
    """Return the header fields from `start`, where the body begins, and the place of what exceeds the limits."""
    fields: list[tuple[str, bytes]] = []
    pieces: list[bytes] = []
    name, size, at, cut_from = "", 0, start, -1
    header_end = _header_end(raw, start, end)
    while at < header_end:
        line_end = raw.find(b"\n", at, header_end)
        following = header_end if line_end < 0 else line_end + 1
        line = raw[at:following].rstrip(b"\r\n")
        if size > MAX_HEADERS or len(fields) > _MAX_FIELDS:
            cut_from = at
            break
        match = _FIELD.match(line) if line[:1] not in {b" ", b"\t"} else None
        if match:
            _add(fields, name, pieces, defects)
            name, pieces = match.group(0)[:-1].strip().decode("utf-8", "replace"), [line[match.end() :]]
        elif line[:1] in {b" ", b"\t"} and name:
            pieces.append(line)
        elif line.startswith((b"From ", b">From ")) and not fields and not name:
            pass
        elif _goes_on(raw, following, header_end):
            defects.append("a header line is broken")
            pieces.append(b" " + line.strip())
        else:
            defects.append("the header ends without an empty line")
            header_end = at
            break
        size += len(line)
        at = following
    _add(fields, name, pieces, defects)
    if cut_from >= 0:
        defects.append("the header is too long, its end is attached")
        return fields, _body_start(raw, header_end, end), (cut_from, header_end)
    return fields, _body_start(raw, header_end, end), None


def _add(fields: list[tuple[str, bytes]], name: str, pieces: list[bytes], defects: list[str]) -> None:
    if not name:
        return
    value = b"\n".join(pieces)
    if len(value) > MAX_FIELD:
        defects.append(f"the field {name[:40]} is too long and was cut")
        value = value[:MAX_FIELD]
    fields.append((name, value))


def _header_end(raw: bytes, start: int, end: int) -> int:
    """Return where the empty line after the header begins (or the end)."""
    if raw.startswith((b"\n", b"\r\n"), start, end):
        return start
    places = [place + 1 for place in (raw.find(b"\n\n", start, end), raw.find(b"\n\r\n", start, end)) if place >= 0]
    return min(places, default=end)


def _body_start(raw: bytes, header_end: int, end: int) -> int:
    if raw.startswith(b"\r\n", header_end, end):
        return header_end + 2
    return header_end + 1 if raw.startswith(b"\n", header_end, end) else header_end


def _goes_on(raw: bytes, at: int, end: int) -> bool:
    """Tell whether real fields follow within a few lines, so that a strange line is damage and not the body."""
    for _ in range(3):
        if _KNOWN_FIELD.match(raw, at, end):
            return True
        at = raw.find(b"\n", at, end) + 1
        if at <= 0:
            return False
    return False


def _split(tree: Tree, entity: Entity, count: int) -> int:
    """Cut a multipart body at its boundary lines; return the count of parts so far."""
    boundary = entity.params.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
    places = list(_delimiters(tree.raw, entity, boundary)) if boundary else []
    if not places:
        boundary = _guessed_boundary(tree.raw, entity)
        places = list(_delimiters(tree.raw, entity, boundary)) if boundary else []
        tree.defects.append("boundary missing" if not places else "boundary guessed")
    if not places:
        return count
    if not places[-1][2]:
        tree.defects.append("the last boundary is missing")
    entity.preamble = (entity.start, places[0][0])
    for number, (_, inner, closing) in enumerate(places):
        if closing:
            entity.epilogue = (inner, entity.end)
            break
        last = places[number + 1][0] if number + 1 < len(places) else entity.end
        if count >= MAX_PARTS:
            tree.defects.append("too many parts, the rest is attached whole")
            tree.rest.append((inner, entity.end))
            break
        count += 1
        entity.children.append(_entity(tree.raw, inner, max(inner, last), entity, tree.defects))
    return count


def _delimiters(raw: bytes, entity: Entity, boundary: bytes) -> Iterator[tuple[int, int, bool]]:
    """Yield (end of what stands before, begin of what stands after, is it the closing one) of each boundary line."""
    line = b"--" + boundary
    at, tries = entity.start, 0
    while tries < _MAX_CANDIDATES:
        tries += 1
        if at == entity.start and raw.startswith(line, at, entity.end):
            found = at
        else:
            # The line end before is part of what is sought: else a body of dashes has a candidate at every byte.
            found = raw.find(b"\n" + line, at, entity.end) + 1
        if found <= 0 and not (found == at == 0 and raw.startswith(line)):
            return
        at = found + len(line)
        line_end = raw.find(b"\n", at, entity.end)
        line_end = entity.end if line_end < 0 else line_end
        tail = raw[at : min(line_end, at + 200)].strip()
        if tail not in {b"", b"--"}:
            continue
        before = found
        if before > entity.start:
            before -= 2 if raw[max(before - 2, entity.start) : before] == b"\r\n" else 1
        yield max(before, entity.start), min(line_end + 1, entity.end), tail == b"--"
        if tail == b"--":
            return
        at = line_end


def _guessed_boundary(raw: bytes, entity: Entity) -> bytes:
    """Find the line of two dashes that stands more than once before header fields, where no boundary fits."""
    head = raw[entity.start : min(entity.end, entity.start + 200_000)]
    match = _LIKE_BOUNDARY.search(head)
    return match.group(1).rstrip() if match else b""


def decode_transfer(data: bytes, encoding: str, defects: list[str]) -> bytes:
    """Undo base64, quoted-printable and uuencode (RFC 2045 §6); anything else comes back as it is."""
    name = re.split(r"[(;]", encoding, maxsplit=1)[0].strip().strip('"').lower()
    if name == "base64":
        return _from_base64(data, defects)
    if name in {"quoted-printable", "quotedprintable", "quoted printable"}:
        return binascii.a2b_qp(data)
    if name in {"x-uuencode", "x-uue", "uuencode", "uue"}:
        return _from_uu(data, defects)
    if name not in {"", "7bit", "8bit", "binary", "7-bit", "8-bit"}:
        defects.append(f"unknown transfer encoding {name[:30]!r}")
    return data


def _from_base64(data: bytes, defects: list[str]) -> bytes:
    try:
        return base64.b64decode(data.translate(None, b"\r\n \t"), validate=True)
    except (binascii.Error, ValueError):
        defects.append("broken base64")
    cleaned = _AFTER_PADDING.sub(b"=", data).translate(None, _NOT_BASE64)
    out = bytearray()
    at = 0
    # Pieces encoded apart and glued together carry padding in the middle; where it stands everywhere, it is noise.
    for _ in range(_MAX_GLUED):
        end = cleaned.find(b"=", at)
        out += _from_piece(cleaned[at:end] if end >= 0 else cleaned[at:])
        if end < 0:
            return bytes(out)
        at = end + 1
    out += _from_piece(cleaned[at:].replace(b"=", b""))
    return bytes(out)


def _from_piece(piece: bytes) -> bytes:
    """Decode a run of base64 characters, whether or not it was cut."""
    over = len(piece) % 4
    if over == 1:
        piece, over = piece[:-1], 0
    return base64.b64decode(piece + b"=" * (4 - over) if over else piece)


def _from_uu(data: bytes, defects: list[str]) -> bytes:
    out = bytearray()
    inside = False
    for found in _LINE.finditer(data):
        line = found.group()
        if not inside:
            inside = line.startswith(b"begin ")
            continue
        if line.strip() in {b"end", b"`"}:
            break
        try:
            out += binascii.a2b_uu(line)
        except binascii.Error:
            wanted = (((line[:1] or b" ")[0] - 32) & 63) * 4 + 5
            try:
                out += binascii.a2b_uu(line[: wanted // 3])
            except binascii.Error:
                defects.append("broken uuencode")
                return data
    return bytes(out) if out or not data.strip() else data

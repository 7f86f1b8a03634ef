"""The fields of a form (PDF, ISO 32000), to tell a filled blank from one that was only saved again. Bounded in size and
time; never raises. Reads what any program writes of a field's name and value; knows no blanks."""

import base64
import re
import zlib
from collections.abc import Iterator
from typing import NamedTuple

UNPACKED = 4_000_000  # octets of all streams together
_STRING = rb"(?:\(((?:[^()\\]|\\.)*)\)|<([0-9A-Fa-f\s]*)>)"
_NAME = re.compile(rb"/T\s*" + _STRING, re.DOTALL)
_VALUE = re.compile(rb"/V\s*(?:" + _STRING + rb"|/(\w+)|(\d+\s+\d+\s+R))", re.DOTALL)
_STATE = re.compile(rb"/AS\s*/(\w+)")
# what is put upon a page beside its fields: a pen's strokes, words, a stamp, a signature, a picture
_PUT_ON = re.compile(rb"/(?:Ink|FreeText|Stamp|Text|Line|Square|Circle|Polygon|PolyLine|FileAttachment|Sig)\b(?!\s*\])")
_KIND = re.compile(rb"/(?:Subtype|FT)\s*(/\w+)")
_NOTHING = re.compile(rb"(?:\xfe\xff|\\376\\377|FEFF|[\s\x00])*", re.IGNORECASE)
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")


class Form(NamedTuple):
    """What a form holds: the names of its fields, whether any of them or the page beside them is filled in, and its
    streams without white space, the longest first, of which a page's words are one."""

    names: frozenset[bytes]
    is_filled: bool
    streams: tuple[bytes, ...]


def read(content: bytes) -> Form | None:
    """The form in a document; None for what is none, is encrypted or unpacks to too much."""
    if not content.startswith(b"%PDF-") or b"/Encrypt" in content:
        return None
    words: list[bytes] = []
    objects: list[bytes] = []
    room = UNPACKED
    for between, packed in _parts(content):
        objects.append(between)
        head = between[max(between.rfind(b"obj"), 0) :]
        unpacked = _unpacked(_octets(packed) if b"/ASCII85Decode" in head else packed, room)
        room -= len(unpacked)
        if room <= 0:
            return None
        (objects if b"/ObjStm" in head else words).append(unpacked)
    told = b"\n".join(objects)
    names = frozenset(_plain(*found.groups()) for found in _NAME.finditer(told))
    if not names:
        return None
    return Form(names, _is_filled(told), tuple(sorted({b"".join(one.split()) for one in words}, key=len, reverse=True)))


def _parts(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What stands before each stream, and the stream; at the end the rest, and nothing."""
    at = 0
    while (begin := content.find(b"stream", at)) >= 0 and (end := content.find(b"endstream", begin)) >= 0:
        yield content[at:begin], content[begin + 6 : end].removeprefix(b"\r").removeprefix(b"\n")
        at = end + 9
    yield content[at:], b""


def _octets(text: bytes) -> bytes:
    """What was written as letters; as it is, where it is none of that."""
    try:
        return base64.a85decode(text.strip().removesuffix(b"~>"))
    except ValueError:
        return text


def _unpacked(packed: bytes, room: int) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, room)
    except zlib.error:
        return packed  # in another way, or not at all


def _plain(literal: bytes | None, hexed: bytes | None) -> bytes:
    """A string of a field as its letters."""
    if hexed is not None:
        digits = b"".join(hexed.split())
        literal = bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    return (literal or b"").removeprefix(b"\xfe\xff").removeprefix(rb"\376\377").replace(b"\x00", b"")


def _is_filled(told: bytes) -> bool:
    for literal, hexed, name, elsewhere in (found.groups() for found in _VALUE.finditer(told)):
        if elsewhere or (name and name != b"Off") or not _NOTHING.fullmatch(literal or hexed or b""):
            return True
    if any(found.group(1) != b"Off" for found in _STATE.finditer(told)):
        return True
    return any(_PUT_ON.fullmatch(kind) for kind in _KIND.findall(told)) or _PICTURE.search(told) is not None

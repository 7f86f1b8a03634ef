"""Encoded words of headers (RFC 2047), also broken ones: split characters, missing blanks, unknown charsets."""

import base64
import binascii
import re

from helpdesk.mail.parse.charsets import decode, guess

_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,20})?\?([bBqQ])\?([^?]*+)\?=")
_BETWEEN = re.compile(r"[ \t\r\n]*")
_MAX_WORDS = 3000


def unfolded(raw: bytes) -> str:
    """Return a raw header value as one line of text; 8-bit bytes without a charset are guessed."""
    return guess(b" ".join(piece.strip(b" \t\r") for piece in raw.split(b"\n")))[0].strip()


def decode_words(text: str) -> str:
    """Return the text with its encoded words undone.

    The bytes of neighbours with one charset are put together first: many programs cut amid a character.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    label, pending, end = "", b"", 0
    for number, match in enumerate(_WORD.finditer(text)):
        if number >= _MAX_WORDS:
            break
        between = text[end : match.start()]
        data = _bytes(match.group(2), match.group(3))
        if end and not _BETWEEN.sub("", between) and match.group(1).lower() == label:
            pending += data
        else:
            out.append(decode(pending, label)[0])
            if not end or _BETWEEN.sub("", between):
                out.append(between)
            label, pending = match.group(1).lower(), data
        end = match.end()
    out.append(decode(pending, label)[0])
    out.append(text[end:])
    return "".join(out)


def _bytes(kind: str, encoded: str) -> bytes:
    if kind in "qQ":
        return binascii.a2b_qp(encoded.replace("_", " ").replace("\n", "").encode("utf-8", "replace"), header=False)
    cleaned = re.sub(r"[^A-Za-z0-9+/]", "", encoded)
    cleaned = cleaned[:-1] if len(cleaned) % 4 == 1 else cleaned
    return base64.b64decode(cleaned + "=" * (-len(cleaned) % 4))

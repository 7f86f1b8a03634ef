"""The words of a document (DOCX, ECMA-376), to tell a filled blank from one that was only saved again. Bounded in size;
never raises. Knows no blanks."""

import html
import re
import zipfile
import zlib
from io import BytesIO

LARGEST = 1_000_000  # octets of a file that is looked into: a blank that a word processor saved has some 20,000
UNPACKED = 4_000_000  # octets of its text
_BODY = "word/document.xml"
_DRAWN = ("word/media/", "word/ink/", "word/embeddings/")  # a picture may be what fills it in
_WORDS = re.compile(r"<w:t(?:\s[^<>]*)?>([^<]*)</w:t>")


def words(content: bytes) -> str | None:
    """All the document says, without white space; None for what is no such document, is too large or has pictures."""
    if not content.startswith(b"PK") or len(content) > LARGEST:
        return None
    try:
        with zipfile.ZipFile(BytesIO(content)) as parts:
            if any(name.startswith(_DRAWN) for name in parts.namelist()):
                return None
            with parts.open(_BODY) as body:
                text = body.read(UNPACKED + 1)
    # whatever hinders a reader leaves the file what it was: somebody's file, which counts as filled in
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, OSError, EOFError, RuntimeError, NotImplementedError):
        return None
    if len(text) > UNPACKED:
        return None
    said = html.unescape("".join(_WORDS.findall(text.decode("utf-8", "replace"))))
    return "".join(said.split())

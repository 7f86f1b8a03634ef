"""Handing out files that strangers sent: always as a download, except pictures that are pictures by their content."""

from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpResponseBase
from django.utils.http import content_disposition_header

_PICTURES = {
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
    b"GIF87a": "image/gif",
    b"GIF89a": "image/gif",
}
SANDBOX = "default-src 'none'; sandbox"


def picture_type(head: bytes) -> str:
    """The type of a picture that a browser may show, told by its first bytes; empty for anything else (SVG too)."""
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for magic, kind in _PICTURES.items() if head.startswith(magic)), "")


def file_response(path: Path, *, filename: str, inline: bool = False) -> HttpResponseBase:
    """The file with headers that keep it from running here (RFC 6266, nosniff, sandbox); no sender's type is echoed.

    `inline` shows pictures in the page; everything else is a download all the same. Raises FileNotFoundError.
    """
    file: BinaryIO = path.open("rb")
    kind = picture_type(file.read(16))
    file.seek(0)
    response = FileResponse(file, content_type=kind or "application/octet-stream")
    disposition = content_disposition_header(as_attachment=not (inline and kind), filename=filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response

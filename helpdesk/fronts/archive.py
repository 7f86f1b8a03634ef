"""All files of a request as one zip, made while it is sent: no more of them is in memory than a piece of one."""

import re
from collections.abc import Iterable, Iterator, Sequence

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from zipstream import ZipStream

from helpdesk.core import files
from helpdesk.tickets.models import Attachment
from helpdesk.web.downloads import SANDBOX

_PIECE = 256 * 1024
# names that Windows keeps for devices, with any ending
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)


def archive(attached: Sequence[Attachment], filename: str) -> StreamingHttpResponse:
    """The files, uncompressed, under names that any system can unpack."""
    stream = ZipStream(sized=True)
    for one, name in zip(attached, names(one.filename for one in attached), strict=True):
        stream.add(_pieces(one.blob_id), name, size=one.size)
    response = StreamingHttpResponse(stream, content_type="application/zip")
    response.headers["Content-Length"] = str(len(stream))
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=filename) or ""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response


def _pieces(sha256: str) -> Iterator[bytes]:
    with files.open_file(sha256) as file:
        while piece := file.read(_PIECE):
            yield piece


def names(given: Iterable[str]) -> list[str]:
    """The names in their order, each once even where cases are not told apart, none that a system refuses: a second
    «a.txt» becomes «a (2).txt»."""
    taken: set[str] = set()
    made = []
    for name in given:
        safe = _safe(name)
        stem, dot, end = safe.rpartition(".") if "." in safe.strip(".") else (safe, "", "")
        unique, count = safe, 1
        while unique.casefold() in taken:
            count += 1
            unique = f"{stem} ({count}){dot}{end}"
        taken.add(unique.casefold())
        made.append(unique)
    return made


def _safe(name: str) -> str:
    flat = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]', "_", name).rstrip(". ").lstrip(" ") or "file"
    return f"_{flat}" if _DEVICE.fullmatch(flat) else flat

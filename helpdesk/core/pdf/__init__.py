"""Documents as PDF by typst: templates of ours, values as data. Knows nothing of what a document is about.

A value is never glued into markup: it travels as JSON and is set as text, whatever it holds. Each document is made by a
process of its own that has no files, no network and no environment, and that ends when its time is over.
"""

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings

_HERE = Path(__file__).parent
_BASE = (_HERE / "base.typ").read_text(encoding="utf-8")
SECONDS = 20  # of one document
_MEMORY_MB = 1536  # address space of its process
_AT_ONCE = BoundedSemaphore(1)  # in each process of the web server: the others of its threads go on with pages
_RUN = re.compile(r"\S{40,}")  # longer than a line may be
_PIECE = re.compile(r"\S{30}")
_BREAK = "\u200b"  # where a line may end without a sign


class Failed(Exception):
    """No document: `code` is «busy» (others are being made), «too_long» (its time is over) or «refused» (by typst)."""

    def __init__(self, code: str, details: str = "") -> None:
        super().__init__(f"{code}: {details}" if details else code)
        self.code = code


def render(template: Path, data: Mapping[str, Any], *, seconds: float = SECONDS) -> bytes:
    """The document that a typst template of ours makes of `data` (JSON: texts, numbers, lists, mappings).

    The template finds `data`, and what `base.typ` defines, in place: page, fonts, head, facts, paragraphs. `base.typ`
    wants `title` and `language` (ru, en), may have `foot` and `landscape`. Raises Failed.
    """
    document = {
        "source": _BASE + template.read_text(encoding="utf-8"),
        "data": json.dumps(printable(data), ensure_ascii=False),
        "fonts": str(_HERE / "fonts"),
        "seconds": int(seconds) + 1,
        "memory": _MEMORY_MB << 20,
    }
    if not _AT_ONCE.acquire(timeout=seconds / 2):
        raise Failed("busy")
    try:
        return _made(json.dumps(document).encode(), seconds)
    finally:
        _AT_ONCE.release()


def _made(document: bytes, seconds: float) -> bytes:
    command = [sys.executable, "-I", str(_HERE / "child.py")]
    try:
        done = subprocess.run(
            command, input=document, capture_output=True, timeout=seconds, env={}, cwd="/", check=False
        )
    except subprocess.TimeoutExpired as late:
        raise Failed("too_long") from late
    if done.returncode < 0:  # ended by the system, for its time or its memory
        raise Failed("too_long", f"signal {-done.returncode}")
    if done.returncode:
        raise Failed("refused", done.stderr.decode(errors="replace")[-2000:] if settings.DEBUG else "")
    return done.stdout


def printable(value: Any) -> Any:
    """The same data with texts that can be set: no control characters, and none that cannot be broken in a line."""
    if isinstance(value, str):
        kept = "".join(sign for sign in value if sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"})
        return _RUN.sub(lambda run: _PIECE.sub(lambda piece: piece[0] + _BREAK, run[0]), kept)
    if isinstance(value, Mapping):
        return {key: printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [printable(one) for one in value]
    return value

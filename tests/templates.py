"""Compiled templates kept between runs and shared by the workers, as long as no file of the product changes."""

import hashlib
import shutil
import sys
import time
from pathlib import Path

import jinja2

_ROOT = Path(__file__).resolve().parent.parent
_DAY = 86_400


class _OfLanguages(jinja2.FileSystemBytecodeCache):
    """A template is compiled once for each language: the words are in it."""

    def get_bucket(self, environment, name, filename, source):
        return super().get_bucket(environment, f"{environment._language}:{name}", filename, source)


def keep_compiled(cache):
    """Give the environment of the pages a folder below `cache` for what it compiles."""
    from django.template import engines

    folder = cache / _key()
    if not folder.is_dir():
        for old in cache.glob("*"):
            if old.stat().st_mtime < time.time() - _DAY:
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
    engines["jinja2"].env._options["bytecode_cache"] = _OfLanguages(str(folder))


def _key():
    """Of everything whose words, addresses and pictures may be folded into a template: the product as it is."""
    found = hashlib.sha256(sys.version.encode())
    for path in sorted((_ROOT / "helpdesk").rglob("*")):
        if path.suffix in {".py", ".html", ".txt", ".po", ".svg", ".css", ".js"}:
            seen = path.stat()
            found.update(f"{path} {seen.st_size} {seen.st_mtime_ns}".encode())
    return found.hexdigest()[:16]

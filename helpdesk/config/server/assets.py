"""The files that browsers load: collected, named by their content, compressed; again only when one has changed."""

import gzip
import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from helpdesk.web import storage

_WORTH_COMPRESSING = {".css", ".js", ".svg", ".json", ".txt", ".map", ".html", ".mjs"}


def collect() -> bool:
    """Collect and compress what has changed. Returns whether there was anything to do."""
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    fingerprint = _fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    root.mkdir(parents=True, exist_ok=True)
    for finder in get_finders():
        for name, _ in finder.list([]):
            # collectstatic leaves out what changed within the second of its last run; pages use the hashed names
            (root / name).unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    for path in root.rglob("*"):
        if path.suffix in _WORTH_COMPRESSING and path.is_file():
            _compress(path)
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256(Path(storage.__file__).read_bytes())  # how files are published
    for finder in get_finders():
        for name, place in finder.list([]):
            facts = Path(place.path(name)).stat()
            digest.update(f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _compress(path: Path) -> None:
    """The same beside it as .gz, where that is smaller."""
    content = path.read_bytes()
    target = path.with_name(f"{path.name}.gz")
    compressed = gzip.compress(content, 9, mtime=0)
    if len(compressed) < len(content) * 0.95:
        target.write_bytes(compressed)
    else:
        target.unlink(missing_ok=True)

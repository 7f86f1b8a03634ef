"""Whether every part of a backup is what its manifest says. Reads, and touches nothing."""

from collections.abc import Callable
from pathlib import Path

from helpdesk.config.keeping import manifest as manifests
from helpdesk.config.keeping.errors import Damaged
from helpdesk.config.keeping.manifest import Manifest, Part
from helpdesk.config.keeping.progress import Progress

_NAMED = 3


def see(folder: Path, *, say: Callable[[str], None]) -> Manifest:
    """Read everything once; gives the manifest. Raises Damaged naming what is damaged, KeepingError."""
    manifest = manifests.read(folder)
    wrong = [_wrong(folder / name, part) for name, part in sorted(manifest.parts.items())]
    if not any(wrong):
        wrong = _wrong_files(folder, manifest, say)
    if found := [text for text in wrong if text]:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        raise Damaged(f"the backup {folder} is damaged: {'; '.join(found[:_NAMED])}{more}. Take another backup")
    return manifest


def _wrong_files(folder: Path, manifest: Manifest, say: Callable[[str], None]) -> list[str]:
    progress = Progress(say, "Checked files", manifest.files)
    wrong = []
    for sha256, size in manifests.listed(folder):
        wrong.append(_wrong(manifests.place(folder, sha256), Part(sha256, size)))
        progress.step()
    if len(wrong) != manifest.files:
        wrong.append(f"{manifests.LIST} names {len(wrong)} files instead of {manifest.files}")
    return [text for text in wrong if text]


def _wrong(path: Path, part: Part) -> str:
    """What is wrong with one file, "" if nothing is."""
    try:
        found = manifests.measured(path)
    except FileNotFoundError:
        return f"{path} is missing"
    except OSError as error:
        return f"{path} cannot be read ({error.strerror})"
    if found.size != part.size:
        return f"{path} has {found.size} bytes instead of {part.size}"
    return "" if found == part else f"{path} has another content than was written"

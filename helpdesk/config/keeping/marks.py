"""The mark that a restore is under way in a data folder: as long as it stands, nothing else uses the folder."""

from pathlib import Path

from helpdesk.config.keeping.errors import Unfinished

_NAME = "restore.unfinished"


def refuse_unfinished(home: Path) -> None:
    """Raises Unfinished where a restore was begun and has not come to its end."""
    if (home / _NAME).exists():
        raise Unfinished(
            f"A restore into {home} is under way or was interrupted: run helpdesk restore again with the same backup, "
            "or give another HELPDESK_DATA (and database)"
        )


def begun(home: Path) -> str:
    """Which backup an interrupted restore was bringing, "" if none."""
    try:
        return (home / _NAME).read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def begin(home: Path, mark: str) -> None:
    """From now on the folder is under restore."""
    temporary = home / f"{_NAME}.new"
    temporary.touch(mode=0o600)
    temporary.write_text(mark, encoding="ascii")
    temporary.replace(home / _NAME)


def end(home: Path) -> None:
    """The restore is whole, or nothing of it was written."""
    (home / _NAME).unlink(missing_ok=True)

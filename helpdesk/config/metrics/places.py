"""Where the web processes of one server share their counts. Must be known before prometheus_client is imported."""

import os
import shutil
from pathlib import Path

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def begin(home: Path, *, port: int) -> None:
    """In the web server's master: begin anew, and let its processes find the folder."""
    folder = home / "run" / f"metrics-{port}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[_VARIABLE] = str(folder)


def shared() -> Path | None:
    """The folder; None in a process that has no siblings."""
    return Path(found) if (found := os.environ.get(_VARIABLE, "")) else None

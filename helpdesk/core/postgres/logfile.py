"""The log of the embedded PostgreSQL: kept small, and read when the server does not start."""

from pathlib import Path

_LARGEST = 10 * 1024 * 1024
_HINTS = (
    ("No space left on device", "The disk is full: free some space and start again; nothing is lost."),
    ("Read-only file system", "The file system is read-only: make it writable, or set HELPDESK_DATA elsewhere."),
    ("Permission denied", "A file does not belong to the user that runs PostgreSQL: see the owner of the data folder."),
    ("could not create shared memory", "The system's shared memory is used up: end other programs or raise its limit."),
    ("Cannot allocate memory", "There is too little free memory: 512 MB are needed."),
    ("incompatible with server", "The folder was made by another version: set HELPDESK_POSTGRES_BIN to that version."),
    ("could not locate a valid checkpoint", "The data are damaged: restore a backup into an empty HELPDESK_DATA."),
    ("could not bind", "The socket or port is taken: end the program that holds it."),
)


def begin(path: Path) -> int:
    """Where the next lines begin. A large log is put aside as `.1`."""
    try:
        size = path.stat().st_size
    except OSError:
        return 0
    if size > _LARGEST:
        path.replace(path.with_suffix(".log.1"))
        return 0
    return size


def since(path: Path, mark: int) -> str:
    """What was written after the mark."""
    try:
        with path.open("rb") as file:
            file.seek(mark)
            return file.read(64 * 1024).decode("utf-8", "replace")
    except OSError:
        return ""


def speaks_of_orphans(lines: str) -> bool:
    """Whether the server did not start because processes of a killed one have not ended yet."""
    return "pre-existing shared memory block" in lines or "is still in use" in lines


def explain(lines: str, *, data: Path, log: Path | None) -> str:
    """What went wrong, for an operator: a hint where the cause is known, then the last lines."""
    hint = next((text for words, text in _HINTS if words in lines), "")
    tail = "\n".join(f"  {line}" for line in lines.strip().splitlines()[-8:])
    where = f" (whole log: {log})" if log else ""
    return f"PostgreSQL does not start in {data}. {hint}".rstrip() + f"\nIts last lines{where}:\n{tail}"

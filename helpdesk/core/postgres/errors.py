"""What can go wrong with the embedded database, told to an operator."""

from pathlib import Path


class PostgresError(Exception):
    """The embedded PostgreSQL cannot be used. The text says what happened and what to do."""


class AlreadyRunning(PostgresError):
    """Another program holds the data folder: its subcommand, its process and, where it is known, what it serves."""

    def __init__(self, home: Path, owner: str, pid: int, *, at: str = "") -> None:
        super().__init__(
            f"The data folder {home} is in use: helpdesk {owner} runs as process {pid}{f', {at}/' if at else ''}. "
            "Stop it first, or give this one another folder (HELPDESK_DATA) and port (PORT)."
        )

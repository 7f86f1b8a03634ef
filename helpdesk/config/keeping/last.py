"""When the last backup was made: a sign of life in the database it was made of."""

from datetime import timedelta

from helpdesk.core import db

_NAME = "backup"
LATE = timedelta(days=8)  # whoever makes them weekly is in time


def note() -> None:
    """A backup was made just now, by the database's clock."""
    db.fetch(
        "INSERT INTO core_heartbeat (name, at) VALUES (%s, clock_timestamp())"
        " ON CONFLICT (name) DO UPDATE SET at = excluded.at RETURNING 1",
        [_NAME],
    )


def age() -> timedelta | None:
    """How long ago it was; None if there never was one. One statement."""
    found = db.fetch("SELECT clock_timestamp() - at FROM core_heartbeat WHERE name = %s", [_NAME])
    return found[0][0] if found else None

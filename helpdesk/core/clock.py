"""The one clock. Tests stop it; nothing else may ask the time elsewhere."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

_stopped: list[datetime] = []


def now() -> datetime:
    """This moment, aware, UTC."""
    return _stopped[-1] if _stopped else datetime.now(UTC)


@contextmanager
def stopped(at: datetime) -> Iterator[None]:
    """Within the block it is `at` (aware), for everyone in this process."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its zone")
    _stopped.append(at.astimezone(UTC))
    try:
        yield
    finally:
        _stopped.pop()

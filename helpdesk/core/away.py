"""Whether an error means a database that is away: not our code's fault, and over as soon as it is back."""

from collections.abc import Iterator
from itertools import islice

import psycopg

_AWAY = ("08", "57P", "53300")  # SQLSTATE: connection lost, server stopped or starting, no more connections


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what caused it, ten deep at most."""

    def chain() -> Iterator[BaseException]:
        one = error
        while one is not None:
            yield one
            one = one.__cause__ or one.__context__

    return islice(chain(), 10)


def is_away(error: BaseException | None) -> bool:
    """Whether an error, or what caused it, is a database that cannot be reached now or has gone in the middle."""
    return any(
        isinstance(one, psycopg.OperationalError | psycopg.InterfaceError) and (one.sqlstate or "08").startswith(_AWAY)
        for one in causes(error)
    )

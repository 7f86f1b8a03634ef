"""Connections of the pool, and a look at them that asks the server only where it is in doubt whether one lives.

Django asks with every request, which costs a round trip: a twentieth of a page. A server that ends, and one that is
killed, close their sockets, and a closed socket is readable; so one that was in use a moment ago and is silent lives.
"""

import select
import time
from typing import Any

from psycopg import Connection
from psycopg_pool import ConnectionPool

TRUSTED_FOR = 5.0  # seconds since the last use; a firewall that drops what is idle needs longer


class Watched(Connection[Any]):
    """A connection that knows when it was last given out."""

    given_at = float("-inf")


def check(connection: Watched) -> None:
    """Raises an error of psycopg where the connection is lost; costs a round trip only where that is in doubt."""
    now = time.monotonic()
    if now - connection.given_at > TRUSTED_FOR or _speaks(connection):
        ConnectionPool.check_connection(connection)
    connection.given_at = now


def _speaks(connection: Watched) -> bool:
    """Whether something stands in the socket to be read: the end of the connection, or a notice."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))

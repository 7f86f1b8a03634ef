"""Taking queued work back before a worker begins it."""

from collections.abc import Sequence

from django.db import connection


def withdraw(ids: Sequence[int]) -> int:
    """Remove jobs that have not begun, by the ids of `waiting`; how many there were."""
    with connection.cursor() as cursor:
        cursor.execute("delete from procrastinate_jobs where id = any(%s) and status = 'todo'", [list(ids)])
        return int(cursor.rowcount)

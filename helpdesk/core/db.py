"""Transactions: an entry point (a view, a letter, a job) opens one, verbs join it. And quick plain reading."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.transaction import Atomic


def entry() -> Atomic:
    """The single transaction of an entry point; raises if one is open already. Nothing slow inside."""
    return transaction.atomic(durable=True)


def verb() -> Atomic:
    """What a verb runs in: joins the entry point's transaction, or is one of its own."""
    return transaction.atomic(savepoint=False)


@contextmanager
def reading() -> Iterator[None]:
    """Within the block every statement that writes is refused by the database, whoever sends it."""
    with transaction.atomic(), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
        yield


def fetch(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All rows of one statement, as tuples; for what pages read all day.

    Values go as bound parameters, the plan is kept with the connection, moments come with the zone UTC and `json`
    as Python objects. Half the cost of Django's cursor, which makes its adapters anew for every statement; the
    statement stands in the connection's log like any other. Raises django.db's errors.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.validate_no_broken_transaction()
    begun = time.monotonic() if here.queries_logged else 0.0
    with here.wrap_database_errors:
        cursor = here.connection.cursor(binary=True)
        cursor.execute(sql, values, prepare=True)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    if begun:
        told = here.ops.last_executed_query(cursor, sql, values)
        here.queries_log.append({"sql": told, "time": f"{time.monotonic() - begun:.3f}"})
    return found

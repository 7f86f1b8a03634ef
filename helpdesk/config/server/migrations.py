"""The schema's state, told without importing hundreds of migrations; and bringing it up to date."""

import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.apps import apps
from django.core.management import call_command
from django.db import connection

_LOCK = 0x68656C70  # any number of our own: one migration at a time


class SchemaBehind(Exception):
    """The database is not ready for the installed code."""


def applied() -> set[tuple[str, str]]:
    """The migrations that the database has; none of a database that nobody has migrated yet."""
    with connection.cursor() as cursor:
        cursor.execute("select to_regclass('django_migrations') is not null")
        if cursor.fetchone() != (True,):
            return set()
        cursor.execute("select app, name from django_migrations")
        return set(cursor.fetchall())


def missing() -> list[str]:
    """The migrations that the installed code has and the database has not, as "app.name"."""
    done = applied()
    return [
        f"{app.label}.{found.name}"
        for app in apps.get_app_configs()
        for found in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not found.name.startswith("_") and (app.label, found.name) not in done
    ]


def refuse_missing() -> None:
    """Raises SchemaBehind where the installed code needs steps that the database has not seen."""
    if steps := missing():
        raise SchemaBehind(
            f"The database's schema lacks {len(steps)} steps of this version: run helpdesk migrate, then start again."
        )


@contextmanager
def alone(holder: psycopg.Connection[Any]) -> Iterator[None]:
    """Within the block nobody else migrates; who comes waits. `holder`: a connection of the caller's own."""
    holder.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        yield
    finally:
        if not holder.closed:
            holder.execute("select pg_advisory_unlock(%s)", [_LOCK])


def apply() -> None:
    """Apply what is missing; several machines that start at once wait for one another."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_lock(%s)", [_LOCK])
    try:
        if missing():
            call_command("migrate", interactive=False, verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])

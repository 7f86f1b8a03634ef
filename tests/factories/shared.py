"""Rows made once for all tests of a module: inside one transaction, in which each test's own is a savepoint."""

import contextlib
import copy

from django.db import transaction
from django.test import TestCase


def commits(item):
    """Whether a test writes for good, so that no transaction may lie around it."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(item.fixturenames)
    )


@contextlib.contextmanager
def around(items, blocker):
    """Gives `keep(make)`: what `make` made, as a function that returns a fresh copy of it for each test.

    Where one of the module's tests commits, nothing lies around them and each calls `make` itself.
    """
    if any(map(commits, items)):
        yield lambda make: make
        return
    with blocker.unblock():
        transactions = TestCase._enter_atomics()

    def keep(make):
        with blocker.unblock():
            made = make()
        return lambda: copy.deepcopy(made)

    yield keep
    with blocker.unblock():
        TestCase._rollback_atomics(transactions)


@contextlib.contextmanager
def undone():
    """Everything written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

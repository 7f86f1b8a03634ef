"""Rows made once for all tests of a module: inside one transaction, in which each test's own is a savepoint."""

import contextlib
import copy
import pickle

from django.db import transaction
from django.test import TestCase

_now = []  # the module's Kept, while its transaction is open
_committing = False


def commits(item):
    """Whether a test writes for good, so that no transaction may lie around it."""
    marker = item.get_closest_marker("django_db")
    return bool(marker and marker.kwargs.get("transaction")) or bool(
        {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    )


def before(item):
    """Ends the transaction of the module before a test that commits."""
    global _committing
    _committing = commits(item)
    if _committing:
        for kept in [*_now]:
            kept.end()


def _copies_of(made):
    """A function that gives one more copy each time: by pickle where that can be, five times as quick as by copying."""
    try:
        octets = pickle.dumps(made, pickle.HIGHEST_PROTOCOL)
        pickle.loads(octets)
    except Exception:  # a class made anew, a function: whatever cannot travel
        return lambda: copy.deepcopy(made)
    return lambda: pickle.loads(octets)


class Kept:
    """What a module made. From the first test that commits on, every test makes its own."""

    def __init__(self, blocker):
        self._blocker = blocker
        self._transactions = None
        if not _committing:
            with blocker.unblock():
                self._transactions = TestCase._enter_atomics()
            _now.append(self)

    def keep(self, make):
        """What `make` makes, as a function that gives each test a copy of its own."""
        if self._transactions is None:
            return make
        with self._blocker.unblock():
            made = make()
        fresh = _copies_of(made)
        return lambda: make() if self._transactions is None else fresh()

    def end(self):
        """Take everything back."""
        if self._transactions is not None:
            with self._blocker.unblock():
                TestCase._rollback_atomics(self._transactions)
            self._transactions = None
            _now.remove(self)


@contextlib.contextmanager
def undone():
    """Everything written inside is taken back at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)

"""The pool gives out living connections, and asks the server only where that is in doubt."""

import time

import pytest
from django.db import connection, connections

from helpdesk.core.backend.base import DatabaseWrapper
from helpdesk.core.backend.pooled import TRUSTED_FOR, Watched

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def pooled():
    """The product's engine on the test's database, with a pool of one connection."""
    settings = {**connection.settings_dict, "CONN_HEALTH_CHECKS": True}
    settings["OPTIONS"] = {**settings["OPTIONS"], "pool": {"min_size": 1, "max_size": 1, "connection_class": Watched}}
    connections["pooled"] = found = DatabaseWrapper(settings, alias="pooled")
    yield found
    found.close()
    found.close_pool()
    del connections["pooled"]


def asked(pooled, sql="SELECT pg_backend_pid()"):
    """A request's work: a connection out of the pool, a statement, and back with it."""
    with pooled.cursor() as cursor:
        cursor.execute(sql)
        found = cursor.fetchone()[0]
    pooled.close()
    return found


def last_statement(pid):
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone()[0]


def given_out(pooled):
    """What the server heard last when the connection was given out."""
    pooled.ensure_connection()
    try:
        return last_statement(pooled.connection.info.backend_pid)
    finally:
        pooled.close()


def test_a_connection_that_was_in_use_a_moment_ago_costs_no_round_trip(pooled):
    asked(pooled)
    assert given_out(pooled) == "SELECT pg_backend_pid()"


def test_one_that_was_idle_for_longer_is_asked(pooled, monkeypatch):
    asked(pooled)
    later = time.monotonic() + TRUSTED_FOR + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert given_out(pooled) == ""


def test_one_that_the_server_has_ended_is_replaced_before_anybody_gets_it(pooled):
    for _ in range(5):
        pid = asked(pooled)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        assert asked(pooled) != pid

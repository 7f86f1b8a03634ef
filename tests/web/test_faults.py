"""What a reader gets while the database is away, on real connections."""

import psycopg
import pytest
from django.db import connection
from django.test import Client

from helpdesk.core.away import is_away
from tests.factories import ClientFactory


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", ["/portal/mine/", "/portal/search/?q=акт"])
def test_a_database_that_goes_in_the_middle_is_told_as_such_and_as_to_be_tried_again(address):
    browser = Client(raise_request_exception=False)
    browser.force_login(ClientFactory(), backend="helpdesk.accounts.backends.LoginOrAddress")
    with psycopg.connect(connection.connection.info.dsn) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    answer = browser.get(address, headers={"accept-language": "ru"})
    connection.close()
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "не потеряно" in answer.content.decode().replace("\xa0", " ")
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (psycopg.OperationalError("the connection is lost"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.TooManyConnections(), True),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.UndefinedTable(), False),
        (ValueError(), False),
    ],
)
def test_only_a_lost_or_refused_connection_is_a_database_that_is_away(error, away):
    assert is_away(error) is away

"""Bare statements: values bound, errors Django's, statements counted; and models out of their rows."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.models import Person
from helpdesk.core import db
from helpdesk.core.plain import Columns
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


def test_values_are_bound_and_come_back_as_they_are():
    when = datetime(2026, 11, 25, 12, tzinfo=UTC)
    row = db.fetch(
        "SELECT %s::text, %s::timestamptz, %s::int[], json_build_object('a', %s::text), NULL",
        ["'; DROP TABLE x; -- %", when, [1, 2], "ё"],
    )[0]
    assert row == ("'; DROP TABLE x; -- %", when, [1, 2], {"a": "ё"}, None)


def test_is_counted_and_told_with_its_values():
    with CaptureQueriesContext(connection) as captured:
        db.fetch("SELECT %s::int", [7])
    assert len(captured) == 1
    assert "7" in captured[0]["sql"]


@pytest.mark.parametrize(
    ("sql", "error"),
    [("SELECT nothing", ProgrammingError), ("SELECT 'x'::int", DataError),
     ("INSERT INTO core_option (key, value) VALUES (NULL, '1') RETURNING key", IntegrityError)],
)  # fmt: skip
def test_errors_are_those_of_django(sql, error):
    with pytest.raises(error), transaction.atomic():
        db.fetch(sql)


def test_a_broken_transaction_refuses_like_any_statement():
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            db.fetch("SELECT 1")


def test_a_row_becomes_the_object_that_django_would_have_read():
    person = ClientFactory()
    columns = Columns(Person, "p")
    row = db.fetch(f"SELECT 1, {columns.sql}, 2 FROM accounts_person p WHERE p.id = %s", [person.pk])[0]
    found, same = columns.take(row, 1), Person.objects.get(pk=person.pk)
    assert found == same
    assert {f.attname: getattr(found, f.attname) for f in Person._meta.concrete_fields} == {
        f.attname: getattr(same, f.attname) for f in Person._meta.concrete_fields
    }
    assert not found._state.adding
    assert columns.take((None,) * columns.width) is None

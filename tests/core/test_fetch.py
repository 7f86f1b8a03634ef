"""Bare statements: values bound, errors Django's, statements counted; and models out of their rows."""

from datetime import UTC, datetime

import pytest
from django.db import DataError, IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.models import Person, SignInAttempt
from helpdesk.core import clock, db
from helpdesk.core.models import OptionRow
from helpdesk.core.plain import Columns, insert, update
from tests.factories import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return ClientFactory()


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


def test_rows_are_written_as_django_would_have_written_them(person):
    one, two = (SignInAttempt(person=person, login="а", outcome="ok", at=clock.now()) for _ in range(2))
    assert insert(one, two) == [one, two]
    assert SignInAttempt.objects.get(pk=one.pk) == one
    assert not one._state.adding
    one.login = "б"
    update(one, ["login"])
    assert [SignInAttempt.objects.get(pk=row.pk).login for row in (one, two)] == ["б", "а"]


def test_json_none_and_signs_survive(person):
    row = OptionRow(key="a%s", value={"ё": [None, "%", "'"]}, changed_at=clock.now())
    insert(row)
    assert OptionRow.objects.get(pk="a%s").value == {"ё": [None, "%", "'"]}


def test_a_row_that_is_there_already_is_left_out_only_where_asked(person):
    insert(OptionRow(key="k", value=1, changed_at=clock.now()))
    assert insert(OptionRow(key="k", value=2, changed_at=clock.now()), quietly=True) == []
    assert OptionRow.objects.get(pk="k").value == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(OptionRow(key="k", value=2, changed_at=clock.now()))


def test_a_row_that_is_gone_cannot_be_changed(person):
    gone = SignInAttempt(pk=10**9, person=person, login="а", at=clock.now())
    with pytest.raises(SignInAttempt.DoesNotExist):
        update(gone, ["login"])

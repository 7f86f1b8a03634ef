from datetime import date
from importlib import import_module

import pytest
from django.apps import apps

from helpdesk.tickets.fields import mirror
from helpdesk.tickets.models import FieldValue, Ticket
from tests.factories import IntakeFieldFactory, open_request

pytestmark = pytest.mark.django_db
migration = import_module("helpdesk.tickets.migrations.0013_fields_that_depend_and_are_searched")
MAY, JULY = date(2026, 5, 1), date(2026, 7, 31)
VALUES = [
    ("Счёт\u00a0№ 5", ("счет № 5", None, None, None)),
    ("0450 018 812", ("0450018812", None, None, None)),
    ("дом 5 12", ("дом 5 12", None, None, None)),
    (-7, ("-7", -7, None, None)),
    (True, ("1", 1, None, None)),
    (False, ("0", 0, None, None)),
    ("2026-05-31", ("2026-05-31", None, date(2026, 5, 31), date(2026, 5, 31))),
    ("2026-05", ("2026-05", None, MAY, date(2026, 5, 31))),
    ("2026-05/2026-07", ("2026-05/2026-07", None, MAY, JULY)),
    ("2026-13", ("2026-13", None, None, None)),
    ("2026-02-30", ("2026-02-30", None, None, None)),
    (["Бланк.docx", "два.pdf"], ("бланк.docx два.pdf", None, None, None)),
    ("я" * 400, ("я" * 300, None, None, None)),
]


def written():
    return list(FieldValue.objects.order_by("key").values_list("key", "text", "number", "starts_on", "ends_on"))


@pytest.mark.parametrize(("value", "columns"), VALUES, ids=[str(value)[:20] for value, _ in VALUES])
def test_a_value_in_the_forms_that_are_searched(value, columns):
    found = {"number": None, "starts_on": None, "ends_on": None} | mirror.columns(value)
    assert (found["text"], found["number"], found["starts_on"], found["ends_on"]) == columns


def test_a_query_is_written_like_the_values():
    assert mirror.searchable(" Ул.  Зелёная ") == mirror.searchable("ул. зеленая") == "ул. зеленая"


def test_the_rows_come_with_the_request_and_the_migration_makes_the_same(cast):
    IntakeFieldFactory(queue=cast.queue, key="account")
    IntakeFieldFactory(queue=cast.queue, key="flats", kind="number")
    IntakeFieldFactory(queue=cast.queue, key="month", kind="month")
    values = {"account": "ЛС 450", "flats": "12", "month": "май 2026"}
    open_request(cast.carol, cast.queue, values=values)
    open_request(cast.carol, cast.queue)
    made = written()
    assert made == [
        ("account", "лс 450", None, None, None),
        ("flats", "12", 12, None, None),
        ("month", "2026-05", None, MAY, date(2026, 5, 31)),
    ]
    FieldValue.objects.all().delete()
    migration.fill(apps, None)
    assert written() == made


def test_the_migration_passes_by_what_is_no_value(cast):
    ticket = open_request(cast.carol, cast.queue)
    Ticket.objects.filter(pk=ticket.pk).update(fields={"a": "x", "b": {"value": ""}, "c": {}, "d": {"value": "да"}})
    migration.fill(apps, None)
    assert written() == [("d", "да", None, None, None)]


@pytest.mark.parametrize("value", [value for value, _ in VALUES if not isinstance(value, list)], ids=str)
def test_the_migration_writes_a_value_like_the_product(value):
    blank = {"number": None, "starts_on": None, "ends_on": None}
    if not (isinstance(value, str) and "/" in value):  # there were no periods yet
        assert blank | migration._columns(value) == blank | mirror.columns(value)

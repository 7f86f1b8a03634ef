import pytest

from helpdesk.core import clock
from helpdesk.core.errors import Invalid
from helpdesk.tickets import fields
from tests.factories import IntakeFieldFactory, QueueFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("text", "  ЛС\t4512 ", "ЛС 4512"),
        ("long", "строка\r\nвторая", "строка\nвторая"),
        ("number", "12 345", 12345),
        ("number", "1\u202f000", 1000),
        ("number", "-7", -7),
        ("date", "2026-11-24", "2026-11-24"),
        ("date", "24.11.2026", "2026-11-24"),
        ("date", "1.2.2026 г.", "2026-02-01"),
        ("month", "2026-11", "2026-11"),
        ("month", "11.2026", "2026-11"),
        ("month", "Ноябрь 2026", "2026-11"),
        ("month", "мая 2026 г.", "2026-05"),
        ("month", "sept. 2026", "2026-09"),
        ("choice", "b", "b"),
    ],
)
def test_a_typed_value_becomes_canonical(kind, typed, value):
    field = IntakeFieldFactory(kind=kind, key="f", version=3, choices=[["a", "А", "A"], ["b", "Б", "B"]])
    assert fields.accepted(field.queue, {"f": typed}) == {"f": {"value": value, "version": 3}}


@pytest.mark.parametrize(
    ("kind", "typed", "code"),
    [
        ("text", "я" * 301, "too_long"),
        ("long", "я" * 20_001, "too_long"),
        ("number", "1,5", "not_a_number"),
        ("number", "--5", "not_a_number"),
        ("number", "5-", "not_a_number"),
        ("number", "-", "not_a_number"),
        ("number", "٣", "not_a_number"),
        ("number", "9" * 18, "not_a_number"),
        ("date", "31.02.2026", "not_a_date"),
        ("date", "24.11.26", "not_a_date"),
        ("date", "2026-02-30", "not_a_date"),
        ("month", "2026-13", "not_a_month"),
        ("month", "13.2026", "not_a_month"),
        ("month", "марта", "not_a_month"),
        ("month", "когда 2026", "not_a_month"),
        ("choice", "c", "not_offered"),
    ],
)
def test_a_wrong_value_is_a_problem_of_its_field(kind, typed, code):
    field = IntakeFieldFactory(kind=kind, key="f", choices=[["a", "А", "A"]])
    with pytest.raises(Invalid) as refused:
        fields.accepted(field.queue, {"f": typed})
    assert [(p.field, p.code) for p in refused.value.problems] == [("field_f", code)]


def test_required_ones_are_missed_and_others_left_out():
    queue = QueueFactory()
    IntakeFieldFactory(queue=queue, key="needed", required=True)
    IntakeFieldFactory(queue=queue, key="also", kind="number", required=True)
    IntakeFieldFactory(queue=queue, key="free")
    with pytest.raises(Invalid) as refused:
        fields.accepted(queue, {"needed": " \u200b ", "free": "x", "also": "нет"})
    assert [(p.field, p.code) for p in refused.value.problems] == [
        ("field_needed", "empty"), ("field_also", "not_a_number"),
    ]  # fmt: skip
    assert fields.accepted(queue, {"needed": "да", "also": "1", "foreign": "x"}).keys() == {"needed", "also"}


def test_a_field_switched_off_is_not_asked_for():
    field = IntakeFieldFactory(required=True, inactive_at=clock.now())
    assert fields.accepted(field.queue, {field.key: "x"}) == {}
    assert fields.of_queue(field.queue) == []

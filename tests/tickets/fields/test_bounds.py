"""How far the values of a field may reach: data of the field, counted from the day of the request."""

from datetime import date

import pytest

from helpdesk.tickets.fields import definitions, rules
from helpdesk.tickets.models import IntakeField
from helpdesk.tickets.words import problem_text

TODAY = date(2026, 11, 30)


def field(kind, **bounds):
    return IntakeField(key="f", kind=kind, label_ru="Срок", label_en="By", bounds=bounds)


def told(asked, typed, to=""):
    _, problems = rules.take([asked], {"f": typed, "f.to": to}, today=TODAY)
    return [problem_text(problem).replace("\xa0", " ") for problem in problems]


@pytest.mark.parametrize(
    ("asked", "typed", "words"),
    [
        (field("date", **{"from": 0}), "1999-05-01", "Этот день уже прошёл: выберите 30.11.2026 или позже"),
        (field("date", **{"from": 0}), "2026-11-29", "Этот день уже прошёл: выберите 30.11.2026 или позже"),
        (field("date", **{"from": 0}), "2026-11-30", None),
        (field("date", **{"from": 3}), "2026-12-01", "Слишком рано: выберите 03.12.2026 или позже"),
        (field("date", **{"from": -30}), "2026-10-30", "Слишком рано: выберите 31.10.2026 или позже"),
        (field("date", to=10), "2026-12-11", "Слишком поздно: выберите 10.12.2026 или раньше"),
        (field("date", to=10), "2026-12-10", None),
        (field("month", **{"from": -12}), "2025-10", "Слишком рано: выберите ноябрь 2025 или позже"),
        (field("month", **{"from": -12}), "2025-11", None),
        (field("month", to=1), "2027-01", "Слишком поздно: выберите декабрь 2026 или раньше"),
        (field("number", **{"from": 1, "to": 10_000}), "0", "Напишите 1 или больше"),
        (field("number", **{"from": 1, "to": 10_000}), "10 001", "Напишите 10 000 или меньше"),
        (field("number", **{"from": 1, "to": 10_000}), "10000", None),
        (field("date"), "1999-05-01", None),
    ],
)
def test_a_value_beyond_the_bounds_is_told_with_what_is_allowed(asked, typed, words):
    assert told(asked, typed) == ([words] if words else [])


@pytest.mark.parametrize(
    ("bounds", "first", "last", "words"),
    [
        ({"longest": 36}, "2020-01", "2022-12", None),
        ({"longest": 36}, "2020-01", "2027-12", "Период больше 36 месяцев: измените первый или последний"),
        ({"longest": 1}, "2026-01", "", None),
        ({"longest": 1}, "2026-01", "2026-02", "Здесь нужен один месяц: последний не указывайте"),
        ({"from": -12}, "2025-10", "2026-01", "Слишком рано: выберите ноябрь 2025 или позже"),
        ({"to": 0}, "2026-10", "2026-12", "Слишком поздно: выберите ноябрь 2026 или раньше"),
        ({}, "2019-01", "2026-12", None),
    ],
)
def test_a_period_is_told_by_its_ends_and_its_length(bounds, first, last, words):
    assert told(field("period", **bounds), first, last) == ([words] if words else [])


@pytest.mark.parametrize(
    ("kind", "bounds", "code"),
    [
        ("text", {"to": 1}, "for_kind"),
        ("date", {"longest": 1}, "bounds_format"),
        ("date", {"since": 1}, "bounds_format"),
        ("date", {"from": "0"}, "bounds_format"),
        ("date", {"from": True}, "bounds_format"),
        ("date", {"from": 10**9}, "bounds_format"),
        ("date", ["from"], "bounds_format"),
        ("period", {"longest": 0}, "bounds_format"),
        ("period", {"longest": 121}, "bounds_format"),
        ("date", {"from": 2, "to": 1}, "bounds_order"),
    ],
)
def test_bounds_that_say_nothing_are_flaws(kind, bounds, code):
    wrong = IntakeField(key="f", kind=kind, bounds=bounds)
    assert [(flaw.field, flaw.code) for flaw in definitions.flaws(wrong, [])] == [("bounds", code)]


@pytest.mark.parametrize(
    ("kind", "bounds"),
    [("date", {"from": 0}), ("number", {"from": -5, "to": -5}), ("period", {"longest": 36, "to": 1}), ("text", {})],
)
def test_bounds_that_hold_are_none(kind, bounds):
    assert definitions.flaws(IntakeField(key="f", kind=kind, bounds=bounds), []) == []

import itertools
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connections
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.tickets import numbers
from helpdesk.tickets.models import NumberAlias, NumberCounter
from tests.factories import open_request, world
from tests.factories.sizes import rounds

NOON = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


def test_check_digit_is_otrs_own():
    assert numbers.check_digit("202101271012345") == 4


@given(st.text(alphabet="0123456789", min_size=1, max_size=20))
def test_check_digit_is_one_digit(digits):
    assert 1 <= numbers.check_digit(digits) <= 9


@pytest.mark.parametrize(
    ("generator", "count", "number"),
    [
        ("short", 1, "100001"),
        ("short", 900_000, "1000000"),
        ("auto_increment", 7, "1000007"),
        ("date", 3, "20210127103"),
        ("date_checksum", 12345, "2021012710123454"),
        ("date_checksum", 1, "2021012710000011"),
    ],
)
def test_formats(generator, count, number):
    made = numbers.GENERATORS[generator](count, day=date(2021, 1, 27), system_id="10")
    assert made[:-1] == number[:-1]
    if generator == "date_checksum":
        assert made[-1] == str(numbers.check_digit(made[:-1]))
    else:
        assert made == number


def test_random_is_ten_digits_after_the_systems():
    made = {numbers.random(1, day=date(2021, 1, 27), system_id="10") for _ in range(50)}
    assert len(made) > 45
    assert all(len(number) == 12 and number.startswith("10") for number in made)


@pytest.mark.django_db
def test_take_counts_up_and_steps_over_what_is_taken(cast):
    assert numbers.take(NOON) == "100001"
    NumberAlias.objects.create(number="100003", ticket=open_request(cast.carol, cast.queue))
    assert numbers.take(NOON) == "100004"


@pytest.mark.django_db
def test_take_counts_by_the_installations_day():
    numbers.GENERATOR.set("date")
    assert numbers.take(datetime(2026, 11, 25, 20, 59, tzinfo=UTC)) == "20261125101"
    assert numbers.take(datetime(2026, 11, 25, 21, 1, tzinfo=UTC)) == "20261126101"  # it is past midnight in Moscow
    assert numbers.take(datetime(2026, 11, 25, 21, 2, tzinfo=UTC)) == "20261126102"
    assert NumberCounter.objects.count() == 2


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("100001", "100001"), ("№ 100 001", "100001"), ("№\u202f100\u202f001", "100001"), (" #100001 ", "100001"),
        ("Ticket#2021012710123454", "2021012710123454"), ("", ""), ("№", ""), ("12a", ""), ("1" * 51, ""),
        ("٣٤", ""), ("-5", ""), ("заявка 100001", "100001"), ("Заявка № 100 001", "100001"), ("No. 100001", "100001"),
        ("заявке #100001.", "100001"), ("Request 100001", "100001"), ("100001 пени", ""), ("заявка", ""), ("5n7", ""),
        ("заявки 5", ""), ("Ticket#5", "5"),
    ],
)  # fmt: skip
def test_typed(text, number):
    assert numbers.typed(text) == number


@given(st.text(max_size=60))
def test_typed_takes_anything(text):
    assert numbers.typed(text) == "" or numbers.typed(text).isdigit()


def created_at_once(many):
    """The numbers of as many requests, over eight connections at the same time, each creation in its transaction."""
    cast, start, left = world(), threading.Barrier(8), iter(range(many))

    def creator():
        made = []
        try:
            start.wait(timeout=30)
            while next(left, None) is not None:
                with entry():
                    made.append(str(open_request(cast.carol, cast.queue).number))
        finally:
            connections.close_all()
        return made

    with ThreadPoolExecutor(8) as pool:
        creators = [pool.submit(creator) for _ in range(8)]
        return [number for one in creators for number in one.result(timeout=120)]


@pytest.mark.django_db(transaction=True)
def test_two_hundred_parallel_creations_give_each_its_number_without_a_gap():
    many = rounds(200)
    assert sorted(created_at_once(many)) == [str(100_001 + n) for n in range(many)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("generator", ["auto_increment", "date", "date_checksum"])
def test_parallel_creations_by_otrs_generators_give_each_its_number_without_a_gap(generator):
    numbers.GENERATOR.set(generator)
    many = rounds(40)
    with clock.stopped(NOON):
        made = created_at_once(many)
    make = numbers.GENERATORS[generator]
    assert sorted(made) == sorted(make(1 + n, day=NOON.date(), system_id="10") for n in range(many))


@pytest.mark.django_db(transaction=True)
def test_parallel_creations_by_chance_give_each_its_number_though_chance_repeats_itself(monkeypatch):
    numbers.GENERATOR.set("random")
    many = rounds(40)
    drawn = itertools.count()
    monkeypatch.setattr(secrets, "randbelow", lambda _below: next(drawn) // 2)  # each is drawn twice
    assert sorted(created_at_once(many)) == [f"10{n:010d}" for n in range(many)]

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tickets import numbers
from helpdesk.tickets.models import NumberAlias, NumberCounter
from tests.factories import open_request, world
from tests.factories.parallel import together
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


@pytest.mark.django_db(transaction=True)
def test_parallel_creations_give_each_its_number_without_a_gap():
    cast, many = world(), rounds(50)
    made = together(*[lambda: open_request(cast.carol, cast.queue).number for _ in range(many)], workers=8)
    assert sorted(map(str, made)) == [str(100_001 + n) for n in range(many)]

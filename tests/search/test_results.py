from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.search.results import Mode, Place, from_cursor, to_cursor


def test_a_cursor_comes_back():
    place = Place(Mode.WORDS, datetime(2026, 11, 25, 10, 0, 1, 5, tzinfo=UTC), 77)
    assert from_cursor(to_cursor(place)) == place


@given(st.text(max_size=220))
def test_no_text_is_a_cursor_by_chance(text):
    assert from_cursor(text) is None


def test_a_cursor_of_a_naive_time_is_none():
    assert from_cursor(to_cursor(Place(Mode.LIST, datetime(2026, 1, 1), 1))) is None  # noqa: DTZ001

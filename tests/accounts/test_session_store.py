"""What stands in a session's row: proved once for each content, of its own for each reader, empty where it is forged."""

import pytest

from helpdesk.accounts.session_store import SessionStore


@pytest.fixture
def stored():
    return SessionStore().encode({"seen": [1], "who": "7"})


def test_what_was_written_is_read_as_often_as_one_likes(stored):
    assert [SessionStore().decode(stored) for _ in range(3)] == [{"seen": [1], "who": "7"}] * 3


def test_what_a_reader_changes_is_nobody_elses(stored):
    first = SessionStore().decode(stored)
    first["seen"].append(2)
    first["who"] = "8"
    assert SessionStore().decode(stored) == {"seen": [1], "who": "7"}


@pytest.mark.parametrize("forge", [lambda text: text[:-1] + ("A" if text[-1] != "A" else "B"), lambda text: "x" + text,
                                   lambda text: "", lambda text: text.split(":")[0]])  # fmt: skip
def test_a_forged_one_is_empty_each_time(stored, forge):
    SessionStore().decode(stored)
    assert [SessionStore().decode(forge(stored)) for _ in range(2)] == [{}, {}]

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.accounts.names import canonical_address, canonical_login, sort_key, surname


def test_names_sort_as_in_a_russian_directory():
    names = ["Яковлев", "ёлкин", "Ежов", "Иванов"]
    assert sorted(names, key=sort_key) == ["Ежов", "ёлкин", "Иванов", "Яковлев"]
    assert surname("Анна Ковалёва") == "Ковалёва"
    assert surname("") == ""


@given(st.text(max_size=500))
def test_canonical_forms_are_stable_and_storable(text):
    for canonical in (canonical_address, canonical_login):
        once = canonical(text)
        assert "\x00" not in once
        assert len(once) <= 320
        once.encode()

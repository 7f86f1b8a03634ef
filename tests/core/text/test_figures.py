import pytest

from helpdesk.core.text.figures import number, whole


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [("0", 0, 0), ("42", 42, 42), ("9" * 9, 999999999, 999999999), ("9" * 10, None, 9999999999), ("9" * 19, None, 0),
     ("", None, 0), ("-1", None, 0), ("²", None, 0), ("٣", None, 0), (" 7", None, 0), ("1e3", None, 0)],
)  # fmt: skip
def test_only_figures_are_numbers(text, short, long):
    assert (number(text), whole(text)) == (short, long)

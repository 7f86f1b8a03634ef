import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.tickets.fields import patterns
from helpdesk.tickets.fields.patterns import Unfit

FIT = [
    r"\d{10}", r"\d{2}-\d{4,6}", r"[А-Яа-яЁё -]+", r"(?:ЛС|лс)?\s?\d+", r"(a|b|cd)e*", r"[^\]x]{2,}", r"a\.b\-c", "",
    r"[]a]", r"(\d{3} ){2}\d{4}", "а б",
]  # fmt: skip
UNFIT = [
    (r"(a+)+", "too_slow"), (r"(a|a)*", "too_slow"), (r"a*a*a*", "too_slow"), (r"(a?){30}", "too_slow"),
    (r"(.*)*x", "too_slow"), ("(" * 30 + "a" + ")" * 30, "too_slow"), (r"(?=a)a", "unsupported"),
    (r"(?P<n>a)", "unsupported"), (r"(a)\1", "unsupported"), (r"a*?", "unsupported"), (r"a++", "unsupported"),
    (r"^a$", "unsupported"), (r"\bа", "unsupported"), (r"[\1]", "unsupported"), (r"(a", "syntax"), (r"a)", "syntax"),
    (r"[a", "syntax"), (r"*a", "syntax"), (r"a{3,2}", "syntax"), ("a\\", "syntax"), (r"[z-a]", "syntax"),
    (r"a{999}", "syntax"), (r"{2}", "syntax"),
]  # fmt: skip


@pytest.mark.parametrize("pattern", FIT)
def test_a_plain_pattern_is_taken(pattern):
    patterns.check(pattern)


@pytest.mark.parametrize(("pattern", "why"), UNFIT)
def test_what_could_hang_or_is_not_known_is_refused(pattern, why):
    with pytest.raises(Unfit, match=why):
        patterns.check(pattern)
    assert patterns.fits(pattern, "x" * 300)  # written past the rules, it stops nobody


def test_the_whole_text_is_looked_at():
    assert patterns.fits(r"\d{10}", "0450018812")
    assert not patterns.fits(r"\d{10}", "0450018812 ")
    assert not patterns.fits(r"\d{10}", "045001881")


@given(st.text(alphabet="ab(|)[]{}*+?\\d.,2:^", max_size=24), st.text(alphabet="ab2", max_size=3))
def test_a_pattern_that_is_taken_is_one_and_never_hangs(pattern, tail):
    try:
        patterns.check(pattern)
    except Unfit:
        return
    re.compile(pattern)
    began = time.thread_time()
    for text in ("a" * 299 + "x", "ab" * 149 + tail, "2" * 300):
        patterns.fits(pattern, text)
    assert time.thread_time() - began < 2

"""What words find in the queues' own fields: SQL and a plain filter agree."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core import db as database
from helpdesk.search.narrow import _of_words
from helpdesk.tickets.fields.mirror import searchable
from tests.factories.sizes import examples

PIECES = ["лесная", "кв", "102", "10", "5", "err", "500"]
BETWEEN = ["", " ", ". ", "-"]
TEXT = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(BETWEEN)), min_size=1, max_size=4).map(
    lambda pairs: "".join(piece + sign for piece, sign in pairs)
)
WORD = st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(["", "-"])), min_size=1, max_size=2).map(
    lambda pairs: "".join(piece + sign for piece, sign in pairs).rstrip("-")
)
TYPED = st.lists(st.tuples(WORD, st.sampled_from(["", "*"])), min_size=1, max_size=2).map(
    lambda words: " ".join(word + sign for word, sign in words)
)


def holds(text, word):
    """Whether a text holds the runs of a word one after another, nothing but signs between them; from the beginning of
    a run where its end is open."""
    runs, bare = re.findall("[a-zа-я]+|[0-9]+", word), re.sub("[^a-zа-я0-9]", "", word)
    flat, starts = "", set()
    joints = {}  # where signs stand, by letters before
    for found in re.finditer("([a-zа-я]+|[0-9]+)|.", text):
        if found[1]:
            starts.add(len(flat))
            flat += found[1]
        else:
            joints[len(flat)] = True
    ends = {sum(map(len, runs[:at])) for at in range(1, len(runs))}
    for at in range(len(flat) - len(bare) + 1):
        if flat[at : at + len(bare)] != bare or (word.endswith("*") and at not in starts):
            continue
        if all(place in ends for place in (joint - at for joint in joints) if 0 < place < len(bare)):
            return True
    return False


@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TEXT, min_size=1, max_size=20), TYPED)
def test_words_of_fields_find_what_a_plain_filter_finds(db, texts, typed):
    stored = list(dict.fromkeys(searchable(text) for text in texts))
    sql, values = _of_words(typed)
    found = database.fetch(f"SELECT v.text FROM unnest(%s::text[]) v(text) WHERE {sql}", [stored, *values])
    figures = re.fullmatch(r"[0-9][0-9\s-]*\*?", typed)  # an account: in one piece
    words = [re.sub(r"[\s-]", "", typed)] if figures else typed.split()
    assert {row[0] for row in found} == {text for text in stored if all(holds(text, word) for word in words)}

"""The search language against a plain filter: what the database finds is what Python finds over the same texts."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core.richtext import from_plain
from helpdesk.search.language import PART, read
from helpdesk.search.queries import all_ids, find
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions
from tests.factories import actor_of, open_request
from tests.factories.shared import undone
from tests.factories.sizes import examples

# words that no stemmer changes, so that the filter needs none
WORDS = ["альфа77", "бета77", "гамма77", "0123456789", "45007788"]
PARTS = ["4567", "0123", "7788", "5007", "9999"]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
REQUEST = st.tuples(TEXT, TEXT, st.lists(st.tuples(TEXT, st.booleans()), max_size=2))
TERM = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(PARTS),
    st.sampled_from([f"{word[:at]}*" for word in WORDS for at in (2, 4)]),
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda words: f"«{' '.join(words)}»"),
)
QUERY = st.lists(st.tuples(st.sampled_from(["", "", "", "-"]), TERM), min_size=1, max_size=3)


def is_word(term, word):
    """Whether a word of a text is the last word of a term."""
    if term.is_part:
        return term.words[0] in word if word.isdecimal() else word.startswith(term.words[0])
    if term.beginning and word.isdecimal() and len(word) > PART:  # the beginning of a part of a number
        return any(word[at:].startswith(term.words[-1]) for at in range(len(word) - PART + 1))
    if len(term.words) == 1 and len(term.words[0]) >= PART and word.isdecimal() and not term.beginning:
        return word.endswith(term.words[0])  # the ends of numbers stand in the index as words: excluded ones too
    return word.startswith(term.words[-1]) if term.beginning else word == term.words[-1]


def stands(term, words):
    size = len(term.words)
    return any(
        tuple(words[at : at + size - 1]) == term.words[:-1] and is_word(term, words[at + size - 1])
        for at in range(len(words) - size + 1)
    )


def matches(terms, places):
    """Whether a row (its places: lists of words) holds every term and none that is excluded."""
    return all(any(stands(term, words) for words in places) != term.without for term in terms)


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.lists(REQUEST, max_size=4), query=QUERY, place=st.sampled_from(["q", "q", "subject", "text"]))
def test_what_is_found_is_what_a_plain_filter_finds(cast, world, query, place):
    q = " ".join(minus + term for minus, term in query)
    understood = read(q)
    with undone():
        rows = []  # (request, subject, words of the row, for clients too)
        for subject, text, more in world:
            ticket = open_request(cast.carol, cast.queue, subject=" ".join(subject), text=" ".join(text))
            rows += [(ticket, subject, [], True), (ticket, subject, text, True)]
            for words, is_note in more:
                verb = actions.note if is_note else actions.reply
                verb(ticket.pk, by=actor_of(cast.alice), body=from_plain(" ".join(words)))
                rows.append((ticket, subject, words, not is_note))
        for person, notes in ((cast.carol, False), (cast.alice, True)):
            asked = SearchRequest(**{place: q})
            found = find(actor_of(person), asked, size=50).items
            expected = set()
            if not understood.only_without:
                for ticket, subject, text, visible in rows:
                    at = {"q": [subject, text, [ticket.number]], "subject": [subject], "text": [text]}[place]
                    if (visible or notes) and matches(understood.terms, at):
                        expected.add(ticket.pk)
            if expected or not _pieces(q):
                assert {hit.line.id for hit in found} == expected, q
                assert all_ids(actor_of(person), asked, most=50) == [hit.line.id for hit in found]


def _pieces(q):
    """Whether words may be found as pieces of number and subject, where no row holds them."""
    return "-" not in q


@given(st.lists(st.tuples(st.sampled_from(["", "-"]), TERM), max_size=8))
def test_reading_keeps_every_term_apart(query):
    typed = " ".join(minus + term for minus, term in query)
    terms = read(typed).terms
    assert len(terms) == len({(minus, re.sub(r"[«»]", "", term)) for minus, term in query})
    assert all(set(term.words) <= {*WORDS, *PARTS} or term.beginning for term in terms)

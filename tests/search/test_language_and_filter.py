"""The search language against a plain filter: what the database finds is what Python finds over the same texts."""

import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core.richtext import from_plain
from helpdesk.search.language import PART, read
from helpdesk.search.queries import all_ids, find
from helpdesk.search.results import Notice, SearchRequest
from helpdesk.tickets import actions
from tests.factories import actor_of, open_request
from tests.factories.shared import undone
from tests.factories.sizes import examples

# words that no stemmer changes, so that the filter needs none
WORDS = ["альфа77", "бета77", "гамма77", "0123456789", "45007788"]
STOPS = ["что", "и", "the"]  # words that no index holds
PARTS = ["4567", "0123", "7788", "5007", "9999"]
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4)
REQUEST = st.tuples(TEXT, TEXT, st.lists(st.tuples(TEXT, st.booleans()), max_size=2))
ONE_WORD = st.one_of(
    st.sampled_from(WORDS),
    st.sampled_from(PARTS),
    st.sampled_from(STOPS),
    st.sampled_from([f"{word[:at]}*" for word in WORDS for at in (2, 4)]),
)
TERM = st.one_of(
    ONE_WORD,
    st.lists(st.sampled_from(WORDS), min_size=2, max_size=2).map(lambda words: f"«{' '.join(words)}»"),
)
SIGN = st.sampled_from(["", "", "", "-"])
QUERY = st.lists(st.tuples(SIGN, TERM), min_size=1, max_size=3)


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


def matching(rows, terms, place, *, notes):
    """The requests of which some row holds, in that place, every term, and no row one that is excluded."""
    seen = [
        (ticket.pk, {"q": [subject, text, [ticket.number]], "subject": [subject], "text": [text]}[place])
        for ticket, subject, text, visible in rows if visible or notes
    ]  # fmt: skip

    def holds(places, term):
        return any(stands(term, words) for words in places)

    wanted = [term for term in telling(terms) if not term.without]
    excluded = [term for term in telling(terms) if term.without]
    held = {key for key, places in seen if all(holds(places, term) for term in wanted)}
    return held - {key for key, places in seen if any(holds(places, term) for term in excluded)}


def telling(terms):
    """The terms that tell texts apart."""
    return [term for term in terms if not set(term.words) <= set(STOPS)]


def asks(terms):
    """Whether anything must occur."""
    return any(not term.without for term in telling(terms))


def filled(cast, world):
    """The requests of a world: (request, subject, words of the row, for clients too) of each row of the index."""
    rows = []
    for subject, text, more in world:
        ticket = open_request(cast.carol, cast.queue, subject=" ".join(subject), text=" ".join(text))
        rows += [(ticket, subject, [], True), (ticket, subject, text, True)]
        for words, is_note in more:
            verb = actions.note if is_note else actions.reply
            verb(ticket.pk, by=actor_of(cast.alice), body=from_plain(" ".join(words)))
            rows.append((ticket, subject, words, not is_note))
    return rows


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.lists(REQUEST, max_size=4), query=QUERY, place=st.sampled_from(["q", "q", "subject", "text"]))
def test_what_is_found_is_what_a_plain_filter_finds(cast, world, query, place):
    q = " ".join(minus + term for minus, term in query)
    understood = read(q)
    with undone():
        rows = filled(cast, world)
        for person, notes in ((cast.carol, False), (cast.alice, True)):
            asked = SearchRequest(**{place: q})
            found = find(actor_of(person), asked, size=50).items
            expected = matching(rows, understood.terms, place, notes=notes) if asks(understood.terms) else set()
            if expected or not _pieces(q):
                assert {hit.line.id for hit in found} == expected, q
                assert all_ids(actor_of(person), asked, most=50) == [hit.line.id for hit in found]


PLACES = st.dictionaries(st.sampled_from(["q", "subject", "text"]), QUERY, min_size=2)


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.lists(REQUEST, max_size=4), queries=PLACES)
def test_words_of_several_places_find_what_a_plain_filter_finds(cast, world, queries):
    """Each place is met by some row; one where only common words stand narrows nothing, unless all are such."""
    asked = {name: " ".join(minus + term for minus, term in query) for name, query in queries.items()}
    terms = {name: read(q).terms for name, q in asked.items()}
    with undone():
        rows = filled(cast, world)
        for person, notes in ((cast.carol, False), (cast.alice, True)):
            expected = {ticket.pk for ticket, *_ in rows} if any(map(asks, terms.values())) else set()
            for name, wanted_there in terms.items():
                expected &= matching(rows, wanted_there, name, notes=notes)
            wanted = SearchRequest(**asked)
            found = find(actor_of(person), wanted, size=50)
            ids = [hit.line.id for hit in found.items]
            if expected or any("-" in q for q in asked.values()):
                assert set(ids) == expected, asked
            assert all_ids(actor_of(person), wanted, most=50) == ids
            common = [name for name in terms if not telling(terms[name])]
            told = Notice.COMMON_BESIDE if common else None
            assert found.notice == (told if any(map(asks, terms.values())) else Notice.COMMON_WORDS), asked


def _pieces(q):
    """Whether words may be found as pieces of number and subject, where no row holds them."""
    return "-" not in q


@given(st.lists(st.tuples(st.sampled_from(["", "-"]), TERM), max_size=8))
def test_reading_keeps_every_term_apart(query):
    typed = " ".join(minus + term for minus, term in query)
    terms = read(typed).terms
    assert len(terms) == len({(minus, re.sub(r"[«»]", "", term)) for minus, term in query})
    assert all(set(term.words) <= {*WORDS, *PARTS, *STOPS} or term.beginning for term in terms)

"""The search language against a plain filter: what the database finds is what Python finds over the same texts."""

import re
from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core import files
from helpdesk.core.richtext import from_plain
from helpdesk.search.language import PART, read
from helpdesk.search.queries import PIECE, all_ids, find
from helpdesk.search.results import Notice, SearchRequest
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile
from helpdesk.tickets.models import Article, Ticket
from tests.factories import IntakeFieldFactory, actor_of, open_request
from tests.factories.shared import undone
from tests.factories.sizes import examples

# words that no stemmer changes, and the forms of one word, so that the filter needs none
FORMS = ["квитанция", "квитанции", "квитанцию"]
WORDS = ["альфа77", "альфа-77", "бета77", "77бета5", "0123456789", "45007788", *FORMS]
SPELT = [*WORDS, "альфа 77", "77-бета 5", "бета", "77"]  # how texts write the same, and its pieces by themselves
STOPS = ["что", "и", "the"]  # words that no index holds
PARTS = ["4567", "0123", "7788", "5007", "9999"]
TEXT = st.lists(st.sampled_from(SPELT), min_size=1, max_size=4)
NONE_OR_TEXT = st.one_of(st.just([]), TEXT)
REQUEST = st.fixed_dictionaries({
    "author": st.sampled_from(["carol", "carol", "dora", "dave"]), "subject": TEXT, "text": TEXT, "file": NONE_OR_TEXT,
    "field": NONE_OR_TEXT, "more": st.lists(st.tuples(TEXT, st.booleans()), max_size=2),
})  # fmt: skip
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


@dataclass(frozen=True)
class Row:
    """A row of the index: who wrote its request, the words of each place, whether it is for clients too."""

    ticket: Ticket
    author: str
    subject: list[str]
    text: list[str]
    file: list[str]
    field: list[str]
    visible: bool

    def words(self, place):
        every = [self.subject, self.text, self.file, self.field, [self.ticket.number]]
        there = {"q": every, "subject": [self.subject], "text": [self.text], "file": [self.file],
                 "note": [] if self.visible else [self.text]}[place]  # fmt: skip
        return [[piece for word in words for piece in pieces(word)] for words in there]

    def holds(self, pieces):
        """Whether number and subject hold all pieces of words."""
        return all(piece in f"{self.ticket.number} {' '.join(self.subject)}" for piece in pieces)


SEES = {"carol": {"carol"}, "dora": {"carol", "dora"}, "alice": {"carol", "dora", "dave"}}  # whose requests


def pieces(word):
    """Letters and figures of a word, which texts may write together or apart."""
    return re.findall("[а-яa-z]+|[0-9]+", word)


def base(word):
    return FORMS[0] if word in FORMS else word


def is_word(term, word):
    """Whether a word of a text is the last word of a term."""
    if term.is_part:
        return term.words[0] in word if word.isdecimal() else word.startswith(term.words[0])
    if term.beginning and word.isdecimal() and len(word) > PART:  # the beginning of a part of a number
        return any(word[at:].startswith(term.words[-1]) for at in range(len(word) - PART + 1))
    if len(term.words) == 1 and len(term.words[0]) >= PART and word.isdecimal() and not term.beginning:
        return word.endswith(term.words[0])  # the ends of numbers stand in the index as words: excluded ones too
    return word.startswith(term.words[-1]) if term.beginning else base(word) == base(term.words[-1])


def stands(term, words):
    size = len(term.words)
    return any(
        [*map(base, words[at : at + size - 1])] == [*map(base, term.words[:-1])] and is_word(term, words[at + size - 1])
        for at in range(len(words) - size + 1)
    )


def matching(rows, terms, place):
    """The requests whose rows hold, in that place, every term, each one in some row, and none that is excluded."""
    wanted = [term for term in telling(terms) if not term.without]
    excluded = [term for term in telling(terms) if term.without]

    def holds(row, term):
        return any(stands(term, words) for words in row.words(place))

    held = [{row.ticket.pk for row in rows if holds(row, term)} for term in wanted]
    every = {row.ticket.pk for row in rows}.intersection(*held)
    return every - {row.ticket.pk for row in rows if any(holds(row, term) for term in excluded)}


def with_pieces(rows, terms, place):
    """The requests that hold the words typed as pieces: where no row holds the words, and nothing is excluded."""
    words = [word for term in terms for word in term.words]
    if place not in {"q", "subject"} or any(term.without for term in terms) or min(map(len, words)) < PIECE:
        return set()
    return {row.ticket.pk for row in rows if row.holds(words)}


def expected_of(rows, asked, *, narrowed):
    """What words of several places find together: common ones narrow nothing beside others; those that only leave out
    need something that says what to find."""
    looked_for = [name for name in asked if asks(asked[name])]
    only_without = all(term.without for terms in asked.values() for term in terms)
    if not looked_for and not (only_without and narrowed):
        return set()
    left = {name: matching(rows, terms, name) for name, terms in asked.items()}
    found = set.intersection(*left.values())
    if found or not looked_for:
        return found
    first = looked_for[0]
    others = [ids for name, ids in left.items() if name != first]
    return with_pieces(rows, asked[first], first).intersection(*others)


def notice_of(asked, *, narrowed):
    if any(map(asks, asked.values())):
        return Notice.COMMON_BESIDE if any(not telling(terms) for terms in asked.values()) and len(asked) > 1 else None
    if all(term.without for terms in asked.values() for term in terms):
        return None if narrowed else Notice.ONLY_WITHOUT
    first = next(iter(asked.values()))
    return Notice.ONLY_WITHOUT if all(term.without for term in first) else Notice.COMMON_WORDS


def telling(terms):
    """The terms that tell texts apart."""
    return [term for term in terms if not set(term.words) <= set(STOPS)]


def asks(terms):
    """Whether anything must occur."""
    return any(not term.without for term in telling(terms))


def filled(cast, world):
    """The rows of the index of a world."""
    IntakeFieldFactory(queue=cast.queue, key="account", kind="text")
    rows = []
    for one in world:
        author, subject, text, file = one["author"], one["subject"], one["text"], one["file"]
        sent = [NewFile(files.store(b"x"), f"{' '.join(file)}.txt")] if file else []
        values = {"account": " ".join(one["field"])} if one["field"] else {}
        ticket = open_request(
            getattr(cast, author), cast.queue, subject=" ".join(subject), text=" ".join(text), values=values,
            attachments=sent,
        )  # fmt: skip
        rows += [
            Row(ticket, author, subject, [], [], one["field"], visible=True),
            Row(ticket, author, subject, text, file, one["field"], visible=True),
        ]
        for words, is_note in one["more"]:
            verb = actions.note if is_note else actions.reply
            verb(ticket.pk, by=actor_of(cast.alice), body=from_plain(" ".join(words)))
            rows.append(Row(ticket, author, subject, words, [], one["field"], visible=not is_note))
    return rows


def agrees(cast, world, asked, *, narrowed):
    """That page and table find what the filter finds, for each reader."""
    terms = {name: read(asked[name]).terms for name in ("q", "text", "file", "subject", "note") if name in asked}
    with undone():
        every = filled(cast, world)
        wanted = SearchRequest(**asked, queues=(cast.queue.pk,) if narrowed else ())
        for login, authors in SEES.items():
            rows = [row for row in every if row.author in authors and (row.visible or login == "alice")]
            reader = actor_of(getattr(cast, login))
            found = find(reader, wanted, size=50)
            ids = [hit.line.id for hit in found.items]
            assert set(ids) == expected_of(rows, terms, narrowed=narrowed), (login, asked)
            assert all_ids(reader, wanted, most=50) == ids
            assert found.notice == notice_of(terms, narrowed=narrowed), (login, asked)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=st.lists(REQUEST, min_size=1, max_size=4), query=QUERY, narrowed=st.booleans(),
    place=st.sampled_from(["q", "q", "q", "subject", "text", "file", "note"]),
)  # fmt: skip
def test_what_is_found_is_what_a_plain_filter_finds(cast, world, query, place, narrowed):
    agrees(cast, world, {place: " ".join(minus + term for minus, term in query)}, narrowed=narrowed)


PLACES = st.dictionaries(st.sampled_from(["q", "subject", "text", "file", "note"]), QUERY, min_size=2)


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.lists(REQUEST, min_size=1, max_size=4), queries=PLACES, narrowed=st.booleans())
def test_words_of_several_places_find_what_a_plain_filter_finds(cast, world, queries, narrowed):
    """Each place is met by some row; one where only common words stand narrows nothing, unless all are such."""
    asked = {name: " ".join(minus + term for minus, term in query) for name, query in queries.items()}
    agrees(cast, world, asked, narrowed=narrowed)


@settings(max_examples=examples(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=st.lists(REQUEST, min_size=1, max_size=4), query=QUERY, other=st.none() | QUERY)
def test_nobody_without_the_right_finds_by_the_text_of_notes(cast, world, query, other):
    """Alone or beside other words: what a client finds is what they find where nobody has written a note."""
    note = " ".join(minus + term for minus, term in query)
    q = " ".join(minus + term for minus, term in other) if other else ""
    with undone():
        filled(cast, world)
        for login in ("carol", "dora"):
            reader = actor_of(getattr(cast, login))
            before = find(reader, SearchRequest(q, note=note, queues=(cast.queue.pk,)), size=50)
            Article.objects.filter(visible_to_client=False).delete()
            after = find(actor_of(getattr(cast, login)), SearchRequest(q, note=note, queues=(cast.queue.pk,)), size=50)
            assert [hit.line.id for hit in before.items] == [hit.line.id for hit in after.items]
            if any(not term.without for term in telling(read(note).terms)):
                assert not before.items


@given(st.lists(st.tuples(st.sampled_from(["", "-"]), TERM), max_size=8))
def test_reading_keeps_every_term_apart(query):
    typed = " ".join(minus + term for minus, term in query)
    terms = read(typed).terms
    assert len(terms) == len({(minus, *pieces(term), term[-1] == "*") for minus, term in query})
    known = {piece for word in [*WORDS, *PARTS, *STOPS] for piece in pieces(word)}
    assert all(set(term.words) <= known or term.beginning for term in terms)

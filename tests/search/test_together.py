"""Words that different rows of a request hold: they find it together, for whoever may read each of them."""

from datetime import timedelta

import pytest

from helpdesk.core import clock, files
from helpdesk.core.richtext import from_plain
from helpdesk.search import queries, statement, together
from helpdesk.search.queries import find
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile
from tests.factories import actor_of, open_request
from tests.factories.shared import undone
from tests.search.test_find import START, numbers_for, pages, plan, say

__all__ = ["plan"]


def apart_in(cast, number, *, first="жираф", second="бегемот"):
    """A request whose words stand in two articles."""
    with clock.stopped(START + timedelta(days=40 * number)):
        ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text=f"Добрый день, пропал {first}")
    with clock.stopped(START + timedelta(days=40 * number, hours=1)):
        say(cast.alice, ticket, f"Нашёлся {second}, ждите")
    return ticket


def test_words_of_different_articles_find_together(cast, plan):
    ticket = apart_in(cast, 0)
    open_request(cast.carol, cast.queue, subject="Вопрос", text="Только жираф")
    open_request(cast.dave, cast.elsewhere, subject="Вопрос", text="Только бегемот")
    for person in (cast.carol, cast.alice, cast.dora):
        for wanted in (SearchRequest("жирафы бегемоту"), SearchRequest(text="бегемот жираф"), SearchRequest("бегемот", text="жираф"),
                       SearchRequest("вопрос и жираф бегемот", by_fit=True), SearchRequest("вопрос", text="жираф и бегемот")):  # fmt: skip
            page = find(actor_of(person), wanted, count_to=10)
            assert [hit.line.id for hit in page.items] == [ticket.pk], wanted
            assert page.total_hint == 1 and page.next_cursor == ""
            marked = {part.text for part in page.items[0].snippet_parts if part.found}
            assert {"жираф", "бегемот"} <= marked or wanted.places.keys() == {"q", "text"}
    assert numbers_for(cast.dave, "жираф бегемот") == []
    for q in ("«жираф бегемот»", "жираф бегемот -ждите", "жираф бегемот крокодил", "жираф -бегемот день"):
        assert numbers_for(cast.carol, q) == [], q
    assert numbers_for(cast.carol, subject="жираф бегемот") == []


def test_words_of_a_note_and_of_a_text_find_together_for_the_desk_alone(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text="Добрый день, жираф")
    actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("канарейка поёт"))
    assert numbers_for(cast.alice, "жираф канарейка") == [ticket.number]
    for wanted in (SearchRequest("жираф канарейка"), SearchRequest(text="жираф канарейка"), SearchRequest("жираф", text="канар*"),
                   SearchRequest("жираф", text="день канарейка"), SearchRequest("жираф канарейка", by_fit=True)):  # fmt: skip
        assert (
            find(actor_of(cast.carol), wanted).items == []
            and queries.all_ids(actor_of(cast.carol), wanted, most=9) == []
        )
        assert find(actor_of(cast.carol), wanted, count_to=9).total_hint in {0, None}
    everywhere = SearchRequest("канарейка жираф", further=("true", ()))
    assert [hit.line.id for hit in find(actor_of(cast.alice), everywhere).items] == [ticket.pk]
    assert find(actor_of(cast.carol), everywhere).items == []


def test_names_of_files_of_different_articles_find_together(cast, plan):
    sent = [NewFile(files.store(b"x"), "жираф.xlsx")]
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text="Смотрите", attachments=sent)
    say(cast.alice, ticket, "Ответ", attachments=[NewFile(files.store(b"x"), "бегемот.pdf")])
    for wanted in (SearchRequest("жираф бегемот"), SearchRequest(file="бегемот жираф"), SearchRequest("жираф ответ")):
        hits = find(actor_of(cast.carol), wanted).items
        assert [hit.line.id for hit in hits] == [ticket.pk]
    assert numbers_for(cast.carol, text="жираф бегемот") == []


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize("by_fit", [False, True])
@pytest.mark.parametrize("fitting", [2, 3, 500])
def test_what_stands_in_one_row_comes_before_what_stands_in_several(cast, plan, monkeypatch, size, by_fit, fitting):
    monkeypatch.setattr(statement, "FITTING", fitting)
    several = [apart_in(cast, n).pk for n in range(3)]
    whole = []
    for n in range(3):
        with clock.stopped(START - timedelta(days=40 * (3 - n))):
            whole.append(open_request(cast.carol, cast.queue, text="жираф и бегемот").pk)
    apart_in(cast, 9, second="крокодил")
    wanted = SearchRequest("жираф бегемот", by_fit=by_fit)
    with clock.stopped(START + timedelta(days=500)):
        seen = pages(cast.carol, wanted, size=size)
        assert seen == [*reversed(whole), *reversed(several)] == queries.all_ids(actor_of(cast.carol), wanted, most=50)
        assert queries.all_ids(actor_of(cast.carol), wanted, most=4) == seen[:4]
        first = find(actor_of(cast.carol), wanted, size=size, count_to=50)
        second = find(actor_of(cast.carol), wanted, first.next_cursor or None, size=size, count_to=50)
        assert (first.total_hint, second.total_hint) == (6, 6)
        assert find(actor_of(cast.carol), wanted, size=size, count_to=4).more_than == (4 if first.next_cursor else 0)


def test_a_common_word_costs_no_request_that_holds_a_rare_one_elsewhere(cast, plan, monkeypatch):
    """Words of more rows than are read at once are looked for in the requests that the others find; where all are such,
    everything is looked through."""
    for read in (0, 1, 2):
        monkeypatch.setattr(together, "READ", read)
        with undone():
            tickets = [apart_in(cast, n, second="бегемот" if n == 1 else "крокодил") for n in range(3)]
            assert (
                numbers_for(cast.carol, "жираф бегемот")
                == numbers_for(cast.alice, "бегемот жираф")
                == [tickets[1].number]
            )
            assert len(numbers_for(cast.alice, "жираф крокодил")) == 2


@pytest.mark.parametrize(
    ("conditions", "is_found"),
    [({"subject": "что -крокодил"}, True), ({"subject": "что -вопрос"}, False), ({"text": "и пропал нашёлся"}, True),
     ({"subject": "вопрос что"}, True), ({"text": "что -крокодил", "subject": "вопрос"}, True), ({"file": "и -акт"}, True)],
)  # fmt: skip
def test_words_that_almost_every_text_has_are_passed_over_in_each_place(cast, plan, conditions, is_found):
    ticket = apart_in(cast, 0)
    for person in (cast.carol, cast.alice):
        assert numbers_for(person, "жираф бегемот", **conditions) == ([ticket.number] if is_found else [])


@pytest.mark.parametrize(("q", "is_found"), [("что жираф и бегемот", True), ("жираф что", True), ("и что", False),
                                             ("жираф бегемот -крокодил", True), ("бегемот жираф -нашёлся", False),
                                             ("жираф бегемот крокодил", False), ("«пропал жираф» бегем* вопрос", True),
                                             ("день пропал жираф нашёлся бегемот ждите вопрос", True)])  # fmt: skip
def test_words_of_different_articles_are_found_within_a_list(cast, q, is_found):
    ticket = apart_in(cast, 0)
    open_request(cast.carol, cast.queue, subject="Вопрос", text="Только жираф")
    open_request(cast.carol, cast.queue, subject="Вопрос", text="Только бегемот")
    wanted = SearchRequest(q, further=("t.phase = 'open'", ()))
    found = [hit.line.id for hit in find(actor_of(cast.alice), wanted).items]
    assert (ticket.pk in found) == is_found and (q == "жираф что" or len(found) == is_found)


@pytest.mark.parametrize(
    ("text", "is_found"), [("пропал нашёлся", True), ("пропал нашёлся крокодил", False), ("нашёлся -пропал", False)]
)
@pytest.mark.parametrize("reads", [0, 3_000])
def test_words_beside_are_read_at_once_or_looked_up_in_each_request(cast, monkeypatch, text, is_found, reads):
    monkeypatch.setattr(together, "READ_TO_NARROW", reads)
    ticket = apart_in(cast, 0)
    open_request(cast.carol, cast.queue, subject="Вопрос", text="пропал")
    found = find(actor_of(cast.alice), SearchRequest("вопрос", text=text)).items
    assert [hit.line.id for hit in found] == ([ticket.pk] if is_found else [])

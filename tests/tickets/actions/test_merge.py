"""Merging: nothing is moved or lost, what comes later goes to the whole, and taking it out brings all of it back."""

from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.notices import actions as bell
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions, pages, queries, rows
from helpdesk.tickets.actions import merge, unmerge
from helpdesk.tickets.around import open_by_client
from helpdesk.tickets.facts import open_by_agent
from helpdesk.tickets.models import Participant, Ticket
from tests.factories import AgentFactory, RoleFactory, actor_of, grant, open_request

pytestmark = pytest.mark.django_db


def whole(request):
    """All of a request and of who takes part in it, but when and how often it was changed."""
    row = Ticket.objects.filter(pk=request.pk).values().get()
    taking_part = sorted(request.participants.values_list("person_id", "role"))
    articles = list(request.articles.order_by("seq").values())
    return {k: v for k, v in row.items() if k not in {"changed_at", "last_event_seq"}}, taking_part, articles


def now(request):
    return Ticket.objects.get(pk=request.pk)


def said(opened, by):
    """The texts on a page, in its order."""
    return [article.text for article in opened.unpacked(actor_of(by))[1]]


def seen_by_desk(person, number):
    return said(open_by_agent(actor_of(person), number, at=clock.now())[0], person)


def seen_by_client(person, number):
    return said(open_by_client(actor_of(person), number), person)


@pytest.fixture
def two(cast):
    """Carol's older request and Dora's newer one on the same thing."""
    cast.one = open_request(cast.carol, cast.queue, text="Первое")
    cast.two = open_request(cast.dora, cast.queue, text="Второе")
    return cast


def test_a_merged_request_is_read_on_the_page_of_the_whole_by_everybody_of_its_side(two):
    actions.note(two.two.pk, by=actor_of(two.alice), body=from_plain("Между нами"))
    actions.reply(two.one.pk, by=actor_of(two.alice), body=from_plain("Ответ"))
    event = merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    merged = now(two.two)
    assert (merged.state_id, merged.phase, merged.waits_for, merged.part_of_id) == (
        "merged", "merged", "nobody", two.one.pk,
    )  # fmt: skip
    assert seen_by_desk(two.alice, two.one.number) == ["Первое", "Второе", "Между нами", "Ответ"]
    for person in (two.carol, two.dora):
        assert seen_by_client(person, two.one.number) == ["Первое", "Второе", "Ответ"]
    assert (event.verb, event.field, event.new) == ("merged", "merge", {"ticket": two.one.pk})
    took = now(two.one).events.last()
    assert (took.verb, took.new, took.batch) == (
        "took_in", {"ticket": two.two.pk, "joined": [two.dora.pk]}, event.batch,
    )  # fmt: skip


def test_the_number_of_a_merged_request_leads_to_the_whole(two):
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    for person in (two.alice, two.carol, two.dora):
        assert pages.for_page(actor_of(person), two.two.number).pk == two.one.pk
    assert pages.itself(actor_of(two.alice), two.two.number).pk == two.two.pk
    with pytest.raises(NotFound), entry():
        pages.for_page(actor_of(two.dave), two.two.number)
    assert rows.living(two.two.number) == two.one and rows.living_by_id(two.two.pk) == two.one


def test_who_reads_the_target_counts_its_own_articles_as_read_alone(two):
    actions.reply(two.two.pk, by=actor_of(two.dora), body=from_plain("Ещё"))
    actions.reply(two.two.pk, by=actor_of(two.dora), body=from_plain("И ещё"))
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    assert open_by_client(actor_of(two.carol), two.one.number).last_seq == 1


def test_files_and_letters_of_a_merged_request_are_read_on_the_page_of_the_whole(two):
    theirs = two.two.articles.get()
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    for person in (two.alice, two.carol):
        assert pages.article(actor_of(person), two.one.number, theirs.pk) == theirs
    with pytest.raises(NotFound), entry():
        pages.article(actor_of(two.dave), two.one.number, theirs.pk)


def test_what_is_merged_takes_nothing_more_itself(two):
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    for verb in (
        lambda: actions.reply(two.two.pk, by=actor_of(two.alice), body=from_plain("Ответ")),
        lambda: actions.reply(two.two.pk, by=actor_of(two.dora), body=from_plain("Ответ")),
        lambda: actions.note(two.two.pk, by=actor_of(two.alice), body=from_plain("Заметка")),
        lambda: actions.set_priority(two.two.pk, by=actor_of(two.alice), to=5),
        lambda: actions.remove(two.two.pk, by=actor_of(two.alice), why="spam"),
    ):
        with pytest.raises(Conflict, match="merged_meanwhile"), entry():
            verb()


@pytest.mark.parametrize("after", ["undo", "unmerge", "chain"])
def test_taken_out_again_both_are_what_they_were(two, after):
    actions.watch(two.two.pk, by=actor_of(two.alice))
    actions.promise(two.two.pk, by=actor_of(two.alice), due_at=clock.now() + timedelta(days=1))
    actions.reply(two.one.pk, by=actor_of(two.alice), body=from_plain("Какой счёт?"), then=actions.StateMove("clarify"))
    before = whole(two.one), whole(two.two)
    event = merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    one = now(two.one)
    assert (one.waits_for, one.due_at) == ("desk", two.two.due_at or now(two.two).due_at)
    assert {p.role for p in one.participants.all()} == {"watcher", "observer"}
    with entry():
        if after == "undo":
            back = actions.undo(two.two.pk, by=actor_of(two.alice), event_id=event.pk)
        else:
            back = unmerge(two.two.pk, by=actor_of(two.alice))
    assert (whole(two.one), whole(two.two)) == before
    assert (back.verb, back.undoes) == ("unmerged", event)
    assert unmerge(two.two.pk, by=actor_of(two.alice)) is None
    assert seen_by_client(two.carol, two.one.number) == ["Первое", "Какой счёт?"]


def test_what_was_said_meanwhile_stays_and_its_turn_too(two):
    actions.reply(two.one.pk, by=actor_of(two.alice), body=from_plain("Какой счёт?"), then=actions.StateMove("clarify"))
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    actions.reply(two.one.pk, by=actor_of(two.dora), body=from_plain("Пятый"))
    unmerge(two.two.pk, by=actor_of(two.alice))
    assert now(two.one).waits_for == "desk"
    assert seen_by_desk(two.alice, two.one.number) == ["Первое", "Какой счёт?", "Пятый"]


def test_a_chain_leads_to_its_end_and_comes_apart_link_by_link(two):
    three = open_request(two.carol, two.queue, text="Третье")
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    merge(two.one.pk, by=actor_of(two.alice), into_id=three.pk)
    assert {now(r).part_of_id for r in (two.one, two.two)} == {three.pk}
    assert seen_by_client(two.dora, two.two.number) == ["Первое", "Второе", "Третье"]
    unmerge(two.one.pk, by=actor_of(two.alice))
    assert (now(two.one).part_of_id, now(two.two).part_of_id) == (None, two.one.pk)
    merge(two.one.pk, by=actor_of(two.alice), into_id=three.pk)
    unmerge(two.two.pk, by=actor_of(two.alice))
    assert (now(two.one).part_of_id, now(two.two).part_of_id) == (three.pk, None)
    assert now(two.two).state_id == "new"


def test_into_itself_in_a_circle_into_what_is_gone(two):
    alice = actor_of(two.alice)

    def refused(ticket, into):
        with pytest.raises(Invalid) as error, entry():
            merge(ticket.pk, by=alice, into_id=into.pk)
        return error.value.problems[0].code

    assert refused(two.one, two.one) == "to_itself"
    merge(two.two.pk, by=alice, into_id=two.one.pk)
    assert refused(two.one, two.two) == "merge_circle"
    three = open_request(two.carol, two.queue)
    assert refused(three, two.two) == "merged_already"
    with pytest.raises(Conflict, match="merged_meanwhile"), entry():
        merge(two.two.pk, by=alice, into_id=three.pk)
    assert merge(two.two.pk, by=alice, into_id=two.one.pk) is None
    actions.remove(three.pk, by=alice, why="spam")
    assert refused(two.one, three) == "into_removed"


def test_companies_are_merged_only_knowingly_by_whoever_has_all_rights(two):
    theirs = open_request(two.dave, two.queue, text="Чужое")
    with pytest.raises(Invalid) as refused, entry():
        merge(theirs.pk, by=actor_of(two.alice), into_id=two.one.pk)
    assert refused.value.problems[0].code == "other_company"
    answers = RoleFactory()
    for right in ("note", "answer"):
        grant(answers, two.queue, right)
    nina = AgentFactory(roles=[answers])
    with pytest.raises(NotAllowed, match="merge_across"), entry():
        merge(theirs.pk, by=actor_of(nina), into_id=two.one.pk, across=True)
    merge(theirs.pk, by=actor_of(two.alice), into_id=two.one.pk, across=True)
    assert seen_by_desk(two.alice, two.one.number) == ["Первое", "Чужое"]
    assert seen_by_client(two.carol, two.one.number) == ["Первое"]
    assert seen_by_client(two.dave, theirs.number) == ["Чужое"]
    with pytest.raises(NotFound), entry():
        open_by_client(actor_of(two.dave), two.one.number)
    with pytest.raises(NotFound), entry():
        pages.article(actor_of(two.carol), two.one.number, theirs.articles.get().pk)
    assert not two.one.participants.exists()


def test_people_without_a_company_are_of_one_side_with_themselves_alone(two):
    from tests.factories import ClientFactory

    eve, finn = ClientFactory(), ClientFactory()
    one, two_, other = (open_request(who, two.queue) for who in (eve, eve, finn))
    merge(one.pk, by=actor_of(two.alice), into_id=two_.pk)
    with pytest.raises(Invalid), entry():
        merge(other.pk, by=actor_of(two.alice), into_id=two_.pk)


@pytest.mark.parametrize("blind", ["source", "target"])
def test_both_queues_are_asked(two, blind):
    elsewhere = open_request(two.carol, two.elsewhere)
    pair = (elsewhere, two.one) if blind == "source" else (two.one, elsewhere)
    with pytest.raises(NotFound), entry():
        merge(pair[0].pk, by=actor_of(two.alice), into_id=pair[1].pk)
    reads = RoleFactory()
    grant(reads, two.elsewhere, "read")
    two.alice.roles.add(reads)
    with pytest.raises(NotAllowed, match="merge"), entry():
        merge(pair[0].pk, by=actor_of(two.alice), into_id=pair[1].pk)
    for client in (two.carol, two.dora):
        with pytest.raises((NotAllowed, NotFound)), entry():
            merge(two.one.pk, by=actor_of(client), into_id=two.two.pk)


def test_a_request_that_went_on_meanwhile_is_not_merged_unseen(two):
    seen = now(two.two).last_event_seq
    erin = AgentFactory(name="Эрин", roles=[two.support])
    actions.set_state(two.two.pk, by=actor_of(erin), to=actions.StateMove("closed"))
    with pytest.raises(Conflict) as clash, entry():
        merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk, seen=seen)
    assert clash.value.details["name"] == "Эрин"


def test_observers_and_watchers_join_and_hear_of_answers(two):
    erin = AgentFactory(roles=[two.support])
    actions.watch(two.two.pk, by=actor_of(erin))
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    assert set(two.one.participants.values_list("person_id", "role")) == {
        (two.dora.pk, Participant.Role.OBSERVER), (erin.pk, Participant.Role.WATCHER),
    }  # fmt: skip
    actions.reply(two.one.pk, by=actor_of(two.alice), body=from_plain("Исправлено"))
    told = Notice.objects.filter(ticket=two.one, kind="desk_answer").values_list("person_id", flat=True)
    assert set(told) == {two.carol.pk, two.dora.pk}


def test_news_of_a_merged_request_are_read_with_the_whole(two):
    actions.reply(two.two.pk, by=actor_of(two.alice), body=from_plain("Ответ"))
    assert Notice.objects.filter(person=two.dora, read_at=None).count() == 1
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    assert bell.mark_read(two.dora.pk, ticket_id=two.one.pk) == 2  # the answer, and where the request goes on


def test_merged_requests_are_in_nobodys_open_list(two):
    merge(two.two.pk, by=actor_of(two.alice), into_id=two.one.pk)
    assert queries.open_of(actor_of(two.dora), author_id=two.dora.pk, company_id=two.company.pk) == []


def test_a_letter_of_another_company_s_client_never_gets_into_the_whole(two):
    theirs = open_request(two.dave, two.queue)
    merge(theirs.pk, by=actor_of(two.alice), into_id=two.one.pk, across=True)
    with pytest.raises(NotFound), entry():
        actions.reply(two.one.pk, by=Actor(two.dave.pk, Cause.MAIL), body=from_plain("Ещё"))

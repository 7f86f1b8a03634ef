from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.actions.masters import switch_priority
from helpdesk.tickets.models import Category, FieldValue, Link, Participant, Queue, Ticket
from tests.factories import actor_of, open_request
from tests.factories.people import member

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    return open_request(cast.carol, cast.queue)


def says(person, ticket, then=None, text="ответ", **options):
    move = StateMove(then) if isinstance(then, str) else then
    with entry():
        return actions.reply(ticket.pk, by=actor_of(person), body=from_plain(text), then=move, **options)


def now(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def test_a_specialists_first_answer_opens_and_takes_the_request(cast, ticket, news):
    at = clock.now()
    article = says(cast.alice, ticket, at=at)
    row = now(ticket)
    assert (row.state_id, row.waits_for, row.owner, row.first_answer_at, row.last_agent_at) == (
        "open", "desk", cast.alice, at, at,
    )  # fmt: skip
    assert (article.sender, article.visible_to_client, row.snippet, row.last_visible_seq) == ("agent", True, "ответ", 2)
    assert list(row.events.order_by("seq").values_list("verb", "field", "old", "new"))[1:] == [
        ("owner_set", "owner", None, cast.alice.pk), ("replied", "state", "new", "open"),
    ]  # fmt: skip
    assert news.brief == [("article", "agent", True, "replied", False)]


def test_asking_the_client_gives_them_the_turn_and_their_answer_gives_it_back(cast, ticket):
    says(cast.alice, ticket, "clarify")
    assert (now(ticket).state_id, now(ticket).waits_for) == ("clarify", "client")
    says(cast.carol, ticket)
    assert (now(ticket).state_id, now(ticket).waits_for) == ("clarify", "desk")
    assert now(ticket).events.last().field == ""


@pytest.mark.parametrize(
    ("start", "choice", "state", "turn"),
    [
        ("open", "done", "done", "nobody"),
        ("open", "closed", "closed", "nobody"),
        ("autoclose", None, "rework", "desk"),
        ("autoclose", "rework", "rework", "desk"),
        ("autoclose", "closed", "closed", "nobody"),
        ("autoclose", "done", "done", "nobody"),
        ("done", "done", "done", "nobody"),
        ("autoclose", "autoclose", "autoclose", "desk"),
        ("done", None, "rework", "desk"),
        ("closed", None, "rework", "desk"),
        ("closed", "rework", "rework", "desk"),
        ("review", None, "review", "desk"),
    ],
)
def test_a_clients_answer_and_choice(cast, ticket, start, choice, state, turn):
    says(cast.alice, ticket, start)
    says(cast.carol, ticket, choice)
    row = now(ticket)
    assert (row.state_id, row.waits_for) == (state, turn)
    assert (row.closed_at is None) == (row.phase == "open")
    assert (row.pending_until is None) == (state != "autoclose")


@pytest.mark.parametrize("choice", ["new", "review", "autoclose", "merged", "removed", "nonsense", "x" * 500, "1\0"])
def test_a_client_cannot_forge_a_state(cast, ticket, news, choice):
    says(cast.alice, ticket, "open")
    heard = len(news.events)
    with pytest.raises(Invalid) as refused:
        says(cast.carol, ticket, choice)
    assert refused.value.problems[0].field == "next_state"
    assert now(ticket).articles_count == 2
    assert len(news.events) == heard


def test_a_finished_request_says_when_it_closes(cast, ticket):
    at = clock.now()
    says(cast.alice, ticket, "autoclose", at=at)
    assert now(ticket).pending_until == at + timedelta(days=1)
    until = at + timedelta(days=3)
    says(cast.alice, ticket, StateMove("autoclose", until))
    assert now(ticket).pending_until == until


def test_a_reminder_needs_its_time(cast, ticket):
    with pytest.raises(Invalid) as refused:
        says(cast.alice, ticket, "reminder")
    assert [(p.field, p.code) for p in refused.value.problems] == [("until", "empty")]


def test_who_may_answer(cast, ticket):
    for person in (cast.bob, cast.dave, cast.dora):
        with pytest.raises(NotFound):
            says(person, ticket)
    member(cast.dora, cast.other)
    cast.dora.memberships.filter(company=cast.company).update(sees="company", writes=False)
    with pytest.raises(NotAllowed, match="reply"):
        says(cast.dora, ticket)
    cast.dora.memberships.filter(company=cast.company).update(writes=True)
    assert says(cast.dora, ticket).author == cast.dora


def test_an_answer_after_somebody_elses_is_a_conflict_and_ones_own_is_not(cast, ticket):
    seen = ticket.last_event_seq
    says(cast.carol, ticket)
    with pytest.raises(Conflict, match="answered_meanwhile") as clash:
        says(cast.alice, ticket, seen=seen)
    assert clash.value.details["by"] == cast.carol.pk
    says(cast.carol, ticket, seen=seen)
    assert now(ticket).articles_count == 3


def test_a_note_is_no_conflict_for_a_client_and_is_one_for_a_specialist(cast, ticket):
    from tests.factories import AgentFactory

    seen = ticket.last_event_seq
    with entry():
        actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("тайна"))
    says(cast.carol, ticket, seen=seen)
    with pytest.raises(Conflict):
        says(AgentFactory(roles=[cast.support]), ticket, seen=seen)


def test_an_empty_answer_is_refused(cast, ticket):
    with pytest.raises(Invalid) as refused:
        says(cast.carol, ticket, text=" ")
    assert [(p.field, p.code) for p in refused.value.problems] == [("body", "empty")]


def test_a_closed_request_of_a_queue_that_begins_anew(cast, ticket):
    Queue.objects.update(follow_up="new")
    says(cast.alice, ticket, "closed")
    article = says(cast.carol, ticket, text="снова")
    new = article.ticket
    assert new.pk != ticket.pk
    assert (new.subject, new.state_id, new.company, new.author) == (ticket.subject, "new", cast.company, cast.carol)
    assert now(ticket).state_id == "closed"
    link = Link.objects.get()
    assert (link.source_id, link.target_id, link.kind) == (ticket.pk, new.pk, "follow_up")
    assert [t.events.filter(verb="linked").count() for t in (ticket, new)] == [1, 1]


def test_a_new_one_goes_on_with_what_is_known_of_the_old_one(cast, ticket):
    Queue.objects.update(follow_up="new")
    known = {"account": {"value": "4500", "version": 1}, "register": {"value": ["a.csv"], "files": [1], "version": 1}}
    category = Category.objects.create(key="pay", name_ru="Платежи", name_en="Payments", path="/pay/")
    Ticket.objects.filter(pk=ticket.pk).update(fields=known, category=category)
    Participant.objects.create(ticket=ticket, person=cast.dora, role="observer")
    says(cast.alice, ticket, "closed")
    new = Ticket.objects.get(pk=says(cast.carol, ticket, text="снова").ticket.pk)
    assert (new.fields, new.category) == ({"account": known["account"]}, category)
    assert list(FieldValue.objects.filter(ticket=new).values_list("key", "text")) == [("account", "4500")]
    assert [one.person for one in new.participants.all()] == [cast.dora]


def test_a_new_one_has_the_usual_priority_where_the_old_one_is_off(cast, ticket):
    Queue.objects.update(follow_up="new")
    with entry():
        actions.set_priority(ticket.pk, by=actor_of(cast.alice), to=5)
    says(cast.alice, ticket, "closed")
    switch_priority(5, on=False)
    assert says(cast.carol, ticket, text="снова").ticket.priority_id == 3


def test_a_closed_request_of_a_queue_that_takes_no_more(cast, ticket):
    Queue.objects.update(follow_up="refuse")
    says(cast.alice, ticket, "closed")
    with pytest.raises(NotAllowed, match="closed_for_good"):
        says(cast.carol, ticket)
    says(cast.alice, ticket)
    assert now(ticket).state_id == "closed"


@pytest.mark.parametrize(("state", "refusal"), [("merged", Conflict), ("removed", NotAllowed)])
def test_nothing_is_answered_where_nothing_lives(cast, ticket, state, refusal):
    Ticket.objects.update(state=state, phase=state)
    with pytest.raises(refusal, match="merged_meanwhile" if state == "merged" else "reply"):
        says(cast.alice, ticket)


def test_asking_once_more_in_the_same_state_gives_the_client_the_turn_again(cast, ticket):
    says(cast.alice, ticket, "clarify")
    says(cast.carol, ticket)
    says(cast.alice, ticket, "clarify")
    assert (now(ticket).state_id, now(ticket).waits_for) == ("clarify", "client")


@pytest.mark.parametrize("choice", ["clarify", "review", "closed"])
def test_a_state_chosen_on_a_stale_page_overwrites_nobodys(cast, ticket, choice):
    says(cast.alice, ticket)
    seen = now(ticket).last_event_seq
    with entry():
        actions.settle(ticket.pk, by=actor_of(cast.carol), code="closed")
    with pytest.raises(Conflict) as refusal:
        says(cast.alice, ticket, choice, seen=seen)
    assert refusal.value.code == "changed_by"
    assert now(ticket).state_id == "closed"
    says(cast.alice, ticket, seen=seen, text="без выбора")  # who chooses nothing overwrites nothing
    assert now(ticket).state_id == "closed"


@pytest.mark.parametrize("state", ["clarify", "autoclose", "open"])
def test_a_quiet_answer_is_kept_and_moves_nothing(cast, ticket, news, state):
    says(cast.alice, ticket, state)
    before = now(ticket)
    says(cast.carol, ticket, StateMove(state, until=before.pending_until), text="Меня нет", quiet=True)
    after = now(ticket)
    for name in (
        "state_id",
        "waits_for",
        "pending_until",
        "last_client_at",
        "last_article_at",
        "last_article_by_id",
        "snippet",
    ):
        assert getattr(after, name) == getattr(before, name), name
    assert after.articles_count == before.articles_count + 1
    assert news.brief[-1] == ("article", "client", True, "replied", True)


def test_a_note_moves_nothing_that_the_client_reads(cast, ticket):
    says(cast.alice, ticket)
    before = now(ticket)
    with entry():
        actions.note(
            ticket.pk, by=actor_of(cast.alice), body=from_plain("между нами"), at=clock.now() + timedelta(hours=1)
        )
    after = now(ticket)
    for name in ("last_article_at", "last_article_by_id", "snippet", "last_visible_seq", "last_agent_at"):
        assert getattr(after, name) == getattr(before, name), name
    assert after.changed_at > before.changed_at

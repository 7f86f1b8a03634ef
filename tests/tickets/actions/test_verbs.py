"""The verbs of the desk, each: happy, refused, no-op, conflict, exact history, exact events."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Link, ReadMark, State, Ticket, TicketType
from tests.factories import AgentFactory, CategoryFactory, RoleFactory, actor_of, grant, open_request

pytestmark = pytest.mark.django_db
SOON = clock.now() + timedelta(days=3)


@dataclass
class Case:
    """A verb with its arguments, from what to what it changes, and the code of its refusal."""

    verb: str
    arguments: Any
    event: str
    column: str
    old: Any
    new: Any
    refusal: str
    conflicts: bool = True
    wrong: list = field(default_factory=list)
    follows: tuple = ()  # what comes with it: (verb, field, old, new)


def same(value):
    return lambda cast: value


BEGUN = (("state_set", "state", "new", "open"),)
CASES = {
    "take": Case("take", same({}), "owner_set", "owner", None, lambda c: c.alice.pk, "assign", follows=BEGUN),
    "give": Case("give", lambda c: {"to_id": c.alice.pk}, "owner_set", "owner", None, lambda c: c.alice.pk, "assign",
                 follows=BEGUN,
                 wrong=[(lambda c: {"to_id": c.bob.pk}, "cannot_own"), (lambda c: {"to_id": c.carol.pk}, "cannot_own"),
                        (same({"to_id": 10**6}), "cannot_own")]),
    "responsible": Case("set_responsible", lambda c: {"to_id": c.alice.pk}, "responsible_set", "responsible", None,
                        lambda c: c.alice.pk, "assign", wrong=[(lambda c: {"to_id": c.bob.pk}, "cannot_own")]),
    "priority": Case("set_priority", same({"to": 1}), "priority_set", "priority", 3, same(1), "set_priority",
                     wrong=[(same({"to": 0}), "not_offered"), (same({"to": 10**12}), "not_offered")]),
    "category": Case("set_category", lambda c: {"to": c.category.pk}, "category_set", "category", None,
                     lambda c: c.category.pk, "set_category", wrong=[(same({"to": 10**6}), "unknown_category")]),
    "type": Case("set_type", lambda c: {"to": c.kind.pk}, "type_set", "type", None, lambda c: c.kind.pk, "set_type",
                 wrong=[(same({"to": 10**6}), "unknown_type")]),
    "promise": Case("promise", same({"due_at": SOON}), "promised", "due_at", None, same(SOON.isoformat()), "promise",
                    wrong=[(same({"due_at": SOON - timedelta(days=9)}), "has_passed")]),
    "state": Case("set_state", same({"to": StateMove("review"), "why": "смотрим"}), "state_set", "state", "new",
                  same("review"), "set_state",
                  wrong=[(same({"to": StateMove(code)}), why) for code, why in (
                      ("merged", "not_offered"), ("removed", "not_offered"), ("nonsense", "unknown_state"),
                      ("reminder", "empty"))]),
    "close": Case("close", same({}), "state_set", "state", "new", same("closed"), "set_state"),
    "remove": Case("remove", same({"why": "спам"}), "removed", "state", "new", same("removed"), "remove"),
    "move": Case("move", lambda c: {"to_queue_id": c.elsewhere.pk}, "moved", "queue", lambda c: c.queue.pk,
                 lambda c: c.elsewhere.pk, "move", wrong=[(same({"to_queue_id": 10**6}), "unknown_queue")]),
}  # fmt: skip


@pytest.fixture
def desk(cast):
    """Alice and a second specialist with every right in both queues."""
    grant(cast.support, cast.elsewhere)
    cast.category = CategoryFactory()
    cast.kind = TicketType.objects.create(key="fault", name_ru="Сбой", name_en="Fault")
    cast.erin = AgentFactory(roles=[cast.support])
    return cast


@pytest.fixture
def ticket(desk):
    return open_request(desk.carol, desk.queue)


@pytest.fixture(params=CASES)
def case(request):
    return CASES[request.param]


def act(case, ticket, desk, person, arguments=None, **options):
    with entry():
        return getattr(actions, case.verb)(
            ticket.pk, by=actor_of(person), **(arguments or case.arguments)(desk), **options
        )


def value(wanted, desk):
    return wanted(desk) if callable(wanted) else wanted


def history(ticket):
    return list(ticket.events.order_by("seq").values_list("verb", "field", "old", "new", "actor", "cause"))


def test_it_changes_its_column_writes_one_line_and_tells(case, desk, ticket, news):
    event = act(case, ticket, desk, desk.alice)
    old, new = value(case.old, desk), value(case.new, desk)
    lines = [(case.event, case.column, old, new), *case.follows]
    assert history(ticket)[1:] == [(*line, desk.alice.pk, "web") for line in lines]
    assert news.brief == [("changed", case.event, case.column)]
    row = Ticket.objects.get(pk=ticket.pk)
    stored = row.due_at.isoformat() if case.column == "due_at" else getattr(row, f"{case.column}_id")
    assert stored == new
    assert (event.seq, row.last_event_seq) == (2, 1 + len(lines))
    assert row.changed_at > ticket.changed_at
    assert event.note == case.arguments(desk).get("why", "")


def test_once_more_changes_nothing_and_leaves_no_line(case, desk, ticket, news):
    act(case, ticket, desk, desk.alice)
    before, heard = Ticket.objects.filter(pk=ticket.pk).values().get(), len(news.events)
    assert act(case, ticket, desk, desk.alice) is None
    assert Ticket.objects.filter(pk=ticket.pk).values().get() == before
    assert len(news.events) == heard
    assert len(history(ticket)) == 2 + len(case.follows)


def test_what_somebody_owns_is_new_no_longer(desk, ticket):
    with entry():
        actions.take(ticket.pk, by=actor_of(desk.alice))
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.state_id, row.phase, row.waits_for) == ("open", "open", "desk")
    with entry():
        actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("clarify"))
        actions.give(ticket.pk, by=actor_of(desk.alice), to_id=desk.erin.pk)
        actions.release(ticket.pk, by=actor_of(desk.erin))
        actions.take(ticket.pk, by=actor_of(desk.erin))
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.state_id, row.waits_for) == ("clarify", "client")


def test_where_nothing_is_called_open_a_taken_request_stays_new(desk, ticket):
    State.objects.filter(pk="open").update(inactive_at=SOON)
    with entry():
        actions.take(ticket.pk, by=actor_of(desk.alice))
    assert Ticket.objects.get(pk=ticket.pk).state_id == "new"
    assert [line[0] for line in history(ticket)] == ["opened", "owner_set"]


def test_readers_are_refused_and_strangers_find_nothing(case, desk, ticket, news):
    role = RoleFactory()
    grant(role, desk.queue, "read")
    reader = AgentFactory(roles=[role])
    for person in (reader, desk.carol):
        with pytest.raises(NotAllowed) as refused:
            act(case, ticket, desk, person)
        assert refused.value.code == case.refusal
    for person in (desk.dave, AgentFactory()):
        with pytest.raises(NotFound):
            act(case, ticket, desk, person)
    assert history(ticket) == history(ticket)[:1]
    assert news.events == []


def test_what_somebody_else_changed_meanwhile_is_a_conflict(case, desk, ticket):
    seen = ticket.last_event_seq
    changed = {
        "owner": lambda: actions.take(ticket.pk, by=actor_of(desk.erin)),
        "responsible": lambda: actions.set_responsible(ticket.pk, by=actor_of(desk.erin), to_id=desk.erin.pk),
        "priority": lambda: actions.set_priority(ticket.pk, by=actor_of(desk.erin), to=5),
        "category": lambda: actions.set_category(ticket.pk, by=actor_of(desk.erin), to=CategoryFactory().pk),
        "type": lambda: actions.set_type(ticket.pk, by=actor_of(desk.erin), to=_another_type().pk),
        "due_at": lambda: actions.promise(ticket.pk, by=actor_of(desk.erin), due_at=SOON + timedelta(days=1)),
        "state": lambda: actions.set_state(ticket.pk, by=actor_of(desk.erin), to=StateMove("open")),
        "queue": lambda: _there_and_further(ticket, desk),
    }
    changed[case.column]()
    with pytest.raises(Conflict, match="changed_by") as clash:
        act(case, ticket, desk, desk.alice, seen=seen)
    assert (clash.value.details["field"], clash.value.details["by"]) == (case.column, desk.erin.pk)
    assert act(case, ticket, desk, desk.alice, seen=Ticket.objects.get(pk=ticket.pk).last_event_seq)


def _another_type():
    return TicketType.objects.create(key="task", name_ru="Задача", name_en="Task")


def _there_and_further(ticket, desk):
    from tests.factories import QueueFactory

    third = QueueFactory()
    grant(desk.support, third)
    actions.move(ticket.pk, by=actor_of(desk.erin), to_queue_id=third.pk)


def test_other_changes_of_others_are_no_conflict(case, desk, ticket):
    with entry():
        actions.note(ticket.pk, by=actor_of(desk.erin), body=from_plain("заметка"))
    assert act(case, ticket, desk, desk.alice, seen=ticket.last_event_seq)


@pytest.mark.parametrize(
    ("name", "place"), [(name, place) for name, case in CASES.items() for place in range(len(case.wrong))]
)
def test_wrong_values_are_problems(name, place, desk, ticket):
    arguments, code = CASES[name].wrong[place]
    with pytest.raises(Invalid) as refused:
        act(CASES[name], ticket, desk, desk.alice, arguments)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert len(history(ticket)) == 1


def test_release_and_taking_back(desk, ticket):
    with entry():
        actions.take(ticket.pk, by=actor_of(desk.alice))
        event = actions.release(ticket.pk, by=actor_of(desk.erin))
        assert (event.old, event.new) == (desk.alice.pk, None)
        assert actions.release(ticket.pk, by=actor_of(desk.erin)) is None
        assert actions.promise(ticket.pk, by=actor_of(desk.alice), due_at=SOON)
        assert actions.promise(ticket.pk, by=actor_of(desk.alice), due_at=None).old == SOON.isoformat()
    assert Ticket.objects.get(pk=ticket.pk).due_by is None


def test_moving_needs_the_right_over_there(cast):
    ticket = open_request(cast.carol, cast.queue)
    with pytest.raises(NotAllowed, match="move"), entry():
        actions.move(ticket.pk, by=actor_of(cast.alice), to_queue_id=cast.elsewhere.pk)
    grant(cast.support, cast.elsewhere, "move_into")
    with entry():
        assert actions.move(ticket.pk, by=actor_of(cast.alice), to_queue_id=cast.elsewhere.pk, why="касса")
    with pytest.raises(NotFound), entry():  # moved out of sight
        actions.take(ticket.pk, by=actor_of(cast.alice))


def test_a_note_is_internal_and_leaves_the_turn(desk, ticket, news):
    with entry():
        article = actions.note(ticket.pk, by=actor_of(desk.alice), body=from_plain("тайна"), once="n")
        assert actions.note(ticket.pk, by=actor_of(desk.alice), body=from_plain("тайна"), once="n") == article
    row = Ticket.objects.get(pk=ticket.pk)
    assert (article.visible_to_client, row.last_visible_seq, row.articles_count) == (False, 1, 2)
    assert (row.state_id, row.waits_for, row.snippet, row.owner) == ("new", "desk", ticket.snippet, None)
    assert (row.first_answer_at, row.last_agent_at) == (None, None)
    assert history(ticket)[1:] == [("noted", "", None, None, desk.alice.pk, "web")]
    assert news.brief == [("article", "agent", False, "noted", False)]
    for person in (desk.carol,):
        with pytest.raises(NotAllowed, match="note"), entry():
            actions.note(ticket.pk, by=actor_of(person), body=from_plain("x"))


def test_closing_stamps_and_opening_again_clears_the_time(desk, ticket):
    at = clock.now()
    with entry():
        actions.close(ticket.pk, by=actor_of(desk.alice), at=at)
        assert Ticket.objects.get(pk=ticket.pk).closed_at == at
        actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("open"))
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.closed_at, row.phase, row.waits_for) == (None, "open", "desk")


def test_a_reminder_comes_back_once(desk, ticket, news):
    with entry():
        actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("reminder", SOON))
        assert actions.remind_due(ticket.pk, at=SOON - timedelta(seconds=1)) is None
        event = actions.remind_due(ticket.pk, at=SOON)
        assert actions.remind_due(ticket.pk, at=SOON) is None
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.state_id, row.waits_for, row.pending_until) == ("reminder", "desk", None)
    assert (event.verb, event.actor, event.cause) == ("reminded", None, "automation")
    assert news.brief[-1][:2] == ("changed", "reminded")


def test_closing_by_itself_happens_once_and_in_time(desk, ticket, news):
    at = clock.now()
    with entry():
        actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("autoclose"), at=at)
        assert actions.close_due(ticket.pk, at=at + timedelta(hours=23)) is None
        event = actions.close_due(ticket.pk, at=at + timedelta(hours=24))
        assert actions.close_due(ticket.pk, at=at + timedelta(hours=25)) is None
    row = Ticket.objects.get(pk=ticket.pk)
    assert (row.state_id, row.phase, row.waits_for, row.pending_until) == ("closed", "closed", "nobody", None)
    assert row.closed_at == at + timedelta(hours=24)
    assert (event.verb, event.field, event.old, event.new, event.actor) == (
        "auto_closed", "state", "autoclose", "closed", None,
    )  # fmt: skip
    assert row.articles.get(seq=2).visible_to_client
    assert news.brief[1:] == [
        ("changed", "auto_closed", "state"), ("article", "system", True, "auto_closed", True),
    ]  # fmt: skip


def test_links_are_in_both_histories(desk, ticket):
    other = open_request(desk.carol, desk.queue)
    with entry():
        assert actions.link(ticket.pk, by=actor_of(desk.alice), to_id=other.pk)
        assert actions.link(ticket.pk, by=actor_of(desk.alice), to_id=other.pk) is None
    assert Link.objects.count() == 1
    for one, two, way in ((ticket, other, "out"), (other, ticket, "in")):
        said = {"ticket": two.pk, "kind": "normal", "way": way}
        assert history(one)[1:] == [("linked", "link", None, said, desk.alice.pk, "web")]
    with pytest.raises(Invalid), entry():
        actions.link(ticket.pk, by=actor_of(desk.alice), to_id=ticket.pk)
    with pytest.raises(NotAllowed, match="link"), entry():
        actions.link(ticket.pk, by=actor_of(desk.carol), to_id=other.pk)
    with pytest.raises(NotFound), entry():
        actions.link(ticket.pk, by=actor_of(desk.alice), to_id=10**6)


def test_reading_never_goes_back_and_leaves_no_line(desk, ticket, django_assert_num_queries):
    with django_assert_num_queries(1):
        actions.mark_read(ticket.pk, by=actor_of(desk.carol), seq=3)
    actions.mark_read(ticket.pk, by=actor_of(desk.carol), seq=2)
    assert ReadMark.objects.get().seq == 3
    assert len(history(ticket)) == 1


def test_closing_on_a_stale_page_closes_over_nobodys_answer_or_taking(cast):
    colleague = AgentFactory()
    colleague.roles.add(cast.support)
    for happens in (
        lambda pk: actions.reply(pk, by=actor_of(cast.carol), body=from_plain("Ещё вопрос")),
        lambda pk: actions.take(pk, by=actor_of(colleague)),
    ):
        ticket = open_request(cast.carol, cast.queue)
        seen = Ticket.objects.get(pk=ticket.pk).last_event_seq
        happens(ticket.pk)
        with pytest.raises(Conflict), entry():
            actions.close(ticket.pk, by=actor_of(cast.alice), seen=seen)
        assert Ticket.objects.get(pk=ticket.pk).phase == "open"
        assert actions.close(ticket.pk, by=actor_of(cast.alice), seen=Ticket.objects.get(pk=ticket.pk).last_event_seq)

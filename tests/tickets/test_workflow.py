"""The table of states, over every pair and side; written by hand from the contract."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.tickets.masters import STATES
from helpdesk.tickets.models import Phase, StateType, WaitsFor
from helpdesk.tickets.workflow import (
    Side,
    StateFact,
    after_client_answer,
    after_owner,
    agent_choices,
    client_answered,
    client_choices,
    may_set,
    phase_of,
    turn_after_agent,
    turn_after_client,
)

FACTS = {row[0]: StateFact(row[0], StateType(row[1]), WaitsFor(row[6])) for row in STATES}
BY_HAND = {"open", "review", "clarify", "rework", "reminder", "done", "autoclose", "closed", "closed_unsolved"}

# state: what a client may choose, what a client may choose where closed requests stay closed, specialists, by itself
EXPECTED = {
    "new": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "open": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "review": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "clarify": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "rework": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "reminder": ({"done", "closed"}, {"done", "closed"}, BY_HAND, set()),
    "done": ({"rework", "closed"}, {"rework", "closed"}, BY_HAND, set()),
    "autoclose": ({"rework", "done", "closed"}, {"rework", "done", "closed"}, BY_HAND, {"closed", "closed_unsolved"}),
    "closed": ({"rework"}, set(), BY_HAND, set()),
    "closed_unsolved": ({"rework"}, set(), BY_HAND, set()),
    "merged": (set(), set(), set(), set()),
    "removed": (set(), set(), set(), set()),
}


@pytest.mark.parametrize("current", FACTS)
@pytest.mark.parametrize("target", FACTS)
def test_every_pair_and_side(current, target):
    reopening, for_good, by_hand, by_itself = EXPECTED[current]
    now, then = FACTS[current], FACTS[target]
    stands = current == target
    assert may_set(Side.CLIENT, now, then, reopens=True) == (stands or target in reopening)
    assert may_set(Side.CLIENT, now, then, reopens=False) == (stands or target in for_good)
    assert may_set(Side.AGENT, now, then, reopens=True) == (stands or target in by_hand)
    assert may_set(Side.SYSTEM, now, then, reopens=True) == (stands or target in by_itself)


@pytest.mark.parametrize("current", FACTS)
def test_choices_offered_are_those_allowed(current):
    for reopens in (True, False):
        assert set(client_choices(FACTS[current], reopens=reopens)) | {current} == {
            code for code in FACTS if may_set(Side.CLIENT, FACTS[current], FACTS[code], reopens=reopens)
        }
    assert set(agent_choices(FACTS[current], FACTS)) | {current} == {
        code for code in FACTS if may_set(Side.AGENT, FACTS[current], FACTS[code], reopens=True)
    }


@pytest.mark.parametrize("current", FACTS)
def test_an_answer_without_a_choice_takes_up_what_was_thought_done(current):
    reopening = {"done", "autoclose", "closed", "closed_unsolved"}
    assert after_client_answer(FACTS[current], reopens=True) == ("rework" if current in reopening else current)
    staying = {"done", "autoclose"}
    assert after_client_answer(FACTS[current], reopens=False) == ("rework" if current in staying else current)


def test_a_state_switched_off_is_offered_to_nobody():
    off = StateFact("review", StateType.OPEN, WaitsFor.DESK, active=False)
    assert not may_set(Side.AGENT, FACTS["open"], off, reopens=True)
    assert may_set(Side.AGENT, off, off, reopens=True)


@pytest.mark.parametrize("code", FACTS)
def test_whose_turn(code):
    fact = FACTS[code]
    at_rest = phase_of(fact.type) is not Phase.OPEN
    assert turn_after_client(fact) == ("nobody" if at_rest or code == "done" else "desk")
    for before in WaitsFor:
        assert turn_after_agent(fact, before=before, moved=False) == ("nobody" if at_rest else before)
        assert turn_after_agent(fact, before=before, moved=True) == ("nobody" if at_rest else fact.waits_for)
    assert FACTS["clarify"].waits_for == "client"
    assert {code for code, fact in FACTS.items() if fact.waits_for == "nobody"} == {
        "reminder", "done", "autoclose", "closed", "closed_unsolved", "merged", "removed",
    }  # fmt: skip


@pytest.mark.parametrize(("setting", "turn"), [("nobody", "nobody"), ("desk", "desk"), ("client", "desk")])
def test_what_a_client_calls_done_waits_for_the_desk_only_where_a_setting_says_so(setting, turn):
    assert turn_after_client(replace(FACTS["done"], waits_for=WaitsFor(setting))) == turn


@pytest.mark.django_db
def test_the_rows_of_a_new_installation_are_the_contracts():
    from helpdesk.tickets.models import Priority, State

    names = {state.code: state.name("ru") for state in State.objects.all()}
    assert names == {
        "new": "Новая", "open": "Открыта", "review": "На рассмотрении", "clarify": "На уточнении",
        "rework": "На доработке", "reminder": "Ожидает напоминания", "done": "Выполнена",
        "autoclose": "Выполнена, ожидает автозакрытия", "closed": "Закрыта",
        "closed_unsolved": "Закрыта без решения", "merged": "Объединена", "removed": "Удалена",
    }  # fmt: skip
    autoclose = State.objects.get(pk="autoclose")
    assert (autoclose.closes_after, autoclose.closes_to_id) == (86400, "closed")
    assert State.objects.get(pk="new").name("ru", for_client=True) == "Получена"
    assert list(Priority.objects.order_by("rank").values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("asks", WaitsFor)
@pytest.mark.parametrize("turn", WaitsFor)
@pytest.mark.parametrize(
    ("client_at", "agent_at", "last"), [(2, 1, True), (2, None, True), (1, 2, False), (None, 1, False)]
)
def test_a_client_has_answered_where_asked_and_last_to_speak(asks, turn, client_at, agent_at, last):
    first = datetime(2026, 11, 24, tzinfo=UTC)
    at = {None: None, 1: first, 2: first + timedelta(hours=1)}
    said = client_answered(asks, turn, client_at=at[client_at], agent_at=at[agent_at])
    assert said == (last and (asks, turn) == (WaitsFor.CLIENT, WaitsFor.DESK))


@pytest.mark.parametrize("current", FACTS)
def test_only_what_was_new_is_open_once_somebody_owns_it(current):
    assert after_owner(FACTS[current], FACTS["open"]) == ("open" if current == "new" else current)
    assert after_owner(FACTS[current], replace(FACTS["open"], active=False)) == current

"""What stands between the articles."""

import re
from datetime import timedelta

from django.utils import timezone

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.desk.history import Change
from helpdesk.tickets.actions import (
    StateMove,
    give,
    move,
    promise,
    release,
    reply,
    set_category,
    set_priority,
    set_state,
    take,
)
from tests.desk.conftest import address, plain


def happenings(client, ticket):
    """The lines between the articles as text."""
    found = re.findall(r'<p class="event">.*?<span>(.*?)</span>', plain(client.get(address(ticket))), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", line) for line in found]


def test_what_one_person_does_within_a_minute_is_one_line(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    set_state(ticket.pk, by=by, to=StateMove("open"), at=start)
    give(ticket.pk, by=by, to_id=world.anna.pk, at=start + timedelta(seconds=20))
    move(ticket.pk, by=by, to_queue_id=world.advice.pk, at=start + timedelta(seconds=40))
    set_priority(ticket.pk, by=by, to=4, at=start + timedelta(minutes=5))
    assert happenings(as_(world.alice), ticket) == [
        "Алиса Агентова: состояние: Новая → Открыта, исполнитель: Анна Ковалёва, очередь: Ошибка → Консультация",
        "Алиса Агентова: приоритет: 3 → 4",
    ]


def test_the_same_field_changed_twice_is_told_once(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    for at, code in enumerate(["open", "review", "done"]):
        set_state(ticket.pk, by=by, to=StateMove(code), at=start + timedelta(seconds=at))
    assert happenings(as_(world.alice), ticket) == ["Алиса Агентова: состояние: Новая → Выполнена"]


def test_a_state_that_stood_for_a_while_is_never_left_out(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    set_state(ticket.pk, by=by, to=StateMove("reminder", start + timedelta(days=1)), at=start)
    set_state(ticket.pk, by=by, to=StateMove("closed"), at=start + timedelta(seconds=40))
    assert happenings(as_(world.alice), ticket) == ["Алиса Агентова: состояние: Новая → Ожидает напоминания → Закрыта"]


def test_a_way_there_and_back_is_told_where_it_was_no_slip(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    set_priority(ticket.pk, by=by, to=5, at=start)
    set_priority(ticket.pk, by=by, to=3, at=start + timedelta(seconds=30))
    assert happenings(as_(world.alice), ticket) == ["Алиса Агентова: приоритет: 3 → 5 → 3"]


def test_changes_of_two_people_are_two_lines_however_near(world, as_):
    ticket = world.ticket()
    start = clock.now() + timedelta(minutes=5)
    set_state(ticket.pk, by=world.by(world.alice), to=StateMove("open"), at=start)
    set_state(ticket.pk, by=world.by(world.anna), to=StateMove("review"), at=start + timedelta(seconds=1))
    assert happenings(as_(world.alice), ticket) == [
        "Алиса Агентова: состояние: Новая → Открыта", "Анна Ковалёва: состояние: Открыта → На рассмотрении"
    ]  # fmt: skip


def test_what_is_taken_back_at_once_is_not_told_in_the_thread(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    set_priority(ticket.pk, by=by, to=5, at=start)
    set_priority(ticket.pk, by=by, to=3, at=start + timedelta(seconds=5))
    assert happenings(as_(world.alice), ticket) == []
    assert plain(as_(world.alice).get(address(ticket, "history"))).count("<td>приоритет</td>") == 2


def test_the_state_that_came_with_an_answer_joins_what_follows(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    start = clock.now() + timedelta(minutes=5)
    take(ticket.pk, by=by, at=start)
    reply(ticket.pk, by=by, body=from_plain("Какой период?"), then=StateMove("clarify"), at=start)
    set_state(ticket.pk, by=by, to=StateMove("review"), at=start + timedelta(seconds=9))
    promise(ticket.pk, by=by, due_at=start.replace(year=2099), at=start + timedelta(seconds=12))
    lines = happenings(as_(world.alice), ticket)
    assert lines[0] == "Алиса Агентова: берёт заявку, состояние: Новая → Открыта" and len(lines) == 2
    assert lines[1].startswith("Алиса Агентова: состояние: Открыта → На рассмотрении, обещанный срок: ")
    release(ticket.pk, by=by, at=start + timedelta(seconds=15))
    assert happenings(as_(world.alice), ticket)[1].endswith(", освобождает заявку")


def test_a_promise_is_told_by_its_date_and_without_what_was_not(world, as_):
    ticket = world.ticket()
    by, now = world.by(world.alice), clock.now()
    due = (now + timedelta(days=1)).astimezone(timezone.get_current_timezone())
    promise(ticket.pk, by=by, due_at=due)
    promise(ticket.pk, by=by, due_at=None, at=now + timedelta(minutes=5))
    set_category(ticket.pk, by=by, to=world.category.pk, at=now + timedelta(minutes=9))
    months = [
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ]
    date = f"{due.day} {months[due.month - 1]}" + (f" {due.year}" if due.year != now.year else "")
    assert happenings(as_(world.alice), ticket) == [
        f"Алиса Агентова: обещанный срок: {date}, {due:%H:%M}",
        f"Алиса Агентова: обещанный срок: {date}, {due:%H:%M} → нет",
        "Алиса Агентова: категория: Платежи",
    ]


def test_changes_join_only_where_one_goes_on_with_the_other():
    assert Change("состояние", "А", "Б").then(Change("состояние", "Б", "В")) == Change("состояние", "А", "В")
    assert Change("состояние", "А", "Б").then(Change("состояние", "В", "Г")) is None
    assert Change("состояние", "А", "Б").then(Change("очередь", "Б", "В")) is None
    assert Change("берёт заявку").then(Change("берёт заявку")) is None
    assert not Change("берёт заявку").is_nothing and Change("очередь", "А", "А").is_nothing


def test_numbers_lead_to_requests_of_the_readers_queues_alone(world, as_):
    ticket, other, cash = world.ticket(), world.ticket(), world.ticket(world.cash)
    said = from_plain(f"Как в Ticket#{other.number} и Ticket#{cash.number}")
    reply(ticket.pk, by=world.by(world.alice), body=said)
    page = as_(world.alice).get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert f'">Ticket#{other.number}</a>' in page
    assert f"Ticket#{cash.number}" in page and f'">Ticket#{cash.number}</a>' not in page
    assert f'">Ticket#{cash.number}</a>' in as_(world.ada).get(f"/desk/tickets/{ticket.number}/").content.decode()

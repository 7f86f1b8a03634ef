"""Lists and the page of a request are kept whole: after each change they are what would be made anew for the reader."""

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.accounts.actions import create_person
from helpdesk.accounts.client_notes import put_note
from helpdesk.accounts.models import Address, Company, Person, Role
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.desk import ticket_page
from helpdesk.desk.views import lists
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import facts
from helpdesk.tickets.actions import (
    StateMove,
    add_items,
    bring_back,
    change_client,
    drop_item,
    link,
    lock,
    mark_read,
    merge,
    note,
    pass_on,
    promise,
    remove,
    reply,
    set_priority,
    set_state,
    set_subject,
    set_tags,
    set_type,
    split,
    take,
    tick,
    undo,
    unlink,
    unmerge,
    watch,
)
from helpdesk.tickets.models import (
    Category,
    ChecklistTemplate,
    Grant,
    IntakeField,
    Link,
    Queue,
    Right,
    Signature,
    State,
    Tag,
    Ticket,
    TicketType,
)
from tests.factories.kept_pages import KEY, of, read_page

pytestmark = pytest.mark.django_db


def by(person):
    return Actor(person.pk, Cause.WEB)


def page_of(client, ticket):
    return read_page(client, f"/desk/tickets/{ticket.number}/")


LISTS = (
    "/desk/",
    "/desk/?view=open",
    "/desk/?view=answered",
    "/desk/?view=all",
    "/desk/?view=mine",
    "/desk/search/?q=Ошибка",
)


def lists_of(client):
    return [read_page(client, address) for address in LISTS]


def off(who):
    """Somebody of the world is switched off."""
    return lambda world, ticket: Person.objects.filter(pk=getattr(world, who).pk).update(inactive_at=clock.now())


def second(world, ticket):
    world.ticket(subject="Вторая")


def second_closed(world, ticket):
    set_state(Ticket.objects.get(subject="Вторая").pk, by=by(world.alice), to=StateMove("closed"))


def answered(world, ticket):
    reply(ticket.pk, by=by(world.alice), body=from_plain("Готово"))


def other():
    return Ticket.objects.get(subject="Вторая").pk


def linked(world, ticket):
    second(world, ticket)
    link(ticket.pk, by=by(world.alice), to_id=other(), kind=Link.Kind.PARENT)


def merged(world, ticket):
    second(world, ticket)
    merge(other(), by=by(world.alice), into_id=ticket.pk)


def listed(world, ticket):
    add_items(ticket.pk, by=by(world.alice), texts=["Проверить"])


def ready(world, ticket):
    ChecklistTemplate.objects.create(name="Перенос", queue=ticket.queue, items=["Проверить"])


CHANGES = {
    "linked": lambda world, ticket: link(ticket.pk, by=by(world.alice), to_id=other()),
    "unlinked": lambda world, ticket: unlink(ticket.pk, by=by(world.alice), to_id=other(), kind=Link.Kind.PARENT),
    "linked one closed": second_closed,
    "linked one renamed": lambda world, ticket: set_subject(other(), by=by(world.alice), to="Иначе"),
    "merged with it": lambda world, ticket: merge(other(), by=by(world.alice), into_id=ticket.pk),
    "split off": lambda world, ticket: split(
        ticket.pk, by=by(world.alice), articles=[ticket.articles.first().pk], subject="Часть", queue_id=ticket.queue_id
    ),
    "items": listed,
    "ticked": lambda world, ticket: tick(ticket.pk, by=by(world.anna), item_id=ticket.checklist.get().pk, done=True),
    "struck": lambda world, ticket: drop_item(ticket.pk, by=by(world.anna), item_id=ticket.checklist.get().pk),
    "a ready list": ready,
    "a signature": lambda world, ticket: Signature.objects.create(queue=ticket.queue, text_ru="{agent}, поддержка"),
    "a note about the client": lambda world, ticket: put_note(
        "person", world.carol.pk, by=by(world.bob), text="Звонить после обеда", seen=0
    ),
    "a note about the company": lambda world, ticket: put_note(
        "company", world.zarya.pk, by=by(world.bob), text="Договор 12", seen=0
    ),
    "a ready list renamed": of(ChecklistTemplate, name="Иначе"),
    "passed on": lambda world, ticket: pass_on(
        ticket.pk, by=by(world.alice), to_queue_id=world.advice.pk, body=from_plain("Передали")
    ),
    "taken out": lambda world, ticket: unmerge(other(), by=by(world.alice)),
    "answer": lambda world, ticket: reply(ticket.pk, by=by(world.carol), body=from_plain("И ещё")),
    "note": lambda world, ticket: note(ticket.pk, by=by(world.alice), body=from_plain("Между нами")),
    "question": lambda world, ticket: reply(
        ticket.pk, by=by(world.alice), body=from_plain("Какой счёт?"), then=StateMove("clarify")
    ),
    "taken": lambda world, ticket: take(ticket.pk, by=by(world.alice)),
    "priority": lambda world, ticket: set_priority(ticket.pk, by=by(world.alice), to=5),
    "closed": lambda world, ticket: set_state(ticket.pk, by=by(world.alice), to=StateMove("closed")),
    "promise": lambda world, ticket: promise(ticket.pk, by=by(world.alice), due_at=clock.now() + timedelta(hours=5)),
    "type": lambda world, ticket: set_type(ticket.pk, by=by(world.alice), to=world.kind.pk),
    "type renamed": of(TicketType, name_ru="Поломка"),
    "lock": lambda world, ticket: lock(ticket.pk, by=by(world.anna)),
    "subject by a verb": lambda world, ticket: set_subject(ticket.pk, by=by(world.anna), to="Иначе"),
    "another client": lambda world, ticket: change_client(
        ticket.pk, by=by(world.anna), person_id=world.dave.pk, company_id=world.other.pk
    ),
    "tags": lambda world, ticket: set_tags(ticket.pk, by=by(world.anna), to=(), named=["тарифы"]),
    "a tag to choose": lambda world, ticket: Tag.objects.create(name="льготы", key="льготы"),
    "tag renamed": of(Tag, name="Иначе"),
    "watched": lambda world, ticket: watch(ticket.pk, by=by(world.rita)),
    "mention": lambda world, ticket: note(ticket.pk, by=by(world.anna), body=from_plain("@rita, глянь")),
    "undone": lambda world, ticket: undo(ticket.pk, by=by(world.alice), event_id=ticket.events.last().pk),
    "brought back": lambda world, ticket: bring_back(ticket.pk, by=by(world.alice)),
    "read by the client": lambda world, ticket: mark_read(ticket.pk, by=by(world.carol), seq=2),
    "another request": second,
    "another request closed": second_closed,
    "agent added": lambda world, ticket: create_person("agent", "Нина", login="n", roles=list(world.anna.roles.all())),
    "agent switched off": off("anna"),
    "undelivered letter": of(OutgoingLetter, state="failed", last_error="550 no such user", failed_at=clock.now()),
    "names": of(Person, name="Другое Имя"),
    "telephone": of(Person, phone="+7 900 000-00-00"),
    "address": of(Address, address="new@example.com"),
    "company": of(Company, short_name="УК Рассвет"),
    "recipient": of(Queue, name_ru="Сбой"),
    "state": of(State, name_ru="Лежит"),
    "field": of(IntakeField, label_ru="Код сбоя"),
    "value": of(Ticket, fields={"error_code": {"value": "E-18"}}),
    "subject": of(Ticket, subject="Другая тема"),
    "category": lambda world, ticket: Category.objects.create(path="/1/", name_ru="Печать", name_en="Printing"),
    "category switched off": of(Category, inactive_at=clock.now()),
    "rights": of(Grant, right=Right.READ),
    "administers": of(Role, capabilities=["administer"]),
}
BEFORE = {
    "linked": second,
    "unlinked": linked,
    "linked one closed": linked,
    "linked one renamed": linked,
    "merged with it": second,
    "taken out": merged,
    "ticked": listed,
    "struck": listed,
    "a ready list renamed": ready,
    "type renamed": lambda world, ticket: set_type(ticket.pk, by=by(world.alice), to=world.kind.pk),
    "tag renamed": lambda world, ticket: set_tags(ticket.pk, by=by(world.alice), to=(), named=["тарифы"]),
    "undone": lambda world, ticket: set_priority(ticket.pk, by=by(world.alice), to=1),
    "brought back": lambda world, ticket: remove(ticket.pk, by=by(world.alice), why="spam"),
    "another request closed": second,
    "undelivered letter": answered,
}


def forget():
    """Have all made anew."""
    ticket_page._page._found.cache_clear()
    lists._page._found.cache_clear()
    facts._kept.clear()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_at_once(world, as_, change):
    ticket = world.ticket()
    Ticket.objects.update(fields={"error_code": {"value": "E-17"}})
    if change in BEFORE:
        BEFORE[change](world, ticket)
    alice = as_(world.alice)
    before, _listed = page_of(alice, ticket), lists_of(alice)
    CHANGES[change](world, ticket)
    after, listed = page_of(alice, ticket), lists_of(alice)
    assert after != before
    forget()
    assert page_of(alice, ticket) == after
    assert lists_of(alice) == listed


def test_a_list_tells_what_was_done_once_and_follows_its_reader(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    seen = {lists_of(alice)[0]}
    reply(ticket.pk, by=by(world.carol), body=from_plain("Когда ответите?"))
    seen.add(lists_of(alice)[0])
    for change in ({"language": "en"}, {"theme": "dark"}, {"time_zone": "Asia/Vladivostok"}):
        Person.objects.filter(pk=world.alice.pk).update(**change)
        seen.add(lists_of(alice)[0])
    alice.cookies["density"] = "comfortable"
    seen.add(lists_of(alice)[0])
    assert len(seen) == 6
    assert lists_of(as_(world.anna))[0] not in seen


def test_an_author_who_is_switched_off_lends_nobody_their_eyes(world, as_):
    ticket, ada = world.ticket(), as_(world.ada)
    assert "/desk/admin/look/" in page_of(ada, ticket)
    off("carol")(world, ticket)
    after = page_of(ada, ticket)
    assert "/desk/admin/look/" not in after
    forget()
    assert page_of(ada, ticket) == after


def test_every_page_has_a_form_of_its_own(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    keys = [KEY.findall(alice.get(f"/desk/tickets/{ticket.number}/").text) for _ in range(2)]
    assert all(keys) and keys[0] != keys[1]


def test_what_was_done_is_told_once(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    page_of(alice, ticket)
    sent = alice.post(f"/desk/tickets/{ticket.number}/", {"body": "Ещё", "form_key": "k1"}, follow=True).text
    assert "Ответ отправлен" in sent.replace("\u00a0", " ")
    assert "Ответ отправлен" not in page_of(alice, ticket).replace("\u00a0", " ")


def test_time_goes_on(world, as_, monkeypatch):
    ticket, alice = world.ticket(), as_(world.alice)
    promise(ticket.pk, by=by(world.alice), due_at=clock.now() + timedelta(hours=1, seconds=30))
    early = page_of(alice, ticket)
    later = datetime.now(UTC) + timedelta(minutes=20)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "40 мин" in page_of(alice, ticket).replace("\u00a0", " ") and "40 мин" not in early.replace("\u00a0", " ")


def test_language_look_density_and_the_list_are_the_readers(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    seen = {page_of(alice, ticket)}
    for change in ({"language": "en"}, {"theme": "dark"}, {"time_zone": "Asia/Vladivostok"}):
        Person.objects.filter(pk=world.alice.pk).update(**change)
        seen.add(page_of(alice, ticket))
    alice.cookies["density"] = "comfortable"
    seen.add(page_of(alice, ticket))
    alice.get("/desk/?view=mine")
    seen.add(page_of(alice, ticket))
    assert len(seen) == 6

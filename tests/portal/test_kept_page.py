"""The page of a request is kept whole: after each change it is what would be made anew, for this very reader."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.base import ContentFile

from helpdesk.accounts.models import Company, Membership, Person
from helpdesk.core import clock, files, options
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.notices import banners, shown
from helpdesk.notices.actions import tell
from helpdesk.notices.models import Banner, Notice
from helpdesk.portal import ticket_page
from helpdesk.portal.options import FOOTER
from helpdesk.tickets.actions import (
    NewFile,
    StateMove,
    add_observer,
    mark_read,
    merge,
    note,
    promise,
    reply,
    set_priority,
    set_state,
    take,
    unmerge,
)  # fmt: skip
from helpdesk.tickets.actions.link import link
from helpdesk.tickets.models import Draft, IntakeField, Link, Queue, State, Ticket
from helpdesk.tickets.options import DRAFT_DAYS
from tests.factories.kept_pages import KEY, of, read_page

pytestmark = pytest.mark.django_db


def by(person):
    return Actor(person.pk, Cause.WEB)


def page_of(client, ticket):
    return read_page(client, f"/portal/tickets/{ticket.number}/")


def with_a_file(world, ticket):
    stored = files.store(ContentFile(b"1"))
    reply(ticket.pk, by=by(world.alice), body=from_plain("См."), attachments=[NewFile(stored, "акт.txt")])


def begun(world, ticket):
    at = clock.now()
    Banner.objects.create(key="k", title_ru="Работы ночью", starts_at=at, ends_at=at + timedelta(hours=1))


def dismissed(world, ticket):
    banners.dismiss(Banner.objects.get().pk, by=by(world.carol))


def rung(world, ticket):
    other = world.ticket(subject="Вторая")
    tell([world.carol.pk], ticket_id=other.pk, article_id=None, kind=Notice.Kind.HANDED_OVER)


def followed(world, ticket):
    other = world.ticket(subject="Продолжение")
    link(other.pk, by=by(world.alice), to_id=ticket.pk, kind=Link.Kind.FOLLOW_UP)


def observed(world, ticket):
    add_observer(ticket.pk, by=by(world.carol), person_id=world.dora.pk)


def read_by_dora(world, ticket):
    Membership.objects.filter(person=world.dora).update(sees="company")
    mark_read(ticket.pk, by=by(world.dora), seq=1)


def dora_left(world, ticket):
    Membership.objects.filter(person=world.dora).update(inactive_at=clock.now())


def dora_is_off(world, ticket):
    Person.objects.filter(pk=world.dora.pk).update(inactive_at=clock.now())


def second(world, ticket):
    world.ticket(subject="Вторая")


def other():
    return Ticket.objects.get(subject="Вторая").pk


def merged(world, ticket):
    second(world, ticket)
    merge(other(), by=by(world.alice), into_id=ticket.pk)


CHANGES = {
    "merged with it": lambda world, ticket: merge(other(), by=by(world.alice), into_id=ticket.pk),
    "taken out": lambda world, ticket: unmerge(other(), by=by(world.alice)),
    "answer": lambda world, ticket: reply(ticket.pk, by=by(world.alice), body=from_plain("Готово")),
    "answer with a file": with_a_file,
    "question": lambda world, ticket: reply(
        ticket.pk, by=by(world.alice), body=from_plain("Какой счёт?"), then=StateMove("clarify")
    ),
    "taken": lambda world, ticket: take(ticket.pk, by=by(world.alice)),
    "priority": lambda world, ticket: set_priority(ticket.pk, by=by(world.alice), to=5),
    "closed": lambda world, ticket: set_state(ticket.pk, by=by(world.alice), to=StateMove("closed")),
    "observed": observed,
    "read by the desk": lambda world, ticket: mark_read(ticket.pk, by=by(world.alice), seq=1),
    "names": of(Person, name="Другое Имя"),
    "company": of(Company, short_name="УК Рассвет"),
    "recipient": of(Queue, name_ru="Сбой"),
    "state": of(State, name_ru="Лежит", client_name_ru="Лежит"),
    "field": of(IntakeField, label_ru="Код сбоя"),
    "value": of(Ticket, fields={"error_code": {"value": "E-18"}}),
    "subject": of(Ticket, subject="Другая тема"),
    "no longer writes": of(Membership, writes=False),
    "chief": of(Membership, is_chief=True),
    "banner begun": begun,
    "banner dismissed": dismissed,
    "bell": rung,
    "follow-up": followed,
    "observer left": dora_left,
    "observer switched off": dora_is_off,
    "reader left": dora_left,
    "reader switched off": dora_is_off,
    "days of drafts": lambda world, ticket: DRAFT_DAYS.set(7),
    "footer": lambda world, ticket: FOOTER.set({"ru": "Круглосуточно", "en": "Day and night"}),
}
BEFORE = {
    "merged with it": second,
    "taken out": merged,
    "banner dismissed": begun,
    "observer left": observed,
    "observer switched off": observed,
    "reader left": read_by_dora,
    "reader switched off": read_by_dora,
}


@pytest.fixture(autouse=True)
def _options():
    """What a test set is not left in the process."""
    yield
    options.forget()


def forget():
    """Have all made anew."""
    ticket_page._page._found.cache_clear()
    shown._kept.clear()
    options.forget()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_at_once(world, as_, change):
    ticket = world.ticket()
    Ticket.objects.update(fields={"error_code": {"value": "E-17"}})
    if change in BEFORE:
        BEFORE[change](world, ticket)
    carol = as_(world.carol)
    before = page_of(carol, ticket)
    CHANGES[change](world, ticket)
    after = page_of(carol, ticket)
    assert after != before
    forget()
    assert page_of(carol, ticket) == after


def test_a_note_changes_nothing_for_the_client(world, as_):
    ticket = world.ticket()
    before = page_of(as_(world.carol), ticket)
    note(ticket.pk, by=by(world.alice), body=from_plain("Между нами"))
    after = page_of(as_(world.carol), ticket)
    assert "Между нами" not in after
    assert re.sub(r'value="\d+"', "", after) == re.sub(r'value="\d+"', "", before)


def test_each_reader_has_a_page_of_their_own(world, as_):
    ticket = world.ticket(world.dora)
    dora, carol = page_of(as_(world.dora), ticket), page_of(as_(world.carol), ticket)
    assert "Dora Клиентова" in dora and "Carol Клиентова" in carol
    assert "Carol Клиентова" not in dora
    assert page_of(as_(world.dora), ticket) == page_of(as_(world.dora), ticket)
    assert as_(world.dave).get(f"/portal/tickets/{ticket.number}/").status_code == 404


def test_every_page_has_a_form_of_its_own(world, as_):
    ticket, carol = world.ticket(), as_(world.carol)
    keys = [KEY.findall(carol.get(f"/portal/tickets/{ticket.number}/").text) for _ in range(2)]
    assert all(keys) and keys[0] != keys[1]


def test_what_was_done_is_told_once(world, as_):
    ticket, carol = world.ticket(), as_(world.carol)
    plain = page_of(carol, ticket)
    sent = carol.post(f"/portal/tickets/{ticket.number}/", {"body": "Ещё", "form_key": "k1"}, follow=True).text
    assert "Ответ отправлен" in sent.replace("\u00a0", " ")
    assert "Ответ отправлен" not in page_of(carol, ticket).replace("\u00a0", " ") and plain != sent


def test_a_half_written_answer_is_offered(world, as_):
    ticket, carol = world.ticket(), as_(world.carol)
    page_of(carol, ticket)
    at = clock.now()
    Draft.objects.create(person=world.carol, ticket=ticket, kind="reply", form_key="k2", snippet="Вдогонку",
                         created_at=at, changed_at=at, minute=at)  # fmt: skip
    assert "Вдогонку" in page_of(carol, ticket)


def test_language_zone_and_look_are_the_readers(world, as_):
    ticket, carol = world.ticket(), as_(world.carol)
    seen = {page_of(carol, ticket)}
    for change in ({"language": "en"}, {"theme": "dark"}, {"time_zone": "Asia/Vladivostok"}):
        Person.objects.filter(pk=world.carol.pk).update(**change)
        seen.add(page_of(carol, ticket))
    assert len(seen) == 4


def test_a_promise_that_has_passed_is_none(world, as_, monkeypatch):
    ticket, carol = world.ticket(), as_(world.carol)
    promise(ticket.pk, by=by(world.alice), due_at=clock.now() + timedelta(hours=1))
    assert "Ответим не позже" in page_of(carol, ticket).replace("\u00a0", " ")
    later = datetime.now(UTC) + timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Ответим не позже" not in page_of(carol, ticket).replace("\u00a0", " ")

"""Masters are kept while none of them changes, and never one statement longer."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.tickets import pages
from helpdesk.tickets.access import access_of
from helpdesk.tickets.dictionary import dictionary_of
from helpdesk.tickets.models import Category, MasterVersion, Priority, Queue, State, Ticket
from tests.factories import actor_of, open_request

pytestmark = pytest.mark.django_db


def read(person):
    """The masters as a new request of this person finds them, and how many statements that took."""
    actor = actor_of(person)
    access_of(actor)
    with CaptureQueriesContext(connection) as captured:
        found = dictionary_of(actor)
    return found, len(captured)


def test_all_rows_are_there_as_the_models_read_them(cast):
    Category.objects.create(key="one", path="/1/", name_ru="Раз", name_en="One", inactive_at=timezone.now())
    found, _ = read(cast.carol)
    for model, rows in (
        (Queue, found.queues), (State, found.states), (Priority, found.priorities), (Category, found.categories),
    ):  # fmt: skip
        names = [field.attname for field in model._meta.concrete_fields]
        expected = {row.pk: [getattr(row, name) for name in names] for row in model.objects.all()}
        assert {key: [getattr(row, name) for name in names] for key, row in rows.items()} == expected
        assert expected


@pytest.mark.parametrize("who", ["alice", "carol"])
def test_costs_nothing_while_nothing_changes(cast, who):
    read(getattr(cast, who))
    assert read(getattr(cast, who))[1] == 0


@pytest.mark.parametrize("change", [
    lambda queue: Queue.objects.filter(pk=queue.pk).update(name_ru="Иначе"),
    lambda queue: Queue.objects.create(key="new", path="/999/", name_ru="Ещё", name_en="More"),
    lambda queue: State.objects.filter(code="review").update(name_en="Looked at"),
    lambda queue: Priority.objects.filter(rank=2).update(name_ru="Ниже"),
    lambda queue: Category.objects.create(key="two", path="/2/", name_ru="Два", name_en="Two"),
    lambda queue: Queue.objects.exclude(pk=queue.pk).delete(),
])  # fmt: skip
def test_every_change_is_in_them_with_the_next_request(cast, change):
    before, _ = read(cast.carol)
    change(cast.queue)
    after, statements = read(cast.carol)
    assert statements == 1
    assert after != before
    assert {row.pk: row.name_ru for row in Queue.objects.all()} == {k: q.name_ru for k, q in after.queues.items()}


def test_a_change_taken_back_leaves_what_was_before(cast):
    before, _ = read(cast.carol)
    with transaction.atomic():
        Queue.objects.filter(pk=cast.queue.pk).update(name_ru="Иначе")
        assert read(cast.carol)[0].queues[cast.queue.pk].name_ru == "Иначе"
        transaction.set_rollback(True)
    assert read(cast.carol)[0].queues[cast.queue.pk].name_ru == before.queues[cast.queue.pk].name_ru


def test_without_a_version_nothing_is_kept(cast):
    MasterVersion.objects.all().delete()
    assert (read(cast.carol)[1], read(cast.carol)[1]) == (2, 2)  # looked for, and read


def test_a_request_in_a_row_younger_than_the_readers_rights_is_read_all_the_same(cast):
    ticket = open_request(cast.carol, cast.queue)
    actor = actor_of(cast.carol)
    access_of(actor)
    dictionary_of(actor)
    State.objects.create(code="fresh", type="open", name_ru="Свежая", name_en="Fresh", waits_for="desk")
    Ticket.objects.filter(pk=ticket.pk).update(state="fresh")
    assert pages.for_page(actor, ticket.number).state.name_ru == "Свежая"

"""Who hears of an answer to a request whose author is there no more: colleagues who wrote in it, else the chiefs."""

from datetime import timedelta

import pytest

from helpdesk.accounts.models import Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Participant
from tests.factories.people import ClientFactory, member
from tests.mail.conftest import make_world, open_by


@pytest.fixture(scope="module")
def _world(keep):
    return keep(make_world)


@pytest.fixture
def world(_world, db):
    return _world()


@pytest.fixture
def ticket(world):
    return open_by(world.carol, world.errors)


def places(person):
    return Membership.objects.filter(person=person)


def leave(person):
    Person.objects.filter(pk=person.pk).update(inactive_at=clock.now())


def move(person):
    """To work for nobody, and still be able to sign in."""
    places(person).update(inactive_at=clock.now())


def write(ticket, person, **more):
    return actions.reply(ticket.pk, by=Actor(person.pk), body=from_plain("текст"), **more)


def told_of_an_answer(world, ticket, **more):
    """Whom the bell tells; whoever has an address has a letter as well."""
    Notice.objects.all().delete()
    OutgoingLetter.objects.all().delete()
    write(ticket, world.alice, **more)
    written = set(OutgoingLetter.objects.filter(kind="answer").values_list("person__login", flat=True))
    rung = set(Notice.objects.values_list("person__login", flat=True))
    wanting = Person.objects.filter(login__in=rung, addresses__isnull=False).exclude(letters="none")
    assert written == set(wanting.values_list("login", flat=True))
    return rung


def test_author_who_is_there_hears_alone(world, ticket):
    places(world.dora).update(is_chief=True)
    write(ticket, world.dora)
    assert told_of_an_answer(world, ticket) == {"carol"}


@pytest.mark.parametrize("goes", [leave, move])
def test_colleague_who_wrote_hears_in_the_place_of_a_leaver(world, ticket, goes):
    ClientFactory(login="chief", company=world.zarya, sees="company").memberships.update(is_chief=True)
    ClientFactory(login="silent", company=world.zarya, sees="company")
    write(ticket, world.dora)
    goes(world.carol)
    assert told_of_an_answer(world, ticket) == {"dora"}


@pytest.mark.parametrize("goes", [leave, move])
def test_chief_hears_where_nobody_else_wrote(world, ticket, goes):
    ClientFactory(login="silent", company=world.zarya, sees="company")
    places(world.dora).update(is_chief=True)
    goes(world.carol)
    assert told_of_an_answer(world, ticket) == {"dora"}
    write(ticket, world.alice, then=StateMove("autoclose"))
    Notice.objects.all().delete()
    with clock.stopped(clock.now() + timedelta(days=2)):
        actions.close_due(ticket.pk, at=clock.now())
    assert set(Notice.objects.values_list("person__login", "kind")) == {("dora", "closed")}


def test_letters_follow_the_readers_setting(world, ticket):
    write(ticket, world.dora)
    leave(world.carol)
    Person.objects.filter(pk=world.dora.pk).update(letters="none")
    assert told_of_an_answer(world, ticket) == {"dora"}
    assert not OutgoingLetter.objects.exists()


def test_observer_alone_goes_on_hearing(world, ticket):
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    leave(world.carol)
    assert told_of_an_answer(world, ticket) == {"dora"}
    ClientFactory(login="chief", company=world.zarya, sees="company").memberships.update(is_chief=True)
    assert told_of_an_answer(world, ticket) == {"dora", "chief"}
    write(ticket, world.dora)
    assert told_of_an_answer(world, ticket) == {"dora"}


@pytest.mark.parametrize("change", [leave, move, lambda dora: places(dora).update(sees="own")])
def test_nobody_hears_who_sees_the_request_no_longer(world, ticket, change):
    """Neither as one who wrote nor as a chief; then it is another chief's."""
    write(ticket, world.dora)
    places(world.dora).update(is_chief=True)
    leave(world.carol)
    change(world.dora)
    assert told_of_an_answer(world, ticket) == set()
    ClientFactory(login="chief", company=world.zarya, sees="company").memberships.update(is_chief=True)
    assert told_of_an_answer(world, ticket) == {"chief"}


def test_nobody_of_another_company_hears(world, ticket):
    member(world.dave, world.zarya, sees="company")
    write(ticket, world.dave)
    places(world.dave).filter(company=world.zarya).update(inactive_at=clock.now())
    places(world.dave).update(is_chief=True)
    leave(world.carol)
    assert told_of_an_answer(world, ticket) == set()


def test_chief_of_another_company_alone_is_none_here(world, ticket):
    member(world.dave, world.zarya, sees="company")
    places(world.dave).filter(company=world.other).update(is_chief=True)
    leave(world.carol)
    assert told_of_an_answer(world, ticket) == set()


def test_request_without_a_company_is_nobody_elses(world, ticket):
    move(world.carol)
    own = open_by(world.carol, world.errors)
    assert own.company_id is None
    places(world.dora).update(is_chief=True)
    leave(world.carol)
    assert told_of_an_answer(world, own) == set()

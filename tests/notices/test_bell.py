"""The figure at the bell: brought with the session, of what the person still sees alone; reading; old lines."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.models import Membership, Person
from helpdesk.accounts.session_store import actor_for
from helpdesk.core import clock, db
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.notices import actions as bell
from helpdesk.notices import queries
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Participant, Phase, Ticket
from helpdesk.tickets.queries import CLIENT_SIGHT, visible_to
from tests.factories.shared import undone
from tests.factories.sizes import examples
from tests.portal.conftest import World

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def _world(keep):
    return keep(World)


@pytest.fixture
def world(_world, db):
    return _world()


def enter(client, person):
    client.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
    UserSession.objects.create(user=person, ip="127.0.0.1", session_key=client.session.session_key)


def answered(world, times=1):
    ticket = world.ticket()
    for n in range(times):
        reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain(f"Ответ {n}"))
    return ticket


def shown(client, path):
    return client.get(path).content.decode().replace("\xa0", " ")


def brought(client):
    """The figure as it came with the session; no statement is spent on it."""
    actor = actor_for(client.get("/account/security/").wsgi_request.user)
    with CaptureQueriesContext(connection) as captured:
        found = queries.unread(actor)
    assert not captured.captured_queries
    return found


def test_the_figure_comes_with_the_session(world, client):
    answered(world, times=2)
    enter(client, world.carol)
    answered(world)
    assert brought(client) == 2 == queries.unread(Actor(world.carol.pk))  # requests, not lines
    Membership.objects.filter(person=world.carol).update(inactive_at=clock.now())
    assert brought(client) == 0 == queries.unread(Actor(world.carol.pk))


def test_the_bell_shows_it_and_reading_the_request_takes_it_away(world, client):
    ticket, other = answered(world), answered(world)
    enter(client, world.carol)
    page = shown(client, "/portal/mine/")
    assert 'aria-label="Новости: 2 непрочитанные"' in page
    page = shown(client, f"/portal/tickets/{ticket.number}/")
    assert 'aria-label="Новости: 1 непрочитанная"' in page
    client.get(f"/portal/tickets/{other.number}/")
    assert 'aria-label="Новости"' in shown(client, "/portal/mine/")


def test_a_line_of_a_request_that_was_read_before_it_came_is_read_by_the_next_look(world, client):
    ticket = answered(world)
    enter(client, world.carol)
    client.get(f"/portal/tickets/{ticket.number}/")
    Notice.objects.filter(person=world.carol).update(read_at=None)  # as one that comes without an article
    client.get(f"/portal/tickets/{ticket.number}/")
    assert not Notice.objects.filter(person=world.carol, read_at=None).exists()


def test_a_page_of_whoever_has_no_news_takes_no_statement_more(world, client):
    ticket = world.ticket()
    enter(client, world.carol)
    client.get(f"/portal/tickets/{ticket.number}/")
    with CaptureQueriesContext(connection) as captured:
        client.get(f"/portal/tickets/{ticket.number}/")
    told = [one["sql"] for one in captured if "notices_" in one["sql"]]
    assert len(told) == 1 and "django_session" in told[0]


def test_a_hundred_are_many(world, client):
    tickets = [world.ticket() for _ in range(queries.COUNTED + 2)]
    Notice.objects.bulk_create(
        Notice(person=world.carol, ticket=ticket, kind=Notice.Kind.CLOSED, created_at=clock.now()) for ticket in tickets
    )
    enter(client, world.carol)
    assert brought(client) == queries.COUNTED
    assert "Новости: 99+ непрочитанных" in shown(client, "/portal/mine/")


def test_old_lines_are_forgotten(world):
    answered(world)
    rows = Notice.objects.filter(person=world.carol)
    rows.update(created_at=clock.now() - timedelta(days=200))
    count = Notice.objects.count()
    assert bell.forget(clock.now() - timedelta(days=180)) == 1
    assert Notice.objects.count() == count - 1


@settings(max_examples=examples(8), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.tuples(st.sampled_from(["carol", "dora", "dave"]), st.booleans(), st.sampled_from(list(Phase)), st.booleans()),
        min_size=1, max_size=5,
    ),
    sees=st.sampled_from(["own", "company"]), member=st.booleans(), open_company=st.booleans(),
)  # fmt: skip
def test_what_comes_along_is_what_the_person_sees(world, rows, sees, member, open_company):
    with undone():
        template = world.ticket()
        for n, (author, of_zarya, phase, observed) in enumerate(rows):
            row = Ticket.objects.get(pk=template.pk)
            row.pk, row.number, row.author, row.phase = None, f"x{n}", getattr(world, author), phase
            row.company = world.zarya if of_zarya else None
            row.save(force_insert=True)
            if observed:
                Participant.objects.create(ticket=row, person=world.dora, role="observer")
        places = Membership.objects.filter(person=world.dora)
        places.update(sees=sees, inactive_at=None if member else clock.now())
        type(world.zarya).objects.filter(pk=world.zarya.pk).update(inactive_at=None if open_company else clock.now())
        for person in Person.objects.filter(kind="client"):
            found = db.fetch(
                f"SELECT t.id FROM tickets_ticket t, accounts_person p WHERE p.id = %s AND {CLIENT_SIGHT}", [person.pk]
            )
            assert {key for (key,) in found} == set(visible_to(Actor(person.pk)).values_list("pk", flat=True))


def test_whoever_looks_with_another_s_eyes_reads_nothing(world):
    ticket = answered(world)
    bell.read_request(Actor(world.carol.pk, Cause.LOOK), ticket.pk)
    assert Notice.objects.filter(person=world.carol, read_at=None).count() == 1
    bell.read_request(Actor(world.carol.pk), ticket.pk)
    assert not Notice.objects.filter(person=world.carol, read_at=None).exists()

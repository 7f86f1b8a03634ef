"""What comes along with a session: rights, read in its own statement, and as they are now."""

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.session_store import actor_for
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Grant, Right
from tests.factories import actor_of

pytestmark = pytest.mark.django_db


def enter(client, person):
    """Signed in, and in the list of sessions, as the sign-in page does."""
    client.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
    UserSession.objects.create(user=person, ip="127.0.0.1", session_key=client.session.session_key)


def test_rights_come_with_the_session_and_are_those_asked_for_alone(cast, client):
    for who in (cast.alice, cast.carol, cast.dora):
        enter(client, who)
        with CaptureQueriesContext(connection) as captured:
            request = client.get("/account/security/").wsgi_request
        assert sum("tickets_grant" in one["sql"] for one in captured) == 1
        with CaptureQueriesContext(connection) as captured:
            brought = access_of(actor_for(request.user))
        assert not captured.captured_queries
        assert brought == access_of(actor_of(who))


def test_rights_taken_away_are_gone_with_the_next_page(cast, client):
    enter(client, cast.alice)
    assert access_of(actor_for(client.get("/account/security/").wsgi_request.user)).queues_with(Right.READ)
    Grant.objects.filter(role__people=cast.alice).delete()
    person = client.get("/account/security/").wsgi_request.user
    assert not access_of(actor_for(person)).queues_with(Right.READ)


def test_whoever_reads_all_queues_is_known_to(cast):
    assert not access_of(actor_of(cast.alice)).reads_all
    Grant.objects.create(role=cast.alice.roles.get(), queue=None, right=Right.READ)
    assert access_of(actor_of(cast.alice)).reads_all

"""Looking at a request's page reads its lines of the bell, one's own alone."""

import pytest
from django.test import Client

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import reply
from tests.portal.conftest import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("reader", "side"), [("alice", "desk"), ("carol", "portal")])
def test_a_page_reads_its_lines(reader, side):
    world = World()
    ticket, other = world.ticket(), world.ticket()
    for one in (ticket, other):
        reply(one.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
        reply(one.pk, by=Actor(world.carol.pk), body=from_plain("Вопрос"))
    person = getattr(world, reader)
    unread = Notice.objects.filter(person=person, read_at=None)
    before = unread.filter(ticket=other).count()
    assert before and unread.filter(ticket=ticket).exists()
    browser = Client()
    browser.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
    assert browser.get(f"/{side}/tickets/{ticket.number}/").status_code == 200
    assert not unread.filter(ticket=ticket).exists()
    assert unread.filter(ticket=other).count() == before
    assert Notice.objects.exclude(person=person).filter(ticket=ticket, read_at=None).exists()

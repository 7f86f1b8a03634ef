"""A specialist's own account stands within the desk, at the price of any of its pages."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desk.conftest import plain

PAGES = ["/account/security/", "/account/settings/", "/account/password/"]


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_a_specialists_account_lead_to_the_lists(world, as_, path):
    world.ticket()
    client = as_(world.alice)
    with CaptureQueriesContext(connection) as caught:
        text = plain(client.get(path))
    assert len(caught) <= 8
    for place in ("Все открытые", "Очереди", "Настройки"):
        assert place in text, place
    assert 'class="d-rail"' in text and 'class="d-nav"' in text and 'class="p-head"' not in text


def test_a_refused_password_stays_within_the_desk(world, as_):
    answer = as_(world.alice).post("/account/password/", {"current": "x"})
    assert answer.status_code == 422 and 'class="d-rail"' in answer.content.decode()


def test_a_clients_account_stays_in_the_portal(world, as_):
    text = plain(as_(world.carol).get(PAGES[0]))
    assert 'class="d-rail"' not in text and 'class="p-tabs"' in text

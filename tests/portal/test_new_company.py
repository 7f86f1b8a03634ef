"""For which company a request is, where its writer belongs to several."""

import re

import pytest
from django.test import Client

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.tickets.models import Ticket
from helpdesk.web.stash import writer_mark
from tests.portal.test_new import ADDRESS, filled


def of_two_companies(world, *, writes=True):
    Membership.objects.create(person=world.carol, company=world.other, sees="company", writes=writes,
                              created_at=clock.now())  # fmt: skip


def test_new_asks_for_which_company_where_there_are_several(world, as_):
    of_two_companies(world)
    client = as_(world.carol)
    page = client.get(ADDRESS).content.decode()
    choice = re.search(r'<select[^>]* name="company" required.*?</select>', page, re.DOTALL).group(0)
    assert "Компания</label>" in page and "selected" not in choice.replace('<option value="" selected>', "")
    assert re.findall(r'<option value="(\d+)"', choice) == [str(world.other.pk), str(world.zarya.pk)]
    refused = client.post(ADDRESS, filled(world))
    assert refused.status_code == 422 and 'href="#company"' in refused.content.decode()
    assert 'id="company-error"' in refused.content.decode() and not Ticket.objects.exists()
    again = client.post(ADDRESS, filled(world, company=world.other.pk, subject="")).content.decode()
    assert f'<option value="{world.other.pk}" selected>' in again
    assert client.post(ADDRESS, filled(world, company=world.other.pk)).status_code == 302
    assert Ticket.objects.get().company == world.other


@pytest.mark.parametrize("several", [True, False])
def test_new_refuses_a_company_one_does_not_write_for(world, as_, several):
    of_two_companies(world, writes=several)
    foreign = accounts.create_company("Чужая", "Чужая")
    client = as_(world.carol)
    wrong = [foreign.pk, "x", "-1", "9" * 30] + ([] if several else [world.other.pk])
    for company in wrong:
        assert client.post(ADDRESS, filled(world, company=company)).status_code == 422
    assert not Ticket.objects.exists()


def test_new_asks_for_no_company_where_there_is_one_to_write_for(world, as_):
    of_two_companies(world, writes=False)
    client = as_(world.carol)
    assert 'id="company"' not in client.get(ADDRESS).content.decode()  # nothing to choose
    client.post(ADDRESS, filled(world))
    assert Ticket.objects.get().company == world.zarya


def test_new_keeps_the_company_over_a_sign_in(world, as_):
    of_two_companies(world)
    mark = writer_mark(world.carol.pk)
    client = Client()
    client.post(ADDRESS, filled(world, company=world.other.pk, writer=mark))
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    assert f'<option value="{world.other.pk}" selected>' in client.get(ADDRESS).content.decode()

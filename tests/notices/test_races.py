"""Two at the same time: one form sent twice, two administrators, two tabs that close one notice."""

from datetime import timedelta

import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict
from helpdesk.notices import banners, shown
from helpdesk.notices.banners import Wording
from helpdesk.notices.models import Banner, BannerChange, BannerDismissal
from tests.factories.parallel import together
from tests.factories.sizes import rounds
from tests.portal.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = rounds(5)


@pytest.fixture
def world(db):
    world = World()
    chief = Role.objects.create(code="chief", name_ru="А", name_en="A", capabilities=["administer"])
    world.admin = accounts.create_person("agent", "Админ Главный", login="admin", roles=[chief])
    return world


def wording(title="Работы"):
    return Wording(title, clock.now() - timedelta(hours=1), clock.now() + timedelta(hours=1))


def test_the_same_form_sent_four_times_at_once_is_one_notice(world):
    for n in range(ROUNDS):
        made = together(*[lambda n=n: banners.announce(wording(), by=Actor(world.admin.pk), key=f"k{n}").pk] * 4)
        assert len(set(made)) == 1, made
    assert Banner.objects.count() == BannerChange.objects.count() == ROUNDS


def test_of_two_who_change_one_the_second_is_told(world):
    one = banners.announce(wording(), by=Actor(world.admin.pk), key="k")
    for version in range(1, ROUNDS + 1):
        titles = [f"{version}-{who}" for who in "ab"]
        found = together(
            *[
                lambda title=title, seen=version: banners.change(
                    one.pk, wording(title), by=Actor(world.admin.pk), seen=seen
                )
                for title in titles
            ]
        )
        assert sorted(type(answer) is Conflict for answer in found) == [False, True], found
        assert Banner.objects.get().version == version + 1
        assert [told.title_ru for told in shown.now_for(Actor(world.carol.pk))] == [Banner.objects.get().title_ru]


def test_closed_in_two_tabs_at_once_it_is_closed_once(world):
    one = banners.announce(wording(), by=Actor(world.admin.pk), key="k")
    found = together(*[lambda: banners.dismiss(one.pk, by=Actor(world.carol.pk))] * 4)
    assert found == [None] * 4
    assert BannerDismissal.objects.count() == 1
    assert shown.now_for(Actor(world.carol.pk)) == ()

"""Notices to everybody: who writes them, what is recorded, from when until when they stand, who has closed them."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.accounts.session_store import actor_for
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.notices import banners, shown
from helpdesk.notices.banners import Wording
from helpdesk.notices.models import Banner, BannerChange, BannerDismissal
from tests.notices.test_bell import enter
from tests.portal.conftest import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def make():
    world = World()
    chief = Role.objects.create(code="chief", name_ru="А", name_en="A", capabilities=["administer"])
    world.admin = accounts.create_person("agent", "Админ Главный", login="admin", roles=[chief])
    return world


@pytest.fixture(scope="module")
def _world(keep):
    return keep(make)


@pytest.fixture
def world(_world, db):
    return _world()


def wording(**more):
    now = clock.now()
    values = {"title_ru": "Плановые работы", "starts_at": now - HOUR, "ends_at": now + HOUR, "text_ru": "С 20 до 21."}
    return Wording(**values | more)


def announced(world, key="k", **more):
    return banners.announce(wording(**more), by=Actor(world.admin.pk), key=key)


def titles(person, **more):
    return [one.title("ru") for one in shown.now_for(Actor(person.pk), **more)]


def test_every_client_sees_it_while_its_time_is_on(world):
    one = announced(world)
    for who in (world.carol, world.dora, world.dave):
        assert titles(who) == ["Плановые работы"]
    assert titles(world.alice) == []
    assert titles(world.carol, at=one.starts_at - HOUR) == titles(world.carol, at=one.ends_at) == []


def test_the_same_form_twice_is_one(world):
    assert announced(world).pk == announced(world, title_ru="Иначе").pk
    assert Banner.objects.count() == BannerChange.objects.count() == 1


def test_who_wrote_and_changed_what_is_recorded(world):
    by, one = Actor(world.admin.pk), announced(world)
    assert banners.change(one.pk, wording(starts_at=one.starts_at, ends_at=one.ends_at), by=by) is None
    done = banners.change(
        one.pk, wording(starts_at=one.starts_at, ends_at=one.ends_at, title_ru="Работы"), by=by, seen=1
    )
    assert (done.verb, done.person_id, done.values) == (
        "changed", world.admin.pk, {"title_ru": ["Плановые работы", "Работы"]},
    )  # fmt: skip
    assert titles(world.carol) == ["Работы"]
    at = clock.now()
    ended = banners.end(one.pk, by=by, at=at)
    assert (ended.verb, ended.values["ends_at"]) == ("ended", [one.ends_at.isoformat(), at.isoformat()])
    assert banners.end(one.pk, by=by, at=at) is None
    assert titles(world.carol) == []
    assert [row.verb for row in one.changes.order_by("pk")] == ["created", "changed", "ended"]


def test_whoever_saw_an_older_one_does_not_change_it(world):
    by, one = Actor(world.admin.pk), announced(world)
    banners.change(one.pk, wording(title_ru="Первый"), by=by, seen=1)
    with pytest.raises(Conflict), transaction.atomic():
        banners.change(one.pk, wording(title_ru="Второй"), by=by, seen=1)
    assert titles(world.carol) == ["Первый"]


def test_only_administrators_write(world):
    one = announced(world)
    for who in (world.alice, world.carol):
        by = Actor(who.pk)
        for act in (
            lambda by=by: banners.announce(wording(), by=by, key="x"),
            lambda by=by: banners.change(one.pk, wording(title_ru="Взлом"), by=by),
            lambda by=by: banners.end(one.pk, by=by),
        ):
            with pytest.raises(NotAllowed), transaction.atomic():
                act()
    assert Banner.objects.get().title_ru == "Плановые работы"
    with pytest.raises(NotFound), transaction.atomic():
        banners.end(one.pk + 1, by=Actor(world.admin.pk))


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        ({"title_ru": " \u200b"}, {("title_ru", "empty")}),
        ({"title_ru": "я" * 151, "text_en": "x" * 1001}, {("title_ru", "too_long"), ("text_en", "too_long")}),
        ({"kind": "loud"}, {("kind", "not_offered")}),
        ({"starts_at": None, "ends_at": None}, {("starts_at", "empty"), ("ends_at", "empty")}),
        ({"starts_at": clock.now() + 2 * HOUR, "ends_at": clock.now() + HOUR}, {("ends_at", "before_start")}),
        ({"starts_at": clock.now() - 3 * HOUR, "ends_at": clock.now() - HOUR}, {("ends_at", "has_passed")}),
    ],
)
def test_what_cannot_be_shown_is_refused(world, more, wrong):
    with pytest.raises(Invalid) as refusal, transaction.atomic():
        announced(world, **more)
    assert {(problem.field, problem.code) for problem in refusal.value.problems} == wrong
    assert not Banner.objects.exists()


def test_one_that_is_over_may_be_corrected_without_standing_up_again(world):
    one = announced(world)
    banners.end(one.pk, by=Actor(world.admin.pk))
    one.refresh_from_db()
    later = clock.now() + 2 * HOUR
    again = wording(starts_at=one.starts_at, ends_at=one.ends_at, text_ru="Сделано.")
    assert banners.change(one.pk, again, by=Actor(world.admin.pk), at=later).values == {
        "text_ru": ["С 20 до 21.", "Сделано."]
    }


def test_english_speaks_english_where_there_is_any(world):
    announced(world, title_en="Planned works")
    announced(world, key="2", title_ru="Только русский", kind="warn")
    first, second = shown.now_for(Actor(world.carol.pk))
    assert (first.title("en"), first.text("en")) == ("Только русский", "С 20 до 21.")  # a warning stands first
    assert (second.title("en"), second.text("en")) == ("Planned works", "")


def test_closed_once_it_is_closed_for_this_person_alone(world):
    one = announced(world)
    for _ in range(2):
        banners.dismiss(one.pk, by=Actor(world.carol.pk))
    assert titles(world.carol) == [] and titles(world.dora) == ["Плановые работы"]
    assert BannerDismissal.objects.count() == 1
    with pytest.raises(NotAllowed), transaction.atomic():
        banners.dismiss(one.pk, by=Actor(world.alice.pk))
    coming = announced(world, key="2", starts_at=clock.now() + HOUR / 2)
    for absent in (coming.pk, coming.pk + 1):
        with pytest.raises(NotFound), transaction.atomic():
            banners.dismiss(absent, by=Actor(world.dora.pk))
    assert banners.forget_dismissals(clock.now()) == 0
    assert banners.forget_dismissals(one.ends_at + HOUR) == 1


def test_pages_pay_nothing_for_it_until_it_changes(world, client):
    announced(world)
    enter(client, world.carol)
    client.get("/portal/mine/")
    actor = actor_for(client.get("/account/security/").wsgi_request.user)
    with CaptureQueriesContext(connection) as captured:
        assert len(shown.now_for(actor)) == 1
    assert not captured.captured_queries
    with CaptureQueriesContext(connection) as captured:
        client.get("/portal/mine/")
    assert not [one["sql"] for one in captured if "notices_banner" in one["sql"] and "django_session" not in one["sql"]]
    Banner.objects.update(title_ru="Другое")  # whoever changes it, and however
    assert "Другое" in client.get("/portal/mine/").content.decode()


def test_a_page_shows_it_with_links_and_closes_it_without_script(world, client):
    one = announced(world, text_ru="Подробно: https://example.com/works <b>&")
    enter(client, world.carol)
    page = client.get("/portal/new/").content.decode()
    assert '<a href="https://example.com/works"' in page and "&lt;b&gt;&amp;" in page
    answer = client.post(
        f"/portal/banners/{one.pk}/dismiss/", headers={"Referer": "http://testserver/portal/new/?queue=1"}
    )
    assert (answer.status_code, answer.url) == (302, "/portal/new/?queue=1")
    assert "Плановые работы" not in client.get("/portal/new/").content.decode()


@pytest.mark.parametrize("referer", ["", "http://evil.example/portal/new/", "http://[bad", "http://testserver/desk/"])
def test_whoever_comes_from_elsewhere_goes_to_the_list(world, client, referer):
    one = announced(world)
    enter(client, world.carol)
    answer = client.post(f"/portal/banners/{one.pk}/dismiss/", headers={"Referer": referer})
    assert answer.url == "/portal/mine/"


def test_a_script_gets_the_words_alone(world, client):
    one = announced(world)
    enter(client, world.carol)
    answer = client.post(f"/portal/banners/{one.pk}/dismiss/", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "Объявление закрыто" in answer.content.decode()
    for bad in ("0", "-1", "x", "9" * 30, "%00"):
        assert client.post(f"/portal/banners/{bad}/dismiss/").status_code == 404

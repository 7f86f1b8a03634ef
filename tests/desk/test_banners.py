"""An administrator's notices to clients: list, form, preview, ending; what was refused comes back with what was typed."""

from datetime import timedelta

import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.notices import banners
from helpdesk.notices.banners import Wording
from helpdesk.notices.models import Banner, BannerChange
from tests.portal.conftest import World
from tests.statements import statements_of

pytestmark = pytest.mark.django_db
LIST = "/desk/admin/banners/"
GOOD = {
    "form_key": "k", "kind": "warn", "title_ru": "Плановые работы", "text_ru": "С 20:00", "title_en": "", "text_en": "",
    "starts_at": "2026-11-24T09:00", "ends_at": "2199-11-25T09:00", "do": "save",
}  # fmt: skip


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


@pytest.fixture
def browser(world, client):
    client.force_login(world.admin, backend="helpdesk.accounts.backends.LoginOrAddress")
    return client


def text_of(answer):
    return answer.content.decode().replace("\xa0", " ")


def stored(world, key="k", *, begins=-1, ends=24, title="Работы"):
    now = clock.now()
    wording = Wording(title, now + timedelta(hours=begins), now + timedelta(hours=ends))
    at = min(now, wording.ends_at - timedelta(seconds=1))
    return banners.announce(wording, by=Actor(world.admin.pk), key=key, at=at)


def test_a_notice_is_written_once_and_listed(browser):
    for _ in range(2):
        answer = browser.post(f"{LIST}new/", GOOD)
        assert (answer.status_code, answer.url) == (302, LIST)
    one = Banner.objects.get()
    assert (one.title_ru, one.kind, one.starts_at.isoformat()) == (
        "Плановые работы",
        "warn",
        "2026-11-24T06:00:00+00:00",
    )
    page = text_of(browser.get(LIST))
    assert "Плановые работы" in page and "Объявление записано" in page
    assert f'href="{LIST}{one.pk}/"' in page
    assert "Админ Главный" in text_of(browser.get(f"{LIST}{one.pk}/"))


def test_preview_saves_nothing_and_shows_both_languages(browser):
    typed = {**GOOD, "do": "preview", "title_en": "Planned <works>", "text_ru": "Тут: https://example.com/a"}
    page = text_of(browser.post(f"{LIST}new/", typed))
    assert not Banner.objects.exists()
    assert '<a href="https://example.com/a"' in page and "Planned &lt;works&gt;" in page
    assert 'value="Плановые работы"' in page and 'name="form_key" value="k"' in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"title_ru": " "}, "Напишите в одной строке"),
        ({"title_ru": "\x00"}, "Напишите в одной строке"),
        ({"ends_at": "2026-11-23T09:00"}, "Конец показа раньше начала"),
        ({"starts_at": "2020-01-01T09:00", "ends_at": "2020-01-02T09:00"}, "Это время прошло"),
        ({"ends_at": "вчера"}, "Напишите дату и время"),
        ({"ends_at": ""}, "Укажите, до какого времени"),
        ({"starts_at": "9999-12-31T23:59"}, "Напишите дату и время"),
        ({"kind": "loud"}, "Выберите значение из списка"),
        ({"text_ru": "я" * 1001}, "1000"),
        ({"title_en": "x" * 5000}, "150"),
    ],
)
def test_what_is_refused_says_so_at_its_field_and_keeps_the_rest(browser, more, said):
    for do in ("save", "preview"):
        answer = browser.post(f"{LIST}new/", {**GOOD, **more, "do": do})
        page = text_of(answer)
        assert (answer.status_code == 422 and said in page and 'aria-invalid="true"' in page) or "kind" in more
        assert "С 20:00" in page or "text_ru" in more
    assert not Banner.objects.exists()


def test_a_change_is_recorded_in_words(browser, world):
    one = stored(world)
    typed = {**GOOD, "seen": "1", "title_ru": "Другое", "ends_at": "2199-01-01T10:00"}
    assert browser.post(f"{LIST}{one.pk}/", typed).status_code == 302
    page = text_of(browser.get(f"{LIST}{one.pk}/"))
    assert "Заголовок: Работы → Другое" in page and "Вид: К сведению → Предупреждение" in page
    assert BannerChange.objects.count() == 2


def test_two_who_change_one_do_not_overwrite_each_other(browser, world):
    one = stored(world)
    browser.post(f"{LIST}{one.pk}/", {**GOOD, "seen": "1", "title_ru": "Первое"})
    answer = browser.post(f"{LIST}{one.pk}/", {**GOOD, "seen": "1", "title_ru": "Второе"})
    page = text_of(answer)
    assert answer.status_code == 409 and 'value="Второе"' in page and 'name="seen" value="2"' in page
    assert Banner.objects.get().title_ru == "Первое"
    browser.post(f"{LIST}{one.pk}/", {**GOOD, "seen": "2", "title_ru": "Второе"})
    assert Banner.objects.get().title_ru == "Второе"


def test_ending_takes_it_from_the_pages_at_once(browser, world, client):
    one = stored(world)
    assert "Прекратить показ" in text_of(browser.get(f"{LIST}{one.pk}/"))
    browser.post(f"{LIST}{one.pk}/", {"do": "end"})
    assert "Прекратить показ" not in text_of(browser.get(f"{LIST}{one.pk}/"))
    assert "закончилось" in text_of(browser.get(LIST))
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    assert "Работы" not in text_of(client.get("/portal/mine/"))


def test_only_administrators_come_here(world, client):
    one = stored(world)
    for who in (world.alice, world.carol):
        client.force_login(who, backend="helpdesk.accounts.backends.LoginOrAddress")
        for place in (LIST, f"{LIST}new/", f"{LIST}{one.pk}/"):
            assert client.get(place).status_code == 404
            assert client.post(place, GOOD).status_code in {404, 405}
    assert Banner.objects.count() == 1 and Banner.objects.get().title_ru == "Работы"


@pytest.mark.parametrize("bad", ["0", "x", "-1", "9" * 30, "%00", "1.5"])
def test_what_is_not_there_is_not_found(browser, bad):
    assert browser.get(f"{LIST}{bad}/").status_code == 404
    assert browser.post(f"{LIST}{bad}/", GOOD).status_code == 404
    assert browser.get(LIST, {"before": bad}).status_code == 200


def test_the_list_pages_by_an_edge_and_takes_the_same_statements(browser, world):
    counts = []
    for many in (1, 55):
        for n in range(many):
            stored(world, key=f"{many}-{n}", ends=n + 1, title=f"Объявление {many}-{n}")
        counts.append(len(statements_of(browser, LIST)))
        page = text_of(browser.get(LIST))
    assert counts[0] == counts[1] <= 8
    assert page.count(f'href="{LIST}') - 2 == 50
    following = page.partition('href="/desk/admin/banners/?before=')[2].partition('"')[0]
    assert text_of(browser.get(LIST, {"before": following})).count("Объявление ") == 6

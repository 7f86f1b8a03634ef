"""Signing in as people do: by login, by address, wrongly, from a deep link, with a new password, without JavaScript."""

import pytest
from django.core.cache import cache

from helpdesk.accounts import actions, tokens
from helpdesk.accounts.models import Person
from tests.e2e.looks import stands_well_in_both_schemes

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
SECURITY = "/account/security/"


@pytest.fixture
def carol(transactional_db, settings, live_server):
    cache.clear()
    settings.PUBLIC_URL = live_server.url
    company = actions.create_company("ООО «УК Заря»", "УК Заря")
    return actions.create_person(
        "client", "Мария Синицына", login="carol", address="carol@example.com", company=company, password=PASSWORD
    )


def fill(page, login, password):
    page.get_by_label("Логин", exact=True).fill(login)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти").click()


@pytest.mark.parametrize("typed", ["carol", "Carol@Example.com"])
@pytest.mark.parametrize("script", [True, False])
def test_login_and_address_lead_home_and_out_again(visit, live_server, carol, typed, script):
    page = visit(script=script)
    page.goto(f"{live_server.url}/")
    assert page.url.endswith("/login/")
    if script:
        assert page.evaluate("document.activeElement.name") == "login"
    fill(page, typed, PASSWORD)
    page.wait_for_url("**/portal/mine/")
    page.goto(f"{live_server.url}/logout/")
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/login/")
    page.go_back()
    page.goto(f"{live_server.url}{SECURITY}")
    assert "/login/" in page.url


def test_wrong_password_keeps_the_login(visit, live_server, carol):
    page = visit()
    page.goto(f"{live_server.url}/login/")
    fill(page, "carol", "wrong")
    page.get_by_role("alert").wait_for()
    assert "Неверный логин или пароль. Проверьте раскладку" in page.get_by_role("alert").inner_text().replace(
        "\u00a0", " "
    )
    assert page.get_by_label("Логин", exact=True).input_value() == "carol"
    assert page.evaluate("document.activeElement.name") == "password"
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/mine/")


def test_deep_link_survives_a_wrong_password_and_the_letter_link_works_once(visit, live_server, carol):
    page = visit()
    page.goto(f"{live_server.url}{SECURITY}")
    fill(page, "carol", "wrong")
    fill(page, "carol", PASSWORD)
    page.wait_for_url(f"**{SECURITY}")
    assert page.get_by_text("это устройство").is_visible()

    link = tokens.link(Person.objects.get(pk=carol.pk))
    stranger = visit()
    stranger.goto(link)
    stranger.get_by_label("Новый пароль", exact=True).fill("another good phrase")
    stranger.get_by_label("Ещё раз тот же пароль").fill("another good phrase")
    stranger.get_by_role("button", name="Сохранить пароль").click()
    stranger.get_by_role("heading", name="Пароль сохранён").wait_for()
    stranger.get_by_role("link", name="Войти").click()
    fill(stranger, "carol", "another good phrase")
    stranger.wait_for_url("**/portal/mine/")
    page.reload()
    assert "/login/" in page.url
    page.goto(link)
    assert page.get_by_role("heading", name="Ссылка не действует").is_visible()


def test_other_session_is_ended_and_the_password_changed(visit, live_server, carol):
    one, two = visit(), visit(width=360, height=740)
    for page in (one, two):
        page.goto(f"{live_server.url}/login/?next={SECURITY}")
        fill(page, "carol", PASSWORD)
        page.wait_for_url(f"**{SECURITY}")
    two.get_by_role("button", name="Завершить все остальные").click()
    two.get_by_text("Все остальные сеансы завершены").wait_for()
    one.reload()
    assert "/login/" in one.url
    two.get_by_role("link", name="Сменить пароль").click()
    two.get_by_label("Нынешний пароль").fill(PASSWORD)
    two.get_by_label("Новый пароль", exact=True).fill("short")
    two.get_by_label("Ещё раз тот же пароль").fill("short")
    two.get_by_role("button", name="Сохранить пароль").click()
    two.get_by_text("Короче 10 знаков: добавьте слово или два").wait_for()


@pytest.mark.parametrize("width", [1440, 360])
def test_pages_are_accessible_and_fit(visit, live_server, carol, width):
    page = visit(width=width)

    def look(path):
        page.goto(f"{live_server.url}{path}")
        stands_well_in_both_schemes(page, path)

    link = tokens.link(carol).removeprefix(live_server.url)
    for path in (
        "/login/",
        "/password/reset/",
        "/password/reset/sent/",
        link,
        "/password/set/1-x/",
        "/login/inactive/",
    ):
        look(path)
    page.goto(f"{live_server.url}/login/")
    fill(page, "carol", "wrong")
    stands_well_in_both_schemes(page, "a wrong password")
    fill(page, "carol", PASSWORD)
    page.wait_for_url("**/portal/mine/")
    for path in (SECURITY, "/account/password/", "/logout/"):
        look(path)

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import frames
from helpdesk.accounts.middleware import LONGEST
from helpdesk.core import clock
from tests.factories import ClientFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_middleware")]
PAGE = "/account/security/"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def other(carol, sign_in):
    browser = Client(REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT=FIREFOX)
    sign_in("carol", browser=browser)
    return browser


def test_page_lists_devices_and_sign_ins(client, other, sign_in):
    sign_in("carol", "wrong")
    sign_in("carol")
    text = text_of(client.get(PAGE))
    assert "Firefox, Linux" in text
    assert "192.0.2.7" in text
    assert text.count("это устройство") == 1
    assert "Неверный пароль" in text
    assert text.count("<h1") == 1


def test_one_session_is_ended(client, other, sign_in):
    sign_in("carol")
    row = UserSession.objects.get(ip="192.0.2.7")
    assert client.post(PAGE, {"end": row.pk})["Location"] == PAGE
    assert other.get(PAGE).status_code == 302
    assert "Сеанс завершён" in text_of(client.get(PAGE))


def test_all_others_are_ended(client, other, sign_in):
    sign_in("carol")
    client.post(PAGE, {"end": "others"})
    assert other.get(PAGE).status_code == 302
    assert client.get(PAGE).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "²", "9" * 40, "all"])
def test_what_is_not_ones_own_is_not_found(client, other, alice, sign_in, value):
    sign_in("alice")
    assert client.post(PAGE, {"end": value}).status_code == 404


def test_sessions_of_others_are_not_ended(client, other, alice, sign_in):
    sign_in("alice")
    assert client.post(PAGE, {"end": UserSession.objects.get(ip="192.0.2.7").pk}).status_code == 404
    assert other.get(PAGE).status_code == 200
    assert "192.0.2.7" not in text_of(client.get(PAGE))


def test_pages_are_not_stored(client, sign_in, carol):
    sign_in("carol")
    assert "no-store" in client.get(PAGE)["Cache-Control"]
    assert "no-store" in client.get("/nowhere/")["Cache-Control"]


def test_signed_in_request_costs_one_statement(client, sign_in, carol):
    sign_in("carol")
    with CaptureQueriesContext(connection) as captured:
        client.get("/nowhere/")
    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) == 1
    assert "FROM django_session" in asked[0]
    assert "accounts_person" in asked[0]


def test_a_session_that_the_list_does_not_know_is_still_of_its_person(client, sign_in, carol):
    sign_in("carol")
    UserSession.objects.all().delete()
    assert client.get("/portal/mine/").status_code == 200


def test_the_list_of_sessions_gives_nobody_anothers_session(client, sign_in, carol):
    sign_in("carol")
    UserSession.objects.update(user=ClientFactory(name="Чужая"))
    assert "Чужая" not in client.get("/portal/mine/").content.decode()


def test_number_of_statements_does_not_grow_with_sessions(client, sign_in, carol):
    sign_in("carol")
    client.get(PAGE)  # what a process keeps is at hand
    with CaptureQueriesContext(connection) as few:
        client.get(PAGE)
    for _ in range(8):
        sign_in("carol", browser=Client())
    with CaptureQueriesContext(connection) as many:
        client.get(PAGE)
    assert len(few) == len(many) <= 8  # with what stands around the page


def test_session_in_use_is_noted_now_and_then(client, sign_in, carol):
    sign_in("carol")
    begun = client.session["seen"]
    with clock.stopped(clock.now() + timedelta(minutes=5)):
        client.get(PAGE)
    assert client.session["seen"] == begun
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        client.get(PAGE)
    assert client.session["seen"] > begun


def test_session_ends_after_its_longest_life(client, sign_in, carol):
    sign_in("carol")
    with clock.stopped(clock.now() + LONGEST - timedelta(minutes=1)):
        assert client.get(PAGE).status_code == 200
    with clock.stopped(clock.now() + LONGEST + timedelta(minutes=1)):
        assert client.get(PAGE)["Location"].startswith("/login/")


def test_front_gives_the_frame(client, sign_in, carol, monkeypatch):
    monkeypatch.setattr(frames, "_makers", {})
    sign_in("carol")
    assert 'href="/front/"' not in text_of(client.get(PAGE))
    from helpdesk.web.shell import PortalShell, Reader, Tab

    shell = PortalShell(reader=Reader("Мария", "МС"), tabs=(Tab("Front", "/front/", "plus", current=False),))
    frames.register("client", lambda request: ("web/portal.html", {"shell": shell}))
    assert 'href="/front/"' in text_of(client.get(PAGE))
    assert 'href="/front/"' in text_of(client.get("/account/password/"))

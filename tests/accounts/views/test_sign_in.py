import re

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions, options, throttle
from helpdesk.accounts.models import SignInAttempt
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
WRONG = "Неверный логин или пароль. Проверьте раскладку"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def outcomes():
    return list(SignInAttempt.objects.order_by("pk").values_list("login", "outcome"))


def test_client_and_agent_land_on_their_sides(carol, alice, sign_in):
    assert sign_in("carol", browser=Client())["Location"] == "/portal/mine/"
    assert sign_in("alice@example.com", browser=Client())["Location"] == "/desk/"


def test_page_names_fields_and_whom_to_ask(client, db):
    page = client.get("/login/")
    text = text_of(page)
    assert page.status_code == 200
    assert "Вход в службу сопровождения" in text
    assert 'name="login"' in text
    assert 'name="password"' in text
    assert '<a href="mailto:support@example.com">' in text
    options.ACCESS_TEXT_RU.set("Спросите <Ольгу>: {address}")
    options.ACCESS_ADDRESS.set("olga@example.com")
    text = text_of(client.get("/login/"))
    assert "Спросите &lt;Ольгу&gt;" in text
    assert "mailto:olga@example.com" in text


def test_english_by_the_browser(client, db):
    text = text_of(client.get("/login/", HTTP_ACCEPT_LANGUAGE="en"))
    assert "Sign in to the support service" in text
    assert "No access? The support service gives it" in text


def test_wrong_password_keeps_the_login_and_moves_the_focus(carol, sign_in):
    response = sign_in("carol", "wrong")
    text = text_of(response)
    assert response.status_code == 422
    assert WRONG in text
    assert 'value="carol"' in text
    assert "wrong" not in re.findall(r"<form.*</form>", text, re.DOTALL)[0]
    assert re.search(r'name="password"[^>]*data-focus', text)


@pytest.mark.parametrize("case", ["wrong", "unknown", "inactive", "contact", "unset", "shared address"])
def test_no_answer_tells_whether_an_account_exists(carol, sign_in, case):
    actions.contact_for("k@example.com", "К")
    if case == "inactive":
        actions.deactivate(carol)
    if case == "unset":
        carol.set_unusable_password()
        carol.save()
    if case == "shared address":
        actions.create_person("client", "Б", address="carol@example.com")
    typed = {"unknown": "nobody", "contact": "k@example.com", "shared address": "carol@example.com"}.get(case, "carol")
    response = sign_in(typed, "wrong" if case in {"wrong", "inactive"} else PASSWORD)
    expected = sign_in("reference", "wrong")
    assert response.status_code == expected.status_code == 422

    def anonymous(page, login):
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text_of(page))
        return page.replace(login.replace("@", "%40"), "X").replace(login, "X")

    assert anonymous(response, typed) == anonymous(expected, "reference")
    assert response.headers.keys() == expected.headers.keys()


@pytest.mark.parametrize("typed", ["carol", "Carol@Example.com"])
def test_whoever_is_switched_off_and_knows_the_password_reads_whom_to_ask(carol, client, sign_in, typed):
    actions.deactivate(carol)
    response = sign_in(typed)
    assert response["Location"] == "/login/inactive/" and "_auth_user_id" not in client.session
    page = text_of(client.get("/login/inactive/"))
    assert "Доступ выключен" in page and "руководителя вашей компании" in page and "support@example.com" in page
    assert "carol" not in page.lower()


def test_guessing_the_password_of_who_is_switched_off_is_throttled_alike(carol, sign_in):
    actions.deactivate(carol)
    for n in range(5):
        sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client())
    assert sign_in("carol", REMOTE_ADDR="192.0.2.99", browser=Client()).status_code == 429


def test_an_active_person_goes_before_one_who_is_switched_off(carol, company, sign_in):
    actions.deactivate(actions.create_person("client", "Б", address="carol@example.com", company=company))
    assert sign_in("carol@example.com").status_code == 302


def test_no_answer_takes_more_statements_than_another(carol, sign_in):
    counts = set()
    for typed in ("carol", "nobody", "carol@example.com", "nobody@example.com"):
        with CaptureQueriesContext(connection) as captured:
            sign_in(typed, "wrong")
        counts.add(len(captured))
    assert len(counts) == 1


def test_empty_fields_are_named(client, db):
    response = client.post("/login/", {"login": "", "password": ""})
    assert response.status_code == 422
    assert "Введите логин" in text_of(response)
    assert "Введите пароль" in text_of(response)
    assert outcomes() == []


@pytest.mark.parametrize("typed", ["\x00", "a" * 5000, "';--", "<b>x</b>", "\u202etxt", "ю" * 320])
def test_odd_logins_are_refused_without_a_fault(client, db, typed):
    response = client.post("/login/", {"login": typed, "password": "x" * 10_000})
    assert response.status_code == 422
    assert "<b>x</b>" not in text_of(response)


@pytest.mark.parametrize(
    "target",
    ["/portal/tickets/100001/?x=1&y=2", "/portal/search/?q=%D1%91%D0%BB%D0%BA%D0%B0"],
)
def test_deep_link_survives(carol, client, target):
    page = client.get("/login/", {"next": target})
    kept = re.search(r'name="next" value="([^"]*)"', page.content.decode()).group(1).replace("&amp;", "&")
    response = client.post("/login/", {"login": "carol", "password": PASSWORD, "next": kept})
    assert response["Location"] == target


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/", "///evil.example", "https://evil.example/", "http:evil.example", "http://testserver.evil.example/",
        "https:/evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\t/evil.example",
        "http://testserver@evil.example/", "%2F%2Fevil.example", "/%0d%0aLocation:x\r\nx", " //evil.example", "http://evil.example:80@testserver/",
        "/login/?next=/x", "/logout/", "http://testserver/desk/", "data:text/html,x", "//evil.example\\@testserver",
    ],
)  # fmt: skip
def test_next_leads_nowhere_else(carol, sign_in, client, target):
    assert sign_in("carol", next=target, HTTP_HOST="evil.example", browser=Client())["Location"] == "/portal/mine/"
    assert "evil" not in client.get("/login/", {"next": target}).content.decode()


@pytest.mark.parametrize("target", ["/desk/", "/desk", "/desk/tickets/100001/?go=next", "/desk/admin/"])
def test_a_client_is_not_sent_to_the_specialists_side(carol, client, sign_in, target):
    assert sign_in("carol", next=target)["Location"] == "/portal/mine/"
    assert client.get("/login/", {"next": target})["Location"] == "/portal/mine/"


def test_a_specialist_comes_back_to_the_desk(alice, sign_in):
    assert sign_in("alice", next="/desk/tickets/100001/?go=next")["Location"] == "/desk/tickets/100001/?go=next"


def test_who_is_signed_in_is_not_asked_again(carol, client, sign_in):
    sign_in("carol")
    assert client.get("/login/?next=/portal/new/")["Location"] == "/portal/new/"
    assert client.get("/login/")["Location"] == "/portal/mine/"


def test_session_before_is_not_the_session_after(carol, client, sign_in):
    client.get("/login/")
    session = client.session
    session["planted"] = "x"
    session.save()
    before = session.session_key
    client.cookies["session"] = before
    sign_in("carol")
    assert client.cookies["session"].value != before
    planted = Client()
    planted.cookies["session"] = before
    assert planted.get("/account/security/").status_code == 302


def test_sign_out_by_post_kills_the_session(carol, client, sign_in):
    sign_in("carol")
    key = client.cookies["session"].value
    page = client.get("/logout/")
    assert page.status_code == 200
    assert client.get("/account/security/").status_code == 200
    assert client.post("/logout/")["Location"] == "/login/"
    replay = Client()
    replay.cookies["session"] = key
    assert replay.get("/account/security/").status_code == 302
    assert outcomes()[-1] == ("carol", "signed_out")
    assert client.get("/logout/")["Location"] == "/login/"


def test_forms_want_the_forgery_token(carol):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/login/", {"login": "carol", "password": PASSWORD}).status_code == 403
    for path in ("/logout/", "/password/reset/", "/account/security/", "/account/password/"):
        assert strict.post(path, {}).status_code == 403


def test_log_tells_who_whence_and_with_what_result(carol, sign_in):
    sign_in("carol", "wrong", REMOTE_ADDR="192.0.2.7", HTTP_USER_AGENT="Firefox/1\r\nX: y")
    sign_in("nobody", "wrong")
    sign_in("carol")
    assert outcomes() == [("carol", "wrong"), ("nobody", "wrong"), ("carol", "ok")]
    first = SignInAttempt.objects.order_by("pk")[0]
    assert (first.person, first.ip) == (carol, "192.0.2.7")
    assert "\n" not in first.user_agent
    assert "wrong" not in f"{first.login}{first.user_agent}"


def test_log_knows_that_access_was_closed(carol, sign_in):
    actions.deactivate(carol)
    sign_in("carol")
    assert outcomes() == [("carol", "inactive")]


def test_throttled_by_account_over_addresses(carol, sign_in):
    for n in range(5):
        assert sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client()).status_code == 422
    response = sign_in("Carol@example.com", REMOTE_ADDR="192.0.2.99", browser=Client())
    assert response.status_code == 429
    assert 0 < int(response["Retry-After"]) <= 300
    assert "Слишком много попыток. Попробуйте через 5 минут" in text_of(response)
    assert outcomes()[-1] == ("Carol@example.com", "throttled")
    assert sign_in("other", "wrong", REMOTE_ADDR="192.0.2.99", browser=Client()).status_code == 422


def test_host_header_does_not_begin_a_new_count(carol, sign_in):
    for n in range(5):
        sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", HTTP_HOST=f"h{n}.example", browser=Client())
    assert sign_in("carol", REMOTE_ADDR="192.0.2.9", HTTP_HOST="h9.example", browser=Client()).status_code == 429


def test_unknown_account_is_throttled_alike(carol, sign_in):
    for n in range(5):
        sign_in("nobody", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client())
    assert sign_in("nobody", "wrong", REMOTE_ADDR="192.0.2.9", browser=Client()).status_code == 429


def test_throttled_by_address_over_accounts(carol, sign_in):
    for n in range(10):
        assert sign_in(f"u{n}", "wrong", REMOTE_ADDR="192.0.2.7", browser=Client()).status_code == 422
    assert sign_in("carol", REMOTE_ADDR="192.0.2.7", browser=Client()).status_code == 429
    assert sign_in("carol", REMOTE_ADDR="192.0.2.8", browser=Client()).status_code == 302


def test_forwarded_header_of_a_stranger_does_not_begin_a_new_count(carol, sign_in):
    for n in range(10):
        sign_in(f"u{n}", "wrong", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR=f"198.51.100.{n}", browser=Client())
    refused = sign_in("x", "wrong", REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.99", browser=Client())
    assert refused.status_code == 429


def test_right_passwords_do_not_count(carol, sign_in):
    for _ in range(12):
        assert sign_in("carol", browser=Client()).status_code == 302


def test_strangers_cannot_keep_the_owner_out_of_a_browser_known_to_us(carol, client, sign_in):
    sign_in("carol")
    client.post("/logout/")
    for n in range(6):
        sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client())
    assert sign_in("carol", browser=Client()).status_code == 429
    assert sign_in("carol").status_code == 302


def test_known_browser_is_of_one_person_and_cannot_be_forged(carol, alice, client, sign_in, rf):
    sign_in("carol")
    request = rf.get("/login/")
    request.COOKIES[throttle.COOKIE] = client.cookies[throttle.COOKIE].value
    assert throttle.known_browser(request, carol)
    assert throttle.known_browser(request, alice) == ""
    request.COOKIES[throttle.COOKIE] = client.cookies[throttle.COOKIE].value[:-1] + "_"
    assert throttle.known_browser(request, carol) == ""
    assert client.cookies[throttle.COOKIE]["httponly"]


def test_counts_live_in_the_database_for_all_processes(carol, sign_in, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"}}
    call_command("createcachetable", verbosity=0)
    cache.clear()
    for n in range(5):
        sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client())
    settings.CACHES = {**settings.CACHES}  # handlers made anew, as another process has them
    assert sign_in("carol", REMOTE_ADDR="192.0.2.9", browser=Client()).status_code == 429
    cache.clear()


def test_there_is_no_sign_up_and_no_default_account(client, db):
    from helpdesk.accounts.models import Person

    assert client.get("/signup/").status_code == 404
    assert Person.objects.count() == 0
    assert client.get("/login/inactive/").status_code == 403


def test_sign_in_page_is_not_stored(client, db):
    assert "no-store" in client.get("/login/")["Cache-Control"]

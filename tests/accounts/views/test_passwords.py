import re

import pytest
from django.test import Client

from helpdesk.accounts import actions, tokens
from helpdesk.accounts.models import Person, SignInAttempt
from helpdesk.core import jobs
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "another good phrase"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


def path_of(url):
    assert url.startswith("http://testserver/")
    return url.removeprefix("http://testserver")


def ask(client, typed, **extra):
    response = client.post("/password/reset/", {"login": typed}, **extra)
    jobs.run_waiting()
    return response


@pytest.fixture
def link(carol):
    return path_of(tokens.link(carol))


def opened(client, link):
    """The address of the form that a link leads to."""
    return client.get(link)["Location"]


def test_letter_goes_to_whoever_has_the_login_or_address(carol, client, letters):
    for typed in ("CAROL", "carol@example.com"):
        assert ask(client, typed)["Location"] == "/password/reset/sent/"
    assert [(letter.person_id, letter.address, letter.kind) for letter in letters] == [
        (carol.pk, "Carol@Example.com", "password_reset")
    ] * 2
    assert letters[0].context["login"] == "carol"
    assert letters[0].context["hours"] == 72
    assert "Проверьте почту" in text_of(client.get("/password/reset/sent/"))


def test_shared_mailbox_gets_a_letter_for_each_login(carol, client, letters):
    other = actions.create_person("agent", "Вторая", login="other", address="carol@example.com")
    ask(client, "carol@example.com")
    assert [letter.person_id for letter in letters] == [carol.pk, other.pk]
    assert letters[0].context["url"] != letters[1].context["url"]


@pytest.mark.parametrize("case", ["unknown", "inactive", "contact", "no address"])
def test_no_letter_and_the_same_answer(carol, client, letters, case):
    actions.contact_for("k@example.com", "К")
    actions.create_person("client", "Б", login="bare")
    if case == "inactive":
        actions.deactivate(carol)
    typed = {"unknown": "nobody@example.com", "contact": "k@example.com", "no address": "bare"}.get(case, "carol")
    response = ask(client, typed)
    assert (response.status_code, response["Location"]) == (302, "/password/reset/sent/")
    assert letters == []


def test_page_does_the_same_work_whether_the_account_exists(carol, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for typed in ("carol", "nobody"):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.post("/password/reset/", {"login": typed})
        counts.append([re.sub(r"\d+|'[^']*'", "?", query["sql"])[:60] for query in captured.captured_queries])
    assert counts[0] == counts[1]


def test_link_does_not_follow_the_host_header(carol, client, letters, settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    ask(client, "carol", HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example")
    assert letters[0].context["url"].startswith("https://desk.example.com/password/set/")


def test_empty_question_is_named(client, db):
    response = client.post("/password/reset/", {"login": " "})
    assert response.status_code == 422
    assert "Введите логин или адрес почты" in text_of(response)


def test_asking_too_often_is_refused_with_the_time(carol, client, letters):
    for _ in range(5):
        ask(client, "carol")
    response = ask(client, "carol")
    assert response.status_code == 429
    assert "Подождите и попробуйте снова через 60 минут" in text_of(response)
    assert int(response["Retry-After"]) > 3000
    assert len(letters) == 5


def test_link_sets_a_password_once(carol, client, link, letters, sign_in):
    form = opened(client, link)
    assert form.endswith("-new/")
    page = client.get(form)
    assert page["Referrer-Policy"] == "same-origin"
    assert Client().get(link)["Referrer-Policy"] == "no-referrer"
    assert "Ваш логин" in text_of(page)
    assert tokens.link(carol).rsplit("-", 1)[1] not in text_of(page)
    response = client.post(form, {"password": NEW, "password_again": NEW})
    assert response["Location"] == "/password/reset/done/"
    assert "Пароль сохранён" in text_of(client.get(response["Location"]))
    assert sign_in("carol", NEW).status_code == 302
    assert [letter.kind for letter in letters] == ["password_changed"]
    assert "password_set" in SignInAttempt.objects.values_list("outcome", flat=True)
    fresh = Client()
    assert fresh.get(link).status_code == 404
    assert client.post(form, {"password": PASSWORD, "password_again": PASSWORD}).status_code == 404


def test_form_open_twice_works_once(carol, link):
    one, two = Client(), Client()
    forms = [opened(browser, link) for browser in (one, two)]
    assert one.post(forms[0], {"password": NEW, "password_again": NEW}).status_code == 302
    assert two.post(forms[1], {"password": PASSWORD, "password_again": PASSWORD}).status_code == 404
    assert Person.objects.get(pk=carol.pk).check_password(NEW)


def test_new_password_ends_all_sessions(carol, client, sign_in, letters):
    sign_in("carol")
    other = Client()
    form = opened(other, path_of(tokens.link(Person.objects.get(pk=carol.pk))))
    other.post(form, {"password": NEW, "password_again": NEW})
    assert client.get("/account/security/").status_code == 302


def test_new_password_lets_the_throttled_owner_in(carol, client, sign_in, letters):
    for n in range(6):
        sign_in("carol", "wrong", REMOTE_ADDR=f"192.0.2.{n}", browser=Client())
    form = opened(client, path_of(tokens.link(carol)))
    client.post(form, {"password": NEW, "password_again": NEW})
    assert sign_in("carol", NEW).status_code == 302


def test_invitation_welcomes_and_sends_no_second_letter(company, client, letters, sign_in):
    person = actions.create_person("client", "Новая", login="new", address="new@example.com")
    actions.invite(person, None)
    form = opened(client, path_of(letters[0].context["url"]))
    assert "Добро пожаловать" in text_of(client.get(form))
    client.post(form, {"password": NEW, "password_again": NEW})
    assert sign_in("new", NEW).status_code == 302
    assert [letter.kind for letter in letters] == ["invitation"]


@pytest.mark.parametrize(
    ("password", "again", "told"),
    [
        ("", "", "Введите новый пароль"),
        (NEW, "different", "Пароли не совпадают"),
        ("short", "short", "Короче 10 знаков"),
        ("password123", "password123", "подбирают первыми"),
        ("x" * 1001, "x" * 1001, "Длиннее 1000 знаков"),
    ],
)
def test_refused_passwords_are_told_and_nothing_changes(carol, client, link, password, again, told):
    form = opened(client, link)
    response = client.post(form, {"password": password, "password_again": again})
    assert response.status_code == 422
    assert told in text_of(response)
    assert Person.objects.get(pk=carol.pk).check_password(PASSWORD)


@pytest.mark.parametrize(
    "path",
    [
        "/password/set/1-/", "/password/set/1-%20/", "/password/set/1-%00/", "/password/set/-/", "/password/set/1-new/",
        "/password/set/zzzzzzzzzzzzz-abc-def/", "/password/set/1-a/b/", "/password/set/1[]-x/", "/password/set/", "/password/set/1-ё/",
    ],
)  # fmt: skip
def test_garbage_keys_are_one_404(client, db, path):
    assert client.get(path).status_code == 404
    assert client.post(path, {"password": NEW, "password_again": NEW}).status_code == 404


def test_key_with_spaces_or_cut_is_dead(client, link):
    assert client.get(link[:-1] + "%20/").status_code == 404
    assert client.get(link[:-2] + "/").status_code == 404
    assert "Ссылка не действует" in text_of(client.get(link[:-2] + "/"))


def test_key_of_one_is_not_of_another(client, link, alice):
    from django.utils.http import int_to_base36

    key = link.split("-", 1)[1]
    assert client.get(f"/password/set/{int_to_base36(alice.pk)}-{key}").status_code == 404


def test_change_wants_the_present_password(carol, client, sign_in, letters):
    sign_in("carol")
    response = client.post("/account/password/", {"current": "no", "password": NEW, "password_again": NEW})
    assert response.status_code == 422
    assert "Это не нынешний пароль" in text_of(response)
    assert letters == []
    for _ in range(5):
        response = client.post("/account/password/", {"current": "no", "password": NEW, "password_again": NEW})
    assert response.status_code == 429


@pytest.mark.parametrize("path", ["/account/password/", "/password/change/"])
def test_change_ends_the_other_sessions_and_keeps_this_one(carol, client, sign_in, letters, path):
    other = Client()
    sign_in("carol", browser=other)
    sign_in("carol")
    before = client.cookies["session"].value
    response = client.post(path, {"current": PASSWORD, "password": NEW, "password_again": NEW})
    assert response["Location"] == "/account/security/"
    assert client.cookies["session"].value != before
    page = client.get("/account/security/")
    assert "Пароль изменён" in text_of(page)
    assert text_of(page).count("это устройство") == 1
    assert other.get("/account/security/").status_code == 302
    assert [letter.kind for letter in letters] == ["password_changed"]
    assert letters[0].context["ip"] == "127.0.0.1"


def test_change_refuses_weak_passwords(carol, client, sign_in):
    sign_in("carol")
    response = client.post("/account/password/", {"current": PASSWORD, "password": "short", "password_again": "short"})
    assert response.status_code == 422
    assert "Короче 10 знаков" in text_of(response)
    assert client.get("/account/security/").status_code == 200


def test_all_that_is_wrong_with_a_change_is_said_at_once(carol, client, sign_in):
    sign_in("carol")
    answer = client.post("/account/password/", {"current": "no", "password": "carol", "password_again": "karol"})
    page = text_of(answer)
    assert answer.status_code == 422
    for told in ("Это не нынешний пароль", "Короче 10 знаков", "Слишком похож", "Пароли не совпадают"):
        assert told in page, told
    answer = client.post("/account/password/", {"current": "no"})
    assert "Это не нынешний пароль" in text_of(answer) and "Введите новый пароль" in text_of(answer)


def test_all_that_is_wrong_with_a_first_password_is_said_at_once(carol, client, link):
    page = text_of(client.post(opened(client, link), {"password": "carol", "password_again": "karol"}))
    for told in ("Короче 10 знаков", "Слишком похож", "Пароли не совпадают"):
        assert told in page, told


def test_change_is_for_the_signed_in(client, db):
    assert client.get("/account/password/")["Location"] == "/login/?next=%2Faccount%2Fpassword%2F"

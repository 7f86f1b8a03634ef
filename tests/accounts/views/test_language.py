"""The other language by one press, for whoever cannot read this one."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_middleware")]


def press(client, code, referer=""):
    return client.post(f"/account/language/{code}/", headers={"referer": referer} if referer else {})


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/portal/search/?q=%D0%BF%D0%B5%D0%BD%D0%B8", "/portal/search/?q=%D0%BF%D0%B5%D0%BD%D0%B8"),
        ("", "/portal/mine/"),
        ("https://elsewhere.example/portal/search/", "/portal/mine/"),
        ("http://testserver//elsewhere.example/", "/portal/mine/"),
        ("http://testserver/\\elsewhere.example/", "/portal/mine/"),
        ("http://testserver", "/portal/mine/"),
        ("http://[", "/portal/mine/"),
    ],
)
def test_one_press_changes_the_language_and_goes_back(carol, client, sign_in, referer, back):
    sign_in("carol")
    answer = press(client, "en", referer)
    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert answer.cookies["language"].value == "en"
    carol.refresh_from_db()
    assert carol.language == "en"
    page = client.get("/portal/mine/").text
    assert "My requests" in page and '<span lang="ru">Русский</span>' in page
    press(client, "ru")
    assert '<span lang="en">English</span>' in client.get("/portal/mine/").text


@pytest.mark.usefixtures("alice")
def test_a_specialist_finds_it_as_well(client, sign_in):
    sign_in("alice")
    assert press(client, "en").headers["Location"] == "/desk/"
    assert '<span lang="ru">Русский</span>' in client.get("/desk/").text


@pytest.mark.parametrize("code", ["de", "RU", "ru-RU", "x" * 60])
def test_a_language_that_is_not_spoken_here_does_not_exist(carol, client, sign_in, code):
    sign_in("carol")
    assert press(client, code).status_code == 404
    carol.refresh_from_db()
    assert carol.language == "ru"

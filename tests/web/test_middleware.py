"""Headers of every answer, and the reader's language, zone and theme."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone, translation

from helpdesk.web import errors
from helpdesk.web.middleware import ContentSecurityPolicy, Locale


@pytest.fixture(autouse=True)
def quiet():
    yield
    translation.deactivate()
    timezone.deactivate()


def answer(change=None, path="/"):
    def view(request):
        response = HttpResponse("x")
        if change:
            change(request, response)
        return response

    return ContentSecurityPolicy(view)(RequestFactory().get(path))


def policy(response):
    return {part.split(" ")[0]: part.partition(" ")[2] for part in response["Content-Security-Policy"].split("; ")}


def test_policy_allows_nothing_foreign_and_nothing_inline():
    found = policy(answer())
    assert found["default-src"] == "'none'"
    assert found["script-src"] == found["style-src"] == found["form-action"] == "'self'"
    assert found["frame-ancestors"] == found["base-uri"] == "'none'"
    assert not any("unsafe" in value for value in found.values())


def test_other_headers():
    response = answer()
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_nonce_appears_only_where_printed():
    seen = []
    response = answer(lambda request, _: seen.append(str(request.csp_nonce)))
    assert f"'nonce-{seen[0]}'" in policy(response)["script-src"]
    assert "nonce" not in answer()["Content-Security-Policy"]


def test_view_changes_single_directives():
    def change(_, response):
        response.csp = {"frame-ancestors": "'self'", "connect-src": None, "sandbox": ""}

    found = policy(answer(change))
    assert found["frame-ancestors"] == "'self'"
    assert "connect-src" not in found
    assert found["sandbox"] == ""
    assert found["default-src"] == "'none'"


def located(user=None, cookies=None, **headers):
    seen = {}

    def view(request):
        seen.update(language=translation.get_language(), zone=timezone.get_current_timezone_name(), theme=request.theme)
        return HttpResponse("x")

    request = RequestFactory().get("/", headers={k.replace("_", "-"): v for k, v in headers.items()})
    request.user = user or SimpleNamespace(is_authenticated=False)
    request.COOKIES.update(cookies or {})
    seen["response"] = Locale(view)(request)
    return seen


def person(**traits):
    return SimpleNamespace(is_authenticated=True, **traits)


@pytest.mark.parametrize(
    ("cookies", "accept", "language"),
    [
        ({}, "", "ru"),
        ({}, "en-GB,en;q=0.9", "en"),
        ({}, "de,fr;q=0.8", "ru"),
        ({"language": "en"}, "ru", "en"),
        ({"language": "xx"}, "en", "en"),
        ({}, ";;q=x,,*", "ru"),
    ],
)
def test_language_of_strangers(cookies, accept, language):
    seen = located(cookies=cookies, accept_language=accept)
    assert seen["language"] == language
    assert seen["response"]["Content-Language"] == language
    assert "Accept-Language" in seen["response"]["Vary"]


def test_person_decides_over_browser():
    seen = located(person(language="en", time_zone="Asia/Vladivostok", theme="dark"), accept_language="ru")
    assert (seen["language"], seen["zone"], seen["theme"]) == ("en", "Asia/Vladivostok", "dark")


def test_person_with_nothing_chosen_has_the_installations():
    seen = located(person(language="", time_zone="", theme="system"))
    assert (seen["language"], seen["zone"], seen["theme"]) == ("ru", "Europe/Moscow", "")


@pytest.mark.parametrize("zone", ["Mars/Base", "../etc/passwd", "/abs", "x" * 300])
def test_unknown_zone_falls_back(zone):
    assert located(person(language="ru", time_zone=zone))["zone"] == "Europe/Moscow"


def test_one_reader_leaves_nothing_for_the_next():
    located(person(language="en", time_zone="Asia/Vladivostok", theme="dark"))
    seen = located()
    assert (seen["language"], seen["zone"], seen["theme"]) == ("ru", "Europe/Moscow", "")


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (errors.bad_request, 400),
        (errors.permission_denied, 403),
        (errors.not_found, 404),
        (errors.too_large, 413),
        (errors.server_error, 500),
        (errors.csrf_failure, 403),
    ],
)
def test_pages_for_errors_need_no_database(handler, status):
    response = handler(RequestFactory().get("/x"))
    html = response.content.decode()
    assert response.status_code == status
    assert html.count("<h1") == 1
    assert 'href="/"' in html


def test_page_for_500_carries_the_code_of_the_log(caplog):
    html = errors.server_error(RequestFactory().get("/x")).content.decode()
    code = next(r.args[0] for r in caplog.records if r.name == "helpdesk.web.errors")
    assert code in html


def test_pages_of_a_person_are_private():
    response = located(person(language="ru", time_zone=""))["response"]
    assert response["Cache-Control"] == "private, no-cache"
    assert "HX-Request" in response["Vary"]

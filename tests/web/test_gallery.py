"""The gallery shows every component, to those who may."""

from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory
from django.utils import translation

from helpdesk.web import gallery


@pytest.fixture(autouse=True)
def quiet():
    yield
    translation.deactivate()


def ask(query="", administrator=True):
    request = RequestFactory().get(f"/__ui__/{query}")
    request.user = SimpleNamespace(is_authenticated=True, is_administrator=administrator)
    request.session = {}
    from django.contrib.messages.storage.session import SessionStorage

    request._messages = SessionStorage(request)
    return gallery.gallery(request)


@pytest.mark.parametrize(
    "query", ["", "?language=en", "?theme=dark", "?page=portal", "?page=desk", "?page=desk&language=en"]
)
def test_gallery_renders_with_one_heading(query):
    html = ask(query).content.decode()
    assert html.count("<h1") == 1
    assert "None" not in html.replace('"none"', "")


def test_gallery_is_absent_for_others():
    with pytest.raises(Http404):
        ask(administrator=False)


def test_chosen_language_is_kept_and_leads_only_home(settings):
    request = RequestFactory().post("/__ui__/language/", {"language": "en", "next": "https://evil.example/"})
    response = gallery.choose_language(request)
    assert response["Location"] == "/"
    assert response.cookies["language"].value == "en"
    request = RequestFactory().post("/__ui__/language/", {"language": "xx", "next": "/login/"})
    response = gallery.choose_language(request)
    assert response["Location"] == "/login/"
    assert "language" not in response.cookies

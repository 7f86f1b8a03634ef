import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from helpdesk.accounts import access, actions

pytestmark = pytest.mark.django_db
FACTORY = RequestFactory()


def page(request):
    return HttpResponse("in")


def ask(view, user, path="/x/?a=1&b=2", method="get", **extra):
    request = getattr(FACTORY, method)(path, **extra)
    request.user = user
    return view(request)


def test_everyone_on_their_side(carol, alice):
    assert ask(access.portal_only(page), carol).content == b"in"
    assert ask(access.desk_only(page), alice).content == b"in"
    assert ask(access.signed_in()(page), carol).content == b"in"


def test_strangers_go_to_sign_in_and_come_back(db):
    response = ask(access.portal_only(page), AnonymousUser())
    assert (response.status_code, response["Location"]) == (302, "/login/?next=%2Fx%2F%3Fa%3D1%26b%3D2")


def test_expired_post_comes_back_to_the_form_and_tells_the_keepers(db, monkeypatch):
    kept = []
    monkeypatch.setattr(access, "_on_session_over", [])
    access.on_session_over(kept.append)
    access.on_session_over(kept.append)
    response = ask(access.portal_only(page), AnonymousUser(), method="post")
    assert response["Location"] == "/login/?next=%2Fx%2F"
    assert len(kept) == 1


def test_htmx_moves_the_whole_window_to_the_shown_page(db):
    headers = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://evil.example/desk/?q=1"}
    response = ask(access.desk_only(page), AnonymousUser(), **headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=%2Fdesk%2F%3Fq%3D1"


def test_agents_leave_the_portal_and_clients_find_no_desk(carol, alice):
    assert ask(access.portal_only(page), alice)["Location"] == "/desk/"
    with pytest.raises(Http404):
        ask(access.portal_only(page), alice, method="post")
    with pytest.raises(Http404):
        ask(access.desk_only(page), carol)


def test_administrators_only(carol, alice):
    with pytest.raises(PermissionDenied):
        ask(access.administrators_only(page), alice)
    with pytest.raises(Http404):
        ask(access.administrators_only(page), carol)
    alice.roles.add(actions.create_role("admin", "А", "A", capabilities=["administer"]))
    del alice.__dict__["capabilities"]
    assert ask(access.administrators_only(page), alice).content == b"in"

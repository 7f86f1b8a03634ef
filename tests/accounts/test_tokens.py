from datetime import timedelta

import pytest
from django.utils.http import int_to_base36

from helpdesk.accounts import actions, tokens

pytestmark = pytest.mark.django_db


def parts(person):
    uid, _, key = tokens.link(person).rstrip("/").rsplit("/", 1)[1].partition("-")
    return uid, key


def test_link_is_made_of_the_public_address(carol, settings):
    settings.PUBLIC_URL = "https://desk.example.com"
    assert tokens.link(carol).startswith("https://desk.example.com/password/set/")


def test_good_key_names_its_person(carol):
    assert tokens.person_of(*parts(carol)) == carol


def test_key_of_somebody_else_is_nobodys(carol, alice):
    assert tokens.person_of(int_to_base36(alice.pk), parts(carol)[1]) is None


@pytest.mark.parametrize(
    ("uid", "key"),
    [
        ("", ""),
        ("0", "x"),
        ("zzzzzzzzzzzzz", "x-y"),
        ("z" * 40, "x"),
        ("-1", "x"),
        ("é", "x"),
        ("1", "\x00"),
        ("1", " "),
    ],
)
def test_rubbish_is_nobodys(db, uid, key):
    assert tokens.person_of(uid, key) is None


def test_key_dies_with_password_sign_in_and_time(carol, monkeypatch):
    uid, key = parts(carol)
    actions.set_password(carol, "another good phrase")
    assert tokens.person_of(uid, key) is None

    uid, key = parts(carol)
    carol.last_login = carol.created_at
    carol.save()
    assert tokens.person_of(uid, key) is None

    uid, key = parts(carol)
    now = tokens.generator._now
    monkeypatch.setattr(tokens.generator, "_now", lambda: now() + timedelta(days=3, seconds=5))
    assert tokens.person_of(uid, key) is None

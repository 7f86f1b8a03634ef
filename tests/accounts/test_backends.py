import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import MD5PasswordHasher

from helpdesk.accounts import actions
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("typed", ["carol", "CAROL", " carol ", "carol@example.com", "Carol@EXAMPLE.com"])
@pytest.mark.parametrize("name", ["login", "username", "email"])
def test_login_in_any_case_and_address_open(carol, typed, name):
    assert authenticate(None, **{name: typed}, password=PASSWORD) == carol


def test_shared_address_opens_nobody_but_logins_do(carol):
    other = actions.create_person("client", "Вторая", login="other", address="carol@example.com", password=PASSWORD)
    assert authenticate(None, login="carol@example.com", password=PASSWORD) is None
    assert authenticate(None, login="other", password=PASSWORD) == other


def test_contact_with_the_same_address_does_not_stand_in_the_way(carol):
    contact = actions.create_person("contact", "Ящик", address="carol@example.com")
    contact.set_password(PASSWORD)
    contact.save()
    assert authenticate(None, login="carol@example.com", password=PASSWORD) == carol


def test_login_goes_before_somebody_elses_address(carol):
    owner = actions.create_person(
        "client", "Х", login="shared@example.com", address="shared@example.com", password=PASSWORD
    )
    actions.add_address(carol, "shared@example.com")
    assert authenticate(None, login="shared@example.com", password=PASSWORD) == owner


@pytest.mark.parametrize("case", ["wrong", "unknown", "inactive", "contact", "unset", "empty", "endless", "nul"])
def test_refused(carol, case):
    if case == "inactive":
        actions.deactivate(carol)
    if case == "unset":
        carol.set_unusable_password()
        carol.save()
    if case == "contact":
        actions.contact_for("k@example.com", "К")
    login = {"unknown": "nobody", "contact": "k@example.com", "nul": "\x00\ud800"}.get(case, "carol")
    password = {"wrong": "no", "empty": "", "endless": PASSWORD + "x" * 5000}.get(case, PASSWORD)
    assert authenticate(None, login=login, password=password) is None


@pytest.mark.parametrize("case", ["known", "wrong", "unknown", "inactive", "unset", "shared"])
def test_same_work_for_everyone(carol, case, monkeypatch, django_assert_num_queries):
    """One hash and one statement, whoever is asked for: time tells nothing (ASVS 6.3.8)."""
    if case == "inactive":
        actions.deactivate(carol)
    if case == "unset":
        carol.set_unusable_password()
        carol.save()
    if case == "shared":
        actions.create_person("client", "Вторая", address="carol@example.com")
    hashes = []
    encode = MD5PasswordHasher.encode
    monkeypatch.setattr(MD5PasswordHasher, "encode", lambda *args: hashes.append(1) or encode(*args))
    login = {"unknown": "nobody", "shared": "carol@example.com"}.get(case, "carol")
    with django_assert_num_queries(1):
        authenticate(None, login=login, password="no" if case == "wrong" else PASSWORD)
    assert len(hashes) == 1

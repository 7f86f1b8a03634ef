"""The page behind an invitation's link."""

import pytest
from django.test import Client

from helpdesk.accounts import actions, chiefs, invitations
from helpdesk.accounts.chiefs import Standing
from helpdesk.accounts.models import Invitation, Membership, Person, SignInAttempt
from helpdesk.core.actor import Actor
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "another good phrase"
HERE = "/invitation/open/"


def text_of(response):
    return response.content.decode().replace("\u00a0", " ")


@pytest.fixture
def invite(carol, company, letters):
    Membership.objects.filter(person=carol).update(is_chief=True)

    def send(address="olga@example.com"):
        typed = {"name": "Ольга Новикова", "address": address}
        chiefs.invite(company.pk, Standing(), by=Actor(carol.pk), typed=typed)
        return letters[-1].context["url"].removeprefix("http://testserver")

    return send


def opened(client, path):
    answer = client.get(path)
    assert answer["Location"] == HERE and answer["Referrer-Policy"] == "no-referrer"
    return client.get(HERE)


def test_a_newcomer_sets_a_password_and_works(invite, client, sign_in, company):
    page = text_of(opened(client, invite()))
    assert "Мария Синицына приглашает" in page and "Принять приглашение" in page
    answer = client.post(HERE, {"password": NEW, "password_again": NEW}, follow=True)
    assert "Ваш логин: olga@example.com" in text_of(answer)
    person = Person.objects.get(login="olga@example.com")
    assert Membership.objects.get(person=person).company == company
    assert SignInAttempt.objects.filter(person=person, outcome="password_set").exists()
    assert sign_in("olga@example.com", NEW)["Location"] == "/portal/mine/"
    assert client.post(HERE, {"password": NEW, "password_again": NEW}).status_code == 404


@pytest.mark.parametrize(("password", "again", "told"), [("", "", "Введите новый пароль"), (NEW, "x", "не совпадают"),
                                                         ("short", "short", "Короче 10 знаков"),
                                                         ("short", "x", "Короче 10 знаков"),
                                                         ("short", "x", "не совпадают"),
                                                         ("olga@example.com", "x", "Слишком похож")])  # fmt: skip
def test_refused_passwords_make_nobody(invite, client, password, again, told):
    opened(client, invite())
    before = Person.objects.count()
    answer = client.post(HERE, {"password": password, "password_again": again})
    assert answer.status_code == 422 and told in text_of(answer)
    assert Person.objects.count() == before


def test_a_known_client_signs_in_and_accepts(invite, client, sign_in, company):
    dave = actions.create_person("client", "Дейв", login="dave", address="dave@example.com", password=PASSWORD,
                                 company=actions.create_company("Берёзка"))  # fmt: skip
    page = text_of(opened(client, invite("Dave@example.com")))
    assert "второй пароль не нужен" in page and 'name="password"' not in page
    assert "Дейв" not in page  # whoever opens the link has proved a mailbox, no more
    answer = client.post(HERE, {"password": NEW, "password_again": NEW})
    assert answer.status_code == 200 and not Membership.objects.filter(person=dave, company=company).exists()
    assert sign_in("dave", next=HERE)["Location"] == HERE
    assert "Принять приглашение" in text_of(client.get(HERE))
    assert client.post(HERE)["Location"] == "/portal/mine/"
    assert Membership.objects.filter(person=dave).count() == 2
    assert "УК Заря" in text_of(client.get("/portal/mine/"))


def test_somebody_else_who_is_signed_in_does_not_accept(invite, client, sign_in, company):
    actions.create_person("client", "Дейв", login="dave", address="dave@example.com", password=PASSWORD)
    eve = actions.create_person("client", "Ева", login="eve", address="eve@example.com", password=PASSWORD)
    path = invite("dave@example.com")
    sign_in("eve")
    assert "Вы вошли как Ева" in text_of(opened(client, path))
    client.post(HERE)
    assert not Membership.objects.filter(person=eve, company=company).exists()
    assert Invitation.objects.get().over_at is None


def test_an_agents_address_is_told_to_be_no_clients(invite, client, alice):
    page = opened(client, invite("alice@example.com"))
    assert "адрес самой Службы сопровождения" in text_of(page) and 'name="password"' not in text_of(page)
    client.post(HERE, {"password": NEW, "password_again": NEW})
    assert not Membership.objects.filter(person=alice).exists()


@pytest.mark.parametrize(
    "path", ["/invitation/x/", "/invitation/%00/", "/invitation/open/", "/invitation/a:b:c/", "/invitation/ё/"]
)
def test_dead_links_are_one_404(client, db, path):
    answer = client.get(path)
    assert answer.status_code == 404 and "Ссылка не действует" in text_of(answer)
    assert client.post(path, {"password": NEW, "password_again": NEW}).status_code == 404


def test_withdrawn_between_opening_and_sending(invite, client, carol):
    opened(client, invite())
    chiefs.withdraw(Invitation.objects.get().pk, by=Actor(carol.pk))
    assert client.post(HERE, {"password": NEW, "password_again": NEW}).status_code == 404
    assert not Person.objects.filter(login="olga@example.com").exists()


def test_a_cut_key_opens_nothing(invite):
    path = invite()
    assert Client().get(path[:-2] + "/").status_code == 404
    assert invitations.of_key(path.split("/")[2]) is not None

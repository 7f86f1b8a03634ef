import threading

import pytest
from django.db import connection
from django.utils import timezone

from helpdesk.accounts import actions, queries
from helpdesk.accounts.models import Address, Membership, Person, Role
from helpdesk.core.errors import Invalid
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def codes(call):
    with pytest.raises(Invalid) as refused:
        call()
    return [(problem.field, problem.code) for problem in refused.value.problems]


def test_create_person_writes_address_membership_and_roles(company):
    actions.create_role("support", "Сопровождение", "Support", capabilities=["reports"])
    person = actions.create_person(
        "client", "  Иван\u202e Ёлкин ", login="ivan", address="Ivan@Example.com", company=company,
        sees="company", writes=False, is_chief=True, roles=["support"],
    )  # fmt: skip
    assert (person.name, person.sort_key) == ("Иван Ёлкин", "иван елкин")
    assert not person.has_usable_password()
    assert person.addresses.get().canonical == "ivan@example.com"
    assert person.addresses.get().is_primary
    membership = Membership.objects.get(person=person)
    assert (membership.sees, membership.writes, membership.is_chief) == ("company", False, True)
    assert [role.code for role in person.roles.all()] == ["support"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"kind": "robot"}, [("kind", "unknown")]),
        ({"name": " \u200b "}, [("name", "required")]),
        ({"login": "CAROL"}, [("login", "taken")]),
        ({"login": "a@b.example"}, [("login", "at_sign")]),
        ({"login": "two words"}, [("login", "format")]),
        ({"kind": "contact", "login": "x"}, [("login", "contact")]),
        ({"address": "not an address"}, [("address", "format")]),
        ({"roles": ["nobody"]}, [("roles", "unknown")]),
        ({"password": "short"}, [("password", "password_too_short")]),
        ({"password": "password123"}, [("password", "password_too_common")]),
        ({"password": "x" * 1001}, [("password", "password_too_long")]),
        ({"login": "konstantinopol", "password": "konstantinopol"}, [("password", "password_too_similar")]),
    ],
)
def test_create_person_names_what_is_wrong(carol, changes, expected):
    values = {"kind": "client", "name": "Пётр Иванов", **changes}
    before = Person.objects.count()
    assert codes(lambda: actions.create_person(values.pop("kind"), values.pop("name"), **values)) == expected
    assert Person.objects.count() == before


def test_login_with_at_sign_is_fine_when_it_is_the_persons_own_address():
    person = actions.create_person("client", "А", login="A@B.example", address="a@b.example")
    assert person.login == "A@B.example"


@pytest.mark.parametrize("password", ["я" * 64, "пароль из нескольких слов ☂", "a b c d e f g h i j" * 20])
def test_long_and_unicode_passwords_are_taken_whole(carol, password):
    actions.set_password(carol, password)
    assert carol.check_password(password)
    assert not carol.check_password(password[:-1] + "!")


def test_company_gets_a_short_name_and_a_key():
    company = actions.create_company("ТСЖ  Берёзка")
    assert (company.name, company.short_name, company.sort_key) == ("ТСЖ Берёзка", "ТСЖ Берёзка", "тсж березка")
    assert codes(lambda: actions.create_company(" ")) == [("name", "required")]


def test_contact_for_prefers_the_single_person_then_the_contact_then_makes_one(carol):
    assert actions.contact_for("carol@example.COM", "Кто-то") == carol
    second = actions.create_person("client", "Вторая", address="carol@example.com")
    contact = actions.contact_for("carol@example.com", "Общий ящик")
    assert contact.kind == "contact"
    assert contact not in {carol, second}
    assert actions.contact_for("Carol@example.com", "Иначе") == contact
    assert contact.login is None
    assert not contact.has_usable_password()


def test_contact_for_names_the_nameless_by_address():
    assert actions.contact_for("who@example.com", "\u202e ").name == "who@example.com"


@pytest.mark.django_db(transaction=True)
def test_two_letters_at_once_make_one_contact():
    barrier, found = threading.Barrier(8), []

    def letter():
        barrier.wait()
        found.append(actions.contact_for("new@example.com", "Новый").pk)
        connection.close()

    threads = [threading.Thread(target=letter) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(found)) == 1
    assert Address.objects.filter(canonical="new@example.com").count() == 1


def test_deactivate_ends_sessions_and_links(carol, client, sign_in, letters):
    sign_in("carol")
    actions.invite(carol)
    link = letters[-1].context["url"].removeprefix("http://testserver")
    assert client.get("/account/security/").status_code == 200
    assert actions.deactivate(carol)
    assert client.get("/account/security/").status_code == 302
    assert client.get(link).status_code == 404
    assert not actions.deactivate(carol)
    assert queries.find_by_address("carol@example.com") == []


def test_reactivated_person_signs_in_anew_but_old_sessions_and_links_stay_dead(carol, client, sign_in, letters):
    sign_in("carol")
    actions.invite(carol)
    link = letters[-1].context["url"].removeprefix("http://testserver")
    actions.deactivate(carol)
    assert actions.reactivate(carol)
    assert not actions.reactivate(carol)
    assert client.get("/account/security/").status_code == 302
    assert client.get(link).status_code == 404
    assert sign_in("carol").status_code == 302


def test_invite_wants_an_address_an_active_person_and_no_contact(carol, letters):
    nobody = actions.create_person("client", "Без адреса", login="none")
    assert codes(lambda: actions.invite(nobody)) == [("address", "required")]
    assert codes(lambda: actions.invite(actions.contact_for("c@example.com", "К"))) == [("person", "contact")]
    actions.deactivate(carol)
    assert codes(lambda: actions.invite(carol)) == [("person", "inactive")]
    assert letters == []


def test_change_password_tells_the_person_by_letter(carol, letters):
    actions.change_password(carol, "another good phrase", ip="192.0.2.1", device="Firefox, Linux")
    (letter,) = letters
    assert (letter.kind, letter.address, letter.person_id) == ("password_changed", "Carol@Example.com", carol.pk)
    assert letter.context["ip"] == "192.0.2.1"
    assert "another" not in str(letter)


def test_capabilities_come_with_one_statement_and_only_to_active_agents(alice, carol, django_assert_num_queries):
    chief = actions.create_role("admin", "Администратор", "Administrator", capabilities=["administer"])
    alice.roles.add(chief)
    carol.roles.add(chief)
    with django_assert_num_queries(1):
        assert alice.is_administrator
        assert alice.capabilities == {"administer"}
    assert not carol.is_administrator
    Role.objects.update(inactive_at=timezone.now())
    assert not Person.objects.get(pk=alice.pk).is_administrator


def test_second_address_is_not_primary(carol):
    assert not actions.add_address(carol, "carol.two@example.com").is_primary
    assert queries.primary_address(carol) == "Carol@Example.com"
    assert queries.primary_addresses([carol.pk]) == {carol.pk: "Carol@Example.com"}
    assert carol.check_password(PASSWORD)

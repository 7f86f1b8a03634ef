from datetime import timedelta

import pytest
from django.db import transaction

from helpdesk.accounts import actions, chiefs, invitations, masters
from helpdesk.accounts.chiefs import Standing
from helpdesk.accounts.models import AccountEvent, Invitation, Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Invalid, NotAllowed, NotFound
from tests.accounts.conftest import PASSWORD
from tests.factories.parallel import together

pytestmark = pytest.mark.django_db
TYPED = {"name": "Ольга  Новикова", "address": "Olga@Example.com", "job": "кассир", "phone": "12-34"}


class Firm:
    """A company with its chief and two people, another company with its chief."""

    def __init__(self):
        self.company = actions.create_company("ООО «УК Заря»", "УК Заря")
        self.other = actions.create_company("ТСЖ «Берёзка»", "ТСЖ Берёзка")
        self.chief = self._person("chief", self.company, is_chief=True, sees="company")
        self.second = self._person("second", self.company)
        self.stranger = self._person("stranger", self.other, is_chief=True)

    def _person(self, login, company, **more):
        return actions.create_person("client", login.title(), login=login, company=company, password=PASSWORD,
                                     address=f"{login}@example.com", **more)  # fmt: skip

    def by(self, person=None):
        return Actor((person or self.chief).pk, Cause.WEB)

    def member(self, person, company=None):
        return Membership.objects.get(person=person, company=company or self.company)

    def invite(self, by=None, **typed):
        return chiefs.invite(self.company.pk, Standing(), by=self.by(by), typed={**TYPED, **typed})


@pytest.fixture
def firm(db):
    return Firm()


def codes(call):
    with pytest.raises(Invalid) as refused, transaction.atomic():
        call()
    return [(problem.field, problem.code) for problem in refused.value.problems]


def recorded(**narrowed):
    return [(row.verb, row.actor.login, row.person and row.person.login) for row in
            AccountEvent.objects.filter(**narrowed).order_by("pk")]  # fmt: skip


def test_invitation_makes_nobody_and_asks_for_a_letter(firm, letters):
    before = Person.objects.count()
    asked = firm.invite()
    assert (asked.name, asked.address, asked.canonical) == ("Ольга Новикова", "Olga@Example.com", "olga@example.com")
    assert Person.objects.count() == before
    letter = letters[0]
    assert (letter.person_id, letter.address, letter.kind) == (None, "Olga@Example.com", "invited")
    assert letter.context["by"] == "Chief" and letter.context["company"] == "ООО «УК Заря»"
    assert letter.to == {"name": "Ольга Новикова", "language": "ru", "time_zone": "Europe/Moscow"}
    assert recorded() == [("invited", "chief", None)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"name": " "}, [("name", "required")]),
        ({"address": ""}, [("address", "required")]),
        ({"address": "no address"}, [("address", "format")]),
        ({"name": "я" * 201}, [("name", "long")]),
        ({"phone": "1" * 101, "name": ""}, [("phone", "long"), ("name", "required")]),
        ({"name": "12345", "phone": "Маша"}, [("name", "letters"), ("phone", "format")]),
        ({"name": "я" * 100_000, "job": "я" * 100_000}, [("name", "long"), ("job", "long")]),
        (
            {"name": " ", "phone": "x", "address": "x"},
            [("name", "required"), ("phone", "format"), ("address", "format")],
        ),
        ({"address": "SECOND@example.com"}, [("address", "member")]),
    ],
)
def test_invitation_names_what_is_wrong(firm, letters, typed, expected):
    assert codes(lambda: firm.invite(**typed)) == expected
    assert letters == [] and not Invitation.objects.exists()


def test_an_address_known_elsewhere_is_invited_like_any_other(firm, letters):
    contact = actions.contact_for("letters@example.com", "Писал")
    for address in ("stranger@example.com", contact.addresses.get().address, "new@example.com"):
        assert firm.invite(address=address).address == address
    assert [letter.address for letter in letters] == ["stranger@example.com", "letters@example.com", "new@example.com"]
    assert {letter.kind for letter in letters} == {"invited"}
    assert Membership.objects.filter(company=firm.company).count() == 2


def test_the_same_address_is_invited_once_and_sent_again(firm, letters):
    asked = firm.invite()
    assert codes(lambda: firm.invite(address="olga@EXAMPLE.com")) == [("address", "invited")]
    old = invitations.key_of(asked)
    with clock.stopped(clock.now() + timedelta(hours=1)):
        again = chiefs.invite_again(asked.pk, by=firm.by())
    assert invitations.of_key(old) is None
    assert invitations.of_key(invitations.key_of(again)) == asked
    assert [letter.address for letter in letters] == ["Olga@Example.com"] * 2


def test_a_link_dies_with_withdrawal_age_and_the_company(firm, letters):
    asked = firm.invite()
    key = invitations.key_of(asked)
    assert invitations.of_key(key) == asked
    with clock.stopped(clock.now() + timedelta(days=3, minutes=1)):
        assert invitations.of_key(key) is None
    masters.switch_company(firm.company, on=False)
    assert invitations.of_key(key) is None
    masters.switch_company(firm.company, on=True)
    chiefs.withdraw(asked.pk, by=firm.by())
    assert invitations.of_key(key) is None
    with pytest.raises(NotFound), transaction.atomic():
        chiefs.withdraw(asked.pk, by=firm.by())
    assert firm.invite().pk != asked.pk


@pytest.mark.parametrize("end", ["right", "place", "access"])
def test_a_link_dies_with_the_right_of_whoever_sent_it_until_another_chief_sends_it_again(firm, letters, end):
    actions.create_person("client", "Third", login="third", company=firm.company, is_chief=True)
    third = Person.objects.get(login="third")
    asked = firm.invite()
    key = invitations.key_of(asked)
    mine = Membership.objects.filter(person=firm.chief)
    if end == "right":
        mine.update(is_chief=False)
    elif end == "place":
        mine.update(inactive_at=clock.now())
    else:
        actions.deactivate(firm.chief)
    assert invitations.of_key(key) is None
    again = chiefs.invite_again(asked.pk, by=firm.by(third))
    assert invitations.of_key(invitations.key_of(again)) == asked


@pytest.mark.parametrize("bad", ["", "x", "a:b:c", "\x00", "WzEsIngiXQ:1:2"])
def test_garbage_is_no_key(firm, bad):
    assert invitations.of_key(bad) is None


def test_letters_of_a_day_are_bounded(firm, letters, monkeypatch):
    monkeypatch.setattr(chiefs, "LETTERS_A_DAY", 2)
    asked = firm.invite()
    firm.invite(address="b@example.com")
    assert codes(lambda: firm.invite(address="c@example.com")) == [("address", "too_many_today")]
    assert codes(lambda: chiefs.invite_again(asked.pk, by=firm.by())) == [("address", "too_many_today")]
    with clock.stopped(clock.now() + timedelta(days=1, minutes=1)):
        assert firm.invite(address="c@example.com")


def test_accepting_makes_a_person_with_the_address_as_login(firm, letters):
    asked = chiefs.invite(firm.company.pk, Standing("company", writes=False), by=firm.by(), typed=TYPED)
    person = invitations.accept_as_new(asked, PASSWORD)
    assert (person.login, person.job, person.phone) == ("olga@example.com", "кассир", "12-34")
    member = firm.member(person)
    assert (member.sees, member.writes, member.is_chief) == ("company", False, False)
    assert person.addresses.get().verified_at and person.check_password(PASSWORD)
    assert invitations.of_key(invitations.key_of(asked)) is None
    assert recorded(verb="joined") == [("joined", "olga@example.com", "olga@example.com")]


def test_accepting_gives_a_contact_a_sign_in_and_keeps_them_one(firm, letters):
    contact = actions.contact_for("olga@example.com", "Кто-то")
    person = invitations.accept_as_new(firm.invite(), PASSWORD)
    assert person.pk == contact.pk
    person = Person.objects.get(pk=contact.pk)
    assert (person.kind, person.login, person.name) == ("client", "olga@example.com", "Ольга Новикова")
    assert firm.member(person)


def test_a_known_client_keeps_the_one_account(firm, letters):
    asked = firm.invite(address="stranger@example.com")
    assert invitations.holders(asked) == [firm.stranger]
    invitations.accept(asked, firm.stranger)
    assert firm.member(firm.stranger).sees == "own"
    assert firm.member(firm.stranger, firm.other).is_chief
    assert firm.stranger.addresses.count() == 1


def test_who_works_there_already_keeps_their_rights(firm, letters):
    asked = firm.invite(address="later@example.com")
    actions.add_address(firm.second, "later@example.com")
    Membership.objects.filter(person=firm.second).update(sees="company")
    invitations.accept(asked, firm.second)
    assert firm.member(firm.second).sees == "company"


def test_an_agent_is_no_client(firm, alice, letters):
    asked = firm.invite(address="alice@example.com")
    assert codes(lambda: invitations.accept(asked, alice)) == [("person", "not_a_client")]


def test_a_taken_login_gets_a_number(firm):
    actions.create_person("client", "А", login="a@b.example", address="a@b.example")
    assert invitations.free_login("A@b.example") == "a"
    actions.create_person("client", "Б", login="a")
    assert invitations.free_login("a@b.example") == "a2"
    assert invitations.free_login("new@b.example") == "new@b.example"
    assert "@" not in invitations.free_login("a@b.example")


def test_rights_are_changed_with_a_record(firm):
    member = firm.member(firm.second)
    event = chiefs.change_rights(member.pk, Standing("company", writes=False, is_chief=True), by=firm.by())
    assert event.details == {"sees": ["own", "company"], "writes": [True, False], "is_chief": [False, True]}
    member.refresh_from_db()
    assert (member.sees, member.writes, member.is_chief) == ("company", False, True)
    assert chiefs.change_rights(member.pk, Standing("company", writes=False, is_chief=True), by=firm.by()) is None
    assert recorded() == [("rights_changed", "chief", "second")]


def test_own_right_stays_and_own_sight_changes(firm):
    own = firm.member(firm.chief)
    assert codes(lambda: chiefs.change_rights(own.pk, Standing("company"), by=firm.by())) == [("is_chief", "own")]
    assert codes(lambda: chiefs.switch_off(own.pk, by=firm.by())) == [("person", "own")]
    assert chiefs.change_rights(own.pk, Standing("own", is_chief=True), by=firm.by())
    assert codes(lambda: chiefs.change_rights(own.pk, Standing("all", is_chief=True), by=firm.by())) == [
        ("sees", "unknown")
    ]


def test_switching_off_ends_sessions_and_closes_the_last_door(firm, client, sign_in):
    sign_in("second")
    assert client.get("/portal/mine/").status_code == 200
    member = firm.member(firm.second)
    assert chiefs.switch_off(member.pk, by=firm.by())
    assert client.get("/portal/mine/").status_code == 302
    assert sign_in("second")["Location"] == "/login/inactive/"
    assert not chiefs.switch_off(member.pk, by=firm.by())
    assert chiefs.switch_on(member.pk, by=firm.by())
    assert not chiefs.switch_on(member.pk, by=firm.by())
    assert sign_in("second").status_code == 302
    assert recorded() == [("switched_off", "chief", "second"), ("switched_on", "chief", "second")]


def test_who_belongs_elsewhere_too_may_still_sign_in(firm, sign_in):
    actions.join(firm.second, firm.other, {"sees": "own", "writes": True, "is_chief": False})
    chiefs.switch_off(firm.member(firm.second).pk, by=firm.by())
    assert Person.objects.get(pk=firm.second.pk).is_active
    assert sign_in("second").status_code == 302


def test_whom_the_desk_closed_out_no_chief_opens(firm):
    member = firm.member(firm.second)
    chiefs.switch_off(member.pk, by=firm.by())
    actions.reactivate(firm.second)
    actions.deactivate(firm.second)
    assert codes(lambda: chiefs.switch_on(member.pk, by=firm.by())) == [("person", "closed_by_desk")]
    assert firm.member(firm.second).inactive_at is not None


@pytest.mark.parametrize("verb", ["switch_off", "switch_on", "change", "again", "withdraw"])
def test_another_company_is_absent_and_who_is_no_chief_is_refused(firm, letters, verb):
    asked = firm.invite()
    member = firm.member(firm.chief)

    def act(by):
        return {
            "switch_off": lambda: chiefs.switch_off(member.pk, by=by),
            "switch_on": lambda: chiefs.switch_on(member.pk, by=by),
            "change": lambda: chiefs.change_rights(member.pk, Standing(), by=by),
            "again": lambda: chiefs.invite_again(asked.pk, by=by),
            "withdraw": lambda: chiefs.withdraw(asked.pk, by=by),
        }[verb]()

    with pytest.raises(NotFound), transaction.atomic():
        act(firm.by(firm.stranger))
    for by in (firm.by(firm.second), Actor(None)):
        with pytest.raises(NotAllowed), transaction.atomic():
            act(by)


def test_nobody_invites_into_another_company(firm):
    for by in (firm.stranger, firm.second):
        with pytest.raises(NotAllowed), transaction.atomic():
            firm.invite(by=by)


def test_contacts_are_not_looked_after(firm):
    contact = actions.create_person("contact", "К", address="k@example.com", company=firm.company)
    with pytest.raises(NotFound), transaction.atomic():
        chiefs.switch_off(firm.member(contact).pk, by=firm.by())


@pytest.mark.django_db(transaction=True)
def test_two_chiefs_who_switch_each_other_off_leave_one():
    firm = Firm()
    masters.put_membership(firm.second, firm.company, is_chief=True)
    ids = firm.member(firm.chief).pk, firm.member(firm.second).pk
    results = together(
        lambda: chiefs.switch_off(ids[1], by=firm.by(firm.chief)),
        lambda: chiefs.switch_off(ids[0], by=firm.by(firm.second)),
    )
    assert sorted(map(type, results), key=str) == sorted([bool, NotAllowed], key=str), results
    left = Membership.objects.filter(company=firm.company, is_chief=True, inactive_at=None, person__inactive_at=None)
    assert left.count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_invitation_of_two_presses_and_one_acceptance_of_two():
    firm = Firm()
    results = together(firm.invite, firm.invite)
    assert sorted(type(one).__name__ for one in results) == ["Invalid", "Invitation"], results
    key = invitations.key_of(Invitation.objects.get())

    def accept():
        asked = invitations.of_key(key, lock=True)
        return asked and invitations.accept_as_new(asked, PASSWORD).pk

    assert len([one for one in together(accept, accept) if one]) == 1
    assert Person.objects.filter(login="olga@example.com").count() == 1

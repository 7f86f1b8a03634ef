"""The pages of a company's people: for its chief alone, with a record of what was done."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import AccountEvent, Invitation, Membership, Person
from helpdesk.core import bus, options
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.portal.views import people
from helpdesk.tickets.actions import close, reply
from helpdesk.tickets.events import TicketChanged
from helpdesk.tickets.models import Ticket
from tests.access.refusals import refused

pytestmark = pytest.mark.django_db
HOME = "/portal/people/"
ASKED = {"name": "Ольга Новикова", "address": "olga@example.com", "sees": "own", "writes": "1"}


def plain(letter):
    return letter.text.replace("\u00a0", " ")


def text_of(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


@pytest.fixture
def chief(world, as_):
    Membership.objects.filter(person=world.carol).update(is_chief=True)
    return as_(world.carol)


@pytest.fixture
def dora(world):
    return f"{HOME}{world.dora.memberships.get().pk}/"


def test_list_shows_who_works_there_and_who_left(world, chief):
    accounts.create_person("contact", "Писал Письмо", address="k@example.com", company=world.zarya)
    Person.objects.filter(pk=world.dora.pk).update(
        job="кассир", phone="12-34", last_login=datetime(2026, 11, 2, 9, tzinfo=UTC)
    )
    left = accounts.create_person("client", "Ушла Давно", login="left", company=world.zarya)
    Membership.objects.filter(person=left).update(inactive_at=datetime(2026, 11, 1, tzinfo=UTC))
    page = text_of(chief.get(HOME))
    assert "кассир · dora@example.com · 12-34" in page and "2 ноября" in page
    assert "Видит свои заявки, пишет" in page and "Руководитель, видит все заявки компании, пишет" in page
    assert page.index("Dora Клиентова") < page.index("Ушла Давно") and "Доступ выключен" in page
    assert "Писал Письмо" not in page and "Dave" not in page


def test_menu_leads_the_chief_alone_to_the_people(world, chief, as_):
    assert f'href="{HOME}"' in text_of(chief.get("/portal/mine/"))
    assert f'href="{HOME}"' not in text_of(as_(world.dora).get("/portal/mine/"))
    assert "только руководитель компании" in text_of(as_(world.dora).get(HOME))


def test_invitation_goes_by_letter_and_is_sent_again_and_withdrawn(world, chief):
    answer = chief.post(f"{HOME}invite/", ASKED, follow=True)
    assert "Приглашение отправлено на olga@example.com" in text_of(answer)
    letter = OutgoingLetter.objects.get()
    assert (letter.address, letter.kind, letter.person, letter.name) == (
        "olga@example.com",
        "account",
        None,
        "Ольга Новикова",
    )
    assert (
        "Carol Клиентова приглашает вас" in plain(letter)
        and "/invitation/" in plain(letter)
        and "72 ч" in plain(letter)
    )
    asked = Invitation.objects.get()
    assert "Ольга Новикова" in text_of(chief.get(HOME))
    again = chief.post(f"{HOME}invitations/{asked.pk}/", {"do": "again"}, follow=True)
    assert "прежняя ссылка больше не действует" in text_of(again) and OutgoingLetter.objects.count() == 2
    gone = chief.post(f"{HOME}invitations/{asked.pk}/", {"do": "withdraw"}, follow=True)
    assert "отозвано" in text_of(gone) and "отзывает приглашение: Ольга Новикова" in text_of(gone)
    assert chief.post(f"{HOME}invitations/{asked.pk}/", {"do": "again"}).status_code == 404


def test_a_link_that_works_no_longer_is_named_in_the_list(world, chief):
    chief.post(f"{HOME}invite/", ASKED)
    assert "Ссылка больше не действует" not in text_of(chief.get(HOME))
    Invitation.objects.update(sent_at=datetime(2026, 1, 1, tzinfo=UTC))
    assert "Ссылка больше не действует: отправьте ещё раз" in text_of(chief.get(HOME))
    chief.post(f"{HOME}invitations/{Invitation.objects.get().pk}/", {"do": "again"})
    assert "Ссылка больше не действует" not in text_of(chief.get(HOME))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", ""),
        ("address", "x"),
        ("address", "dora@example.com"),
        ("job", "я" * 201),
        ("name", "12345"),
        ("phone", "позвоните Маше"),
        ("name", "я" * 100_000),
    ],
)
def test_refused_invitation_keeps_what_was_typed(chief, field, typed):
    sent = ASKED | {"job": "кассир", "phone": "12-34", "sees": "company", field: typed}
    kept = {name: value for name, value in sent.items() if name != field}
    refused(chief.post(f"{HOME}invite/", sent), field, typed=kept)
    assert not Invitation.objects.exists()


def test_a_known_address_looks_like_any_other(world, chief):
    told = []
    for address in ("dave@example.com", "free@example.com", "alice@example.com"):
        page = text_of(chief.post(f"{HOME}invite/", ASKED | {"address": address, "name": "Имя"}, follow=True))
        told.append(page.replace(address, "ADDRESS").count("ADDRESS"))
        chief.post(f"{HOME}invitations/{Invitation.objects.latest('pk').pk}/", {"do": "withdraw"})
    assert len({Person.objects.count()}) == 1 and told[0] > 0


def test_rights_are_changed_and_the_record_tells_it(world, chief, dora):
    answer = chief.post(dora, {"do": "rights", "sees": "company", "is_chief": "1"}, follow=True)
    page = text_of(answer)
    assert "Права изменены" in page
    assert "меняет права: Dora Клиентова — видит все заявки компании, только читает, руководит" in page
    member = world.dora.memberships.get()
    assert (member.sees, member.writes, member.is_chief) == ("company", False, True)


def test_own_right_stays(world, chief):
    own = f"{HOME}{world.carol.memberships.get().pk}/"
    assert "С себя это право снять нельзя" in text_of(chief.get(own))
    answer = chief.post(own, {"do": "rights", "sees": "own", "writes": "1"})
    assert answer.status_code == 422 and "Снять с себя права руководителя нельзя" in text_of(answer)
    assert chief.post(own, {"do": "off"}).status_code == 422
    assert chief.post(own, {"do": "rights", "sees": "own", "writes": "1", "is_chief": "1"}).status_code == 302


def test_switching_off_and_on(world, chief, dora, as_):
    page = text_of(chief.post(dora, {"do": "off"}, follow=True))
    assert "все сеансы завершены: Dora Клиентова" in page and "Включить снова" in page and "Сохранить права" not in page
    assert not Person.objects.get(pk=world.dora.pk).is_active
    page = text_of(chief.post(dora, {"do": "on"}, follow=True))
    assert "Доступ снова открыт" in page and Person.objects.get(pk=world.dora.pk).is_active


@pytest.mark.parametrize("do", ["", "x", "rights", "off", "on", "hand_over", "\x00"])
@pytest.mark.parametrize("who", ["stranger", "colleague"])
def test_who_is_not_this_companys_chief_does_nothing(world, as_, dora, do, who):
    if who == "stranger":
        Membership.objects.filter(person=world.dave).update(is_chief=True)
    client = as_(world.dave if who == "stranger" else world.carol)
    world.ticket(world.dora)
    sent = {"do": do, "sees": "company", "successor": world.dave.pk}
    assert client.post(dora, sent).status_code == (404 if who == "stranger" else 403)
    assert client.get(dora).status_code == (404 if who == "stranger" else 403)
    assert not AccountEvent.objects.exists()


@pytest.mark.parametrize(
    "path", ["0/", "999999999999999999999999/", "invitations/0/", "invitations/99999999999999999999/"]
)
def test_absent_ids_are_404(chief, path):
    assert chief.post(f"{HOME}{path}", {"do": "off"}).status_code == 404


@pytest.mark.parametrize(
    "query", ["company=0", "company=x", "company=99999999999999999999", "page=x", "page=999", "page=-1"]
)
def test_bad_addresses_of_the_list(chief, query):
    assert chief.get(f"{HOME}?{query}").status_code == (404 if "company" in query else 200)


def test_all_open_requests_go_over_in_one_press(world, chief, dora):
    tickets = [world.ticket(world.dora, subject=f"Тема {n}") for n in range(3)]
    close(tickets[2].pk, by=Actor(world.alice.pk, Cause.WEB))
    chief.post(dora, {"do": "off"})
    page = text_of(chief.get(dora))
    assert 'Открытые заявки <span class="count">2' in page
    page = text_of(chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}, follow=True))
    assert "Переданы 2 заявки." in page and "передаёт заявки: Dora Клиентова → Carol Клиентова" in page
    assert all(f"/portal/tickets/{one.number}/" in page and one.subject in page for one in tickets[:2])
    authors = dict(Ticket.objects.values_list("subject", "author__login"))
    assert authors == {"Тема 0": "carol", "Тема 1": "carol", "Тема 2": "dora"}
    letter = OutgoingLetter.objects.get(person=world.carol, kind="account")
    assert "передаёт вам 2 открытые заявки (прежний автор: Dora Клиентова)" in plain(letter)
    assert "/portal/mine/" in plain(letter)
    assert all(subject in text_of(chief.get("/portal/mine/")) for subject in ("Тема 0", "Тема 1"))


@pytest.mark.parametrize("letters", ["all", "none"])
@pytest.mark.parametrize("sees", ["own", "company"])
def test_who_keeps_access_is_told_once_that_their_requests_went_over(world, chief, dora, as_, letters, sees):
    for n in range(2):
        world.ticket(world.dora, subject=f"Тема {n}")
    Person.objects.filter(pk=world.dora.pk).update(letters=letters)
    Membership.objects.filter(person=world.dora).update(sees=sees)
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    found = [plain(one) for one in OutgoingLetter.objects.filter(person=world.dora, kind="account")]
    assert len(found) == (letters == "all")
    assert all(
        "передаёт коллеге 2 открытые заявки, автором которых были вы (теперь автор: Carol Клиентова)" in one
        for one in found
    )
    page = text_of(as_(world.dora).get("/portal/news/"))
    assert page.count("Ваша заявка передана коллеге") == (2 if sees == "company" else 0)  # no line of what is not seen


def test_who_left_or_did_it_themselves_is_told_nothing(world, chief, dora, as_):
    world.ticket(world.dora)
    Membership.objects.filter(person=world.dora).update(sees="company")
    chief.post(dora, {"do": "off"})
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    chief.post(dora, {"do": "on"})
    assert not OutgoingLetter.objects.filter(person=world.dora, kind="account").exists()
    own = f"{HOME}{world.carol.memberships.get().pk}/"
    chief.post(own, {"do": "hand_over", "successor": world.dora.pk})
    assert [plain(one).count("Carol Клиентова передаёт вам") for one in OutgoingLetter.objects.filter(kind="account")
            if one.person_id == world.dora.pk] == [1]  # fmt: skip
    assert not Notice.objects.filter(kind="handed_away").exists()


def asked(client, dora, **query):
    return client.get(dora, query)


def test_switching_off_asks_first_and_says_what_becomes_of_the_requests(world, chief, dora):
    tickets = [world.ticket(world.dora, subject=f"Тема {n}") for n in range(2)]
    page = text_of(chief.get(dora))
    assert 'href="?ask=off"' in page and 'value="off"' not in page
    page = text_of(asked(chief, dora, ask="off"))
    assert "Выключить доступ: Dora Клиентова?</h1>" in page and "УК Заря" in page
    assert "2 открытые заявки останутся без автора" in page and all(one.subject in page for one in tickets)
    assert 'name="do" value="off"' in page and f'action="{dora}"' in page
    assert world.dora.memberships.get().inactive_at is None


def test_handing_over_asks_first_and_names_both_people_and_the_requests(world, chief, dora):
    for n in range(12):
        world.ticket(world.dora, subject=f"Тема {n}")
    page = text_of(chief.get(dora))
    assert 'name="ask" value="hand_over"' in page and 'name="do" value="hand' not in page
    page = text_of(asked(chief, dora, ask="hand_over", successor=world.carol.pk))
    assert "Передать 12 заявок?</h1>" in page and "Dora Клиентова" in page and "Carol Клиентова" in page
    assert "Тема 9" in page and "Тема 10" not in page and "и ещё 2" in page
    assert f'name="successor" value="{world.carol.pk}"' in page and 'name="do" value="hand_over"' in page
    assert set(Ticket.objects.values_list("author__login", flat=True)) == {"dora"}


@pytest.mark.parametrize("successor", ["", "x", "0", "99999999999999999999", "dora", "dave"])
def test_nobody_to_hand_over_to_is_said_before_anything_is_asked(world, chief, dora, successor):
    world.ticket(world.dora)
    named = {"dora": world.dora.pk, "dave": world.dave.pk}.get(successor, successor)
    answer = asked(chief, dora, ask="hand_over", successor=named)
    assert answer.status_code == 422 and 'href="#successor"' in text_of(answer)


@pytest.mark.parametrize("ask", ["", "x", "on", "rights", "hand_over"])
def test_what_there_is_nothing_to_ask_about_leads_back(world, chief, dora, ask):
    assert asked(chief, dora, ask=ask, successor=world.carol.pk)["Location"] == dora


def test_who_is_off_already_and_oneself_are_not_asked_about(world, chief, dora):
    own = f"{HOME}{world.carol.memberships.get().pk}/"
    assert asked(chief, own, ask="off")["Location"] == own
    chief.post(dora, {"do": "off"})
    assert asked(chief, dora, ask="off")["Location"] == dora


def test_a_former_author_does_not_read_that_all_is_settled(world, chief, dora, as_):
    tickets = [world.ticket(world.dora, subject=f"Тема {n}") for n in range(2)]
    close(tickets[0].pk, by=Actor(world.alice.pk, Cause.WEB))
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    page = text_of(as_(world.dora).get("/portal/mine/"))
    assert "Открытых заявок нет" in page and "решено" not in page


def test_a_second_press_finds_nothing_and_a_successor_is_needed(world, chief, dora):
    world.ticket(world.dora)
    for successor in ("", "x", world.dave.pk, world.alice.pk, "99999999999999999999"):
        assert chief.post(dora, {"do": "hand_over", "successor": successor}).status_code == 422, successor
    for _ in range(2):
        assert chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}).status_code == 302
    assert AccountEvent.objects.filter(verb="handed_over").count() == 1


def test_who_comes_second_is_told_that_nothing_was_left(world, chief, dora):
    ticket = world.ticket(world.dora)
    page = text_of(chief.get(dora, {"ask": "hand_over", "successor": world.carol.pk}))
    assert "Передать 1 заявку?" in page
    close(ticket.pk, by=Actor(world.alice.pk, Cause.WEB))
    page = text_of(chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}, follow=True))
    assert "Передавать нечего" in page and "Осталась" not in page
    assert not AccountEvent.objects.exists() and not OutgoingLetter.objects.filter(kind="account").exists()


def test_what_another_took_meanwhile_is_not_counted_as_left(world, chief, dora):
    """Two chiefs press at once: of the second's requests one has gone over already."""
    tickets = [world.ticket(world.dora, subject=f"Тема {n}") for n in range(2)]
    rita = accounts.create_person("client", "Рита", login="rita", company=world.zarya, sees="company")

    def take_the_other(event):
        Ticket.objects.filter(pk=tickets[1].pk, author=world.dora).update(author=rita)

    bus.subscribe(TicketChanged, take_the_other)
    try:
        chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    finally:
        bus._handlers[TicketChanged].remove(take_the_other)
    page = text_of(chief.get("/portal/mine/"))
    assert "Передана 1 заявка." in page and "Осталась" not in page
    assert dict(Ticket.objects.values_list("subject", "author__login")) == {"Тема 0": "carol", "Тема 1": "rita"}


@pytest.mark.parametrize("change", ["off", "reads", "away"])
def test_a_successor_who_cannot_take_any_more_is_told_at_the_press(world, chief, dora, change):
    world.ticket(world.dora)
    rita = accounts.create_person("client", "Рита", login="rita", company=world.zarya)
    asked_for = {"ask": "hand_over", "successor": rita.pk}
    assert chief.get(dora, asked_for).status_code == 200
    if change == "off":
        accounts.deactivate(rita)
    changes = {"reads": {"writes": False}, "away": {"inactive_at": datetime(2026, 11, 1, tzinfo=UTC)}}.get(change)
    if changes:
        Membership.objects.filter(person=rita).update(**changes)
    answer = chief.post(dora, {"do": "hand_over", "successor": rita.pk})
    assert answer.status_code == 422 and "Этому коллеге передать нельзя" in text_of(answer)
    assert Ticket.objects.get().author == world.dora


@pytest.mark.parametrize("do", ["rights", "off", "hand_over"])
def test_a_chief_whose_right_was_taken_while_the_question_stood_does_nothing(world, chief, dora, do):
    world.ticket(world.dora)
    assert asked(chief, dora, ask="off").status_code == 200
    Membership.objects.filter(person=world.carol).update(is_chief=False)
    answer = chief.post(dora, {"do": do, "sees": "company", "successor": world.carol.pk})
    assert answer.status_code == 403 and "только руководитель" in text_of(answer)
    assert not AccountEvent.objects.exists() and Ticket.objects.get().author == world.dora


def test_more_than_one_press_holds_are_gone_on_with(world, chief, dora, monkeypatch):
    monkeypatch.setattr(people, "AT_ONCE", 2)
    for n in range(3):
        world.ticket(world.dora, subject=f"Тема {n}")
    page = text_of(chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}, follow=True))
    assert "Переданы 2 заявки." in page and "Осталась 1 заявка: нажмите ещё раз." in page
    page = text_of(chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}, follow=True))
    assert "Передана 1 заявка." in page and "Осталась" not in page


def test_a_chief_who_sees_own_requests_alone_is_told_so(world, chief, dora):
    world.ticket(world.dora)
    Membership.objects.filter(person=world.carol).update(sees="own")
    assert "Вы видите не все заявки компании" in text_of(chief.get(dora))
    assert chief.post(dora, {"do": "hand_over", "successor": world.carol.pk}).status_code == 302
    assert Ticket.objects.get().author == world.dora


def test_the_desk_reads_the_handing_over_in_the_history(world, chief, dora, as_):
    ticket = world.ticket(world.dora)
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    page = text_of(as_(world.alice).get(f"/desk/tickets/{ticket.number}/history/"))
    assert "автор" in page and "Dora Клиентова" in page and "Carol Клиентова" in page and "author_set" not in page
    page = text_of(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    assert "Передана коллеге" in page


def test_a_chief_of_two_companies_switches(world, chief):
    accounts.join(world.carol, world.other, {"sees": "company", "writes": True, "is_chief": True})
    assert "Dave Клиентова" in text_of(chief.get(f"{HOME}?company={world.other.pk}"))
    page = text_of(chief.get(HOME))
    assert f"?company={world.other.pk}" in page and "ТСЖ Берёзка" in page
    chief.post(f"{HOME}invite/", ASKED | {"company": world.other.pk})
    assert Invitation.objects.get().company == world.other


def test_pages_take_the_same_few_statements_however_many_people(world, chief, dora):
    accounts.set_password(world.carol, "correct horse battery")
    chief.post("/login/", {"login": "carol", "password": "correct horse battery"})

    def taken():
        found = []
        for path in (HOME, dora):
            options.forget()  # kept for half a minute, which may end between two pages
            with CaptureQueriesContext(connection) as caught:
                chief.get(path)
            found.append(len(caught))
        return found

    world.ticket(world.dora)
    chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    world.ticket(world.dora)
    taken()  # what is read once in a process
    few = taken()
    for n in range(60):
        person = accounts.create_person(
            "client", f"Клиент {n}", login=f"m{n}", address=f"m{n}@example.com", company=world.zarya
        )
        reply(
            world.ticket(world.dora).pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain("Ответ")
        ) if n < 3 else person
    assert taken() == few
    assert max(few) <= 8, few


def test_a_right_that_ends_in_the_middle_is_told_and_what_went_over_stays(world, chief, dora):
    def take_the_right(event):
        Membership.objects.filter(person=world.carol).update(is_chief=False)

    for n in range(2):
        world.ticket(world.dora, subject=f"Тема {n}")
    bus.subscribe(TicketChanged, take_the_right)
    try:
        answer = chief.post(dora, {"do": "hand_over", "successor": world.carol.pk})
    finally:
        bus._handlers[TicketChanged].remove(take_the_right)
    assert answer.status_code == 302
    page = text_of(chief.get("/portal/mine/"))
    assert "Передана 1 заявка." in page and "Заявки передаёт только руководитель компании" in page
    assert dict(Ticket.objects.values_list("subject", "author__login")) == {"Тема 0": "carol", "Тема 1": "dora"}
    assert AccountEvent.objects.filter(verb="handed_over").count() == 1

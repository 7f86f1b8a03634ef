"""The pages of a client and of a company, and the note that specialists keep about them."""

import re
import threading

import pytest
from django.db import connection, connections

from helpdesk.accounts.client_notes import LIMIT, put_note
from helpdesk.accounts.models import ClientNote, Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Conflict, NotFound
from helpdesk.tickets.actions import StateMove, set_state
from tests.desk.conftest import World, plain
from tests.statements import statements_of


def person(who):
    return f"/desk/people/{who.pk}/"


def company(which):
    return f"/desk/companies/{which.pk}/"


def numbers(page):
    """The numbers of the requests on a page; each leads on within the list of all of them."""
    return re.findall(r'class="t-subj" href="/desk/tickets/(\d+)/', page.content.decode())


def test_a_client_has_a_page_with_all_that_is_known(world, as_):
    first, closed = world.ticket(subject="Сальдо"), world.ticket(subject="Пени")
    world.ticket(author=world.dora, subject="Чужая")
    set_state(closed.pk, by=world.by(world.alice), to=StateMove("closed"))
    page = as_(world.alice).get(person(world.carol))
    assert numbers(page) == [first.number, closed.number]
    text = plain(page)
    assert "carol@example.com" in text and "1 открытая" in text
    assert f'href="{company(world.zarya)}"' in text and f'href="/desk/new/?client={world.carol.pk}"' in text
    listed = as_(world.alice).get("/desk/", {"view": "all", "client": "carol"})  # where «Все заявки» leads
    assert set(numbers(listed)) == {first.number, closed.number} and "view=all&amp;client=carol" in text


def test_a_company_has_a_page_with_its_people(world, as_):
    mine, other = world.ticket(author=world.dora), world.ticket(author=world.dave)
    Membership.objects.filter(person=world.dora).update(is_chief=True, writes=False)
    Person.objects.filter(pk=world.carol.pk).update(inactive_at=clock.now())
    page = as_(world.alice).get(company(world.zarya))
    text = plain(page)
    assert numbers(page) == [mine.number] and other.number not in text
    assert "руководитель, видит все заявки компании, только читает" in text
    members = text.partition('id="card-members"')[2]
    assert members.index("Дора") < members.index("Карина") and "отключён" in members


def test_requests_out_of_sight_are_not_there(world, as_):
    world.ticket(subject="Сальдо")
    page = as_(world.bob).get(person(world.carol))
    assert numbers(page) == [] and "Заявок пока нет" in plain(page) and "Сальдо" not in plain(page)


@pytest.mark.parametrize("address", ["/desk/people/0/", "/desk/people/x/", "/desk/companies/99999999999999999999/"])
def test_whoever_is_not_there(world, as_, address):
    assert as_(world.alice).get(address).status_code == 404


def test_a_colleague_is_no_client(world, as_):
    assert as_(world.alice).get(person(world.bob)).status_code == 404
    with pytest.raises(NotFound):
        put_note("person", world.bob.pk, by=world.by(world.alice), text="Устал", seen=0)


@pytest.mark.parametrize("of", ["carol", "zarya"])
def test_a_note_is_kept_shown_at_their_requests_and_never_to_clients(world, as_, of):
    ticket, about = world.ticket(), getattr(world, of)
    where = person(about) if of == "carol" else company(about)
    client = as_(world.alice)
    assert client.post(where, {"text": " Звонить\r\nпосле обеда ", "seen": "0"}).status_code == 302
    assert "Звонить\nпосле обеда" in plain(client.get(where)) and "Алиса Агентова" in plain(client.get(where))
    assert "Звонить\nпосле обеда" in plain(client.get(f"/desk/tickets/{ticket.number}/"))
    client.post(where, {"text": "Звонить\nпосле обеда", "seen": str(ClientNote.objects.get().pk)})
    assert ClientNote.objects.count() == 1  # nothing was changed
    for address in (f"/portal/tickets/{ticket.number}/", "/portal/people/", "/portal/company/", "/account/settings/"):
        assert "после обеда" not in plain(as_(world.carol).get(address, follow=True))
    as_(world.alice).post(where, {"text": "", "seen": str(ClientNote.objects.get().pk)})
    assert "после обеда" not in plain(as_(world.alice).get(f"/desk/tickets/{ticket.number}/"))
    assert [one.text for one in ClientNote.objects.order_by("pk")] == ["Звонить\nпосле обеда", ""]


def test_a_note_that_was_changed_meanwhile_shows_both(world, as_):
    put_note("person", world.carol.pk, by=world.by(world.bob), text="Глуховата", seen=0)
    answer = as_(world.alice).post(person(world.carol), {"text": "Не звонить", "seen": "0"})
    assert answer.status_code == 409
    assert "Глуховата" in plain(answer) and "\nНе звонить</textarea>" in plain(answer)
    seen = ClientNote.objects.get().pk
    assert f'name="seen" value="{seen}"' in plain(answer)  # whoever has read both may save


def test_a_note_too_long_is_refused_with_what_was_typed(world, as_):
    answer = as_(world.alice).post(person(world.carol), {"text": "щ" * (LIMIT + 1), "seen": "0"})
    assert answer.status_code == 422 and "щ" * (LIMIT + 1) in plain(answer) and not ClientNote.objects.exists()


def test_the_pages_keep_their_budget(world, as_):
    for at in range(20):
        world.ticket(subject=f"Заявка {at}")
    client = as_(world.alice)
    for where in (person(world.carol), company(world.zarya)):
        client.get(where)
        assert len(statements_of(client, where)) <= 8


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_do_not_write_over_one_another():
    world, outcomes, gate = World(), [], threading.Barrier(2)

    def write(text):
        gate.wait()
        try:
            outcomes.append(put_note("person", world.carol.pk, by=Actor(world.alice.pk, Cause.WEB), text=text, seen=0))
        except Conflict:
            outcomes.append("told")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=write, args=[text]) for text in ("раз", "два")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    connection.close()
    assert sorted(map(str, outcomes)) == ["True", "told"] and ClientNote.objects.count() == 1

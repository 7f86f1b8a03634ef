"""Choosing who observes a request, on its page and on the page of its observers."""

from datetime import UTC, datetime

import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Membership, Person
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets.actions import add_observer, reply
from helpdesk.tickets.models import Participant

pytestmark = pytest.mark.django_db


def text_of(answer):
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


class Scene:
    def __init__(self, world):
        self.ticket = world.ticket(world.carol)
        self.page = f"/portal/tickets/{self.ticket.number}/"
        self.observers = f"{self.page}observers/"


@pytest.fixture
def scene(world):
    return Scene(world)


def test_the_author_lets_a_colleague_see(world, scene, as_):
    carol = as_(world.carol)
    assert scene.observers in text_of(carol.get(scene.page))
    page = text_of(carol.get(scene.observers))
    assert "Dora Клиентова" in page and "Dave" not in page and "Carol Клиентова</option>" not in page
    page = text_of(carol.post(scene.observers, {"do": "add", "observer": world.dora.pk}, follow=True))
    assert "Теперь коллега видит заявку" in page and "Все коллеги уже наблюдают" in page
    assert "Dora Клиентова" in text_of(carol.get(scene.page))
    dora = as_(world.dora)
    assert dora.get(scene.page).status_code == 200
    assert scene.ticket.subject in text_of(dora.get("/portal/company/"))
    assert scene.ticket.subject not in text_of(dora.get("/portal/mine/"))


def test_a_removed_observer_sees_it_no_longer(world, scene, as_):
    add_observer(scene.ticket.pk, by=Actor(world.carol.pk, Cause.WEB), person_id=world.dora.pk)
    page = text_of(as_(world.carol).post(scene.observers, {"do": f"remove:{world.dora.pk}"}, follow=True))
    assert "больше не наблюдает" in page
    assert as_(world.dora).get(scene.page).status_code == 404


def test_an_observer_sees_who_else_does_and_leaves(world, scene, as_):
    add_observer(scene.ticket.pk, by=Actor(world.carol.pk, Cause.WEB), person_id=world.dora.pk)
    dora = as_(world.dora)
    page = text_of(dora.get(scene.observers))
    assert "Больше не наблюдать" in page and 'name="observer"' not in page
    answer = dora.post(scene.observers, {"do": f"remove:{world.dora.pk}"})
    assert answer["Location"] == "/portal/company/" and not Participant.objects.exists()


@pytest.mark.parametrize("observer", ["stranger", "agent", "absent", "", "x", "99999999999999999999", "\x00"])
def test_who_is_not_of_the_company_is_refused_alike(world, scene, as_, observer):
    value = {"stranger": world.dave.pk, "agent": world.alice.pk, "absent": 10**9}.get(observer, observer)
    answer = as_(world.carol).post(scene.observers, {"do": "add", "observer": value})
    assert answer.status_code == 422 and "Выберите коллегу из списка" in text_of(answer)
    assert "Dave" not in text_of(answer) and not Participant.objects.exists()


@pytest.mark.parametrize("do", ["", "x", "add", "remove:", "remove:0", "remove:x", "\x00"])
def test_bad_verbs_change_nothing(world, scene, as_, do):
    assert as_(world.carol).post(scene.observers, {"do": do}).status_code in {302, 404, 422}
    assert not Participant.objects.exists()


def test_who_only_reads_chooses_nobody(world, scene, as_):
    reader = accounts.create_person("client", "Рита", login="rita", company=world.zarya, sees="company", writes=False)
    assert scene.observers not in text_of(as_(reader).get(scene.page))
    assert as_(reader).post(scene.observers, {"do": "add", "observer": world.dora.pk}).status_code == 403
    for person in (world.dora, world.dave):
        assert as_(person).get(scene.observers).status_code == 404


def test_a_request_of_no_company_has_no_observers(world, as_):
    lone = accounts.create_person("client", "Один", login="lone")
    scene = Scene(world)
    ticket = world.ticket(lone)
    assert "observers/" not in text_of(as_(lone).get(f"/portal/tickets/{ticket.number}/"))
    answer = as_(lone).post(f"/portal/tickets/{ticket.number}/observers/", {"do": "add", "observer": world.dora.pk})
    assert answer.status_code == 403 and scene.ticket.company_id


def test_a_place_taken_while_choosing_is_told(world, scene, as_):
    carol = as_(world.carol)
    carol.get(scene.observers)
    Membership.objects.filter(person=world.dora).update(inactive_at=scene.ticket.created_at)
    answer = carol.post(scene.observers, {"do": "add", "observer": world.dora.pk})
    assert answer.status_code == 422


def test_the_desk_reads_observers_in_the_history(world, scene, as_):
    by = Actor(world.carol.pk, Cause.WEB)
    add_observer(scene.ticket.pk, by=by, person_id=world.dora.pk)
    page = text_of(as_(world.alice).get(f"/desk/tickets/{scene.ticket.number}/history/"))
    assert "добавлен наблюдатель" in page and "Dora Клиентова" in page and "observer_added" not in page


def _place_ended(world):
    Membership.objects.filter(person=world.dora).update(inactive_at=datetime(2026, 11, 1, tzinfo=UTC))


def _switched_off(world):
    Person.objects.filter(pk=world.dora.pk).update(inactive_at=datetime(2026, 11, 1, tzinfo=UTC))


def _gone_elsewhere(world):
    _place_ended(world)
    accounts.join(world.dora, world.other, {"sees": "company", "writes": True})


@pytest.mark.parametrize("leave", [_place_ended, _switched_off, _gone_elsewhere])
def test_who_has_left_is_named_as_an_observer_no_longer_and_told_nothing(world, scene, as_, leave):
    add_observer(scene.ticket.pk, by=Actor(world.carol.pk, Cause.WEB), person_id=world.dora.pk)
    Notice.objects.all().delete()
    OutgoingLetter.objects.all().delete()
    leave(world)
    carol = as_(world.carol)
    for path in (scene.page, scene.observers):
        assert "Dora Клиентова" not in text_of(carol.get(path)), path
    reply(scene.ticket.pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain("Ответ"))
    assert not OutgoingLetter.objects.filter(person=world.dora).exists()
    assert not Notice.objects.filter(person=world.dora).exists()
    assert "Dora Клиентова" in text_of(as_(world.alice).get(f"/desk/tickets/{scene.ticket.number}/history/"))


def test_who_comes_back_observes_as_before(world, scene, as_):
    add_observer(scene.ticket.pk, by=Actor(world.carol.pk, Cause.WEB), person_id=world.dora.pk)
    _place_ended(world)
    Membership.objects.filter(person=world.dora).update(inactive_at=None)
    carol = as_(world.carol)
    assert all("Dora Клиентова" in text_of(carol.get(path)) for path in (scene.page, scene.observers))

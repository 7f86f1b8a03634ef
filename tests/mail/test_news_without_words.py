"""Letters about what the bell tells without anybody writing: a request given, settled by a client, changed by the desk."""

from datetime import timedelta

import pytest

from helpdesk.accounts.actions import create_person
from helpdesk.core import clock, jobs
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail import change_letters
from helpdesk.mail.handlers import UNHEARD
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove


@pytest.fixture
def quiet(ticket):
    """A request about which everybody has had their letters."""
    ticket.first_notice = OutgoingLetter.objects.get(kind="notice").message_id
    OutgoingLetter.objects.all().delete()
    Notice.objects.all().delete()
    return ticket


def letters():
    jobs.run_waiting()
    return list(OutgoingLetter.objects.order_by("pk"))


def plain(letter):
    return letter.text.replace("\xa0", " ").replace("\u202f", " ")


def rung():
    return {(one.person.login, one.kind) for one in Notice.objects.select_related("person")}


@pytest.mark.parametrize(
    ("code", "said"), [("done", "Клиент без текста сообщает, что заявка выполнена"), ("closed", "Клиент закрыл заявку")]
)
def test_what_a_client_settles_is_told_by_letter_to_whom_the_bell_tells(world, quiet, code, said):
    actions.settle(quiet.pk, by=Actor(world.carol.pk), code=code)
    (one,) = letters()
    assert (one.address, one.kind, one.article_id) == ("alice@desk.example", "notice", None)
    assert said in plain(one)
    assert "Карина Белова" in one.text
    assert f"/desk/tickets/{quiet.number}/" in one.text
    assert one.headers["auto_submitted"] == "auto-generated"
    assert one.headers["in_reply_to"] == quiet.first_notice
    assert rung() == {("alice", "settled")}


def test_settled_goes_to_the_responsible_one_alone_in_their_language(world, quiet):
    amy = create_person("agent", "Amy", login="amy", address="amy@desk.example", roles=["support"], language="en")
    actions.set_responsible(quiet.pk, by=Actor(amy.pk), to_id=amy.pk)
    actions.settle(quiet.pk, by=Actor(world.carol.pk), code="closed")
    (one,) = letters()
    assert one.address == "amy@desk.example"
    assert "closed the request without a text" in one.text


def test_answer_with_a_state_is_one_letter(world, quiet):
    actions.reply(quiet.pk, by=Actor(world.carol.pk), body=from_plain("Спасибо, помогло"), then=StateMove("closed"))
    (one,) = letters()
    assert "Спасибо, помогло" in one.text


@pytest.mark.parametrize(
    ("give", "role"), [(actions.give, "исполнителем этой заявки"), (actions.set_responsible, "ответственным за эту")]
)
def test_who_is_given_a_request_gets_a_letter(world, quiet, give, role):
    boss = create_person("agent", "Вера Главная", login="vera", address="vera@desk.example", roles=["support"])
    give(quiet.pk, by=Actor(boss.pk), to_id=world.alice.pk)
    (one,) = letters()
    assert one.address == "alice@desk.example"
    assert role in plain(one)
    assert "Вера Главная" in one.text
    assert one.headers["auto_submitted"] == "auto-generated"
    assert one.headers["in_reply_to"] == quiet.first_notice
    assert rung() == {("alice", "assigned")}


def test_given_by_the_desk_itself_names_nobody(world, quiet):
    actions.give(quiet.pk, by=Actor(None), to_id=world.alice.pk)
    (one,) = letters()
    assert "Теперь вы исполнитель этой заявки." in plain(one)


def test_what_one_does_oneself_gives_no_letter(world, quiet):
    by = Actor(world.alice.pk)
    actions.take(quiet.pk, by=by)
    actions.set_responsible(quiet.pk, by=by, to_id=world.alice.pk)
    actions.release(quiet.pk, by=by)
    actions.set_responsible(quiet.pk, by=by, to_id=None)
    assert letters() == []
    assert rung() == set()


def test_who_answers_what_nobody_owns_gets_no_letter(world, quiet):
    actions.reply(quiet.pk, by=Actor(world.alice.pk), body=from_plain("ответ"))
    assert {one.address for one in letters()} == {"carol@zarya.example"}


def test_the_past_and_who_wants_no_letters_are_left_in_peace(world, quiet):
    actions.give(quiet.pk, by=Actor(None, known={UNHEARD: True}), to_id=world.alice.pk)
    actions.release(quiet.pk, by=Actor(world.alice.pk))
    actions.give(quiet.pk, by=Actor(None, Cause.IMPORT), to_id=world.alice.pk)
    actions.release(quiet.pk, by=Actor(world.alice.pk))
    actions.give(quiet.pk, by=Actor(None), to_id=world.alice.pk, at=clock.now() - timedelta(days=3))
    actions.release(quiet.pk, by=Actor(world.alice.pk))
    world.alice.letters = "none"
    world.alice.save(update_fields=["letters"])
    actions.give(quiet.pk, by=Actor(None), to_id=world.alice.pk)
    assert letters() == []


def later():
    """The letters that stand once what can be undone can be undone no more."""
    jobs.run_waiting(at=clock.now() + timedelta(minutes=1))
    return list(OutgoingLetter.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("clarify", "Служба сопровождения ждёт вашего ответа: заявка теперь в состоянии «На уточнении»."),
        ("closed", "Состояние заявки теперь «Закрыта»."),
        ("autoclose", "Отвечать не нужно"),
    ],
)
def test_what_the_desk_does_without_a_word_comes_by_letter(world, quiet, code, said):
    actions.set_state(quiet.pk, by=Actor(world.alice.pk), to=StateMove(code), why="между нами")
    assert letters() == []
    (one,) = later()
    assert (one.address, one.kind, one.article_id) == ("carol@zarya.example", "notice", None)
    assert said in plain(one) and "между нами" not in one.text
    assert f"/portal/tickets/{quiet.number}/" in one.text
    assert one.headers["auto_submitted"] == "auto-generated"
    assert ("чтобы ответить" in plain(one).lower()) == (code == "clarify")


def test_several_changes_are_one_letter_in_the_readers_language(world, quiet):
    world.carol.language = "en"
    world.carol.save(update_fields=["language"])
    by = Actor(world.alice.pk)
    actions.set_state(quiet.pk, by=by, to=StateMove("review"))
    actions.promise(quiet.pk, by=by, due_at=clock.now() + timedelta(days=1))
    actions.set_state(quiet.pk, by=by, to=StateMove("clarify"))
    (one,) = later()
    assert "waits for your answer" in plain(one) and "An answer is promised by" in plain(one)
    assert "review" not in plain(one).lower()


def test_what_no_longer_stands_or_an_answer_tells_gives_no_letter_of_its_own(world, quiet):
    by = Actor(world.alice.pk)
    event = actions.set_state(quiet.pk, by=by, to=StateMove("closed"))
    actions.undo(quiet.pk, by=by, event_id=event.pk)
    assert later() == []
    actions.set_state(quiet.pk, by=by, to=StateMove("review"))
    actions.reply(quiet.pk, by=by, body=from_plain("Смотрим"))
    (one,) = later()
    assert one.kind == "answer" and "На рассмотрении" in plain(one)


def test_a_withdrawn_promise_is_told_and_a_second_run_writes_nothing(world, quiet):
    by = Actor(world.alice.pk)
    actions.promise(quiet.pk, by=by, due_at=clock.now() + timedelta(days=1))
    assert "Ответ обещан к" in plain(later()[0])
    event = actions.promise(quiet.pk, by=by, due_at=None)
    assert len(later()) == 2
    assert change_letters.write(quiet.pk, since=event.seq) == 0
    assert "больше не действует" in plain(later()[1])


def test_whoever_wants_no_letters_gets_none_of_changes(world, quiet):
    world.carol.letters = "none"
    world.carol.save(update_fields=["letters"])
    actions.close(quiet.pk, by=Actor(world.alice.pk))
    assert later() == []
    assert rung() == {("carol", "changed")}

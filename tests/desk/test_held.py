"""Sending with time to think: the answer waits, is taken back whole, or leaves at the moment that was chosen."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.core import clock, jobs
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Article, Draft
from tests.desk.conftest import address, plain, said
from tests.desk.test_drafts import box

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _delay(settings):
    settings.SEND_DELAY = 15


def send(client, ticket, **more):
    form = {"body": "Здравствуйте", "form_key": "k", "kind": "answer", "next_state": "review", **more}
    return client.post(address(ticket), form, follow=True)


def run(wait):
    """The worker, so much later."""
    with clock.stopped(clock.now() + wait):
        jobs.run_waiting()


def answers():
    return Article.objects.filter(sender="agent")


def test_the_page_counts_and_the_button_brings_everything_back(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    there = send(alice, ticket, attachments=SimpleUploadedFile("акт.txt", b"a"))
    assert there.redirect_chain[-1][0] == f"{address(ticket)}#held"
    assert re.search(r"Ответ уйдёт через \d+ с", plain(there)) and not answers().exists()
    draft = Draft.objects.get()
    assert f'data-tags="keep-drop:{draft.form_key}"' in there.text and box(there)["body"] == ""
    back = alice.post(f"/desk/drafts/{draft.pk}/cancel/", {"number": ticket.number}, follow=True)
    stands = box(back)
    assert (stands["body"], stands["state"], stands["form_key"]) == ("Здравствуйте", "review", "k")
    assert "акт.txt" in back.text
    run(timedelta(minutes=1))
    assert not answers().exists()


def test_the_client_sees_nothing_of_it_before(world, as_):
    ticket = world.ticket()
    send(as_(world.alice), ticket)
    assert not OutgoingLetter.objects.filter(kind="answer").exists()
    assert "Здравствуйте" not in as_(world.carol).get(f"/portal/tickets/{ticket.number}/").text
    run(timedelta(minutes=1))
    assert OutgoingLetter.objects.filter(kind="answer").count() == 1
    assert "Здравствуйте" in as_(world.carol).get(f"/portal/tickets/{ticket.number}/").text


def test_too_late_it_says_so(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    send(alice, ticket)
    draft = Draft.objects.get()
    assert alice.get(f"/desk/drafts/{draft.pk}/waits/").status_code == 204
    run(timedelta(minutes=1))
    late = alice.post(f"/desk/drafts/{draft.pk}/cancel/", {"number": ticket.number}, follow=True)
    assert "Ответ уже ушёл" in plain(late) and answers().count() == 1
    assert alice.get(f"/desk/drafts/{draft.pk}/waits/").json()["sent"]


def test_a_note_does_not_wait(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    send(alice, ticket, kind="note")
    assert answers().count() == 1


def test_a_repeated_click_is_one_answer(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    for _ in range(2):
        send(alice, ticket)
    run(timedelta(minutes=1))
    assert send(alice, ticket).redirect_chain[-1][0].endswith(f"#a{answers().get().seq}")
    assert answers().count() == 1


def test_sending_and_going_on_takes_the_way_back_along(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    alice.get("/desk/?view=open")
    there = send(alice, ticket, kind="answer-next")
    draft = Draft.objects.get()
    assert f"/desk/drafts/{draft.pk}/cancel/" in there.text and "уйдёт через 15 с" in plain(there)


@pytest.mark.parametrize("word", ["hour", "tomorrow", "monday"])
def test_an_answer_is_sent_at_a_chosen_time_and_listed_until_then(world, as_, word):
    ticket, alice = world.ticket(), as_(world.alice)
    there = send(alice, ticket, later=word, unless_client="1", next_state="")
    draft = Draft.objects.get()
    assert clock.now() < draft.send_at < clock.now() + timedelta(days=8)
    assert draft.held["timed"] and draft.held["unless_client"]
    assert "ответ уйдёт" in plain(there) and "если клиент не напишет раньше" in plain(there)
    seen = plain(as_(world.anna).get(address(ticket)))
    assert "Алиса Агентова: ответ уйдёт" in seen and f"/desk/drafts/{draft.pk}/cancel/" not in seen
    assert "уйдёт" in plain(as_(world.alice).get("/desk/drafts/"))
    as_(world.alice).post(f"/desk/drafts/{draft.pk}/now/")
    assert answers().count() == 1


def test_a_time_of_ones_own_is_asked_for_and_looked_at(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    form = {"later": "chosen", "next_state": ""}
    assert said("send_at", "empty") in plain(send(alice, ticket, **form))
    past = send(alice, ticket, **form, send_at="2020-01-01T09:00", form_key="k2")
    assert said("send_at", "has_passed") in plain(past) and box(past)["body"] == "Здравствуйте"
    send(alice, ticket, **form, send_at="2099-01-01T09:00", form_key="k3")
    assert Draft.objects.get(form_key="k3").send_at.year >= 2098


def test_the_client_who_wrote_first_stops_it_and_the_page_says_why(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    send(alice, ticket, later="hour", unless_client="1", next_state="")
    reply(ticket.pk, by=world.by(world.carol), body=from_plain("Уже не нужно"))
    run(timedelta(hours=2))
    there = alice.get(address(ticket))
    assert box(there)["body"] == "Здравствуйте" and "Ответ не отправлен" in plain(there)
    assert "не отправлен" in plain(alice.get("/desk/drafts/")) and not answers().exists()

"""What follows when a letter to a client does not arrive: the request's mark, who hears of it, and never a loop."""

from datetime import timedelta

import pytest
from django.db import connection

from helpdesk.core import clock, jobs
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import ingest, outbox
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.models import Participant
from tests.mail.conftest import open_by

CAROL, DORA, ALICE = "carol@zarya.example", "dora@zarya.example", "alice@desk.example"
NO_USER = "550 5.1.1 No such user here"


@pytest.fixture
def told(world, ticket, sink):
    """Carol's request in «errors», all its letters sent; from now on nobody takes letters to her."""
    outbox.send_due()
    sink.taken.clear()
    sink.refused = {CAROL: NO_USER}
    return ticket


def answer(ticket, person, text="Пересчитали.", **options):
    return actions.reply(ticket.pk, by=Actor(person.pk), body=from_plain(text), **options)


def marked(ticket):
    ticket.refresh_from_db()
    return ticket.undelivered


def history(ticket):
    return list(ticket.events.filter(verb__startswith="letter_").order_by("seq").values_list("verb", "note"))


def test_who_wrote_gets_a_letter_that_says_so(world, told, sink):
    answer(told, world.alice)
    outbox.send_due()
    assert outbox.send_due().sent == 0
    (news,) = sink.taken
    assert news.recipient == ALICE
    text = news.message.get_body(("plain",)).get_content()
    assert "Ответ не дошёл до клиента" in text.replace("\xa0", " ")
    assert CAROL in text and NO_USER in text
    assert f"/desk/tickets/{told.number}/" in text
    assert news.message["Auto-Submitted"] == "auto-generated"
    notice = OutgoingLetter.objects.get(kind="notice", article__isnull=False, person=world.alice)
    assert news.message["In-Reply-To"] == notice.message_id
    assert Notice.objects.get(kind="letter_failed").person == world.alice
    assert marked(told)
    assert history(told) == [("letter_failed", f"{CAROL}: {NO_USER}")]


def test_notice_that_fails_makes_no_notice(world, told, sink):
    sink.refused[ALICE] = NO_USER
    answer(told, world.alice)
    for _ in range(3):
        outbox.send_due()
        jobs.run_waiting()
    assert sink.taken == []
    assert OutgoingLetter.objects.filter(state="failed").count() == 2
    assert OutgoingLetter.objects.exclude(state__in=["failed", "sent"]).count() == 0
    assert Notice.objects.filter(kind="letter_failed").count() == 1


def test_owner_hears_where_the_writer_is_gone(world, told, sink):
    answer(told, world.alice)
    told.owner = world.bob
    told.queue = world.tills
    told.save(update_fields=["owner", "queue"])
    outbox.send_due()
    assert {one.recipient for one in sink.taken} == {"bob@desk.example"}


def test_automatic_answer_that_fails_marks_a_request_of_nobody(world, sink):
    sink.refused = {CAROL: NO_USER}
    ticket = open_by(world.carol, world.errors)
    jobs.run_waiting()
    outbox.send_due()
    assert marked(ticket)
    assert not Notice.objects.filter(kind="letter_failed").exists()


def test_automatic_answer_that_fails_is_told_to_the_owner(world, sink):
    ticket = open_by(world.carol, world.errors)
    actions.take(ticket.pk, by=Actor(world.alice.pk))
    sink.refused = {CAROL: NO_USER}
    outbox.send_due()
    texts = [one.message.get_body(("plain",)).get_content().replace("\xa0", " ") for one in sink.taken]
    assert any("Автоматический ответ не дошёл до клиента" in text for text in texts)


def test_mark_goes_when_the_letter_is_sent_after_all(world, told, sink):
    article = answer(told, world.alice)
    outbox.send_due()
    failed = OutgoingLetter.objects.get(article=article, kind="answer")
    assert failed.failed_at
    outbox.again(failed.pk)
    outbox.send_due()
    assert marked(told), "refused again"
    outbox.again(failed.pk)
    assert marked(told), "not sent yet"
    sink.refused = {}
    outbox.send_due()
    assert not marked(told)
    failed.refresh_from_db()
    assert (failed.state, failed.failed_at) == ("sent", None)
    assert history(told)[-1] == ("letter_delivered", CAROL)


def test_a_letter_that_was_sent_is_not_sent_again_because_its_mark_stays(world, told, sink):
    article = answer(told, world.alice)
    outbox.send_due()
    failed = OutgoingLetter.objects.get(article=article, kind="answer")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION pg_temp.refuse() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'no more history'; END $$;"
            " CREATE TRIGGER refuse BEFORE INSERT ON tickets_ticketevent"
            " FOR EACH ROW WHEN (NEW.verb = 'letter_delivered') EXECUTE FUNCTION pg_temp.refuse()"
        )
    sink.refused = {}
    outbox.again(failed.pk)
    before = len(sink.taken)
    outbox.send_due()
    outbox.send_due()
    failed.refresh_from_db()
    assert (failed.state, len(sink.taken) - before) == ("sent", 1)


def test_mark_stays_until_the_last_of_an_articles_letters_is_sent(world, told, sink):
    Participant.objects.create(ticket=told, person=world.dora, role="observer")
    sink.refused[DORA] = NO_USER
    article = answer(told, world.alice)
    outbox.send_due()
    one, other = OutgoingLetter.objects.filter(article=article, kind="answer")
    sink.refused = {}
    outbox.again(one.pk)
    outbox.send_due()
    assert marked(told)
    outbox.again(other.pk)
    outbox.send_due()
    assert not marked(told)


def test_only_the_desks_last_word_marks_a_request(world, told, sink):
    answer(told, world.alice)
    outbox.send_due()
    actions.note(told.pk, by=Actor(world.alice.pk), body=from_plain("про себя"))
    answer(told, world.carol, "Прочла на странице")
    assert marked(told), "neither a note nor the client's answer tells that the letter arrived"
    sink.refused = {}
    answer(told, world.alice, "Ещё раз")
    assert not marked(told)


def test_older_letter_that_is_given_up_later_marks_nothing(world, told, sink):
    sink.refused = {CAROL: "451 4.7.1 later"}
    answer(told, world.alice)
    outbox.send_due()
    assert not marked(told)
    answer(told, world.alice, "Ещё раз")
    sink.refused = {}
    outbox.send_due()
    sink.refused = {CAROL: NO_USER}
    with clock.stopped(clock.now() + timedelta(hours=1)):
        outbox.send_due()
    assert OutgoingLetter.objects.filter(kind="answer").count() == 2
    assert not marked(told)
    assert len(history(told)) == 1


def test_bounce_marks_the_request_and_is_told_once(world, told, sink):
    sink.refused = {}
    article = answer(told, world.alice)
    outbox.send_due()
    sink.taken.clear()
    sent = OutgoingLetter.objects.get(article=article, kind="answer")
    report = (
        "From: MAILER-DAEMON@mx.example\nTo: support@example.com\nSubject: Undelivered\nReturn-Path: <>\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n"
        f"Final-Recipient: rfc822; {CAROL}\nAction: failed\nStatus: 5.1.1\n\n"
        f"--b\nContent-Type: message/rfc822\n\nMessage-ID: {sent.message_id}\nSubject: x\n\nx\n--b--\n"
    )
    for n in range(2):
        outcome = ingest.receive(f"X-Copy: {n}\n{report}".encode().replace(b"\n", b"\r\n"))
        assert outcome.outcome == "bounce"
    outbox.send_due()
    assert marked(told)
    assert [one.recipient for one in sink.taken] == [ALICE]
    assert len(history(told)) == 1


def test_failing_is_nobodys_answer(world, told, sink):
    """A writer who began before is not told that somebody answered meanwhile."""
    answer(told, world.alice)
    told.refresh_from_db()
    seen = told.last_event_seq
    outbox.send_due()
    assert marked(told)
    answer(told, world.carol, "Пишу дальше", seen=seen)

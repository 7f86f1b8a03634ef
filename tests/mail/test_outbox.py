"""Sending: each letter at least once, with one Message-ID, whatever the mail server does."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connections

from helpdesk.core import clock, jobs
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import outbox, queries, smtp
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from tests.mail.conftest import KEYS, free_port, make_world, open_by


def put(address="carol@zarya.example", **values):
    now = clock.now()
    return OutgoingLetter.objects.create(
        **{
            "address": address,
            "kind": "account",
            "language": "ru",
            "from_address": "support@example.com",
            "message_id": f"<{OutgoingLetter.objects.count()}@example.com>",
            "subject": "Тема",
            "text": "Текст\n",
            "created_at": now,
            "due_at": now,
            **values,
        }
    )


def fresh(letter):
    letter.refresh_from_db()
    return letter


def test_letters_stay_without_a_mail_server(db):
    letter = put()
    assert outbox.send_due().configured is False
    assert fresh(letter).state == "due"
    assert fresh(letter).attempts == 0


def test_sent_letter_keeps_the_servers_words(db, sink):
    letter = put()
    report = outbox.send_due()
    assert (report.sent, report.failed, report.postponed) == (1, 0, 0)
    assert fresh(letter).state == "sent"
    assert letter.server_reply == "250 Queued as 7"
    assert letter.sent_at
    assert sink.taken[0].message["Message-ID"] == letter.message_id
    assert outbox.send_due().sent == 0


def test_writing_an_answer_asks_the_worker_once(world, sink):
    ticket = open_by(world.carol, world.errors)
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("ответ"))
    assert len(jobs.waiting("mail.send_now")) == 1
    jobs.run_waiting()
    assert {one.recipient for one in sink.taken} == {"alice@desk.example", "carol@zarya.example"}
    assert queries.counts() == queries.Counts(waiting=0, sent=3, failed=0)


@pytest.mark.parametrize("reply", ["450 4.2.0 Greylisted", "451 try later", "452 4.3.1 full"])
def test_temporary_refusal_is_tried_again_later_and_later(db, sink, reply):
    letter = put()
    sink.rcpt = reply
    start, waits = clock.now(), []
    at = start
    for _ in range(10):
        with clock.stopped(at):
            outbox.send_due()
        waits.append(fresh(letter).due_at - at)
        at = letter.due_at
    assert [wait.total_seconds() / 60 for wait in waits] == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert reply[:3] in letter.last_error
    sink.rcpt = "250 OK"
    with clock.stopped(at):
        outbox.send_due()
    assert fresh(letter).state == "sent"
    assert len(sink.taken) == 1


def test_given_up_after_five_days(db, sink):
    letter = put(created_at=clock.now() - timedelta(days=5, minutes=1))
    sink.rcpt = "451 try later"
    assert outbox.send_due().failed == 1
    assert fresh(letter).state == "failed"


@pytest.mark.parametrize("reply", ["550 5.1.1 No such user", "552 too big", "554 no"])
def test_permanent_refusal_fails_at_once_and_tells_who_wrote(world, sink, reply):
    ticket = open_by(world.carol, world.errors)
    outbox.send_due()
    article = actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("ответ"))
    sink.refused = {"carol@zarya.example": reply}
    assert outbox.send_due().failed == 1
    letter = OutgoingLetter.objects.get(article=article, kind="answer")
    assert letter.state == "failed"
    assert letter.server_reply == reply
    assert letter.attempts == 1
    assert Notice.objects.get(kind="letter_failed").person == world.alice
    sink.refused = {}
    assert outbox.send_due().sent == 0
    assert outbox.again(letter.pk) is True
    assert outbox.send_due().sent == 1
    assert sink.taken[-1].message["Message-ID"] == letter.message_id


def test_one_bad_address_does_not_hold_up_the_others(db, sink):
    put(address="not an address")
    put()
    report = outbox.send_due()
    assert (report.failed, report.sent) == (1, 1)


def test_cyrillic_domain_goes_through_any_server(db, sink):
    put(address="ivan@почта.рф")
    assert outbox.send_due().sent == 1
    assert sink.taken[0].recipient.startswith("ivan@xn--")


def test_server_that_is_down_ends_the_round_and_spends_one_try(db, settings):
    settings.EMAIL_URL = f"smtp://127.0.0.1:{free_port()}"
    letters = [put() for _ in range(3)]
    report = outbox.send_due()
    assert report.error
    assert report.postponed == 1
    assert sorted(fresh(one).attempts for one in letters) == [0, 0, 1]


def test_line_cut_after_data_sends_again_with_the_same_id(db, sink):
    letter = put()
    sink.data = ["250 Queued CUT"]
    outbox.send_due()
    assert fresh(letter).state == "due"
    with clock.stopped(letter.due_at):
        outbox.send_due()
    assert [one.message["Message-ID"] for one in sink.taken] == [letter.message_id] * 2
    assert fresh(letter).state == "sent"


@pytest.fixture
def another_connection():
    """A second conversation with the same database, as another process has it."""
    other = connections["default"].copy()
    other.settings_dict = {**other.settings_dict, "OPTIONS": {}}
    yield other
    other.close()


def test_letter_of_a_dead_sender_is_taken_over_after_its_lease(transactional_db, sink, another_connection):
    now = clock.now()
    letter = put(state="sending", attempts=1, lease_until=now + timedelta(minutes=10))
    with another_connection.cursor() as cursor:  # somebody sends: it may be their letter
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [outbox._SENDING])
    assert outbox.send_due().sent == 0
    with clock.stopped(now + timedelta(minutes=11)):
        assert outbox.send_due().sent == 1
    assert sink.taken[0].message["Message-ID"] == letter.message_id


def test_letter_of_a_dead_sender_goes_at_once_where_nobody_is_sending(transactional_db, sink, another_connection):
    letter = put(state="sending", attempts=1, lease_until=clock.now() + timedelta(minutes=10))
    with another_connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [outbox._SENDING])
    another_connection.close()  # as when a process is killed
    for _ in range(50):
        if outbox.send_due().sent:
            break
        time.sleep(0.1)  # the database has to notice
    assert [one.message["Message-ID"] for one in sink.taken] == [letter.message_id]


def test_nobody_takes_the_letter_of_one_who_is_sending(transactional_db, sink, another_connection, monkeypatch):
    """Amid the talk with the mail server another sender looks for letters of dead ones, and finds none."""
    put()
    seen = []
    deliver = smtp.deliver

    def look_meanwhile(*given, **named):
        with another_connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [outbox._SENDING])
            seen.append(cursor.fetchone()[0])
        return deliver(*given, **named)

    monkeypatch.setattr(smtp, "deliver", look_meanwhile)
    assert outbox.send_due().sent == 1
    with another_connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [outbox._SENDING])
        assert (seen, cursor.fetchone()[0]) == ([False], True)


def test_sender_that_comes_back_late_does_not_overwrite_its_successor(db):
    letter = put(state="sending", attempts=1, lease_until=clock.now())
    OutgoingLetter.objects.update(attempts=2, state="sent")
    assert outbox._write_down(letter, state="due", due_at=clock.now()) is False
    assert fresh(letter).state == "sent"


def test_encryption_is_not_given_up_for_an_unknown_certificate(db, tls_sink, settings):
    settings.EMAIL_URL = f"smtp+starttls://desk:p%3Ass%2Fword@localhost:{tls_sink.port}"
    letter = put()
    report = outbox.send_due()
    assert "certificate" in report.error.lower()
    assert tls_sink.taken == []
    assert fresh(letter).state == "due"
    assert "p:ss" not in letter.last_error


def test_known_certificate_and_password_are_used(db, tls_sink, settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(KEYS / "localhost.crt"))
    settings.EMAIL_URL = f"smtp+starttls://desk:p%3Ass%2Fword@localhost:{tls_sink.port}"
    put()
    assert outbox.send_due().sent == 1
    settings.EMAIL_URL = f"smtp+starttls://desk:wrong@localhost:{tls_sink.port}"
    put()
    assert outbox.send_due().error.startswith("535")


@pytest.mark.parametrize("url", ["http://x", "smtp://", "smtp://h:99999", "localhost:25", "smtps://h:x"])
def test_setting_that_cannot_be_understood_is_named_without_its_password(url):
    with pytest.raises(smtp.SettingError, match="HELPDESK_EMAIL_URL"):
        smtp.server_of(url)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_senders_at_once_send_each_letter_once(sink):
    make_world()
    for _ in range(30):
        put()

    def work():
        try:
            outbox.send_due()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [one.message["Message-ID"] for one in sink.taken]
    assert len(ids) == len(set(ids)) == 30

"""Reports that a letter of ours did not arrive."""

import threading

import pytest
from django.db import connections

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail.ingest import receive
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.models import Ticket, TicketEvent
from tests.mail.conftest import make_world, open_by


def answer_of(ticket, person):
    """The letter that carried an agent's answer."""
    article = actions.reply(ticket.pk, by=Actor(person.pk), body=from_plain("Ответ специалиста"))
    return OutgoingLetter.objects.get(article=article, kind="answer")


def bounce(original, *, status="5.1.1", action="failed"):
    return (
        "From: MAILER-DAEMON@mx.example\r\nTo: support@example.com\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Message-ID: <b{status}@mx.example>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; carol@zarya.example\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {original}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()


def test_bounce_marks_our_letter_tells_the_agent_and_is_not_answered(world, ticket):
    sent = answer_of(ticket, world.alice)
    count = OutgoingLetter.objects.count()
    outcome = receive(bounce(sent.message_id))
    sent.refresh_from_db()
    assert (outcome.outcome, outcome.ticket, outcome.article) == ("bounce", ticket.number, None)
    assert sent.state == "failed"
    assert "5.1.1" in sent.last_error
    assert Notice.objects.get(kind="letter_failed").person == world.alice
    (news,) = OutgoingLetter.objects.order_by("pk")[count:]
    assert (news.kind, news.address) == ("notice", "alice@desk.example")
    assert Ticket.objects.count() == 1


def test_bounce_that_is_a_delay_or_of_a_stranger_marks_nothing(world, ticket):
    sent = answer_of(ticket, world.alice)
    assert receive(bounce(sent.message_id, status="4.4.1", action="delayed")).outcome == "bounce"
    assert receive(bounce("<foreign@x>")).outcome == "bounce"
    sent.refresh_from_db()
    assert sent.state == "due"
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_several_reports_of_one_letter_at_once_are_told_once():
    world = make_world()
    ticket = open_by(world.carol, world.errors)
    sent = answer_of(ticket, world.alice)

    def work(turn):
        try:
            receive(bounce(sent.message_id, status=f"5.1.{turn}"))
        finally:
            connections.close_all()

    readers = [threading.Thread(target=work, args=(turn,)) for turn in range(1, 5)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert TicketEvent.objects.filter(verb="letter_failed").count() == 1
    assert Notice.objects.filter(kind="letter_failed").count() == 1

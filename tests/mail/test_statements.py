"""What a letter costs the database. Counted, since times change from machine to machine."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import ingest
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import actions
from helpdesk.tickets.models import Queue
from tests.mail.conftest import letter


def statements_of(octets):
    """How many statements a letter costs; where its transactions begin and end apart."""
    with CaptureQueriesContext(connection) as captured:
        assert ingest.receive(octets).outcome in {"new_ticket", "follow_up"}
    bounds = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
    return sum(not query["sql"].startswith(bounds) for query in captured.captured_queries)


def test_letter_costs_few_statements(world, ticket):
    ingest.receive(letter(subject="Первое"))  # what is looked up once a process is known now
    with_answer = statements_of(letter(subject="Второе", files=[("скан.pdf", b"%PDF-1")]))
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    sent = OutgoingLetter.objects.get(kind="answer")
    follow_up = statements_of(letter(to=sent.reply_to, headers=[("In-Reply-To", sent.message_id)]))
    Queue.objects.filter(pk=world.inbox.pk).update(auto_reply_ru="", auto_reply_en="")
    without_answer = statements_of(letter(subject="Без автоответа"))
    assert with_answer <= 37  # its letter too; one asks who watches
    assert without_answer <= 26
    assert follow_up <= 28  # three note what its writer has read

"""Whoever answers a letter has read it, and no more than it."""

from helpdesk.core import jobs
from helpdesk.notices.models import Notice
from helpdesk.tickets.models import ReadMark
from tests.mail.conftest import letter
from tests.mail.test_ingest import answer_of, receive


def read_of(person):
    """How far somebody has read their one request, and whether news of it are left."""
    seq = ReadMark.objects.filter(person=person).values_list("seq", flat=True).first() or 0
    return seq, Notice.objects.filter(person=person, read_at=None).exists()


def test_whoever_answers_a_letter_has_read_it(world, ticket):
    sent = answer_of(ticket, world.alice, "Какой период?")
    jobs.run_waiting()
    assert read_of(world.carol)[1]
    answer = letter(to=sent.reply_to, subject="Re", text="За май", headers=[("In-Reply-To", sent.message_id)])
    assert receive(answer).outcome == "follow_up"
    assert read_of(world.carol) == (ticket.articles.count(), False)


def test_an_answer_to_an_older_letter_leaves_what_came_since_unread(world, ticket):
    older = answer_of(ticket, world.alice, "Какой период?")
    newer = answer_of(ticket, world.alice, "Уже нашли, спасибо.")
    jobs.run_waiting()
    receive(letter(to=older.reply_to, text="За май", headers=[("In-Reply-To", older.message_id)]))
    assert read_of(world.carol) == (older.article.seq, True) and newer.article.seq > older.article.seq


def test_a_letter_that_names_none_of_ours_tells_nothing_of_reading(world, ticket):
    sent = answer_of(ticket, world.alice, "Какой период?")
    jobs.run_waiting()
    assert receive(letter(to=sent.reply_to, text="За май")).outcome == "follow_up"
    assert read_of(world.carol) == (0, True)

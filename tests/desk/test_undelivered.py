"""What the desk's pages say of a letter that did not reach the client; its client's pages say nothing."""

import re
from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.mail import outbox
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.actions import reply
from tests.desk.conftest import address, plain
from tests.mail.conftest import Sink, _served
from tests.statements import statements_of

CAROL = "carol@example.com"
NO_USER = "550 5.1.1 <b>No such user</b>"


@pytest.fixture
def sink(settings):
    yield from _served(Sink(), settings=settings)


@pytest.fixture
def ticket(world, sink):
    opened = world.ticket()
    outbox.send_due()
    return opened


def answered(world, ticket, sink, said=NO_USER):
    sink.refused = {CAROL: said}
    article = reply(ticket.pk, by=world.by(world.alice), body=from_plain("Пересчитали"))
    outbox.send_due()
    return article


def article_of(page, seq):
    return re.search(rf'<article [^>]*id="a{seq}".*?</article>', page, re.DOTALL).group(0)


def test_article_says_that_its_letter_was_refused(world, ticket, sink, as_):
    article = answered(world, ticket, sink)
    shown = article_of(plain(as_(world.alice).get(address(ticket))), article.seq)
    assert f"Письмо не ушло: {CAROL}" in shown
    assert "banner--bad" in shown
    assert "550 5.1.1 &lt;b&gt;No such user&lt;/b&gt;" in shown
    assert re.search(r"Не доставлено: сегодня, \d\d:\d\d", shown)
    other = article_of(plain(as_(world.alice).get(address(ticket))), 1)
    assert "Письмо" not in other


def test_automatic_answer_says_so_too(world, sink, as_):
    sink.refused = {CAROL: NO_USER}
    ticket = world.ticket()
    outbox.send_due()
    shown = article_of(plain(as_(world.alice).get(address(ticket))), 2)
    assert f"Письмо не ушло: {CAROL}" in shown
    assert "отправлен клиенту" not in shown


def test_what_waits_for_another_try_is_said_quietly(world, ticket, sink, as_):
    article = answered(world, ticket, sink, "451 4.7.1 Greylisted")
    shown = article_of(plain(as_(world.alice).get(address(ticket))), article.seq)
    assert f"Письмо пока не ушло: {CAROL}" in shown
    assert "banner--bad" not in shown
    sink.refused = {}
    with clock.stopped(clock.now() + timedelta(hours=1)):
        outbox.send_due()
        assert "Письмо" not in article_of(plain(as_(world.alice).get(address(ticket))), article.seq)


def test_english_reader_reads_it_in_english(world, ticket, sink, as_):
    article = answered(world, ticket, sink)
    world.alice.language = "en"
    world.alice.save(update_fields=["language"])
    shown = article_of(plain(as_(world.alice).get(address(ticket))), article.seq)
    assert f"The letter was not delivered: {CAROL}" in shown


@pytest.mark.parametrize("place", ["/desk/?view=open", "/desk/search/?q=Ошибка"])
def test_row_of_the_list_is_marked_until_the_letter_is_sent(world, ticket, sink, as_, place):
    def mark():
        return 'aria-label="Письмо не ушло"' in plain(as_(world.alice).get(place))

    assert not mark()
    article = answered(world, ticket, sink)
    assert mark()
    outbox.again(OutgoingLetter.objects.get(article=article, kind="answer").pk)
    sink.refused = {}
    outbox.send_due()
    assert not mark()


def test_history_names_the_address_and_what_was_said(world, ticket, sink, as_):
    answered(world, ticket, sink)
    page = plain(as_(world.alice).get(address(ticket, "history")))
    assert "письмо не доставлено" in page
    assert CAROL in page


def test_client_sees_nothing_of_it(world, ticket, sink, as_):
    answered(world, ticket, sink)
    for place in (f"/portal/tickets/{ticket.number}/", "/portal/mine/"):
        page = plain(as_(world.carol).get(place))
        assert ticket.subject in page
        assert "Письмо не" not in page and "5.1.1" not in page and "mail-warning" not in page


def test_no_statement_more(world, ticket, sink, as_):
    client = as_(world.alice)

    def statements(place):
        return len(statements_of(client, place))

    before = [statements(place) for place in ("/desk/?view=open", address(ticket))]
    answered(world, ticket, sink)
    assert [statements(place) for place in ("/desk/?view=open", address(ticket))] == before

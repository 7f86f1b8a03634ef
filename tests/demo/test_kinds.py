"""Each kind of thing that the pages can show is in the demo world; and its letters are letters."""

from datetime import UTC, datetime
from email import message_from_bytes
from random import Random
from zoneinfo import ZoneInfo

import pytest
from django.db.models import F

from helpdesk.accounts.models import Membership
from helpdesk.core import clock, files
from helpdesk.demo.content import CLIENTS
from helpdesk.demo.content.attachments import build
from helpdesk.demo.letters import Quoted, Sheet, octets
from helpdesk.mail.models import RawLetter
from helpdesk.mail.parse import parse
from helpdesk.tickets.models import Article, Attachment, Link, Participant, Ticket, TicketEvent
from tests.demo.world import made_once_and_interesting

pytestmark = pytest.mark.e2e

FRIDAY = datetime(2026, 11, 27, 17, 10, tzinfo=ZoneInfo("Europe/Moscow"))


@pytest.mark.django_db(transaction=True)
def test_demo_world_holds_each_kind():
    with clock.stopped(FRIDAY):
        made_once_and_interesting(requests=130)
        promised_times_differ_and_lie_on_both_sides()
    one_client_reads_only_and_has_something_to_read()
    letters_are_raw_and_became_articles()
    formatted_articles_by_page_and_by_mail()
    letters_were_sorted_by_people()
    beside = Ticket.objects.filter(responsible__isnull=False, owner__isnull=False).exclude(responsible=F("owner"))
    assert beside.exists()
    assert Link.objects.count() > 2
    observed = Participant.objects.select_related("ticket", "person")
    assert observed.exists()
    assert all(one.person.memberships.filter(company=one.ticket.company).exists() for one in observed)


def letters_are_raw_and_became_articles():
    rows = list(RawLetter.objects.select_related("article", "ticket"))
    assert len(rows) == Article.objects.filter(channel="mail").count() > 20
    assert {(row.state, row.outcome) for row in rows} == {("done", "new_ticket"), ("done", "follow_up")}
    for row in rows:
        head = message_from_bytes(files.read(row.blob_id))
        assert row.article.message_id == row.message_id == head["Message-ID"]
        assert row.from_address in head["From"]
        assert row.article.ticket_id == row.ticket_id
    assert len({row.message_id for row in rows}) == len(rows)


def formatted_articles_by_page_and_by_mail():
    formatted = Article.objects.exclude(html="")
    for channel, sender in (("web", "client"), ("web", "agent"), ("mail", "client")):
        assert formatted.filter(channel=channel, sender=sender, html__contains="<table>").exists(), (channel, sender)
    assert formatted.filter(channel="web", html__contains="<ol><li>").exists()
    assert formatted.filter(channel="web", html__contains="<b>").exists()
    quoting = Article.objects.filter(channel="mail").exclude(folded_text="")
    assert quoting.filter(folded_text__contains="пишет:").exists()
    assert quoting.filter(folded_text__contains="Исходное сообщение").exists()
    shown = Attachment.objects.filter(inline=True, content_type="image/png", article__html__contains="cid:picture1")
    assert shown.exists()


def promised_times_differ_and_lie_on_both_sides():
    times = list(Ticket.objects.filter(phase="open", due_at__isnull=False).values_list("due_at", flat=True))
    assert len(times) > 8
    assert len(set(times)) == len(times)
    assert min(times) < clock.now() < max(times)


def letters_were_sorted_by_people():
    moved = TicketEvent.objects.filter(ticket__channel="mail", field="queue", actor__login__in=["agent1", "agent2"])
    assert moved.exists()
    assert Ticket.objects.filter(channel="mail").exclude(queue__key__in=["inbox", "subscribers"]).exists()
    assert TicketEvent.objects.filter(ticket__channel="mail", field="category").exists()


def one_client_reads_only_and_has_something_to_read():
    readers = Membership.objects.filter(writes=False)
    assert [(one.person.login, one.sees) for one in readers] == [("demidov", "company")]
    company = readers[0].company
    assert Ticket.objects.filter(company=company).exists()
    assert not Article.objects.filter(author__login="demidov").exists()
    known = Membership.objects.filter(person__login__in=["client1", "client2", "client3"])
    assert all(one.writes for one in known)


def test_contract_clients_write():
    assert all(person.writes for person in CLIENTS if person.login in {"client1", "client2", "client3"})


AT = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
QUOTED = Quoted("Анна Ковалёва", "support@example.com", AT, "Здравствуйте!\nУточните адрес.")
WRITERS = {"outlook": "a@uk.example", "webmail": "c@uk.example", "plain": "b@uk.example"}


@pytest.mark.parametrize("program", WRITERS)
def test_letter_reads_back_as_it_was_written(program):
    act, register = build("act_pdf", Random(1)), build("register_bank", Random(1))
    sheet = Sheet(
        name="Ольга Руднева", address=WRITERS[program], to="support@example.com", at=AT,
        subject="Показания не совпадают с актом, Садовая ул., д. 14, и ещё немного слов", quoted=QUOTED,
        text="Добрый день!\n\nАдрес — Садовая, 14.", attached=[act, register], references=["<1@uk.example>"],
    )  # fmt: skip
    assert sheet.program == program
    assert octets(sheet) == octets(sheet)
    letter = parse(octets(sheet))
    assert letter.visible_text.strip() == sheet.text
    assert "Уточните адрес." in letter.folded_text
    assert (letter.subject, letter.from_.name, letter.from_.address) == (sheet.subject, sheet.name, sheet.address)
    assert [(one.filename, one.content) for one in letter.attachments] == [(act[0], act[2]), (register[0], register[2])]
    assert (letter.message_id, letter.in_reply_to) == (sheet.message_id, "<1@uk.example>")
    assert letter.defects == []


def test_picture_stands_within_the_letter():
    picture = build("screenshot_error", Random(1))
    sheet = Sheet(
        name="О", address="a@uk.example", to="support@example.com", subject="Ошибка", at=AT, picture=picture,
        html="<p>Вот такая страница:</p><table><tr><td>1</td></tr></table>",
    )  # fmt: skip
    letter = parse(octets(sheet))
    assert "<table>" in letter.html
    assert 'src="cid:picture1"' in letter.html
    assert [(one.filename, one.inline, one.content_id) for one in letter.attachments] == [
        (picture[0], True, "picture1")
    ]

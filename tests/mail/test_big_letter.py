"""A letter with five megabytes of text: taken, answered, its text kept within the limit of a request and whole as a file."""

import time

import pytest

from helpdesk.core.files import path_of
from helpdesk.mail.ingest import receive
from helpdesk.mail.parse import parse
from helpdesk.tickets.models import Article, Ticket

FIVE_MEGABYTES = 5_000_000


def letter(text, subtype="plain"):
    head = (f"From: Petr <petr@example.org>\r\nTo: support@example.com\r\nSubject: Long\r\nMessage-ID: <{subtype}@example.org>\r\n"
            f"MIME-Version: 1.0\r\nContent-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n")  # fmt: skip
    return head.encode() + text.encode()


@pytest.mark.parametrize(
    "text", ["слово за словом\r\n" * 180_000, "a" * FIVE_MEGABYTES, "> цитата\r\n" * 320_000, "\u200b" * 1_700_000]
)
def test_five_megabytes_of_text_are_read_in_time_and_nothing_is_lost_silently(text):
    raw = letter(text)
    assert len(raw) >= FIVE_MEGABYTES
    begun = time.process_time()
    found = parse(raw)
    assert time.process_time() - begun < 10
    assert "\n".join(segment.text for segment in found.segments) == found.text
    assert len(found.text) >= len(text.replace("\r\n", "\n").strip()) or found.defects or found.attachments


@pytest.mark.parametrize("markup", ["<p>слово за словом</p>" * 150_000, "<b>" * 1_700_000, "<a " * 1_700_000])
def test_five_megabytes_of_markup_are_read_in_time(markup):
    begun = time.process_time()
    found = parse(letter(markup, "html"))
    assert time.process_time() - begun < 20
    assert found.auto_reason != "unreadable"


@pytest.mark.parametrize("text", ["слово за словом\r\n" * 180_000, "a" * FIVE_MEGABYTES])
def test_five_megabytes_by_mail_become_a_request_that_opens(world, client, text):
    outcome = receive(letter(text))
    assert outcome.outcome == "new_ticket"
    article = Article.objects.get(pk=outcome.article)
    whole = [f for f in article.attachments.all() if path_of(f.blob_id).stat().st_size >= len(text.encode()) * 0.9]
    assert whole or len(article.text) >= len(text.replace("\r\n", "\n").strip())  # nothing is cut without a trace
    assert Ticket.objects.get().number == outcome.ticket

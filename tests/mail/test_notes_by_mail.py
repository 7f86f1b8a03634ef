"""Notes that specialists write by answering our letters: what is kept of the letter, and for whom its id threads."""

import json

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import ingest, threads
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import actions
from helpdesk.tickets.models import Article
from tests.mail.conftest import letter


def test_note_keeps_of_its_letter_what_a_clients_answer_keeps(world, ticket):
    notice = OutgoingLetter.objects.get(kind="notice", person=world.alice)
    octets = letter(
        "Алиса Смирнова <alice@desk.example>", to=f"{notice.reply_to}, Борис <bob@desk.example>",
        subject=f"Re: {notice.subject}", text="посмотрю завтра\n\n> Прошу проверить лицевой счёт.\n",
        headers=[("Cc", "dora@zarya.example")], message_id="<note@desk.example>",
    )  # fmt: skip
    note = Article.objects.get(pk=ingest.receive(octets).article)
    assert (note.channel, note.visible_to_client) == ("mail", False)
    assert note.from_address == "Алиса Смирнова <alice@desk.example>"
    assert [one["address"] for one in note.to_addresses] == [notice.reply_to, "bob@desk.example"]
    assert [one["address"] for one in note.cc_addresses] == ["dora@zarya.example"]
    assert note.subject == f"Re: {notice.subject}"
    assert note.message_id == "<note@desk.example>"
    assert (note.text, note.folded_text.strip()) == ("посмотрю завтра", "> Прошу проверить лицевой счёт.")
    html = "<p>Смотрите <b>акт</b></p>"
    marked = ingest.receive(letter("alice@desk.example", to=notice.reply_to, text="Смотрите акт", html=html))
    assert "<b>акт</b>" in Article.objects.get(pk=marked.article).html


def test_note_without_a_word_is_kept_as_a_clients_letter_would_be(world, ticket):
    notice = OutgoingLetter.objects.get(kind="notice", person=world.alice)
    outcome = ingest.receive(letter("alice@desk.example", to=notice.reply_to, text="\n"))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)


def test_later_letters_thread_by_a_notes_id_for_its_writer_alone(world, ticket):
    notice = OutgoingLetter.objects.get(kind="notice", person=world.alice)
    ingest.receive(letter("alice@desk.example", to=notice.reply_to, text="про себя", message_id="<note@desk.example>"))
    (known,) = threads.known(["<note@desk.example>"], given_out=False)
    assert known.ticket == ticket
    found = threads.references(ticket, [world.alice, world.carol, world.bob])
    assert found[world.alice.pk][-1] == "<note@desk.example>"
    assert "<note@desk.example>" not in found[world.carol.pk] + found[world.bob.pk]
    article = actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    sent = OutgoingLetter.objects.get(article=article, kind="answer")
    assert "<note@desk.example>" not in json.dumps(sent.headers)
    carols = letter(headers=[("In-Reply-To", "<note@desk.example>")], text="и я")
    assert ingest.receive(carols).ticket == ticket.number
    daves = letter("dave@other.example", headers=[("In-Reply-To", "<note@desk.example>")], text="чужой")
    assert ingest.receive(daves).ticket != ticket.number

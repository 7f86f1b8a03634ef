"""What the desk writes, to whom, and in which words."""

from datetime import timedelta

import pytest

from helpdesk.accounts.actions import change_password, create_person, invite
from helpdesk.core import clock, files, jobs
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import RichText, from_plain
from helpdesk.mail import addresses, compose, outbox, sorting
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile, StateMove
from helpdesk.tickets.models import Participant, Ticket
from tests.mail.conftest import open_by


def letters(**wanted):
    """What stands in the outbox once the worker has done what waits."""
    jobs.run_waiting()
    return list(OutgoingLetter.objects.filter(**wanted).order_by("pk"))


def reply(ticket, person, text="Пересчитали, проверьте.", **options):
    return actions.reply(ticket.pk, by=Actor(person.pk), body=from_plain(text), **options)


def sent(sink):
    outbox.send_due()
    return sink.taken


def body(taken, kind="plain"):
    return taken.message.get_body((kind,)).get_content()


def test_new_request_tells_the_queue_and_answers_the_author(world, ticket):
    notice, answer = letters(kind="notice"), letters(kind="auto_answer")
    assert [one.address for one in notice] == ["alice@desk.example"]
    assert [one.address for one in answer] == ["carol@zarya.example"]
    assert (
        answer[0].subject == f"[#{ticket.number}] Ваша заявка получена: {ticket.subject}"
    )  # signed in: their own words
    assert ticket.subject not in answer[0].text + answer[0].html
    assert "сальдо" in notice[0].subject
    assert "/desk/tickets/" in notice[0].text
    assert "внутренней заметкой" in notice[0].text


def test_automatic_answer_has_the_headers_of_rfc_3834_and_the_null_path(world, ticket, sink):
    taken = next(one for one in sent(sink) if one.recipient == "carol@zarya.example")
    assert taken.sender == "<>"
    assert taken.message["Auto-Submitted"] == "auto-replied"
    assert taken.message["X-HelpDesk-Loop"] == addresses.loop_mark()
    assert f"№ {ticket.number}" in body(taken).replace("\u00a0", " ").replace("\u202f", "")


def plain(text):
    return text.replace("\u00a0", " ")


def test_automatic_answer_tells_a_client_of_the_page_once(world, ticket):
    (one,) = letters(kind="auto_answer")
    for said in (plain(one.text), plain(one.html)):
        assert said.count("напишите на её странице") == 1
        assert said.count("ответьте на это письмо") == 1
        assert said.count("новую заявку создавать не нужно") == 1


def test_contact_hears_nothing_of_a_page(world):
    from helpdesk.accounts.actions import contact_for

    person = contact_for("home@mail.example", "Жилец", language="ru", at=clock.now())
    article = actions.open_ticket(
        by=Actor(None, Cause.MAIL), author_id=person.pk, queue_id=world.inbox.pk, subject="x", body=from_plain("y")
    )
    big = [NewFile(files.store(b"b" * (26 * 1024 * 1024)), "большой.bin")]
    actions.reply(article.ticket_id, by=Actor(world.alice.pk), body=from_plain("Ответ"), attachments=big)
    found = letters(person=person)
    assert {one.kind for one in found} == {"auto_answer", "answer"}
    for one in found:
        for said in (plain(one.text), plain(one.html)):
            assert "страниц" not in said
            assert "/portal/" not in said
            assert said.count("ответьте на это письмо") == 1
    assert "Файлы, которые не поместились в письмо:" in plain(found[-1].text)


def test_texts_of_the_demo_queues_leave_to_the_letter_how_to_answer():
    from helpdesk.demo.content.queues import QUEUES

    for queue in QUEUES:
        for text in (queue.auto_reply_ru, queue.auto_reply_en):
            assert "{number}" in text
            assert not any(word in text for word in ("её странице", "это письмо", "this letter", "request's page"))


def test_number_is_grouped_in_texts_and_whole_in_the_subject(world, ticket):
    reply(ticket, world.alice)
    one = letters(kind="answer")[-1]
    shown = f"{ticket.number[:3]}\u202f{ticket.number[3:]}"
    assert f"Заявка № {shown} " in plain(one.text)
    assert shown in one.html
    assert one.subject.startswith(f"[#{ticket.number}] ")
    assert f"/tickets/{ticket.number}/" in one.text
    assert sorting.numbers_in(f"Re: № {shown}") == [ticket.number]


def test_answer_goes_to_the_author_with_thread_token_and_files(world, ticket, sink):
    stored = files.store(b"%PDF-1.4 act")
    reply(ticket, world.alice, attachments=[NewFile(stored, "акт сверки.pdf", "application/pdf")])
    taken = sent(sink)[-1]
    message = taken.message
    assert taken.recipient == "carol@zarya.example"
    assert message["Subject"] == f"[#{ticket.number}] Не сходится сальдо"
    assert message["From"] == "Алиса Смирнова — Служба сопровождения <support@example.com>"
    assert "Auto-Submitted" not in message
    tag = addresses.tag_of(message["Reply-To"].addresses[0].addr_spec)
    assert tag.number == ticket.number
    assert addresses.owner_of(tag, [world.carol.pk]) == world.carol.pk
    automatic = letters(kind="auto_answer")[0]
    assert message["In-Reply-To"] == automatic.message_id
    assert automatic.message_id in message["References"]
    assert [part.get_filename() for part in message.iter_attachments()] == ["акт сверки.pdf"]
    assert "Пересчитали" in body(taken)
    assert f"/portal/tickets/{ticket.number}/" in body(taken)
    assert "Пересчитали" in body(taken, "html")


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("Пересчитали, проверьте.", 1),
        ("Пересчитали.\n\nС уважением,\nАлиса Смирнова", 1),
        ("Готово. Смирнова А. П.", 0),
    ],
)
def test_a_letter_tells_once_who_answered(world, ticket, text, times):
    reply(ticket, world.alice, text)
    (one,) = letters(kind="answer")
    for said in (one.text, one.html):
        assert plain(said).count("Алиса Смирнова") == times


def test_letter_is_in_the_readers_language(world, sink):
    world.carol.language = "en"
    world.carol.save()
    reply(open_by(world.carol, world.errors), world.alice)
    to_carol = [one for one in sent(sink) if one.recipient == "carol@zarya.example"]
    assert "To answer, simply reply to this letter." in body(to_carol[-1])


def test_letter_says_when_the_request_closes_in_the_readers_zone(world, ticket):
    world.carol.time_zone = "Asia/Vladivostok"
    world.carol.save()
    reply(ticket, world.alice, then=StateMove("autoclose"))
    text = letters(kind="answer")[-1].text.replace("\u00a0", " ")
    until = Ticket.objects.get(pk=ticket.pk).pending_until
    assert "Заявка выполнена и ожидает автозакрытия: она закроется сама" in text
    assert "Отвечать не нужно." in text
    assert f"{until + timedelta(hours=10):%d.%m.%Y %H:%M} (UTC+10)" in text


def test_automatic_closing_tells_the_author_as_a_machine_does(world, ticket):
    reply(ticket, world.alice, then=StateMove("autoclose"))
    with clock.stopped(clock.now() + timedelta(days=2)):
        actions.close_due(ticket.pk, at=clock.now())
    closing = letters(kind="answer")[-1]
    assert closing.headers["auto_submitted"] == "auto-generated"
    assert closing.person == world.carol
    assert closing.from_name == "Служба сопровождения" and "Алиса" not in closing.text


def test_clients_answer_goes_to_the_responsible_else_the_owner_else_the_queue(world, ticket):
    other = create_person("agent", "Ольга", login="olga", address="olga@desk.example", roles=["support"])
    OutgoingLetter.objects.all().delete()
    reply(ticket, world.carol, "первое")
    assert {one.person for one in letters()} == {world.alice, other}
    OutgoingLetter.objects.all().delete()
    actions.give(ticket.pk, by=Actor(world.alice.pk), to_id=world.alice.pk)
    reply(ticket, world.carol, "второе")
    assert [one.person for one in letters()] == [world.alice]
    OutgoingLetter.objects.all().delete()
    actions.set_responsible(ticket.pk, by=Actor(world.alice.pk), to_id=other.pk)
    OutgoingLetter.objects.all().delete()  # that they are the responsible one now
    reply(ticket, world.carol, "третье")
    assert [one.person for one in letters()] == [other]


def test_owner_who_lost_the_queue_gets_nothing(world, ticket):
    actions.take(ticket.pk, by=Actor(world.alice.pk))
    world.alice.roles.clear()
    OutgoingLetter.objects.all().delete()
    reply(ticket, world.carol)
    assert letters() == []


def test_internal_note_leaves_no_letter(world, ticket):
    OutgoingLetter.objects.all().delete()
    actions.note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("канарейка"))
    assert letters() == []


def test_participants_of_the_company_get_the_answer_strangers_do_not(world, ticket):
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    Participant.objects.create(ticket=ticket, person=world.dave, role="copy")
    reply(ticket, world.alice)
    assert {one.person for one in letters(kind="answer")} == {world.carol, world.dora}
    assert len({one.reply_to for one in letters(kind="answer")}) == 2


def test_who_wants_no_letters_gets_none_about_answers_but_about_the_password(world, ticket):
    world.carol.letters = "none"
    world.carol.save()
    OutgoingLetter.objects.all().delete()
    reply(ticket, world.alice)
    assert letters() == []
    change_password(world.carol, "a long enough secret 1")
    assert [one.kind for one in letters()] == ["account"]
    assert "изменён" in letters()[0].subject


def test_invitation_holds_the_link(world):
    invite(world.dora, by=world.alice)
    one = letters(kind="account")[0]
    assert "http://testserver/" in one.text
    assert "dora" in one.text
    assert one.address == "dora@zarya.example"


def test_link_of_a_password_is_forgotten_once_it_is_sent(world, sink):
    invite(world.dora, by=world.alice)
    assert "http://testserver/" in body(sent(sink)[-1])
    one = letters(kind="account")[0]
    assert "http" not in one.text + one.html
    assert "dora" in one.text


def test_article_of_long_ago_and_import_write_no_letters(world):
    from helpdesk.tickets.models import Channel

    old = clock.now() - timedelta(days=30)
    actions.open_ticket(by=Actor(world.carol.pk), queue_id=world.errors.pk, subject="x", body=from_plain("y"), at=old)
    actions.open_ticket(
        by=Actor(None, Cause.IMPORT),
        author_id=world.carol.pk,
        queue_id=world.errors.pk,
        subject="x",
        body=from_plain("y"),
        channel=Channel.WEB,
    )
    assert [one for one in letters() if one.kind == "notice"] == []


def test_files_over_ten_megabytes_are_named_not_attached(world, ticket, sink):
    small, big = files.store(b"a" * 1000), files.store(b"b" * (10 * 1024 * 1024))
    reply(ticket, world.alice, attachments=[NewFile(small, "малый.txt", "text/plain"), NewFile(big, "большой.bin")])
    taken = sent(sink)[-1]
    assert [part.get_filename() for part in taken.message.iter_attachments()] == ["малый.txt"]
    assert "большой.bin (10 МБ)" in body(taken).replace("\u00a0", " ")


def test_pictures_of_the_text_go_along_with_it(world, ticket, sink):
    stored = files.store(b"\x89PNG\r\n\x1a\n1234")
    reply_with = RichText("см. рисунок", '<p>см. рисунок <img src="cid:pic@1"></p>')
    actions.reply(
        ticket.pk,
        by=Actor(world.alice.pk),
        body=reply_with,
        attachments=[NewFile(stored, "p.png", "image/png", inline=True, content_id="pic@1")],
    )
    message = sent(sink)[-1].message
    related = [part for part in message.walk() if part["Content-ID"] == "<pic@1>"]
    assert len(related) == 1
    assert related[0].get_content_type() == "image/png"
    assert "cid:pic@1" in message.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    "evil",
    [
        "x\r\nBcc: victim@example.net",
        "x\nSubject: second",
        "x\u2028Bcc: a@b.c",
        "x\x85Bcc: a@b.c",
        "=?utf-8?q?x=0D=0ABcc:_a@b.c?=",
    ],
)
def test_nothing_in_subject_name_or_file_makes_a_header(world, sink, evil):
    from helpdesk.accounts.models import Person
    from helpdesk.tickets.models import Attachment

    Person.objects.filter(pk=world.carol.pk).update(name=evil)
    ticket = open_by(world.carol, world.errors)
    Ticket.objects.filter(pk=ticket.pk).update(subject=evil)
    reply(ticket, world.alice, attachments=[NewFile(files.store(b"1"), "a.txt")])
    Attachment.objects.update(filename=evil)
    OutgoingLetter.objects.update(subject=evil, name=evil, from_name=evil)
    for taken in sent(sink):
        head = taken.octets.split(b"\r\n\r\n")[0]
        names = [line.split(b":")[0].lower() for line in head.split(b"\r\n") if not line.startswith((b" ", b"\t"))]
        assert names.count(b"subject") == 1
        assert b"bcc" not in names
        assert taken.message["Bcc"] is None


def test_long_references_are_folded_and_never_encoded(world, ticket, sink):
    from helpdesk.mail import threads

    for n in range(12):
        threads.remember(f"<{'x' * 120}{n}@client.example>", ticket_id=ticket.pk, article_id=None)
    reply(ticket, world.alice)
    raw = sent(sink)[-1].octets
    head = raw.split(b"\r\n\r\n")[0]
    assert b"=?" not in head.split(b"References:")[1].split(b"X-HelpDesk-Loop")[0]
    assert max(len(line) for line in head.split(b"\r\n")) < 998
    assert f"{'x' * 120}11@client.example" in sink.taken[-1].message["References"]


def test_no_letter_to_our_own_addresses(world):
    person = create_person("client", "Петля", login="loop", address="support+x@example.com")
    open_by(person, world.errors)
    assert letters(address__startswith="support") == []


def test_statements_of_an_answer_do_not_grow_with_the_thread(world, ticket, django_assert_max_num_queries):
    for _ in range(5):
        reply(ticket, world.alice)
    article = ticket.articles.last()
    reader = compose.Reader(world.carol, "carol@zarya.example")
    with django_assert_max_num_queries(5):
        head = compose.head_of(ticket, [world.carol])
        compose.answer(head, ticket, article, [], reader)


def test_endless_text_is_cut_for_agents_not_for_clients(world):
    text = "слово " * 100_000
    ticket = open_by(world.carol, world.errors, text=text)
    assert len(letters(kind="notice")[0].text) < 60_000
    reply(ticket, world.alice, text)
    assert len(letters(kind="answer")[0].text) > 500_000


@pytest.mark.parametrize(
    ("queue", "state", "said", "silent"),
    [
        ("reopen", "closed", "The request is closed, no answer is needed. If the question remains, reply to this", ""),
        ("new", "closed", "reply to this letter: a new request will be opened", ""),
        ("refuse", "closed", "send a new request and mention this number", "reply to this letter"),
        ("reopen", "done", "a specialist will close it. No answer is needed", ""),
        ("reopen", "autoclose", "it closes by itself on", ""),
    ],
)
def test_a_letter_about_what_is_settled_asks_nothing(world, ticket, queue, state, said, silent):
    world.errors.follow_up = queue
    world.errors.save()
    world.carol.language = "en"
    world.carol.save()
    reply(ticket, world.alice, then=StateMove(state))
    letter = letters(kind="answer")[-1]
    for side in (letter.text, letter.html):
        flat = " ".join(side.split())
        assert said in flat
        assert "To answer, simply reply" not in flat
        assert not silent or silent not in flat

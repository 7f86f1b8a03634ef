"""What becomes of each kind of letter."""

import json
import threading
from datetime import timedelta

import pytest
from django.db import connections

from helpdesk.accounts.actions import create_person
from helpdesk.accounts.models import Person
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import addresses, auto_answers, ingest, outbox, raw, threads
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Article, Participant, Ticket
from tests.mail.conftest import letter, make_world, open_by


def receive(octets, **options):
    return ingest.receive(octets, **options)


def answer_of(ticket, person, text="Ответ специалиста"):
    """An agent's answer, and the letter that carried it."""
    article = actions.reply(ticket.pk, by=Actor(person.pk), body=from_plain(text))
    return OutgoingLetter.objects.filter(article=article, kind="answer").first()


def ticket_of(outcome):
    return Ticket.objects.get(number=outcome.ticket)


def test_letter_of_a_client_becomes_a_request_in_the_mailboxs_queue(world):
    outcome = receive(letter(subject="Не выгружается реестр", text="Ошибка 17\n", files=[("скан.pdf", b"%PDF")]))
    ticket = ticket_of(outcome)
    assert (outcome.outcome, outcome.trust, outcome.reason) == ("new_ticket", "unknown", None)
    assert (ticket.queue, ticket.author, ticket.company) == (world.inbox, world.carol, world.zarya)
    article = ticket.articles.get(seq=1)
    assert article.pk == outcome.article
    assert article.text == "Ошибка 17"
    assert article.channel == "mail"
    assert [one.filename for one in article.attachments.all()] == ["скан.pdf"]
    assert ticket.articles.get(seq=2).sender == "system"
    automatic = OutgoingLetter.objects.get(kind="auto_answer")
    assert automatic.address == "carol@zarya.example"
    assert "реестр" not in automatic.subject + automatic.text + automatic.html  # From may be anybody's
    raw = RawLetter.objects.get()
    assert files.read(raw.blob_id).startswith(b"From:")
    assert raw.state == "done"
    assert raw.article == article


def test_unknown_sender_becomes_a_contact_answered_once_a_day(world):
    first = receive(letter("Жилец <home@mail.example>", subject="Секретная тема", text="Секретный текст"))
    person = ticket_of(first).author
    assert (person.kind, person.name, person.login) == (Person.Kind.CONTACT, "Жилец", None)
    sent = OutgoingLetter.objects.get(kind="auto_answer")
    assert "Секрет" not in sent.subject + sent.text + sent.html
    assert "/portal/" not in sent.text
    second = receive(letter("Жилец <home@mail.example>", subject="Ещё"))
    assert ticket_of(second).author == person
    assert Person.objects.filter(kind="contact").count() == 1
    receive(letter("Жилец <Home+other@mail.example>", subject="С меткой"))
    assert OutgoingLetter.objects.filter(kind="auto_answer").count() == 1
    with clock.stopped(clock.now() + timedelta(days=1, minutes=1)):
        receive(letter("Жилец <home@mail.example>", subject="Завтра"))
    assert OutgoingLetter.objects.filter(kind="auto_answer").count() == 2


def test_a_client_gets_the_number_of_each_request_but_not_for_ever(world):
    for n in range(25):
        receive(letter(subject=f"Вопрос {n}"))
    sent = OutgoingLetter.objects.filter(kind="auto_answer", person=world.carol).order_by("pk")
    assert [one.ticket_id for one in sent] == list(Ticket.objects.order_by("pk").values_list("pk", flat=True)[:20])
    silent = Ticket.objects.order_by("-pk")[0]
    assert not silent.articles.filter(sender="system").exists()  # the page does not tell of what was not said


MACHINES = [
    [("Auto-Submitted", "auto-replied")], [("Auto-Submitted", "auto-generated")], [("Precedence", "bulk")],
    [("Precedence", "list")], [("List-Id", "<x.example>")], [("X-Auto-Response-Suppress", "All")],
    [("Return-Path", "<>")], [("X-Autoreply", "yes")],
]  # fmt: skip


@pytest.mark.parametrize("headers", MACHINES, ids=str)
def test_machine_is_never_answered_but_kept(world, headers):
    outcome = receive(letter("robot <robot7@mail.example>", headers=headers, message_id="<m@x>"))
    assert outcome.outcome == "new_ticket"
    assert not OutgoingLetter.objects.filter(kind="auto_answer").exists()
    assert ticket_of(outcome).articles.count() == 1


@pytest.mark.parametrize("sender", ["noreply@bank.example", "MAILER-DAEMON@x.example", "owner-list@x.example"])
def test_machines_by_name_are_not_answered(world, sender):
    receive(letter(sender))
    assert not OutgoingLetter.objects.filter(kind="auto_answer").exists()


@pytest.mark.parametrize(
    "sender", ["support@example.com", "Support <SUPPORT@Example.com>", "subscribers+x@example.com"]
)
def test_letter_from_our_own_address_is_ignored_and_kept(world, sender):
    outcome = receive(letter(sender))
    assert outcome.outcome == "ignored"
    assert Ticket.objects.count() == 0
    assert RawLetter.objects.get().reason.startswith("own_letter")


def test_our_own_letter_that_comes_back_is_ignored(world, ticket, sink):
    answer_of(ticket, world.alice)
    outbox.send_due()
    for taken in sink.taken:
        assert receive(taken.octets.replace(b"From:", b"X-Old-From:") + b"\n").outcome == "ignored"
    assert Ticket.objects.count() == 1


def test_queue_by_mailbox_then_by_recipient_then_inbox(world):
    by_box = receive(letter(subject="1"), mailbox="Subscribers@example.com")
    by_to = receive(letter(subject="2", to="x@y.example, subscribers@example.com"))
    by_none = receive(letter(subject="3", to="else@where.example"))
    assert [ticket_of(one).queue.key for one in (by_box, by_to, by_none)] == ["subscribers", "subscribers", "inbox"]


def test_answer_by_token_from_the_recipient(world, ticket):
    sent = answer_of(ticket, world.alice)
    outcome = receive(letter(to=sent.reply_to, subject="без номера", text="Спасибо, заработало\n\n> старое\n"))
    article = Article.objects.get(pk=outcome.article)
    assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)
    assert (article.sender, article.author, article.text) == ("client", world.carol, "Спасибо, заработало")
    assert "старое" in article.folded_text
    assert Notice.objects.filter(kind="client_answer", person=world.alice).count() == 1


def test_answer_by_the_id_that_we_gave_out(world, ticket):
    sent = answer_of(ticket, world.alice)
    outcome = receive(letter(subject="тема", headers=[("In-Reply-To", sent.message_id)]))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)


def test_answer_by_the_id_of_a_letter_of_the_thread(world):
    first = receive(letter(message_id="<first@client.example>"))
    second = receive(letter(subject="Re: Вопрос", headers=[("References", "<first@client.example>")], text="ещё"))
    assert (second.outcome, second.ticket) == ("follow_up", first.ticket)


@pytest.mark.parametrize("form", ["Re: [#{}] сальдо", "По заявке № {}", "FW: Ticket#{}", "№ {spaced} где ответ"])
def test_number_in_the_subject_is_believed_from_a_participant(world, ticket, form):
    spaced = f"{ticket.number[:3]} {ticket.number[3:]}"
    subject = form.format(ticket.number, spaced=spaced)
    assert receive(letter(subject=subject)).outcome == "follow_up"
    assert receive(letter("dave@other.example", subject=subject)).outcome == "new_ticket"
    assert receive(letter("dora@zarya.example", subject=subject, text="коллега")).outcome == "new_ticket"
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    assert receive(letter("dora@zarya.example", subject=subject, text="участница")).outcome == "follow_up"


def test_colleague_who_has_written_in_the_request_may_name_it_by_number(world, ticket):
    actions.reply(ticket.pk, by=Actor(world.dora.pk), body=from_plain("пишу на странице"))
    outcome = receive(letter("dora@zarya.example", subject=f"Re: [#{ticket.number}] сальдо"))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)


def test_forged_colleague_who_sees_the_company_does_not_get_in_by_number_or_a_made_up_token(world, ticket):
    before = ticket.articles.count()
    made_up = f"support+t.{ticket.number}.{'a' * 26}@example.com"
    of_no_reader = addresses.reply_to("support@example.com", ticket.number, world.dave.pk)
    for to in ("support@example.com", made_up, of_no_reader):
        outcome = receive(letter("dora@zarya.example", to=to, subject=f"Re: [#{ticket.number}] x", text=to))
        assert outcome.outcome == "new_ticket"
        assert outcome.reason.startswith("not_a_participant")
    threads.remember("<carols@client.example>", ticket_id=ticket.pk, article_id=None)
    outcome = receive(letter("dora@zarya.example", headers=[("In-Reply-To", "<carols@client.example>")]))
    assert outcome.outcome == "new_ticket"
    assert ticket.articles.count() == before


def test_colleague_who_sees_the_company_may_answer_by_an_id_that_we_gave_out(world, ticket):
    sent = answer_of(ticket, world.alice)
    outcome = receive(letter("dora@zarya.example", headers=[("In-Reply-To", sent.message_id)]))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)


def test_stranger_with_a_copied_token_or_id_opens_a_request_of_their_own(world, ticket):
    sent = answer_of(ticket, world.alice)
    for headers, to in (([], sent.reply_to), ([("In-Reply-To", sent.message_id)], "support@example.com")):
        outcome = receive(letter("dave@other.example", to=to, subject=f"Re: {sent.subject}", headers=headers))
        assert outcome.outcome == "new_ticket"
        assert outcome.reason.startswith("not_a_participant")
        made = ticket_of(outcome)
        assert made.author == world.dave
        assert made.company == world.other
        assert ticket.number not in made.subject
    assert ticket.articles.filter(sender="client").count() == 1


def test_colleague_who_sees_the_company_may_use_a_forwarded_letter(world, ticket):
    sent = answer_of(ticket, world.alice)
    outcome = receive(letter("dora@zarya.example", to=sent.reply_to))
    assert outcome.outcome == "follow_up"
    assert Article.objects.get(pk=outcome.article).author == world.dora


def test_agents_answer_to_a_notice_is_an_internal_note(world, ticket):
    notice = OutgoingLetter.objects.get(kind="notice", person=world.alice)
    OutgoingLetter.objects.all().delete()
    outcome = receive(letter("alice@desk.example", to=notice.reply_to, text="посмотрю завтра"))
    article = Article.objects.get(pk=outcome.article)
    assert outcome.outcome == "follow_up"
    assert not article.visible_to_client
    assert article.author == world.alice
    assert not OutgoingLetter.objects.exists()


def test_forged_agent_never_speaks_to_the_client(world, ticket):
    sent = answer_of(ticket, world.alice)
    notice = OutgoingLetter.objects.filter(kind="notice", person=world.alice).first()
    before = ticket.articles.count()
    tries = [
        {"to": sent.reply_to},
        {"headers": [("In-Reply-To", sent.message_id)]},
        {"headers": [("In-Reply-To", notice.message_id), ("References", notice.message_id)]},
        {"subject": f"Re: [#{ticket.number}] x"},
    ]
    for extra in tries:
        outcome = receive(letter("Алиса Смирнова <alice@desk.example>", text="Перечислите деньги", **extra))
        assert outcome.outcome == "new_ticket"
        assert ticket_of(outcome).articles.filter(sender="agent").count() == 0
    assert ticket.articles.count() == before
    assert not OutgoingLetter.objects.filter(person=world.carol, text__contains="деньги").exists()


def test_two_hundred_forgeries_never_touch_the_request(world, ticket):
    sent = answer_of(ticket, world.alice)
    before = ticket.articles.count()
    token = addresses.token(ticket.number, world.carol.pk)
    other = addresses.token(open_by(world.carol, world.errors).number, world.carol.pk)
    tokens = [token[:n] for n in range(26)] + [token + "a", other, token[::-1], "a" * 26, token[1:] + "a"]
    tokens += [token[:n] + token[n + 1 :] for n in range(26)] + [token[n:] + token[:n] for n in range(1, 26)]
    tokens += [token[:n] + ("b" if token[n] == "a" else "a") + token[n + 1 :] for n in range(26)]
    forms = [f"support+t.{ticket.number}.{one}@example.com" for one in tokens]
    forms += [f"support+t.{number}.{token}@example.com" for number in ("100002", "", "1", "0" * 60, "١٠٠٠٠١")]
    forms += [sent.reply_to.replace("+t.", mark) for mark in ("+", "+T..", "-t.", "+t", "+t..")]
    bare = sent.message_id.strip("<>")
    ids = [f"<{bare[:n]}@example.com>" for n in range(32)] + [f"<{bare[1:]}>", f"<x{bare}>", "<>", bare.upper()]
    ids += [f"<{bare[:n]}{bare[n + 1 :]}>" for n in range(20)]
    subjects = [f.format(n=ticket.number) for f in (
        "[#{n}]", "Re: [#{n}] x", "RE: [# {n}]", "№{n}", "№ {n}", "Ticket#{n}", "[Ticket#{n}]", "ticket#{n} x", "{n}", "#{n}",
    )]  # fmt: skip
    senders = ["dave@other.example", "stranger@evil.example", "bob@desk.example", "alice@desk.example"]
    count = 0
    for place, form in enumerate(forms):
        outcome = receive(letter(senders[place % 4], to=form, subject="x", text=f"{place}"))
        count += outcome.outcome == "new_ticket"
    for place, one in enumerate(ids):
        raw = letter(senders[place % 4], text=f"i{place}").replace(
            b"Subject:", b"In-Reply-To: %s\r\nSubject:" % one.encode()
        )
        count += receive(raw).outcome == "new_ticket"
    for sender in senders:
        for subject in subjects:
            count += receive(letter(sender, subject=subject, text="s")).outcome == "new_ticket"
    total = len(forms) + len(ids) + 4 * len(subjects)
    assert count == total >= 200
    assert ticket.articles.count() == before
    assert Article.objects.filter(channel="mail", sender="agent").count() == 0


def test_machines_answer_to_a_request_changes_no_state_and_rings_by_no_letter(world, ticket):
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("готово"), then=StateMove("autoclose"))
    until = Ticket.objects.get(pk=ticket.pk).pending_until
    OutgoingLetter.objects.all().delete()
    outcome = receive(letter(subject=f"Автоответ: [#{ticket.number}]", headers=[("Auto-Submitted", "auto-replied")]))
    after = Ticket.objects.get(pk=ticket.pk)
    assert outcome.outcome == "follow_up"
    assert outcome.reason.startswith("automatic")
    assert (after.state_id, after.pending_until, after.waits_for) == ("autoclose", until, "nobody")
    assert not OutgoingLetter.objects.exists()
    assert not Notice.objects.filter(kind="client_answer").exists()


def test_vacation_answer_of_an_agent_is_ignored(world, ticket):
    notice = OutgoingLetter.objects.get(kind="notice", person=world.alice)
    raw = letter("alice@desk.example", to=notice.reply_to, headers=[("Auto-Submitted", "auto-replied")])
    assert receive(raw).outcome == "ignored"


def test_two_answering_machines_fall_silent(world):
    """A robot that answers each letter at once, with another subject and address each time, and no mark (F15)."""
    handled = set()
    receive(letter("r+0@robot.example", subject="начало"))
    for turn in range(1, 20):
        waiting = [one for one in OutgoingLetter.objects.filter(address__contains="robot") if one.pk not in handled]
        if not waiting:
            break
        for one in waiting:
            handled.add(one.pk)
            receive(letter(f"r+{turn}{one.pk}@robot.example", subject=f"тема {turn}", text=f"{one.pk}"))
    assert turn <= 3
    assert len(handled) <= 3


def test_same_letter_again_is_a_duplicate_with_the_first_ones_result(world):
    raw = letter()
    first, second = receive(raw), receive(raw)
    assert second.outcome == "duplicate"
    assert (second.ticket, second.article) == (first.ticket, first.article)
    assert Article.objects.filter(sender="client").count() == 1


def test_same_letter_by_another_way_is_a_duplicate_another_body_is_not(world):
    raw = letter(message_id="<one@x>")
    receive(raw)
    again = receive(
        b"Received: from a by b; Wed, 25 Nov 2026 10:00:00 +0300\r\nDelivered-To: support@example.com\r\n" + raw
    )
    other = receive(letter(message_id="<one@x>", text="другой текст"))
    assert (again.outcome, other.outcome) == ("duplicate", "new_ticket")
    assert Article.objects.filter(sender="client").count() == 2


def test_other_body_under_a_strangers_id_is_not_swallowed(world):
    receive(letter("evil@evil.example", message_id="<guessed@zarya.example>"))
    outcome = receive(letter(message_id="<guessed@zarya.example>"))
    assert outcome.outcome == "new_ticket"
    assert ticket_of(outcome).author == world.carol


def test_letter_to_two_mailboxes_is_one_request_in_each_queue(world):
    raw = letter(to="support@example.com, subscribers@example.com")
    first = receive(raw, mailbox="support@example.com")
    second = receive(raw, mailbox="subscribers@example.com")
    assert {ticket_of(one).queue.key for one in (first, second)} <= {"inbox", "subscribers"}
    assert RawLetter.objects.count() == 2


def test_closed_request_goes_by_the_queues_rule(world, ticket):
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("готово"), then=StateMove("closed"))
    assert receive(letter(subject=f"[#{ticket.number}]")).outcome == "follow_up"
    assert Ticket.objects.get(pk=ticket.pk).state_id == "rework"


def test_answer_to_a_queue_that_refuses_becomes_a_linked_request(world):
    old = open_by(world.carol, world.tills)
    actions.reply(old.pk, by=Actor(world.bob.pk), body=from_plain("готово"), then=StateMove("closed"))
    outcome = receive(letter(subject=f"[#{old.number}] снова"))
    assert outcome.outcome == "new_ticket"
    assert outcome.reason.startswith("closed_for_good")
    assert old.links_out.get().target == ticket_of(outcome)


def test_answer_of_one_who_left_the_company_becomes_a_request_of_their_own(world, ticket):
    sent = answer_of(ticket, world.alice)
    world.carol.memberships.update(inactive_at=clock.now())
    outcome = receive(letter(to=sent.reply_to))
    assert outcome.outcome == "new_ticket"
    assert ticket_of(outcome).company is None


def test_removed_request_takes_no_answer_and_does_not_show_itself(world, ticket):
    Ticket.objects.filter(pk=ticket.pk).update(phase="removed", state="removed")
    outcome = receive(letter(subject=f"[#{ticket.number}]"))
    assert outcome.outcome == "new_ticket"
    assert outcome.ticket != ticket.number


def test_merged_number_leads_to_where_it_went(world, ticket):
    into = open_by(world.carol, world.errors)
    actions.merge(ticket.pk, by=Actor(world.alice.pk), into_id=into.pk)
    assert receive(letter(subject=f"[#{ticket.number}]")).ticket == into.number


def test_shared_address_goes_to_the_one_named_so_else_to_nobodys_company(world):
    create_person("client", "Иван Общий", login="ivan", address="office@shared.example", company=world.zarya)
    petr = create_person("client", "Пётр Общий", login="petr", address="office@shared.example", company=world.other)
    named = receive(letter("Петр Общий <office@shared.example>"))
    assert ticket_of(named).author == petr
    assert ticket_of(named).company == world.other
    unnamed = ticket_of(receive(letter("Офис <office@shared.example>")))
    assert unnamed.author.kind == "contact"
    assert unnamed.company is None


def test_member_who_may_not_write_for_the_company_is_heard(world):
    world.carol.memberships.update(writes=False)
    assert receive(letter()).outcome == "new_ticket"


def test_agent_who_writes_to_the_desk_opens_a_request(world):
    ticket = ticket_of(receive(letter("alice@desk.example")))
    assert ticket.author == world.alice
    assert ticket.articles.get(seq=1).sender == "client"


def test_letter_without_a_subject_or_sender_is_a_request(world):
    assert ticket_of(receive(letter(subject=""))).subject == "(без темы)"
    assert ticket_of(receive(b"Subject: x\r\n\r\ntext\r\n")).author.addresses.get().address.endswith(".invalid")
    assert ticket_of(receive(b"From: =?x?y?z?= nobody\r\n\r\ntext\r\n")).author.kind == "contact"
    assert not OutgoingLetter.objects.filter(address__endswith=".invalid").exists()


HARD = [
    b"\x00\xff\xfe not a letter", b"From: a@b.c\r\nSubject: \xff\xfe\r\n\r\n\x00\x00", b"\r\n\r\n.", b"From:\r\n" * 50,
    b"From: a@b.c\r\nMessage-ID: <" + b"x" * 5000 + b"@y>\r\n\r\nt", b"To: ((((((((((\r\nFrom: x@y.z\r\n\r\nt",
    "From: a@b.c\r\nSubject: \u202egpj.exe\r\n\r\nт".encode(), b"From: a@b.c\r\nSubject: " + b"s" * 100_000 + b"\r\n\r\nt",
    b"From: a@b.c\r\nReferences: " + b"<r@x> " * 5000 + b"\r\n\r\nt", b"From: a@b.c\r\n\r\n" + b"t" * 3_000_000,
]  # fmt: skip


@pytest.mark.parametrize("octets", HARD, ids=range(len(HARD)))
def test_any_octets_are_kept_and_become_a_request(world, octets):
    outcome = receive(octets)
    assert outcome.outcome == "new_ticket", outcome
    assert files.read(RawLetter.objects.get().blob_id) == octets
    json.dumps(outcome.as_json(None))


def test_more_files_than_an_article_holds_bring_the_whole_letter(world):
    outcome = receive(letter(files=[(f"{n}.pdf", b"%d" % n) for n in range(130)]))
    names = list(Article.objects.get(pk=outcome.article).attachments.values_list("filename", flat=True))
    assert len(names) == 100
    assert names[-1] == "letter.eml"


def test_letter_that_is_one_quotation_is_shown_whole(world):
    article = Article.objects.get(pk=receive(letter(text="> Течёт кран.\n> Второй день.\n")).article)
    assert "Течёт кран." in article.text
    assert article.folded_text == ""


def test_markup_is_harmless_and_pictures_stay_in_their_place(world):
    html = '<p onclick="x()">Привет<script>alert(1)</script><img src="http://evil.example/p.png"></p>'
    article = Article.objects.get(pk=receive(letter(html=html)).article)
    assert "Привет" in article.html
    assert "script" not in article.html
    assert "evil" not in article.html


def test_an_answer_keeps_its_table_above_what_it_quotes(world, ticket):
    sent = answer_of(ticket, world.alice)
    html = """<p>Вот суммы:</p><table><tr><td>Пени</td><td>784,92</td></tr></table>
        <blockquote type="cite"><p>Пришлите суммы</p></blockquote>"""
    text = "Вот суммы:\nПени 784,92\n\n> Пришлите суммы\n"
    article = Article.objects.get(pk=receive(letter(to=sent.reply_to, text=text, html=html)).article)
    assert "<td>784,92</td>" in article.html and "Пришлите" not in article.html
    assert "Пришлите" not in article.text and "Пришлите" in article.folded_text
    below = "<blockquote>Пришлите суммы</blockquote><p>Пени 784,92</p>"
    text = "> Пришлите суммы\n\nПени 784,92\n"
    article = Article.objects.get(pk=receive(letter(to=sent.reply_to, text=text, html=below)).article)
    assert "784,92" in article.text and not article.html


def test_letter_over_the_limit_is_kept_and_parked(world, settings):
    settings.MAX_POST_MB = 0
    outcome = receive(letter())
    assert outcome.outcome == "quarantined"
    assert outcome.reason.startswith("too_large")
    assert RawLetter.objects.get().state == "failed"


def test_letter_whose_reader_died_is_taken_up(world):
    octets = letter()
    from helpdesk.mail import raw

    raw.keep(octets, at=clock.now())
    assert ingest.take_up_stored() == 0
    with clock.stopped(clock.now() + timedelta(minutes=3)):
        assert ingest.take_up_stored() == 1
    assert Ticket.objects.count() == 1
    assert receive(octets).outcome == "duplicate"


def test_letter_that_breaks_its_reader_is_parked_after_three_tries(world, monkeypatch):
    def broken(*args, **options):
        raise RuntimeError("out of order")

    monkeypatch.setattr(ingest.writing, "write", broken)
    assert receive(letter()).outcome == "quarantined"
    for minutes in range(3, 12, 3):
        with clock.stopped(clock.now() + timedelta(minutes=minutes)):
            ingest.take_up_stored()
    with clock.stopped(clock.now() + timedelta(minutes=20)):
        ingest.take_up_stored()
    row = RawLetter.objects.get()
    assert row.state == "failed"
    assert row.reason.startswith("gave_up")
    assert Ticket.objects.count() == 0


def test_round_trip_from_answer_to_clients_reply(world, sink):
    """An agent answers, the client's program answers the letter as it was sent, and so on."""
    ticket = ticket_of(receive(letter("Жилец <home@mail.example>", subject="Нет света")))
    for turn in range(3):
        actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain(f"Ответ {turn}"))
        outbox.send_due()
        got = [one for one in sink.taken if one.recipient == "home@mail.example"][-1].message
        quoted = "".join(f"> {line}\n" for line in got.get_body(("plain",)).get_content().splitlines())
        outcome = receive(
            letter(
                "Жилец <home@mail.example>",
                to=str(got["Reply-To"]),
                subject=f"Re: {got['Subject']}",
                text=f"Спасибо {turn}\n\n25.11.2026 12:00, Служба поддержки <support@example.com> пишет:\n{quoted}",
                headers=[
                    ("In-Reply-To", str(got["Message-ID"])),
                    ("References", f"{got['References'] or ''} {got['Message-ID']}"),
                ],
            )
        )
        assert (outcome.outcome, outcome.ticket) == ("follow_up", ticket.number)
        article = Article.objects.get(pk=outcome.article)
        assert article.text == f"Спасибо {turn}"
        assert article.sender == "client"
    assert Ticket.objects.count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_same_letter_from_many_sides_at_once_is_one_article():
    make_world()
    octets = letter()
    outcomes = []

    def work(way):
        try:
            outcomes.append(receive(b"Received: way %d\r\n" % (way % 2) + octets).outcome)
        finally:
            connections.close_all()

    readers = [threading.Thread(target=work, args=(way,)) for way in range(8)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert sorted(outcomes) == ["duplicate"] * 7 + ["new_ticket"]
    assert Article.objects.filter(sender="client").count() == 1
    assert OutgoingLetter.objects.filter(kind="auto_answer").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_first_letters_of_a_stranger_at_once_are_answered_once():
    make_world()

    def work(turn):
        try:
            receive(letter("new@mail.example", subject=f"{turn}"))
        finally:
            connections.close_all()

    readers = [threading.Thread(target=work, args=(turn,)) for turn in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert Ticket.objects.count() == 4
    assert OutgoingLetter.objects.filter(kind="auto_answer").count() == 1
    assert Person.objects.filter(kind="contact").count() == 1


def test_claim_of_the_day_is_given_once(db):
    at = clock.now()
    assert auto_answers.claim("a+b@x.example", at=at) is True
    assert auto_answers.claim("A@x.example", at=at + timedelta(hours=23)) is False
    assert auto_answers.claim("a@x.example", at=at + timedelta(hours=24)) is True


def test_endless_message_ids_are_no_matter(db, world, ticket):
    threads.remember("<" + "я" * 900 + "@x>", ticket_id=ticket.pk, article_id=None)
    assert threads.known(["<" + "я" * 900 + "@x>"], given_out=False)


def test_letter_that_killed_its_readers_is_not_read_again_by_a_server_that_insists(world):
    octets = letter()
    stored = raw.keep(octets, at=clock.now())
    RawLetter.objects.filter(pk=stored.row_id).update(
        state="failed", outcome="quarantined", attempts=3, reason="gave_up"
    )
    again = receive(octets)
    assert (again.outcome, again.reason) == ("quarantined", "gave_up")
    assert ingest.release(stored.row_id).outcome == "new_ticket"

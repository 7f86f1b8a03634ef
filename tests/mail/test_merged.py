"""Letters of a request that was merged: they go to what it is part of, by whichever sign they name it."""

from datetime import timedelta

import pytest

from helpdesk.core import clock, jobs
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.mail import addresses, ingest
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.models import Article, Ticket
from tests.factories.parallel import together
from tests.factories.sizes import rounds
from tests.mail.conftest import letter, make_world, open_by


@pytest.fixture
def merged(world):
    """Dora's request, into which Carol's was merged after an answer; that answer's letter."""
    whole, part = open_by(world.dora, world.errors, "Общая"), open_by(world.carol, world.errors, "Часть")
    said = actions.reply(part.pk, by=Actor(world.alice.pk), body=from_plain("Какой счёт?"))
    world.sent = OutgoingLetter.objects.get(article=said, kind="answer")
    actions.merge(part.pk, by=Actor(world.alice.pk), into_id=whole.pk)
    world.whole, world.part = whole, part
    return world


def token_of(ticket, person):
    return addresses.reply_to("support@example.com", ticket.number, person.pk)


def by_token(world):
    return {"to": token_of(world.part, world.carol)}


def by_id(world):
    return {"headers": [("In-Reply-To", world.sent.message_id)]}


def by_number(world):
    return {"subject": f"Re: [#{world.part.number}] Часть"}


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [by_token, by_id, by_number])
def test_an_answer_to_a_merged_request_goes_to_the_whole(merged, sign):
    outcome = ingest.receive(letter(text="Счёт 7", **sign(merged)))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", merged.whole.number)
    article = Article.objects.get(pk=outcome.article)
    assert (article.ticket_id, article.author, article.visible_to_client) == (merged.whole.pk, merged.carol, True)
    assert Ticket.objects.get(pk=merged.whole.pk).waits_for == "desk"


@pytest.mark.django_db
def test_a_colleagues_answer_to_a_notice_becomes_a_note_of_the_whole(merged):
    to = token_of(merged.part, merged.alice)
    outcome = ingest.receive(letter("Alice <alice@desk.example>", to=to, text="Смотрю"))
    article = Article.objects.get(pk=outcome.article)
    assert (article.ticket_id, article.is_note) == (merged.whole.pk, True)


@pytest.mark.django_db
@pytest.mark.parametrize("sign", [by_token, by_id, by_number])
def test_once_taken_out_its_letters_are_its_own_again(merged, sign):
    actions.unmerge(merged.part.pk, by=Actor(merged.alice.pk))
    outcome = ingest.receive(letter(text="Счёт 7", **sign(merged)))
    assert (outcome.outcome, outcome.ticket) == ("follow_up", merged.part.number)


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["token", "number"])
def test_of_another_company_an_answer_becomes_a_request_of_its_own(merged, sign):
    theirs = open_by(merged.dave, merged.errors, "Чужая")
    actions.merge(theirs.pk, by=Actor(merged.alice.pk), into_id=merged.whole.pk, across=True)
    named = {"to": token_of(theirs, merged.dave)} if sign == "token" else {
        "subject": f"[#{theirs.number}]"
    }  # fmt: skip
    outcome = ingest.receive(letter("Dave <dave@other.example>", text="Моё", **named))
    own = Ticket.objects.get(number=outcome.ticket)
    assert (outcome.outcome, own.company, own.author) == ("new_ticket", merged.other, merged.dave)
    assert not Article.objects.filter(ticket=merged.whole, author=merged.dave).exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_comes_while_its_request_is_merged_is_lost_in_neither():
    """In whichever order: the letter stands once, in the one or in the other, and is read on the page of the whole."""
    world = make_world()
    alice = Actor(world.alice.pk)
    for n in range(rounds(8)):
        whole, part = (open_by(world.carol, world.errors, text) for text in (f"Общая {n}", f"Часть {n}"))
        if n % 2:  # the order of their ids is that of their locks
            whole, part = part, whole
        to = token_of(part, world.carol)
        octets = letter(to=to, text=f"Счёт {n}", message_id=f"<{n}@client.example>")
        merged, received = _at_once(
            lambda part=part, whole=whole: actions.merge(part.pk, by=alice, into_id=whole.pk), octets
        )
        assert merged.verb == "merged", merged
        assert received.outcome == "follow_up", received
        article = Article.objects.get(text=f"Счёт {n}")
        assert article.ticket_id in {whole.pk, part.pk} and received.article == article.pk
        assert Ticket.objects.get(pk=whole.pk).articles_count == whole.articles.count()


@pytest.mark.django_db(transaction=True)
def test_merging_and_taking_out_at_once_with_letters_never_hangs():
    world = make_world()
    alice = Actor(world.alice.pk)
    whole, part = (open_by(world.carol, world.errors, text) for text in ("Общая", "Часть"))
    to = token_of(part, world.carol)
    for n in range(rounds(6)):
        acts = (lambda: actions.merge(part.pk, by=alice, into_id=whole.pk), lambda: actions.unmerge(part.pk, by=alice))
        done, received = _at_once(acts[n % 2], letter(to=to, text=f"Счёт {n}", message_id=f"<u{n}@client.example>"))
        assert done.verb in {"merged", "unmerged"}, done
        assert received.outcome == "follow_up", received
    assert Article.objects.filter(text__startswith="Счёт").count() == rounds(6)


def _at_once(act, octets):
    """An act and a letter, each with a connection of its own; a letter opens its transactions itself."""
    import threading

    from django.db import connections

    received, start = [], threading.Barrier(2)

    def receive():
        try:
            start.wait(timeout=30)
            received.append(ingest.receive(octets))
        finally:
            connections.close_all()

    reader = threading.Thread(target=receive)
    reader.start()
    start.wait(timeout=30)
    (done,) = together(act)
    reader.join(timeout=60)
    return done, received[0]


def told(world):
    """Letters about the merge alone, once its moment is over."""
    OutgoingLetter.objects.all().delete()
    jobs.run_waiting(at=clock.now() + timedelta(minutes=1))
    return [one for one in OutgoingLetter.objects.all() if "теперь ведётся" in one.text]


@pytest.mark.django_db
def test_whose_request_became_part_of_another_is_told_where_it_goes_on(merged):
    (notice,) = Notice.objects.filter(person=merged.carol, kind=Notice.Kind.CHANGED)
    assert notice.changes == {"merge": merged.whole.number}
    (letter_to_carol,) = told(merged)
    assert letter_to_carol.person == merged.carol
    plain = letter_to_carol.text.replace("\xa0", " ").replace("\u202f", "")
    assert f"Заявка теперь ведётся в заявке № {merged.whole.number}" in plain


@pytest.mark.django_db
@pytest.mark.parametrize("how", ["undone", "another company", "no letters wanted"])
def test_nobody_is_told_of_a_merge_that_does_not_stand_or_is_not_theirs_to_know(world, how):
    whole = open_by(world.dave if how == "another company" else world.dora, world.errors, "Общая")
    part = open_by(world.carol, world.errors, "Часть")
    if how == "no letters wanted":
        type(world.carol).objects.filter(pk=world.carol.pk).update(letters="none")
    actions.merge(part.pk, by=Actor(world.alice.pk), into_id=whole.pk, across=how == "another company")
    if how == "undone":
        actions.unmerge(part.pk, by=Actor(world.alice.pk))
    assert told(world) == []
    rung = Notice.objects.filter(person=world.carol, kind=Notice.Kind.CHANGED)
    assert rung.exists() == (how == "no letters wanted")

"""Nobody gets a letter about what they may no longer see: not where it would be queued, not where it waits already."""

from datetime import timedelta

import pytest

from helpdesk.accounts.models import Membership, Person
from helpdesk.core import clock, jobs
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail import outbox
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Article, Grant, Participant, Ticket
from tests.factories import ContactFactory
from tests.factories.people import member


def places(person):
    return Membership.objects.filter(person=person)


def end_place(person):
    places(person).update(inactive_at=clock.now())


def switch_off(person):
    Person.objects.filter(pk=person.pk).update(inactive_at=clock.now())


def close_company(person):
    membership = places(person).get()
    membership.company.inactive_at = clock.now()
    membership.company.save()


def answer(world, ticket, **more):
    return actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("ответ"), **more)


def answers():
    return set(OutgoingLetter.objects.filter(kind="answer").values_list("address", flat=True))


def sent(sink):
    sink.taken.clear()
    report = outbox.send_due()
    assert (report.failed, report.postponed, report.error) == (0, 0, "")
    return {one.recipient for one in sink.taken}


@pytest.fixture
def contact(world):
    """Somebody without a sign-in who belongs to a company all the same."""
    found = ContactFactory(name="Ольга")
    found.addresses.create(address="olga@zarya.example", canonical="olga@zarya.example", is_primary=True)
    member(found, world.zarya)
    return found


@pytest.fixture
def of_contact(world, contact):
    article = actions.open_ticket(
        by=Actor(contact.pk, Cause.MAIL), queue_id=world.errors.pk, subject="Тема", body=from_plain("текст")
    )
    OutgoingLetter.objects.all().delete()
    jobs.run_waiting()
    return Ticket.objects.get(pk=article.ticket_id)


def test_contact_of_a_company_hears(world, of_contact):
    assert of_contact.company_id == world.zarya.pk
    answer(world, of_contact)
    assert answers() == {"olga@zarya.example"}


@pytest.mark.parametrize("ends", [end_place, switch_off, close_company])
def test_contact_whose_place_has_ended_hears_no_more(world, of_contact, contact, ends):
    ends(contact)
    answer(world, of_contact, then=StateMove("autoclose"))
    assert answers() == set()
    with clock.stopped(clock.now() + timedelta(days=9)):
        assert actions.close_due(of_contact.pk, at=clock.now())
    assert answers() == set()


def test_contact_without_a_company_hears_always(world):
    stranger = ContactFactory()
    stranger.addresses.create(address="ivan@mail.example", canonical="ivan@mail.example", is_primary=True)
    article = actions.open_ticket(
        by=Actor(stranger.pk, Cause.MAIL), queue_id=world.errors.pk, subject="Тема", body=from_plain("текст")
    )
    answer(world, Ticket.objects.get(pk=article.ticket_id))
    assert answers() == {"ivan@mail.example"}


@pytest.mark.parametrize("ends", [end_place, switch_off, close_company])
def test_waiting_letters_to_a_contact_stay_once_their_place_has_ended(world, of_contact, contact, sink, ends):
    answer(world, of_contact)
    ends(contact)
    assert "olga@zarya.example" not in sent(sink)
    letter = OutgoingLetter.objects.get(kind="answer")
    assert (letter.state, letter.sent_at, letter.last_error, letter.lease_until) == ("withheld", None, "", None)
    assert not Ticket.objects.get(pk=of_contact.pk).undelivered
    assert sent(sink) == set()


@pytest.mark.parametrize("ends", [end_place, switch_off, close_company])
def test_waiting_answers_to_a_client_stay_once_their_place_has_ended(world, ticket, sink, ends):
    """Their automatic answer as well; whoever observes and is still there gets theirs."""
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    answer(world, ticket)
    ends(world.carol)
    expected = set() if ends is close_company else {"dora@zarya.example"}
    assert sent(sink) - {"alice@desk.example"} == expected
    stayed = OutgoingLetter.objects.filter(address="carol@zarya.example")
    assert set(stayed.values_list("kind", "state")) == {("auto_answer", "withheld"), ("answer", "withheld")}


def test_waiting_letters_to_an_observer_stay_once_they_observe_no_longer(world, ticket, sink):
    places(world.dora).update(sees="own")
    actions.add_observer(ticket.pk, by=Actor(world.carol.pk), person_id=world.dora.pk)
    answer(world, ticket)
    assert OutgoingLetter.objects.filter(address="dora@zarya.example").count() == 2
    Participant.objects.filter(ticket=ticket).delete()
    assert sent(sink) == {"carol@zarya.example", "alice@desk.example"}


def test_waiting_letters_to_the_desk_stay_once_the_queue_is_read_no_longer(world, ticket, sink):
    assert OutgoingLetter.objects.filter(kind="notice", address="alice@desk.example").exists()
    Grant.objects.filter(queue=world.errors).delete()
    assert sent(sink) == {"carol@zarya.example"}
    assert OutgoingLetter.objects.get(kind="notice").state == "withheld"


def test_waiting_letters_of_a_removed_request_stay(world, ticket, sink):
    Ticket.objects.filter(pk=ticket.pk).update(phase="removed")
    Grant.objects.all().delete()
    assert sent(sink) == set()


def test_waiting_answer_that_clients_see_no_longer_stays(world, ticket, sink):
    article = answer(world, ticket)
    Article.objects.filter(pk=article.pk).update(visible_to_client=False)
    sent(sink)
    assert OutgoingLetter.objects.get(kind="answer").state == "withheld"


def test_letters_about_a_sign_in_go_to_who_sees_nothing(world, sink):
    """They tell of no request: an invitation goes to somebody who belongs nowhere yet."""
    end_place(world.carol)
    now = clock.now()
    OutgoingLetter.objects.create(
        person=world.carol, address="carol@zarya.example", kind="account", language="ru", message_id="<1@example.com>",
        from_address="support@example.com", subject="Тема", text="Текст", created_at=now, due_at=now,
    )  # fmt: skip
    assert sent(sink) == {"carol@zarya.example"}


def test_failed_letter_sent_anew_is_asked_about_again(world, ticket, sink):
    answer(world, ticket)
    letter = OutgoingLetter.objects.get(kind="answer")
    OutgoingLetter.objects.filter(pk=letter.pk).update(state="failed", failed_at=clock.now())
    end_place(world.carol)
    assert outbox.again(letter.pk)
    sent(sink)
    letter.refresh_from_db()
    assert letter.state == "withheld"

"""Many letters at once: none lost, few requests, fewer answers."""

import threading
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connections

from helpdesk.accounts.models import Person
from helpdesk.core import clock, files
from helpdesk.mail import ingest, options, queries
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.tickets.models import Ticket
from tests.mail.conftest import letter, make_world


def outcomes(letters):
    return Counter(ingest.receive(one).outcome for one in letters)


def test_flood_of_one_sender_is_kept_and_laid_aside_whatever_the_tag(world):
    options.LETTERS_OF_ONE.set(3)
    senders = ["Carol@zarya.example", "carol+1@zarya.example", "CAROL+2@ZARYA.example", "carol@zarya.example"]
    letters = [letter(senders[i % 4], subject=f"Письмо {i}") for i in range(8)]
    assert outcomes(letters) == {"new_ticket": 3, "quarantined": 5}
    assert Ticket.objects.count() == 3
    laid_aside = queries.parked()
    assert len(laid_aside) == 5
    assert all(row.reason.startswith("flood: ") for row in laid_aside)
    assert all(files.read(row.blob_id) in letters for row in laid_aside)
    assert ingest.receive(letter("dave@other.example")).outcome == "new_ticket"


def test_limit_is_by_the_hour(world):
    options.LETTERS_OF_ONE.set(1)
    assert outcomes(letter(subject=f"{i}") for i in range(2)) == {"new_ticket": 1, "quarantined": 1}
    with clock.stopped(clock.now() + timedelta(hours=1, seconds=1)):
        assert ingest.receive(letter(subject="Потом")).outcome == "new_ticket"


def test_answers_to_a_request_count_as_letters_of_their_sender(world, ticket):
    options.LETTERS_OF_ONE.set(2)
    found = outcomes(letter(subject=f"Re: [#{ticket.number}] {i}") for i in range(4))
    assert found == {"follow_up": 2, "quarantined": 2}


def test_same_letter_again_is_no_flood(world):
    options.LETTERS_OF_ONE.set(1)
    assert outcomes(letter(subject="Одно") for _ in range(4)) == {"new_ticket": 1, "duplicate": 3}


def test_flood_of_strangers_to_one_mailbox_makes_few_requests_and_contacts_and_leaves_others_alone(world):
    options.LETTERS_OF_STRANGERS.set(3)
    flood = [letter(f"x{i}@flood.example", to="subscribers@example.com", subject=f"{i}") for i in range(9)]
    assert outcomes(flood) == {"new_ticket": 3, "quarantined": 6}
    assert Person.objects.filter(kind="contact").count() == 3
    assert ingest.receive(letter(to="subscribers@example.com")).outcome == "new_ticket"
    assert ingest.receive(letter("y@flood.example", to="support@example.com")).outcome == "new_ticket"


def test_strangers_beyond_the_hours_answers_get_none(world):
    options.ANSWERS_TO_STRANGERS.set(2)
    assert outcomes(letter(f"x{i}@flood.example", subject=f"{i}") for i in range(5)) == {"new_ticket": 5}
    assert OutgoingLetter.objects.filter(kind="auto_answer").count() == 2
    ingest.receive(letter())
    assert OutgoingLetter.objects.filter(kind="auto_answer", person=world.carol).count() == 1


def test_zero_is_no_limit(world):
    for option in (options.LETTERS_OF_ONE, options.LETTERS_OF_STRANGERS, options.ANSWERS_TO_STRANGERS):
        option.set(0)
    assert outcomes(letter("x@flood.example", subject=f"{i}") for i in range(5)) == {"new_ticket": 5}


def test_what_was_laid_aside_can_be_let_pass(world):
    options.LETTERS_OF_ONE.set(1)
    outcomes(letter(subject=f"{i}") for i in range(2))
    (row,) = queries.parked()
    assert ingest.release(row.pk).outcome == "new_ticket"
    assert ingest.release(row.pk) is None
    assert queries.parked() == []
    assert Ticket.objects.count() == 2
    assert ingest.receive(letter(subject="Ещё")).outcome == "quarantined"


def test_letter_laid_aside_that_comes_again_later_is_taken(world):
    options.LETTERS_OF_ONE.set(1)
    late = letter(subject="Второе")
    assert outcomes([letter(subject="Первое"), late]) == {"new_ticket": 1, "quarantined": 1}
    with clock.stopped(clock.now() + timedelta(hours=2)):
        assert ingest.receive(late).outcome == "new_ticket"
    assert RawLetter.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_many_readers_at_once_do_not_get_past_the_limit():
    make_world()
    options.LETTERS_OF_ONE.set(3)
    found = []

    def read(number):
        found.append(ingest.receive(letter(subject=f"Письмо {number}")).outcome)
        connections.close_all()

    threads = [threading.Thread(target=read, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(found) == {"new_ticket": 3, "quarantined": 5}

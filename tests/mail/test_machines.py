"""Machines that write without saying so: what they wrote is kept, and nothing answers them."""

import pytest

from helpdesk.mail import ingest
from helpdesk.mail.models import OutgoingLetter
from tests.mail.conftest import letter

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("sender", "subject"),
    [
        ("list-request@lists.example", "Подписка"),
        ("dave@other.example", "Вне офиса: Квитанция"),
        ("dave@other.example", "Automatic reply: Receipt"),
    ],
)
def test_machine_without_headers_is_kept_and_not_answered(world, sender, subject):
    outcome = ingest.receive(letter(sender, subject=subject, text="Меня нет до понедельника."))
    assert outcome.outcome == "new_ticket"
    assert not OutgoingLetter.objects.filter(kind="auto_answer").exists()
    ingest.receive(letter(sender.replace("-request", ""), subject="Квитанция", text="Не открывается."))
    assert OutgoingLetter.objects.filter(kind="auto_answer").exists()

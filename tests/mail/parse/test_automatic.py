"""Letters that machines sent, known by the sender's address or the beginning of the subject where no header tells."""

import pytest

from helpdesk.mail.parse import Mailbox, automatic


def why(*, sender="anna@zarya.example", subject="Вопрос", headers=None):
    box = Mailbox("", sender)
    return automatic.reason(headers or {}, sender=box, subject=subject, content_type="text/plain")


@pytest.mark.parametrize(
    "subject",
    [
        "Вне офиса: Re: [#10023] Квитанция", "Вне офиса", "Нет на месте", "нет на месте.", "Нет на месте: квитанция",
        "Автоответ: Квитанция", "Авто-ответ: x", "Автоматический ответ: Квитанция", "Я вне офиса до 12 декабря",
        "Out of office", "Out of the office: Receipt", "Automatic reply: Receipt", "Auto-Reply: x", "«Вне офиса»",
        "Меня нет на месте – вернусь завтра", "Автоответчик: меня нет",
    ],
)  # fmt: skip
def test_automatic_by_the_beginning_of_its_subject(subject):
    assert why(subject=subject) == "subject"


@pytest.mark.parametrize(
    "subject",
    [
        "Вне офиса не открывается почта", "Нет на месте кнопки «Отправить»", "Не приходит автоответ",
        "Re: Автоответ: Квитанция", "Автоответчик молчит", "Насос: нет на месте", "Офис: вне офиса", "No automatic reply: why?",
    ],
)  # fmt: skip
def test_a_person_who_writes_of_such_things_is_a_person(subject):
    assert why(subject=subject) == ""


@pytest.mark.parametrize(
    ("sender", "machine"),
    [
        ("list-request@lists.example", True), ("Debian-User-REQUEST@lists.example", True),
        ("owner-list@lists.example", True), ("request@zarya.example", False), ("-request@zarya.example", False),
        ("requests@zarya.example", False), ("list-requests@zarya.example", False), ("list-request-anna@x.example", False),
    ],
)  # fmt: skip
def test_the_administrative_addresses_of_lists_are_machines(sender, machine):
    """RFC 3834 §2."""
    assert bool(why(sender=sender)) is machine

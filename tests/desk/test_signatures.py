"""Signatures: their screens, and what stands under a letter."""

import pytest

from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets import signatures
from helpdesk.tickets.actions import reply
from helpdesk.tickets.actions.signature import Typed, put_signature
from helpdesk.tickets.models import Queue, Signature
from tests.desk.conftest import plain


def made(world, queue, russian, english="", by=None):
    typed = Typed(queue.pk if queue else None, russian, english)
    return put_signature(None, by=world.by(by or (world.alice if queue else world.ada)), typed=typed)


def letter_of(world, ticket, text="Готово", by=None):
    reply(ticket.pk, by=world.by(by or world.alice), body=from_plain(text))
    return OutgoingLetter.objects.filter(kind=OutgoingLetter.Kind.ANSWER).latest("pk")


def test_a_signature_is_written_changed_and_taken_away(world, as_):
    client = as_(world.alice)
    assert "Подписей пока нет" in plain(client.get("/desk/signatures/"))
    typed = {"queue": world.errors.pk, "text_ru": " {agent}\r\nСлужба поддержки ", "text_en": ""}
    assert client.post("/desk/signatures/new/", typed).status_code == 302
    row = Signature.objects.get()
    assert row.text_ru == "{agent}\nСлужба поддержки"
    assert "Подпись письма: Алиса Агентова, Служба поддержки" in plain(
        client.get(f"/desk/tickets/{world.ticket().number}/")
    )
    client.post(f"/desk/signatures/{row.pk}/", typed | {"text_ru": "Отдел сопровождения"})
    assert "Отдел сопровождения" in plain(client.get("/desk/signatures/"))
    client.post(f"/desk/signatures/{row.pk}/", {"do": "drop"})
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text_ru": "Зарплата {salary}"}, "Такой подстановки нет: {salary}"),
        ({"text_en": "{salary}"}, "Такой подстановки нет: {salary}"),
        ({"text_ru": ""}, "Напишите текст"),
        ({"text_ru": "х" * 2_001}, "сократите"),
        ({}, "подпись уже есть"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, as_, wrong, said):
    made(world, world.errors, "Первая")
    queue = world.errors if not wrong else world.advice
    typed = {"queue": queue.pk, "text_ru": "Текст 4512", "text_en": ""} | wrong
    answer = as_(world.alice).post("/desk/signatures/new/", typed)
    assert answer.status_code == 422 and said in plain(answer) and Signature.objects.count() == 1
    assert "text_ru" in wrong or "Текст 4512" in plain(answer)


def test_that_of_all_queues_takes_all_rights(world, as_):
    assert as_(world.alice).post("/desk/signatures/new/", {"queue": "", "text_ru": "Т"}).status_code == 403
    assert as_(world.ada).post("/desk/signatures/new/", {"queue": "", "text_ru": "Т"}).status_code == 302
    again = as_(world.ada).post("/desk/signatures/new/", {"queue": "", "text_ru": "Ещё"})
    assert again.status_code == 422 and Signature.objects.count() == 1


def test_the_nearest_queue_signs(world):
    made(world, None, "Общая")
    below = Queue.objects.create(key="below", path="", name_ru="Ниже", name_en="Below")
    Queue.objects.filter(pk=below.pk).update(path=f"{world.errors.path}{below.pk}/")
    assert signatures.of_queue(below.pk) == ["Общая", ""] == signatures.of_queue(world.cash.pk)
    made(world, world.errors, "Ошибки", "Errors")
    assert signatures.of_queue(below.pk) == ["Ошибки", "Errors"] == signatures.of_queue(world.errors.pk)
    assert signatures.of_queue(world.advice.pk) == ["Общая", ""]


def test_a_letter_ends_with_it_in_text_and_in_markup_and_the_page_shows_the_answer_alone(world, as_):
    made(world, world.errors, "С уважением,\n{agent}\n{job}\n{queue} <1>")
    ticket = world.ticket()
    letter = letter_of(world, ticket)
    assert "Готово\n\nС уважением,\nАлиса Агентова\nОшибка <1>\n" in letter.text  # without a job, without its line
    assert "С уважением,<br>Алиса Агентова<br>Ошибка &lt;1&gt;</p>" in letter.html
    assert ticket.articles.latest("pk").text == "Готово"
    assert "С уважением" not in plain(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))


def test_clients_read_it_in_their_language(world):
    made(world, world.errors, "С уважением, {agent}", "Kind regards, {agent}")
    world.carol.language = "en"
    world.carol.save()
    assert "Kind regards, Алиса Агентова" in letter_of(world, world.ticket()).text


def test_nobody_signs_twice(world):
    made(world, world.errors, "С уважением,\n{agent}\nСлужба поддержки")
    ticket = world.ticket()
    named = letter_of(world, ticket, "Готово.\n\nАлиса Агентова").text
    assert named.count("Алиса Агентова") == 1 and "Служба поддержки" in named
    whole = letter_of(world, ticket, "Готово.\n\nС уважением,\nАлиса Агентова\nСлужба поддержки").text
    assert whole.count("Служба поддержки") == 1


def test_automatic_answers_are_not_signed(world):
    made(world, None, "Общая подпись")
    world.ticket()
    automatic = OutgoingLetter.objects.get(kind=OutgoingLetter.Kind.AUTO_ANSWER)
    assert "Общая подпись" not in automatic.text

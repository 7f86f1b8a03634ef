"""Ready texts: the screens for them, and the choice beside an answer."""

import pytest

from helpdesk.tickets.actions import promise
from helpdesk.tickets.actions.ready_text import Typed, put_text
from helpdesk.tickets.models import Article, ReadyText
from tests.desk.conftest import plain


def made(world, name="Сверка", shortcut="сверка", queue=None, text="{greeting} Заявка {number}", english="", by=None):
    typed = Typed(name, shortcut, (queue or world.errors).pk, text, english)
    return put_text(None, by=world.by(by or world.alice), typed=typed)


def test_a_text_is_written_changed_and_offered_no_longer(world, as_):
    client = as_(world.alice)
    assert "Готовых текстов пока нет" in plain(client.get("/desk/texts/"))
    typed = {
        "name": "Сверка",
        "shortcut": "::Сверка",
        "queue": world.errors.pk,
        "text_ru": "{greeting}\nЗаявка {number}",
    }
    assert client.post("/desk/texts/new/", typed).status_code == 302
    row = ReadyText.objects.get()
    assert (row.shortcut, row.text_ru) == ("сверка", "{greeting}\nЗаявка {number}")
    assert "::сверка" in plain(client.get("/desk/texts/"))
    client.post(f"/desk/texts/{row.pk}/", typed | {"name": "Акт"})
    assert "Акт" in plain(client.get(f"/desk/texts/{row.pk}/"))
    client.post(f"/desk/texts/{row.pk}/", {"do": "off"})
    ticket = world.ticket()
    assert "Акт" not in plain(client.get(f"/desk/tickets/{ticket.number}/texts/"))
    client.post("/desk/texts/new/", typed)  # the shortcut is free now, until both were offered
    refused = client.post(f"/desk/texts/{row.pk}/", {"do": "on"})
    assert refused.status_code == 422 and "уже есть у другого текста" in plain(refused)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text_ru": "Зарплата {salary}"}, "Такой подстановки нет: {salary}"),
        ({"text_en": "{salary}"}, "Такой подстановки нет: {salary}"),
        ({"name": " "}, "исправьте отмеченное"),
        ({"text_ru": ""}, "Напишите текст"),
        ({"text_ru": "х" * 20_001}, "сократите текст"),
        ({"shortcut": "две части"}, "без пробелов"),
        ({"name": "х" * 101}, "исправьте отмеченное"),
        ({"shortcut": "сверка"}, "уже есть у другого текста"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(world, as_, wrong, said):
    made(world)
    typed = {"name": "Акт", "shortcut": "акт", "queue": world.errors.pk, "text_ru": "Текст 4512", "text_en": ""} | wrong
    answer = as_(world.alice).post("/desk/texts/new/", typed)
    assert answer.status_code == 422 and said in plain(answer)
    assert ReadyText.objects.count() == 1
    if "text_ru" not in wrong:
        assert "Текст 4512" in plain(answer)


def test_texts_of_a_request_are_those_of_its_queue_filled_in(world, as_):
    ticket = world.ticket(subject="Пени")
    made(world)
    made(world, "Чужая", "чужая", world.advice)
    made(world, "Срок", "срок", text="Ответим до {due}")
    text = plain(as_(world.alice).get(f"/desk/tickets/{ticket.number}/texts/"))
    assert f"Здравствуйте, Карина! Заявка {ticket.number}" in text
    assert "Чужая" not in text
    assert "Нечем заполнить: обещанный срок" in text.replace("\xa0", " ") and "Ответим до {due}" in text
    promise(ticket.pk, by=world.by(world.alice), due_at=ticket.created_at.replace(year=2099))
    assert "{due}" not in plain(as_(world.alice).get(f"/desk/tickets/{ticket.number}/texts/"))


def test_the_clients_language_is_that_of_the_text(world, as_):
    world.carol.language = "en"
    world.carol.save()
    ticket = world.ticket()
    made(world, english="{greeting} Request {number}")
    made(world, "Без перевода", "без", text="Только русский")
    text = plain(as_(world.alice).get(f"/desk/tickets/{ticket.number}/texts/"))
    assert f"Hello, Карина! Request {ticket.number}" in text and "Только русский" in text


def test_without_script_a_text_is_chosen_on_a_page_and_stands_below_what_was_typed(world, as_):
    ticket, client = world.ticket(), as_(world.alice)
    row = made(world)
    address = f"/desk/tickets/{ticket.number}/texts/"
    typed = {"form_key": "k", "body": "Уже набрано\nдве строки", "next_state": "review", "kind": "answer"}
    page = plain(client.post(address, typed))
    assert "Выберите готовый текст" in page and "Уже набрано\nдве строки" in page and 'value="review"' in page
    page = plain(client.post(address, typed | {"text": row.pk}))
    assert f"Уже набрано\nдве строки\n\nЗдравствуйте, Карина! Заявка {ticket.number}" in page
    assert 'value="review" selected' in page
    page = plain(client.post(address, typed | {"text": "none", "form_key": "other"}))
    assert page.partition('name="body"')[2].partition("</textarea>")[0].endswith("Уже набрано\nдве строки")
    html = plain(client.post(address, typed | {"text": row.pk, "body": "<b>Да</b>", "body_format": "html"}))
    assert "&lt;b&gt;Да&lt;/b&gt;&lt;div&gt;Здравствуйте, Карина!" in html
    assert not Article.objects.filter(ticket=ticket, sender="agent").exists()  # nothing was sent


def test_markup_in_a_name_is_text(world, as_):
    world.carol.name = "<script>alert(1)</script> Злая"
    world.carol.save()
    ticket, client = world.ticket(), as_(world.alice)
    row = made(world, text="{client}")
    assert "<script>alert" not in client.get(f"/desk/tickets/{ticket.number}/texts/").content.decode()
    typed = {"form_key": "k", "body": "", "body_format": "html", "text": row.pk}
    page = client.post(f"/desk/tickets/{ticket.number}/texts/", typed).content.decode()
    assert "<script>alert" not in page

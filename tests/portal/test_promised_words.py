"""What the source promises on the client's pages stands there: a page that loses one of these fails here."""

import re

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import LetterFacts, reply
from helpdesk.tickets.models import Category, Channel, Queue


def text_of(answer):
    return answer.content.decode().replace("\u00a0", " ")


def test_a_new_request_says_that_it_is_one_question_and_shows_the_heading_to_copy(world, as_):
    Queue.objects.update(example_ru="Агент: … Лицевой счёт: …", guidance_ru=["Скопируйте «шапку» страницы"])
    page = text_of(as_(world.carol).get(f"/portal/new/?queue={world.errors.pk}"))
    assert "Одна заявка — один вопрос" in page
    assert "Скопируйте «шапку» страницы" in page and "Агент: … Лицевой счёт: …" in page


def test_a_request_names_its_category_its_author_and_who_sees_it_and_can_be_printed(world, as_):
    category = Category.objects.create(key="print", path="/1/", name_ru="Печать", name_en="Printing")
    ticket = world.ticket(category_id=category.pk)
    page = text_of(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    facts = dict(re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page, re.DOTALL))
    told = {name: re.sub(r"<[^>]+>", "", value).strip() for name, value in facts.items()}
    assert told["Категория"] == "Печать" and told["Автор"] == world.carol.name and told["Видят"]
    assert "data-print" in page and "Напечатать" in page


def test_a_quotation_is_folded(world, as_):
    ticket = world.ticket()
    reply(
        ticket.pk, by=Actor(world.carol.pk), body=from_plain("Спасибо"), channel=Channel.MAIL, at=clock.now(),
        letter=LetterFacts(folded_text="> Прежнее письмо"),
    )  # fmt: skip
    page = text_of(as_(world.carol).get(f"/portal/tickets/{ticket.number}/"))
    (quote,) = re.findall(r"<details class=\"quote\"([^>]*)>", page)
    assert "open" not in quote and "Прежнее письмо" in page


def test_requests_named_in_a_quotation_lead_there(world, as_):
    ticket, other = world.ticket(), world.ticket(subject="Другая")
    spaced = f"{other.number[:3]} {other.number[3:]}"
    folded = f"> см. Ticket#{other.number}\n> и заявку № {spaced} <b>\n> Ticket#{ticket.number}"
    reply(
        ticket.pk, by=Actor(world.carol.pk), body=from_plain("Спасибо"), channel=Channel.MAIL, at=clock.now(),
        letter=LetterFacts(folded_text=folded),
    )  # fmt: skip
    for person, side in ((world.carol, "portal"), (world.alice, "desk")):
        page = text_of(as_(person).get(f"/{side}/tickets/{ticket.number}/"))
        quote = re.findall(r'<details class="quote">.*?</details>', page, re.DOTALL)[-1]
        assert quote.count(f'<a href="/{side}/tickets/{other.number}/">') == 2, side
        assert f"Ticket#{ticket.number}</a>" not in quote and "&lt;b&gt;" in quote


def test_pages_of_a_list_say_where_one_is(world, as_):
    for number in range(30):
        world.ticket(subject=f"Заявка {number}")
    client = as_(world.carol)
    for page, shown in ((1, "1–25"), (2, "26–30")):
        read = text_of(client.get(f"/portal/mine/?page={page}&page_size=25&sort=created"))
        assert shown in read
        assert re.search(rf'aria-current="page"[^>]*>\s*{page}\s*<', read), page


def test_a_list_as_a_table_marks_what_is_new_and_who_said_the_last_word(world, as_):
    ticket = world.ticket()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Смотрим"))
    row = re.search(r"<tr.*?Ошибка 500.*?</tr>", text_of(as_(world.carol).get("/portal/mine/?sort=due")), re.DOTALL)
    assert "Есть новое" in row.group(0) and world.alice.name in row.group(0)

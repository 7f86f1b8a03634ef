"""The clients' search: what is not understood is said where it was typed, and inner states stay inner."""

import re

import pytest

from helpdesk.core.actor import Actor
from helpdesk.core.clock import now
from helpdesk.tickets.actions import StateMove, set_state
from helpdesk.tickets.models import State


def page_of(client, **asked):
    return client.get("/portal/search/", asked).content.decode().replace("\xa0", " ")


def main_of(page, code):
    """What stands in the page, without the value that was asked for."""
    return page[page.index("<main") :].replace(f"«{code}»", "?")


def heading(page):
    return page.partition('<h2 id="found">')[2].partition("</h2>")[0]


def error(page, field):
    return re.sub("<[^>]+>", "", page.partition(f'id="{field}-error"')[2].partition(">")[2].partition("</p>")[0])


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ({"from": "2026-11-24", "to": "2026-11-23"}, "to", "раньше начального"),
        ({"from": "abc"}, "from", "«abc» — не дата"),
        ({"to": "31.12.2026"}, "to", "«31.12.2026» — не дата"),
        ({"queue": "zzz"}, "queue", "Получателя «zzz» нет"),
        ({"state": "zzz"}, "state", "Состояния «zzz» нет"),
    ],
)
def test_a_condition_that_is_not_understood_is_told_at_its_field(world, as_, asked, field, told):
    world.ticket()
    page = page_of(as_(world.carol), **asked)
    assert told in error(page, field)
    assert heading(page) == "Поиск не выполнен" and "Ошибка 500" not in page
    for name in {"from", "to"} & set(asked):  # a browser shows nothing of what is no date in a field of dates
        shown = re.search(f'<input[^>]*name="{name}"[^>]*>', page).group(0)
        assert f'value="{asked[name]}"' in shown
        assert ('type="date"' in shown) == asked[name].startswith("2026")


def test_a_queue_of_the_desk_is_as_strange_as_none(world, as_):
    client = as_(world.carol)
    pages = [main_of(page_of(client, queue=queue), queue) for queue in (world.inbox.pk, 987654)]
    assert pages[0] == pages[1]


def test_inner_states_are_as_strange_as_none(world, as_):
    State.objects.filter(code__in=["open", "reminder"]).update(client_name_ru="В работе", client_name_en="In progress")
    reminded, opened = world.ticket(subject="Отложенная"), world.ticket(subject="Открытая")
    set_state(reminded.pk, by=Actor(world.alice.pk), to=StateMove("reminder", now().replace(year=2099)))
    set_state(opened.pk, by=Actor(world.alice.pk), to=StateMove("open"))
    client = as_(world.carol)
    strange = {main_of(page_of(client, state=code), code) for code in ("zzz", "reminder", "removed", "merged")}
    assert len(strange) == 1 and "Отложенная" not in strange.pop()
    page = page_of(client, state="open")
    assert "Отложенная" in page and "Открытая" in page and "reminder" not in page


@pytest.mark.parametrize(
    ("words", "title"), [("я" * 61, "Ничего не нашлось"), ("страница " + "я" * 61, "Найдена 1 заявка")]
)
def test_words_that_no_index_holds_are_named(world, as_, words, title):
    world.ticket()
    page = page_of(as_(world.carol), q=words)
    assert "Слова длиннее 60 букв не ищутся" in error(page, "q") and heading(page) == title and words in page


@pytest.mark.parametrize("asked", [{"q": "---"}, {"q": "и в на"}, {"q": "небывальщина"}, {"from": "2099-01-01"}])
def test_the_heading_of_an_empty_result_says_so(world, as_, asked):
    world.ticket()
    assert heading(page_of(as_(world.carol), **asked)) == "Ничего не нашлось"


def test_who_has_no_requests_is_not_told_to_ask_for_less(world, as_):
    page = page_of(as_(world.carol))
    assert heading(page) == "Заявок пока нет" and "Уберите одно условие" not in page

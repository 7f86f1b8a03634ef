"""The clients' search: what is not understood is said where it was typed, and inner states stay inner."""

import html
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk import knowledge
from helpdesk.core.actor import Actor
from helpdesk.core.clock import now
from helpdesk.fronts import taking
from helpdesk.portal.views import search
from helpdesk.tickets.actions import StateMove, set_state
from helpdesk.tickets.models import State


def page_of(client, **asked):
    return client.get("/portal/search/", asked).content.decode().replace("\xa0", " ")


def main_of(page, code):
    """What stands in the page, without the value that was asked for."""
    return page[page.index("<main") :].replace(f"«{code}»", "?")


def heading(page):
    return page.partition('<h2 id="found" tabindex="-1">')[2].partition("</h2>")[0]


def error(page, field):
    return re.sub("<[^>]+>", "", page.partition(f'id="{field}-error"')[2].partition(">")[2].partition("</p>")[0])


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ({"from": "2026-11-24", "to": "2026-11-23"}, "to", "раньше начального"),
        ({"from": "abc"}, "from", "«abc» — не дата"),
        ({"to": "31.13.2026"}, "to", "«31.13.2026» — не дата"),
        ({"queue": "zzz"}, "queue", "Такого получателя нет"),
        ({"state": "zzz"}, "state", "Такого состояния нет"),
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
    strange = {main_of(page_of(client, state=code), code) for code in ("zzz", "reminder", "removed")}
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


@pytest.mark.parametrize("place", ["subject", "text", "file", "q"])
def test_words_that_every_text_has_narrow_nothing_beside_others(world, as_, place):
    ticket, client = world.ticket(subject="Ошибка страницы"), as_(world.carol)
    others = {"subject": "ошибки"} if place == "q" else {"q": "страница"}
    page = page_of(client, **others, **{place: "что и"})
    assert heading(page) == "Найдена 1 заявка" and "по ним не искали" in error(page, "q")
    table = client.get("/portal/search/", {**others, place: "что и", "format": "csv"})
    assert ticket.number in b"".join(table.streaming_content).decode()
    alone = page_of(client, **dict.fromkeys(others, "и"), **{place: "что"})
    assert heading(alone) == "Ничего не нашлось" and "почти в каждом тексте" in error(alone, "q")


def test_who_has_no_requests_is_not_told_to_ask_for_less(world, as_):
    page = page_of(as_(world.carol))
    assert heading(page) == "Заявок пока нет" and "Уберите одно условие" not in page


@pytest.mark.parametrize(
    ("language", "title"),
    [("ru", "Всего 2 заявки, сначала с новыми ответами"), ("en", "2 requests in all, latest answers first")],
)
def test_the_heading_without_conditions_says_how_many_and_in_which_order(world, as_, language, title):
    type(world.carol).objects.filter(pk=world.carol.pk).update(language=language)
    world.carol.refresh_from_db()
    world.ticket()
    world.ticket()
    assert heading(page_of(as_(world.carol))) == title


def following(page):
    href = re.search(r'<a href="([^"]*)" rel="next"', page)
    return "/portal/search/" + href[1].replace("&amp;", "&") if href else ""


@pytest.mark.parametrize(
    "asked", [{}, {"queue": True}, {"q": "страница"}, {"q": "шибк"}, {"q": "страница", "sort": "fit"}]
)
def test_each_page_says_which_of_how_many_it_is(world, as_, monkeypatch, asked):
    for _ in range(52):
        world.ticket()
    client = as_(world.carol)
    asked = {**asked, "queue": world.errors.pk} if "queue" in asked else asked
    page, told = page_of(client, **asked), ["Страница 1 из 3: 1–25 из 52", "Страница 2 из 3: 26–50 из 52"]
    for words in told:
        assert words in page and "52 заяв" in heading(page)
        page = client.get(following(page)).content.decode().replace("\xa0", " ")
    assert "Страница 3 из 3: 51–52 из 52" in page and not following(page) and "Первая страница" in page
    monkeypatch.setattr(search, "COUNTED", 40)
    monkeypatch.setattr(search, "ALL_COUNTED", 40)
    page = page_of(client, **asked)
    if asked.get("sort") != "fit":  # which knows them all
        assert "Страница 1: 1–25 из более чем 40" in page and "ольше 40 заявок" in heading(page)


def test_more_than_a_file_takes_is_said_beside_it(world, as_, monkeypatch):
    for _ in range(26):
        world.ticket()
    monkeypatch.setitem(taking.MOST, "pdf", 2)
    assert ">XLSX</a>" in page_of(as_(world.carol)) and ">PDF (до 2)</a>" in page_of(as_(world.carol))
    monkeypatch.setattr(search, "ALL_COUNTED", 2)  # how many there are is not known
    assert ">CSV (до 100 000)</a>" in page_of(as_(world.carol)).replace("\u202f", " ")


@pytest.mark.parametrize(("language", "sign"), [("ru", " "), ("en", ",")])
def test_the_help_says_what_files_take(language, sign):
    page = (Path(knowledge.__file__).parent / "pages" / language / "search.md").read_text().replace("\u00a0", " ")
    for kind, most in taking.MOST.items():
        assert re.search(f"{kind.upper()}[^.;]* {most:,}".replace(",", sign), page), kind


def test_one_page_says_nothing_of_pages(world, as_):
    world.ticket()
    assert "Страница 1" not in page_of(as_(world.carol))


@pytest.mark.parametrize("typed", ["itx", "ошыбка", "Jib,rf"])
def test_what_was_meant_is_shown_where_nothing_is_found(world, as_, typed):
    ticket = world.ticket(subject="Ошибка печати")
    answer = as_(world.carol).get("/portal/search/", {"q": typed, "state": "new"}, follow=True)
    page = answer.content.decode().replace("\xa0", " ")
    if typed == "itx":  # «шеч»: no word in either layout
        assert heading(page) == "Ничего не нашлось" and not answer.redirect_chain
    else:
        assert ticket.number in answer.content.decode() and f"По запросу «{typed}» ничего нет" in page
        assert "state=new" in answer.redirect_chain[-1][0]


@pytest.mark.parametrize("place", ["subject", "text"])
def test_what_was_meant_in_a_field_of_its_own(world, as_, place):
    ticket = world.ticket(subject="Страница белая")
    answer = as_(world.carol).get("/portal/search/", {place: "строница", "state": "new"}, follow=True)
    assert urlencode({place: "страница"}) in answer.redirect_chain[-1][0]
    page = answer.content.decode().replace("\xa0", " ")
    assert ticket.number in page and "По запросу «строница» ничего нет. Показано по запросу «страница»." in page
    exact = as_(world.carol).get("/portal/search/", {place: "строница", "instead": "строница"})
    assert heading(exact.content.decode().replace("\xa0", " ")) == "Ничего не нашлось"


def test_words_of_others_are_never_what_was_meant(world, as_):
    world.ticket(world.dave, subject="Канарейка поёт")
    page = page_of(as_(world.carol), q="канарийка")
    assert heading(page) == "Ничего не нашлось" and "анарейка" not in page


def test_the_address_of_a_filled_form_holds_what_was_filled(world, as_):
    world.ticket()
    empty = dict.fromkeys(("number", "subject", "text", "file", "from", "to", "days", "field_error_code"), "")
    answer = as_(world.carol).get("/portal/search/", {**empty, "q": "страница", "state": "new", "sort": "fit"})
    assert answer.headers["Location"] == (
        "/portal/search/?q=%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0&state=new&sort=fit"
    )
    file = as_(world.carol).get("/portal/search/", {**empty, "q": "страница", "format": "csv"}, follow=True)
    assert file.headers["Content-Type"].startswith("text/csv")
    wrong = as_(world.carol).get("/portal/search/", {**empty, "from": "abc"})
    assert wrong.status_code == 200 and "не дата" in error(wrong.content.decode().replace("\xa0", " "), "from")


def test_what_is_advised_fits_what_was_asked(world, as_):
    client = as_(world.carol)
    one, two = (page_of(client, q=q) for q in ("нетникого", "нет никогожеж"))
    assert "Проверьте, как это написано" in one and "меньше слов" not in one
    assert "напишите меньше слов" in two


def test_a_question_is_answered_and_what_was_left_out_told(world, as_):
    ticket = world.ticket(subject="Возврат платежа")
    page = page_of_followed(as_(world.carol), q="Как сделать возврат?")
    assert ticket.number in page and "Не искались слова, которые мало что уточняют: как, сделать" in page
    page = page_of_followed(as_(world.carol), q="Мне нужен возврат")
    assert ticket.number in page and "Со словами «Мне нужен» ничего нет: показано без них." in page


def test_fewer_words_are_shown_and_told_with_a_way_to_what_was_typed(world, as_):
    receipt, letter = world.ticket(subject="Квитанция за март"), world.ticket(subject="Приходит письмо")
    world.ticket(subject="Приходит счёт")
    page = page_of_followed(as_(world.carol), q="квитанция не приходит")
    assert receipt.number in page and letter.number not in page
    assert "Всех слов вместе нет ни в одной заявке. Показано без слова «приходит»." in page
    exact = html.unescape(page.partition('role="status">Всех слов')[2].partition('<a href="')[2].partition('"')[0])
    again = as_(world.carol).get(f"/portal/search/{exact}")
    assert again.status_code == 200 and "Ничего не\xa0нашлось" in heading(again.content.decode())
    assert 'value="квитанция не приходит"' in again.content.decode()
    world.ticket(subject="Квитанция не приходит")
    assert "Всех слов вместе нет" not in page_of_followed(as_(world.carol), q="квитанция не приходит")


def test_words_that_every_text_has_are_told_where_they_were_passed_over(world, as_):
    world.ticket(subject="Возврат платежа")
    page = page_of(as_(world.carol), q="когда небывальщина на карту или балалайка")
    assert "Не искались слова" not in page  # nothing is found
    page = page_of(as_(world.carol), q="когда возврат или платеж")
    assert "Не искались слова, которые мало что уточняют: когда, или" in page
    assert heading(page_of(as_(world.carol), q="если5")) == "Ничего не нашлось"


def page_of_followed(client, **asked):
    return client.get("/portal/search/", asked, follow=True).content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("typed", "same_as"),
    [('возврат "', "возврат"), ('возврат " платежа', "возврат платежа"), ("возврат -", "возврат"), ("- возврат *", "возврат"),
     ("возврат?", "возврат"), ("«возврат", "возврат"), ("возврат и", "возврат"), ("(возврат)", "возврат"), ("возврат | & !", "возврат")],
)  # fmt: skip
def test_half_typed_signs_are_no_signs(world, as_, typed, same_as):
    world.ticket(subject="Платежа возврат")
    world.ticket(subject="Другое")
    client = as_(world.carol)
    found = [re.findall(r"/portal/tickets/(\d+)/", page_of(client, q=q)) for q in (typed, same_as)]
    assert found[0] == found[1] and found[0]


QUERIES = st.lists(
    st.sampled_from(["возврат", "если5", "как", '"', "«", "-", "*", "%", "'", "\\", "(", "|", "&", "!", ":", "Ошибка*", "5а",
                     "№", "100", "-\"", "Carol", "\0", "ё", "🙂", "Ticket#1", "\u202e", ","]),
    max_size=8,
).map(" ".join) | st.text(max_size=30)  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUERIES)
def test_no_query_is_an_error_and_each_page_says_how_it_was_understood(world, as_, query):
    if not world.carol.authored.exists():
        world.ticket(subject="Возврат платежа")
    answer = as_(world.carol).get("/portal/search/", {"q": query}, follow=True)
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 200
    told = heading(page) if '<h2 id="found"' in page else "Найдена"  # a number alone opens its request
    assert told.startswith(("Найден", "Ничего не нашлось", "Поиск не выполнен", "Всего", "Заявок")), query

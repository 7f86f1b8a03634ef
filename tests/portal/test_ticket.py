import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localtime
from pypdf import PdfReader

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import LetterFacts, StateMove, close_due, note, reply
from helpdesk.tickets.models import Attachment, Category, Draft, NumberAlias, Queue, Ticket
from tests.statements import statements_of


def address(ticket):
    return f"/portal/tickets/{ticket.number}/"


def agent_says(world, ticket, text, state=None):
    return reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain(text), then=StateMove(state) if state else None)


def test_page_shows_thread_and_hides_notes(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Смотрим.")
    note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("КАНАРЕЙКА"))
    page = as_(world.carol).get(address(ticket)).content.decode()
    assert "Белая страница" in page and "Автоматический ответ" in page.replace("\xa0", " ") and "Смотрим." in page
    assert "КАНАРЕЙКА" not in page


def test_places_in_the_page_do_not_tell_of_hidden_notes(world, as_):
    """Counted within the request, they would have a gap where a note stands."""
    ticket = world.ticket()
    note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Заметка"))
    answer = as_(world.carol).post(address(ticket), {"body": "Ещё вопрос", "form_key": "r1"})
    shown = list(ticket.articles.filter(visible_to_client=True).order_by("seq").values_list("pk", flat=True))
    page = as_(world.carol).get(address(ticket)).content.decode()
    assert [int(one) for one in re.findall(r'id="a(\d+)"', page)] == shown
    assert answer.url == f"{address(ticket)}#a{shown[-1]}"


def test_answer_goes_with_files_and_next_state(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", "autoclose")
    answer = as_(world.carol).post(
        address(ticket),
        {"body": "Спасибо", "next_state": "closed", "form_key": "r1", "attachments": SimpleUploadedFile("a.txt", b"x")},
    )
    ticket.refresh_from_db()
    assert answer.status_code == 302
    assert (ticket.state_id, ticket.waits_for) == ("closed", "nobody")
    assert Attachment.objects.get().filename == "a.txt"


@pytest.mark.parametrize(("state", "told"), [("closed", "Заявка закрыта"), ("done", "специалист закроет")])
def test_a_request_is_settled_without_a_word(world, as_, state, told):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", "autoclose")
    client = as_(world.carol)
    answer = client.post(address(ticket), {"body": " ", "next_state": state, "form_key": "s1"}, follow=True)
    ticket.refresh_from_db()
    assert ticket.state_id == state
    assert ticket.articles.filter(sender="client").count() == 1
    assert told in answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("state", "finished", "offered"),
    [
        ("autoclose", True, {"closed", "rework"}),
        ("done", True, {"closed", "rework"}),
        ("clarify", False, {"closed"}),
        ("closed", False, {"rework"}),
    ],
)
def test_a_finished_request_says_what_an_answer_does_and_is_closed_beside_it(world, as_, state, finished, offered):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", state)
    client = as_(world.carol)
    form = client.get(address(ticket)).content.decode().replace("\u00a0", " ").partition('id="reply"')[2]
    assert ("Ответ вернёт заявку в работу, если не выбрать другое следующее состояние." in form) == finished
    assert set(re.findall(r'name="next_state" value="(\w+)"', form)) == offered
    if finished:  # a browser sends the select's choice and then the button's
        sent = {"body": "Спасибо!", "form_key": "t", "next_state": ["rework", "closed"]}
        assert client.post(address(ticket), sent).status_code == 302
        ticket.refresh_from_db()
        assert ticket.state_id == "closed" and ticket.articles.filter(text="Спасибо!").exists()


def test_a_request_that_nobody_has_answered_is_not_called_settled(world, as_):
    ticket = world.ticket()
    form = as_(world.carol).get(address(ticket)).content.decode().partition('id="reply"')[2]
    assert 'name="next_state" value=' not in form


def test_an_answer_to_a_closed_request_follows_the_queues_rule(world, as_):
    client = as_(world.carol)
    for rule in ("new", "refuse"):
        Queue.objects.filter(pk=world.errors.pk).update(follow_up=rule)
        ticket = world.ticket()
        agent_says(world, ticket, "Готово", "closed")
        shown = client.get(address(ticket)).content.decode().replace("\u00a0", " ")
        assert ('id="reply"' in shown) == (rule == "new")
        assert ("откроется новая заявка, связанная с этой" in shown) == (rule == "new")
        told = client.post(address(ticket), {"body": f"Опять {rule}", "form_key": rule}, follow=True)
        said = told.content.decode().replace("\u00a0", " ")
        if rule == "new":
            assert "остаётся закрытой: ваш ответ открыл эту новую заявку" in said
            assert told.redirect_chain[-1][0].startswith("/portal/tickets/")
            assert ticket.number not in told.redirect_chain[-1][0]
        else:
            assert told.status_code == 403
            assert "Опять refuse" in said  # nobody's words are lost
            assert 'class="btn" href="/portal/new/"' in said
        ticket.refresh_from_db()
        assert ticket.state_id == "closed"


def test_numbers_of_requests_in_texts_lead_to_those_that_the_reader_sees(world, as_):
    ticket, other, of_others = world.ticket(), world.ticket(), world.ticket(world.dave)
    spaced = f"{other.number[:3]} {other.number[3:]}"
    said = f"То же, что в Ticket#{other.number}: см. заявку № {spaced}, Ticket#{of_others.number}, Ticket#999777"
    agent_says(world, ticket, said, "open")
    client, page = as_(world.carol), address(ticket)
    shown = client.get(page).content.decode()
    led = re.findall(r'<a href="/portal/tickets/([0-9]+)/">[^<]*</a>', shown)
    assert led == [other.number] * 2 and f"Ticket#{of_others.number}" in shown and "Ticket#999777" in shown
    NumberAlias.objects.create(number="999777", ticket=other)
    type(ticket).objects.filter(pk=of_others.pk).update(company=ticket.company)
    again = client.get(page).content.decode()  # no page is kept that is not true any more
    assert f'<a href="/portal/tickets/{of_others.number}/">' in again and '<a href="/portal/tickets/999777/">' in again
    desk = as_(world.alice).get(f"/desk/tickets/{ticket.number}/").content.decode()
    assert f'<a href="/desk/tickets/{of_others.number}/">' in desk


def test_work_that_is_not_done_needs_words(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", "autoclose")
    answer = as_(world.carol).post(address(ticket), {"body": "", "next_state": "rework", "form_key": "s2"})
    assert answer.status_code == 422
    ticket.refresh_from_db()
    assert ticket.state_id == "autoclose"


def test_answer_without_choice_leaves_the_state_of_the_specialist(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Какой период?", "clarify")
    as_(world.carol).post(address(ticket), {"body": "Октябрь", "next_state": "", "form_key": "r1"})
    ticket.refresh_from_db()
    assert (ticket.state_id, ticket.waits_for) == ("clarify", "desk")


def test_finished_request_says_when_it_closes_and_an_answer_keeps_it_open(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", "autoclose")
    page = as_(world.carol).get(address(ticket)).content.decode().replace("\xa0", " ")
    assert "закроется сама завтра" in page and "Отвечать не нужно" in page
    as_(world.carol).post(address(ticket), {"body": "Не работает", "form_key": "r2"})
    assert close_due(ticket.pk, at=clock.now() + timedelta(days=2)) is None
    ticket.refresh_from_db()
    assert ticket.state_id == "rework"


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        (None, ["", "done", "closed"]),
        ("clarify", ["", "done", "closed"]),
        ("autoclose", ["rework", "done", "closed"]),
        ("closed", ["rework"]),
    ],
)
def test_next_states_offered(world, as_, state, offered):
    import re

    ticket = world.ticket()
    if state:
        agent_says(world, ticket, "Ответ", state)
    page = as_(world.carol).get(address(ticket)).content.decode()
    select = re.search(r'<select[^>]*name="next_state".*?</select>', page, re.DOTALL).group(0)
    assert re.findall(r'<option value="([^"]*)"', select) == offered


@pytest.mark.parametrize("state", ["removed", "merged", "autoclose", "nonsense", "rework", "new'--"])
def test_state_not_offered_is_refused_and_the_text_kept(world, as_, state):
    ticket = world.ticket()
    answer = as_(world.carol).post(address(ticket), {"body": "Мой текст", "next_state": state, "form_key": "r1"})
    assert answer.status_code == 422
    assert "Мой текст" in answer.content.decode()
    assert Ticket.objects.get().state_id == "new"


def test_answer_that_came_meanwhile_is_shown_before_sending(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)
    seen = Ticket.objects.get().last_event_seq
    agent_says(world, ticket, "Ответ специалиста")
    posted = {"body": "Мой текст", "form_key": "r1", "seen": seen}
    answer = client.post(address(ticket), posted)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Мой текст" in page and "Ответ специалиста" in page
    fresh = Ticket.objects.get().last_event_seq
    assert f'name="seen" value="{fresh}"' in page
    assert client.post(address(ticket), {**posted, "seen": fresh}).status_code == 302


def test_answer_sent_twice_is_one(world, as_):
    ticket = world.ticket()
    for _ in range(2):
        as_(world.carol).post(address(ticket), {"body": "Один раз", "form_key": "same"})
    assert ticket.articles.filter(text="Один раз").count() == 1


def test_a_state_chosen_with_the_key_of_an_earlier_answer_is_not_dropped(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)
    client.post(address(ticket), {"body": "Спасибо", "form_key": "same"})
    answer = client.post(address(ticket), {"body": "Спасибо", "form_key": "same", "next_state": "closed"})
    assert answer.status_code == 409
    ticket.refresh_from_db()
    assert ticket.state_id != "closed"


def test_the_very_same_answer_from_another_copy_of_the_form_is_asked_about(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)
    client.post(address(ticket), {"body": "Спасибо", "form_key": "one"})
    page = client.post(address(ticket), {"body": "Спасибо", "form_key": "two"})
    assert page.status_code == 409
    assert 'name="again" value="1"' in page.content.decode()
    assert ticket.articles.filter(text="Спасибо").count() == 1
    assert client.post(address(ticket), {"body": "Спасибо", "form_key": "three", "again": "1"}).status_code == 302
    assert ticket.articles.filter(text="Спасибо").count() == 2


def test_foreign_absent_and_strange_numbers_look_the_same(world, as_):
    foreign = world.ticket(world.dave)
    client = as_(world.carol)
    pages = [
        client.get(f"/portal/tickets/{number}/") for number in (foreign.number, "999999", "x%00y", "9" * 60, "%D1%8F")
    ]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert client.post(address(foreign), {"body": "x"}).status_code == 404


def test_old_number_leads_to_the_request(world, as_):
    ticket = world.ticket()
    NumberAlias.objects.create(number="2026112410000019", ticket=ticket)
    assert as_(world.carol).get("/portal/tickets/2026112410000019/").url == address(ticket)


def test_reader_without_writing_sees_but_may_not_answer(world, as_):
    ticket = world.ticket()
    world.carol.memberships.update(writes=False)
    client = as_(world.carol)
    page = client.get(address(ticket))
    assert page.status_code == 200 and 'name="body"' not in page.content.decode()
    assert client.post(address(ticket), {"body": "x", "form_key": "1"}).status_code == 403


@pytest.mark.parametrize("name", ["картинка.svg", "страница.html", "x.png"])
def test_files_are_downloads_that_cannot_run(world, as_, name):
    content = b"<svg onload=alert(1)>" if name != "x.png" else b"<html>not a picture"
    client = as_(world.carol)
    client.post("/portal/new/", {"queue": world.errors.pk, "subject": "с", "body": "т", "form_key": "k",
                                 "attachments": SimpleUploadedFile(name, content, "image/svg+xml")})  # fmt: skip
    file = Attachment.objects.select_related("article__ticket").get()
    link = f"/portal/tickets/{file.article.ticket.number}/files/{file.pk}/x"
    for query in ("", "?inline"):
        answer = client.get(link + query)
        assert b"".join(answer.streaming_content) == content
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Type"] == "application/octet-stream"
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert as_(world.dave).get(link).status_code == 404
    assert as_(world.dora).get(link).status_code == 404


def test_file_of_a_note_is_not_for_clients(world, as_):
    from helpdesk.core import files
    from helpdesk.tickets.actions import NewFile

    ticket = world.ticket()
    note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("з"), attachments=[NewFile(files.store(b"x"), "з.txt")])
    link = f"/portal/tickets/{ticket.number}/files/{Attachment.objects.get().pk}/x"
    assert as_(world.carol).get(link).status_code == 404


def test_page_costs_the_same_for_one_and_fifty_articles(world, as_):
    ticket = world.ticket()
    client = as_(world.carol)

    def statements():
        return len(statements_of(client, address(ticket)))

    one = statements()
    for i in range(49):
        agent_says(world, ticket, f"Ответ {i}")
    assert statements() == one <= 12


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ("", "Ответ отправлен. Теперь очередь специалиста."),
        ("done", "Специалист закроет заявку"),
        ("closed", "заявка закрыта"),
    ],
)
def test_an_answer_says_whose_turn_it_is_now(world, as_, choice, said):
    ticket = world.ticket()
    agent_says(world, ticket, "Какой период?", "clarify")
    answer = as_(world.carol).post(
        address(ticket), {"body": "Март", "form_key": "r1", "next_state": choice}, follow=True
    )
    flash = answer.content.decode().partition('<div class="flash">')[2].partition("</div></div>")[0]
    assert said in flash.replace("\xa0", " ")


def test_after_an_answer_the_form_does_not_ask_for_another(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Какой период?", "clarify")
    as_(world.carol).post(address(ticket), {"body": "Март", "form_key": "r1"})
    page = as_(world.carol).get(address(ticket)).content.decode().replace("\xa0", " ")
    assert "Оставить как есть: На уточнении · ответ отправлен</option>" in page


@pytest.mark.parametrize(
    ("language", "asked", "nothing"),
    [
        ("ru", "От вас</dt><dd><bdi>нужен ответ", "От вас</dt><dd><bdi>ничего не нужно"),
        ("en", "From you</dt><dd><bdi>an answer is needed", "From you</dt><dd><bdi>nothing is needed"),
    ],
)
def test_what_is_needed_is_said_in_words_that_go_together(world, as_, language, asked, nothing):
    world.carol.language = language
    world.carol.save()
    ticket, client = world.ticket(), as_(world.carol)
    assert nothing in client.get(address(ticket)).content.decode().replace("\xa0", " ")
    agent_says(world, ticket, "Какой период?", "clarify")
    assert asked in client.get(address(ticket)).content.decode().replace("\xa0", " ")


def test_another_text_after_one_from_another_window_is_explained_in_the_readers_words(world, as_):
    client, ticket = as_(world.carol), world.ticket()
    address = f"/portal/tickets/{ticket.number}/"
    client.post(address, {"body": "Из второго окна", "form_key": "k"})
    answer = client.post(address, {"body": "Из первого окна", "form_key": "k"})
    page = re.sub(r"\s", " ", answer.content.decode())
    assert answer.status_code == 409 and "Из первого окна" in page
    assert re.search(r"уже отправлено: «Из второго окна» \(заявка № \d[^)]*\)\. Текст ниже не отправлен", page)
    client.cookies["language"] = "en"
    page = client.post(address, {"body": "Из первого окна", "form_key": "k"}, headers={"accept-language": "en"})
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode())[1]
    assert client.post(address, {"body": "Из первого окна", "form_key": key}).status_code == 302
    assert ticket.articles.filter(text__endswith="окна").count() == 2


def test_facts_say_first_what_is_awaited_and_of_whom(world, as_):
    """As the design has them: who answers, what is needed, where it went, how urgent it is; the author is «вы»."""
    ticket = world.ticket()
    agent_says(world, ticket, "Какой счёт?", "clarify")
    page = as_(world.carol).get(address(ticket)).content.decode().replace("\xa0", " ")
    facts = page.partition('<dl class="facts">')[2].partition("</dl>")[0]
    names = re.findall(r"<dt>([^<]+)</dt>", facts)
    assert names[:4] == ["Отвечает", "От вас", "Получатель", "Приоритет"]
    assert "обычный" in facts and "Обычный" not in facts
    assert "<bdi>вы и " in facts or "<bdi>вы (" in facts
    world.dora.memberships.update(sees="company")
    assert f"<bdi>{world.carol.name} и " in as_(world.dora).get(address(ticket)).content.decode().replace("\xa0", " ")


def test_a_question_is_announced_by_the_sign_of_its_state(world, as_):
    ticket = world.ticket()
    agent_says(world, ticket, "Какой счёт?", "clarify")
    page = as_(world.carol).get(address(ticket)).content.decode()
    banner = page.partition('<div class="banner banner--warn" role="status">')[2].partition("</svg>")[0]
    assert "#i-message-circle-question" in banner


def read_pdf(answer):
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return " ".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(raw)).pages).split())


def test_the_document_says_category_company_and_when_it_was_closed(world, as_):
    category = Category.objects.create(key="print", name_ru="Печать счетов", name_en="Printing", path="/1/")
    ticket = world.ticket(category_id=category.pk)
    text = read_pdf(as_(world.carol).get(f"{address(ticket)}pdf/"))
    assert "Печать счетов" in text and f"Компания {world.zarya.short_name}" in text and "Закрыта " not in text
    at = clock.now() + timedelta(days=400)
    with clock.stopped(at):
        agent_says(world, ticket, "Готово", "closed")
    text = read_pdf(as_(world.carol).get(f"{address(ticket)}pdf/"))
    closed = localtime(at)
    assert re.search(rf"Закрыта {closed.day} \w+ {closed.year}, {closed:%H:%M}", text), text[:600]


def test_the_document_holds_what_a_letter_quotes(world, as_):
    ticket = world.ticket()
    letter = LetterFacts(folded_text="-- \nПетрова Анна\nтел. +7 495 000-00-00\n\n> Пришлите акт сверки")
    reply(ticket.pk, by=Actor(world.carol.pk), body=from_plain("Да, верно."), letter=letter)
    text = read_pdf(as_(world.carol).get(f"{address(ticket)}pdf/"))
    assert text.index("Да, верно.") < text.index("Подпись и цитата") < text.index("Пришлите акт сверки")


def test_buttons_without_script_lead_back_to_the_answer_with_all_that_stood_in_it(world, as_):
    ticket, client = world.ticket(), as_(world.carol)
    typed = {"body": "Полпути", "form_key": "k", "seen": "1", "attachments": SimpleUploadedFile("a.txt", b"x")}
    for button in ("add_file", "save_draft"):
        answer = client.post(address(ticket), typed | {button: "1", "form_key": button})
        draft = Draft.objects.get(form_key=button)
        assert (answer.status_code, answer.url) == (302, f"{address(ticket)}?draft={draft.pk}#reply")
    page = client.get(answer.url).content.decode()
    assert "Полпути" in page and f'value="{draft.files[0]}"' in page
    assert ticket.articles.filter(sender="client").count() == 1

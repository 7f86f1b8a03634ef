import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, close_due, note, reply
from helpdesk.tickets.models import Attachment, NumberAlias, Ticket


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
    ("state", "finished"), [("autoclose", True), ("done", True), ("clarify", False), ("closed", False)]
)
def test_a_finished_request_says_what_an_answer_does_and_is_closed_beside_it(world, as_, state, finished):
    ticket = world.ticket()
    agent_says(world, ticket, "Готово", state)
    client = as_(world.carol)
    form = client.get(address(ticket)).content.decode().replace("\u00a0", " ").partition('id="reply"')[2]
    assert ("Ответ вернёт заявку в работу, если не выбрать другое следующее состояние." in form) == finished
    assert ('name="next_state" value="closed"' in form) == finished
    if finished:  # a browser sends the select's choice and then the button's
        sent = {"body": "Спасибо!", "form_key": "t", "next_state": ["rework", "closed"]}
        assert client.post(address(ticket), sent).status_code == 302
        ticket.refresh_from_db()
        assert ticket.state_id == "closed" and ticket.articles.filter(text="Спасибо!").exists()


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
        client.get(address(ticket))
        with CaptureQueriesContext(connection) as captured:
            client.get(address(ticket))
        return len(captured)

    one = statements()
    for i in range(49):
        agent_says(world, ticket, f"Ответ {i}")
    assert statements() <= one + 1 <= 12

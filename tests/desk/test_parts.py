"""Splitting, copying, passing on and checklists, as the desk's pages show and do them; without a script."""

import re

import pytest

from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions import checklist
from helpdesk.tickets.models import ChecklistTemplate, Grant, Queue, Right, Ticket
from tests.desk.conftest import address, plain
from tests.desk.test_desk_verbs import row, undo_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(world):
    world.one = world.ticket(subject="Нет печати", text="Не печатает принтер")
    world.asked = actions.reply(world.one.pk, by=world.by(world.carol), body=from_plain("А ещё нужен доступ"))
    return world


def split_form(page):
    return {"form_key": re.search(r'name="form_key" value="([^"]+)"', page.text)[1]}


def test_ticked_messages_become_a_request_and_come_back(talk, as_):
    alice = as_(talk.alice)
    offered = alice.get(address(talk.one, "split"))
    assert "А ещё нужен доступ" in plain(offered) and "принята" not in plain(offered)
    typed = {"article": [talk.asked.pk], "subject": "Доступ", "queue": talk.advice.pk} | split_form(offered)
    done = alice.post(address(talk.one, "split"), typed, follow=True)
    new = Ticket.objects.get(subject="Доступ")
    assert done.request["PATH_INFO"] == address(new) and "выделена из" in plain(done)
    assert new.queue == talk.advice and "Связаны" in plain(done)
    place, event = undo_form(done)
    back = alice.post(place, {"event": event}, follow=True)
    assert back.request["PATH_INFO"] == address(talk.one) and row(new).phase == "removed"


def test_the_very_same_is_split_off_once_more_only_knowingly(talk, as_):
    alice = as_(talk.alice)
    typed = {"article": [talk.asked.pk], "subject": "Доступ", "queue": talk.advice.pk}
    alice.post(address(talk.one, "split"), typed | {"form_key": "a"})
    asked = alice.post(address(talk.one, "split"), typed | {"form_key": "b"})
    assert (
        asked.status_code == 409
        and 'name="again"' in asked.text
        and Ticket.objects.filter(subject="Доступ").count() == 1
    )
    alice.post(address(talk.one, "split"), typed | {"again": "1"} | split_form(asked))
    assert Ticket.objects.filter(subject="Доступ").count() == 2


def test_what_cannot_be_split_off_is_said_and_kept(talk, as_):
    alice = as_(talk.alice)
    refused = alice.post(address(talk.one, "split"), {"subject": "Доступ", "queue": talk.advice.pk, "form_key": "k"})
    assert refused.status_code == 422 and "Отметьте, что станет" in plain(refused)
    assert 'value="Доступ"' in refused.text and f'value="{talk.advice.pk}" selected' in refused.text
    refused = alice.post(address(talk.one, "split"), {"article": [talk.asked.pk], "subject": "", "form_key": "k"})
    assert refused.status_code == 422 and f'value="{talk.asked.pk}" checked' in refused.text


def test_who_splits_into_a_queue_they_do_not_read_stands_in_the_list(talk, as_):
    Grant.objects.create(role=talk.anna.roles.get(), queue=talk.cash, right=Right.CREATE)
    typed = {"article": [talk.asked.pk], "subject": "Касса", "queue": talk.cash.pk, "form_key": "k"}
    done = as_(talk.anna).post(address(talk.one, "split"), typed, follow=True)
    assert done.request["PATH_INFO"] == "/desk/" and Ticket.objects.filter(subject="Касса", queue=talk.cash).exists()


def test_a_copy_begins_with_what_the_request_said(talk, as_):
    Ticket.objects.filter(pk=talk.one.pk).update(fields={"error_code": {"value": "E-17"}}, priority=4)
    page = as_(talk.alice).get(address(talk.one))
    href = re.search(r'href="(/desk/new/\?[^"]*copy=[^"]*)"', page.text)[1].replace("&amp;", "&")
    form = as_(talk.alice).get(href).text
    assert 'value="Нет печати"' in form and "Не печатает принтер" in form and 'value="E-17"' in form
    assert re.search(r'name="priority" value="4"[^>]* checked', form)


def test_a_copy_of_what_one_may_not_see_is_an_empty_form(talk, as_):
    cash = talk.ticket(queue=talk.cash, subject="Касса молчит")
    form = as_(talk.alice).get(f"/desk/new/?client={talk.carol.pk}&copy={cash.number}")
    assert form.status_code == 200 and "Касса молчит" not in form.text


def test_a_misplaced_request_moves_with_the_ready_text(talk, as_):
    Queue.objects.filter(pk=talk.errors.pk).update(moved_text_ru="В «Ошибка» только сбои: передали в «{queue}».")
    alice = as_(talk.alice)
    assert address(talk.one, "pass") in alice.get(address(talk.one)).text
    shown = alice.get(f"{address(talk.one, 'pass')}?queue={talk.advice.pk}")
    assert "В «Ошибка» только сбои: передали в «Консультация»." in plain(shown)
    typed = {"queue": talk.advice.pk, "body": "Передали", "seen": row(talk.one).last_event_seq} | split_form(shown)
    done = alice.post(address(talk.one, "pass"), typed, follow=True)
    assert "клиенту отправлено пояснение" in plain(done) and row(talk.one).queue == talk.advice
    assert "Передали" in as_(talk.carol).get(f"/portal/tickets/{talk.one.number}/").text


def test_without_a_text_of_the_queue_it_says_where_it_goes(talk, as_):
    shown = as_(talk.alice).get(f"{address(talk.one, 'pass')}?queue={talk.advice.pk}")
    assert "относится к теме «Консультация»" in plain(shown)


def test_a_text_that_somebody_overtook_is_kept(talk, as_):
    seen = row(talk.one).last_event_seq
    actions.reply(talk.one.pk, by=talk.by(talk.carol), body=from_plain("Уже не нужно"))
    typed = {"queue": talk.advice.pk, "body": "Передали туда", "seen": seen, "form_key": "k"}
    refused = as_(talk.alice).post(address(talk.one, "pass"), typed)
    assert refused.status_code == 409 and "Передали туда" in refused.text and row(talk.one).queue == talk.errors
    again = typed | {"seen": re.search(r'name="seen" value="(\d+)"', refused.text)[1]} | split_form(refused)
    assert as_(talk.alice).post(address(talk.one, "pass"), again).status_code == 302
    assert row(talk.one).queue == talk.advice


@pytest.mark.parametrize("wrong", [{"body": " "}, {"queue": "0"}])
def test_what_is_not_moved_is_said(talk, as_, wrong):
    typed = {"queue": talk.advice.pk, "body": "Передали", "form_key": "k"} | wrong
    assert as_(talk.alice).post(address(talk.one, "pass"), typed).status_code == 422
    assert row(talk.one).queue == talk.errors


def test_items_are_added_ticked_struck_and_each_is_taken_back(talk, as_):
    alice = as_(talk.alice)
    done = alice.post(address(talk.one, "checklist"), {"items": "Проверить счёт\r\n\r\nПозвонить"}, follow=True)
    assert "0 из 2" in plain(done) and "Проверить счёт" in plain(done)
    first, second = talk.one.checklist.order_by("position")
    ticked = alice.post(address(talk.one, "tick"), {"item": first.pk, "done": "1"}, follow=True)
    assert "1 из 2" in plain(ticked) and "Алиса Агентова" in ticked.text
    place, event = undo_form(ticked)
    assert "0 из 2" in plain(alice.post(place, {"event": event}, follow=True))
    struck = alice.post(address(talk.one, "strike"), {"item": second.pk}, follow=True)
    assert "0 из 1" in plain(struck)
    place, event = undo_form(struck)
    assert "0 из 2" in plain(alice.post(place, {"event": event}, follow=True))
    history = plain(alice.get(address(talk.one, "history")))
    assert "нужно сделать" in history and "Проверить счёт; Позвонить" in history and "вычеркнуто" in history
    assert "Проверить счёт" not in as_(talk.carol).get(f"/portal/tickets/{talk.one.number}/").text


def test_what_is_wrong_with_items_is_said_and_kept(talk, as_):
    alice = as_(talk.alice)
    for typed, words in (({"items": " "}, "каждый пункт"), ({"items": "я" * 301}, "Пункт длиннее"),
                         ({"do": "template", "template": "9"}, "Выберите чек-лист")):  # fmt: skip
        refused = alice.post(address(talk.one, "checklist"), typed)
        assert refused.status_code == 422 and words in plain(refused)
    assert "я" * 301 in alice.post(address(talk.one, "checklist"), {"items": "я" * 301}).text


def test_a_reader_sees_the_list_and_ticks_nothing(talk, as_):
    actions.add_items(talk.one.pk, by=talk.by(talk.alice), texts=["Проверить"])
    page = as_(talk.rita).get(address(talk.one)).text
    assert "Проверить" in page and "/tick/" not in page and "/checklist/" not in page
    item = talk.one.checklist.get().pk
    assert as_(talk.rita).post(address(talk.one, "tick"), {"item": item, "done": "1"}).status_code == 403


def test_ready_lists_are_made_changed_used_and_switched_off(talk, as_):
    alice = as_(talk.alice)
    assert "Чек-листов пока нет" in plain(alice.get("/desk/checklists/"))
    refused = alice.post("/desk/checklists/new/", {"name": "", "queue": talk.errors.pk, "items": "Раз"})
    assert refused.status_code == 422 and ">\nРаз</textarea>" in refused.text and "items-error" not in refused.text
    empty = alice.post("/desk/checklists/new/", {"name": "Перенос", "queue": talk.errors.pk, "items": " "})
    assert empty.status_code == 422 and "каждый пункт с новой строки" in plain(empty) and "items-error" in empty.text
    alice.post("/desk/checklists/new/", {"name": "Перенос", "queue": talk.errors.pk, "items": "Раз\nДва"})
    made = ChecklistTemplate.objects.get()
    assert (made.name, made.queue, made.items) == ("Перенос", talk.errors, ["Раз", "Два"])
    alice.post(f"/desk/checklists/{made.pk}/", {"name": "Переезд", "queue": talk.errors.pk, "items": "Раз\nДва\nТри"})
    assert "Переезд" in plain(alice.get("/desk/checklists/")) and "3 пункта" in plain(alice.get("/desk/checklists/"))
    done = alice.post(address(talk.one, "checklist"), {"do": "template", "template": made.pk}, follow=True)
    assert "0 из 3" in plain(done)
    alice.post(f"/desk/checklists/{made.pk}/", {"do": "off"})
    assert "не предлагается" in plain(alice.get("/desk/checklists/"))
    assert "Переезд" not in alice.get(address(talk.one)).text
    alice.post(f"/desk/checklists/{made.pk}/", {"do": "on"})
    assert "Переезд" in alice.get(address(talk.one)).text


def test_ready_lists_of_other_queues_are_not_there(talk, as_):
    theirs = checklist.put_template(None, by=talk.by(talk.bob), name="Касса", queue_id=talk.cash.pk, items=["Раз"])
    alice = as_(talk.alice)
    assert "Касса" not in alice.get("/desk/checklists/").text
    assert alice.get(f"/desk/checklists/{theirs.pk}/").status_code == 404
    assert alice.post(f"/desk/checklists/{theirs.pk}/", {"do": "off"}).status_code == 404
    typed = {"name": "Моё", "queue": talk.cash.pk, "items": "Раз"}
    assert alice.post("/desk/checklists/new/", typed).status_code == 403
    assert alice.post("/desk/checklists/new/", typed | {"queue": ""}).status_code == 403
    assert as_(talk.rita).get("/desk/checklists/").status_code == 403
    assert as_(talk.ada).post("/desk/checklists/new/", typed | {"queue": ""}).status_code == 302

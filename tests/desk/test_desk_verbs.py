"""The verbs of the panel and the head: lock, subject, type, tags, watching, mentions, removal, client, undo."""

import re

import pytest

from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.models import Tag, Ticket, TicketEvent
from tests.desk.conftest import address, numbers, plain

pytestmark = pytest.mark.django_db


def row(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def undo_form(answer):
    """The address and event of the way back that a page offers."""
    found = re.search(r'action="(/desk/tickets/[^"]+/undo/)".*?name="event" value="(\d+)"', answer.text)
    return found.groups() if found else None


@pytest.mark.parametrize(
    ("verb", "data", "field"),
    [("priority", {"priority": "5"}, "priority_id"), ("subject", {"subject": "Другая"}, "subject"), ("lock", {}, "locked_by_id"),
     ("take", {}, "owner_id"), ("state", {"state": "clarify"}, "state_id"), ("close", {}, "state_id"),
     ("due", {"due_at": "2099-01-02T10:00"}, "due_at"), ("category", {"category": "CATEGORY"}, "category_id")],
)  # fmt: skip
def test_what_was_done_is_taken_back_by_the_button_beside_its_news(world, as_, verb, data, field):
    ticket, alice = world.ticket(), as_(world.alice)
    before = getattr(row(ticket), field)
    data = {name: str(world.category.pk) if value == "CATEGORY" else value for name, value in data.items()}
    done = alice.post(address(ticket, verb), data, follow=True)
    assert getattr(row(ticket), field) != before
    place, event = undo_form(done)
    undone = alice.post(place, {"event": event}, follow=True)
    assert "Возвращено" in undone.text and undo_form(undone) is None
    assert getattr(row(ticket), field) == before
    assert "(отмена)" in alice.get(address(ticket, "history")).text


def test_a_request_moved_out_of_sight_comes_back_from_the_list(world, as_):
    from helpdesk.tickets.models import Grant, Right

    Grant.objects.create(role=world.anna.roles.get(), queue=world.cash, right=Right.MOVE_INTO)
    ticket, anna = world.ticket(), as_(world.anna)
    done = anna.post(address(ticket, "queue"), {"queue": world.cash.pk}, follow=True)
    assert done.request["PATH_INFO"] == "/desk/" and anna.get(address(ticket)).status_code == 404
    place, event = undo_form(done)
    assert anna.post(place, {"event": event}, follow=True).request["PATH_INFO"] == address(ticket)
    assert row(ticket).queue == world.errors


def test_nothing_is_undone_over_a_colleague_and_the_page_says_who(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    place, event = undo_form(alice.post(address(ticket, "priority"), {"priority": "5"}, follow=True))
    actions.set_priority(ticket.pk, by=world.by(world.anna), to=1)
    answer = alice.post(place, {"event": event})
    assert answer.status_code == 409 and "Анна Ковалёва" in plain(answer) and "Не отменено" in plain(answer)
    assert row(ticket).priority_id == 1


def test_a_lock_stands_in_the_head_and_before_the_answer_of_others(world, as_):
    ticket = world.ticket()
    as_(world.anna).post(address(ticket, "lock"))
    assert "Заблокирована вами" in plain(as_(world.anna).get(address(ticket)))
    assert numbers(as_(world.anna).get("/desk/?view=locked")) == [ticket.number]
    page = plain(as_(world.alice).get(address(ticket)))
    assert page.count("Заблокирована: Анна Ковалёва") == 2 and "/unlock/" in page
    assert "Заблокирована" not in plain(as_(world.rita).get(address(ticket))).split("d-thead__meta")[0]
    assert as_(world.alice).post(address(ticket, "lock"), follow=True).status_code == 409


def test_who_did_not_know_of_the_lock_is_told_before_the_answer_goes(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    seen = str(row(ticket).last_event_seq)
    actions.lock(ticket.pk, by=world.by(world.anna))
    answer = alice.post(address(ticket), {"body": "Готово", "seen": seen, "form_key": "a"})
    assert answer.status_code == 409 and "Анна Ковалёва" in plain(answer) and "Готово" in answer.text
    again = re.search(r'name="seen" value="(\d+)"><input type="hidden" name="writer" value="[^"]*">\s*<', answer.text)
    sent = alice.post(address(ticket), {"body": "Готово", "seen": again[1], "form_key": "a"})
    assert sent.status_code == 302


def test_the_subject_is_edited_in_the_head_and_the_search_follows(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    alice.post(address(ticket, "subject"), {"subject": "Квитанция не печатается"})
    assert "<h1>Квитанция не печатается</h1>" in alice.get(address(ticket)).text
    assert numbers(alice.get("/desk/search/?q=квитанции")) == [ticket.number]
    refused = alice.post(address(ticket, "subject"), {"subject": " "})
    assert refused.status_code == 422 and 'id="t-subject-error"' in refused.text


def test_tags_stand_in_head_list_and_panel_and_narrow_lists(world, as_):
    ticket, other, alice = world.ticket(), world.ticket(), as_(world.alice)
    alice.post(address(ticket, "tags"), {"tags": "тарифы, льготы"})
    Tag.objects.filter(name="льготы").update(colour="warn")
    page = alice.get(address(ticket)).text
    assert page.count("тарифы") >= 3 and "tag--warn" in page
    listed = alice.get("/desk/")
    assert 'class="tag t-tag tag--warn">льготы' in listed.text
    tag = Tag.objects.get(name="тарифы")
    for place in (f"/desk/?tag={tag.pk}", f"/desk/search/?q=страница&tag={tag.pk}"):
        narrowed = alice.get(place)
        assert numbers(narrowed) == [ticket.number] and "тарифы" in narrowed.text
    assert 'value="тарифы"' in alice.get(address(other)).text  # is offered
    alice.post(address(ticket, "tags"), {"tag": [str(tag.pk)]})
    assert [one.tag for one in row(ticket).tagged.all()] == [tag]
    assert "метки: <b>льготы, тарифы</b> → <b>тарифы</b>" in alice.get(address(ticket)).text


def test_types_are_chosen_and_narrow_lists(world, as_):
    fault, ticket, alice = world.kind, world.ticket(), as_(world.alice)
    world.ticket()
    alice.post(address(ticket, "type"), {"type": fault.pk})
    narrowed = alice.get(f"/desk/?type={fault.pk}")
    assert numbers(narrowed) == [ticket.number] and "Сбой" in narrowed.text
    assert "тип: <b>Сбой</b>" in alice.get(address(ticket)).text


def test_watched_requests_have_a_list(world, as_):
    ticket, rita = world.ticket(), as_(world.rita)
    world.ticket()
    assert "Следить" in rita.get(address(ticket)).text
    rita.post(address(ticket, "watch"))
    page = rita.get(address(ticket)).text
    assert "Не следить" in page.replace("\u00a0", " ") and "Рита Читалова" in page
    assert numbers(rita.get("/desk/?view=watched")) == [ticket.number]
    rita.post(address(ticket, "unwatch"))
    assert numbers(rita.get("/desk/?view=watched")) == []


def test_a_mention_is_shown_as_such_and_has_a_list(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    world.ticket()
    alice.post(
        address(ticket), {"kind": "note", "body": "@Рита Читалова, <b>глянь</b> rita@example.com", "form_key": "n"}
    )
    assert '<span class="named">@Рита Читалова</span>' in alice.get(address(ticket)).text
    rita = as_(world.rita)
    assert numbers(rita.get("/desk/?view=mentioned")) == [ticket.number]
    world.rita.roles.clear()
    assert numbers(rita.get("/desk/?view=mentioned")) == []
    actions.reply(ticket.pk, by=world.by(world.alice), body=from_plain("@Рита Читалова ответит"))
    assert as_(world.carol).get(f"/portal/tickets/{ticket.number}/").text.count("named") == 0


def test_what_is_removed_is_found_by_those_with_the_right_and_brought_back(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    assert alice.post(address(ticket, "remove"), {"why": ""}).status_code == 422
    alice.post(address(ticket, "remove"), {"why": "spam"})
    assert numbers(alice.get("/desk/")) == [] and numbers(alice.get("/desk/?view=removed")) == [ticket.number]
    assert "Спам" in alice.get(address(ticket, "history")).text
    rita = as_(world.rita)
    assert rita.get(address(ticket)).status_code == 404 and numbers(rita.get("/desk/?view=removed")) == []
    assert (
        "Удалённые" not in rita.get("/desk/conditions/").text
        and "Удалённые" in as_(world.alice).get("/desk/conditions/").text
    )
    assert "/back/" in alice.get(address(ticket)).text
    as_(world.alice).post(address(ticket, "back"))
    assert row(ticket).state_id == "new"
    assert "Удалена" not in as_(world.carol).get(f"/portal/tickets/{ticket.number}/").text


def test_a_change_of_client_says_before_who_loses_sight_of_it(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    actions.add_observer(ticket.pk, by=world.by(world.carol), person_id=world.dora.pk)
    found = alice.get(address(ticket, "client"), {"find": "Давид"})
    assert "Давид Иной" in found.text
    page = plain(alice.get(address(ticket, "client"), {"client": world.dave.pk}))
    assert "Карина Клиентова, Дора Клиентова" in page
    done = alice.post(
        address(ticket, "client"), {"client": world.dave.pk, "seen": row(ticket).last_event_seq}, follow=True
    )
    assert "Теперь это заявка клиента: Давид Иной" in plain(done)
    assert "Карина Клиентова · УК Заря" in plain(done) and (row(ticket).author, row(ticket).company) == (
        world.dave,
        world.other,
    )
    assert as_(world.carol).get(f"/portal/tickets/{ticket.number}/").status_code == 404
    assert as_(world.dave).get(f"/portal/tickets/{ticket.number}/").status_code == 200


def test_a_change_of_client_on_a_stale_page_is_refused_in_words(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    seen = row(ticket).last_event_seq
    actions.change_client(ticket.pk, by=world.by(world.anna), person_id=world.dora.pk, company_id=world.zarya.pk)
    answer = alice.post(address(ticket, "client"), {"client": world.dave.pk, "seen": seen})
    assert answer.status_code == 409 and "Анна Ковалёва" in plain(answer)
    wrong = alice.post(address(ticket, "client"), {"client": world.dave.pk, "company": world.zarya.pk})
    assert wrong.status_code == 422 and TicketEvent.objects.filter(verb="client_set").count() == 1


def test_what_was_done_and_undone_at_once_is_no_line_of_the_thread(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    place, event = undo_form(alice.post(address(ticket, "take"), follow=True))
    alice.post(place, {"event": event}, follow=True)
    thread = alice.get(address(ticket)).text.split('class="thread"')[1].split("d-dock")[0]
    assert "берёт заявку" not in thread and "владелец" not in thread

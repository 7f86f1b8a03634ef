"""What an open request learns of others, where a conflict leads, what the panel explains and offers."""

import re
from datetime import datetime
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, move, note, reply, set_priority, set_state, take
from helpdesk.tickets.actions.masters import switch_priority
from helpdesk.tickets.models import Article
from tests.desk.conftest import address, plain


def news(client, ticket, after=1):
    return client.get(address(ticket, "news"), {"after": after})


def english(person):
    person.language = "en"
    person.save()


def plain_json(answer):
    return answer.json()["text"].replace("\xa0", " ")


def test_an_open_page_learns_that_somebody_else_has_written(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    seen = re.search(r'data-fresh="([^"]+)"', plain(client.get(address(ticket)))).group(1)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(seen).status_code == 204
    signed_in = 2  # the person and their rights, which the session of a real sign-in brings along
    assert len(caught) <= 2 + signed_in
    note(ticket.pk, by=world.by(world.alice), body=from_plain("Своё"))
    assert client.get(seen).status_code == 204
    note(ticket.pk, by=world.by(world.anna), body=from_plain("Чужое"))
    with CaptureQueriesContext(connection) as caught:
        assert plain_json(client.get(seen)) == "Новая заметка: Анна Ковалёва."
    assert len(caught) <= 2 + signed_in
    after = Article.objects.filter(ticket=ticket).count()
    reply(ticket.pk, by=world.by(world.carol), body=from_plain("Ответ"))
    assert plain_json(news(client, ticket, after)) == "Новый ответ: Карина Клиентова."
    assert news(client, ticket, after + 1).status_code == 204


def test_an_open_page_learns_who_changed_which_field(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.post(address(ticket, "priority"), {"priority": "2"})
    seen = unescape(re.search(r'data-fresh="([^"]+)"', plain(client.get(address(ticket)))).group(1))
    assert client.get(seen).status_code == 204
    client.post(address(ticket, "priority"), {"priority": "5"})
    client.post(address(ticket, "take"))
    assert client.get(seen).status_code == 204  # one's own changes are no news
    take(ticket.pk, by=world.by(world.anna))
    set_state(ticket.pk, by=world.by(world.anna), to=StateMove("review"))
    set_priority(ticket.pk, by=world.by(world.anna), to=3)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(seen)
    assert len(caught) <= 2 + 2
    told = "Заявку изменили (Анна Ковалёва: берёт заявку, состояние, приоритет)."
    assert plain_json(answer) == told
    move(ticket.pk, by=world.by(world.ada), to_queue_id=world.advice.pk)
    note(ticket.pk, by=world.by(world.ada), body=from_plain("Чужое"))
    both = plain_json(client.get(seen))
    assert both == f"{told[:-2]}; Ада Админова: очередь). Новая заметка: Ада Админова."
    english(world.alice)
    assert as_(world.alice).get(seen).json()["text"].startswith("The request has changed (")


def test_a_state_that_came_with_an_answer_is_told_by_the_answer_alone(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    seen = unescape(re.search(r'data-fresh="([^"]+)"', plain(client.get(address(ticket)))).group(1))
    reply(ticket.pk, by=world.by(world.anna), body=from_plain("Готово"), then=StateMove("autoclose"))
    assert plain_json(client.get(seen)) == "Заявку изменили (Анна Ковалёва: берёт заявку). Новый ответ: Анна Ковалёва."


@pytest.mark.parametrize(
    ("writer", "verb", "russian", "in_english"),
    [
        ("anna", reply, "пришёл ответ: Анна Ковалёва. Прочтите его ниже;", "Анна Ковалёва answered while"),
        ("anna", note, "появилась заметка: Анна Ковалёва. Прочтите её ниже;", "Анна Ковалёва added a note while"),
        ("carol", reply, "пришло письмо клиента: Карина Клиентова.", "The client Карина Клиентова wrote while"),
    ],
)
def test_a_conflict_names_what_came_meanwhile(world, as_, writer, verb, russian, in_english):
    ticket = world.ticket()
    client = as_(world.alice)
    seen = str(ticket.last_event_seq)
    verb(ticket.pk, by=world.by(getattr(world, writer)), body=from_plain("Чужое"))
    posted = {"body": "Моё", "seen": seen}
    text = plain(client.post(address(ticket), posted))
    assert russian in text and "ваш ответ не отправлен, но сохранён" in text and "выше" not in text
    assert "Чтобы отправить ответ как есть, нажмите «Отправить клиенту» ещё раз." in text
    english(world.alice)
    text = plain(as_(world.alice).post(address(ticket), posted))
    assert in_english in text and "To send the answer as it is, press “Send to the client” again." in text


@pytest.mark.parametrize("draft", [{}, {"draft": "1"}])
@pytest.mark.parametrize(
    ("writer", "why"), [("anna", "пришёл ответ (Анна Ковалёва)"), ("carol", "пришло письмо клиента (Карина Клиентова)")]
)
def test_a_closing_that_was_not_done_says_so_and_why(world, as_, writer, why, draft):
    ticket = world.ticket()
    seen = str(ticket.last_event_seq)
    reply(ticket.pk, by=world.by(getattr(world, writer)), body=from_plain("Постойте"))
    text = plain(as_(world.alice).post(address(ticket, "close"), {"seen": seen, **draft}))
    assert f"Заявка не закрыта: тем временем {why}. Прочтите его ниже" in text
    assert ("Набранный вами текст сохранён." in text) is bool(draft)
    assert "Пока вы писали" not in text
    ticket.refresh_from_db()
    assert ticket.state_id != "closed"


def test_a_closing_stopped_by_another_owner_says_so(world, as_):
    ticket = world.ticket()
    seen = str(ticket.last_event_seq)
    take(ticket.pk, by=world.by(world.anna))
    text = plain(as_(world.alice).post(address(ticket, "close"), {"seen": seen}))
    assert "Заявка не закрыта. Это только что изменил другой человек: Анна Ковалёва." in text


def test_the_dialog_of_closing_says_what_it_closes(world, as_):
    text = plain(as_(world.alice).get(address(world.ticket())))
    dialog = re.search(r'<dialog class="dialog" id="close-draft".*?</dialog>', text, re.DOTALL).group()
    assert re.findall(r"<button[^>]*>([^<]+)</button>", dialog) == ["Писать дальше", "Закрыть заявку"]


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        ("2026-11-24T08:00", "2026-11-25T09:00"),
        ("2026-11-26T23:30", "2026-11-27T09:00"),
        ("2026-11-27T10:00", "2026-11-30T09:00"),
        ("2026-11-28T10:00", "2026-11-30T09:00"),
        ("2026-11-29T10:00", "2026-11-30T09:00"),
    ],
)
def test_a_reminder_is_offered_for_the_next_working_morning(world, as_, now, offered):
    ticket = world.ticket()
    with clock.stopped(timezone.make_aware(datetime.fromisoformat(now))):
        client = as_(world.alice)
        text = plain(client.get(address(ticket)))
        assert re.findall(r'name="until" value="([^"]*)"', text) == [offered, offered]
        assert client.post(address(ticket, "state"), {"state": "reminder", "until": offered}).status_code == 302
        moment = timezone.make_aware(datetime.fromisoformat("2026-12-24T15:00"))
        set_state(ticket.pk, by=world.by(world.alice), to=StateMove("reminder", moment))
        text = plain(client.get(address(ticket)))
        assert set(re.findall(r'name="until" value="([^"]*)"', text)) == {"2026-12-24T15:00"}


def test_a_moment_may_be_written_as_people_write_it(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    assert client.post(address(ticket, "due"), {"due_at": "24.11.2099, 09:00"}).status_code == 302
    ticket.refresh_from_db()
    assert timezone.localtime(ticket.due_at).replace(tzinfo=None) == datetime(2099, 11, 24, 9)  # noqa: DTZ001  local


@pytest.mark.parametrize("after", ["", "x", "-1", "9" * 30, "9223372036854775807", "%00"])
def test_news_after_nonsense_are_no_error(world, as_, after):
    assert news(as_(world.alice), world.ticket(), after).status_code in {200, 204}


def test_news_of_an_unseen_request_are_like_those_of_none(world, as_):
    ticket = world.ticket()
    client = as_(world.bob)
    assert [news(client, ticket).status_code, client.get("/desk/tickets/777/news/").status_code] == [404, 404]


def test_a_conflict_has_the_focus(world, as_):
    ticket = world.ticket()
    note(ticket.pk, by=world.by(world.anna), body=from_plain("Чужое"))
    answer = as_(world.alice).post(address(ticket), {"body": "Моё", "seen": "1"})
    assert answer.status_code == 409
    assert re.search(
        r'class="banner banner--warn" role="alert" tabindex="-1" autofocus data-focus data-sends=".d-dock">',
        plain(answer),
    )


def test_the_panel_says_what_owner_and_responsible_mean(world, as_):
    ticket = world.ticket()
    for person in (world.alice, world.rita):
        text = plain(as_(person).get(address(ticket)))
        assert 'title="Кто ведёт заявку"' in text and 'title="Кто отвечает за результат; ' in text


def test_a_priority_that_is_off_is_offered_only_where_it_stands(world, as_):
    ticket, other = world.ticket(priority=5), world.ticket()
    switch_priority(5, on=False)
    client = as_(world.alice)
    urgent = "Безотлагательный – 5"
    assert urgent in plain(client.get(address(ticket))) and urgent not in plain(client.get(address(other)))
    assert client.post(address(other, "priority"), {"priority": "5"}).status_code == 422
    assert urgent not in plain(client.get("/desk/new/", {"client": world.carol.pk}))

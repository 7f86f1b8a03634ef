import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.models import Person
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import pages
from helpdesk.tickets.actions import (
    NewFile,
    StateMove,
    close,
    give,
    mark_read,
    move,
    note,
    promise,
    reply,
    set_priority,
    set_state,
    take,
)
from helpdesk.tickets.models import (
    Article,
    Attachment,
    Draft,
    Grant,
    NumberAlias,
    ReadMark,
    StagedFile,
    Ticket,
    TicketEvent,
)
from tests.desk.conftest import address, plain, said

YEARS = {"first": 1970, "last": 2199}  # the moments that are taken


def statements(client, path):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in caught]


def test_statements_do_not_grow_with_articles(world, as_):
    ticket = world.ticket()
    client = as_(world.ada)
    client.get(address(ticket))  # connects, loads templates
    ReadMark.objects.all().delete()
    few = statements(client, address(ticket))
    for at in range(50):
        side = world.carol if at % 2 else world.alice
        stored = [NewFile(files.store(f"{at}".encode()), f"{at}.txt")]
        reply(ticket.pk, by=world.by(side), body=from_plain(f"Ответ {at}"), attachments=stored)
        note(ticket.pk, by=world.by(world.alice), body=from_plain(f"Заметка {at}"))
        world.ticket(subject=f"Другая {at}")
    many = statements(client, address(ticket))
    assert len(few) == len(many) <= 12, "\n".join(many)
    assert len(statements(client, address(ticket, "history"))) <= 8


def test_page_tells_voices_apart(world, as_):
    ticket = world.ticket(text="Пишет клиент")
    take(ticket.pk, by=world.by(world.alice))
    note(ticket.pk, by=world.by(world.alice), body=from_plain("Внутри"))
    reply(ticket.pk, by=world.by(world.alice), body=from_plain("Наружу"), then=StateMove("clarify"))
    text = plain(as_(world.anna).get(address(ticket)))
    for expected in (
        "клиент, с портала", "специалист → Карина Клиентова", "Внутренняя заметка · клиент не видит",
        "Автоматический ответ", "клиенту", "берёт заявку", "состояние: <b>Новая</b> → <b>Открыта</b>",
        "состояние: <b>Открыта</b> → <b>На уточнении</b>",
        "art--note", "art--agent", "art--auto",
    ):  # fmt: skip
        assert expected in text, expected


def test_text_of_people_is_never_markup(world, as_):
    ticket = world.ticket(subject="<script>alert(1)</script>", text="<img src=x onerror=alert(2)>")
    note(ticket.pk, by=world.by(world.alice), body=from_plain("<b>{{ 7*7 }}</b>"))
    move(ticket.pk, by=world.by(world.alice), to_queue_id=world.advice.pk, why="<i>почему</i>")
    for part in ("", "history"):
        text = as_(world.alice).get(address(ticket, part)).content.decode()
        assert "<script>alert" not in text and "<img src=x" not in text and "<i>почему" not in text
    assert "{{ 7*7 }}" in as_(world.alice).get(address(ticket)).content.decode()


def test_answer_goes_to_the_client_with_files_and_state(world, as_):
    ticket = world.ticket()
    answer = as_(world.alice).post(
        address(ticket),
        {"kind": "answer", "body": "<p>Готово</p>", "body_format": "html", "next_state": "autoclose", "form_key": "f1",
         "seen": str(pages.for_page(world.by(world.alice), ticket.number).last_event_seq),
         "attachments": [SimpleUploadedFile("Акт.txt", b"1"), SimpleUploadedFile("б.png", b"2")]},
    )  # fmt: skip
    ticket.refresh_from_db()
    article = Article.objects.order_by("-pk").first()
    assert answer.status_code == 302 and answer.headers["Location"] == f"{address(ticket)}#a{article.seq}"
    assert (ticket.state_id, ticket.owner_id) == ("autoclose", world.alice.pk)
    assert article.visible_to_client and article.html == "<p>Готово</p>"
    assert sorted(article.attachments.values_list("filename", flat=True)) == ["Акт.txt", "б.png"]
    page = plain(as_(world.alice).get(address(ticket)))
    assert "Ответ отправлен клиенту." in page and f"keep-clear:desk:{ticket.number}:{world.alice.pk}" in page
    assert "закроется сама" in page


def test_answer_posted_bare_goes_out_at_once(world, as_):
    ticket = world.ticket()
    assert as_(world.alice).post(address(ticket), {"body": "Коротко", "next_state": ""}).status_code == 302
    assert Article.objects.order_by("-pk").first().text == "Коротко"


def test_note_stays_inside(world, as_):
    ticket = world.ticket()
    as_(world.alice).post(address(ticket), {"kind": "note", "body": "Секрет", "next_state": "closed"})
    article = Article.objects.order_by("-pk").first()
    ticket.refresh_from_db()
    assert not article.visible_to_client and ticket.state_id == "new"
    assert "Секрет" not in as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode()


def test_same_form_twice_is_one_answer(world, as_):
    ticket = world.ticket()
    for _ in range(2):
        assert as_(world.alice).post(address(ticket), {"body": "Раз", "form_key": "once"}).status_code == 302
    assert Article.objects.filter(text="Раз").count() == 1


def test_answered_meanwhile_keeps_text_and_files(world, as_):
    ticket = world.ticket()
    seen = pages.for_page(world.by(world.alice), ticket.number).last_event_seq
    reply(ticket.pk, by=world.by(world.anna), body=from_plain("Анна успела раньше"))
    data = {"body": "Мой ответ", "form_key": "f2", "seen": str(seen), "next_state": "done"}
    answer = as_(world.alice).post(address(ticket), data | {"attachments": SimpleUploadedFile("a.txt", b"1")})
    text = plain(answer)
    assert answer.status_code == 409
    assert "Мой ответ" in text and "Анна успела раньше" in text and "a.txt" in text
    assert 'value="done" selected' in text
    staged = StagedFile.objects.get()
    latest = pages.for_page(world.by(world.alice), ticket.number).last_event_seq
    assert f'name="seen" value="{latest}"' in text
    again = as_(world.alice).post(address(ticket), data | {"seen": str(latest), "staged": str(staged.pk)})
    assert again.status_code == 302 and Attachment.objects.get().filename == "a.txt"


def test_own_newer_article_is_no_conflict(world, as_):
    ticket = world.ticket()
    seen = pages.for_page(world.by(world.alice), ticket.number).last_event_seq
    note(ticket.pk, by=world.by(world.alice), body=from_plain("своя"))
    assert as_(world.alice).post(address(ticket), {"body": "Ответ", "seen": str(seen)}).status_code == 302


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"body": "  "}, said("body", "empty")),
        ({"body": "т", "next_state": "removed"}, said("next_state", "not_offered")),
        ({"body": "т", "next_state": "нет\x00такого" * 50}, said("next_state", "unknown_state")),
        ({"body": "т", "next_state": "reminder"}, said("until", "empty")),
        ({"body": "т", "next_state": "reminder", "until": "9999-12-31T09:00"}, said("until", "not_a_moment", **YEARS)),
        ({"body": "т", "next_state": "reminder", "until": "завтра"}, said("until", "not_a_moment", **YEARS)),
        ({"body": "т" * 1_000_001}, said("body", "too_long", limit=1_000_000)),
    ],
)
def test_bad_input_is_answered_in_words(world, as_, data, problem):
    ticket = world.ticket()
    answer = as_(world.alice).post(address(ticket), data)
    assert answer.status_code == 422 and problem in plain(answer) and "error-summary" in plain(answer)
    assert data["body"].strip()[:100] in plain(answer)
    assert Article.objects.filter(ticket=ticket, sender="agent").count() == 0


@pytest.mark.parametrize("until", ["9999-12-31T23:59", "0001-01-01T00:00", "2026-03-29T02:30"])
def test_moments_at_the_edge_are_no_error(world, as_, until):
    ticket = world.ticket()
    data = {"body": "т", "next_state": "reminder", "until": until}
    assert as_(world.alice).post(address(ticket), data).status_code in {302, 422}
    assert as_(world.alice).get(address(ticket)).status_code == 200
    assert as_(world.alice).get("/desk/").status_code == 200


@pytest.mark.parametrize("seen", ["", "abc", "-1", "99999999999999999999", "\x00"])
def test_a_forged_version_is_no_error(world, as_, seen):
    ticket = world.ticket()
    assert as_(world.alice).post(address(ticket), {"body": "Ответ", "seen": seen}).status_code == 302


def test_strange_characters_are_stored_or_dropped(world, as_):
    ticket = world.ticket()
    as_(world.alice).post(address(ticket), {"body": "a\x00b\ufffe", "kind": "note", "form_key": "\x00" * 200})
    assert Article.objects.order_by("-pk").first().text == "ab"


def test_two_hundred_files_are_refused_in_words(world, as_):
    ticket = world.ticket()
    many = [SimpleUploadedFile(f"{at}.txt", str(at).encode()) for at in range(200)]
    answer = as_(world.alice).post(address(ticket), {"body": "Файлы", "attachments": many, "form_key": "many"})
    assert answer.status_code == 422 and said("attachments", "too_many", limit=100) in plain(answer)
    assert StagedFile.objects.count() == 100 and "Файлы" in plain(answer)


def test_buttons_that_only_change_the_form(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    data = {"body": "Пишу", "form_key": "k1", "next_state": "done"}
    more = {"add_file": "1", "attachments": SimpleUploadedFile("a.txt", b"1")}
    page = client.post(address(ticket), data | more, follow=True)  # the page of the draft that it is now
    assert page.redirect_chain and "Пишу" in plain(page) and 'value="done" selected' in plain(page)
    staged = StagedFile.objects.get()
    less = {"staged": str(staged.pk), "unstage": str(staged.pk), "draft_version": Draft.objects.get().version}
    page = client.post(address(ticket), data | less, follow=True)
    assert page.status_code == 200 and Draft.objects.get().files == []
    assert Article.objects.filter(ticket=ticket, sender="agent").count() == 0


def test_reading_marks_read_and_shows_who_has_read(world, as_):
    ticket = world.ticket()
    mark_read(ticket.pk, by=world.by(world.anna), seq=1)
    page = plain(as_(world.alice).get(address(ticket)))
    assert ReadMark.objects.get(person=world.alice).seq == 2
    assert "Кто прочёл" in page and "Анна Ковалёва" in page


def test_new_articles_stand_below_a_line(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.get(address(ticket))
    reply(ticket.pk, by=world.by(world.carol), body=from_plain("Ещё вопрос"))
    assert 'id="new"' in plain(client.get(address(ticket)))
    assert 'id="new"' not in plain(client.get(address(ticket)))


def test_an_older_number_leads_to_the_request(world, as_):
    ticket = world.ticket()
    NumberAlias.objects.create(number="2019010112345", ticket=ticket)
    assert as_(world.alice).get("/desk/tickets/2019010112345/").headers["Location"] == address(ticket)


@pytest.mark.parametrize("number", ["0", "999999", "abc", "%00", "я" * 60, "..", "100001%27"])
def test_no_such_request(world, as_, number):
    assert as_(world.alice).get(f"/desk/tickets/{number}/").status_code == 404


VERBS = [
    ("state", {"state": "review", "why": "почему"}, "state_id", "review", "state_set"),
    ("state", {"state": "reminder", "until": "2099-01-02T10:00"}, "state_id", "reminder", "state_set"),
    ("priority", {"priority": "5"}, "priority_id", 5, "priority_set"),
    ("close", {"why": "дубль"}, "state_id", "closed", "state_set"),
]


@pytest.mark.parametrize(("verb", "data", "column", "value", "event"), VERBS)
def test_verbs_of_the_panel(world, as_, verb, data, column, value, event):
    ticket = world.ticket()
    answer = as_(world.alice).post(address(ticket, verb), data)
    ticket.refresh_from_db()
    assert answer.status_code == 302 and answer.headers["Location"] == address(ticket)
    assert getattr(ticket, column) == value
    last = TicketEvent.objects.order_by("-pk").first()
    assert (last.verb, last.note) == (event, data.get("why", ""))
    before = TicketEvent.objects.count()
    assert as_(world.alice).post(address(ticket, verb), data).status_code == 302
    assert TicketEvent.objects.count() == before  # the second time changes nothing


def test_take_give_release_and_responsible(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.post(address(ticket, "take"))
    ticket.refresh_from_db()
    assert ticket.owner_id == world.alice.pk
    client.post(address(ticket, "owner"), {"owner": str(world.anna.pk)})
    client.post(address(ticket, "responsible"), {"responsible": str(world.ada.pk)})
    ticket.refresh_from_db()
    assert (ticket.owner_id, ticket.responsible_id) == (world.anna.pk, world.ada.pk)
    client.post(address(ticket, "owner"), {"owner": ""})
    ticket.refresh_from_db()
    assert ticket.owner_id is None
    refused = client.post(address(ticket, "owner"), {"owner": str(world.bob.pk)})
    assert refused.status_code == 422 and said("owner", "cannot_own") in plain(refused)


def test_queue_category_and_promise(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    client.post(address(ticket, "category"), {"category": str(world.category.pk)})
    client.post(address(ticket, "due"), {"due_at": "2099-05-01T12:30"})
    ticket.refresh_from_db()
    assert ticket.category_id == world.category.pk
    assert f"{ticket.due_at:%Y-%m-%d %H:%M}" == "2099-05-01 09:30"  # typed in Moscow
    client.post(address(ticket, "due"), {"due_at": "2099-05-01T12:30", "withdraw": "1"})
    client.post(address(ticket, "queue"), {"queue": str(world.advice.pk), "why": "не ошибка"})
    ticket.refresh_from_db()
    assert (ticket.due_at, ticket.queue_id) == (None, world.advice.pk)
    assert "не ошибка" in plain(client.get(address(ticket, "history")))


def test_one_may_move_where_one_does_not_work(world, as_):
    Grant.objects.create(role=world.bob.roles.get(), queue=world.errors, right="move_into")
    ticket = world.ticket(queue=world.cash)
    answer = as_(world.bob).post(address(ticket, "queue"), {"queue": str(world.errors.pk)})
    ticket.refresh_from_db()
    assert answer.status_code == 302 and ticket.queue_id == world.errors.pk


@pytest.mark.parametrize(
    ("verb", "data", "problem"),
    [
        ("state", {"state": "reminder"}, ("until", "empty")),
        ("state", {"state": "removed"}, ("state", "not_offered")),
        ("state", {"state": "nosuch"}, ("next_state", "unknown_state")),
        ("priority", {"priority": "9"}, ("priority", "not_offered")),
        ("priority", {"priority": "abc"}, ("priority", "not_offered")),
        ("priority", {"priority": ""}, ("priority", "not_offered")),
        ("queue", {"queue": "999999"}, ("queue", "unknown_queue")),
        ("queue", {"queue": "1 OR 1=1"}, ("queue", "unknown_queue")),
        ("category", {"category": "999999"}, ("category", "unknown_category")),
        ("owner", {"owner": "999999"}, ("owner", "cannot_own")),
        ("owner", {"owner": "x"}, ("owner", "cannot_own")),
        ("due", {"due_at": "2001-01-01T10:00"}, ("due_at", "has_passed")),
        ("due", {"due_at": "когда-нибудь"}, ("due_at", "not_a_moment")),
    ],
)
def test_refused_verbs_say_why_at_their_field(world, as_, verb, data, problem):
    ticket = world.ticket()
    before = TicketEvent.objects.count()
    answer = as_(world.alice).post(address(ticket, verb), data)
    assert answer.status_code == 422
    assert said(*problem, **YEARS) in plain(answer)
    assert "error-summary" in plain(answer) and TicketEvent.objects.count() == before


def test_moving_into_a_queue_without_the_right_is_refused(world, as_):
    ticket = world.ticket()
    answer = as_(world.alice).post(address(ticket, "queue"), {"queue": str(world.cash.pk)})
    ticket.refresh_from_db()
    assert answer.status_code == 403 and ticket.queue_id == world.errors.pk


def test_changed_meanwhile_shows_the_new_value(world, as_):
    ticket = world.ticket()
    seen = str(pages.for_page(world.by(world.alice), ticket.number).last_event_seq)
    set_priority(ticket.pk, by=world.by(world.anna), to=5)
    answer = as_(world.alice).post(address(ticket, "priority"), {"priority": "2", "seen": seen})
    ticket.refresh_from_db()
    assert answer.status_code == 409 and ticket.priority_id == 5
    assert 'role="alert"' in plain(answer)


def test_history_names_everything_in_words(world, as_):
    ticket = world.ticket()
    by = world.by(world.alice)
    give(ticket.pk, by=by, to_id=world.anna.pk)
    set_state(ticket.pk, by=by, to=StateMove("review"))
    move(ticket.pk, by=by, to_queue_id=world.advice.pk, why="так надо")
    set_priority(ticket.pk, by=by, to=5)
    text = plain(as_(world.alice).get(address(ticket, "history")))
    for expected in (
        "создана",
        "Анна Ковалёва",
        "На рассмотрении",
        "Консультация",
        "так надо",
        "никто",
        "Алиса Агентова",
    ):
        assert expected in text


def test_session_that_ended_keeps_the_text(world, client):
    import re

    ticket = world.ticket()
    client.force_login(world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
    writer = re.search(r'name="writer" value="([^"]+)"', client.get(address(ticket)).content.decode()).group(1)
    client.logout()
    lost = client.post(address(ticket), {"body": "Долго писала", "next_state": "done", "writer": writer})
    assert lost.status_code == 302 and "/login/" in lost.headers["Location"]
    session = client.session
    kept = dict(session.items())
    client.force_login(world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
    session = client.session
    session.update({name: value for name, value in kept.items() if name == "typed"})
    session.save()
    page = plain(client.get(address(ticket)))
    assert "Долго писала" in page and "Сеанс прервался" in page and 'value="done" selected' in page


def test_merged_request_takes_no_answer(world, as_):
    ticket = world.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(phase="merged", state="merged")
    page = as_(world.alice).get(address(ticket))
    assert page.status_code == 200 and "next_state" not in page.content.decode()
    assert as_(world.alice).post(address(ticket), {"body": "т"}).status_code == 409


def test_waiting_client_and_deadline_stand_in_the_head(world, as_):
    ticket = world.ticket()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Какой период?"), then=StateMove("clarify"))
    assert "ждём клиента" in plain(as_(world.alice).get(address(ticket)))
    with clock.stopped(clock.now() + timedelta(days=1)):
        assert as_(world.alice).get(address(ticket)).status_code == 200


def test_an_answer_to_a_question_is_seen_though_the_state_stands(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Какой период?"), then=StateMove("clarify"))
    for path in ("/desk/", address(ticket)):
        assert "клиент ответил" not in plain(client.get(path))
    reply(ticket.pk, by=Actor(world.carol.pk), body=from_plain("Март"))
    assert "На уточнении · клиент ответил" in plain(client.get("/desk/"))
    head = plain(client.get(address(ticket))).partition('class="d-thread"')[0]
    assert "клиент ответил" in head and "ждём клиента" not in head
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Спасибо, смотрим"))
    for path in ("/desk/", address(ticket)):
        assert "клиент ответил" not in plain(client.get(path))


def test_the_history_has_reasons_only_where_there_are_any(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    assert ">Почему</th>" not in plain(client.get(address(ticket, "history")))
    move(ticket.pk, by=world.by(world.alice), to_queue_id=world.advice.pk, why="не ошибка")
    text = plain(client.get(address(ticket, "history")))
    assert ">Почему</th>" in text and "<td>не ошибка</td>" in text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"next_state": "closed"}, "закройте заявку без него кнопкой «Закрыть»"),
        ({"next_state": "review"}, "смените только состояние, в полях заявки"),
        ({"next_state": ""}, said("body", "empty")),
        ({"next_state": "closed", "kind": "note"}, said("body", "empty")),
    ],
)
def test_an_empty_answer_with_a_state_says_how_to_change_the_state_alone(world, as_, data, sentence):
    ticket = world.ticket()
    text = plain(as_(world.alice).post(address(ticket), {"body": " ", "kind": "answer"} | data))
    assert text.count(sentence) == 2  # in the summary and at the field
    assert "close/" in text and Article.objects.filter(ticket=ticket, sender="agent").count() == 0


def test_the_time_of_a_reminder_is_asked_for_without_a_refusal(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    text = plain(client.get(address(ticket)))
    assert 'class="until cluster" data-until="next_state"' in text and 'class="until" data-until="p-state"' in text
    refused = plain(client.post(address(ticket), {"body": "т", "next_state": "reminder"}))
    assert 'class="until cluster is-on"' in refused
    client.post(address(ticket, "state"), {"state": "reminder", "until": "2099-01-02T10:00"})
    assert 'class="until is-on" data-until="p-state"' in plain(client.get(address(ticket)))


def test_news_are_linked_from_the_head(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    assert "data-news" not in plain(client.get(address(ticket)))
    for text in ("Ещё вопрос", "И ещё"):
        reply(ticket.pk, by=world.by(world.carol), body=from_plain(text))
    assert '<a class="news" href="#new" data-news>2 новых сообщения</a>' in plain(client.get(address(ticket)))


def test_other_requests_name_only_the_parts_that_they_have(world, as_):
    ticket = world.ticket()
    other = world.ticket(subject="Соседняя")
    shown = f"{other.number[:3]} {other.number[3:]}"
    parts = f'<span class="dots"><span>№ {shown}</span> <span>новая</span> </span>'
    assert parts in plain(as_(world.alice).get(address(ticket)))
    take(other.pk, by=world.by(world.alice))
    assert "<span>Алиса Агентова</span> </span>" in plain(as_(world.alice).get(address(ticket)))


def test_the_state_has_a_key_where_it_may_be_changed(world, as_):
    ticket = world.ticket()
    text = plain(as_(world.alice).get(address(ticket)))
    assert 'data-key="KeyS"' in text and "выбрать состояние" in text
    assert 'data-key="KeyS"' not in plain(as_(world.rita).get(address(ticket)))


def test_the_head_says_in_words_what_presses(world, as_):
    ticket = world.ticket()
    promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(hours=2, seconds=30))
    head = plain(as_(world.alice).get(address(ticket))).partition('class="d-thread"')[0]
    assert "ответить за 2 ч" in head
    with clock.stopped(clock.now() + timedelta(hours=5)):
        head = plain(as_(world.alice).get(address(ticket))).partition('class="d-thread"')[0]
    assert "просрочено на 2 ч 59 мин" in head and "−" not in head


@pytest.mark.parametrize(("language", "sign"), [("ru", "№"), ("en", "No.")])
def test_other_requests_are_numbered_in_the_readers_language(world, as_, language, sign):
    here, other = world.ticket(subject="Эта"), world.ticket(subject="Другая")
    Person.objects.filter(pk=world.alice.pk).update(language=language)
    page = re.sub("[\xa0\u202f]", " ", as_(world.alice).get(address(here)).content.decode())
    number = f"{int(other.number):,}".replace(",", " ")
    assert set(re.findall(rf"(№|No\.) {number}", page)) == {sign}


def test_panels_name_how_many_others_and_events_there_are(world, as_):
    ticket = world.ticket()
    for at in range(2):
        world.ticket(subject=f"Другая {at}")
    page = plain(as_(world.alice).get(address(ticket)))
    assert "2 открытые" in page
    assert re.search(r'История<span class="count">2</span>', page)
    for at in range(5):
        world.ticket(subject=f"Ещё {at}")
    assert "5+ открытых" in plain(as_(world.alice).get(address(ticket)))


def test_a_closed_request_offers_the_way_back(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    assert "Открыть снова" not in plain(client.get(address(ticket)))
    client.post(address(ticket, "close"), {})
    assert "Открыть снова" in plain(client.get(address(ticket)))
    assert "Открыть снова" not in plain(as_(world.rita).get(address(ticket)))
    as_(world.alice).post(address(ticket, "state"), {"state": "open"})
    ticket.refresh_from_db()
    assert ticket.state_id == "open"


def test_the_search_has_one_box(world, as_):
    assert plain(as_(world.alice).get("/desk/search/")).count('name="q"') == 1
    assert plain(as_(world.alice).get("/desk/")).count('name="q"') == 1


@pytest.mark.parametrize("until", ["2020-01-01T10:00", "завтра", "2099-01-02T10:00"])
@pytest.mark.parametrize("verb", ["", "state"])
def test_the_time_beside_another_state_counts_for_nothing(world, as_, until, verb):
    ticket = world.ticket()
    field = "state" if verb else "next_state"
    answer = as_(world.alice).post(address(ticket, verb), {"body": "т", field: "open", "until": until, "form_key": "k"})
    ticket.refresh_from_db()
    assert (answer.status_code, ticket.state_id, ticket.pending_until) == (302, "open", None)


@pytest.mark.parametrize(("chosen", "told"), [("closed", True), ("", False)])
def test_a_state_chosen_beside_a_note_is_said_to_be_unchanged(world, as_, chosen, told):
    ticket = world.ticket()
    client = as_(world.alice)
    client.post(address(ticket), {"body": "з", "kind": "note", "next_state": chosen, "form_key": "n"})
    page = plain(client.get(address(ticket)))
    ticket.refresh_from_db()
    assert ticket.state_id != "closed" and "Заметка добавлена" in page
    assert ("Состояние не изменено" in page) is told


def test_a_missing_request_is_explained_in_the_desks_words(world, as_):
    page = as_(world.alice).get("/desk/tickets/999999/")
    assert page.status_code == 404 and "работает в её очереди" in plain(page)


def test_a_choice_refused_as_stale_does_not_stand_as_if_it_were_done(world, as_):
    ticket = world.ticket()
    seen = str(ticket.last_event_seq)
    set_priority(ticket.pk, by=world.by(world.anna), to=4)
    answer = as_(world.alice).post(address(ticket, "priority"), {"priority": "5", "seen": seen})
    page = plain(answer)
    assert answer.status_code == 409 and f"изменил другой человек: {world.anna.name}" in page
    choice = re.search(r'<select[^>]* name="priority".*?</select>', page, re.DOTALL).group()
    assert re.findall(r'<option value="(\d)" selected', choice) == ["4"]


def test_a_promise_is_not_told_where_nobody_waits_for_it(world, as_):
    ticket, client = world.ticket(), as_(world.alice)
    promise(ticket.pk, by=world.by(world.alice), due_at=clock.now() + timedelta(days=3))
    assert "обещан ответ" in plain(client.get(address(ticket)))
    reply(ticket.pk, by=world.by(world.alice), body=from_plain("Какой период?"), then=StateMove("clarify"))
    assert "обещан ответ" not in plain(client.get(address(ticket)))
    close(ticket.pk, by=world.by(world.alice))
    assert "обещан ответ" not in plain(client.get(address(ticket)))

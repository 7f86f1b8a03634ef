import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from helpdesk.core import clock, files
from helpdesk.core.richtext import from_plain
from helpdesk.desk.letters import trouble
from helpdesk.mail.models import OutgoingLetter, RawLetter
from helpdesk.tickets.actions import reply
from tests.config.test_health import beat
from tests.desk.conftest import link, plain


def letters(answer):
    return [int(found) for found in re.findall(r'href="/desk/admin/outbox/(\d+)/"', answer.content.decode())]


def park(reason):
    stored = files.store(b"a letter")
    files.ensure_rows([stored])
    return RawLetter.objects.create(
        blob_id=stored.sha256, size=8, destination="support@example.com", received_at=clock.now(), state="failed",
        reason=reason, from_address="stranger@example.org",
    )  # fmt: skip


def test_outbox_shows_letters_and_one_can_be_read(world, as_):
    ticket = world.ticket()
    reply(ticket.pk, by=world.by(world.alice), body=from_plain("Ответ письмом <b>"))
    letter = OutgoingLetter.objects.filter(kind="answer").get()
    client = as_(world.ada)
    page = plain(client.get("/desk/admin/outbox/"))
    assert "carol@example.com" in page and "Почтовый сервер не задан" in page
    text = plain(client.get(f"/desk/admin/outbox/{letter.pk}/"))
    assert "Ответ письмом &lt;b&gt;" in text and letter.message_id.strip("<>") in text


def test_a_letter_that_failed_is_sent_once_more(world, as_, settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:1"
    reply(world.ticket().pk, by=world.by(world.alice), body=from_plain("Ответ"))
    letter = OutgoingLetter.objects.filter(kind="answer").get()
    place, client = f"/desk/admin/outbox/{letter.pk}/", as_(world.ada)
    assert "Отправить ещё раз" not in plain(client.get(place))
    client.post(place)
    OutgoingLetter.objects.filter(pk=letter.pk).update(state="sent")
    client.post(place)
    assert OutgoingLetter.objects.get(pk=letter.pk).state == "sent"  # only what failed goes again
    OutgoingLetter.objects.filter(pk=letter.pk).update(state="failed", last_error="550 нет такого ящика", attempts=7)
    assert "Отправить ещё раз" in plain(client.get(place))
    answer = client.post(place, follow=True)
    assert "будет отправлено ещё раз" in plain(answer)
    letter.refresh_from_db()
    assert (letter.state, letter.attempts) == ("due", 0)


def test_outbox_is_narrowed_by_state_and_paged(world, as_):
    for _ in range(55):
        world.ticket()
    first = OutgoingLetter.objects.order_by("pk").first()
    OutgoingLetter.objects.filter(pk=first.pk).update(state="failed", last_error="550 нет такого ящика")
    client = as_(world.ada)
    failed = client.get("/desk/admin/outbox/?state=failed")
    assert letters(failed) == [first.pk] and "Почтовый сервер не примет это письмо. Проверьте адрес." in plain(failed)
    assert "550 нет такого ящика" in plain(client.get(f"/desk/admin/outbox/{first.pk}/"))
    page = client.get("/desk/admin/outbox/")
    seen = letters(page)
    assert len(seen) == 50 and seen[0] == first.pk and seen[1:] == sorted(seen[1:], reverse=True)
    while path := link(page, "next"):
        page = client.get(path)
        seen += letters(page)
    assert len(seen) == len(set(seen)) == OutgoingLetter.objects.count()
    with CaptureQueriesContext(connection) as caught:
        client.get("/desk/admin/outbox/")
    assert len(caught) <= 8


@pytest.mark.parametrize("query", ["state=zzz", "before=abc", "before=99999999999999999999", "before=-1"])
def test_garbage_is_no_error(world, as_, query):
    assert as_(world.ada).get(f"/desk/admin/outbox/?{query}").status_code == 200


@pytest.mark.parametrize("letter", ["0", "abc", "99999999999999999999"])
def test_no_such_letter(world, as_, letter):
    assert as_(world.ada).get(f"/desk/admin/outbox/{letter}/").status_code == 404


def test_rail_offers_settings_to_administrators_alone(world, as_):
    world.ticket()
    assert "/desk/admin/" in plain(as_(world.ada).get("/desk/"))
    assert "/desk/admin/" not in plain(as_(world.alice).get("/desk/"))
    assert world.ada.is_administrator and not world.alice.is_administrator


def statements(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return len(caught)


def test_pages_of_administrators_keep_within_the_budget(world, as_):
    world.ticket()
    client = as_(world.ada)
    letter = OutgoingLetter.objects.first()
    paths = ["", "outbox/", f"outbox/{letter.pk}/", "parked/"]
    client.get("/desk/admin/")  # what is read anew after a change of masters is known then
    assert max(statements(client, f"/desk/admin/{path}") for path in paths) <= 8
    assert statements(client, "/desk/admin/check/") <= 12  # a doctor looks at more than a page


def test_the_outbox_says_when_a_letter_goes_on_and_what_hindered_it(world, as_, settings):
    ticket = world.ticket()
    letter = OutgoingLetter.objects.get()
    client, rows = as_(world.ada), OutgoingLetter.objects.filter(pk=letter.pk)
    assert "остаётся здесь: почтовый сервер не задан" in plain(client.get(f"/desk/admin/outbox/{letter.pk}/"))
    assert plain(client.get("/desk/admin/outbox/")).count("очтовый сервер не задан") == 1  # once, not in every row
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    rows.update(due_at=clock.now() - timedelta(minutes=1))
    assert "уйдёт в течение минуты" in plain(client.get("/desk/admin/outbox/"))
    rows.update(due_at=clock.now() + timedelta(minutes=4), attempts=3, last_error="[Errno 111] Connection refused")
    page = plain(client.get("/desk/admin/outbox/?state=waiting"))
    assert "следующая попытка сегодня" in page or "следующая попытка завтра" in page
    assert "<td>3 попытки</td>" in page and "Почтовый сервер не отвечает." in page and "Errno" not in page
    shown = plain(client.get(f"/desk/admin/outbox/{letter.pk}/"))
    assert (
        "3 попытки" in shown and "Почтовый сервер не отвечает." in shown and "[Errno 111] Connection refused" in shown
    )
    assert f"[#{ticket.number}]" not in page and "Ваша заявка получена" in page


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("550 5.1.1 No such user", "has refused this letter for good"),
        ("451 4.3.0 Try again", "cannot take the letter now"),
        ("535 5.7.8 Authentication failed", "does not accept the user name"),
        ("timed out", "does not answer in time"),
        ("[Errno -2] Name or service not known", "no mail server with this name"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED]", "A secure connection"),
        ("Connection unexpectedly closed", "dropped the connection"),
        ("zzz", "was not taken"),
        ("", ""),
    ],
)
def test_errors_of_mail_servers_have_words(error, words):
    with translation.override("en"):
        assert words in trouble(error)
        assert bool(trouble(error)) == bool(error)


def test_the_first_page_says_what_needs_looking_after(world, as_, settings):
    client = as_(world.ada)
    page = plain(client.get("/desk/admin/"))
    assert "Рабочий процесс не запущен" in page and "Почтовый сервер не задан" in page
    assert re.search(r"Специалисты</span><span[^>]*>5<", page) and re.search(r"Клиенты</span><span[^>]*>3<", page)
    beat()
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    assert "Всё в порядке" in plain(client.get("/desk/admin/"))
    world.ticket()
    OutgoingLetter.objects.update(state="failed", last_error="550 нет")
    park("unreadable: zzz")
    page = plain(client.get("/desk/admin/"))
    assert "1 письмо не отправлено" in page and "1 письмо отложено" in page and "Всё в порядке" not in page
    assert 'href="/desk/admin/parked/"' in page and 'href="/desk/admin/outbox/?state=failed"' in page


def test_letters_laid_aside_show_why_and_how_to_let_them_pass(world, as_):
    client = as_(world.ada)
    assert "Отложенных писем нет" in plain(client.get("/desk/admin/parked/"))
    letter = park("flood: too many letters of this sender within an hour")
    page = plain(client.get("/desk/admin/parked/"))
    assert "среди наплыва писем" in page and "stranger@example.org" in page
    assert f"helpdesk mail parked --release {letter.pk}" in page


def test_the_state_of_the_services_is_what_the_doctor_finds(world, as_):
    client = as_(world.ada)
    page = plain(client.get("/desk/admin/check/"))
    assert (
        "Рабочий процесс" in page
        and "Рабочий процесс не запущен (ещё ни разу не появлялся)" in page
        and "неисправно" in page
    )
    beat()
    park("unreadable: zzz")
    page = plain(client.get("/desk/admin/check/"))
    assert "не запущен" not in page and "1 письмо отложено" in page
    assert "helpdesk mail parked --release ID" in page
    for name in ("Настройки", "База данных", "Схема базы данных", "Часы", "Почтовый сервер", "Папки и файлы"):
        assert f"<strong>{name}</strong>" in page


def test_the_state_of_the_services_remarks_that_no_mail_server_is_set(world, as_, settings):
    client, remark = as_(world.ada), re.compile(r'<p class="muted">[^<]*исходящих[^<]*\.</p>')
    settings.EMAIL_URL = ""
    assert remark.search(plain(client.get("/desk/admin/check/")))
    settings.EMAIL_URL = "smtp://127.0.0.1:9"
    assert not remark.search(plain(client.get("/desk/admin/check/")))


def test_english_administrators_read_english(world, as_):
    world.ada.language = "en"
    world.ada.save()
    client = as_(world.ada)
    assert "State of the services" in plain(client.get("/desk/admin/"))
    assert "Letters set aside" in plain(client.get("/desk/admin/parked/"))
    assert "in order" in plain(client.get("/desk/admin/check/"))

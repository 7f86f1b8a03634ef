import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.tickets.actions import reply
from tests.desk.conftest import link, plain


def letters(answer):
    return [int(found) for found in re.findall(r'href="/desk/admin/outbox/(\d+)/"', answer.content.decode())]


def test_outbox_shows_letters_and_one_can_be_read(world, as_):
    ticket = world.ticket()
    reply(ticket.pk, by=world.by(world.alice), body=from_plain("Ответ письмом <b>"))
    letter = OutgoingLetter.objects.filter(kind="answer").get()
    client = as_(world.ada)
    page = plain(client.get("/desk/admin/outbox/"))
    assert "carol@example.com" in page and "Почтовый сервер не задан" in page
    text = plain(client.get(f"/desk/admin/outbox/{letter.pk}/"))
    assert "Ответ письмом &lt;b&gt;" in text and letter.message_id.strip("<>") in text


def test_outbox_is_narrowed_by_state_and_paged(world, as_):
    for _ in range(55):
        world.ticket()
    first = OutgoingLetter.objects.order_by("pk").first()
    OutgoingLetter.objects.filter(pk=first.pk).update(state="failed", last_error="550 нет такого ящика")
    client = as_(world.ada)
    failed = client.get("/desk/admin/outbox/?state=failed")
    assert letters(failed) == [first.pk] and "550 нет" in plain(failed)
    page = client.get("/desk/admin/outbox/")
    seen = letters(page)
    assert len(seen) == 50
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

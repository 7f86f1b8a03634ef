"""What is found before an answer leaves is shown once, all of it; whoever sends all the same is not asked again."""

import re
from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.tickets import drafts
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Article, Draft
from tests.desk.conftest import address, plain
from tests.desk.test_drafts import box

pytestmark = pytest.mark.django_db
TEXT = "Здравствуйте, !\nДля ТСЖ «Берёзка» исправили ЛС 999888, акт прикрепляю."


def send(client, ticket, body=TEXT, **more):
    return client.post(address(ticket), {"body": body, "form_key": "k", "kind": "answer", **more})


def test_all_that_was_found_is_shown_and_nothing_typed_is_lost(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    there = send(alice, ticket, next_state="review")
    shown = plain(there)
    assert there.status_code == 409 and not Article.objects.filter(sender="agent").exists()
    for words in ("Проверьте ответ", "Здравствуйте, !", "ТСЖ Берёзка", "999888", "файла нет", "Отправить всё равно"):
        assert words in shown
    stands = box(there)
    assert stands["body"].startswith("Здравствуйте, !") and stands["state"] == "review"
    assert Draft.objects.get().values["body"] == TEXT
    sent = send(alice, ticket, next_state="review", checked=stands["checked"], draft_version=stands["draft_version"])
    assert sent.status_code == 302 and Article.objects.filter(text__startswith="Здравствуйте, !").count() == 1


def test_what_is_new_is_asked_about_once_more(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    first = box(send(alice, ticket, "Здравствуйте, !"))
    again = send(alice, ticket, "Здравствуйте, ! Акт прикрепляю.", checked=first["checked"])
    assert again.status_code == 409 and "файла нет" in plain(again)


def test_notes_and_harmless_answers_are_not_asked_about(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    assert send(alice, ticket, kind="note").status_code == 302
    assert send(alice, ticket, "Для УК «Заря» исправили", form_key="b").status_code == 302  # the client's own
    assert Article.objects.filter(sender="agent").count() == 2


def test_a_colleague_who_is_answering_is_named_while_their_draft_is_fresh(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    anna = world.by(world.anna)
    drafts.save(anna, Written(Draft.Kind.REPLY, "a", {"body": "Уже смотрю"}, ticket_id=ticket.pk))
    assert re.search(r"пишет и Анна\s+Ковалёва", plain(send(alice, ticket, "Готово")))
    Draft.objects.filter(person=world.anna).update(changed_at=clock.now() - timedelta(hours=1))
    assert send(alice, ticket, "Готово").status_code == 302


def test_a_chosen_time_is_kept_while_one_is_asked(world, as_):
    ticket, alice = world.ticket(), as_(world.alice)
    there = send(alice, ticket, later="tomorrow", unless_client="1")
    assert 'form="answer" name="later" value="tomorrow"' in there.text

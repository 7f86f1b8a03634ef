import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Membership, Person
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, close, reply
from helpdesk.tickets.models import Article, Draft, IntakeField, Queue, Ticket
from tests.portal.test_intake import ask

TYPED = "Нет, <b>не решено</b> & нет"


def given_back(answer):
    """What stands in the read-only text area; None where there is none."""
    found = re.search(
        r'<textarea[^>]* id="unsent"[^>]* readonly>\n(.*?)</textarea>', answer.content.decode(), re.DOTALL
    )
    return found and found.group(1)


def words(page):
    """What is read, without the markup."""
    return re.sub(r"<[^>]+>", "", page)


def plain(answer):
    return answer.content.decode().replace("\xa0", " ")


def shut(world, ticket):
    Queue.objects.filter(pk=world.errors.pk).update(follow_up=Queue.FollowUp.REFUSE)
    close(ticket.pk, by=Actor(world.alice.pk))


def test_text_of_a_refused_answer_stands_on_the_requests_page(world, as_):
    ticket = world.ticket()
    shut(world, ticket)
    chosen = SimpleUploadedFile("акт.pdf", b"%PDF")
    answer = as_(world.carol).post(
        f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1", "attachments": chosen}
    )
    page = plain(answer)
    assert answer.status_code == 403 and ticket.subject in page and 'class="thread"' in page
    assert given_back(answer) == "Нет, &lt;b&gt;не решено&lt;/b&gt; &amp; нет"
    assert "Ваш текст" in page and "акт.pdf" in words(page) and 'role="alert"' in page
    assert Article.objects.filter(ticket=ticket, sender="client").count() == 1


def test_script_is_told_in_words_and_keeps_its_form(world, as_):
    ticket = world.ticket()
    shut(world, ticket)
    answer = as_(world.carol).post(f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1"},
                                   headers={"HX-Request": "true"})  # fmt: skip
    assert (
        answer.status_code == 403
        and "<h1>На это у вас нет прав" in plain(answer)
        and ticket.subject not in plain(answer)
    )


@pytest.mark.parametrize(("language", "label"), [("ru", "Ваш текст"), ("en", "Your text")])
def test_text_for_an_invisible_request_is_given_back_and_nothing_of_it(world, as_, language, label):
    Person.objects.filter(pk=world.dave.pk).update(language=language)
    ticket = world.ticket(subject="Тайна")
    client = as_(world.dave)
    sent = {"body": TYPED, "form_key": "1"}
    foreign = client.post(f"/portal/tickets/{ticket.number}/", sent)
    absent = client.post("/portal/tickets/2020010110000001/", sent)
    assert foreign.status_code == absent.status_code == 404
    assert label in plain(foreign) and given_back(foreign).startswith("Нет,") and "Тайна" not in plain(foreign)
    assert plain(foreign) == plain(absent)
    assert given_back(client.post(f"/portal/tickets/{ticket.number}/", {"form_key": "2"})) is None


def test_new_request_of_somebody_who_may_no_longer_write_is_given_back(world, as_):
    Membership.objects.filter(person=world.carol).update(writes=False)
    answer = as_(world.carol).post(
        "/portal/new/", {"queue": world.errors.pk, "subject": "Тема А", "body": TYPED, "field_error_code": "E-7"}
    )
    assert answer.status_code == 403
    assert all(words in given_back(answer) for words in ("Тема А", "E-7", "не решено"))


@pytest.mark.parametrize(("language", "told"), [("ru", "Тема вопроса: Начисления"), ("en", "Topic: Charges")])
@pytest.mark.parametrize("off", [False, True], ids=["asked for", "switched off"])
def test_fields_of_a_new_request_are_given_back_in_words(world, as_, language, told, off):
    """Also of a recipient and a field that were switched off while somebody wrote."""
    Person.objects.filter(pk=world.carol.pk).update(language=language)
    ask(world.errors, "topic", "choice", choices=[["charges", "Начисления", "Charges"]])
    ask(world.errors, "period", "period")
    IntakeField.objects.filter(key="topic").update(label_ru="Тема вопроса", label_en="Topic")
    secret = IntakeField.objects.filter(pk=ask(world.inbox, "secret").pk)
    if off:
        IntakeField.objects.update(inactive_at=world.zarya.created_at)
        Queue.objects.update(inactive_at=world.zarya.created_at)
    Membership.objects.filter(person=world.carol).update(writes=False)
    typed = {"field_topic": "charges", "field_period": "2026-05", "field_period.to": "2026-07", "field_secret": "x"}
    answer = as_(world.carol).post("/portal/new/", {"queue": world.errors.pk, "subject": "Тема А", "body": "Б"} | typed)
    back = given_back(answer).replace("\xa0", " ")
    assert answer.status_code == 403 and told in back and "charges" not in back and "2026-05" not in back
    assert ("май – июль 2026" if language == "ru" else "May – July 2026") in back
    assert secret.get().label_ru not in back and "\nx\n" in back  # a queue that no client chooses is not named


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_written_while_the_place_was_taken_is_given_back(world, as_, script):
    ticket = world.ticket()
    client = as_(world.carol)
    assert client.get(f"/portal/tickets/{ticket.number}/").status_code == 200
    Membership.objects.filter(person=world.carol).update(inactive_at=ticket.created_at)
    chosen = SimpleUploadedFile("акт.pdf", b"%PDF")
    answer = client.post(
        f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1", "attachments": chosen},
        headers={"HX-Request": "true"} if script else {},
    )  # fmt: skip
    assert answer.status_code == 404
    assert given_back(answer) == "Нет, &lt;b&gt;не решено&lt;/b&gt; &amp; нет" and "акт.pdf" in words(plain(answer))
    assert "могла перестать быть вам видна" in plain(answer) or "не видна" in plain(answer)
    assert ticket.subject not in plain(answer)
    assert not Article.objects.filter(ticket=ticket, text__contains="не решено").exists()


def filled(client, world):
    """What the form of a new request sends, its hidden company included."""
    page = plain(client.get("/portal/new/"))
    company = re.search(r'name="company" value="(\d+)"', page)
    return {"queue": world.errors.pk, "subject": "Тема А", "body": TYPED, "priority": "3", "form_key": "left",
            "company": company.group(1) if company else ""}  # fmt: skip


@pytest.mark.parametrize("how", ["left", "reads", "company"])
def test_a_new_request_written_while_the_place_was_taken_is_given_back_in_words(world, as_, how):
    client = as_(world.carol)
    sent = filled(client, world)
    assert sent["company"] == str(world.zarya.pk)
    changed = {"writes": False} if how == "reads" else {"inactive_at": world.zarya.created_at}
    if how == "company":
        type(world.zarya).objects.filter(pk=world.zarya.pk).update(**changed)
    else:
        Membership.objects.filter(person=world.carol).update(**changed)
    answer = client.post("/portal/new/", sent)
    assert answer.status_code == 403 and not Article.objects.exists()
    assert all(words in given_back(answer) for words in ("Тема А", "не решено"))
    assert ("Вы больше не пишете за эту компанию" in plain(answer)) == (how != "reads")


def test_a_new_request_for_a_left_company_goes_to_the_other_only_when_sent_again(world, as_):
    accounts.join(world.carol, world.other, {"sees": "own", "writes": True, "is_chief": False})
    client = as_(world.carol)
    sent = filled(client, world) | {"company": world.zarya.pk}
    Membership.objects.filter(person=world.carol, company=world.zarya).update(inactive_at=world.zarya.created_at)
    answer = client.post("/portal/new/", sent)
    assert answer.status_code == 422 and "Вы больше не пишете за компанию" in plain(answer)
    assert 'value="Тема А"' in plain(answer) and not Article.objects.exists()
    again = re.search(r'name="company" value="(\d+)"', plain(answer)).group(1)
    assert again == str(world.other.pk)
    assert client.post("/portal/new/", sent | {"company": again}).status_code == 302
    assert Article.objects.filter(sender="client").get().ticket.company == world.other


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("how", ["refuses", "gone", "reads"])
def test_a_refused_answer_leads_to_its_draft_and_to_a_new_request(world, as_, script, how):
    ticket, client = world.ticket(), as_(world.carol)
    if how == "refuses":
        shut(world, ticket)
    elif how == "gone":
        Ticket.objects.filter(pk=ticket.pk).update(company=world.other, author=world.dave)
    else:
        Membership.objects.filter(person=world.carol).update(writes=False)
    answer = client.post(f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1"},
                         headers={"HX-Request": "true"} if script else {})  # fmt: skip
    assert answer.status_code == (404 if how == "gone" else 403)
    draft = Draft.objects.get()
    assert draft.kind == "reply" and draft.ticket_id == (None if how == "gone" else ticket.pk)
    kept, as_new = f"/portal/drafts/{draft.pk}/", f"/portal/new/?answer={draft.pk}"
    assert f'href="{kept}"' in plain(answer) and client.get(kept).status_code == 200
    assert (f'href="{as_new}"' in plain(answer)) == (how != "reads")  # who writes nowhere is offered nothing
    if how == "reads":
        return
    page = plain(client.get(as_new))
    assert "не решено" in page
    assert (f"№ {ticket.number}" in page) == (how == "refuses")  # as the beginning of its subject
    sent = {"queue": world.errors.pk, "subject": "Тема А", "body": TYPED, "priority": "3", "field_error_code": "E-7",
            "form_key": "1", "draft_version": str(draft.version)}  # fmt: skip
    assert client.post("/portal/new/", sent).status_code == 302
    assert Ticket.objects.count() == 2 and not Draft.objects.exists()


@pytest.mark.parametrize("script", [True, False])
def test_an_answer_to_what_was_answered_and_closed_for_good_leads_on_as_well(world, as_, script):
    ticket, client = world.ticket(), as_(world.carol)
    seen = Ticket.objects.get().last_event_seq
    Queue.objects.filter(pk=world.errors.pk).update(follow_up=Queue.FollowUp.REFUSE)
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    answer = client.post(
        f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1", "seen": seen},
        headers={"HX-Request": "true"} if script else {},
    )  # fmt: skip
    draft = Draft.objects.get()
    assert answer.status_code == 409 and "Готово" in plain(answer) and given_back(answer).startswith("Нет,")
    assert f'href="/portal/drafts/{draft.pk}/"' in plain(answer)
    assert f'href="/portal/new/?answer={draft.pk}"' in plain(answer)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize(("second", "told"), [("1", "из другого окна, уже отправлено"), ("2", "только что отправили")])
def test_a_text_that_has_closed_its_request_in_another_window_names_no_button_that_is_not_there(
    world, as_, script, second, told
):
    """With the key of the first window, whose text came along, and with one of its own."""
    ticket, client = world.ticket(), as_(world.carol)
    Queue.objects.filter(pk=world.errors.pk).update(follow_up=Queue.FollowUp.REFUSE)
    address = f"/portal/tickets/{ticket.number}/"
    sent = {"body": TYPED, "form_key": "1", "next_state": "closed"}
    assert client.post(address, sent).status_code == 302
    answer = client.post(address, {"body": TYPED, "form_key": second}, headers={"HX-Request": "true"} if script else {})
    page = words(plain(answer))
    assert answer.status_code == 409 and told in page and "Заявка закрыта" in page
    assert "больше не принимает ответов" in page and "нажмите кнопку ещё раз" not in page
    assert given_back(answer).startswith("Нет,") and Article.objects.filter(text__contains="не решено").count() == 1


@pytest.mark.parametrize("how", ["refuses", "reads"])
def test_the_page_of_a_request_that_takes_no_answer_offers_its_readers_drafts(world, as_, how):
    ticket, client = world.ticket(), as_(world.carol)
    address = f"/portal/tickets/{ticket.number}/"
    client.post(f"/portal/drafts/save/?ticket={ticket.number}", {"body": "Мой ответ", "form_key": "r"})
    draft = Draft.objects.get()
    if how == "refuses":
        shut(world, ticket)
    else:
        Membership.objects.filter(person=world.carol).update(writes=False)
    page = plain(client.get(address))
    assert "Есть черновик" in page and "Мой ответ" in page and f'href="/portal/drafts/{draft.pk}/"' in page
    assert (f'href="/portal/new/?answer={draft.pk}"' in page) == (how == "refuses")
    assert f"?draft={draft.pk}" not in page and 'name="body"' not in page
    draft.delete()
    assert "Есть черновик" not in plain(client.get(address))

"""Drafts as a client meets them: kept by script and without, offered, opened, thrown away, never lost."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.accounts.models import Membership
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import uploads
from helpdesk.tickets.actions import StateMove, reply
from helpdesk.tickets.models import Article, Draft, IntakeField, Queue, StagedFile, Ticket

NEW, HOME, SAVE = "/portal/new/", "/portal/drafts/", "/portal/drafts/save/"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _from_one(monkeypatch):
    """Versions are counted from 1 here, to be read."""
    monkeypatch.setattr("helpdesk.tickets.drafts.FIRST", 1)


def filled(world, **more):
    return {"queue": world.errors.pk, "subject": "Ошибка 500", "body": "Белая страница", "priority": "4",
            "field_error_code": "E-17", "form_key": "k1", **more}  # fmt: skip


def text(answer):
    return answer.content.decode().replace("\xa0", " ")


def main_of(page):
    return page.split("<main", 1)[1].split("</main>")[0]


def ticket_of(ticket):
    return f"/portal/tickets/{ticket.number}/"


def value(page, name):
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


def test_script_saves_offers_and_opens_on_another_device(world, as_):
    client = as_(world.carol)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.txt", b"x")}).json()
    saved = client.post(SAVE, filled(world, staged=kept["id"], draft_hand="a", draft_step="1")).json()
    assert (saved["key"], saved["version"], saved["sent"]) == ("k1", 1, False) and "Черновик сохранён" in saved["told"]
    page = text(client.get(NEW))
    assert re.search(r'<details class="drafts" data-drafts>\s*<summary>.*Есть черновик: сегодня', page)  # one calm line
    assert "Есть черновик: сегодня" in page and "Ошибка 500" in page and "1 файл" in page
    opened = text(client.get(f"{NEW}?draft={saved['id']}"))
    assert 'value="Ошибка 500"' in opened and "Белая страница" in opened and 'value="E-17"' in opened
    assert value(opened, "form_key") == "k1" and value(opened, "draft_version") == "1"
    assert value(opened, "staged") == str(kept["id"]) and "акт.txt" in opened
    assert re.search(r'id="priority-4"[^>]* checked|value="4"[^>]* checked', opened)
    assert "Есть черновик" not in opened  # the only one stands in the form
    client.post(NEW, filled(world, staged=kept["id"]))
    assert Ticket.objects.get().articles.first().attachments.get().filename == "акт.txt"
    assert not Draft.objects.exists()
    assert client.post(SAVE, filled(world, draft_hand="a", draft_step="9")).json()["sent"]
    assert not Draft.objects.exists()


def test_two_devices_where_the_older_version_is_sent_are_both_kept(world, as_):
    client = as_(world.carol)
    marks = {"draft_hand": "desk", "draft_version": "1"}
    client.post(SAVE, filled(world, **marks, draft_step="1"))
    client.post(SAVE, filled(world, **marks, draft_step="2", body="С компьютера"))
    assert client.post(NEW, filled(world, draft_hand="phone", draft_version="1")).status_code == 302
    assert "Белая страница" in Article.objects.order_by("pk").first().text
    assert "С компьютера" in text(client.get(f"{NEW}?draft={Draft.objects.get().pk}"))
    on = client.post(SAVE, filled(world, **marks, draft_step="3", body="С компьютера дальше")).json()
    assert not on["sent"] and "отправлен с другого устройства" in on["told"].replace("\xa0", " ")
    assert client.get(f"{NEW}?draft={on['id']}").status_code == 200
    assert Draft.objects.get().values["body"] == "С компьютера дальше"


def test_an_answer_sent_from_an_older_version_leaves_the_newer_one(world, as_):
    ticket, client = world.ticket(), as_(world.carol)
    save, form = f"{SAVE}?ticket={ticket.number}", {"body": "Мой ответ", "form_key": "r", "draft_hand": "desk"}
    client.post(save, {**form, "draft_step": "1"})
    client.post(save, {**form, "draft_step": "2", "body": "Мой ответ дальше"})
    answer = {**form, "draft_hand": "phone", "draft_version": "1"}
    assert client.post(f"/portal/tickets/{ticket.number}/", answer).status_code == 302
    assert Draft.objects.get().values["body"] == "Мой ответ дальше"


@pytest.mark.parametrize("how", ["unlisted", "unstage", "script"])
def test_a_file_of_a_draft_stays_when_another_device_lists_it_no_more(world, as_, how):
    client = as_(world.carol)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.txt", b"x")}).json()["id"]
    saved = client.post(SAVE, filled(world, staged=kept, draft_hand="a", draft_step="1")).json()
    StagedFile.objects.update(created_at=clock.now() - timedelta(hours=1))
    if how == "script":
        client.post("/portal/uploads/k1/", {"drop": kept})
    else:
        more = {"unstage": kept, "staged": kept} if how == "unstage" else {"subject": ""}
        client.post(NEW, filled(world, draft_version="0", **more))
    opened = text(client.get(f"{NEW}?draft={saved['id']}"))
    assert "акт.txt" in opened
    client.post(SAVE, filled(world, draft_hand="a", draft_step="2"))
    assert uploads.forget_unsent(clock.now()) == 1


def test_without_script_each_refused_or_refreshed_form_is_kept(world, as_):
    client = as_(world.carol)
    page = text(client.post(NEW, filled(world, subject="")))
    assert Draft.objects.get().values["body"] == "Белая страница"
    assert value(page, "draft_version") == "1"
    page = text(client.post(NEW, filled(world, save_draft="1", draft_version="1"), follow=True))
    assert "Черновик сохранён" in page and value(page, "draft_version") == "2"
    assert Draft.objects.get().subject == "Ошибка 500"
    assert client.post(NEW, filled(world, draft_version="2")).status_code == 302
    assert not Draft.objects.exists()


def test_two_devices_without_script_are_both_kept(world, as_):
    client = as_(world.carol)
    client.post(NEW, filled(world, save_draft="1", attachments=SimpleUploadedFile("акт.txt", b"x")))
    ids = StagedFile.objects.get().pk
    client.post(NEW, filled(world, save_draft="1", draft_version="1", staged=ids, subject="С телефона"))
    page = text(client.post(NEW, filled(world, save_draft="1", draft_version="1", staged=ids, subject="С компьютера")))
    assert "сохранены оба" in page and value(page, "form_key") != "k1"
    other = re.search(r'<a class="small" data-draft-other href="([^"]+)">Открыть другой черновик', page).group(1)
    assert 'value="С телефона"' in text(client.get(other))
    assert set(Draft.objects.values_list("subject", flat=True)) == {"С телефона", "С компьютера"}
    sent = filled(world, subject="С компьютера", form_key=value(page, "form_key"), staged=value(page, "staged"))
    client.post(NEW, sent)
    assert Ticket.objects.get().articles.first().attachments.get().filename == "акт.txt"
    assert Draft.objects.get().subject == "С телефона"


def test_an_answer_is_kept_and_what_came_meanwhile_is_told(world, as_):
    ticket, client = world.ticket(), as_(world.carol)
    address = f"/portal/tickets/{ticket.number}/"
    ticket.refresh_from_db()
    form = {"body": "Мой ответ", "form_key": "r", "seen": ticket.last_event_seq}
    first = client.post(f"{SAVE}?ticket={ticket.number}", form).json()
    assert "news" not in first
    assert "Есть черновик" in text(client.get(address))
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"))
    told = client.post(f"{SAVE}?ticket={ticket.number}", {**form, "body": "Мой ответ!", "draft_version": "1"}).json()
    assert "ответ дал специалист Алиса Агентова" in told["news"].replace("\xa0", " ")
    assert told["news_at"] == f"{address}?draft={first['id']}#a{Article.objects.latest('pk').pk}"
    page = text(client.get(f"{address}?draft={first['id']}"))
    assert "ответ дал специалист Алиса Агентова" in page and "Мой ответ!" in page
    marks = {name: value(page, name) for name in ("seen", "draft_version")}
    assert client.post(address, {**form, "body": "Мой ответ!", **marks}).status_code == 302
    assert not Draft.objects.exists()


@pytest.mark.parametrize("how", ["refuses", "merged", "left"])
def test_a_draft_of_a_request_that_takes_no_answer_says_so_and_becomes_a_new_one(world, as_, how):
    ticket, client = world.ticket(), as_(world.carol)
    kept = client.post("/portal/uploads/r/", {"file": SimpleUploadedFile("акт.txt", b"x")}).json()
    form = {"body": "Мой ответ", "form_key": "r", "staged": kept["id"]}
    draft = client.post(f"{SAVE}?ticket={ticket.number}", form).json()["id"]
    if how == "refuses":
        Queue.objects.filter(pk=ticket.queue_id).update(follow_up="refuse")
        reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    elif how == "merged":
        Ticket.objects.filter(pk=ticket.pk).update(state="merged", phase="merged")
    else:
        Membership.objects.filter(person=world.carol).update(writes=False)
    answer = client.get(f"/portal/tickets/{ticket.number}/?draft={draft}")
    assert answer.status_code == 302 and answer.url == f"/portal/drafts/{draft}/"
    page = text(client.get(answer.url))
    assert "больше не принимает ответов" in page and "Мой ответ" in page and "Продолжить<" not in page
    assert (f'href="/portal/new/?answer={draft}"' in page) == (how != "left")  # who writes nowhere is offered nothing
    assert ("отправьте его новой заявкой" in page) == (how != "left")
    if how == "left":
        return
    page = text(client.get(f"/portal/new/?answer={draft}"))
    assert value(page, "form_key") == "r" and value(page, "staged") == str(kept["id"]) and "Мой ответ" in page
    assert ticket.number in value(page, "subject")
    again = {**filled(world), **form, "draft_version": value(page, "draft_version")}
    client.post(SAVE, again)
    assert (Draft.objects.get().kind, Draft.objects.get().ticket_id) == ("new", None)
    assert client.post(NEW, again).status_code == 302
    assert Ticket.objects.count() == 2 and not Draft.objects.exists()


@pytest.mark.parametrize("how", ["reads", "no recipient"])
def test_who_can_send_no_request_is_offered_none(world, as_, how):
    client, ticket = as_(world.carol), world.ticket()
    client.post(SAVE, filled(world))
    client.post(f"{SAVE}?ticket={ticket.number}", {"body": "Мой ответ", "form_key": "r"})
    new, answer = (Draft.objects.get(kind=kind).pk for kind in ("new", "reply"))
    assert f"/portal/new/?draft={new}" in text(client.get(HOME)) and NEW in main_of(text(client.get(ticket_of(ticket))))
    if how == "reads":
        Membership.objects.filter(person=world.carol).update(writes=False)
    else:
        Queue.objects.update(inactive_at=clock.now())
    page = text(client.get(HOME))
    assert NEW not in main_of(page) and f"/portal/drafts/{new}/" in page
    assert (f"?draft={answer}" in page) == (how == "no recipient")
    page = text(client.get(f"/portal/drafts/{new}/"))
    assert "Белая страница" in page and NEW not in main_of(page) and "новую заявку сейчас нельзя" in page.lower()
    for address in (ticket_of(ticket), "/portal/mine/", "/portal/company/"):
        assert NEW not in main_of(text(client.get(address))), address
    refused = client.post(NEW, filled(world, form_key="k2"))
    assert refused.status_code == 403 and "Белая страница" in text(refused) and 'href="/portal/drafts/' in text(refused)
    Draft.objects.all().delete()
    assert NEW not in main_of(text(client.get(HOME)))


@pytest.mark.parametrize("open_to_all", [True, False])
def test_a_request_closed_for_good_leads_to_a_new_one_where_one_can_be_sent(world, as_, open_to_all):
    ticket, client = world.ticket(), as_(world.carol)
    Queue.objects.filter(pk=ticket.queue_id).update(follow_up="refuse")
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    if not open_to_all:
        Membership.objects.filter(person=world.carol).update(writes=False)
    page = main_of(text(client.get(ticket_of(ticket))))
    assert (NEW in page) == ("Создайте новую" in page) == open_to_all and "Заявка закрыта" in page


def test_the_whole_text_names_each_field_and_shows_its_value(world, as_):
    client = as_(world.carol)
    draft = client.post(SAVE, filled(world, field_lost="без поля")).json()["id"]
    label = IntakeField.objects.get(key="error_code").label_ru
    whole = text(client.get(f"/portal/drafts/{draft}/"))
    assert f"Ошибка 500\n\n{label}: E-17\nбез поля\n\nБелая страница" in whole


def test_an_answer_of_others_becomes_no_new_request(world, as_):
    ticket = world.ticket()
    form = {"body": "Мой ответ", "form_key": "r"}
    draft = as_(world.carol).post(f"{SAVE}?ticket={ticket.number}", form).json()["id"]
    for asked in (draft, "x", "9" * 30):
        assert "Мой ответ" not in text(as_(world.dave).get(f"/portal/new/?answer={asked}"))


def test_a_stale_answer_is_refused_kept_and_shown_with_the_other_one(world, as_):
    ticket, client = world.ticket(), as_(world.carol)
    ticket.refresh_from_db()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово, проверьте"))
    form = {"body": "Мой ответ", "form_key": "r", "seen": ticket.last_event_seq}
    answer = client.post(f"/portal/tickets/{ticket.number}/", form)
    assert answer.status_code == 409 and "Готово, проверьте" in text(answer) and "Мой ответ" in text(answer)
    assert Draft.objects.get().ticket == ticket


def test_a_draft_is_thrown_away_with_its_files(world, as_):
    client = as_(world.carol)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.txt", b"x")}).json()
    saved = client.post(SAVE, filled(world, staged=kept["id"])).json()
    answer = client.post(f"/portal/drafts/{saved['id']}/discard/", follow=True)
    assert answer.redirect_chain == [(NEW, 302)] and "Черновик удалён" in text(answer)
    assert "keep-drop:k1" in re.search('data-tags="([^"]*)"', text(answer))[1].split()
    assert "Есть черновик" not in text(answer) and "акт.txt" not in text(client.get(NEW))
    assert "Белая страница" not in text(client.get(f"{NEW}?draft={saved['id']}"))
    again = client.post(f"/portal/drafts/{saved['id']}/discard/", follow=True)  # on another device
    assert "Черновик удалён" in text(again) and "keep-drop" not in text(again)


@pytest.mark.parametrize("way", ["notice", "list", "page"])
def test_a_draft_that_was_thrown_away_comes_back_whole(world, as_, way):
    client = as_(world.carol)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.txt", b"x")}).json()
    draft = client.post(SAVE, filled(world, staged=kept["id"])).json()["id"]
    page = text(client.post(f"/portal/drafts/{draft}/discard/", follow=True))
    if way == "list":
        page = text(client.get(HOME))
        gone = page.split("Удалённые черновики", 1)[1]
        assert "Ошибка 500" in gone and "Удалён: сегодня" in gone and "Ошибка 500" not in page.split("Удалённые")[0]
    elif way == "page":
        page = text(client.get(f"{HOME}{draft}/"))
        assert "Белая страница" in page and "акт" in page and "Этот черновик удалён" in page
        assert "Продолжить" not in main_of(page) and "/discard/" not in main_of(page)
    place = re.search(r'<form method="post" action="(/portal/drafts/\d+/back/)"', page)[1]
    back = client.post(place, {"back": "list"} if way == "list" else {}, follow=True)
    assert back.redirect_chain == [(HOME if way == "list" else f"{NEW}?draft={draft}", 302)]
    assert "Черновик снова здесь" in text(back) and "Удалённые черновики" not in text(client.get(HOME))
    opened = text(client.get(f"{NEW}?draft={draft}"))
    assert 'value="Ошибка 500"' in opened and "Белая страница" in opened and 'value="E-17"' in opened
    assert f'value="{world.errors.pk}" selected' in opened and "акт.txt" in opened
    sent = filled(world, form_key=value(opened, "form_key"), staged=value(opened, "staged"))
    assert client.post(NEW, sent).status_code == 302
    assert Ticket.objects.get().articles.first().attachments.get().filename == "акт.txt"


def test_too_many_drafts_let_none_back_and_lose_none(world, as_, monkeypatch):
    monkeypatch.setattr("helpdesk.tickets.drafts.MOST", 1)
    client = as_(world.carol)
    draft = client.post(SAVE, filled(world)).json()["id"]
    client.post(f"/portal/drafts/{draft}/discard/")
    client.post(SAVE, filled(world, form_key="k2", subject="Другое"))
    page = text(client.post(f"/portal/drafts/{draft}/back/", follow=True))
    assert "удалите ненужные" in page and "Удалённые черновики" in page


def test_a_draft_of_choices_alone_is_named_by_them(world, as_):
    client = as_(world.carol)
    bare = {"subject": "", "body": ""}
    client.post(NEW, filled(world, **bare, field_error_code="", save_draft="1"))
    client.post(SAVE, filled(world, **bare, form_key="k2"))
    label = IntakeField.objects.get(key="error_code").label_ru
    for page in (text(client.get(HOME)), text(client.get(NEW))):
        assert (
            f"<bdi>{world.errors.name_ru}</bdi>" in page
            and f"<bdi>{world.errors.name_ru} · {label}: E-17</bdi>" in page
        )
        assert "сегодня" in page
    client.post(SAVE, filled(world, **bare, queue="", field_error_code="E-18", form_key="k3"))
    assert f"<bdi>{label}: E-18</bdi>" in text(client.get(HOME))


def test_many_drafts_of_choices_take_no_more_statements(world, as_, django_assert_max_num_queries):
    client = as_(world.carol)
    for n in range(20):
        client.post(SAVE, filled(world, subject="", body="", form_key=f"k{n}"))
        if n % 2:
            client.post(f"/portal/drafts/{Draft.objects.latest('pk').pk}/discard/")
    client.get(HOME)
    with django_assert_max_num_queries(8):
        assert text(client.get(HOME)).count("E-17") == 20


def test_a_draft_for_a_request_out_of_sight_is_shown_and_leads_nowhere(world, as_):
    ticket, client = world.ticket(subject="Тайное"), as_(world.carol)
    client.post(
        f"{SAVE}?ticket={ticket.number}",
        {"body": "<div>Мой <b>ответ</b></div>", "body_format": "html", "form_key": "r"},
    )
    Membership.objects.filter(person=world.carol).update(inactive_at=clock.now())
    # what is typed on is kept, and so is what is sent in vain
    client.post(f"{SAVE}?ticket={ticket.number}", {"body": "Мой ответ дальше", "form_key": "r", "draft_version": "1"})
    refused = client.post(
        f"/portal/tickets/{ticket.number}/", {"body": "Мой ответ ещё", "form_key": "r", "draft_version": "2"}
    )
    assert (
        refused.status_code == 404
        and "Мой ответ ещё" in text(refused)
        and "сохранён в ваших черновиках" in text(refused)
    )
    draft = Draft.objects.get()
    page, whole = text(client.get("/portal/drafts/")), text(client.get(f"/portal/drafts/{draft.pk}/"))
    assert "Мой ответ ещё" in page and "которую вы больше не видите" in page
    assert "Мой ответ ещё" in whole
    for shown in (page, whole):
        assert ticket.number not in shown and "Тайное" not in shown and "Продолжить" not in shown
    assert "Мой ответ" not in text(client.get(f"{NEW}?draft={draft.pk}"))


def test_a_text_for_an_invisible_request_is_kept_without_naming_it(world, as_):
    ticket, client = world.ticket(subject="Тайное"), as_(world.dave)
    for number in (ticket.number, "999999"):
        answer = client.post(f"{SAVE}?ticket={number}", {"body": number, "form_key": number})
        assert answer.status_code == 200 and "news" not in answer.json()
    assert list(Draft.objects.values_list("ticket", flat=True)) == [None, None]
    assert "Тайное" not in text(client.get("/portal/drafts/"))


@pytest.mark.parametrize("bad", [{"form_key": ""}, {"form_key": "\0"}, {"draft_version": "-1"}, {"draft_version": "x" * 99},
                                 {"draft_step": "1e9"}, {"draft_hand": "ы" * 999}, {"staged": ["x", "-1", "9" * 40]},
                                 {"staged": "123456789"}, {"body": "\0\x01"}, {"x" * 500: "y"}, {"queue": "нет", "seen": "z"}])  # fmt: skip
def test_bad_input_breaks_nothing(world, as_, bad):
    client = as_(world.carol)
    for place in (SAVE, f"{SAVE}?ticket=%00", f"{SAVE}?ticket={'9' * 200}"):
        assert client.post(place, filled(world, **bad)).status_code in {200, 422}
    for row in Draft.objects.all():
        assert client.get(f"{NEW}?draft={row.pk}").status_code == 200
        assert client.get(f"/portal/drafts/{row.pk}/").status_code == 200
    for place in ("x", "-1", "0", "9" * 30, "%00"):
        assert client.get(f"{NEW}?draft={place}").status_code == 200
    assert client.get(f"/portal/drafts/{2**70}/").status_code in {200, 404}


def test_too_much_is_refused_in_words(world, as_):
    answer = as_(world.carol).post(SAVE, filled(world, body="я" * 1_300_000))
    assert answer.status_code == 422 and "1 200 000" in answer.json()["message"].replace("\xa0", " ")


def test_a_session_that_ended_keeps_nothing_and_promises_nothing(world, client):
    answer = client.post(SAVE, filled(world))
    assert answer.status_code == 302 and answer.url.startswith("/login/")
    assert "typed" not in client.session and not Draft.objects.exists()


def test_what_a_lost_session_gave_back_stands_once(world, as_):
    """The form held the text, and above it an older copy of its beginning was offered as a draft."""
    ticket, before = world.ticket(), as_(world.carol)
    address = ticket_of(ticket)
    before.post(f"{SAVE}?ticket={ticket.number}", {"body": "Строка один.", "form_key": "old"})
    before.post(f"{SAVE}?ticket={ticket.number}", {"body": "Другое.", "form_key": "other"})
    page = text(before.get(address))
    assert "Черновики: 2" in page
    writer = value(page, "writer")
    before.logout()
    before.post(address, {"body": "Строка один. Строка два.", "form_key": "new", "writer": writer})
    page = text(as_(world.carol).get(address))
    assert "Строка один. Строка два." in page and "Другое." in page
    assert "Есть черновик: сегодня" in page and "Черновики:" not in page

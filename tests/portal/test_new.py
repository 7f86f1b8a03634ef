import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from helpdesk.core import clock, options
from helpdesk.portal.options import FOOTER
from helpdesk.tickets.models import Article, Attachment, Draft, IntakeField, StagedFile, Ticket
from helpdesk.web.stash import writer_mark

ADDRESS = "/portal/new/"


def filled(world, **more):
    return {"queue": world.errors.pk, "subject": "Ошибка 500", "body": "Белая страница", "priority": "3",
            "form_key": "k1", **more}  # fmt: skip


def test_new_sends_request_with_fields_and_files(world, as_):
    files = [SimpleUploadedFile("акт.pdf", b"%PDF"), SimpleUploadedFile("пусто.txt", b"")]
    answer = as_(world.carol).post(ADDRESS, filled(world, field_error_code="Error500", attachments=files, priority="4"))
    ticket = Ticket.objects.get()
    assert (answer.status_code, answer.url) == (302, f"/portal/tickets/{ticket.number}/")
    assert (ticket.queue, ticket.author, ticket.company, ticket.priority_id) == (
        world.errors, world.carol, world.zarya, 4)  # fmt: skip
    assert ticket.fields["error_code"]["value"] == "Error500"
    assert [a.sender for a in ticket.articles.order_by("seq")] == ["client", "system"]
    assert [(a.filename, a.size) for a in Attachment.objects.order_by("position")] == [("акт.pdf", 4), ("пусто.txt", 0)]


@pytest.mark.parametrize(
    ("language", "title", "text"),
    [
        (
            "ru",
            "Срочная заявка тоже может занять время",
            "Мы учитываем приоритет, но срок зависит от сути вопроса. Отчёты, квитанции и обмены просите заранее.",
        ),
        (
            "en",
            "Even an urgent request may take time",
            (
                "We work by priority, but how long it takes depends on the question. "
                "Ask for reports, receipts and exchanges well in advance."
            ),
        ),
    ],
)
def test_new_warns_that_urgent_requests_take_time_too(world, as_, language, title, text):
    world.carol.language = language
    world.carol.save()
    client = as_(world.carol)
    for priority, urgent in (("3", False), ("4", True), ("5", True)):
        answer = client.post(ADDRESS, filled(world, subject="", priority=priority))  # shown again with its mistake
        page = answer.content.decode().replace("\u00a0", " ")
        [strip] = re.findall(r'<div class="(strip[^"]*)" data-strip="4">(.*?)</fieldset>', page, re.DOTALL)
        assert ("strip--urgent" in strip[0].split()) is urgent  # what shows it at once, before any script
        [note] = re.findall(r'role="note">.*?<p class="banner__title">(.*?)</p><p class="small">(.*?)</p>', strip[1])
        assert note == (title, text)


def test_new_sent_twice_is_one_request(world, as_):
    client = as_(world.carol)
    first, second = client.post(ADDRESS, filled(world)), client.post(ADDRESS, filled(world))
    assert first.url == second.url
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"subject": "  "}, "subject", "Тема"),
        ({"subject": "я" * 201}, "subject", "200"),
        ({"body": ""}, "body", "Текст"),
        ({"body": "я" * 1_000_001}, "body", "файл"),
        ({"queue": ""}, "queue", "получател"),
        ({"queue": "999999"}, "queue", "получател"),
        ({"queue": "1e9"}, "queue", "получател"),
        ({"priority": "1"}, "priority", "приоритет"),
        ({"priority": "x"}, "priority", "приоритет"),
        ({"field_error_code": "я" * 301}, "field_error_code", "300"),
    ],
)
def test_new_marks_the_field_and_keeps_what_was_typed(world, as_, change, field, words):
    answer = as_(world.carol).post(ADDRESS, filled(world, **change))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert f'id="{field}-error"' in page
    assert words in page
    assert ("Белая страница" in page) or "body" in change
    assert not Ticket.objects.exists()


def test_new_does_not_take_a_queue_that_clients_do_not_choose(world, as_):
    answer = as_(world.carol).post(ADDRESS, filled(world, queue=world.inbox.pk))
    assert answer.status_code == 422
    assert "Белая страница" in answer.content.decode()
    assert not Ticket.objects.exists()


def test_files_survive_an_error_and_can_be_taken_out(world, as_):
    client = as_(world.carol)
    page = client.post(ADDRESS, filled(world, subject="", attachments=SimpleUploadedFile("акт.pdf", b"%PDF"))).content
    kept = StagedFile.objects.get()
    assert "акт.pdf" in page.decode() and f'value="{kept.pk}"' in page.decode()
    again = client.post(ADDRESS, filled(world, staged=kept.pk, unstage=kept.pk))
    assert again.status_code == 200 and "акт.pdf" not in again.content.decode()
    client.post(ADDRESS, filled(world, attachments=SimpleUploadedFile("другой.pdf", b"%PDF2")))
    assert [a.filename for a in Attachment.objects.all()] == ["другой.pdf"]


def test_what_a_script_took_off_the_list_goes_with_a_later_sending(world, as_):
    client = as_(world.carol)
    client.post(ADDRESS, filled(world, subject="", attachments=SimpleUploadedFile("акт.pdf", b"%PDF")))
    client.post(ADDRESS, filled(world, subject=""))
    assert StagedFile.objects.exists()  # it might be the very same form, sent twice
    StagedFile.objects.update(created_at=clock.now() - timedelta(minutes=2))
    Draft.objects.all().delete()  # what one lists stays: another device may have it open
    client.post(ADDRESS, filled(world, subject=""))
    assert not StagedFile.objects.exists()


def test_buttons_without_script_lose_nothing(world, as_):
    client = as_(world.carol)
    for button in ("show_fields", "add_file"):
        typed = filled(world, form_key=button, **{button: "1"}, attachments=SimpleUploadedFile("a.txt", b"x"))
        answer = client.post(ADDRESS, typed)
        assert answer.status_code == 302  # «back» and a reload send nothing again
        page = client.get(answer.url).content.decode()
        assert "Код ошибки" in page and "Белая страница" in page and "a.txt" in page
    assert not Ticket.objects.exists()


def test_a_form_that_holds_choices_alone_is_shown_by_its_address(world, as_):
    client = as_(world.carol)
    empty = {"queue": world.errors.pk, "subject": "", "body": "", "priority": "4", "show_fields": "1", "form_key": "k"}
    answer = client.post(ADDRESS, empty)
    assert (answer.status_code, answer.url) == (302, f"{ADDRESS}?queue={world.errors.pk}&priority=4")
    page = client.get(answer.url).content.decode()
    assert "Код ошибки" in page and re.search(r'name="priority" value="4"[^>]* checked', page)
    assert client.post(ADDRESS, {"priority": "3", "add_file": "1", "form_key": "k"}).url == ADDRESS
    assert not Draft.objects.exists()


def test_a_script_is_shown_the_changed_form_at_once(world, as_):
    answer = as_(world.carol).post(ADDRESS, filled(world, save_draft="1"), HTTP_HX_REQUEST="true")
    assert answer.status_code == 200


def test_fields_of_a_recipient_come_back_with_it_without_script(world, as_):
    access = world._queue("access", "Доступ", "Access")
    client = as_(world.carol)
    to = {"queue": access.pk, "show_fields": "1", "field_error_code": "KEEP"}
    other = client.post(ADDRESS, filled(world, **to), follow=True).content.decode()
    assert re.search(r'<input type="hidden" name="field_error_code" value="KEEP" data-beside>', other)
    there = {"show_fields": "1", "field_error_code": "KEEP", "draft_version": "1"}
    back = client.post(ADDRESS, filled(world, **there), follow=True).content.decode()
    assert (
        'id="field_error_code" name="field_error_code" value="KEEP"' in back
        and 'type="hidden" name="field_' not in back
    )


def test_too_big_file_is_named_and_the_others_kept(world, as_, settings):
    settings.MAX_FILE_MB = 0
    answer = as_(world.carol).post(ADDRESS, filled(world, attachments=SimpleUploadedFile("большой.zip", b"12")))
    assert answer.status_code == 422
    assert "большой.zip" in answer.content.decode()


def test_two_hundred_files_are_refused_in_words(world, as_):
    files = [SimpleUploadedFile(f"{i}.txt", b"x") for i in range(200)]
    answer = as_(world.carol).post(ADDRESS, filled(world, attachments=files))
    assert answer.status_code == 422
    assert "100" in answer.content.decode()


@pytest.mark.parametrize("name", ["../../etc/passwd", "CON", "я" * 300 + ".pdf", "a\x00b.txt", "\u202efdp.exe"])
def test_file_names_become_safe_labels(world, as_, name):
    file = SimpleUploadedFile("x", b"x")
    file._name = name
    as_(world.carol).post(ADDRESS, filled(world, attachments=file))
    stored = Attachment.objects.get().filename
    assert stored and len(stored) <= 200 and "/" not in stored and "\x00" not in stored and "\u202e" not in stored


def test_names_of_files_are_read_as_browsers_write_them(world, as_):
    client, name = as_(world.carol), "a<b>&%22q%22.html"
    for place, data in ((f"/portal/uploads/{'k' * 20}/", {}), (ADDRESS, filled(world, subject=""))):
        file = SimpleUploadedFile("x", b"x")
        file._name = name
        field = "attachments" if data else "file"
        client.post(place, {**data, field: file}, headers={"Accept": "application/json"})
    assert list(StagedFile.objects.values_list("filename", flat=True)) == ["a_b_&_q_.html"] * 2


@pytest.mark.parametrize(
    "text", ["a\x00b", "\ud800x", "\u200b\u202e<script>alert(1)</script>", "'; DROP TABLE x;--", "{{7*7}}"]
)
def test_strange_text_is_stored_or_refused_never_a_failure(world, as_, text):
    body = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = as_(world.carol).post(ADDRESS, filled(world, subject=f"т {body}", body=body, field_error_code=body))
    assert answer.status_code == 302
    page = as_(world.carol).get(answer.url).content.decode()
    assert "<script>alert" not in page and "\x00" not in page


def test_pasted_markup_is_cleaned(world, as_):
    markup = '<table><tr><td>1</td></tr></table><img src=x onerror=alert(1)><p style="position:fixed">т</p>'
    as_(world.carol).post(ADDRESS, filled(world, body=markup, body_format="html"))
    html = Article.objects.get(seq=1).html
    assert "<td>1</td>" in html and "onerror" not in html and "style" not in html


def test_expired_session_gives_the_text_back_after_sign_in(world, as_, client):
    writer = re.search(r'name="writer" value="([^"]+)"', as_(world.carol).get(ADDRESS).content.decode()).group(1)
    client.logout()
    answer = client.post(ADDRESS, filled(world, writer=writer, attachments=SimpleUploadedFile("a.txt", b"x")))
    assert answer.url == "/login/?next=%2Fportal%2Fnew%2F"
    back = as_(world.carol).get(ADDRESS).content.decode()
    assert "Белая страница" in back and "выберите файлы ещё раз" in back.replace("\xa0", " ")
    assert "Белая страница" not in client.get(ADDRESS).content.decode()


def test_text_of_an_expired_session_is_not_given_to_another(world, as_, client):
    from helpdesk.web.stash import writer_mark

    client.post(ADDRESS, filled(world, writer=writer_mark(world.carol.pk)))
    assert "Белая страница" not in as_(world.dave).get(ADDRESS).content.decode()


def test_text_of_an_expired_session_waits_for_its_writer_behind_another_who_signs_in_first(world, as_, client):
    client.post(ADDRESS, filled(world, writer=writer_mark(world.carol.pk)))
    as_(world.dave).get(ADDRESS)
    client.post("/logout/")
    assert "Белая страница" in as_(world.carol).get(ADDRESS).content.decode()


def test_upload_ahead_belongs_to_the_form_and_the_person(world, as_):
    answer = as_(world.carol).post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.pdf", b"%PDF")}).json()
    assert (answer["name"], answer["size"]) == ("акт.pdf", 4)
    assert as_(world.dave).post(ADDRESS, filled(world, staged=answer["id"])).status_code == 422
    assert not Attachment.objects.exists()
    as_(world.carol).post(ADDRESS, filled(world, staged=answer["id"]))
    assert [a.filename for a in Attachment.objects.all()] == ["акт.pdf"]


def test_fields_of_the_queue_come_as_a_part(world, as_):
    page = as_(world.carol).get("/portal/new/fields/", {"queue": world.errors.pk})
    assert "Зачем: Ошибка" in page.content.decode() and 'name="field_error_code"' in page.content.decode()
    assert as_(world.carol).get("/portal/new/fields/", {"queue": "x"}).status_code == 200


def test_a_file_that_arrives_ahead_of_time_and_with_the_form_is_attached_once(world, as_):
    client = as_(world.carol)
    client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.pdf", b"%PDF")})
    client.post(ADDRESS, filled(world, attachments=SimpleUploadedFile("акт.pdf", b"%PDF")))
    assert [a.filename for a in Attachment.objects.all()] == ["акт.pdf"]


def test_a_key_that_came_with_another_text_loses_neither(world, as_):
    client = as_(world.carol)
    client.post(ADDRESS, filled(world))
    answer = client.post(ADDRESS, filled(world, subject="Другой вопрос", body="Совсем другое"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Совсем другое" in page and "Другой вопрос" in page
    fresh = re.search(r'name="form_key" value="([^"]+)"', page).group(1)
    assert (
        client.post(ADDRESS, filled(world, subject="Другой вопрос", body="Совсем другое", form_key=fresh)).status_code
        == 302
    )
    assert Ticket.objects.count() == 2


def test_a_listed_file_that_is_gone_stops_the_sending(world, as_):
    answer = as_(world.carol).post(ADDRESS, filled(world, staged="999999"))
    assert answer.status_code == 422
    assert "выберите их ещё раз" in answer.content.decode().replace("\xa0", " ")
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("text", ["\u200b", "\xa0\u200b\ufeff", " \n "])
def test_a_text_of_nothing_visible_is_empty(world, as_, text):
    assert as_(world.carol).post(ADDRESS, filled(world, body=text)).status_code == 422


def test_too_much_text_for_any_form_is_refused_in_words(world, as_, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = as_(world.carol).post(ADDRESS, filled(world, body="я" * 5000))
    assert answer.status_code == 413


def test_a_body_over_the_limit_is_refused_in_the_readers_language(world, as_, settings):
    settings.MAX_POST_MB = 0
    client = as_(world.carol)
    for language in ("en", "ru", "en", "ru"):
        type(world.carol).objects.filter(pk=world.carol.pk).update(language=language)
        answer = client.post(ADDRESS, filled(world))
        assert answer.status_code == 413
        assert f'<html lang="{language}"' in answer.content.decode()


@pytest.fixture
def little_room(settings):
    """Makes three files that are too much together, each alone is not."""
    settings.MAX_POST_MB = 0.5
    return lambda: [SimpleUploadedFile(f"скан {n}.pdf", b"x" * 200_000) for n in range(3)]


def test_files_that_are_too_much_together_leave_the_form_and_its_text(world, as_, little_room):
    answer = as_(world.carol).post(ADDRESS, filled(world, attachments=little_room()))
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422
    assert "Белая страница" in page and 'value="Ошибка 500"' in page
    assert 'href="#attachments"' in page and "Файлы вместе больше" in page
    assert not Ticket.objects.exists() and not StagedFile.objects.exists()


def test_so_do_those_of_a_session_that_had_ended(world, as_, client, little_room):
    answer = client.post(ADDRESS, filled(world, writer=writer_mark(world.carol.pk), attachments=little_room()))
    assert answer.status_code == 302
    back = as_(world.carol).get(ADDRESS).content.decode().replace("\xa0", " ")
    assert "Белая страница" in back and "выберите файлы ещё раз" in back


def test_what_is_no_form_or_far_too_long_is_refused_unread(world, as_, little_room):
    client = as_(world.carol)
    assert client.post("/portal/uploads/k1/", {"file": little_room()[0], "more": little_room()}).status_code == 413
    assert Client().post("/login/", {"login": "a", "files": little_room()}).status_code == 413
    assert client.post(ADDRESS, filled(world, attachments=SimpleUploadedFile("a", b"x" * 5_300_000))).status_code == 413


def test_who_only_reads_is_told_before_writing(world, as_):
    world.carol.memberships.update(writes=False)
    client = as_(world.carol)
    page = client.get(ADDRESS)
    assert page.status_code == 403
    assert "Вы здесь только читаете. Попросите доступ" in text_of(page)
    staged = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("a.txt", b"x")})
    assert staged.status_code == 403
    assert not StagedFile.objects.exists()


def test_the_foot_of_a_page_is_a_setting(world, as_):
    assert "08:00–18:00" in text_of(as_(world.carol).get(ADDRESS))
    FOOTER.set({"ru": "Звоните: 8 800", "en": "Call"})
    assert "Звоните: 8 800" in text_of(as_(world.carol).get(ADDRESS))


@pytest.fixture(autouse=True)
def _settings_are_of_one_test():
    options.forget()
    yield
    options.forget()


def text_of(page):
    return page.content.decode().replace("\u00a0", " ")


def test_the_very_same_from_another_copy_of_the_form_is_asked_about(world, as_):
    client = as_(world.carol)
    client.post(ADDRESS, filled(world, form_key="first"))
    number = Ticket.objects.get().number
    page = client.post(ADDRESS, filled(world, form_key="second"))
    assert page.status_code == 409
    assert str(number) in re.sub(r"\s", "", text_of(page))
    assert Ticket.objects.count() == 1
    key = re.search(r'name="form_key" value="([^"]+)"', page.content.decode()).group(1)
    assert 'name="again" value="1"' in page.content.decode()
    assert client.post(ADDRESS, filled(world, form_key=key, again="1")).status_code == 302
    assert Ticket.objects.count() == 2
    assert client.post(ADDRESS, filled(world, form_key="third", subject="Другая")).status_code == 302


@pytest.mark.parametrize("change", [{"priority": "5"}, {"subject": "Другая"}, {"field_error_code": "E5"}])
def test_a_choice_is_never_dropped_with_the_key_of_an_earlier_form(world, as_, change):
    client = as_(world.carol)
    client.post(ADDRESS, filled(world))
    assert client.post(ADDRESS, filled(world, **change)).status_code == 409


def test_a_token_changed_by_signing_in_elsewhere_loses_nothing(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    writer = re.search(r'name="writer" value="([^"]+)"', browser.get(ADDRESS).content.decode()).group(1)
    answer = browser.post(ADDRESS, filled(world, subject="Уцелела", writer=writer, csrfmiddlewaretoken="x" * 64))
    assert (answer.status_code, answer.url) == (302, ADDRESS)
    page = browser.get(ADDRESS)
    assert 'value="Уцелела"' in page.content.decode()
    assert "Белая страница" in page.content.decode()
    foreign = browser.post(ADDRESS, filled(world, writer="1:forged", csrfmiddlewaretoken="x" * 64))
    assert foreign.status_code == 403
    assert not Ticket.objects.exists()


def test_all_that_is_wrong_is_said_at_once(world, as_, settings):
    settings.MAX_FILE_MB = 0
    page = as_(world.carol).post(
        ADDRESS, filled(world, subject="", attachments=[SimpleUploadedFile("большой.bin", b"x")])
    )
    assert page.status_code == 422
    assert "поправьте 2 поля" in text_of(page) or "2 поля" in text_of(page)


def test_an_answer_that_was_lost_comes_again_with_its_files(world, as_):
    client = as_(world.carol)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.pdf", b"%PDF")}).json()
    found = client.post("/portal/uploads/k1/", {"list": "1"}).json()
    assert found == {"files": [kept | {"field": ""}], "sent": False, "draft": None}
    first, again = (client.post(ADDRESS, filled(world, staged=kept["id"])) for _ in range(2))
    assert (first.status_code, again.status_code, again.url) == (302, 302, first.url)
    assert [a.filename for a in Attachment.objects.all()] == ["акт.pdf"]


def test_kept_files_are_told_to_nobody_else(world, as_):
    as_(world.carol).post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.pdf", b"%PDF")})
    assert as_(world.dora).post("/portal/uploads/k1/", {"list": "1"}).json() == {
        "files": [],
        "sent": False,
        "draft": None,
    }
    assert as_(world.carol).post("/portal/uploads/k2/", {"list": "1"}).json() == {
        "files": [],
        "sent": False,
        "draft": None,
    }


def test_whether_a_form_was_accepted_is_told_to_its_writer_alone(world, as_):
    as_(world.carol).post(ADDRESS, filled(world))
    assert as_(world.carol).post("/portal/uploads/k1/", {"list": "1"}).json()["sent"] == ["", 0]
    assert as_(world.dora).post("/portal/uploads/k1/", {"list": "1"}).json()["sent"] is False
    as_(world.carol).post(ADDRESS, filled(world, form_key="k2", subject=""))  # refused
    assert as_(world.carol).post("/portal/uploads/k2/", {"list": "1"}).json()["sent"] is False


def test_a_script_is_told_by_a_header_where_to_go(world, as_):
    answer = as_(world.carol).post(ADDRESS, filled(world), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (
        204,
        f"/portal/tickets/{Ticket.objects.get().number}/",
    )


@pytest.mark.parametrize(("names", "words"), [(["a.txt"], "Не приложен файл a.txt: выберите другой"),
                                              (["a.txt", "b.txt"], "Не приложены файлы a.txt, b.txt: выберите")])  # fmt: skip
def test_files_that_did_not_come_are_named_one_or_more(world, as_, names, words):
    answer = as_(world.carol).post(ADDRESS, filled(world, refused=names))
    assert answer.status_code == 422 and words in text_of(answer)


def test_all_that_is_wrong_is_said_at_once_a_refused_file_and_a_long_subject_too(world, as_):
    page = text_of(as_(world.carol).post(ADDRESS, filled(world, subject="Т" * 400, refused=["big.bin"])))
    assert re.search(r"поправьте\s2\sполя", page)
    assert "Не приложен файл big.bin" in page and re.search(r"Тема длиннее\s200\sзнаков", page)
    IntakeField.objects.filter(queue=world.errors, key="error_code").update(required=True)
    page = text_of(as_(world.carol).post(ADDRESS, filled(world, subject="Т" * 400, field_error_code="")))
    assert re.search(r"поправьте\s2\sполя", page)


def test_how_long_a_subject_may_be_is_said_before(world, as_):
    assert re.search(r"до\s200\sзнаков", text_of(as_(world.carol).get(ADDRESS)))


def test_an_empty_file_is_called_so_in_the_form_and_after_sending(world, as_):
    client = as_(world.carol)
    empty = SimpleUploadedFile("пусто.txt", b"")
    assert "пустой файл, 0 Б" in text_of(client.post(ADDRESS, filled(world, subject="", attachments=empty)))
    sent = client.post(ADDRESS, filled(world, form_key="k2", attachments=SimpleUploadedFile("пусто.txt", b"")))
    assert "пустой файл, 0 Б" in text_of(client.get(sent.url))


def test_files_come_back_after_another_sign_in(world, as_):
    client = as_(world.carol)
    page = text_of(client.get(ADDRESS))
    writer = re.search(r'name="writer" value="([^"]+)"', page).group(1)
    kept = client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile("акт.pdf", b"%PDF")}).json()
    client.logout()
    client.post(ADDRESS, filled(world, writer=writer, staged=[kept["id"], "999999"], subject="До входа"))
    session = dict(client.session)
    client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    store = client.session
    store.update({key: value for key, value in session.items() if key == "typed"})
    store.save()
    page = text_of(client.get(ADDRESS))
    assert "До входа" in page and f'name="staged" value="{kept["id"]}"' in page
    assert "Заявка не отправлена" in page and "выберите файлы ещё раз" in page  # one is gone


def test_fields_that_may_stay_empty_say_so(world, as_):
    for key, kind, required in (("steps", "long", False), ("topic", "choice", False), ("period", "text", True)):
        IntakeField.objects.create(
            queue=world.errors, key=key, kind=kind, label_ru=key, label_en=key, required=required
        )
    page = as_(world.carol).get(ADDRESS, {"queue": world.errors.pk}).content.decode()
    labels = dict(re.findall(r'<label class="label" for="([^"]+)"[^>]*>(.*?)</label>', page))
    marked = {name for name, label in labels.items() if "необязательно" in label}
    assert marked == {"field_error_code", "field_steps", "field_topic"}
    assert re.search(r'id="attachments-hint">Необязательно', page)


def places(page, *names):
    """The named controls in the order of the page."""
    return sorted(names, key=lambda name: page.index(f' name="{name}"'))


@pytest.fixture
def asked(world):
    """One field that must be filled in beside one that need not be."""
    IntakeField.objects.create(queue=world.errors, key="agent", kind="text", label_ru="Агент", label_en="Agent",
                               required=True, position=9)  # fmt: skip


def test_the_recipients_own_fields_stand_between_subject_and_text(world, as_, asked):
    order = ["subject", "field_error_code", "field_agent", "body", "attachments"]
    client = as_(world.carol)
    page = client.get(ADDRESS, {"queue": world.errors.pk}).content.decode()
    assert places(page, *sorted(order)) == order
    part = client.get("/portal/new/fields/", {"queue": world.errors.pk}).content.decode()
    assert part.count('hx-swap-oob="true"') == 2  # purpose and fields


def test_no_text_travels_in_an_address_and_the_button_without_script_loses_none(world, as_):
    long = "Я" * 100_000
    for person, place in ((world.alice, "/desk/new/"), (world.carol, ADDRESS)):
        page = (client := as_(person)).get(place, {"queue": world.errors.pk, "client": world.carol.pk})
        assert re.findall(r'hx-include="([^"]*)"', page.content.decode()) == ["#key"]
    typed = filled(world, body=long, field_steps=long, field_error_code="E-17", show_fields="1")
    page = client.post(ADDRESS, typed, follow=True)
    assert page.content.decode().count(long) == 2 and len(page.redirect_chain[0][0]) < 40
    assert Draft.objects.get().values["field_steps"] == long


def test_mistakes_are_told_in_the_order_of_the_page(world, as_, asked):
    wrong = filled(world, subject="", body="", field_error_code="x" * 400, priority="1")
    page = as_(world.carol).post(ADDRESS, wrong).content
    told = re.findall(r'<li><a href="#(\w+)"', page.decode())
    assert told == ["subject", "field_error_code", "field_agent", "body", "priority"]


def test_each_refused_file_is_named_with_its_reason(world, as_):
    """The list of the form held them, and holds them no longer."""
    typed = filled(world, refused=["a.bin", "b.bin", "c.bin"], refused_why=["file_too_big", "", "file_too_big"])
    page = as_(world.carol).post(ADDRESS, typed).content.decode().replace("\xa0", " ")
    assert page.count("a.bin, c.bin: больше 25 МБ. Пришлите снимки или ссылку. Не приложен файл b.bin") == 2


def test_files_are_attached_in_the_order_of_the_form(world, as_):
    client = as_(world.carol)
    ids = [
        client.post("/portal/uploads/k1/", {"file": SimpleUploadedFile(name, b"x")}).json()["id"]
        for name in ("a.txt", "b.txt", "c.txt")
    ]
    page = client.post(
        ADDRESS, filled(world, form_key="k1", subject="", staged=[ids[2], ids[0], ids[1]])
    ).content.decode()
    assert page.index("c.txt") < page.index("a.txt") < page.index("b.txt")
    client.post(ADDRESS, filled(world, form_key="k1", staged=[ids[2], ids[0], ids[1]]))
    names = Attachment.objects.order_by("position").values_list("filename", flat=True)
    assert list(names) == ["c.txt", "a.txt", "b.txt"]

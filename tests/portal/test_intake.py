"""The queue's own fields in the clients' form: what depends on what, files, another recipient instead; by plain posts."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from helpdesk.core import clock
from helpdesk.tickets.models import Attachment, FieldValue, IntakeField, Queue, StagedFile, Ticket

pytestmark = pytest.mark.django_db
ADDRESS = "/portal/new/"
TOPICS = [["charges", "Начисление", "Charges"], ["exchange", "Сверка", "Reconciliation"]]


@pytest.fixture(autouse=True)
def _files(own_files):
    pass


def ask(queue, key, kind="text", **columns):
    return IntakeField.objects.create(
        queue=queue, key=key, kind=kind, label_ru=f"Поле {key}", label_en=f"Field {key}", position=9, **columns
    )


@pytest.fixture
def asked(world):
    """«Ошибка» asks by topic; «Консультация» is offered instead, and asks for an account alone."""
    world.advice = world._queue("advice", "Консультация", "Advice")
    ask(world.advice, "account")
    ask(world.errors, "account")
    ask(world.errors, "topic", "choice", choices=TOPICS)
    ask(world.errors, "period", "period", required_when={"field": "topic", "in": ["charges"]})
    ask(world.errors, "register", "file", required=True, shown_when={"field": "topic", "in": ["exchange"]})
    ask(world.errors, "agree", "check")
    IntakeField.objects.filter(key="error_code").update(instead="advice", instead_ru="Лучше туда", instead_en="Better")
    return world


def sent(world, **more):
    return {"form_key": "k", "queue": world.errors.pk, "subject": "Тема", "body": "Текст", "priority": "3", **more}


def stored():
    return {key: one["value"] for key, one in Ticket.objects.get().fields.items()}


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"field_topic": "charges"}, "period", "Заполните это поле"),
        ({"field_topic": "charges", "field_period": "когда-то"}, "period", "Укажите месяц или первый и последний"),
        (
            {"field_topic": "charges", "field_period": "2026-05", "field_period.to": "2026-01"},
            "period",
            "раньше первого",
        ),
        ({"field_topic": "charges", "field_period.to": "2026-01"}, "period", "Укажите и первый месяц"),
        ({"field_topic": "exchange"}, "register", "Приложите файл: без него"),
        ({"field_topic": "gone"}, "topic", "Выберите значение из списка"),
        ({"field_agree": "может быть"}, "agree", "Выберите значение из списка"),
    ],
)
def test_what_is_missed_is_told_at_its_field_and_nothing_is_lost(asked, as_, typed, field, sentence):
    page = as_(asked.carol).post(ADDRESS, sent(asked, field_account="4500", **typed))
    text = page.content.decode().replace("\xa0", " ")
    assert page.status_code == 422 and not Ticket.objects.exists()
    assert sentence in text and f'id="field_{field}-error"' in text and f'href="#field_{field}"' in text
    assert 'value="4500"' in text


def test_values_are_stored_shown_and_mirrored(asked, as_):
    typed = {
        "field_topic": "charges",
        "field_period": "2026-05",
        "field_period.to": "2026-07",
        "field_agree": ["0", "1"],
    }
    client = as_(asked.carol)
    client.post(ADDRESS, sent(asked, **typed))
    assert stored() == {"topic": "charges", "period": "2026-05/2026-07", "agree": True}
    page = client.get(f"/portal/tickets/{Ticket.objects.get().number}/").content.decode().replace("\xa0", " ")
    assert "май – июль 2026" in page and "Начисление" in page and re.search(r">\s*да\s*<", page)
    assert set(FieldValue.objects.values_list("key", "text")) == {
        ("topic", "charges"), ("period", "2026-05/2026-07"), ("agree", "1"),
    }  # fmt: skip


def test_the_values_stay_on_the_page_after_the_request_was_moved(asked, as_):
    client = as_(asked.carol)
    client.post(ADDRESS, sent(asked, field_topic="charges", field_period="2026-05"))
    Ticket.objects.update(queue=asked.inbox)
    page = client.get(f"/portal/tickets/{Ticket.objects.get().number}/").content.decode().replace("\xa0", " ")
    assert "май 2026" in page and "Поле period" in page


@pytest.mark.parametrize("name", ["field_register", "attachments"])
def test_a_file_may_come_in_its_own_place_or_in_the_general_one(asked, as_, name):
    file = SimpleUploadedFile("реестр.csv", b"1;2")
    as_(asked.carol).post(ADDRESS, sent(asked, field_topic="exchange", **{name: file}))
    assert stored() == {"topic": "exchange", "register": ["реестр.csv"]}
    assert Attachment.objects.get().filename == "реестр.csv"


def test_a_needed_file_that_was_taken_out_is_asked_for_again(asked, as_):
    client = as_(asked.carol)
    body = {"file": SimpleUploadedFile("реестр.csv", b"1;2"), "field": "register"}
    token = client.post("/portal/uploads/k/", body).json()["id"]
    typed = sent(asked, field_topic="exchange", staged=token)
    page = client.post(ADDRESS, typed | {"unstage": token}).content.decode()
    assert "реестр.csv" not in page and not StagedFile.objects.exists()
    assert "Приложите файл" in client.post(ADDRESS, sent(asked, field_topic="exchange")).content.decode()


def with_body(document, change):
    """A DOCX with its text changed, packed anew."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(old.read(name)))
    return out.getvalue()


@pytest.mark.parametrize("blank_file", ["training.pdf", "training.docx", "access.pdf", "access.docx"])
def test_a_blank_as_it_was_downloaded_is_no_filled_one(asked, as_, blank_file):
    ask(asked.advice, "form", "file", required=True, blank="training")
    client = as_(asked.carol)
    raw = b"".join(client.get(f"/portal/blanks/{blank_file}"))
    typed = sent(asked, queue=asked.advice.pk)
    page = client.post(ADDRESS, typed | {"field_form": SimpleUploadedFile("Мой бланк.pdf", raw)})
    assert page.status_code == 422 and not Ticket.objects.exists()
    assert re.search(r'id="field_form-error".*?Бланк не\sзаполнен', page.content.decode(), re.DOTALL)
    saved_again = raw + b" "
    if raw[:2] == b"PK":
        saved_again = with_body(raw, lambda body: body.replace(b"<w:body>", b"<w:body><w:p/>"))
    page = client.post(ADDRESS, typed | {"field_form": SimpleUploadedFile("Мой бланк.docx", saved_again)})
    assert page.status_code == 422
    hint, value = "Впишите здесь".encode(), rb"/V \(\)"
    body = (
        with_body(raw, lambda body: body.replace(hint, b"X", 1))
        if raw[:2] == b"PK"
        else re.sub(value, b"/V (X)", raw, count=1)
    )
    filled = SimpleUploadedFile("Мой бланк.pdf", body)
    assert client.post(ADDRESS, typed | {"field_form": filled}).status_code == 302


@pytest.mark.parametrize("place", ["field_form", "attachments"])
@pytest.mark.parametrize(
    ("name", "content", "taken"),
    [("бланк.txt", b"abc", False), ("бланк.csv", b"1;2;3", False), ("бланк.docx", b"abc", False),
     ("снимок.jpg", b"\xff\xd8\xff\xe0 JFIF", True), ("скан.pdf", b"%PDF-1.4 scan", True), ("бланк.doc", b"\xd0\xcf\x11\xe0", True),
     ("снимок.heic", b"\x00\x00\x00\x18ftypheic", True)],
)  # fmt: skip
def test_what_can_be_no_filled_blank_is_refused_wherever_it_was_chosen(asked, as_, place, name, content, taken):
    ask(asked.advice, "form", "file", required=True, blank="training")
    typed = sent(asked, queue=asked.advice.pk)
    answer = as_(asked.carol).post(ADDRESS, typed | {place: SimpleUploadedFile(name, content)})
    assert (answer.status_code, Ticket.objects.exists()) == ((302, True) if taken else (422, False))
    if taken:
        assert stored() == {"form": [name]}
        return
    told = "приложите его файлом DOCX или PDF, сканом или снимком"
    page = answer.content.decode().replace("\xa0", " ")
    assert re.search(rf'id="field_form-error".*?{told}', page, re.DOTALL)
    assert name in page  # it stays in the list


def test_a_needed_file_with_nothing_in_it_is_asked_for_again(asked, as_):
    file = SimpleUploadedFile("бланк.docx", b"")
    page = as_(asked.carol).post(ADDRESS, sent(asked, field_topic="exchange", attachments=file))
    assert page.status_code == 422 and not Ticket.objects.exists()
    assert "В файле ничего нет (0 Б)" in page.content.decode().replace("\xa0", " ")


def test_a_file_of_a_field_that_is_not_asked_for_waits_in_the_general_list(asked, as_):
    client = as_(asked.carol)
    body = {"file": SimpleUploadedFile("реестр.csv", b"1;2"), "field": "register"}
    token = client.post("/portal/uploads/k/", body).json()["id"]
    typed = sent(asked, queue=asked.advice.pk, staged=token, subject="")
    page = client.post(ADDRESS, typed).content.decode()
    assert page.index('data-files=""') < page.index("реестр.csv")
    back = client.post(ADDRESS, sent(asked, staged=token, subject="", field_topic="exchange")).content.decode()
    assert back.index('data-files="register"') < back.index("реестр.csv") < back.index('data-files=""')
    client.post(ADDRESS, sent(asked, queue=asked.advice.pk, staged=token))
    assert stored() == {} and Attachment.objects.get().filename == "реестр.csv"


@pytest.mark.parametrize("body_format", ["text", "html"])
def test_the_other_recipient_gets_everything_typed(asked, as_, body_format):
    client = as_(asked.carol)
    typed = {
        "field_error_code": "<b>E&1",
        "field_account": "4500",
        "field_topic": "charges",
        "instead": asked.advice.pk,
    }
    page = client.post(ADDRESS, sent(asked, body_format=body_format, **typed), follow=True)
    text = page.content.decode()
    assert page.status_code == 200 and not Ticket.objects.exists()
    assert f'<option value="{asked.advice.pk}" selected>' in text and 'value="4500"' in text
    assert lines_along(page) == ["Код ошибки: &lt;b&gt;E&amp;1", "Поле topic: Начисление"] and "<b>E&1" not in text


@pytest.mark.parametrize("body_format", ["text", "html"])
def test_what_was_typed_for_another_recipient_or_is_hidden_now_is_sent_in_the_text(asked, as_, body_format):
    client = as_(asked.carol)
    typed = {"field_error_code": "Error500", "field_account": "4500", "field_agree": "1", "field_unknown": "x"}
    assert client.post(ADDRESS, sent(asked, queue=asked.advice.pk, body_format=body_format, **typed)).status_code == 302
    article = Ticket.objects.get().articles.order_by("seq").first()
    assert stored() == {"account": "4500"}
    assert [line for line in article.text.splitlines() if line.strip()] == [
        "Текст",
        "Код ошибки: Error500",
        "Поле agree: да",
    ]


def test_what_the_topic_hides_is_sent_in_the_text(asked, as_):
    ask(asked.errors, "holder", shown_when={"field": "topic", "in": ["exchange"]})
    answer = as_(asked.carol).post(ADDRESS, sent(asked, field_holder="Иванова", field_account="1"))
    assert answer.status_code == 302
    assert "Поле holder: Иванова" in Ticket.objects.get().articles.order_by("seq").first().text
    assert "account" in stored() and "holder" not in stored()


@pytest.mark.parametrize("body_format", ["text", "html"])
def test_a_table_pasted_into_a_field_stays_one_in_the_text(asked, as_, body_format):
    ask(asked.advice, "sums", "long")
    table = "Сводка:\nМай\t1 <б>\nИюнь\t2"
    body = "<div>Текст</div>" if body_format == "html" else "Текст"
    again = sent(asked, body=body, body_format=body_format, field_sums=table, field_error_code="E")
    assert as_(asked.carol).post(ADDRESS, again).status_code == 302
    article = Ticket.objects.get().articles.first()
    if body_format == "html":
        assert "<td>Май</td><td>1 &lt;б&gt;</td></tr><tr><td>Июнь</td><td>2</td>" in article.html
        assert "Поле sums:" in article.html and "Сводка:" in article.html
    else:
        assert article.text.endswith("Поле sums:\nСводка:\nМай\t1 <б>\nИюнь\t2")


@pytest.mark.parametrize("body_format", ["text", "html"])
def test_a_table_that_went_along_stands_in_the_text_once(asked, as_, body_format):
    ask(asked.errors, "sums", "long")
    body = "<div>Текст</div>" if body_format == "html" else "Текст"
    typed = sent(asked, body=body, body_format=body_format, field_sums="Май\t1 сум\nИюнь\t22")
    client = as_(asked.carol)
    page = client.post(ADDRESS, {**typed, "instead": asked.advice.pk}, follow=True).content.decode()
    written = unescape(re.search(r'<textarea[^>]*name="body"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL).group(1))
    client.post(ADDRESS, {**typed, "queue": asked.advice.pk, "body": written})
    assert Ticket.objects.get().articles.first().text.count("Июнь") == 1


def test_what_depends_on_a_choice_says_when_it_must_be_filled_in(asked, as_):
    when = {"field": "topic", "in": ["charges", "exchange"]}
    ask(asked.errors, "holder", shown_when=when, required_when={"field": "topic", "in": ["charges"]})
    ask(asked.errors, "more", shown_when={"field": "agree", "in": ["1"]})
    page = as_(asked.carol).get(ADDRESS, {"queue": asked.errors.pk}).content.decode().replace("\xa0", " ")
    words = dict(
        re.findall(r'for="field_(\w+)" id="[^"]*">[^<]*<span class="opt">— <span class="asked__word">([^<]*)<', page)
    )
    assert words["period"] == words["holder"] == "обязательно, если выбрано: начисление"
    assert words["register"] == "обязательно, если выбрано: сверка"
    assert words["more"] == "необязательно; если отмечено «Поле agree»" and words["account"] == "необязательно"


@pytest.mark.parametrize("target", ["0", "x", "\x00", "999999999999"])
def test_a_recipient_that_nobody_offered_changes_nothing(asked, as_, target):
    page = as_(asked.carol).post(ADDRESS, sent(asked, instead=target), follow=True)
    assert f'<option value="{asked.errors.pk}" selected>' in page.content.decode()


def test_a_form_without_a_single_field_is_asked_all_the_same(asked, as_):
    ask(asked.errors, "must", required=True)
    assert as_(asked.carol).post(ADDRESS, sent(asked)).status_code == 422


@pytest.mark.parametrize("value", ["\x00", "я" * 100_000, "2026-05/", "1" * 400, '{"a": 1}'])
@pytest.mark.parametrize(
    "name", ["field_topic", "field_period", "field_period.to", "field_agree", "field_register", "field_"]
)
def test_bad_values_are_refused_or_ignored(asked, as_, name, value):
    assert as_(asked.carol).post(ADDRESS, sent(asked, **{name: [value, value]})).status_code in {302, 422}


def test_defaults_stand_in_a_fresh_form_and_not_where_they_were_taken_out(asked, as_):
    ask(asked.errors, "place", default="касса 1")
    client = as_(asked.carol)
    assert 'value="касса 1"' in client.get(ADDRESS, {"queue": asked.errors.pk}).content.decode()
    assert 'value="касса 1"' not in client.post(ADDRESS, sent(asked, subject="", field_place="")).content.decode()


class TestPictureInTheText:
    PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20

    def kept(self, client, key="k"):
        file = SimpleUploadedFile("Снимок.png", self.PNG, content_type="image/png")
        return client.post(f"/portal/uploads/{key}/", {"file": file}).json()["id"]

    def test_it_is_shown_while_it_is_not_sent_to_its_writer_alone(self, world, as_):
        client = as_(world.carol)
        token = self.kept(client)
        answer = client.get("/portal/uploads/k/", {"file": token})
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
        assert client.get("/portal/uploads/other/", {"file": token}).status_code == 404
        assert client.get("/portal/uploads/k/", {"file": "x\x00"}).status_code == 404
        assert as_(world.dora).get("/portal/uploads/k/", {"file": token}).status_code == 404

    def test_it_goes_into_the_article(self, world, as_):
        client = as_(world.carol)
        token = self.kept(client)
        body = f'<div>Вот:</div><img src="cid:kept-{token}" alt="Снимок">'
        client.post(ADDRESS, sent(world, body=body, body_format="html", staged=token))
        attached = Attachment.objects.get()
        assert (attached.inline, attached.content_id) == (True, f"kept-{token}")
        page = client.get(f"/portal/tickets/{Ticket.objects.get().number}/").content.decode()
        assert f"/files/{attached.pk}/" in page and "?inline=1" in page

    def test_one_that_is_not_the_writers_is_left_out(self, world, as_):
        token = self.kept(as_(world.dora))
        client = as_(world.carol)
        body = f'<div>Вот:</div><img src="cid:kept-{token}" alt="">'
        client.post(ADDRESS, sent(world, body=body, body_format="html"))
        assert not Attachment.objects.exists() and Ticket.objects.exists()


def test_the_list_of_what_is_wrong_names_the_fields(asked, as_):
    page = as_(asked.carol).post(ADDRESS, sent(asked, field_topic="charges")).content.decode()
    assert (
        'href="#field_period">Поле period: заполните это поле, потому что в поле «Поле topic» выбрано «Начисление»</a>'
        in page.replace("\xa0", " ")
    )


def test_what_was_typed_into_a_field_that_was_switched_off_meanwhile_is_sent_in_the_text(asked, as_):
    IntakeField.objects.filter(key="agree").update(inactive_at=asked.zarya.created_at)
    assert as_(asked.carol).post(ADDRESS, sent(asked, field_agree="1")).status_code == 302
    assert "Поле agree: да" in Ticket.objects.get().articles.order_by("seq").first().text


def test_what_was_typed_for_a_recipient_that_was_switched_off_meanwhile_is_sent_in_the_text(asked, as_):
    Queue.objects.filter(pk=asked.errors.pk).update(inactive_at=asked.zarya.created_at)
    typed = sent(asked, queue=asked.advice.pk, field_error_code="E-17")
    assert as_(asked.carol).post(ADDRESS, typed).status_code == 302
    assert "Код ошибки: E-17" in Ticket.objects.get().articles.order_by("seq").first().text


def lines_along(page):
    found = page.content.decode().replace("\xa0", " ").split("data-along", 1)[1].split("<template>")[0]
    return re.findall(r"<bdi>([^<]*)</bdi>", found)


def test_what_goes_along_in_the_text_is_told_before_and_can_be_struck(asked, as_):
    client = as_(asked.carol)
    typed = sent(asked, queue=asked.advice.pk, field_error_code="E-17", field_topic="charges", field_account="4500")
    page = client.post(ADDRESS, {**typed, "subject": ""})
    assert lines_along(page) == ["Код ошибки: E-17", "Поле topic: Начисление"]
    again = client.post(ADDRESS, {**typed, "subject": "", "strike_topic": "1"}).content.decode()
    assert re.search(r'name="strike_topic" value="1"[^>]* checked', again)
    assert not re.search(r'name="strike_error_code" value="1"[^>]* checked', again)
    assert client.post(ADDRESS, {**typed, "strike_topic": "1"}).status_code == 302
    text = Ticket.objects.get().articles.order_by("seq").first().text
    assert "Код ошибки: E-17" in text and "Начисление" not in text


def test_what_went_to_another_recipient_and_back_is_sent_once(asked, as_):
    client = as_(asked.carol)
    typed = sent(asked, field_error_code="E-17", field_account="4500", field_agree="1")
    page = client.post(ADDRESS, {**typed, "instead": asked.advice.pk}, follow=True)
    assert lines_along(page) == ["Код ошибки: E-17", "Поле agree: да"]
    written = re.search(r'<textarea[^>]*name="body"[^>]*>\n?(.*?)</textarea>', page.content.decode(), re.DOTALL).group(
        1
    )
    assert written == typed["body"]
    client.post(ADDRESS, {**typed, "body": written})
    assert stored()["error_code"] == "E-17"
    assert "E-17" not in Ticket.objects.get().articles.order_by("seq").first().text


def test_a_refused_form_holds_the_text_as_it_was_written(asked, as_):
    client = as_(asked.carol)
    typed = sent(asked, queue=asked.advice.pk, field_error_code="E-17")
    assert client.post(ADDRESS, typed).status_code == 302
    again = client.post(ADDRESS, {**typed, "form_key": "another"})
    assert again.status_code == 409
    page = again.content.decode()
    assert re.search(r'<textarea[^>]*name="body"[^>]*>\n?(.*?)</textarea>', page, re.DOTALL).group(1) == typed["body"]
    assert lines_along(again) == ["Код ошибки: E-17"]


@pytest.mark.parametrize("kind", ["month", "period"])
def test_months_of_ten_years_are_offered_by_years_the_newest_first(world, as_, kind):
    ask(world.errors, "since", kind)
    page = as_(world.carol).get(f"{ADDRESS}?queue={world.errors.pk}").content.decode()
    select = page.split('name="field_since"', 1)[1].split("</select>")[0]
    years = [int(year) for year in re.findall(r'<optgroup label="(\d{4})">', select)]
    months = re.findall(r'<option value="(\d{4}-\d\d)"', select)
    today = clock.now()
    assert years == sorted(years, reverse=True) and months == sorted(set(months), reverse=True)
    assert f"{today.year - 10}-{today.month:02}" in months and len(months) <= 145
    assert len(select) < 10_000  # characters of one choice
    last = page.partition('name="field_since.to"')[2].split("</select>")[0]
    assert re.findall(r'<option value="(\d{4}-\d\d)"', last) == (months if kind == "period" else [])


def test_a_month_from_before_what_is_offered_stays_chosen(world, as_):
    ask(world.errors, "since", "month")
    answer = as_(world.carol).post(ADDRESS, sent(world, subject="", field_since="0001-01", field_error_code="E-1"))
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422 and "Проверьте год: от 1990 до" in page
    assert re.search(r'<option value="0001-01" selected>', page)


def test_a_stored_month_out_of_reach_stays_shown(world, as_):
    ask(world.errors, "since", "month")
    ticket = world.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(fields={"since": {"value": "1987-03", "version": 1}})
    page = as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode().replace("\xa0", " ")
    assert "март 1987" in page.lower()


def test_what_bounds_allow_is_said_at_the_field_and_in_its_refusal(asked, as_):
    today = localdate(clock.now())
    ask(asked.errors, "by", "date", bounds={"from": 0})
    ask(asked.errors, "since", "period", bounds={"longest": 36}, help_ru="Месяц или два.")
    client = as_(asked.carol)
    page = client.get(ADDRESS, {"queue": asked.errors.pk}).content.decode().replace("\xa0", " ")
    assert "Сегодня или позже." in page and "Месяц или два. Не больше 36 месяцев." in page
    assert re.search(rf'type="date" id="field_by"[^>]* min="{today}"', page) and ' max="' not in page
    typed = {"field_by": "1999-01-01", "field_since": "2015-01", "field_since.to": "2022-12"}
    refused = client.post(ADDRESS, sent(asked, **typed))
    assert refused.status_code == 422 and not Ticket.objects.exists()
    text = refused.content.decode().replace("\xa0", " ")
    assert f"этот день уже прошёл: выберите {today:%d.%m.%Y} или позже" in text
    assert "ериод больше 36 месяцев" in text and 'value="1999-01-01"' in text
    assert client.post(ADDRESS, sent(asked, field_by=str(today))).status_code == 302

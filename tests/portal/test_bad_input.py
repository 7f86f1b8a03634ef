"""Everything a client's forms may meet: answered in words at the field, nothing typed lost, never a failure."""

import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from lxml import html

from helpdesk.accounts.models import Person
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Article, Attachment, StagedFile, Ticket
from tests.access.refusals import controls, refused, sentence_at, tree_of, value_of

NEW = "/portal/new/"
FIVE_MEGABYTES = 5_000_000
LANGUAGES = ["ru", "en"]


@pytest.fixture
def carol(world, client):
    """Signs Carol in, with a language of hers."""

    def sign_in(language="ru"):
        Person.objects.filter(pk=world.carol.pk).update(language=language)
        client.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
        return client

    return sign_in


def filled(world, **more):
    return {"queue": str(world.errors.pk), "subject": "Ошибка 500", "body": "Белая страница", "priority": "4",
            "field_error_code": "E-17", "form_key": "k1", **more}  # fmt: skip


def answer_to(ticket):
    return f"/portal/tickets/{ticket.number}/"


SHOWN = ("queue", "subject", "body", "priority", "field_error_code")
WRONG = [
    ("subject", ""), ("subject", " \u200b\ufeff "), ("subject", "я" * 201), ("subject", "я" * FIVE_MEGABYTES),
    ("body", ""), ("body", "\u200b \xa0"), ("body", "a" * FIVE_MEGABYTES), ("body", "я" * (FIVE_MEGABYTES // 2)),
    ("queue", ""), ("queue", "999999"), ("queue", "1e9"), ("queue", "\u0661"), ("queue", "-1"),
    ("priority", "1"), ("priority", "0"), ("priority", "6"), ("priority", "x"), ("priority", ""),
    ("field_error_code", "я" * 301),
]  # fmt: skip


def shorter(value):
    return f"{value[:8]!a}x{len(value)}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("field", "value"), WRONG, ids=[f"{f}-{shorter(v)}" for f, v in WRONG])
def test_a_wrong_value_is_named_at_its_field_and_the_rest_kept(world, carol, field, value, language):
    typed = filled(world, **{field: value})
    file = SimpleUploadedFile("акт.txt", b"1")
    is_wordless = field == "body" and len(value) < 10  # a file needs no words
    answer = carol(language).post(NEW, typed if is_wordless else typed | {"attachments": file})
    but = {field} if field in {"queue", "priority"} or "\u200b" in value else set()
    if field == "queue":
        but.add("field_error_code")  # it belongs to the recipient
    refused(answer, field, typed={name: typed[name] for name in SHOWN}, language=language, but=but)
    assert is_wordless or "акт.txt" in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", ["a" * FIVE_MEGABYTES, "я" * 1_200_000], ids=["latin", "cyrillic"])
def test_five_megabytes_of_text_sent_as_a_bare_form_are_refused_in_words_and_kept(world, carol, value, language):
    """As a form without files is encoded: every Cyrillic letter six bytes on the wire."""
    fields = filled(world, body=value)
    data = "&".join(f"{name}={quote(text)}" for name, text in fields.items())
    answer = carol(language).post(NEW, data, content_type="application/x-www-form-urlencoded")
    refused(answer, "body", typed={name: fields[name] for name in SHOWN}, language=language)


def test_a_long_text_within_the_limit_is_taken_whole(world, carol):
    text = "Слово за слово. " * 60_000
    answer = carol().post(NEW, filled(world, body=text))
    assert answer.status_code == 302
    assert Article.objects.get(seq=1).text.strip() == text.strip()
    assert carol().get(answer.url).status_code == 200


def test_five_megabytes_in_a_language_choice_or_a_mark_of_the_form_are_no_failure(world, carol):
    long = "x" * FIVE_MEGABYTES
    for name in ("form_key", "seen", "writer", "staged", "unstage", "body_format", "again", "priority", "queue"):
        assert carol().post(NEW, filled(world, **{name: long})).status_code in {200, 302, 409, 422}, name


BYTES = {
    "a surrogate": (b"%ED%A0%80", b"\xed\xa0\x80"),
    "a pair of surrogates": (b"%ED%A0%BD%ED%B8%80", b"\xed\xa0\xbd\xed\xb8\x80"),
    "NUL": (b"%00", b"\x00"),
    "no UTF-8": (b"%FF%FE%C0%80", b"\xff\xfe\xc0\x80"),
    "a noncharacter": (b"%EF%BF%BE", b"\xef\xbf\xbe"),
    "half a letter": (b"%D1", b"\xd1"),
}


def as_form(fields, mark):
    pairs = [name.encode() + b"=" + quote(value).encode().replace(b"MARK", mark) for name, value in fields.items()]
    return b"&".join(pairs), "application/x-www-form-urlencoded"


def as_parts(fields, mark, filename="a.txt"):
    border = b"border7"
    parts = [
        b'--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        % (border, name.encode(), value.encode().replace(b"MARK", mark))
        for name, value in fields.items()
    ]
    head = b'--%s\r\nContent-Disposition: form-data; name="attachments"; filename="%s"\r\nContent-Type: text/plain\r\n\r\n1\r\n'
    parts.append(head % (border, filename.encode().replace(b"MARK", mark)))
    return b"".join(parts) + b"--border7--\r\n", "multipart/form-data; boundary=border7"


@pytest.mark.parametrize("how", ["form", "parts"])
@pytest.mark.parametrize("mark", BYTES.values(), ids=BYTES)
def test_raw_bytes_that_are_no_text_are_stored_without_them(world, carol, mark, how):
    """Posted as bytes: what a browser never sends, and what Python's own strings cannot be made of."""
    fields = filled(
        world, subject="До MARK после", body="Тело MARK дальше", field_error_code="E MARK 5", form_key="kMARK"
    )
    data, kind = as_form(fields, mark[0]) if how == "form" else as_parts(fields, mark[1], "имя MARK.txt")
    answer = carol().post(NEW, data, content_type=kind)
    assert answer.status_code == 302, answer.content.decode()
    ticket = Ticket.objects.get()
    article = ticket.articles.get(seq=1)
    for text in (ticket.subject, article.text, ticket.fields["error_code"]["value"]):
        assert text.split()[0] in {"До", "Тело", "E"} and text.split()[-1] in {"после", "дальше", "5"}
        assert not re.search("[\x00\ud800-\udfff\ufffe\uffff]", text)
    if how == "parts" and not mark[1].strip(b"\x00"):
        assert Attachment.objects.get().filename == "имя .txt"  # a name that is no UTF-8 makes no part of a form
    page = carol().get(answer.url)
    assert page.status_code == 200 and b"\x00" not in page.content
    assert carol().get("/portal/mine/").status_code == 200


@pytest.mark.parametrize("how", ["form", "parts"])
@pytest.mark.parametrize("mark", BYTES.values(), ids=BYTES)
def test_raw_bytes_in_an_answer_and_its_state(world, carol, mark, how):
    ticket = world.ticket()
    make = as_form if how == "form" else as_parts
    place = 0 if how == "form" else 1
    data, kind = make({"body": "Ответ MARK мой", "form_key": "rMARK", "seen": "MARK"}, mark[place])
    assert carol().post(answer_to(ticket), data, content_type=kind).status_code == 302
    assert ticket.articles.get(sender="client", seq__gt=1).text.startswith("Ответ")
    data, kind = make({"body": "Ещё", "form_key": "z", "next_state": "closedMARK"}, mark[place])
    assert carol().post(answer_to(ticket), data, content_type=kind).status_code in {302, 422}
    ticket.refresh_from_db()
    assert ticket.state_id in {"new", "open", "closed"}


@pytest.mark.parametrize("mark", BYTES.values(), ids=BYTES)
def test_raw_bytes_in_an_address(world, carol, mark):
    world.ticket()
    text = mark[0].decode()
    for place in (f"/portal/search/?q=стр{text}&state={text}&queue={text}&from={text}&cursor={text}",
                  f"/portal/mine/?state={text}&page={text}&sort={text}", f"/portal/new/?queue={text}"):  # fmt: skip
        assert carol().get(place).status_code == 200, place
    for place in (f"/portal/tickets/1{text}/", f"/portal/tickets/{text}/files/1/{text}"):
        assert carol().get(place).status_code == 404, place


NAMES = {
    "right to left": "\u202eнавыворот\u202c Иванов",
    "zero width": "Ив\u200bан\u200d Ива\ufeffнов",
    "only zero width after a letter": "И\u200b\u200c\u200d\u2060",
    "markup": '<b onmouseover=alert(1)>Иван</b> & "Ко" <script>alert(2)</script>',
    "template": "{{ 7*7 }} {% raw %} ${7*7}",
    "Arabic and Hebrew": "محمد שלום",
    "combining": "И" + "\u0301" * 60,
    "long": "Ж" * 200,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_names_of_people_and_companies_turn_nothing_round_and_are_no_markup(world, as_, name):
    from helpdesk.accounts import actions as accounts

    company = accounts.create_company(name, name[:60])
    person = accounts.create_person("client", name, login="strange", company=company, sees="company",
                                    address="strange@example.com")  # fmt: skip
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", person.name + company.name)
    ticket = world.ticket(person, subject=name)
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    for reader, places in ((person, ("/portal/mine/", "/portal/company/", "/portal/search/?q=иванов", "/portal/new/",
                                     answer_to(ticket), "/account/security/")),
                           (world.alice, ("/desk/", f"/desk/tickets/{ticket.number}/", "/desk/new/?find=иван",
                                          f"/desk/new/?client={person.pk}", "/desk/search/?q=иванов"))):  # fmt: skip
        for place in places:
            page = as_(reader).get(place)
            text = page.content.decode()
            assert page.status_code == 200, place
            assert (
                "<b onmouseover" not in text and "<script>alert" not in text and "49" not in text.split("7*7")[0][-8:]
            )
            assert not re.search("[\u202a-\u202e\u2066-\u2069]", text), place


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_over_the_limit_is_named_and_the_others_and_the_text_kept(world, carol, settings, language):
    settings.MAX_FILE_MB = 1
    files = [SimpleUploadedFile("большой.zip", b"1" * (1024 * 1024 + 1)), SimpleUploadedFile("акт.txt", b"1")]
    typed = filled(world)
    answer = carol(language).post(NEW, typed | {"attachments": files})
    sentence = refused(answer, "attachments", typed={n: typed[n] for n in SHOWN}, language=language)
    assert "большой.zip" in sentence and "акт.txt" in answer.content.decode()
    assert [row.filename for row in StagedFile.objects.all()] == ["акт.txt"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_files_are_refused_with_the_first_hundred_kept(world, carol, language):
    typed = filled(world)
    files = [SimpleUploadedFile(f"{i}.txt", b"x") for i in range(200)]
    answer = carol(language).post(NEW, typed | {"attachments": files})
    assert "100" in refused(answer, "attachments", typed={n: typed[n] for n in SHOWN}, language=language)
    assert StagedFile.objects.count() == 100


def test_more_files_than_any_form_has_are_refused_in_words(world, carol):
    files = [SimpleUploadedFile(f"{i}.txt", b"x") for i in range(310)]
    for language, word in (("ru", "слишком много"), ("en", "too much")):
        answer = carol(language).post(NEW, filled(world) | {"attachments": files})
        assert answer.status_code == 413 and word in answer.content.decode().replace("\xa0", " ").lower()


@pytest.mark.parametrize("name", ["../", "..\\..\\boot.ini", "CON", "NUL.txt", "я" * 300, "я" * 300 + ".xlsx",
                                  "\u202efdp.exe", "a\r\nX-Header: 1.txt", "a\"; filename=\"b.txt", "%2e%2e%2fb"])  # fmt: skip
def test_names_of_files_are_labels(world, carol, name):
    file = SimpleUploadedFile("x", b"content")
    file._name = name
    answer = carol().post(NEW, filled(world) | {"attachments": file})
    assert answer.status_code == 302
    kept = Attachment.objects.get()
    assert kept.filename.strip(" .") and len(kept.filename) <= 150
    assert not re.search("[/\\\\\x00-\x1f\u202e]", kept.filename)
    page = carol().get(answer.url).content.decode()
    link = re.search(r'class="attach" href="([^"]+)"', page).group(1)
    got = carol().get(link)
    assert b"".join(got.streaming_content) == b"content" and "X-Header" not in got.headers


@pytest.mark.parametrize(("name", "content"), [
    ("рисунок.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), ("страница.html", b"<script>alert(1)</script>"),
    ("страница.xhtml", b"<html xmlns='http://www.w3.org/1999/xhtml'><script>1</script></html>"), ("фото.png", b"<script>1</script>"),
    ("пусто.svg", b""), ("mail.eml", b"Content-Type: text/html\r\n\r\n<script>1</script>"),
])  # fmt: skip
def test_files_that_could_run_are_saved_never_shown(world, carol, name, content):
    for kind in ("image/svg+xml", "text/html", "image/png"):
        key = f"{name}{kind}"
        answer = carol().post(NEW, filled(world, form_key=key, subject=kind[-4:]) | {
            "attachments": SimpleUploadedFile(name, content, kind)})  # fmt: skip
        page = carol().get(answer.url).content.decode()
        link = re.search(r'class="attach[^"]*" href="([^"]+)"', page).group(1).partition("?")[0]
        for query in ("", "?inline=1", "?inline"):
            got = carol().get(link + query)
            assert b"".join(got.streaming_content) == content
            assert got.headers["Content-Disposition"].startswith("attachment")
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["Content-Type"] == "application/octet-stream"
            assert "sandbox" in got.headers["Content-Security-Policy"]


# the answer's own form


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("field", "value"), [
    ("body", ""), ("body", "\u200b"), ("body", "a" * FIVE_MEGABYTES), ("next_state", "removed"), ("next_state", "merged"),
    ("next_state", "autoclose"), ("next_state", "new'--"), ("next_state", "x" * 10_000), ("next_state", "\x00closed\x00x"),
], ids=lambda value: shorter(value) if len(value) > 12 else None)  # fmt: skip
def test_an_answer_is_refused_at_its_field_and_kept(world, carol, field, value, language):
    ticket = world.ticket()
    typed = {"body": "Мой ответ", "next_state": "", "form_key": "r1"} | {field: value}
    answer = carol(language).post(answer_to(ticket), typed | {"attachments": SimpleUploadedFile("a.txt", b"1")}
                                  if field != "body" or value.strip("\u200b") else typed)  # fmt: skip
    refused(answer, field, typed={"body": typed["body"]}, language=language, but={"body"} if value == "\u200b" else ())
    ticket.refresh_from_db()
    assert ticket.state_id == "new" and ticket.articles.filter(sender="client").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_answer_is_told_and_kept_with_state_and_files(world, carol, language):
    ticket = world.ticket()
    seen = Ticket.objects.get().last_event_seq
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Specialist"))
    answer = carol(language).post(answer_to(ticket), {
        "body": "Мой ответ", "next_state": "closed", "form_key": "r1", "seen": str(seen),
        "attachments": SimpleUploadedFile("a.txt", b"1")})  # fmt: skip
    assert answer.status_code == 409
    tree = tree_of(answer)
    assert (value_of(tree, "body"), value_of(tree, "next_state")) == ("Мой ответ", "closed")
    assert "a.txt" in tree.text_content() and "Specialist" in tree.text_content()
    told = " ".join(e.text_content() for e in tree.xpath("//*[@role='alert']")).replace("\xa0", " ")
    assert ("пришёл ответ" in told) == (language == "ru") and ("answered" in told) == (language == "en")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [NEW, "answer"])
def test_the_text_of_an_expired_session_comes_back_after_the_sign_in(world, client, carol, place, language):
    place = answer_to(world.ticket()) if place == "answer" else NEW
    carol(language)
    writer = re.search(r'name="writer" value="([^"]+)"', client.get(place).content.decode()).group(1)
    client.logout()
    typed = filled(world, writer=writer, subject="Про пени", body="Пишу-пишу", next_state="closed")
    sent = client.post(place, typed | {"attachments": SimpleUploadedFile("a.txt", b"1")})
    assert sent.status_code == 302 and sent.url.startswith("/login/?next=")
    assert re.search("не отправлено|was not sent", client.get(sent.url).content.decode().replace("\xa0", " "))
    answer = carol(language).get(place)
    tree = tree_of(answer)
    assert value_of(tree, "body") == "Пишу-пишу"
    if place == NEW:
        assert value_of(tree, "subject") == "Про пени" and value_of(tree, "field_error_code") == "E-17"
        assert (value_of(tree, "queue"), value_of(tree, "priority")) == (str(world.errors.pk), "4")
    else:
        assert value_of(tree, "next_state") == "closed"
    text = tree.text_content().replace("\xa0", " ")
    assert re.search("выберите файлы ещё" if language == "ru" else "choose the files", text, re.IGNORECASE)
    told = [alert.text_content().replace("\xa0", " ") for alert in tree.xpath("//main//*[@role='alert'][not(@hidden)]")]
    assert len(told) == 1 and ("не отправлен" if language == "ru" else "was not sent") in told[0]
    beside = tree.xpath("//form[@data-keep]//*[@role='alert'][not(@hidden)]") if place != NEW else [""]
    assert len(beside) == 1  # a thread may be long: it stands in the form
    assert "Пишу-пишу" not in carol(language).get(place).content.decode()  # once


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_absent_and_impossible_numbers_are_one_and_the_same_page(world, carol, language):
    foreign = world.ticket(world.dave)
    numbers = [
        foreign.number,
        "999999",
        "0",
        "-1",
        "9" * 60,
        "1" * 3000,
        "%2e%2e",
        "%D1%8F",
        "x%00y",
        "%ED%A0%80",
        f"{foreign.number}%20",
    ]
    pages = {carol(language).get(f"/portal/tickets/{number}/").content for number in numbers}
    pages |= {carol(language).get(f"/portal/tickets/{number}/files/1/a.txt").content for number in numbers}
    assert len(pages) == 1
    text = pages.pop().decode()
    assert f'lang="{language}"' in text and foreign.subject not in text
    for number in numbers:
        answer = carol(language).post(f"/portal/tickets/{number}/", {"body": "x", "form_key": "f"})
        assert answer.status_code == 404


@pytest.mark.parametrize("page", ["1000000000", "10" * 40, "-5", "0", "1.5", "x", "", "\u0661"])
@pytest.mark.parametrize("place", ["/portal/mine/", "/portal/company/"])
def test_any_page_number_shows_a_page_of_the_list(world, carol, place, page):
    ticket = world.ticket(subject="Единственная")
    answer = carol().get(place, {"page": page, "state": "all", "page_size": page})
    assert answer.status_code == 200 and ticket.subject in answer.content.decode()


SEARCHES = {
    "stop words": "и в на не", "operators": "!&|():*<->", "quotes": "\"'«»“”", "percent": "%", "underscore": "_",
    "percents": "%%%___%%%", "backslashes": "\\\\", "long": "слово " * 2_000, "one long": "я" * 10_000, "brackets": "((((((",
    "minus": "-страница", "only minus": "---", "star": "*", "SQL": "' OR 1=1 --", "markup": "<script>alert(1)</script>",
    "numbers": "9" * 5_000, "colon": "queue:", "NUL": "а\x00б", "spaces": " \t\n ", "emoji": "🙂🙂",
    "quoted": '"белая страница', "or": "OR OR AND NOT",
}  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", SEARCHES.values(), ids=SEARCHES)
def test_any_words_searched_are_answered_in_words(world, carol, words, language):
    world.ticket()
    answer = carol(language).get("/portal/search/", {"q": words})
    tree = tree_of(answer)
    assert answer.status_code == 200 and tree.get("lang") == language
    assert value_of(tree, "q").replace("\x00", "")[:100].strip() == words.replace("\x00", "")[:100].strip()
    assert not tree.xpath("//script[not(@src) and contains(text(), 'alert')]")


def test_a_percent_and_an_underscore_are_no_wildcards(world, carol):
    world.ticket(subject="Скидка")
    for words in ("%", "_", "______", "С%а", "С__дка", "%а", "С\\%"):
        found = tree_of(carol().get("/portal/search/", {"q": words})).xpath("//a[contains(., 'Скидка')]")
        assert not [html.tostring(e) for e in found], words


@pytest.mark.parametrize("query", ["from=2026-13-45", "from=9999-12-31&to=9999-12-31", "from=0001-01-01", "to=0001-01-01",
                                   "from=0002-01-01&to=0002-01-01", "to=9999-12-30", "from=2024-02-29", "to=2024-02-29",
                                   "state=nonsense", "queue=99999999999", "queue=abc", "cursor=%00%FF", "from=" + "1" * 5000])  # fmt: skip
def test_any_condition_of_the_search_is_answered(world, carol, query):
    world.ticket()
    assert carol().get(f"/portal/search/?{query}").status_code == 200


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "Europe/Moscow"])
@pytest.mark.parametrize("day", ["0001-01-01", "2024-02-29", "9999-12-30", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_in_every_zone(world, carol, zone, day):
    Person.objects.filter(pk=world.carol.pk).update(time_zone=zone)
    page = carol().get(f"/portal/search/?from={day}&to={day}")
    shown = page.content.decode().replace("\xa0", " ")
    assert page.status_code == 200
    assert f" {int(day[:4])}<" in shown.replace("</", "<")  # a condition is told with its year


def test_a_refused_choice_is_not_offered_again_as_if_it_were_chosen(world, carol):
    tree = tree_of(carol().post(NEW, filled(world, priority="1")))
    assert [e.get("value") for e in controls(tree, "priority")] == ["2", "3", "4", "5"]
    assert sentence_at(tree, "priority")


def test_a_form_without_its_token_is_told_in_words(world):
    browser = Client(enforce_csrf_checks=True)
    for language, word in (("ru", "устарела"), ("en", "out of date")):
        Person.objects.filter(pk=world.carol.pk).update(language=language)
        browser.force_login(world.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
        browser.cookies["csrftoken"] = "x" * 32
        answer = browser.post(NEW, filled(world))
        assert answer.status_code == 403 and word in answer.content.decode().replace("\xa0", " ")


def test_who_takes_no_cookies_reads_how_to_go_on(world):
    for language, words in (("ru", ("куки", ">Войти<")), ("en", ("cookies", ">Sign in<"))):
        answer = Client(enforce_csrf_checks=True).post(NEW, filled(world), headers={"Accept-Language": language})
        page = answer.content.decode().replace("\xa0", " ")
        assert answer.status_code == 403 and all(word in page for word in words)
        assert 'href="/login/"' in page

"""Everything a specialist's forms may meet: answered in words at the field, nothing typed lost, never a failure."""

import re
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.accounts.models import Person
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import pages
from helpdesk.tickets.actions import StateMove, note, set_state
from helpdesk.tickets.models import Article, Attachment, StagedFile, Ticket, TicketEvent
from tests.access.refusals import refused, tree_of, value_of
from tests.desk.conftest import address

NEW = "/desk/new/"
FIVE_MEGABYTES = 5_000_000
LANGUAGES = ["ru", "en"]
SHOWN = ("queue", "subject", "body", "priority", "field_error_code", "category", "channel")


@pytest.fixture
def alice(world, client):
    """Signs Alice in, with a language of hers."""

    def sign_in(language="ru", who=None):
        Person.objects.filter(pk=(who or world.alice).pk).update(language=language)
        client.force_login(who or world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
        return client

    return sign_in


def call(world, **more):
    return {"client": str(world.carol.pk), "queue": str(world.errors.pk), "subject": "Звонок", "body": "Звонит клиент",
            "priority": "4", "field_error_code": "0x21", "category": str(world.category.pk), "channel": "mail",
            "form_key": "k1", **more}  # fmt: skip


def shorter(value):
    return f"{value[:8]!a}x{len(value)}"


WRONG = [
    ("subject", ""), ("subject", "\u200b\ufeff"), ("subject", "я" * 201), ("subject", "я" * (FIVE_MEGABYTES // 2)),
    ("body", ""), ("body", "\u200b"), ("body", "a" * FIVE_MEGABYTES), ("body", "я" * (FIVE_MEGABYTES // 2)),
    ("queue", ""), ("queue", "999999"), ("queue", "\u0661"), ("priority", "0"), ("priority", "9"), ("priority", "x"),
    ("category", "999999"), ("field_error_code", "я" * 301),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("field", "value"), WRONG, ids=[f"{f}-{shorter(v)}" for f, v in WRONG])
def test_a_wrong_value_of_a_new_request_is_named_at_its_field(world, alice, field, value, language):
    typed = call(world, **{field: value})
    is_wordless = field == "body" and len(value) < 10  # a file needs no words
    file = {} if is_wordless else {"attachments": SimpleUploadedFile("акт.txt", b"1")}
    answer = alice(language).post(NEW, typed | file)
    but = {field} if field in {"queue", "priority", "category"} or "\u200b" in value else set()
    if field == "queue":
        but.add("field_error_code")  # it belongs to the queue
    refused(answer, field, typed={name: typed[name] for name in SHOWN}, language=language, but=but)
    assert is_wordless or "акт.txt" in answer.content.decode()
    assert not Ticket.objects.exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_company_that_is_not_the_clients_is_named(world, alice, language):
    from helpdesk.accounts import actions as accounts

    accounts.join(
        world.carol, accounts.create_company("Вторая", "Вторая"), {"sees": "own", "writes": True, "is_chief": False}
    )
    answer = alice(language).post(NEW, call(world, company=str(world.other.pk)))
    refused(answer, "company", typed={"subject": "Звонок", "body": "Звонит клиент"}, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["answer", "note"])
@pytest.mark.parametrize(("field", "value"), [
    ("body", ""), ("body", "\u200b"), ("body", "a" * FIVE_MEGABYTES), ("body", "я" * (FIVE_MEGABYTES // 2)),
    ("next_state", "removed"), ("next_state", "merged"), ("next_state", "нет\x00такого"), ("next_state", "x" * 10_000),
    ("until", ""), ("until", "завтра"), ("until", "9" * 10_000), ("until", "2001-01-01T10:00"),
], ids=lambda value: shorter(value) if len(value) > 12 else None)  # fmt: skip
def test_an_answer_or_note_is_refused_at_its_field_and_kept(world, alice, kind, field, value, language):
    ticket = world.ticket()
    typed = {"kind": kind, "body": "Мой ответ", "next_state": "reminder" if field == "until" else "", "form_key": "f"}
    if kind == "note" and field != "body":
        assert alice(language).post(address(ticket), typed | {field: value}).status_code in {302, 422}
        return
    answer = alice(language).post(address(ticket), typed | {field: value})
    kept = typed | {field: value}
    refused(answer, field, typed={"body": kept["body"]}, language=language, but={"body"} if value == "\u200b" else ())
    assert not Article.objects.filter(ticket=ticket, sender="agent").exists()


PANEL = [
    ("state", "state", {"state": "removed"}, "state"), ("state", "state", {"state": "нет"}, "state"),
    ("state", "until", {"state": "reminder", "until": ""}, "until"),
    ("state", "until", {"state": "reminder", "until": "завтра"}, "until"),
    ("state", "until", {"state": "reminder", "until": "2001-01-01T10:00"}, "until"),
    ("queue", "queue", {"queue": "999999"}, "queue"), ("queue", "queue", {"queue": "x"}, "queue"),
    ("priority", "priority", {"priority": "9"}, "priority"), ("priority", "priority", {"priority": ""}, "priority"),
    ("category", "category", {"category": "999999"}, "category"), ("owner", "owner", {"owner": "999999"}, "owner"),
    ("owner", "owner", {"owner": "x\x00"}, "owner"), ("responsible", "responsible", {"responsible": "999999"}, "responsible"),
    ("due", "due_at", {"due_at": "вчера"}, "due_at"), ("due", "due_at", {"due_at": "2001-01-01T10:00"}, "due_at"),
    ("due", "due_at", {"due_at": "9" * 5_000}, "due_at"),
    ("type", "type", {"type": "999999"}, "type"), ("subject", "subject", {"subject": " "}, "subject"),
    ("subject", "subject", {"subject": "т" * 201}, "subject"), ("tags", "tags", {"tags": "d" * 51}, "tags"),
    ("tags", "tags", {"tag": "999999"}, "tags"), ("tags", "tags", {"tag": "9" * 5_000}, "tags"),
    ("remove", "why", {"why": "так"}, "why"),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("verb", "field", "data", "control"), PANEL, ids=[f"{v}-{str(d)[:40]!a}" for v, _, d, _ in PANEL]
)
def test_a_verb_of_the_panel_is_refused_at_its_field(world, alice, verb, field, data, control, language):
    ticket = world.ticket()
    before = TicketEvent.objects.count()
    answer = alice(language).post(address(ticket, verb), data | {"why": "Потому что"})
    refused(answer, field, typed={}, language=language, control=control)
    if verb in {"state", "queue"}:
        whys = [e.get("value") for e in tree_of(answer).xpath("//input[@name='why']")]
        assert "Потому что" in whys
    assert TicketEvent.objects.count() == before


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_stale_verb_is_told_and_what_was_typed_kept(world, alice, language):
    ticket = world.ticket()
    seen = pages.for_page(world.by(world.alice), ticket.number).last_event_seq
    set_state(ticket.pk, by=world.by(world.anna), to=StateMove("review"))
    answer = alice(language).post(address(ticket, "state"), {"state": "rework", "why": "Не то", "seen": str(seen)})
    assert answer.status_code == 409
    tree = tree_of(answer)
    assert "Не то" in [e.get("value") for e in tree.xpath("//input[@name='why']")]
    assert [e.get("value") for e in tree.xpath("//select[@id='p-state']//option[@selected]")] == ["rework"]
    told = " ".join(e.text_content() for e in tree.xpath("//main//*[@role='alert']"))
    assert world.anna.name in told
    assert bool(re.search("[а-я]{4}", told.replace(world.anna.name, ""))) == (language == "ru")
    ticket.refresh_from_db()
    assert ticket.state_id == "review"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", [NEW, "answer"])
def test_the_text_of_an_expired_session_comes_back_after_the_sign_in(world, client, alice, place, language):
    opened = f"{NEW}?client={world.carol.pk}" if place == NEW else address(world.ticket())
    place = opened.partition("?")[0]
    alice(language)
    writer = re.search(r'name="writer" value="([^"]+)"', client.get(opened).content.decode()).group(1)
    client.logout()
    typed = call(world, writer=writer, subject="Про пени", body="Пишу-пишу", next_state="done", kind="answer")
    sent = client.post(place, typed | {"attachments": SimpleUploadedFile("a.txt", b"x")})
    assert sent.status_code == 302 and sent.url.startswith("/login/?next=")
    tree = tree_of(alice(language).get(opened))
    assert value_of(tree, "body") == "Пишу-пишу"
    if place == NEW:
        assert value_of(tree, "subject") == "Про пени" and value_of(tree, "priority") == "4"
    else:
        assert value_of(tree, "next_state") == "done"
    said = " ".join(e.text_content() for e in tree.xpath("//main//*[contains(@class, 'banner')]")).replace("\xa0", " ")
    assert re.search("choose the files again" if language == "en" else "файлы нужно выбрать снова", said), said


BYTES = {
    "a surrogate": (b"%ED%A0%80", b"\xed\xa0\x80"),
    "NUL": (b"%00", b"\x00"),
    "no UTF-8": (b"%FF%FE%C0%80", b"\xff\xfe\xc0\x80"),
    "a noncharacter": (b"%EF%BF%BE", b"\xef\xbf\xbe"),
}


def as_form(fields, mark):
    pairs = [name.encode() + b"=" + quote(value).encode().replace(b"MARK", mark) for name, value in fields.items()]
    return b"&".join(pairs), "application/x-www-form-urlencoded"


def as_parts(fields, mark):
    part = b'--border7\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    parts = [part % (name.encode(), value.encode().replace(b"MARK", mark)) for name, value in fields.items()]
    return b"".join(parts) + b"--border7--\r\n", "multipart/form-data; boundary=border7"


@pytest.mark.parametrize("how", ["form", "parts"])
@pytest.mark.parametrize("mark", BYTES.values(), ids=BYTES)
def test_raw_bytes_that_are_no_text_break_no_form_of_the_desk(world, alice, mark, how):
    make, at = (as_form, 0) if how == "form" else (as_parts, 1)
    client = alice()

    def post(place, fields):
        data, kind = make(fields, mark[at])
        return client.post(place, data, content_type=kind)

    made = post(NEW, call(world, subject="До MARK после", body="Тело MARK дальше", field_error_code="E MARK 5"))
    assert made.status_code == 302, made.content.decode()[:2000]
    ticket = Ticket.objects.get()
    assert post(address(ticket), {"body": "Ответ MARK", "form_key": "aMARK"}).status_code == 302
    assert post(address(ticket), {"body": "Заметка MARK", "kind": "note", "form_key": "bMARK"}).status_code == 302
    for verb, fields in {
        "state": {"state": "review", "why": "по MARK"}, "queue": {"queue": str(world.advice.pk), "why": "MARK"},
        "owner": {"owner": "1MARK"}, "due": {"due_at": "2099-01-02T10:00MARK"}, "priority": {"priority": "4MARK"},
        "category": {"category": "MARK"}, "close": {"why": "MARK"}, "responsible": {"responsible": "MARK"},
        "type": {"type": "MARK"}, "subject": {"subject": "Тема MARK"}, "tags": {"tags": "MARK", "tag": "MARK"},
        "remove": {"why": "MARK"},
    }.items():  # fmt: skip
        assert post(address(ticket, verb), {**fields, "seen": "MARK"}).status_code in {302, 409, 422}, verb
    assert post("/desk/density/", {"density": "MARK", "next": "/desk/MARK"}).status_code == 302
    for text in [*Article.objects.values_list("text", flat=True), *TicketEvent.objects.values_list("note", flat=True),
                 *Ticket.objects.values_list("subject", flat=True)]:  # fmt: skip
        assert not re.search("[\x00\ud800-\udfff\ufffe\uffff]", text)
    assert client.get(address(ticket)).status_code == client.get(address(ticket, "history")).status_code == 200


@pytest.mark.parametrize("mark", BYTES.values(), ids=BYTES)
def test_raw_bytes_in_an_address(world, alice, mark):
    ticket = world.ticket()
    text = mark[0].decode()
    client = alice(who=world.ada)
    for place in (f"/desk/?view={text}&queue={text}&q={text}&state={text}&after={text}&company={text}&sort={text}",
                  f"/desk/search/?q=стр{text}", f"/desk/new/?find={text}&client={text}", f"/desk/new/fields/?queue={text}&field_x={text}",
                  f"/desk/conditions/?q={text}", f"/desk/admin/outbox/?state={text}&before={text}", f"{address(ticket)}?list={text}",
                  f"/desk/queues/?x={text}"):  # fmt: skip
        assert client.get(place).status_code == 200, place
    assert client.get(f"{address(ticket)}?go=next&list={text}").status_code == 302
    for place in (f"/desk/tickets/1{text}/", f"/desk/tickets/{text}/files/1/{text}", f"/desk/tickets/{text}/history/",
                  f"/desk/admin/outbox/{text}/"):  # fmt: skip
        assert client.get(place).status_code == 404, place


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", ["new", "answer"])
def test_files_over_the_limits_are_named_and_the_rest_kept(world, alice, settings, place, language):
    settings.MAX_FILE_MB = 1
    where = NEW if place == "new" else address(world.ticket())
    big, small = SimpleUploadedFile("big.zip", b"1" * (1024 * 1024 + 1)), SimpleUploadedFile("empty.txt", b"")
    answer = alice(language).post(where, call(world) | {"attachments": [big, small]})
    sentence = refused(answer, "attachments", typed={"body": "Звонит клиент"}, language=language)
    assert "big.zip" in sentence and [row.filename for row in StagedFile.objects.all()] == ["empty.txt"]
    files = [SimpleUploadedFile(f"{at}.txt", b"x") for at in range(200)]
    answer = alice(language).post(where, call(world, form_key="k2") | {"attachments": files})
    assert "100" in refused(answer, "attachments", typed={"body": "Звонит клиент"}, language=language)
    got = alice(language).post(
        "/desk/uploads/?form_key=k3", {"file": SimpleUploadedFile("b.zip", b"1" * (1024 * 1024 + 1))}
    )
    assert got.status_code == 422 and bool(re.search("[а-я]", got.json()["message"])) == (language == "ru")


@pytest.mark.parametrize(
    "name", ["рисунок.svg", "страница.html", "../../x.svg", "CON", "я" * 300 + ".html", "\u202elmth.txt"]
)
def test_files_of_notes_and_answers_are_saved_never_shown(world, alice, name):
    ticket = world.ticket()
    for kind in ("answer", "note"):
        file = SimpleUploadedFile("x", b"<svg onload=alert(1)>", "image/svg+xml")
        file._name = name
        sent = alice().post(address(ticket), {"kind": kind, "body": kind, "form_key": kind, "attachments": file})
        assert sent.status_code == 302
    for kept in Attachment.objects.all():
        assert len(kept.filename) <= 150 and not re.search("[/\\\\\u202e]", kept.filename)
        for query in ("", "?inline=1"):
            got = alice().get(f"{address(ticket)}files/{kept.pk}/x{query}")
            assert b"".join(got.streaming_content) == b"<svg onload=alert(1)>"
            assert got.headers["Content-Disposition"].startswith("attachment")
            assert got.headers["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize("language", LANGUAGES)
def test_foreign_absent_and_impossible_numbers_are_one_and_the_same_page(world, alice, language):
    foreign = world.ticket(queue=world.cash)
    note(foreign.pk, by=world.by(world.bob), body=from_plain("Чужое"))
    client = alice(language)
    numbers = [foreign.number, "999999", "0", "9" * 60, "1" * 3000, "%D1%8F", "x%00y", "%ED%A0%80"]
    found = {re.sub(r'value="[^"]{40,}"', "", client.get(f"/desk/tickets/{n}/").content.decode()) for n in numbers}
    assert len(found) == 1 and "Чужое" not in found.pop()
    for number in numbers:
        for part in ("", "history/", "files/1/x"):
            assert client.get(f"/desk/tickets/{number}/{part}").status_code == 404, (number, part)
        for verb in ("", "state/", "close/", "take/"):
            answer = client.post(f"/desk/tickets/{number}/{verb}", {"body": "x", "state": "closed"})
            assert answer.status_code == 404, (number, verb)


SEARCHES = ["и в на не", "!&|():*<->", "\"'«»", "%", "_", "%%__", "\\\\", "слово " * 2_000, "я" * 10_000, "((((", "-страница",
            "---", "*", "' OR 1=1 --", "<script>alert(1)</script>", "9" * 5_000, "а\x00б", " \t\n ", "🙂", '"белая']  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("words", SEARCHES, ids=[shorter(w) for w in SEARCHES])
def test_any_words_searched_are_answered(world, alice, words, language):
    world.ticket()
    client = alice(language)
    for place, name in (("/desk/search/", "q"), ("/desk/", "q"), ("/desk/new/", "find"), ("/desk/conditions/", "q")):
        answer = client.get(place, {name: words})
        assert answer.status_code == 200, place
        tree = tree_of(answer)
        assert tree.get("lang") == language
        assert not tree.xpath("//script[not(@src) and contains(text(), 'alert')]")


@pytest.mark.parametrize(
    "query", ["before=1000000000", "before=" + "9" * 30, "before=-1", "state=nonsense", "before=\u0661"]
)
def test_any_place_of_the_outbox_is_a_page(world, alice, query):
    world.ticket()
    assert alice(who=world.ada).get(f"/desk/admin/outbox/?{query}").status_code == 200


@pytest.mark.parametrize("letter", ["0", "9" * 30, "-1", "x", "%00"])
def test_no_such_letter(world, alice, letter):
    assert alice(who=world.ada).get(f"/desk/admin/outbox/{letter}/").status_code == 404

"""All that a search finds, as a file: it holds what the screen shows, in its order, and leaves nothing behind."""

import csv
import gc
import io
import os
import re
import tempfile
import tracemalloc
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from pypdf import PdfReader

from helpdesk.core import clock, files, pdf
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.fronts import taking
from helpdesk.portal import conditions, export
from helpdesk.portal.views.export import export_of
from helpdesk.portal.views.search import offered_to
from helpdesk.search import queries as search
from helpdesk.search import statement
from helpdesk.tickets import sheets
from helpdesk.tickets.access import access_of
from helpdesk.tickets.actions import NewFile, StateMove, close, note, reply, set_category
from helpdesk.tickets.models import Category
from tests.factories.shared import undone
from tests.factories.sizes import examples

SHEET = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def body(response):
    return b"".join(response) if response.streaming else response.content


def rows_of(response):
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(body(response)[3:].decode(), newline=""), delimiter=";"))
    return [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]


def download(client, kind="csv", **asked):
    return client.get("/portal/search/", {**asked, "format": kind})


def shown(client, address="", **asked):
    """What every row on every page of the screen tells, by the heads of the files."""
    found, address = [], address or f"?{urlencode(asked)}"
    while address:
        page = etree.HTML(client.get(f"/portal/search/{address}").content.decode())
        found += [_told(row) for row in page.iterfind(".//tbody/tr")]
        following = page.xpath('//a[@rel="next"]/@href')
        address = following[0] if following else ""
    return found


def _told(row):
    return {
        "Номер": re.sub(r"\D", "", _words(row.find('.//span[@class="num"]'))),
        "Тема": _words(row.find('.//a[@class="req__title2"]')),
        "Состояние": _words(row.xpath('.//span[starts-with(@class, "badge")]')[0]),
        "Последнее сообщение": _minute(row.find(".//time").get("datetime")),
        "Кто написал последним": _words(row.find('.//p[@class="req__when"]')),
    }


def _words(element):
    return "".join(element.itertext()).replace("\xa0", " ").strip()


def _minute(moment):
    """A moment as a file for a reader in Moscow has it."""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo("Europe/Moscow")).strftime("%d.%m.%Y %H:%M")


def same_columns(rows, screen):
    """The rows of a file, of the columns that the screen has too."""
    return [{head: row[head].replace("\xa0", " ") for head in screen[0]} for row in rows] if screen else rows


WORDS = ["сальдо", "пени", "льгота", "квитанция"]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
REQUEST = st.fixed_dictionaries({
    "subject": st.sampled_from(WORDS), "text": st.sampled_from(WORDS), "colleague": st.booleans(),
    "code": st.sampled_from(["E-500", "E-404", ""]), "day": st.integers(0, 4), "file": st.booleans(),
    "then": st.sampled_from(["new", "closed", "clarify"]),
})  # fmt: skip
CONDITIONS = {
    "q": ["сальдо", "пени -льгота", "льгот*", "сальдо квитанция", "альд", "что", "-пени", "«вопрос сальдо»", "---", "я" * 61],
    "subject": ["пени", "что", "-льгота сальдо"], "text": ["квитанция", "и"], "file": ["акт"],
    "state": ["new", "open", "closed", "clarify"], "sort": ["fit"], "field_error_code": ["500", "e"],
    "from": ["2026-03-03"], "to": ["2026-03-05"], "days": ["4"], "answered_to": ["2026-03-05"],
    "changed_from": ["2026-03-04"], "closed_days": ["3"], "staff": ["алиса"], "author": ["{dora}"], "queue": ["{queue}"],
    "priority": ["3"], "files": ["1"], "unread": ["1"], "awaiting": ["1"], "number": ["1"],
}  # fmt: skip
PAIRS = [(name, value) for name, values in CONDITIONS.items() for value in values]
# what may be asked at once: words as often as everything else together
ASKED = st.lists(
    st.one_of(st.sampled_from(PAIRS[:10]), st.sampled_from(PAIRS)), max_size=4, unique_by=lambda pair: pair[0]
)


def fill(world, requests):
    for number, one in enumerate(requests):
        with clock.stopped(START + timedelta(days=one["day"], minutes=number)):
            sent = [NewFile(files.store(b"x"), "акт.txt")] if one["file"] else []
            ticket = world.ticket(
                world.dora if one["colleague"] else world.carol, subject=f"Вопрос: {one['subject']}, что делать",
                values={"error_code": one["code"]} if one["code"] else {}, attachments=sent,
            )  # fmt: skip
            then = StateMove(one["then"]) if one["then"] == "clarify" else None
            reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain(f"Ответ: {one['text']}"), then=then)
            if one["then"] == "closed":
                close(ticket.pk, by=Actor(world.alice.pk))


def pages_of(by, wanted):
    """The ids on all pages of the screen, one after another."""
    ids, cursor = [], None
    while cursor is None or cursor:
        page = search.find(by, wanted, cursor, size=2)
        ids += [hit.line.id for hit in page.items]
        cursor = page.next_cursor
    return ids


@settings(max_examples=examples(4), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(REQUEST, min_size=1, max_size=7), questions=st.lists(ASKED, min_size=12, max_size=12))
def test_all_ids_are_those_of_the_pages(world, requests, questions):
    by = Actor(world.carol.pk)
    with undone(), pytest.MonkeyPatch.context() as patch, clock.stopped(START + timedelta(days=5)):
        patch.setattr(statement, "FITTING", 3)
        fill(world, requests)
        offered = offered_to(by)
        for question in questions:
            words = {"dora": world.dora.pk, "queue": world.errors.pk}
            get = QueryDict(urlencode([(name, value.format(**words)) for name, value in question]))
            wanted = conditions.read(get, offered).wanted
            assert search.all_ids(by, wanted, most=100) == pages_of(by, wanted), dict(get.items())


@settings(max_examples=examples(3), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(requests=st.lists(REQUEST, min_size=1, max_size=6), questions=st.lists(ASKED, min_size=3, max_size=3))
def test_the_cells_are_those_of_the_screen(world, as_, requests, questions):
    client = as_(world.carol)
    with undone(), pytest.MonkeyPatch.context() as patch, clock.stopped(START + timedelta(days=5)):
        patch.setattr("helpdesk.search.queries.find.__kwdefaults__", {"size": 4, "count_to": 0})
        fill(world, requests)
        words = {"dora": world.dora.pk, "queue": world.errors.pk}
        for question in questions:
            asked = {name: value.format(**words) for name, value in question}
            answer = client.get("/portal/search/", asked)
            if answer.status_code == 302:  # nothing of that: the nearest is shown, and what is shown is taken along
                asked = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
            screen, content = shown(client, **asked), download(client, **asked)
            assert same_columns(rows_of(content), screen) == screen, asked


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"q": "сальдо", "sort": "fit", "from": "2026-03-02"},
        {"state": "open", "field_error_code": "500"},
        {"subject": "пени", "text": "льгота"},
        {"q": "что"},
        {"subject": "что"},
    ],
)
def test_both_files_hold_what_the_screen_shows(world, as_, asked, monkeypatch):
    monkeypatch.setattr("helpdesk.search.queries.find.__kwdefaults__", {"size": 2, "count_to": 0})
    one = {"day": 1, "colleague": False, "file": False, "then": "new", "code": "E-500"}
    fill(world, [{**one, "subject": "сальдо", "text": "пени"}, {**one, "subject": "пени", "text": "льгота", "day": 0},
                 {**one, "subject": "сальдо", "text": "сальдо", "then": "closed", "code": ""}])  # fmt: skip
    client = as_(world.carol)
    on_screen = shown(client, **asked)
    assert same_columns(rows_of(download(client, **asked)), on_screen) == on_screen
    assert numbers_of(download(client, "xlsx", **asked)) == [row["Номер"] for row in on_screen]
    assert bool(on_screen) == ("что" not in asked.values())


@pytest.mark.parametrize("asked", [{}, {"q": "сальдо"}, {"state": "open"}, {"q": "что"}])
def test_the_pdf_holds_every_request_of_the_screen_over_all_its_pages(world, as_, asked, monkeypatch):
    monkeypatch.setattr("helpdesk.search.queries.find.__kwdefaults__", {"size": 20, "count_to": 0})
    one = {"day": 1, "colleague": False, "file": False, "text": "пени", "code": "E-500"}
    fill(
        world, [{**one, "subject": ["сальдо", "пени"][n % 2], "then": ["new", "closed"][n % 3 == 0]} for n in range(45)]
    )
    client = as_(world.carol)
    on_screen = [row["Номер"] for row in shown(client, **asked)]
    sheets_of_paper = PdfReader(io.BytesIO(body(download(client, "pdf", **asked)))).pages
    text = "".join(page.extract_text() for page in sheets_of_paper)
    printed = re.findall(r"(?<!\d)(1\d{5})(?!\d)", re.sub(r"[\s\u00a0\u202f]", " ", text))
    assert [number for number in dict.fromkeys(printed) if number in set(on_screen)] == on_screen
    assert set(printed) == set(on_screen) and bool(on_screen) == ("что" not in asked.values())
    assert len(sheets_of_paper) > 1 or len(on_screen) < 45


@pytest.fixture
def in_one_connection(monkeypatch):
    """The end of an answer gives the connection back, and with it the transaction that a test lives in. The connection
    itself refuses: the signal's receiver comes back whenever an answer of the test client ends, even one that is
    collected later."""
    monkeypatch.setattr(connection, "close_if_unusable_or_obsolete", lambda: None)


def numbers_of(response):
    """The numbers of the requests of a workbook."""
    with zipfile.ZipFile(io.BytesIO(body(response))) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    return [row.findtext("m:c//m:t", namespaces=SHEET) for row in sheet.iterfind(".//m:row", SHEET)][1:]


def test_the_columns_tell_what_the_request_holds(world, as_):
    ticket = world.ticket(subject="=cmd|'/C calc'!A0", values={"error_code": "E-500"})
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Смотрим журнал"))
    note(ticket.pk, by=Actor(world.alice.pk), body=from_plain("тайное"))
    content = download(as_(world.carol))
    assert content.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%D0%B7%D0%B0%D1%8F")
    row = rows_of(content)[0]
    assert row["Тема"] == "'=cmd|'/C calc'!A0" and row["Код ошибки"] == "E-500"
    assert row["Кто написал последним"] == "Алиса Агентова" and row["Последние слова"] == "Смотрим журнал"
    assert re.fullmatch(r"\d\d\.\d\d\.\d{4} \d\d:\d\d", row["Создана"]) and row["Когда закрыта"] == ""
    assert "тайное" not in str(row)


def test_each_column_tells_what_its_head_says_and_a_workbook_the_same(world, as_):
    category = Category.objects.create(key="print", path="/1/", name_ru="Печать", name_en="Printing")
    with clock.stopped(START):
        ticket = world.ticket(subject="Счёт")
    set_category(ticket.pk, by=Actor(world.alice.pk), to=category.pk)
    with clock.stopped(START + timedelta(hours=2)):
        reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Смотрим"))
    with clock.stopped(START + timedelta(days=1)):
        close(ticket.pk, by=Actor(world.alice.pk))
    (row,) = rows_of(download(as_(world.carol)))
    ticket.refresh_from_db()
    wanted = {
        "Номер": ticket.number, "Тема": "Счёт", "Состояние": "Закрыта", "Последнее сообщение": "02.03.2026 14:00",
        "Кто написал последним": world.alice.name, "Последние слова": "Смотрим", "Получатель": world.errors.name_ru,
        "Категория": "Печать", "Автор": world.carol.name, "Отвечает": world.alice.name,
        "Компания": world.zarya.short_name, "Создана": "02.03.2026 12:00", "Когда закрыта": "03.03.2026 12:00",
    }  # fmt: skip
    assert {head: row[head].replace("\xa0", " ") for head in wanted} == wanted
    assert row["Приоритет"].replace("\xa0", " ") == "Обычный – 3"
    told = sheet_of(download(as_(world.carol), "xlsx"))
    texts = {head: text for head, text in told.items() if text is not None and head in wanted}
    assert texts == {head: wanted[head] for head in texts}
    assert {"Категория", "Автор", "Компания", "Отвечает"} <= set(texts)


def sheet_of(response):
    """The first row of a workbook by its heads; what is no text (days, nothing) as None."""
    with zipfile.ZipFile(io.BytesIO(body(response))) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    heads, values = (
        {
            re.sub(r"\d", "", cell.get("r")): cell.findtext(".//m:t", namespaces=SHEET)
            for cell in row.iterfind("m:c", SHEET)
        }
        for row in list(sheet.iterfind(".//m:row", SHEET))[:2]
    )
    return {head: values.get(column) for column, head in heads.items()}


def test_nobody_takes_along_what_they_do_not_see(world, as_):
    world.ticket(world.dave, subject="Чужое сальдо")
    mine = world.ticket(world.dora, subject="Своё сальдо")
    world.ticket(world.carol, subject="Коллеги сальдо")
    assert [row["Номер"] for row in rows_of(download(as_(world.dora)))] == [mine.number]


def test_what_one_may_no_longer_see_leaves_the_file_at_once(world, as_, monkeypatch):
    """A membership that is narrowed or taken away before a press, or while the file is made."""
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    mine, others = world.ticket(), [world.ticket(world.dora) for _ in range(3)]
    client, by = as_(world.carol), Actor(world.carol.pk)
    ids = search.all_ids(by, search.SearchRequest(), most=10)
    assert ids == [*(one.pk for one in reversed(others)), mine.pk]
    rows = sheets.rows(by, ids)
    assert next(rows).number == others[2].number
    world.carol.memberships.update(sees="own")
    assert [row.number for row in rows] == [mine.number]
    assert numbers_of(download(client, "xlsx")) == [mine.number]
    assert [row["Номер"] for row in rows_of(download(client))] == [mine.number]
    world.carol.memberships.update(inactive_at=clock.now())
    answer = download(client)
    assert answer.status_code == 200 and rows_of(answer) == []


def test_a_workbook_and_a_pdf(world, as_):
    ticket = world.ticket(subject="Сальдо")
    client = as_(world.carol)
    assert numbers_of(download(client, "xlsx")) == [ticket.number]
    assert list(Path(tempfile.gettempdir()).glob(f"helpdesk-sheet-{os.getpid()}-*")) == []
    paper = PdfReader(io.BytesIO(body(download(client, "pdf")))).pages[0].extract_text().replace("\xa0", " ")
    assert "Найдено заявок: 1" in paper and "Сальдо" in paper and ticket.number in paper


@pytest.mark.parametrize(
    ("ago", "language", "written"),
    [
        (timedelta(), "ru", "15 ноября 2026, 09:30"),
        (timedelta(days=1), "ru", "14 ноября 2026, 09:30"),
        (timedelta(days=40), "en", "6 October 2026, 09:30"),
        (timedelta(days=400), "ru", "11 октября 2025, 09:30"),
    ],
)
def test_days_on_paper_are_whole(world, as_, ago, language, written):
    type(world.carol).objects.filter(pk=world.carol.pk).update(language=language, time_zone="Asia/Yekaterinburg")
    world.carol.refresh_from_db()
    now = datetime(2026, 11, 15, 4, 30, tzinfo=UTC)
    with clock.stopped(now - ago):
        world.ticket()
    with clock.stopped(now):
        paper = PdfReader(io.BytesIO(body(download(as_(world.carol), "pdf")))).pages[0].extract_text()
    words = " ".join(paper.replace("\xa0", " ").split())
    assert words.count(written) == (2 if not ago else 1), words  # the foot tells when the paper was made
    assert not re.search("сегодня|вчера|today", words)


def test_english_readers_get_english_heads(world, as_):
    type(world.carol).objects.filter(pk=world.carol.pk).update(language="en")
    world.carol.refresh_from_db()
    world.ticket()
    row = rows_of(download(as_(world.carol)))[0]
    assert row["Recipient"] == "Error" and row["State"] == "Received"


@pytest.mark.parametrize(("kind", "told"), [("pdf", "для PDF это много: скачайте XLSX"), ("csv", "сузьте поиск")])
def test_more_than_a_file_takes_is_said(world, as_, monkeypatch, kind, told):
    monkeypatch.setitem(taking.MOST, kind, 1)
    world.ticket()
    world.ticket()
    answer = download(as_(world.carol), kind)
    page = answer.content.decode().replace("\xa0", " ")
    assert answer.status_code == 422 and told in page and 'class="table' in page
    assert '<a href="?format=xlsx" download>XLSX</a>' in page


def test_one_file_at_a_time_for_a_person(world, as_):
    world.ticket()
    client = as_(world.carol)
    with taking.place(world.carol.pk):
        answer = download(client)
        assert answer.status_code == 429 and "ещё готовится" in answer.content.decode()
        assert rows_of(download(as_(world.dave))) == []
    assert rows_of(download(as_(world.carol)))


def test_two_files_at_a_time_in_a_process(world, as_):
    world.ticket()
    client = as_(world.carol)
    with taking.place(-11), taking.place(-12):
        answer = download(client, "xlsx")
        assert answer.status_code == 503 and "скачайте через минуту" in answer.content.decode()
    assert body(download(client, "xlsx"))


def test_a_csv_travels_before_it_is_whole(world, in_one_connection, monkeypatch):
    """The head leaves before a row is read, then some rows at a time."""
    monkeypatch.setattr(taking, "PIECE", 2)
    for _ in range(5):
        world.ticket()
    by, read = Actor(world.carol.pk), []
    offered, rows = offered_to(by), sheets.rows
    monkeypatch.setattr(sheets, "rows", lambda *of: (read.append(row.id) or row for row in rows(*of)))
    answer = export_of(by, offered, conditions.read(QueryDict(), offered), "csv")
    pieces = iter(answer)
    made = [(next(pieces).count(b"\r\n"), len(read)) for _ in range(4)]
    answer.close()
    assert made == [(1, 0), (2, 2), (2, 4), (1, 5)]


def test_a_csv_that_fails_half_way_says_so_and_leaves_its_place(world, as_, monkeypatch):
    monkeypatch.setattr(taking, "PIECE", 1)
    for _ in range(3):
        world.ticket()
    client, cells, made = as_(world.carol), export.cells, []
    with monkeypatch.context() as patch:
        patch.setattr(export, "cells", lambda *of: made.append(1) or (cells(*of) if len(made) < 2 else 1 / 0))
        lines = body(download(client)).decode().replace("\xa0", " ").splitlines()
    assert len(lines) == 3 and lines[-1] == "Файл здесь оборвался, он неполный: скачайте его ещё раз"
    assert len(rows_of(download(client))) == 3


def test_a_csv_waits_for_its_turn_while_others_are_made(world, as_, monkeypatch):
    monkeypatch.setattr(taking, "WAITING", 0.01)
    world.ticket()
    answer = download(as_(world.carol))
    pieces = iter(answer)
    assert next(pieces)
    with taking.place(-11), taking.place(-12):
        assert "оборвался" in b"".join(pieces).decode()  # to its end: what is left half read ends in some later test
    assert rows_of(download(as_(world.carol)))


def test_a_pdf_that_cannot_be_made_is_said(world, as_, monkeypatch):
    world.ticket()

    def busy(*args, **kwargs):
        raise pdf.Failed("busy")

    monkeypatch.setattr(pdf, "render", busy)
    client = as_(world.carol)
    answer = download(client, "pdf")
    assert answer.status_code == 503 and "скачайте XLSX" in answer.content.decode().replace("\xa0", " ")
    assert body(download(client, "xlsx"))


def test_only_what_is_asked_for_is_made(world, as_):
    world.ticket()
    client = as_(world.carol)
    assert client.head("/portal/search/", {"format": "xlsx"}).content == b""
    for asked in ({"format": "exe"}, {"format": "csv", "from": "abc"}):
        answer = client.get("/portal/search/", asked)
        assert answer.headers["Content-Type"].startswith("text/html") and answer.status_code == 200


def test_a_file_takes_few_statements(world, as_, django_assert_max_num_queries):
    for number in range(30):
        world.ticket(subject=f"Сальдо {number}", attachments=[NewFile(files.store(b"x"), "а.txt")])
    client = as_(world.carol)
    with django_assert_max_num_queries(20):  # the place is taken and left in the cache's table, five each
        assert len(rows_of(download(client, q="сальдо"))) == 30


def test_requests_are_read_some_at_a_time(world, monkeypatch, django_assert_num_queries):
    """What a file holds in memory is a few of its rows, however many there are; each lot asks for the rights anew."""
    monkeypatch.setattr(sheets, "AT_ONCE", 2)
    ids, by = [world.ticket().pk for _ in range(5)], Actor(world.carol.pk)
    access_of(by)
    rows = sheets.rows(by, ids)
    with django_assert_num_queries(1):
        assert [next(rows).id, next(rows).id] == ids[:2]
    with django_assert_num_queries(4):
        assert [row.id for row in rows] == ids[2:]


@pytest.mark.parametrize(("kind", "few", "many", "most"), [("csv", 200, 1_200, 500), ("xlsx", 100, 400, 2_500)])
def test_memory_does_not_grow_with_the_rows(world, in_one_connection, monkeypatch, kind, few, many, most):
    """So many bytes for each row more: of 20,000 rows less than 50 MB (a workbook keeps its links until it is closed)."""
    monkeypatch.setattr(sheets, "AT_ONCE", 100)
    ticket, by = world.ticket(subject="Сальдо " * 20), Actor(world.carol.pk)
    offered = offered_to(by)
    make(by, offered, [ticket.pk] * 100, kind)  # all that is loaded once is loaded
    peaks = []
    for rows in (few, many):
        tracemalloc.start()
        try:
            assert make(by, offered, [ticket.pk] * rows, kind)
            peaks.append(tracemalloc.get_traced_memory()[1])
        finally:
            tracemalloc.stop()
    assert (peaks[1] - peaks[0]) / (many - few) < most, peaks


def make(by, offered, ids, kind):
    """Bytes of a file that travelled."""
    response = taking.MAKERS[kind](by, export.table_of(offered), ids, taking.Place(by.person_id))
    try:
        return sum(len(piece) for piece in response)
    finally:
        response.close()


def left_behind():
    """Folders of workbooks of this process, and files of such folders that are still open."""
    folders = [str(path) for path in Path(tempfile.gettempdir()).glob(f"helpdesk-sheet-{os.getpid()}-*")]
    return folders + [where for where in map(_where, Path("/proc/self/fd").iterdir()) if "helpdesk-sheet-" in where]


def _where(descriptor):
    try:
        return str(descriptor.readlink())
    except FileNotFoundError:  # that of the folder itself
        return ""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_interrupted_download_leaves_nothing(world, in_one_connection, monkeypatch, kind):
    """Neither a place, nor a file, nor a statement that is still being read."""
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    for _ in range(3):
        world.ticket()
    by = Actor(world.carol.pk)
    offered = offered_to(by)
    answer = export_of(by, offered, conditions.read(QueryDict(), offered), kind)
    assert next(iter(answer))
    with taking.place(-11), taking.place(-12):
        pass  # whoever reads slowly keeps nobody waiting
    answer.close()
    with taking.place(world.carol.pk):
        pass
    assert left_behind() == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_cursors WHERE name <> ''")
        assert cursor.fetchone() == (0,)


def test_a_workbook_that_fails_half_way_leaves_nothing(world, as_, monkeypatch):
    for _ in range(3):
        world.ticket()
    by = Actor(world.carol.pk)
    offered, cells, made = offered_to(by), export.cells, []
    with monkeypatch.context() as patch:
        patch.setattr(export, "cells", lambda *of: made.append(1) or (cells(*of) if len(made) < 2 else 1 / 0))
        with pytest.raises(ZeroDivisionError):
            export_of(by, offered, conditions.read(QueryDict(), offered), "xlsx")
    gc.collect()  # what the failure still holds
    assert left_behind() == [] and len(made) == 2
    assert len(numbers_of(download(as_(world.carol), "xlsx"))) == 3
    assert left_behind() == []


def test_a_file_that_is_dropped_leaves_its_place_without_a_statement(world, as_):
    """Rubbish is collected at any time, in the middle of somebody's statement as well: what is written down of the
    person's last file stays until it is old."""
    by = Actor(world.carol.pk)
    offered = offered_to(by)
    pieces = export_of(by, offered, conditions.read(QueryDict(), offered), "csv").streaming_content
    assert next(pieces)
    del pieces
    gc.collect()
    with taking.place(-11), taking.place(-12):
        pass
    assert cache.delete(f"export:{world.carol.pk}")
    assert rows_of(download(as_(world.carol))) == []


def test_ids_come_in_the_order_of_the_pages(world):
    for number in range(7):
        world.ticket(subject=f"Сальдо {number}")
    wanted = search.SearchRequest("сальдо")
    by = Actor(world.carol.pk)
    assert search.all_ids(by, wanted, most=100) == [hit.line.id for hit in search.find(by, wanted).items]

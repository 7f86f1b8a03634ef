"""Tables to take along: what a spreadsheet reads of them, and that it runs nothing of what strangers wrote."""

import csv
import io
import re
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from helpdesk.core import sheets
from helpdesk.core.sheets import Column, Link
from helpdesk.core.sheets.tables import _sweep

MOSCOW = ZoneInfo("Europe/Moscow")
COLUMNS = [Column("Номер"), Column("Тема"), Column("Создана"), Column("Срок"), Column("Сколько")]
ROW = [Link("100001", "https://desk.example/portal/tickets/100001/"), "Сальдо; «пени»",
       datetime(2026, 3, 1, 21, 30, tzinfo=UTC), date(2026, 12, 31), 7]  # fmt: skip
NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def read_csv(columns, rows):
    content = b"".join(sheets.csv_lines(columns, rows, zone=MOSCOW))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content[3:].decode(), newline=""), delimiter=";"))


def test_csv_is_what_excel_opens_with_a_double_click():
    content = b"".join(sheets.csv_lines(COLUMNS, [ROW], zone=MOSCOW)).decode()
    assert content == (
        '\ufeffНомер;Тема;Создана;Срок;Сколько\r\n100001;"Сальдо; «пени»";02.03.2026 00:30;31.12.2026;7\r\n'
    )


def test_csv_of_nothing_has_its_head():
    assert read_csv(COLUMNS[:2], []) == [["Номер", "Тема"]]


@pytest.mark.parametrize("text", ["=1+1", "+7 913 000-00-00", "-пени", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"])
def test_csv_holds_no_formulas(text):
    assert read_csv([Column("а")], [[text]])[1] == ["'" + text]


@pytest.mark.parametrize("text", ["-5", "0450018812", "7", "а=б"])
def test_csv_leaves_figures_and_other_texts(text):
    assert read_csv([Column("а")], [[text]])[1] == [text]


@given(st.text(max_size=40))
def test_csv_gives_back_any_text_and_runs_none(text):
    shown = read_csv([Column("а"), Column("б")], [[text, "конец"]])[1]
    assert shown[1] == "конец"
    kept = re.sub("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]", "", text)
    assert shown[0] in {kept, f"'{kept}"}
    assert not shown[0].startswith(("=", "+", "@", "\t")) and (shown[0][:1] != "-" or shown[0][1:].isdecimal())


def sheet_of(path):
    with zipfile.ZipFile(path) as book:
        return {name: etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith((".xml", ".rels"))}


def cells(parts):
    return [
        ["".join(cell.itertext()) for cell in row.findall("m:c", NS)]
        for row in parts["xl/worksheets/sheet1.xml"].iterfind(".//m:row", NS)
    ]


def test_xlsx_has_real_dates_in_the_readers_zone_and_links():
    with sheets.xlsx_file("Заявки", COLUMNS, [ROW], zone=MOSCOW) as path:
        parts = sheet_of(path)
    head, row = cells(parts)
    assert head == [column.title for column in COLUMNS]
    assert row[:2] == ["100001", "Сальдо; «пени»"]
    assert [float(row[2]), float(row[3]), float(row[4])] == [pytest.approx(46083 + 0.5 / 24), 46387.0, 7.0]
    assert "https://desk.example/portal/tickets/100001/" in etree.tostring(
        parts["xl/worksheets/_rels/sheet1.xml.rels"], encoding="unicode"
    )
    assert "dd.mm.yyyy" in etree.tostring(parts["xl/styles.xml"], encoding="unicode")


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_xlsx_takes_any_text_and_holds_no_formula(texts):
    with sheets.xlsx_file(
        "а/б[в]", [Column("т")] * len(texts), [[*texts, "=1+1", "https://a.example"]], zone=UTC
    ) as path:
        parts = sheet_of(path)
    assert parts["xl/worksheets/sheet1.xml"].findall(".//m:f", NS) == []
    assert parts["xl/worksheets/sheet1.xml"].findall(".//m:hyperlink", NS) == []


def left_over():
    return sorted(Path(tempfile.gettempdir()).glob("helpdesk-sheet-*"))


def test_nothing_is_left_of_a_workbook_that_was_interrupted(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def rows():
        yield ["один"]
        raise RuntimeError("interrupted")

    with pytest.raises(RuntimeError), sheets.xlsx_file("а", [Column("т")], rows(), zone=UTC):
        pass
    with sheets.xlsx_file("а", [Column("т")], [["один"]], zone=UTC) as path:
        assert path.exists() and left_over()
    assert left_over() == []


def test_what_a_killed_process_left_goes_with_the_next_workbook(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "helpdesk-sheet-99999999-abc").mkdir()
    (tmp_path / "helpdesk-sheet-1-abc").mkdir()  # of a process that lives
    _sweep()
    assert [path.name for path in left_over()] == ["helpdesk-sheet-1-abc"]

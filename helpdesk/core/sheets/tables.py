"""The two formats. Values are text, whole numbers, days, moments (told in the reader's zone), links, or nothing."""

import csv
import io
import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
LONGEST_CELL = 32_000  # characters; Excel takes 32,767
MOST_LINKS = 60_000  # of a sheet; Excel takes 65,530
MOST_ROWS = 1_000_000  # of a sheet; Excel takes 1,048,576

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what a spreadsheet may run as a formula at the beginning of a cell
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f\ufffe\uffff]")
_PREFIX = "helpdesk-sheet-"


class Link(NamedTuple):
    """A text that leads to an address."""

    text: str
    href: str


Cell = str | int | datetime | date | Link | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters."""

    title: str
    width: int = 20


def csv_lines(columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, zone: tzinfo) -> Iterator[bytes]:
    """The lines of a file as Excel opens it with a double click: UTF-8 with a mark, «;», CRLF.

    A text that a spreadsheet would run as a formula begins with an apostrophe; plain numbers stay as they are. The head
    comes before the first row is asked for.
    """
    buffer = io.StringIO()
    write = csv.writer(buffer, delimiter=";", lineterminator="\r\n").writerow
    buffer.write(BOM)
    write([_defused(column.title) for column in columns])
    yield buffer.getvalue().encode()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        write([_defused(_as_text(cell, zone)) for cell in row])
        yield buffer.getvalue().encode()


def _as_text(cell: Cell, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, Link):
        return cell.text
    return _CONTROLS.sub("", str(cell))[:LONGEST_CELL]


def _defused(text: str) -> str:
    """A text that is a text in a spreadsheet too."""
    is_figure = text.removeprefix("-").isdecimal()
    return f"'{text}" if text.startswith(_FORMULA) and not is_figure else text


@contextmanager
def xlsx_file(title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], *, zone: tzinfo) -> Iterator[Path]:
    """A workbook of one sheet as a file, gone with the block: real dates, links, a head that stays in sight.

    Rows go to a file as they come. Whatever a killed process has left behind goes with the next workbook.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        _write(folder, title, columns, rows, zone)
        yield folder / "sheet.xlsx"
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write(folder: Path, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]], zone: tzinfo) -> None:
    options = {"constant_memory": True, "tmpdir": str(folder), "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(folder / "sheet.xlsx"), options)
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\']", " ", title)[:31].strip() or "1")
    head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    formats = {
        name: book.add_format({"valign": "top", "align": "left", **({"num_format": form} if form else {})})
        for name, form in (("moment", "dd.mm.yyyy hh:mm"), ("day", "dd.mm.yyyy"), ("plain", ""))
    }
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.title, head)
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MOST_ROWS:
            break
        for place, cell in enumerate(row):
            if cell is not None:
                _put(sheet, last, place, cell, formats, zone)
    sheet.autofilter(0, 0, max(last, 1), max(len(columns) - 1, 0))
    book.close()


def _put(sheet: Any, row: int, place: int, cell: Cell, formats: Mapping[str, Any], zone: tzinfo) -> None:
    if isinstance(cell, datetime):
        sheet.write_datetime(row, place, cell.astimezone(zone).replace(tzinfo=None), formats["moment"])
    elif isinstance(cell, date):
        sheet.write_datetime(row, place, datetime.combine(cell, time()), formats["day"])
    elif isinstance(cell, Link) and row <= MOST_LINKS:
        sheet.write_url(row, place, cell.href, None, cell.text)
    elif isinstance(cell, int):
        sheet.write_number(row, place, cell, formats["plain"])
    else:
        sheet.write_string(row, place, _as_text(cell, zone), formats["plain"])


def _sweep() -> None:
    """Remove the folders of processes that are no more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = folder.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if owner.isdecimal() and not Path(f"/proc/{owner}").exists() and _has_proc():
                shutil.rmtree(folder, ignore_errors=True)


def _has_proc() -> bool:
    return Path("/proc/self").exists()

"""Makes the blanks that clients fill in (helpdesk/tickets/blanks): DOCX with content controls, PDF with form fields.

Run by hand when a blank changes, in an environment of its own: pip install reportlab fonttools brotli; then
python scripts/blanks.py. The product itself needs neither; it ships the four small files.
"""

import io
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont as PdfFont
from reportlab.pdfgen.canvas import Canvas

ROOT = Path(__file__).resolve().parent.parent / "helpdesk"
TO, FONTS = ROOT / "tickets" / "blanks", ROOT / "web" / "static" / "web" / "fonts"

# A blank: title, what to know, then parts. A part: its heading and lines; a line: (label, lines of room) to write in,
# (label, [boxes]) to tick, or a grid: ("", (columns, rows)).
TRAINING = (
    "Заявка на обучение",
    "Заполните и приложите к заявке в HelpDesk (получатель «Обучение»). Занятие назначим, как только получим бланк.",
    [
        ("Кто обращается", [("Компания", 1), ("ФИО и телефон", 1)]),
        ("Кого обучаем", [("ФИО сотрудника", 1), ("Должность", 1), ("Почта и телефон", 1),
                          ("Логин в программе, если есть", 1)]),
        ("Чему обучаем", [
            ("Разделы", ["Лицевые счета и начисления", "Платежи и касса", "Приборы учёта и показания",
                         "Льготы и субсидии", "Паспортный стол", "Отчёты и закрытие периода", "Обмен данными",
                         "Кабинет Абонента"]),
            ("Что разобрать подробнее", 3),
        ]),
        ("Когда", [("Два-три удобных дня и время", 2)]),
        ("Руководитель", [("ФИО и должность", 1), ("Подпись и дата", 1)]),
    ],
)  # fmt: skip
ACCESS = (
    "Заявка на доступ к БО и ХД",
    "Заполните, подпишите у руководителя и приложите к заявке в HelpDesk. Пароли в бланк не вписывайте.",
    [
        ("Что сделать", [("Доступ", ["Открыть", "Изменить", "Закрыть"]),
                         ("Куда", ["Биллинг (БО)", "Хранилище данных (ХД)"]), ("С какой даты", 1)]),
        ("Сотрудник", [("Компания", 1), ("ФИО", 1), ("Должность", 1), ("Почта для временного пароля", 1),
                       ("Телефон", 1), ("Логин, если есть", 1)]),
        ("Права", [("", (["Просмотр", "Ввод", "Администратор"],
                         ["Лицевые счета", "Начисления и перерасчёты", "Платежи", "Приборы учёта", "Льготы",
                          "Паспортный стол", "Отчёты", "Справочники"])), ("Основание, примечания", 2)]),
        ("Руководитель", [("ФИО и должность", 1), ("Подпись и дата", 1)]),
    ],
)  # fmt: skip

# --- DOCX

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W14 = "http://schemas.microsoft.com/office/word/2010/wordml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
FONT = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'


def run(text, *, size=22, bold=False, color="1D1B18", font=FONT):
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:r><w:rPr>{font}{weight}<w:color w:val="{color}"/><w:sz w:val="{size}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def paragraph(content, *, after=0, keep=False, before=0):
    together = "<w:keepNext/>" if keep else ""
    return f'<w:p><w:pPr>{together}<w:spacing w:before="{before}" w:after="{after}"/></w:pPr>{content}</w:p>'


class Ids:
    """Numbers of the controls in one document."""

    last = 1000

    @classmethod
    def next(cls):
        cls.last += 1
        return cls.last


def room(label):
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(label)}"/><w:id w:val="{Ids.next()}"/><w:showingPlcHdr/>'
        f'<w:text w:multiLine="1"/></w:sdtPr><w:sdtContent>{run("Впишите здесь", color="8A857A")}</w:sdtContent></w:sdt>'
    )


def tick(label):
    face = '<w:rFonts w:ascii="MS Gothic" w:eastAsia="MS Gothic" w:hAnsi="MS Gothic"/>'
    return (
        f'<w:sdt><w:sdtPr><w:alias w:val="{escape(label)}"/><w:id w:val="{Ids.next()}"/><w14:checkbox>'
        '<w14:checked w14:val="0"/><w14:checkedState w14:val="2612" w14:font="MS Gothic"/>'
        '<w14:uncheckedState w14:val="2610" w14:font="MS Gothic"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run('☐', font=face)}</w:sdtContent></w:sdt>"
    )


def cell(content, width, *, shade=""):
    fill = f'<w:shd w:val="clear" w:color="auto" w:fill="{shade}"/>' if shade else ""
    return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{fill}<w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'


def table(rows, widths):
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="BDB8AE"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    margins = '<w:tblCellMar><w:top w:w="60" w:type="dxa"/><w:left w:w="110" w:type="dxa"/><w:bottom w:w="60" w:type="dxa"/><w:right w:w="110" w:type="dxa"/></w:tblCellMar>'
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/>{margins}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def row(cells, *, height=420):
    return f'<w:tr><w:trPr><w:cantSplit/><w:trHeight w:val="{height}"/></w:trPr>{"".join(cells)}</w:tr>'


def docx_grid(columns, lines):
    wide, narrow = 4638, 1667
    head = [cell(paragraph(run(name, bold=True, size=20)), narrow, shade="F1EFE9") for name in columns]
    rows = [row([cell(paragraph(run("Раздел", bold=True, size=20)), wide, shade="F1EFE9"), *head])]
    for line in lines:
        boxes = [cell(paragraph(tick(f"{line}: {name}")), narrow) for name in columns]
        rows.append(row([cell(paragraph(run(line, size=20)), wide), *boxes], height=340))
    return table(rows, [wide, *[narrow] * len(columns)])


def docx(blank):
    title, advice, parts = blank
    body = paragraph(run(title, size=36, bold=True), after=80) + paragraph(
        run(advice, size=20, color="5C574E"), after=160
    )
    for heading, lines in parts:
        body += paragraph(run(heading, size=24, bold=True, color="1F4E9E"), before=160, after=80, keep=True)
        plain = [line for line in lines if not isinstance(line[1], tuple)]
        for _label, content in lines:
            if isinstance(content, tuple):
                body += docx_grid(*content) + paragraph("", after=60)
        rows = []
        for label, content in plain:
            if isinstance(content, list):
                inner = "".join(paragraph(tick(name) + run(f" {name}"), after=20) for name in content)
            else:
                inner = paragraph(room(label))
            height = 420 if isinstance(content, list) else 420 + 280 * (content - 1)
            rows.append(
                row([cell(paragraph(run(label, size=20)), 3200, shade="F7F5F0"), cell(inner, 6439)], height=height)
            )
        if rows:
            body += table(rows, [3200, 6439])
    page = (
        '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
        '<w:pgMar w:top="900" w:right="1000" w:bottom="800" w:left="1267" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr>'
    )
    parts_of = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        'officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{HEAD}<w:document xmlns:w="{W}" xmlns:w14="{W14}" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="w14">'
        f"<w:body>{body}{page}</w:body></w:document>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts_of.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return made.getvalue()


# --- PDF

INK, SOFT, BLUE, EDGE = HexColor("#1d1b18"), HexColor("#5c574e"), HexColor("#1f4e9e"), HexColor("#bdb8ae")
LEFT, RIGHT, LABEL = 48, A4[0] - 48, 168


def fonts():
    """The product's own typeface, in two weights, as fonts that a PDF can embed."""
    with tempfile.TemporaryDirectory() as folder:
        for name, weight in (("Golos", 400), ("Golos-Bold", 600)):
            paths = []
            for script in ("cyrillic", "latin"):
                font = TTFont(FONTS / f"golos-{script}.woff2")
                font.flavor = None
                instantiateVariableFont(font, {"wght": weight}, inplace=True)
                for tag in ("GSUB", "GPOS", "GDEF", "STAT"):
                    if tag in font:
                        del font[tag]
                paths.append(f"{folder}/{name}-{script}.ttf")
                font.save(paths[-1])
            Merger().merge(paths).save(f"{folder}/{name}.ttf")
            pdfmetrics.registerFont(PdfFont(name, f"{folder}/{name}.ttf"))


class Sheet:
    """One page that is filled from the top down."""

    def __init__(self, title, to):
        self.canvas = Canvas(to, pagesize=A4, invariant=True)
        self.canvas.setTitle(title)
        self.canvas.setAuthor("HelpDesk")
        self.y, self.names = A4[1] - 60, 0

    def name(self):
        self.names += 1
        return f"f{self.names}"

    def text(self, x, y, text, *, size=10, font="Golos", color=INK):
        self.canvas.setFont(font, size)
        self.canvas.setFillColor(color)
        self.canvas.drawString(x, y, text)

    def room(self, label, lines):
        height = 23 + 15 * (lines - 1)
        self.y -= height
        self.text(LEFT, self.y + height - 15, label)
        self.frame(LEFT + LABEL, self.y, RIGHT - LEFT - LABEL, height)
        self.canvas.acroForm.textfield(
            name=self.name(), tooltip=label, x=LEFT + LABEL, y=self.y, width=RIGHT - LEFT - LABEL, height=height,
            fontName="Helvetica", fontSize=10, borderWidth=0, borderColor=None, fillColor=None, textColor=INK,
            fieldFlags="multiline" if lines > 1 else "",
        )  # fmt: skip
        self.y -= 5

    def frame(self, x, y, width, height):
        """Drawn on the page itself, so that a printed blank can be filled in by hand."""
        self.canvas.setStrokeColor(EDGE)
        self.canvas.setLineWidth(0.7)
        self.canvas.roundRect(x, y, width, height, 2)

    def tick(self, x, y, label):
        self.frame(x, y, 11, 11)
        self.canvas.acroForm.checkbox(
            name=self.name(), tooltip=label, x=x, y=y, size=11, borderWidth=0, borderColor=None, fillColor=None,
            textColor=INK, buttonStyle="check",
        )  # fmt: skip

    def boxes(self, label, names):
        columns = 3 if len(names) <= 3 else 2
        width = (RIGHT - LEFT - LABEL) / columns
        self.text(LEFT, self.y - 11, label)
        for at, name in enumerate(names):
            x, y = LEFT + LABEL + width * (at % columns), self.y - 13 - 17 * (at // columns)
            self.tick(x, y, name)
            self.text(x + 16, y + 2, name)
        self.y -= 17 * -(-len(names) // columns) + 5

    def grid(self, columns, rows):
        start, width = LEFT + 220, (RIGHT - LEFT - 220) / len(columns)
        for at, name in enumerate(columns):
            self.text(start + width * at, self.y - 10, name, size=9, color=SOFT)
        self.y -= 15
        self.canvas.setStrokeColor(EDGE)
        self.canvas.setLineWidth(0.5)
        for line in rows:
            self.canvas.line(LEFT, self.y, RIGHT, self.y)
            self.y -= 19
            self.text(LEFT, self.y + 6, line)
            for at, name in enumerate(columns):
                self.tick(start + width * at, self.y + 4, f"{line}: {name}")
        self.canvas.line(LEFT, self.y, RIGHT, self.y)
        self.y -= 8


def pdf(blank):
    title, advice, parts = blank
    made = io.BytesIO()
    sheet = Sheet(title, made)
    sheet.text(LEFT, sheet.y, title, size=19, font="Golos-Bold")
    sheet.y -= 20
    words, line = advice.split(), ""
    for word in [*words, ""]:
        if not word or pdfmetrics.stringWidth(f"{line} {word}", "Golos", 9.5) > RIGHT - LEFT:
            sheet.text(LEFT, sheet.y, line, size=9.5, color=SOFT)
            sheet.y, line = sheet.y - 13, word
        else:
            line = f"{line} {word}".strip()
    for heading, lines in parts:
        sheet.y -= 18
        sheet.text(LEFT, sheet.y, heading, size=12, font="Golos-Bold", color=BLUE)
        sheet.y -= 7
        for label, content in lines:
            if isinstance(content, tuple):
                sheet.grid(*content)
            elif isinstance(content, list):
                sheet.boxes(label, content)
            else:
                sheet.room(label, content)
    assert sheet.y > 30, sheet.y
    sheet.canvas.acroForm.extras["NeedAppearances"] = "true"
    sheet.canvas.save()
    return made.getvalue()


def main():
    fonts()
    for key, blank in (("training", TRAINING), ("access", ACCESS)):
        (TO / f"{key}.docx").write_bytes(docx(blank))
        (TO / f"{key}.pdf").write_bytes(pdf(blank))
    return 0


if __name__ == "__main__":
    sys.exit(main())

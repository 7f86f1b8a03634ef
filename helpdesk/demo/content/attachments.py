"""Small real files for the demo conversations: registers, readings, forms, acts, screenshots."""

from collections.abc import Callable
from random import Random
from typing import Final

from helpdesk.demo.content.bitmap import Canvas, Colour
from helpdesk.demo.content.packages import Cell, docx, pdf, xlsx
from helpdesk.demo.content.placeholders import HOLDERS, STREETS

Built = tuple[str, str, bytes]  # file name, content type, bytes

CSV: Final = "text/csv"
TEXT: Final = "text/plain"
PDF: Final = "application/pdf"
PNG: Final = "image/png"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

INK: Final[Colour] = (60, 64, 72)
BLUE: Final[Colour] = (38, 84, 160)
PALE: Final[Colour] = (236, 239, 244)
LINE: Final[Colour] = (200, 205, 212)
RED: Final[Colour] = (190, 48, 48)
GREEN: Final[Colour] = (52, 128, 84)

_REGISTER_HEAD: Final = "Дата;Лицевой счёт;Плательщик;Адрес;Сумма;Номер операции"


def build(name: str, rng: Random) -> Built:
    """A file by its generator's name: (file name, content type, bytes); the same seed gives the same bytes.

    Raises KeyError for a name that GENERATORS does not hold.
    """
    return GENERATORS[name](rng)


def _account(rng: Random) -> str:
    return f"4500{rng.randint(100_000, 999_999)}"


def _address(rng: Random) -> str:
    return f"{rng.choice(STREETS)}, д. {rng.randint(1, 96)}, кв. {rng.randint(1, 180)}"


def _amount(rng: Random) -> str:
    return f"{rng.randint(300, 9400)},{rng.randint(0, 99):02d}"


def _register_text(rng: Random, *, rows: int) -> str:
    lines = [_REGISTER_HEAD]
    for _ in range(rows):
        day = f"{rng.randint(1, 28):02d}.{rng.randint(1, 12):02d}"
        operation = rng.randint(8_812_000_000, 8_899_999_999)
        lines.append(f"{day};{_account(rng)};{rng.choice(HOLDERS)};{_address(rng)};{_amount(rng)};{operation}")
    return "\r\n".join(lines) + "\r\n"


def _register_bank(rng: Random) -> Built:
    name = f"Реестр_платежей_{rng.randint(1000, 9999)}.csv"
    return name, CSV, _register_text(rng, rows=rng.randint(24, 60)).encode("cp1251")


def _register_bank_utf8(rng: Random) -> Built:
    name = f"reestr_{rng.randint(1000, 9999)}_utf8.csv"
    return name, CSV, _register_text(rng, rows=rng.randint(20, 40)).encode("utf-8-sig")


def _register_empty(rng: Random) -> Built:
    return f"Реестр_платежей_{rng.randint(1000, 9999)}.csv", CSV, f"{_REGISTER_HEAD}\r\n".encode("cp1251")


def _readings(rng: Random, *, rows: int) -> list[list[Cell]]:
    table: list[list[Cell]] = [["Лицевой счёт", "Адрес", "Номер прибора", "Услуга", "Прежнее", "Текущее"]]
    for _ in range(rows):
        before = rng.randint(20, 900)
        service = rng.choice(("ХВС", "ГВС", "Электроэнергия"))
        table.append(
            [
                _account(rng),
                _address(rng),
                f"{rng.randint(10**7, 10**8 - 1)}",
                service,
                before,
                before + rng.randint(0, 14),
            ]
        )
    return table


def _readings_csv(rng: Random) -> Built:
    text = "\r\n".join(";".join(str(cell) for cell in row) for row in _readings(rng, rows=36))
    return f"Показания_ИПУ_{rng.randint(10, 99)}.csv", CSV, text.encode("cp1251")


def _readings_xlsx(rng: Random) -> Built:
    return f"Показания_ИПУ_{rng.randint(10, 99)}.xlsx", XLSX, xlsx(_readings(rng, rows=48), sheet="Показания")


def _accounts_xlsx(rng: Random) -> Built:
    rows: list[list[Cell]] = [["Лицевой счёт", "Адрес", "ФИО", "Площадь, м²", "Сумма"]]
    rows += [
        [_account(rng), _address(rng), rng.choice(HOLDERS), rng.randint(310, 940) / 10, rng.randint(300, 9400)]
        for _ in range(14)
    ]
    return f"Лицевые счета, список {rng.randint(2, 40)}.xlsx", XLSX, xlsx(rows, sheet="Счета")


def _houses_xlsx(rng: Random) -> Built:
    rows: list[list[Cell]] = [["Дом", "Квартира", "Площадь, м²", "Комнат", "Зарегистрировано"]]
    for _ in range(6):
        house = f"{rng.choice(STREETS)}, д. {rng.randint(1, 96)}"
        rows += [
            [house, flat, rng.randint(310, 940) / 10, rng.randint(1, 4), rng.randint(0, 5)] for flat in range(1, 13)
        ]
    return "Реестр помещений, 6 домов.xlsx", XLSX, xlsx(rows, sheet="Помещения")


def _balance_xlsx(rng: Random) -> Built:
    rows: list[list[Cell]] = [["Услуга", "Входящее", "Начислено", "Оплачено", "Исходящее"]]
    for service in (
        "Содержание жилья",
        "Отопление",
        "ГВС",
        "ХВС",
        "Водоотведение",
        "Электроэнергия",
        "ТКО",
        "Капремонт",
    ):
        opening, charged, paid = (rng.randint(10_000, 900_000) for _ in range(3))
        rows.append([service, opening, charged, paid, opening + charged - paid])
    return "Оборотная ведомость.xlsx", XLSX, xlsx(rows, sheet="Ведомость")


def _report_xlsx(rng: Random) -> Built:
    rows: list[list[Cell]] = [["Подъезд", "Счетов", "Должников", "Долг старше 3 месяцев"]]
    rows += [[porch, rng.randint(30, 60), rng.randint(0, 12), rng.randint(0, 240_000)] for porch in range(1, 7)]
    return f"Отчёт_{rng.randint(100, 999)}.xlsx", XLSX, xlsx(rows, sheet="Отчёт")


def _receipt_pdf(rng: Random) -> Built:
    bars = []
    x = 330
    while x < 520:
        width = rng.choice((1, 1, 2, 3))
        bars.append((x, 110, width, 54))
        x += width + rng.choice((1, 2, 3))
    lines = [f"Licevoj schet: {_account(rng)}", "Usluga                     Ob'em        Summa"]
    lines += [
        f"{service:<24} {rng.randint(1, 60):>6} {_amount(rng):>16}"
        for service in ("Soderzhanie", "Otoplenie", "GVS", "HVS", "TKO", "Kapremont")
    ]
    content = pdf([*lines, "", f"Itogo k oplate: {_amount(rng)}"], title="Kvitanciya (obrazec)", strips=bars)
    return f"Образец квитанции {rng.randint(1, 60)}.pdf", PDF, content


def _act_pdf(rng: Random) -> Built:
    number = rng.randint(1, 240)
    lines = [
        f"Licevoj schet: {_account(rng)}",
        f"Pribor ucheta: {rng.randint(10**7, 10**8 - 1)}",
        f"Pokazanie: {rng.randint(20, 900)}",
        "",
        "Podpisi: ______________   ______________",
    ]
    return f"Акт № {number}.pdf", PDF, pdf(lines, title=f"Akt No {number}", strips=[(56, 752, 483, 1)])


def _order_pdf(rng: Random) -> Built:
    number = rng.randint(100, 980)
    lines = [
        "1. Utverdit' tarify i normativy soglasno prilozheniyu.",
        "2. Vvesti v dejstvie s pervogo chisla.",
        "3. Kontrol' ostavlyayu za soboj.",
    ]
    return f"Постановление № {number}.pdf", PDF, pdf(lines, title=f"Postanovlenie No {number}")


def _instruction_pdf(rng: Random) -> Built:
    lines = [f"{step}. Shag {step}: sm. risunok {step}" for step in range(1, rng.randint(5, 9))]
    return "Памятка.pdf", PDF, pdf(lines, title="Pamyatka pol'zovatelya", strips=[(56, 752, 483, 1)])


def _access_form_docx(rng: Random) -> Built:
    paragraphs = [
        "ФИО сотрудника: ____________________",
        "Должность: ____________________",
        "Почта для временного пароля: ____________________",
        "Разделы: лицевые счета — просмотр; платежи — ввод; отчёты — все",
        f"Регистрационный номер бланка: {rng.randint(100, 999)}",
        "Руководитель: ____________________",
    ]
    return "Заявка на доступ к БО и ХД.docx", DOCX, docx(paragraphs, title="Заявка на предоставление доступа")


def _training_form_docx(rng: Random) -> Built:
    paragraphs = [
        "ФИО сотрудника: ____________________",
        "Должность: ____________________",
        "Темы: касса, возвраты, закрытие смены",
        f"Удобное время: после {rng.randint(9, 15)}:00",
    ]
    return "Бланк на обучение.docx", DOCX, docx(paragraphs, title="Заявка на обучение")


def _format_docx(rng: Random) -> Built:
    paragraphs = [
        f"Поле {number}: {kind}, длина {rng.randint(1, 60)}"
        for number, kind in enumerate(("строка", "дата", "число", "строка", "признак"), 1)
    ]
    return f"Описание формата, версия {rng.randint(2, 9)}.docx", DOCX, docx(paragraphs, title="Описание формата файла")


def _technical_docx(rng: Random) -> Built:
    paragraphs = [
        "1. Цель работы.",
        "2. Исходные данные.",
        "3. Порядок приёмки.",
        f"Трудоёмкость: {rng.randint(8, 48)} ч",
    ]
    return "Описание работ.docx", DOCX, docx(paragraphs, title="Описание работ")


def _benefit_lines(rng: Random, *, answer: bool) -> str:
    lines = []
    for _ in range(24):
        code = f"|{rng.choice(('00', '00', '00', '14'))}" if answer else ""
        lines.append(
            f"{rng.randint(0, 12):02d}-{rng.randint(1000, 9999)}|{rng.choice(HOLDERS)}|{_account(rng)}|{_amount(rng)}{code}"
        )
    return "\r\n".join(lines) + "\r\n"


def _benefit_request_txt(rng: Random) -> Built:
    return f"ZAPROS_{rng.randint(100, 999)}.txt", TEXT, _benefit_lines(rng, answer=False).encode("cp1251")


def _benefit_answer_txt(rng: Random) -> Built:
    return f"OTVET_{rng.randint(100, 999)}.txt", TEXT, _benefit_lines(rng, answer=True).encode("cp1251")


def _exchange_log_txt(rng: Random) -> Built:
    lines = ["09:00:01 Начало обмена"]
    lines += [
        f"09:{rng.randint(1, 58):02d}:{rng.randint(0, 59):02d} Строка {row}: {rng.choice(('принято', 'принято', 'ожидает ответа'))}"
        for row in range(1, 30)
    ]
    return f"Журнал обмена {rng.randint(1, 31)}.txt", TEXT, "\r\n".join([*lines, "09:59:59 Обмен завершён"]).encode()


def _window(rng: Random, *, rows: int) -> Canvas:
    canvas = Canvas(400, 260, ground=PALE)
    canvas.rectangle(0, 0, width=400, height=24, colour=BLUE)
    canvas.rectangle(0, 24, width=84, height=236, colour=(222, 227, 234))
    for item in range(7):
        canvas.rectangle(10, 38 + item * 20, width=rng.randint(36, 64), height=6, colour=LINE if item else BLUE)
    for row in range(rows):
        top = 46 + row * 20
        canvas.rectangle(96, top, width=292, height=1, colour=LINE)
        canvas.rectangle(100, top + 7, width=rng.randint(60, 130), height=6, colour=INK)
        canvas.figures(318, top + 5, _amount(rng), scale=2, colour=INK)
    return canvas


def _screenshot_page(rng: Random) -> Built:
    return f"Снимок экрана {rng.randint(10, 99)}.png", PNG, _window(rng, rows=10).png()


def _screenshot_error(rng: Random) -> Built:
    canvas = _window(rng, rows=0)
    canvas.rectangle(124, 76, width=240, height=120, colour=(255, 255, 255))
    canvas.rectangle(124, 76, width=240, height=6, colour=RED)
    canvas.figures(196, 100, rng.choice(("500", "500", "504")), scale=9, colour=RED)
    canvas.rectangle(160, 160, width=170, height=5, colour=LINE)
    canvas.rectangle(190, 172, width=110, height=5, colour=LINE)
    return f"Ошибка на экране {rng.randint(10, 99)}.png", PNG, canvas.png()


def _screenshot_cash(rng: Random) -> Built:
    canvas = Canvas(360, 240, ground=(44, 52, 60))
    canvas.rectangle(16, 16, width=328, height=64, colour=(18, 40, 26))
    canvas.figures(40, 30, _amount(rng), scale=7, colour=(126, 220, 150))
    for key in range(12):
        colour = GREEN if key == 11 else (92, 102, 112)
        canvas.rectangle(16 + key % 4 * 84, 96 + key // 4 * 46, width=76, height=38, colour=colour)
    canvas.rectangle(0, 234, width=360, height=6, colour=RED)
    return f"Экран кассы {rng.randint(1, 9)}.png", PNG, canvas.png()


def _photo_receipt_png(rng: Random) -> Built:
    canvas = Canvas(220, 360, ground=(176, 160, 140))
    canvas.rectangle(30, 16, width=160, height=328, colour=(250, 249, 245))
    for row in range(9):
        top = 36 + row * 26
        canvas.rectangle(42, top, width=rng.randint(30, 70), height=5, colour=INK)
        canvas.figures(118, top - 2, _amount(rng), scale=2, colour=INK)
    canvas.figures(64, 290, _amount(rng), scale=4, colour=INK)
    return f"Фото чека {rng.randint(100, 999)}.png", PNG, canvas.png()


def _statement_png(rng: Random) -> Built:
    canvas = Canvas(320, 220)
    canvas.rectangle(0, 0, width=320, height=34, colour=GREEN)
    amount = f"-{_amount(rng)}"
    for row in range(2):
        canvas.rectangle(16, 58 + row * 56, width=120, height=7, colour=INK)
        canvas.rectangle(16, 72 + row * 56, width=80, height=5, colour=LINE)
        canvas.figures(196, 58 + row * 56, amount, scale=3, colour=RED)
    canvas.rectangle(16, 180, width=288, height=1, colour=LINE)
    return "Выписка банка.png", PNG, canvas.png()


def _logo_png(rng: Random) -> Built:
    canvas = Canvas(300, 100)
    tint = rng.choice((BLUE, GREEN, RED))
    canvas.rectangle(16, 40, width=60, height=44, colour=tint)
    for step in range(24):
        canvas.rectangle(46 - step * 3 // 2, 14 + step, width=step * 3, height=1, colour=tint)
    for letter in range(5):
        canvas.rectangle(96 + letter * 38, 36, width=26, height=36, colour=INK)
    return "logo.png", PNG, canvas.png()


GENERATORS: Final[dict[str, Callable[[Random], Built]]] = {
    "register_bank": _register_bank,
    "register_bank_utf8": _register_bank_utf8,
    "register_empty": _register_empty,
    "readings_csv": _readings_csv,
    "readings_xlsx": _readings_xlsx,
    "accounts_xlsx": _accounts_xlsx,
    "houses_xlsx": _houses_xlsx,
    "balance_xlsx": _balance_xlsx,
    "report_xlsx": _report_xlsx,
    "receipt_pdf": _receipt_pdf,
    "act_pdf": _act_pdf,
    "order_pdf": _order_pdf,
    "instruction_pdf": _instruction_pdf,
    "access_form_docx": _access_form_docx,
    "training_form_docx": _training_form_docx,
    "format_docx": _format_docx,
    "technical_docx": _technical_docx,
    "benefit_request_txt": _benefit_request_txt,
    "benefit_answer_txt": _benefit_answer_txt,
    "exchange_log_txt": _exchange_log_txt,
    "screenshot_page": _screenshot_page,
    "screenshot_error": _screenshot_error,
    "screenshot_cash": _screenshot_cash,
    "photo_receipt_png": _photo_receipt_png,
    "statement_png": _statement_png,
    "logo_png": _logo_png,
}

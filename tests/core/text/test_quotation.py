"""What of a reply was written now: letters of clerks who answer in the ways of many mail programs."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpdesk.core.text.plain import from_html
from helpdesk.core.text.quotation import REPLY_MARKERS, folded_text, kinds_in, split, visible_text
from tests.factories.sizes import examples

ANSWER = "Спасибо, начисление по квартире 14 теперь верное.\nЗаявку можно закрыть."

HEADS = [
    "24.11.2026 10:12, Иван Петров пишет:",
    "24.11.2026 10:12, Служба поддержки пишет:",
    "24.11.2026 в 10:12, Служба поддержки <support@example.com> написал(а):",
    "вт, 24 нояб. 2026 г. в 10:12, Служба поддержки <support@example.com>:",
    "вторник, 24 ноября 2026 г., 10:12 +03:00 от Служба поддержки <support@example.com>:",
    "24 ноября 2026 г., в 10:12, Служба поддержки <support@example.com> написал(а):",
    '24.11.2026, 10:12, "Служба поддержки" <support@example.com>:',
    "24 ноября 2026 г. 10:12:44 GMT+03:00, Служба поддержки <support@example.com> пишет:",
    "Служба поддержки <support@example.com> писал(а) в своём письме от 24.11.2026 10:12:",
    "On Tue, 24 Nov 2026 at 10:12, Support <support@example.com> wrote:",
    "On 24.11.2026 10:12, Support wrote:",
    "Am 24.11.2026 um 10:12 schrieb Support:",
    "Le mar. 24 nov. 2026 à 10:12, Support <support@example.com> a écrit :",
    "El mar, 24 nov 2026 a las 10:12, Support (<support@example.com>) escribió:",
]
SEPARATORS = [
    "-----Original Message-----",
    "-----Исходное сообщение-----",
    "-------- Исходное сообщение --------",
    "-------- Пересылаемое сообщение --------",
    "---------- Forwarded message ---------",
    "-------- Ursprüngliche Nachricht --------",
    "-------- Первоначальное сообщение --------",
]
OUTLOOK = """\
От: Служба поддержки [mailto:support@example.com]
Отправлено: 24 ноября 2026 г. 10:12
Кому: Петрова Анна <petrova@example.org>
Тема: RE: Перерасчёт за октябрь
"""
CARD = "С уважением,\nПетрова Анна, бухгалтер\nтел. +7 (495) 000-00-00"


def seen(text):
    segments = split(text)
    assert "\n".join(segment.text for segment in segments) == text
    return visible_text(segments)


@pytest.mark.parametrize("head", HEADS)
def test_marked_lines_below_a_head_are_quoted(head):
    assert seen(f"{ANSWER}\n\n{head}\n\n> Проверьте, пожалуйста.\n>> Ещё раньше\n") == ANSWER


@pytest.mark.parametrize("head", [head for head in HEADS if "своём" not in head])
def test_all_below_a_clear_head_is_quoted_without_marks(head):
    assert seen(f"{ANSWER}\n\n{head}\nПроверьте, пожалуйста.\n\nС уважением, поддержка") == ANSWER


@pytest.mark.parametrize("separator", SEPARATORS)
def test_separator_with_headers_cuts(separator):
    assert seen(f"{ANSWER}\n\n{separator}\nFrom: support@example.com\nDate: 24.11.2026\n\nПроверьте.") == ANSWER


@pytest.mark.parametrize("rule", ["", "_" * 32 + "\n", "-" * 20 + "\n\n"])
def test_headers_of_outlook_cut_with_the_rule_above(rule):
    assert seen(f"{ANSWER}\n\n{rule}{OUTLOOK}\nПроверьте, пожалуйста.") == ANSWER


def test_headers_in_bold_and_with_a_folded_address_cut():
    text = f"{ANSWER}\n\n*From:* Support Desk\n<support@example.com>\n*Sent:* Tuesday, 24 November 2026 10:12\n*To:* Anna\n*Subject:* RE: x\n\nCheck."
    assert seen(text) == ANSWER


@pytest.mark.parametrize(
    "quoted",
    [
        '----------------\nКому: petrova (petrova@zarya.example);\nТема: Перерасчёт;\n24.11.2026, 10:12, "Поддержка" <support@example.com>:\n\nПроверьте.',
        '----------------\nКому: petrova (petrova@zarya.example);\nТема: Перерасчёт;\n24.11.2026, 10:12, "Поддержка" <support@example.com>:\n> Проверьте.',
        "Вы писали 24 ноября 2026 г., 10:12:44:\n\n> Проверьте.",
        "Вы писали 24 ноября 2026 г., 10:12:44:\n\nИП> Проверьте.\nИП> Жду.",
        "Служба поддержки писал 2026-11-24 10:12:\n> Проверьте.",
        'От: "Поддержка" <support@example.com>\nКому: "petrova" <petrova@zarya.example>\nОтправленные: Вторник, 24 Ноябрь 2026 г 10:12:00\nТема: x\n\nПроверьте.',
        "Отправлено из Почты Mail.ru\n\nвторник, 24 ноября 2026 г., 10:12 +0300 от support@example.com  <support@example.com>:\nПроверьте.",
        "&gt; Проверьте.\n&gt; Жду.",
    ],
)
def test_ways_of_russian_programs(quoted):
    assert seen(f"{ANSWER}\n\n{quoted}") == ANSWER


def test_answers_between_quoted_lines_stay_visible():
    text = (
        "24.11.2026 10:12, Иван Петров пишет:\n> Какой лицевой счёт?\n\n1204567\n\n> За какой период?\n\n"
        "За октябрь 2026.\n> Спасибо!\n"
    )
    assert seen(text) == "1204567\n\nЗа октябрь 2026."


def test_answer_below_the_quotation_stays_visible():
    assert seen("> Проверили?\n> Жду.\n\nДа, всё верно.") == "Да, всё верно."


def test_answer_below_an_unmarked_head_stays_visible():
    text = (
        "On 24 Nov 2026 10:12, Support <support@example.com> wrote:\n\nПришлите, пожалуйста, акт.\n\nАкт во вложении."
    )
    assert "Акт во вложении." in seen(text)


def test_letter_passed_on_without_a_word_is_shown():
    text = f"-------- Пересылаемое сообщение --------\n{OUTLOOK}\nНе могу передать показания."
    assert "Не могу передать показания." in seen(text)


def test_words_below_the_end_of_a_passed_on_letter_are_shown():
    text = (
        "Посмотрите, пожалуйста.\n\n-------- Пересылаемое сообщение --------\nОт: a@example.org\nТема: счёт\n\nТекст жильца\n"
        "-------- Конец пересылаемого сообщения --------\n\nОтветить нужно до пятницы."
    )
    assert seen(text) == "Посмотрите, пожалуйста.\n\nОтветить нужно до пятницы."


@pytest.mark.parametrize("language", ["ru", "en"])
def test_our_own_marker_cuts(language):
    assert seen(f"{ANSWER}\n\n{REPLY_MARKERS[language]}\n\nЗаявка 100 123\nТекст ответа") == ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "Жилец пишет: не могу войти в кабинет.\nПароль не приходит.",
        "24.11.2026 жилец Петров написал нам:\nпочему сумма в квитанции выросла?\nЧто ему ответить?",
        "Добрый день!\n24.11.2026 10:12, жилец из кв. 5 написал:\nнет горячей воды",
        "Получатель: ООО Заря\nТема: сверка\nПросим выслать акт.",
        "Вот что пишет система:\n\nОт: Сервер\nДата: 24.11.2026\nТема: Ошибка 500\nКому: admin\n\nЧто делать?",
        "Порог:\n>100 кВт·ч считается по второму тарифу",
        "Начислено:\n----------\nотопление 100\n----------\nитого 100",
        "Отправлено из кабинета, номер 55, а ответа нет.",
        "Отправлено с телефона жильца из квартиры 5",
        "Показания\nsent from my account yesterday",
        "С уважением отношусь к вашей работе, но счёт снова неверный.",
        "Добрый день!\n\n--\nвода 3 м3\nсвет 40 кВт\nПрошу внести показания",
        "С уважением,\nПетрова А. А.\nл/с 1204567, кв. 14, тел. +7 900 000-00-00",
        "Я писал 24.11.2026 на <support@example.com>, ответа нет",
        "Wrote to you on Monday.\n\nAny news?",
    ],
)
def test_words_that_only_look_like_quotation_are_shown(text):
    assert seen(text) == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "Варианты:\n--\nпервый вариант нам подходит\nвторой тоже\nтретий нет",
        "Ошибка на странице.\n\n-- \nОшибка появляется утром\nВ кабинете директор видит то же\nЛечится обновлением",
        "Спасибо.\n\n--\nПетрова\nбухгалтер\nСумма 1284,60 не сошлась",
        "С уважением,\nПетрова Анна, тел. 8 495 000-00-00\nСумма в реестре не сошлась",
        "Меню:\n>Настройки\n>Тарифы\nне открывается",
        "Выполнил:\n\n> SELECT 1\n\nОшибка",
        "Было:\n----- Исходное сообщение -----\nэто текст со страницы\nчто делать?",
        "Письмо жильца:\nОт: ivan@example.com\nДата: 24.11.2026 10:12\nТема: вода\nЧто ему ответить?",
        "Добрый день.\n24.11.2026 в 10:12 Иван Петров писал:\nнет воды\nЧто отвечать?",
        "Реестр отправлен\n24.11.2026 Иванова <iv@example.com>:\nакт сверки\nКогда будет ответ?",
    ],
)
def test_what_the_writer_shows_and_says_is_no_quotation_and_no_signature(text):
    assert seen(text) == text


@pytest.mark.parametrize("rule", ["-- ", "--", "С уважением,"])
@pytest.mark.parametrize(
    "more", ["P.S. По квартире 15 то же.", "Ещё забыла, во втором доме так же.", "Also, it is slow."]
)
def test_what_stands_below_a_signature_is_shown(rule, more):
    card = f"{rule}\nПетрова Анна, бухгалтер\nтел. +7 (495) 000-00-00"
    text = f"{ANSWER}\n\n{card}\n\n{more}\n\n{HEADS[3]}\n> раньше"
    assert [segment.kind for segment in split(text)] == ["written", "signature", "written", "quoted"]
    assert seen(text) == f"{ANSWER}\n\n{more}"


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nПетрова Анна\nУК «Заря»\nтел. +7 (495) 000-00-00",
        "--\nПетрова Анна\nбухгалтер",
        "С уважением,\nПетрова Анна,\nбухгалтер УК «Заря»\nтел. +7 (495) 000-00-00",
        "С уважением, Петрова Анна, ООО «Заря»",
        "Отправлено с iPhone",
        "Отправлено из мобильной Яндекс Почты",
        "Отправлено из Почты Mail.ru для Android",
        "Отправлено из мобильного приложения Яндекс Почты",
        "Отправлено с моего Samsung Galaxy A51",
        "Sent from my iPhone",
        "Sent from my Galaxy",
        "Get Outlook for Android<https://aka.ms/x>",
        "Von meinem iPhone gesendet",
    ],
)
def test_signature_is_folded(signature):
    segments = split(f"{ANSWER}\n\n{signature}\n\n{HEADS[3]}\n> раньше")
    assert visible_text(segments) == ANSWER
    assert [segment.kind for segment in segments] == ["written", "signature", "quoted"]
    assert signature in folded_text(segments)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("С уважением,\nбухгалтер Петрова\nПросим закрыть доступ Сидоровой", "Просим закрыть доступ Сидоровой"),
        (f"{CARD}\nВерните 15 000 рублей ООО «Водоканал»", "Верните 15 000 рублей ООО «Водоканал»"),
        (f"{CARD}\n\nВерните 15 000 рублей ООО «Водоканал»", "Верните 15 000 рублей ООО «Водоканал»"),
        (f"{CARD}\n\nЛогин: buh_zarya, закрыть с 1 декабря", "Логин: buh_zarya, закрыть с 1 декабря"),
        (f"{CARD}\n\nЛьготник: Сидорова Анна Петровна, 00-1238", "Льготник: Сидорова Анна Петровна, 00-1238"),
        ("С уважением, бухгалтер Петрова. Ждём ответ до пятницы", "Ждём ответ до пятницы"),
        (f"{CARD}\n\nСрочно", "Срочно"),
        (f"{CARD}\n\nОплата ООО «Заря» без НДС", "Оплата ООО «Заря» без НДС"),
        (f"{CARD}\n\nТелефон жильца 8 900 000-00-00", "Телефон жильца 8 900 000-00-00"),
        (f"{CARD}\n\nАдрес дома: ул. Мира, 5", "Адрес дома: ул. Мира, 5"),
        (f"{CARD}\n\nДиректор Петров подписал вчера", "Директор Петров подписал вчера"),
        (f"{CARD}\n\n1204567890", "1204567890"),
        (f"{CARD}\n\nHe lost his login again", "He lost his login again"),
        ("Тарифы:\n\n>100 кВт\n>200 кВт", ">100 кВт\n>200 кВт"),
        ("Второй тариф\n>100 кВт\n>200 кВт\nпервый ниже", ">100 кВт\n>200 кВт"),
        (f"Прислал жилец.\n\n{OUTLOOK}\nНет воды.\n\nЧто ему ответить?", "Что ему ответить?"),
        ("Прислал жилец.\n\n-----Исходное сообщение-----\nНет воды.\n\nЧто ответить жильцу?", "Что ответить жильцу?"),
    ],
)  # fmt: skip
def test_what_is_no_line_of_a_card_is_shown(text, said):
    assert said in seen(text)
    assert said in seen(f"{ANSWER}\n\n{text}")


@pytest.mark.parametrize(
    "line",
    [
        "Петрова Анна Сергеевна", "Петрова А. С.", "главный бухгалтер", "бухгалтер Петрова", "Главный бухгалтер ООО «Заря»",
        "Специалист отдела расчётов с населением", "Абонентский отдел", "ООО «Заря»", "УК «Наш дом»", "тел. 8 (495) 000-00-00, доб. 12",
        "Тел./факс: +7 495 000-00-00", "моб.: 8-900-000-00-00", "e-mail: buh@zarya.example", "buh@zarya.example", "www.zarya.example",
        "https://zarya.example/contacts", "123456, г. Город, ул. Мира, д. 5, оф. 3", "[cid:image001.png@01D00000.00000000]",
        "Это сообщение проверено антивирусом Avast.", "Данное сообщение может содержать конфиденциальную информацию.",
        "Отправлено из мобильной Яндекс Почты", "Jane Doe | Support Manager", "12 Main Street, Springfield", "С уважением,", "--",
    ],
)  # fmt: skip
def test_lines_of_a_card_are_folded(line):
    assert seen(f"{ANSWER}\n\n{CARD}\n{line}") == ANSWER


def test_notice_of_several_lines_is_folded_and_what_stands_below_it_shown():
    notice = (
        "Это сообщение и вложения к нему могут содержать конфиденциальную информацию,\n"
        "предназначенную только для лиц, которым оно адресовано."
    )
    assert seen(f"{ANSWER}\n\n{CARD}\n\n{notice}\n\nАкт пришлём завтра") == f"{ANSWER}\n\nАкт пришлём завтра"


def test_list_below_a_head_is_no_comparison():
    assert seen(f"{ANSWER}\n\n{HEADS[0]}\n\n> 100 кВт\n> 200 кВт") == ANSWER
    assert seen(f"{ANSWER}\n\n> 1. Проверьте\n> 2. Ждём") == ANSWER


@pytest.mark.parametrize("quoted", ["", f"{HEADS[3]}\n> раньше", f"{OUTLOOK}\nраньше", "> раньше"])
@pytest.mark.parametrize("card", ["", "Отправлено с iPhone", "-- \nПетрова Анна\nтел. +7 495 000-00-00"])
def test_what_is_folded_is_told_apart(quoted, card):
    kinds = {"quoted"} if quoted else set()
    kinds |= {"signature"} if card else set()
    folded = folded_text(split(f"{ANSWER}\n\n{card}\n\n{quoted}"))
    assert not folded if not kinds else kinds_in(folded) == kinds


def test_name_below_a_farewell_is_shown():
    text = f"{ANSWER}\n\nС уважением,\nАнна"
    assert seen(text) == text


@pytest.mark.parametrize(
    "name", ["-- \nАнна", "--\nАнна Петрова", "-- \nАнна\nSent with Post (http://post.example/?sig)"]
)
def test_name_alone_below_the_dashes_is_shown(name):
    assert seen(f"{ANSWER}\n\n{name}") == f"{ANSWER}\n\n{name}"


def test_letter_of_a_signature_alone_is_shown():
    assert seen("-- \nПетрова Анна") == "-- \nПетрова Анна"


@pytest.mark.parametrize(
    "quoted",
    [
        '<div class="gmail_quote"><div class="gmail_attr">вт, 24 нояб. 2026 г. в 10:12, A &lt;<a href="mailto:a@example.com">a@example.com</a>&gt;:<br></div><blockquote class="gmail_quote">Проверьте<br>Ещё</blockquote></div>',
        '<div class="moz-cite-prefix">24.11.2026 10:12, A пишет:<br></div><blockquote type="cite" cite="mid:x"><p>Проверьте</p><table><tr><td>1</td><td>2</td></tr></table></blockquote>',
        '<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><font><b>От:</b> A &lt;a@example.com&gt;<br><b>Отправлено:</b> 24 ноября 2026 г. 10:12<br><b>Кому:</b> B<br><b>Тема:</b> RE: x</font></div><div>Проверьте</div>',
        '<div style="border:none;border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal"><b>From:</b> A &lt;a@example.com&gt; <br><b>Sent:</b> Tuesday, November 24, 2026 10:12 AM<br><b>To:</b> B<br><b>Subject:</b> RE: x</p></div><p>Проверьте</p>',
        '<div>24.11.2026, 10:12, "A" &lt;a@example.com&gt;:</div><blockquote><p>Проверьте</p></blockquote>',
        '<div>Вторник, 24 ноября 2026, 10:12 +03:00 от A &lt;a@example.com&gt;:<br></div><blockquote style="border-left:1px solid #0857A6; margin:10px"><div>Проверьте</div></blockquote>',
    ],
)
def test_quotation_in_html_is_folded(quoted):
    text = from_html(f"<html><body><p>Да, верно.</p><p>Закрывайте.</p>{quoted}</body></html>")
    assert seen(text).split() == ["Да,", "верно.", "Закрывайте."]


def test_answers_between_quotations_in_html_stay_visible():
    html = (
        '<div class="gmail_quote"><div class="gmail_attr">On Tue, 24 Nov 2026 at 10:12 A &lt;a@example.com&gt; wrote:</div>'
        '<blockquote class="gmail_quote">Счёт?</blockquote><div>1204567</div><blockquote class="gmail_quote">Период?</blockquote>'
        "<div>Октябрь</div></div>"
    )
    assert seen(from_html(html)).split() == ["1204567", "Октябрь"]


def test_indent_in_html_is_no_quotation():
    html = '<p>Шаги:</p><blockquote style="margin:0 0 0 40px;border:none;padding:0px">Открыть кабинет</blockquote>'
    assert "Открыть кабинет" in seen(from_html(html))


LINES = st.sampled_from(
    [
        *HEADS,
        *SEPARATORS,
        *OUTLOOK.splitlines(),
        "> a",
        ">> b",
        "-- ",
        "--",
        "",
        "   ",
        "текст",
        "Текст:",
        "С уважением,",
        "Отправлено с iPhone",
    ]
)


@settings(max_examples=examples(20), deadline=None)
@given(st.lists(st.one_of(LINES, st.text(max_size=30)), max_size=30))
def test_segments_are_the_whole_text(lines):
    text = "\n".join(lines)
    segments = split(text)
    assert "\n".join(segment.text for segment in segments) == text
    shown = visible_text(segments) + folded_text(segments)
    assert sorted("".join(shown.split())) == sorted("".join(text.split()))


SAID = st.sampled_from(
    [
        "Спасибо, всё верно.",
        "Акт прикладываю, проверили с директором, телефон 8 495 000-00-00.",
        "Лифт не работает, звонили на support@example.com",
        "1204567",
        "По ООО «Заря» суммы не сошлись:",
        "Отправлено жильцу 24.11.2026 в 10:12",
    ]
)
QUOTES = st.sampled_from(
    [f"{head}\n> Проверьте\n> С уважением, Анна, тел. 8 495 111-11-11" for head in HEADS] + ["> Проверьте\n> Период?"]
)
CARDS = st.sampled_from(["-- \nПетрова Анна\nУК «Заря»\nтел. 8 495 000-00-00", "С уважением, Петрова, ООО «Заря»"])


@settings(max_examples=examples(60), deadline=None)
@given(st.lists(st.tuples(SAID, st.one_of(QUOTES, CARDS)), min_size=1, max_size=4), st.one_of(st.just(""), SAID))
def test_nothing_that_was_said_is_folded_wherever_it_stands(blocks, last):
    """Above quotations and signatures, between them, below them."""
    text = "\n\n".join([part for block in blocks for part in block] + [last])
    assert not [said for said, _ in [*blocks, (last, "")] if said not in seen(text)]


@pytest.mark.parametrize(
    "text",
    [
        "bq" * 100,
        ">" * 200_000,
        "On … wrote " * 20_000,
        "On … wrote\n" * 20_000,
        " " * 100_000,
        "_" * 1_000_000,
        "От: a@example.org\n" * 10_000,
        "Aa " * 100_000,
        "24.11.2026 10:12 Иван\n" * 10_000,
        "-- \na\n" * 10_000,
        f"--\n{'www' * 50}!\n" * 2000,
        f"--\n{'главный бухгалтер отдел ООО «а» ' * 4}!\n" * 2000,
        "\n" * 200_000,
    ],
)
def test_hostile_text_is_read_in_time(text):
    begun = time.process_time()
    split(text)
    assert time.process_time() - begun < 2

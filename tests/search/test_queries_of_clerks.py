"""What clerks of management companies type, and what they must and must not find: sixty queries and more over a small world."""

import re

import pytest

from helpdesk.core import files
from helpdesk.core.richtext import from_plain
from helpdesk.search.language import words_of
from helpdesk.search.mending import mended
from helpdesk.search.queries import find, jump
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile
from tests.factories import IntakeFieldFactory, actor_of, open_request, world

# key: subject, text, fields, files, the specialist's answer
REQUESTS = {
    "пени": (
        "Пени начислены после оплаты, ЛС 0123456789",
        "Добрый день! Абонент Ёлкина оплатила 12 марта, а пени за март всё равно начислены. Прошу снять.",
        {"account": "0123456789", "address": "ул. Лесная, д. 10, кв. 5"}, [],
        "Пени сняты, проверьте квитанцию за апрель.",
    ),
    "льгота": (
        "Льгота многодетной семьи не применилась",
        "У Сидоровой Анны Петровны льгота с 1 февраля, в начислениях её нет. Идентификатор 55667788.",
        {"account": "4500118020", "benefit_holder": "Сидорова Анна Петровна"}, ["справка_о_составе_семьи.pdf"],
        "Внесите льготника в реестр и пришлите выгрузку.",
    ),
    "отопление": (
        "Перерасчёт за отопление по акту",
        "По акту № 41 от 6 ноября не было тепла трое суток. Сделайте перерасчёты по дому Садовая, 3.",
        {"address": "ул. Садовая, д. 3"}, ["Акт недопоставки.docx"],
        "Перерасчёт сделан: минус 1 250 рублей по дому.",
    ),
    "сверка": (
        "Акт сверки с поставщиком",
        "Нужна сверка платежей за III квартал: сальдо по «Водоканалу» не сходится на 15000 рублей.",
        {"agent": "ООО «Водоканал»"}, ["payments_2026_q3.csv"],
        "В файле payments нет строк за сентябрь: загрузите реестр ещё раз.",
    ),
    "счётчик": (
        "Счётчик ХВС: показания не принимаются",
        "Кабинет абонента пишет Error 500 при передаче показаний, прибор учёта № 7781-03.",
        {"account": "4500339269", "error_code": "500"}, ["screenshot.png"],
        "Поверка прибора истекла 1 марта.",
    ),
    "касса": (
        "Касса не печатает чеки",
        "Не печатается чек на принтере Атол, ошибка связи с ФН. Кассир Журавлёва.",
        {}, [],
        "Обновите драйвер, версия 10.9.",
    ),
    "квитанция": (
        "Единая квитанция: нет строки «Капремонт»",
        "В единой квитанции за май пропала строка капитального ремонта, хотя сальдо в карточке есть.",
        {"account": "4500745479", "address": "ул. Лесная, д. 12"}, [],
        "Строка скрыта настройкой печати, включили.",
    ),
    "доступ": (
        "Доступ к БО для нового бухгалтера",
        "Просим открыть доступ к базе Семёновой О. В., телефон +7 913 555-12-34, mail buh@example.com.",
        {}, ["Заявка на доступ.docx"],
        "Учётная запись создана, пароль выслан.",
    ),
    "эквайринг": (
        "Интернет-эквайринг: возврат платежа",
        "Абонент дважды оплатил картой, нужен возврат 3400 рублей за платёж 9988776655.",
        {"account": "4500745480"}, [],
        "Возврат оформлен, деньги придут за три дня.",
    ),
    "обучение": (
        "Обучение новых сотрудников",
        "Просим провести обучение по расчёту пеней и льгот для двоих сотрудников.",
        {}, ["бланк обучения.pdf"],
        "Занятие назначено на четверг.",
    ),
}  # fmt: skip

# what is typed: what must be found; nothing else is
QUERIES = {
    # forms of words
    "пеня": "пени обучение", "пени": "пени обучение", "льготы": "льгота обучение", "льготник": "льгота",
    "перерасчета": "отопление", "отопления": "отопление", "сверить": "", "сверок": "сверка", "поставщика": "сверка",
    "счетчики": "счётчик", "показание": "счётчик", "кассы": "касса", "чек": "касса", "чеков": "касса",
    "квитанции": "пени квитанция", "капремонту": "квитанция", "карточек": "квитанция", "бухгалтеру": "доступ",
    "возвраты": "эквайринг", "обучения": "обучение", "сотрудник": "обучение", "поверки": "счётчик",
    # ё and е, capitals, stress
    "елкина": "пени", "ЁЛКИНОЙ": "пени", "журавлева": "касса", "учета": "счётчик", "пе\u0301ни": "пени обучение",
    # several words: all of them, wherever they stand
    "пени март": "пени", "льгота сидоровой": "льгота", "сальдо водоканал": "сверка", "перерасчет садовая": "отопление",
    "лесная": "пени квитанция", "лесная 12": "пени квитанция", "пени эквайринг": "", "4500745479 капитальный": "квитанция", "лесная оплатила": "пени", "водоканалу": "сверка",
    # words in a row
    "«единая квитанция»": "квитанция", '"квитанции единой"': "", '"акт сверки"': "сверка", '"акт недопоставки"': "отопление",
    "«прибор учёта»": "счётчик",
    # without
    "пени -обучение": "пени", "акт -сверки": "отопление", "льготы -«многодетной семьи»": "обучение",
    "лесная -пени": "квитанция",
    # beginnings
    "перерасч*": "отопление", "капит*": "квитанция", "квит*": "пени квитанция", "эквайр*": "эквайринг",
    "пласт*": "",
    # English
    "payment": "сверка", "payments": "сверка", "errors": "счётчик", "screenshot": "счётчик",
    # accounts, numbers and parts of them
    "0123456789": "пени", "4567": "пени", "45007454": "квитанция эквайринг", "745480": "эквайринг", "8877": "эквайринг",
    "7781": "счётчик", "ЛС 4500118020": "льгота", "л/с 4500118020": "льгота", "500": "счётчик", "3400": "эквайринг", "1234": "пени доступ",
    # names of files, addresses
    "справка": "льгота", "payments_2026": "сверка", "бланк": "обучение", "заявка на доступ": "доступ",
    "buh@example.com": "доступ",
    # people as clerks name them
    "сидорова анна петровна": "льгота", "Сидорова А.П.": "льгота", "сидоровой А. П.": "льгота", "анна сидорова": "льгота",
    "СИДОРОВА": "льгота", "семенова о. в.": "доступ", "сидорова елкина": "",
    # mixed case
    "ПЕНИ": "пени обучение", "пеНи МарТ": "пени", "error": "счётчик", "ERROR 500": "счётчик", "аКт СвЕрКи": "сверка",
    # accounts, telephones, sums and addresses, however they are written
    "ЛС0123456789": "пени", "лицевой счёт 0123456789": "пени", "лицевого счета 4500118020": "льгота", "0123 456 789": "пени",
    "4500-118-020": "льгота", "ЛС 0123*": "пени", "6789": "пени", "4500*": "льгота счётчик квитанция эквайринг",
    "ЛС 9999999999": "", "+7 913 555-12-34": "доступ", "79135551234": "доступ", "9135551234": "доступ", "5551234": "доступ",
    "555-12-34": "доступ", "1 250": "отопление", "1250": "отопление", "1250 рублей": "отопление", "15000": "сверка",
    "прибор 7781-03": "счётчик", "ул. Лесная, д. 10, кв. 5": "пени", "Лесная 10": "пени", "садовая, 3": "отопление",
    "лесная 11": "", "41": "отопление",
    # what is done to what, and when
    "не принимает показания": "счётчик", "возврат платежа": "эквайринг", "перерасчёт по акту": "отопление",
    "что с пенями": "пени обучение", "как снять пени": "пени", "6 ноября": "отопление", "12 марта": "пени",
    "кап. ремонт": "квитанция", "ООО «Водоканал»": "сверка", "чек касса": "касса", "расчёт пеней": "обучение",
    # words in a row stop where a text does
    "«0123456789 добрый»": "", "«пени за март»": "пени", '"пени март"': "", "«акт недопоставки docx»": "отопление",
    # several minuses
    "акт -сверки -перерасчет": "", "пени -«пени начислены»": "обучение", "лесная -капремонт -льгота": "пени",
    "начисл* -пени": "льгота", "эквайр* -возврат": "", "пени -март": "обучение", "пени -оплатила": "обучение", "акт -тепла": "сверка",
    "перерасчет -минус": "", "льгота -реестр": "обучение",
    # names of files
    "справка_о_составе_семьи.pdf": "льгота", "Акт недопоставки.docx": "отопление", "screenshot.png": "счётчик",
    "payments 2026 q3": "сверка", "pdf": "льгота обучение", ".docx": "отопление доступ", "xlsx": "",
    # English beside Russian
    "error показания": "счётчик", "payment сверка": "сверка", "receipt": "",
    # in the specialist's answers
    "драйвер атол": "касса", "драйвер": "касса", "реестре": "льгота сверка",
}  # fmt: skip


# typed in the other layout, or with one wrong letter: what it is understood as, and what must be found then
MEANT = {
    "gtyb": ("пени", "пени обучение"), "GTYB": ("ПЕНИ", "пени обучение"), "kmujnf": ("льгота", "льгота обучение"),
    "rdbnfywbz": ("квитанция", "пени квитанция"), "gththfcxtn cfljdfz": ("перерасчет садовая", "отопление"),
    "cdthrf -frn": ("сверка -акт", ""), "гыук": ("", ""), "фелщк": ("", ""), "зфньутеы": ("payments", "сверка"),
    "квитация": ("квитанция", "пени квитанция"), "льгта": ("льгота", "льгота обучение"), "еквайринг": ("эквайринг", "эквайринг"),
    "паказания": ("показания", "счётчик"), "перерасчот": ("перерасчет", "отопление"), "сщётчик": ("счетчик", "счётчик"),
    "начеслены пени": ("начислены пени", "пени"), "4500118021": ("", ""),
    # in the other layout, word by word: what is meant so, and nothing else
    "gththfcxtn садовая": ("перерасчет садовая", "отопление"), "акт cdthrb": ("акт сверки", "сверка"),
    "payment cdthrf": ("payment сверка", "сверка"), "сверка зфньуте": ("сверка payment", "сверка"),
    "gththfcxtn gj садовой": ("перерасчет по садовой", "отопление"), "gtyb vfhn": ("пени март", "пени"),
    "gththfcxtn садовоя": ("перерасчет садовая", "отопление"), "льгота -эквайринг rdfhnfk": ("льгота -эквайринг", "льгота обучение"),
    "«акт cdthrb»": ("«акт сверки»", "сверка"), "акт cdth*": ("акт свер*", "сверка"), "чек ;ehfdktdf": ("чек журавлева", "касса"),
    "cdthrf, водоканал": ("сверка, водоканал", "сверка"), "gththfcxtn канарейка": ("", ""), "садовая jnjgktybt": ("садовая отопление", "отопление"),
    "небывальщина": ("", ""), "пени -обучения сщётчик": ("пени -обучения", "пени"),
    # what is near is a word of the same stem, or nothing
    "пересчёт": ("", ""), "перращёт": ("", ""), "перерассчёт": ("перерасчет", "отопление"),
    # fewer words where all of them meet nowhere
    "сальдо чеки": ("сальдо", "сверка квитанция"), "квитанция не приходит": ("квитанция", "пени квитанция"),
}  # fmt: skip


@pytest.fixture(scope="module")
def _desk(keep):
    return keep(_filled)


def _filled():
    cast = world(sees="company")
    for key in ("account", "address", "agent", "benefit_holder", "error_code"):
        IntakeFieldFactory(queue=cast.queue, key=key)
    numbers = {}
    for key, (subject, text, values, names, answer) in REQUESTS.items():
        sent = [NewFile(files.store(name.encode()), name) for name in names]
        ticket = open_request(cast.carol, cast.queue, subject=subject, text=text, values=values, attachments=sent)
        actions.reply(ticket.pk, by=actor_of(cast.alice), body=from_plain(answer))
        actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("пени льгота касса сверка капремонт"))
        numbers[ticket.number] = key
    open_request(cast.dave, cast.elsewhere, subject="Пени и льготы", text="Квитанция, сверка, касса 4567")
    return cast, numbers


@pytest.fixture
def desk(_desk, db):
    return _desk()


def test_there_are_sixty_queries_and_more():
    assert len(QUERIES) >= 60
    assert set(" ".join(QUERIES.values()).split()) == set(REQUESTS)


@pytest.mark.parametrize("q", QUERIES)
def test_a_query_finds_what_is_meant_and_nothing_else(desk, q):
    cast, numbers = desk
    found = find(actor_of(cast.carol), SearchRequest(q)).items
    assert {numbers.get(hit.line.number, "чужая") for hit in found} == set(QUERIES[q].split())
    for by in (SearchRequest(q, by_fit=True),):
        assert {hit.line.number for hit in find(actor_of(cast.carol), by).items} == {hit.line.number for hit in found}


@pytest.mark.parametrize("q", MEANT)
def test_what_was_meant_is_offered_only_where_it_finds(desk, q):
    cast, numbers = desk
    me, (meant, found) = actor_of(cast.carol), MEANT[q]
    assert not find(me, SearchRequest(q)).items
    assert mended(me, SearchRequest(q)) == (meant if found else "")
    if found:
        assert {numbers[hit.line.number] for hit in find(me, SearchRequest(meant)).items} == set(found.split())


def test_each_kind_of_query_has_what_it_must_and_must_not_find():
    """Nothing is in the set that everything or nothing would pass: each request is missed by most, found by some."""
    for key in REQUESTS:
        found = sum(key in wanted.split() for wanted in QUERIES.values())
        assert 3 <= found <= len(QUERIES) / 2, key
    assert sum(not wanted for wanted in QUERIES.values()) >= 10


def without_quotes(q):
    return re.sub('[«»"]', "", q)


def without_minus(q):
    return re.sub(r"(^|\s)-", r"\1", q)


@pytest.mark.parametrize(("spoil", "least"), [(without_quotes, 2), (without_minus, 4)])
def test_the_set_would_notice_a_sign_that_is_not_understood(desk, spoil, least):
    """What is found without the signs is not what must be found with them."""
    cast, numbers = desk
    spoilt = [q for q in QUERIES if spoil(q) != q]
    noticed = [
        q for q in spoilt
        if {numbers[hit.line.number] for hit in find(actor_of(cast.carol), SearchRequest(spoil(q))).items}
        != set(QUERIES[q].split())
    ]  # fmt: skip
    assert len(spoilt) >= least and len(noticed) >= least, noticed


def test_the_set_would_notice_forms_that_are_not_understood():
    """Words compared letter by letter find less than must be found, for each kind of word that changes."""
    plain = [q for q in QUERIES if re.fullmatch(r"[а-яёa-z ]+", q.lower())]
    texts = {
        key: " ".join(words_of(" ".join([subject, text, answer, *values.values(), *names])))
        for key, (subject, text, values, names, answer) in REQUESTS.items()
    }
    found = {
        q: {key for key, text in texts.items() if set(words_of(q)) <= set(text.split())} for q in plain
    }  # fmt: skip
    missed = [q for q in plain if found[q] != set(QUERIES[q].split())]
    assert len(missed) >= 20, missed
    assert {"льготы", "перерасчета", "чеков", "карточек", "капремонту", "возвраты", "payment"} <= set(missed)


@pytest.mark.parametrize("q", [q for q, found in QUERIES.items() if found and "-" not in q and "@" not in q])
def test_what_was_found_is_marked(desk, q):
    cast, _ = desk
    for hit in find(actor_of(cast.carol), SearchRequest(q)).items:
        assert any(part.found for part in [*hit.subject_parts, *hit.snippet_parts]), hit.line.subject


def test_the_best_match_stands_first(desk):
    cast, numbers = desk
    found = find(actor_of(cast.carol), SearchRequest("пени", by_fit=True)).items
    assert [numbers[hit.line.number] for hit in found] == ["пени", "обучение"]
    newest = find(actor_of(cast.carol), SearchRequest("пени")).items
    assert [numbers[hit.line.number] for hit in newest] == ["обучение", "пени"]


def test_a_number_alone_leads_to_its_request(desk):
    cast, numbers = desk
    for number in numbers:
        head, end = number[:3], number[3:]
        for typed in (number, f"№ {number}", f"№ {head} {end}", f"№\u00a0{head}\u202f{end}", f"#{number}", f"№{number}.",
                      f"заявка {number}", f"Заявка № {head} {end}", f"Ticket#{number}"):  # fmt: skip
            assert jump(actor_of(cast.carol), typed) == number, typed
            assert jump(actor_of(cast.dave), typed) is None
        assert jump(actor_of(cast.carol), f"{number} пени") is None

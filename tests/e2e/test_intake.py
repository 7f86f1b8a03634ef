"""Each recipient's form from its choice to the values on the request's page, with JavaScript and without."""

import re
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from helpdesk.core import clock
from tests.e2e.conftest import sign_in
from tests.e2e.test_first_request import person

pytestmark = pytest.mark.xdist_group("product")
BLANK = {"name": "Бланк заполненный.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4 blank"}
REGISTER = {"name": "реестр.csv", "mimeType": "text/csv", "buffer": b"1;2"}
NEXT = clock.now().year + 1  # a wished date lies ahead
NEED, NEED_FILE = "Заполните это поле", "Приложите файл: без него заявку не выполнить"


def of_topic(sentence, topic):
    """What is needed because of what the question is about, with the reason."""
    return f"{sentence}, потому что в поле «О чём вопрос» выбрано «{topic}»"


@dataclass(frozen=True)
class Filled:
    """What is chosen and typed in one recipient's form, what is missed at first, what the request's page shows."""

    queue: str
    choose: dict = field(default_factory=dict)
    missed: dict = field(default_factory=dict)  # field → sentence, before the rest is filled in
    type: dict = field(default_factory=dict)
    files: dict = field(default_factory=dict)
    shown: tuple = ()
    hidden: tuple = ()  # what the script does not show with this choice


FORMS = [
    Filled(
        "Консультация", {"topic": "recalculation"}, {"period": of_topic(NEED, "Перерасчёт")},
        {"period": "2026-05", "period.to": "2026-07", "account": "4500123871", "agent": "УК Заря", "address": "Садовая, 14"},
        shown=("Перерасчёт", "май – июль 2026", "4500123871", "УК Заря", "Садовая, 14"),
        hidden=("benefit_holder", "benefit_id", "register"),
    ),
    Filled(
        "Обмен данными", {"topic": "reconciliation"}, {"register": of_topic(NEED_FILE, "Сверка платежей")},
        {"account": "4500123872"},
        {"register": REGISTER}, ("Сверка платежей", "реестр.csv", "4500123872"), ("benefit_holder",),
    ),
    Filled(
        "Ошибка", {}, {},
        {"error_code": "Error500", "page": "Расчёты → Пени", "steps": "Нажали «Рассчитать»", "account": "4500123873"},
        shown=("Error500", "Расчёты → Пени", "Нажали «Рассчитать»", "4500123873"), hidden=("benefit_id", "register"),
    ),
    Filled(
        "Нововведение", {}, {}, {"purpose": "Для собрания собственников", "wanted_by": f"{NEXT}-12-31", "agent": "УК Заря"},
        shown=("Для собрания собственников", f"31 декабря {NEXT}", "УК Заря"),
    ),
    Filled("Обучение", {}, {"blank": NEED_FILE}, {"agent": "УК Заря"}, {"blank": BLANK}, ("Бланк заполненный.pdf", "УК Заря")),
    Filled("Заявка на доступ/закрытие к БО/ХД", {}, {"blank": NEED_FILE}, {"agent": "УК Заря"}, {"blank": BLANK},
           ("Бланк заполненный.pdf", "УК Заря")),
    Filled(
        "Изменение данных", {"topic": "benefits"}, dict.fromkeys(("benefit_holder", "benefit_id"), of_topic(NEED, "Льгота")),
        {"benefit_holder": "Иванова Анна Петровна", "benefit_id": "00-1238", "address": "Садовая, 15"},
        shown=("Льгота", "Иванова Анна Петровна", "00-1238", "Садовая, 15"), hidden=("register",),
    ),
    Filled("Кабинет Абонента", type={"account": "4500123874", "address": "Лесная, 3"}, shown=("4500123874", "Лесная, 3")),
    Filled("Кассовое ПО", type={"agent": "Касса № 2"}, shown=("Касса № 2",)),
    Filled("Интернет-эквайринг", type={"account": "4500123875"}, shown=("4500123875",)),
]  # fmt: skip


def control(page, key):
    return page.locator(f'[name="field_{key}"]:not([type=hidden])')


def put(page, values):
    for key, text in values.items():
        one = control(page, key)
        if one.evaluate("(field) => field.tagName") == "SELECT":
            one.select_option(text)
        else:
            one.fill(text)


def choose(page, queue, *, script):
    page.get_by_label("Получатель").select_option(label=queue)
    if script:
        expect(page.locator("#intake [name=field_account]")).to_be_attached()
    else:
        page.get_by_role("button", name="Показать поля").click()


def begin(visit, product, queue, *, script=True, **options):
    page = visit(script=script, **options)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/new/")
    choose(page, queue, script=script)
    return page


def attach(page, key, file, *, script):
    page.locator(f'input[type=file][id="field_{key}"]').set_input_files(file)
    if script:
        expect(page.locator(f'[data-asked="field_{key}"] input[name=staged]')).to_have_count(1)


def send(page):
    page.get_by_role("button", name="Отправить", exact=True).click()


def send_whatever_is_like_it(page):
    """Sent, also where an open request of the same account is offered first."""
    send(page)
    as_new = page.get_by_role("button", name="Отправить как новую")
    expect(as_new.or_(page.locator(".p-title--ticket")).first).to_be_visible()
    if as_new.is_visible():
        as_new.click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.queue)
def test_a_recipients_form_from_its_choice_to_what_is_stored(visit, product, form, script):
    page = begin(visit, product, form.queue, script=script)
    page.get_by_label("Тема", exact=True).fill(
        f"Проверка формы {'со скриптом' if script else 'без скрипта'}: {form.queue}"
    )
    page.get_by_label("Текст", exact=True).fill("Прошу посмотреть.")
    put(page, form.choose)
    for key in form.hidden:
        shown = page.locator(f'[data-asked="field_{key}"]')
        expect(shown).to_be_hidden() if script else expect(shown).to_be_visible()
    if form.missed:
        send(page)
        for key, sentence in form.missed.items():
            expect(page.locator(f"#field_{key}-error")).to_have_text(sentence)
            expect(page.get_by_role("link", name=sentence).first).to_be_visible()
    put(page, form.type)
    for key, file in form.files.items():
        attach(page, key, file, script=script)
    send_whatever_is_like_it(page)
    facts = page.locator("main")
    for text in form.shown:
        expect(facts.get_by_text(text).locator("visible=true").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_without_an_error_code_everything_goes_along_to_advice(visit, product, script):
    page = begin(visit, product, "Ошибка", script=script)
    page.get_by_label("Тема", exact=True).fill(f"Не сходится сумма, скрипт: {script}")
    page.get_by_label("Текст", exact=True).fill("Сумма больше обычной.")
    put(
        page,
        {
            "topic": "charges",
            "period": "2026-05",
            "account": "4500999001",
            "page": "Начисления",
            "steps": "Открыли карточку",
        },
    )
    page.get_by_label("Прикрепленный файл").set_input_files(REGISTER)
    if script:
        expect(page.locator("input[name=staged]")).to_have_count(1)
    expect(page.get_by_text("Ошибки в начислениях чаще связаны с данными")).to_be_visible()
    page.get_by_role("button", name="Выбрать «Консультация»").click()
    expect(page.get_by_label("Получатель").locator("option:checked")).to_have_text("Консультация")
    for key, text in {"topic": "charges", "period": "2026-05", "account": "4500999001"}.items():
        expect(control(page, key)).to_have_value(text)
    expect(page.get_by_text("реестр.csv")).to_be_visible()
    lines = page.locator("[data-along] li bdi").locator("visible=true")
    expect(lines).to_have_text(["Страница программы: Начисления", "Что вы делали перед этим: Открыли карточку"])
    # there and back: what was typed stands in its fields again, and in the text once
    choose(page, "Ошибка", script=script)
    expect(control(page, "page")).to_have_value("Начисления")
    page.get_by_role("button", name="Выбрать «Консультация»").click()
    expect(lines).to_have_count(2)
    send_whatever_is_like_it(page)
    for text in ("Сумма больше обычной.", "Страница программы: Начисления", "Что вы делали перед этим: Открыли карточку",
                 "май 2026", "реестр.csv"):  # fmt: skip
        expect(page.locator("main").get_by_text(text).locator("visible=true").first).to_be_visible()
    assert page.locator(".art").first.inner_text().count("Начисления") == 1


def test_the_offer_goes_when_a_code_is_typed(visit, product):
    page = begin(visit, product, "Ошибка")
    offer = page.locator("[data-instead]")
    expect(offer).to_be_visible()
    control(page, "error_code").fill("E-1")
    expect(offer).to_be_hidden()


def test_what_was_typed_is_back_with_its_recipient_and_files_stay(visit, product):
    page = begin(visit, product, "Обмен данными")
    put(page, {"topic": "benefit_exchange", "benefit_holder": "Петров", "account": "4500999002"})
    attach(page, "register", REGISTER, script=True)
    choose(page, "Нововведение", script=True)
    expect(control(page, "purpose")).to_be_visible()
    expect(control(page, "account")).to_have_value("4500999002")
    expect(page.locator('[data-files=""] .file')).to_contain_text("реестр.csv")
    control(page, "purpose").fill("Для отчёта")
    send(page)  # the subject is missing
    expect(page.locator("#subject-error")).to_be_visible()
    choose(page, "Обмен данными", script=True)
    expect(control(page, "topic")).to_have_value("benefit_exchange")
    expect(control(page, "benefit_holder")).to_have_value("Петров")
    expect(page.locator('[data-asked="field_register"] .file')).to_contain_text("реестр.csv")
    expect(page.locator("input[name=staged]")).to_have_count(1)


def test_a_field_that_was_made_larger_comes_again_without_a_complaint(visit, product):
    """What the browser complains of in its console fails the test (`visit`)."""
    page = begin(visit, product, "Ошибка")
    page.locator("#attachments").set_input_files([REGISTER])
    page.locator('[name="body"]').click()
    expect(page.locator("[contenteditable=true]")).to_be_focused()
    page.keyboard.type("Текст")
    control(page, "steps").fill("Шаги")
    control(page, "steps").evaluate("(field) => { field.style.height = '300px'; }")  # as its corner does
    for queue in ("Консультация", "Ошибка"):
        choose(page, queue, script=True)
    control(page, "steps").evaluate("(field) => { field.style.height = '300px'; }")
    with page.expect_response("**/portal/new/fields/**"):
        page.get_by_label("Получатель").dispatch_event("again")  # the line was away
    expect(control(page, "steps")).to_have_value("Шаги")
    expect(page.locator("input[name=staged]")).to_have_count(1)


def along(page):
    return page.locator("[data-along] li bdi").locator("visible=true")


def test_what_goes_along_in_the_text_is_seen_while_one_writes_and_can_be_struck(visit, product):
    page = begin(visit, product, "Консультация")
    put(page, {"topic": "benefits", "benefit_holder": "Сидоров", "period": "2026-05", "account": "4500999003"})
    expect(page.locator("[data-along]")).to_be_hidden()
    put(page, {"topic": "charges"})  # the holder is not asked for any more
    expect(along(page)).to_have_text([re.compile("Сидоров")])
    choose(page, "Нововведение", script=True)
    expect(along(page)).to_have_count(3)
    expect(page.locator("[data-along]")).to_contain_text("май 2026")
    expect(page.locator("[data-along]")).to_contain_text("Начисление")
    page.locator("[data-along] li", has_text="Сидоров").get_by_label("не отправлять").check()
    send(page)  # the subject is missing
    expect(page.locator("#subject-error")).to_be_visible()
    expect(page.locator("[data-along] li", has_text="Сидоров").get_by_label("не отправлять")).to_be_checked()
    page.get_by_label("Тема", exact=True).fill("Отчёт о чём-то своём")
    page.locator('[name="body"]').first.fill("Нужен отчёт") if page.locator(".editor__area").count() == 0 else None
    put(page, {"purpose": "Для собрания"})
    send_whatever_is_like_it(page)
    text = page.locator(".art").first
    expect(text).to_contain_text("Начисление")
    expect(text).not_to_contain_text("Сидоров")


def test_what_is_said_of_a_field_goes_with_the_field(visit, product):
    """Another recipient does not ask for the period: the page must not go on asking for it."""
    page = begin(visit, product, "Консультация")
    page.fill('[name="subject"]', "Начисление без периода")
    put(page, {"topic": "charges"})
    send(page)
    page.locator('.error-summary a[href="#field_period"]').wait_for()
    choose(page, "Обучение", script=True)
    expect(page.locator('.error-summary a[href="#field_period"]')).to_have_count(0)


@pytest.mark.parametrize("queue", ["Обучение", "Заявка на доступ/закрытие к БО/ХД"])
def test_the_blanks_are_offered_where_they_are_needed(visit, product, queue):
    page = begin(visit, product, queue)
    for kind in ("DOCX", "PDF"):
        with page.expect_download() as caught:
            page.get_by_role("link", name=re.compile(kind)).click()
        assert caught.value.suggested_filename.startswith("Бланк заявки на ")
        assert caught.value.suggested_filename.endswith(f".{kind.lower()}")


def test_it_fits_a_phone_and_follows_the_keyboard(visit, product):
    page = begin(visit, product, "Консультация", width=360, height=740)
    control(page, "topic").focus()
    for _ in range(3):  # Начисление, Перерасчёт, Льгота
        page.keyboard.press("ArrowDown")
    expect(control(page, "benefit_holder")).to_be_visible()
    page.keyboard.press("Tab")
    expect(control(page, "period")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(control(page, "benefit_holder")).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_script_back_and_reload_send_nothing_again(visit, product):
    page = begin(visit, product, "Ошибка", script=False)
    assert "queue=" in page.url  # choices alone stand in the address
    page.get_by_label("Тема", exact=True).fill("Не дважды")
    page.locator("#attachments").set_input_files([{"name": "а.txt", "mimeType": "text/plain", "buffer": b"x"}])
    page.get_by_role("button", name="Добавить файл").click()
    posts = []
    page.on("request", lambda made: posts.append(made.url) if made.method == "POST" else None)
    for go in (page.reload, page.go_back, page.go_forward):
        go()
    assert posts == []
    expect(page.get_by_label("Тема", exact=True)).to_have_value("Не дважды")
    expect(page.locator(".files").last).to_contain_text("а.txt")


WARNINGS = {
    "ru": (
        "Срочная заявка тоже может занять время",
        "Мы учитываем приоритет, но срок зависит от сути вопроса. Отчёты, квитанции и обмены просите заранее.",
    ),
    "en": (
        "Even an urgent request may take time",
        (
            "We work by priority, but how long it takes depends on the question. "
            "Ask for reports, receipts and exchanges well in advance."
        ),
    ),
}


@pytest.fixture(scope="module")
def readers(product):
    """Who reads which language."""
    person(product, "client", "erna", "Erna Reader", "--company", "УК Заря", "--language", "en")
    return {"ru": "client1", "en": "erna"}


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
@pytest.mark.parametrize("language", ["ru", "en"])
def test_urgent_priorities_warn_that_they_take_time_too(visit, product, readers, language, script):
    page = visit(script=script)
    sign_in(page, product, readers[language])
    page.goto(f"{product.url}/portal/new/")
    note = page.get_by_role("note").filter(has_text=WARNINGS[language][0])
    for priority, is_urgent in (("3", False), ("4", True), ("2", False), ("5", True)):
        page.locator(f'[name="priority"][value="{priority}"]').check()
        if is_urgent or not script:  # without script it stands there always
            expect(note).to_be_visible()
            for words in WARNINGS[language]:
                expect(note.get_by_text(words, exact=True)).to_be_visible()
        else:
            expect(note).to_have_count(0)

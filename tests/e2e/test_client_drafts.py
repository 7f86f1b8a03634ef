"""Half-written texts: on every device, over a lost connection and an ended session, without script; similar requests."""

import random
import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import Error, expect

from tests.e2e.conftest import sign_in

pytestmark = pytest.mark.xdist_group("product")
SENT = re.compile(r"/portal/tickets/\d+/")
FILE = {"name": "акт.txt", "mimeType": "text/plain", "buffer": b"content"}


@pytest.fixture
def device(visit, product):
    """Devices of one person, each with a browser of its own."""

    def opened(path="/portal/new/", *, login="client3", **traits):
        page = visit(**traits)
        sign_in(page, product, login)
        page.goto(product.url + path)
        return page

    return opened


@pytest.fixture
def unlucky(browser, product):
    """A page whose network is going to fail: what the browser says of that is no complaint."""
    context = browser.new_context(locale="ru-RU")
    page = context.new_page()
    sign_in(page, product, "client3")
    yield page
    context.close()


def saved(page, words="Черновик сохранён"):
    expect(page.locator("[data-draft-state]")).to_contain_text(words)


@contextmanager
def stored(page, *words):
    """Type within the block: after it a saving with all these words has come to the server, and its page knows.

    A form is saved two and a half seconds after a change, whatever is typed meanwhile: on a busy machine a draft is
    saved in the middle of what is typed, and again later; the first saving that is told is not the last.
    """

    def carries_them(answer):
        if not answer.url.partition("?")[0].endswith("/portal/drafts/save/"):
            return False
        sent = (answer.request.post_data_buffer or b"").decode("utf-8", "replace")
        return all(word in sent for word in words)

    with page.expect_response(carries_them) as answer:
        yield
    answer.value.finished()
    saved(page)


def write(page, text):
    # Either may stand there: the editor replaces the field by itself where the text has markup.
    page.locator('[name="body"]:not([aria-hidden]), [contenteditable=true]').first.click()
    editor = page.locator("[contenteditable=true]")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def begin(page, subject, text="Не сходится"):
    page.get_by_label(re.compile("^Получатель")).select_option(label="Ошибка")
    page.locator('[name="subject"]').fill(subject)
    write(page, text)


def offer(page, words):
    return page.locator("[data-draft-key]", has_text=words)


def go_on(page, words):
    page.locator("[data-drafts] > summary").click()
    offer(page, words).get_by_role("link", name="Продолжить").click()


def unique(word):
    """A word that is like no other: figures do not count where subjects are compared."""
    return word + "".join(random.choices("абвгдежзиклмнопрстуфхцчшщэюя", k=16))


def test_a_draft_goes_on_on_another_device_and_two_that_go_on_at_once_are_both_kept(device, product):
    subject = unique("Два")
    desk, phone = device(), device(width=360)
    with stored(desk, subject, "Не сходится", 'name="staged"'):
        begin(desk, subject)
        desk.locator("#attachments").set_input_files(FILE)
        desk.locator(".files [data-token]").wait_for(state="attached")
    phone.reload()
    go_on(phone, subject)
    expect(phone.locator('[name="subject"]')).to_have_value(subject)
    expect(phone.locator(".editor__area")).to_have_text("Не сходится")
    expect(phone.locator('[data-files=""] .files')).to_contain_text("акт.txt")
    expect(phone.locator('[name="queue"] option:checked')).to_have_text("Ошибка")
    with stored(phone, f"{subject} с телефона"):
        phone.locator('[name="subject"]').fill(f"{subject} с телефона")
    desk.locator('[name="subject"]').fill(f"{subject} с компьютера")
    saved(desk, "сохранены оба")
    other = desk.get_by_role("link", name="Открыть другой черновик")
    beside = desk.context.new_page()
    beside.goto(f"{product.url}{other.get_attribute('href')}")
    expect(beside.locator('[name="subject"]')).to_have_value(f"{subject} с телефона")
    beside.close()
    with stored(desk, "Не сходится!"):
        write(desk, "!")
    expect(other).to_be_visible()  # later savings do not take the way to it
    desk.get_by_role("button", name="Отправить", exact=True).click()
    desk.wait_for_url(SENT)
    expect(desk.get_by_role("link", name=re.compile("акт.txt"))).to_be_visible()
    phone.reload()
    phone.goto(re.sub(r"\?.*", "", phone.url))
    expect(offer(phone, f"{subject} с компьютера")).to_have_count(0)
    go_on(phone, f"{subject} с телефона")
    expect(phone.locator('[name="subject"]')).to_have_value(f"{subject} с телефона")
    phone.get_by_role("button", name="Удалить черновик").click()
    expect(phone.get_by_text("Черновик удалён")).to_be_visible()
    expect(phone.locator('[name="subject"]')).to_have_value("")
    expect(offer(phone, subject)).to_have_count(0)


def test_what_one_device_types_on_while_another_sends_the_older_text_is_kept_and_said(device, product):
    subject = unique("Вдогонку")
    desk, phone = device(login="client3"), device(login="client3", width=360)
    with stored(desk, subject, "Не сходится"):
        begin(desk, subject)
    phone.reload()
    go_on(phone, subject)
    with stored(desk, "Не сходится и ещё"):
        write(desk, " и ещё")
    phone.get_by_role("button", name="Отправить", exact=True).click()
    phone.wait_for_url(SENT)
    write(desk, " и дальше")
    saved(desk, "отправлен с другого устройства")
    desk.reload()
    expect(desk.locator(".editor__area")).to_have_text("Не сходится и ещё и дальше")
    phone.goto(f"{product.url}/portal/drafts/")
    expect(phone.locator(".req", has_text=subject)).to_have_count(1)
    expect(phone.locator(".req", has_text=subject)).to_contain_text("и дальше")
    phone.goto(f"{product.url}/portal/new/")
    go_on(phone, subject)
    write(phone, " с телефона")  # the next text: sent before the desk's last words are saved
    write(desk, "!")
    phone.get_by_role("button", name="Отправить", exact=True).click()
    phone.wait_for_url(SENT)
    desk.reload()
    expect(desk.locator(".editor__area")).to_have_text("Не сходится и ещё и дальше!")


def test_two_windows_of_one_browser_are_both_kept(device, product):
    subject = unique("Окна")
    first = device(login="client2")
    with stored(first, subject, "Не сходится"):
        begin(first, subject)
    second = first.context.new_page()
    second.goto(f"{product.url}/portal/new/")
    go_on(second, subject)
    expect(second.locator('[name="subject"]')).to_have_value(subject)
    with stored(second, f"{subject} второе"):
        second.locator('[name="subject"]').fill(f"{subject} второе")
    first.locator('[name="subject"]').fill(f"{subject} первое")
    saved(first, "сохранены оба")
    first.goto(f"{product.url}/portal/drafts/")
    for name in ("первое", "второе"):
        expect(first.locator(".req", has_text=f"{subject} {name}")).to_have_count(1)
    for _ in range(2):
        first.locator(".req", has_text=subject).first.get_by_role("button", name="Удалить").click()
        expect(first.get_by_text("Черновик удалён")).to_be_visible()


def test_a_new_form_is_empty_and_offers_what_was_begun_in_the_same_browser(device, product):
    first = device("/portal/new/?queue=", login="client2")
    one, two = unique("Первый вопрос "), unique("Второй вопрос ")
    begin(first, one)
    saved(first)
    second = first.context.new_page()  # another tab
    queue = first.locator('[name="queue"]').evaluate("field => [...field.options].filter(o => o.value).at(-1).value")
    second.goto(f"{product.url}/portal/new/?queue={queue}")
    expect(second.locator("[data-drafts]")).to_contain_text(one)
    second.wait_for_timeout(1000)  # whatever would still come back
    expect(second.locator('[name="subject"]')).to_have_value("")
    expect(second.locator('[name="queue"]')).to_have_value(queue)
    begin(second, two)
    saved(second)
    expect(first.locator('[name="subject"]')).to_have_value(one)
    first.reload()  # goes on
    expect(first.locator('[name="subject"]')).to_have_value(re.compile(f"{one}|{two}"))
    first.goto(f"{product.url}/portal/drafts/")
    for subject in (one, two):
        expect(first.get_by_text(subject)).to_have_count(1)


def test_what_is_typed_without_a_connection_is_saved_when_it_is_back(unlucky, product):
    page, subject = unlucky, unique("Связь")
    page.goto(f"{product.url}/portal/new/")
    begin(page, subject)
    saved(page)
    page.context.set_offline(True)
    write(page, " и дальше")
    saved(page, "хранится в этом браузере")
    with pytest.raises(Error, match="DISCONNECTED"):
        page.reload()  # the browser shows a page of its own
    page.context.set_offline(False)
    page.reload()
    expect(page.locator(".editor__area")).to_have_text("Не сходится и дальше")
    page.wait_for_timeout(3500)  # what was sent as the page was left may have arrived: then nothing is saved, nor said
    expect(page.locator("[data-draft-key]", has_text=subject)).to_have_count(0)  # it stands in the form
    page.goto(f"{product.url}/portal/drafts/")
    expect(page.locator(".req", has_text=subject)).to_have_count(1)
    expect(page.locator(".req", has_text=subject)).to_contain_text("и дальше")


def test_a_connection_that_goes_is_told_at_once_and_taken_back_with_it(unlucky, product):
    page = unlucky
    page.goto(f"{product.url}/portal/new/")
    state = page.locator("[data-draft-state]")
    begun = state.inner_text()
    for before, after in ((begun, begun), ("", "Черновик сохранён")):
        if not before:
            begin(page, unique("Обрыв"))
            saved(page)
        page.context.set_offline(True)
        expect(state).to_contain_text("Связь пропала", timeout=1000)
        page.context.set_offline(False)
        expect(state).to_contain_text(after, timeout=1000)
    page.context.set_offline(True)
    write(page, " и дальше")
    page.wait_for_timeout(3500)  # its saving has failed, and would be tried again after a quarter of a minute
    expect(state).to_contain_text("Связь пропала", timeout=0)
    with page.expect_response("**/portal/drafts/save/**", timeout=4000):
        page.context.set_offline(False)
    saved(page)


def test_a_draft_that_was_thrown_away_comes_back_by_the_notice_with_its_files(device):
    page, subject = device(width=360), unique("Вернуть")
    with stored(page, subject, "Не сходится", 'name="staged"'):
        begin(page, subject)
        page.locator("#attachments").set_input_files(FILE)
        page.locator(".files [data-token]").wait_for(state="attached")
    page.get_by_role("button", name="Удалить черновик").click()
    expect(page.get_by_text("Черновик удалён")).to_be_visible()
    expect(page.locator('[name="subject"]')).to_have_value("")
    page.locator('[name="subject"]').fill("Другое")  # what is typed meanwhile does not take the way back
    page.locator(".flash").get_by_role("button", name="Вернуть").click()
    expect(page.locator('[name="subject"]')).to_have_value(subject)
    expect(page.locator(".editor__area")).to_have_text("Не сходится")
    expect(page.locator('[data-files=""] .files')).to_contain_text("акт.txt")
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(SENT)
    expect(page.get_by_role("link", name=re.compile("акт.txt"))).to_be_visible()


def test_what_is_typed_after_the_session_ran_out_is_saved_after_the_sign_in(unlucky, product):
    page, subject = unlucky, unique("Сеанс")
    page.goto(f"{product.url}/portal/new/")
    begin(page, subject)
    saved(page)
    page.context.clear_cookies()
    write(page, " и дальше")
    saved(page, "Вход завершён: набранное хранится в этом браузере")
    expect(page.locator("[data-draft-enter]")).to_be_visible()
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url("**/login/**")
    page.fill('[name="login"]', "client3")
    page.fill('[name="password"]', "demo-helpdesk")
    page.press('[name="password"]', "Enter")
    page.wait_for_url("**/portal/new/")
    expect(page.locator(".editor__area")).to_have_text("Не сходится и дальше")
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(SENT)
    page.goto(f"{product.url}/portal/drafts/")
    expect(page.locator(".req", has_text=subject)).to_have_count(0)


def test_an_answer_that_came_while_one_writes_is_told_before_the_sending(device, product):
    client = device()
    begin(client, unique("Ответ"))
    client.get_by_role("button", name="Отправить", exact=True).click()
    client.wait_for_url(SENT)
    address = re.search(SENT, client.url).group(0)
    write(client, "Мой ответ")
    saved(client)
    agent = device(address.replace("/portal/", "/desk/"), login="agent1", script=False)
    agent.locator('[name="body"]').fill("Готово, проверьте")
    agent.get_by_role("button", name="Отправить клиенту").click()
    write(client, "!")
    note = client.locator("[data-draft-news]")
    expect(note).to_contain_text("Пока вы писали")
    note.get_by_role("link").click()
    expect(client.locator(".art", has_text="Готово, проверьте")).to_be_in_viewport()
    expect(client.locator(".editor__area")).to_have_text("Мой ответ!")
    expect(note).to_contain_text(re.compile(r"ответ\sдал\sспециалист"))
    client.get_by_role("button", name="Ответить", exact=True).click()
    client.wait_for_url("**/#a*")
    expect(client.locator(".art", has_text="Мой ответ!")).to_have_count(1)
    client.goto(product.url + address)
    expect(client.locator("[data-draft-key]")).to_have_count(0)
    expect(client.locator('[name="body"]')).to_have_value("")


def test_without_script_a_draft_is_saved_offered_and_thrown_away(device):
    subject = unique("Просто")
    page, other = device(script=False), device(script=False, width=360)
    page.locator('[name="subject"]').fill(subject)
    page.locator('[name="body"]').fill("Без скриптов")
    page.locator("#attachments").set_input_files(FILE)
    page.get_by_role("button", name="Сохранить черновик").click()
    expect(page.get_by_text("Черновик сохранён")).to_be_visible()
    other.reload()
    go_on(other, subject)
    expect(other.locator('[name="body"]')).to_have_value("Без скриптов")
    expect(other.locator('[data-files=""] .files')).to_contain_text("акт.txt")
    assert other.evaluate("document.documentElement.scrollWidth") <= 360
    other.get_by_role("button", name="Удалить черновик").click()
    expect(other.get_by_text("Черновик удалён")).to_be_visible()
    expect(offer(other, subject)).to_have_count(0)


@pytest.mark.parametrize("script", [True, False])
def test_an_open_request_like_it_is_offered_before_sending(device, script):
    subject = f"Сверка {unique('показаний')} не сходится"
    for turn, more in enumerate(("", " снова")):
        page = device(script=script)
        page.select_option('[name="queue"]', label="Кабинет Абонента")
        page.locator('[name="subject"]').fill(subject + more)
        page.locator('[name="body"]').first.click()
        if script:
            page.locator("[contenteditable=true]").wait_for()
            page.keyboard.type("Почему?")
            if turn:
                expect(page.locator("#similar")).to_contain_text(subject)
        else:
            page.locator('[name="body"]').fill("Почему?")
        page.get_by_role("button", name="Отправить", exact=True).click()
        if turn and not script:
            expect(page.get_by_text("Заявка пока не отправлена")).to_be_visible()
            expect(page.locator('[name="body"]')).to_have_value("Почему?")
            expect(page.get_by_role("link", name="Перейти к заявке")).to_be_visible()
            page.get_by_role("button", name="Отправить как новую").click()
        page.wait_for_url(SENT)


def test_files_come_one_after_another_several_at_once_by_drop_and_stay_over_another_recipient(device):
    page = device()
    page.select_option('[name="queue"]', label="Ошибка")
    several = [{**FILE, "name": name} for name in ("раз.txt", "два.txt")]
    page.locator("#attachments").set_input_files(several)
    page.locator("#attachments").set_input_files({**FILE, "name": "три.txt"})
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'брошен.txt'));
          document.querySelector('[data-files=""] [data-drop]').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.locator(".files [data-token]")).to_have_count(4)
    page.get_by_role("button", name="Убрать файл «два.txt»").click()
    page.select_option('[name="queue"]', label="Консультация")
    page.wait_for_load_state("networkidle")
    names = ["раз.txt", "три.txt", "брошен.txt"]
    assert [name.strip() for name in page.locator(".files .cut").all_text_contents()] == names
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.locator(".error-summary")).to_be_visible()
    assert [name.strip() for name in page.locator(".files .cut").all_text_contents()] == names
    page.select_option('[name="field_topic"]', "other")
    page.locator('[name="subject"]').fill(unique("Файлы"))
    page.get_by_role("button", name="Отправить", exact=True).click()
    page.wait_for_url(SENT)
    assert [name.strip() for name in page.locator(".attach .cut").all_text_contents()] == names


@pytest.mark.parametrize("width", [1280, 360])
def test_the_limits_of_files_are_told_before(device, width):
    page = device(width=width)
    expect(page.get_by_text("До 25 МБ каждый").locator("visible=true")).to_have_count(1)


def test_the_first_words_of_an_answer_outlast_a_reload_at_once(device, product):
    """The editor writes its text out when the fingers rest; a page may be left before."""
    page = device("/portal/mine/")
    address = page.locator('main a[href^="/portal/tickets/"]').first.get_attribute("href")
    page.goto(product.url + address)
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("Сразу")
    page.reload()
    expect(page.locator("[contenteditable=true]")).to_have_text("Сразу")


def test_on_a_phone_the_offer_is_read_whole_and_the_form_begins_high(device):
    page = device(width=360, height=780, login="client1")
    for _ in range(9):  # what other tests left
        if page.locator("[data-drafts]").count():
            page.locator("[data-drafts] > summary").click()
            page.locator("[data-drafts]").get_by_role("button", name="Удалить").first.click()
            expect(page.get_by_text("Черновик удалён")).to_be_visible()
    subject = unique("Перерасчёт за отопление ")
    begin(page, subject)
    saved(page)
    other = device(width=360, height=780, login="client1")
    words = other.locator("[data-drafts] summary .cut")
    expect(words).to_contain_text(subject)
    assert words.evaluate(
        "(part) => part.scrollWidth <= part.clientWidth && part.scrollHeight <= part.clientHeight + 1"
    )
    lines = words.evaluate(  # what is longer than three lines ends with a whole line, not within one
        "(part) => { const whole = part.textContent; part.textContent = 'очень длинная тема '.repeat(20);"
        " const seen = part.clientHeight / parseFloat(getComputedStyle(part).lineHeight);"
        " part.textContent = whole; return seen }"
    )
    assert abs(lines - 3) < 0.1
    queue, text = (other.locator(f'[name="{name}"]').bounding_box() for name in ("queue", "subject"))
    assert text["y"] - queue["y"] - queue["height"] < 240
    other.locator("[data-drafts] > summary").click()
    other.locator("[data-drafts]").get_by_role("button", name="Удалить").click()
    expect(other.get_by_text("Черновик удалён")).to_be_visible()


def answering(status, body):
    return lambda route: route.fulfill(status=status, body=body) if status else route.abort()


def test_each_cause_why_a_draft_is_not_saved_is_told_in_its_own_words(unlucky, product):
    page, subject = unlucky, unique("Причина")
    page.goto(f"{product.url}/portal/new/")
    begin(page, subject)
    saved(page)
    enter = page.locator("[data-draft-enter]")
    refusal = '{"message": "Слишком много черновиков"}'
    for status, body, words in (
        (0, "", "Связь пропала"), (500, "<h1>500</h1>", "Сервер не принял черновик"), (403, "<h1>403</h1>", "устарела"),
        (422, refusal, "Слишком много черновиков"), (500, "{}", "Сервер не принял черновик"),
    ):  # fmt: skip
        page.route("**/portal/drafts/save/**", answering(status, body))
        write(page, "!")
        page.evaluate("dispatchEvent(new Event('pagehide'))")  # what waits is saved at once
        saved(page, words)
        expect(enter).to_be_hidden()
        page.unroute("**/portal/drafts/save/**")
    page.context.clear_cookies(name="session")
    write(page, "!")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    saved(page, "Вход завершён")
    enter.click()
    page.wait_for_url("**/login/**")
    page.fill('[name="login"]', "client3")
    page.fill('[name="password"]', "demo-helpdesk")
    page.press('[name="password"]', "Enter")
    page.wait_for_url("**/portal/new/")
    expect(page.locator(".editor__area")).to_have_text("Не сходится!!!!!!")
    saved(page)
    expect(page.locator("[data-draft-enter]")).to_be_hidden()
    page.get_by_role("button", name="Удалить черновик").click()
    expect(page.get_by_text("Черновик удалён")).to_be_visible()


@pytest.mark.parametrize("width", [360, 1280])
def test_that_the_session_is_over_is_said_at_the_text_while_it_is_written(unlucky, product, width):
    """It stood below the form alone, out of sight of whoever typed on."""
    page = unlucky
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{product.url}/portal/new/")
    write(page, unique("Раз"))
    saved(page)
    page.context.clear_cookies(name="session")
    write(page, " два")
    told = page.get_by_role("alert").filter(has_text="Вход завершён")
    expect(told).to_be_in_viewport(timeout=10_000)
    expect(told.get_by_role("link", name="Войти")).to_be_visible()
    write(page, " три")
    sign_in(page.context.new_page(), product, "client3")
    page.evaluate("dispatchEvent(new Event('pagehide'))")
    expect(told).to_have_count(0)
    expect(page.locator(".editor__area")).to_contain_text("два три")

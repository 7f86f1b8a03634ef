"""A client's forms on the way: refused, without a connection, reloaded, after another sign-in. Nothing typed is lost."""

import re
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.test_portal import opened

pytestmark = pytest.mark.xdist_group("product")
SENT = re.compile(r"/portal/tickets/\d+/")


@pytest.fixture
def page(visit, product):
    page = visit()
    sign_in(page, product, "client2")
    return page


@pytest.fixture
def shaky(browser, product):
    """A page whose network is going to fail: what the browser says of that is no complaint."""
    context = browser.new_context(locale="ru-RU", viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    sign_in(page, product, "client2")
    yield page
    context.close()
    assert not errors


def until(page, expression):
    """Waits for something that is no element; the pages' policy forbids Playwright's own way."""
    for _ in range(600):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(expression)


def begin(page, product, subject, *, text="Почему пересчитали?"):
    page.goto(f"{product.url}/portal/new/")
    page.get_by_label(re.compile("^Получатель")).select_option(label="Ошибка")
    page.get_by_label("Код или текст ошибки").fill("E-17")
    if subject:
        page.locator('[name="subject"]').fill(subject)
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type(text)


def send(page):
    page.get_by_role("button", name="Отправить", exact=True).click()


def attach(page, *files):
    page.locator("input[type=file]#attachments").set_input_files(list(files))
    for file in files:
        page.get_by_text(file["name"]).wait_for()
    until(page, "!document.querySelector('.files progress')")


def file(name, content=b"content"):
    return {"name": name, "mimeType": "text/plain", "buffer": content}


def test_a_refusal_leaves_the_page_where_it_was_and_a_reload_brings_later_edits(page, product):
    subject = f"Отказ {time.time_ns()}"
    begin(page, product, "")
    attach(page, file("акт.txt"))
    send(page)
    expect(page.locator("#subject")).to_be_focused()
    expect(page.locator(".error-summary")).to_contain_text("поправьте 1 поле")
    page.locator('[name="subject"]').fill(subject)
    page.locator("[contenteditable=true]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" И ещё: срочно.")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('срочно'))")
    page.reload()  # no question about sending anew: the page was asked for, not posted
    expect(page.locator('[name="subject"]')).to_have_value(subject)
    expect(page.locator(".editor__area")).to_have_text("Почему пересчитали? И ещё: срочно.")
    expect(page.get_by_label("Код или текст ошибки")).to_have_value("E-17")
    expect(page.locator(".files input[name=staged]")).to_have_count(1)
    send(page)
    page.wait_for_url(SENT)
    expect(page.locator("h1")).to_contain_text(subject)
    expect(page.get_by_role("link", name=re.compile("акт.txt"))).to_be_visible()
    page.go_back()
    page.locator('[name="subject"]').wait_for()
    assert page.url == f"{product.url}/portal/new/"


def test_marks_of_errors_go_when_the_fields_are_corrected(page, product):
    page.goto(f"{product.url}/portal/new/")
    send(page)
    expect(page.locator(".error-summary li")).to_have_count(3)
    page.locator('[name="subject"]').fill("Т")
    expect(page.locator("#subject-error")).to_have_count(0)
    expect(page.locator('[name="subject"]')).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".error-summary li")).to_have_count(2)
    expect(page.locator(".error-summary")).to_contain_text("Осталось поправить")
    page.locator('[name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("т")
    expect(page.locator("#body-error, .editor--invalid, [contenteditable][aria-invalid]")).to_have_count(0)
    page.get_by_label(re.compile("^Получатель")).select_option(label="Ошибка")
    expect(page.locator(".error-summary, .error, [aria-invalid=true]")).to_have_count(0)


def test_without_a_connection_the_page_stays_and_sends_later_once(shaky, product):
    page = shaky
    subject = f"Связь {time.time_ns()}"
    begin(page, product, subject)
    attach(page, file("опись.txt"))
    page.route("**/portal/new/", lambda route: route.abort())
    page.get_by_role("button", name="Отправить", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="Связь пропала")).to_be_visible()
    expect(page.get_by_role("button", name="Отправить", exact=True)).to_be_focused()
    key = page.locator("input[name=form_key]").input_value()
    page.unroute("**/portal/new/")
    lost = []

    def swallow(route):  # it arrives, but the answer does not
        if not lost:
            lost.append(route.fetch())
            route.abort()
        else:
            route.continue_()

    page.route("**/portal/new/", swallow)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="Связь пропала")).to_be_visible()
    assert lost[0].status == 204
    assert page.locator("input[name=form_key]").input_value() == key
    send(page)
    page.wait_for_url(SENT)
    page.goto(f"{product.url}/portal/search/?q={subject.split()[1]}")
    expect(page.get_by_role("link", name=re.compile(subject))).to_have_count(1)


def test_back_after_an_answer_that_was_lost_brings_no_draft(shaky, product):
    page, subject, lost = shaky, f"Потеряно {time.time_ns()}", []

    def swallow(route):  # it arrives, but the answer does not
        lost.append(route.fetch())
        route.abort()

    begin(page, product, subject)
    page.route("**/portal/new/", swallow)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="Связь пропала")).to_be_visible()
    assert lost[0].status == 204
    page.unroute("**/portal/new/")
    page.goto(f"{product.url}/portal/help/")
    page.go_back(wait_until="networkidle")
    expect(page.locator('[name="subject"]')).to_have_value("")
    page.wait_for_timeout(3500)  # a saving would have been made by now
    assert subject not in page.evaluate("JSON.stringify(localStorage)")
    page.goto(f"{product.url}/portal/drafts/")
    expect(page.locator(".req", has_text=subject)).to_have_count(0)


def test_when_the_connection_is_back_the_form_goes_by_itself_under_its_key(shaky, product):
    page = shaky
    subject = f"Само {time.time_ns()}"
    begin(page, product, subject)
    page.evaluate(
        """() => {
          for (const role of ["alert", "status"]) {
            const old = document.createElement("div");
            old.className = "banner banner--warn";
            old.setAttribute("role", role);
            old.append(role);
            document.querySelector("main").prepend(old);
          }
        }"""
    )
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="отправим сами")).to_be_visible()
    # what was said of an earlier sending is over; what stands there of the request itself stays
    expect(page.locator(".banner--warn[role=alert]")).to_have_count(0)
    expect(page.locator(".banner--warn[role=status]")).to_be_visible()
    page.context.set_offline(False)
    page.wait_for_url(SENT)
    page.goto(f"{product.url}/portal/search/?q={subject.split()[1]}")
    expect(page.get_by_role("link", name=re.compile(subject))).to_have_count(1)


def test_a_form_that_was_to_be_sent_again_by_hand_does_not_go_by_itself_later(shaky, product):
    page = shaky
    begin(page, product, f"Вручную {time.time_ns()}")
    page.route("**/portal/new/", lambda route: route.abort())
    send(page)
    expect(page.get_by_role("alert").filter(has_text="Связь пропала")).to_be_visible()
    page.unroute("**/portal/new/")
    sent = []
    page.on(
        "request",
        lambda request: request.method == "POST" and "/drafts/" not in request.url and sent.append(request.url),
    )
    page.evaluate("window.dispatchEvent(new Event('online'))")  # hours later, as a notebook wakes
    page.wait_for_timeout(500)
    assert not sent and page.url.endswith("/portal/new/")
    send(page)
    page.wait_for_url(SENT)


def test_a_file_chosen_without_a_connection_goes_with_the_form_by_itself(shaky, product):
    page, subject = shaky, f"Файлом {time.time_ns()}"
    begin(page, product, subject)
    page.context.set_offline(True)
    chosen = {"name": "без связи.txt", "mimeType": "text/plain", "buffer": b"x" * 200_000}
    page.locator('[name="attachments"]').first.set_input_files(chosen)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="отправим сами")).to_be_visible()
    page.wait_for_timeout(500)  # whatever the file's own journey still tells
    page.context.set_offline(False)
    page.wait_for_url(SENT)
    expect(page.locator("a.attach", has_text="без связи")).to_have_count(1)


def test_a_form_that_is_changed_meanwhile_is_left_to_its_writer(shaky, product):
    page = shaky
    begin(page, product, f"Сам {time.time_ns()}")
    page.context.set_offline(True)
    send(page)
    expect(page.get_by_role("alert").filter(has_text="отправим сами")).to_be_visible()
    page.locator("[contenteditable=true]").click()
    page.keyboard.type("Ещё")
    page.context.set_offline(False)
    expect(page.get_by_role("alert").filter(has_text="Связь вернулась")).to_be_visible()
    assert page.url.endswith("/portal/new/")
    send(page)
    page.wait_for_url(SENT)


def test_a_failure_of_the_server_is_told_beside_the_button(shaky, product):
    page = shaky
    begin(page, product, "Сбой")
    answer = "<main><h1>Что-то сломалось у нас</h1><p class='soft'>Попробуйте через минуту.</p></main>"
    page.route(
        "**/portal/new/", lambda route: route.fulfill(status=500, content_type="text/html; charset=utf-8", body=answer)
    )
    send(page)
    expect(page.get_by_role("alert").filter(has_text="Что-то сломалось у нас")).to_contain_text("через минуту")
    expect(page.locator(".editor__area")).to_have_text("Почему пересчитали?")


def test_files_come_back_with_the_draft_or_are_named(shaky, product):
    page = shaky
    begin(page, product, f"Черновик {time.time_ns()}")
    attach(page, file("один.txt"), file("два.txt"), file("ноль.txt", b""))
    expect(page.locator(".file", has_text="ноль.txt")).to_contain_text("пустой файл, 0 Б")
    page.route("**/portal/uploads/**", lambda route: route.abort())
    attach(page, file("три.txt"))
    page.unroute("**/portal/uploads/**")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('три.txt'))")
    page.reload()
    expect(page.locator(".files input[name=staged]")).to_have_count(3)
    expect(page.locator(".file--error")).to_contain_text("три.txt — выберите ещё раз")
    send(page)
    expect(page.locator(".error-summary")).to_contain_text(re.compile(r"Не\sприложен\sфайл\sтри\.txt"))
    expect(page.locator(".files input[name=staged]")).to_have_count(3)
    page.reload()
    expect(page.locator(".file--error")).to_have_count(0)  # whoever saw the refusal has been told
    expect(page.locator(".files input[name=staged]")).to_have_count(3)
    send(page)
    page.wait_for_url(SENT)
    expect(page.get_by_role("link", name=re.compile("ноль.txt"))).to_contain_text("пустой файл, 0 Б")
    page.goto(f"{product.url}/portal/new/")
    expect(page.locator(".file")).to_have_count(0)


def held_back(page):
    """The files on their way, to be let go on."""
    held = []

    def hold(route):
        held.append(route)

    page.route("**/portal/uploads/**", hold)
    return held


def test_a_file_that_is_still_going_up_is_waited_for_and_goes_once(page, product):
    subject = f"В пути {time.time_ns()}"
    content = b"0123456789" * 20000
    begin(page, product, subject)
    held, sizes = held_back(page), []
    page.on("request", lambda made: sizes.append(made) if made.method == "POST" else None)
    page.locator("input[type=file]#attachments").set_input_files([file("долгий.txt", content)])
    page.locator(".files progress").wait_for()
    send(page)
    expect(page.get_by_role("button", name="Отправляем…")).to_be_visible()
    assert not [made for made in sizes if made.url.endswith("/portal/new/")]
    held.pop().continue_()
    page.wait_for_url(SENT)
    sent = next(made for made in sizes if made.url.endswith("/portal/new/"))
    assert len(sent.post_data_buffer) < 20000
    assert len([made for made in sizes if "/portal/uploads/" in made.url and len(made.post_data_buffer) > 20000]) == 1
    expect(page.get_by_role("link", name=re.compile("долгий.txt"))).to_be_visible()


def test_a_file_whose_way_breaks_off_goes_with_the_form(shaky, product):
    page = shaky
    begin(page, product, f"Обрыв {time.time_ns()}")
    held = held_back(page)
    page.locator("input[type=file]#attachments").set_input_files([file("упавший.txt")])
    page.locator(".files progress").wait_for()
    send(page)
    expect(page.get_by_role("button", name="Отправляем…")).to_be_visible()
    held.pop().abort()
    page.wait_for_url(SENT)
    expect(page.get_by_role("link", name=re.compile("упавший.txt"))).to_be_visible()


@pytest.mark.parametrize("cookies", [{"name": "session"}, {}], ids=["session", "all cookies"])
def test_files_are_there_after_the_session_ran_out(page, product, cookies):
    subject = f"Вход {time.time_ns()}"
    begin(page, product, subject)
    attach(page, file("акт.txt"))
    page.context.clear_cookies(**cookies)
    send(page)
    page.wait_for_url("**/login/**")
    told = page.get_by_text("Набранное не отправлено").locator("xpath=ancestor::*[contains(@class, 'banner')][1]")
    expect(told).to_be_visible()
    below = told.evaluate("(told) => told.nextElementSibling.getBoundingClientRect().top")
    assert below - told.evaluate("(told) => told.getBoundingClientRect().bottom") >= 12
    page.fill('[name="login"]', "client2")
    page.fill('[name="password"]', "demo-helpdesk")
    page.press('[name="password"]', "Enter")
    page.wait_for_url("**/portal/new/")
    expect(page.locator('[name="subject"]')).to_have_value(subject)
    expect(page.locator(".files input[name=staged]")).to_have_count(1)
    expect(page.get_by_role("alert").filter(has_text="Заявка не отправлена")).to_be_visible()
    expect(page.locator(".toast")).to_have_count(0)  # what stands above the form is not told twice
    send(page)
    page.wait_for_url(SENT)
    expect(page.get_by_role("link", name=re.compile("акт.txt"))).to_be_visible()


def test_an_answer_is_sent_in_place_and_the_box_is_empty_again(page, product):
    address = opened(page, product, f"Ответ на месте {time.time_ns()}")
    page.locator('.reply [name="body"]').click()
    page.locator("[contenteditable=true]").wait_for()
    page.keyboard.type("Ещё слово")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Ответ отправлен.")).to_be_visible()
    expect(page.locator(".art", has_text="Ещё слово")).to_have_count(1)
    assert re.fullmatch(re.escape(product.url + address) + r"#a\d+", page.url)
    expect(page.locator('.reply [name="body"]')).to_have_value("")
    page.reload()
    expect(page.locator('.reply [name="body"]')).to_have_value("")
    expect(page.locator(".art", has_text="Ещё слово")).to_have_count(1)
    page.go_back()
    assert page.url.startswith(product.url) and "tickets" not in page.url


def test_a_text_taken_out_again_does_not_come_back(page, product):
    page.goto(f"{product.url}/portal/new/")
    page.locator('[name="subject"]').fill("Передумал")
    until(page, "Object.values(localStorage).some((kept) => kept.includes('Передумал'))")
    page.locator('[name="subject"]').fill("")
    until(page, "!Object.values(localStorage).some((kept) => kept.includes('Передумал'))")
    page.reload()
    expect(page.locator('[name="subject"]')).to_have_value("")


def test_without_script_nothing_is_promised_that_only_a_script_does(visit, product):
    page = visit(script=False)
    sign_in(page, product, "client2")
    page.goto(f"{product.url}/portal/new/")
    for words in ("Ctrl + V", "перетащить", "хранится в этом браузере"):
        expect(page.get_by_text(words).locator("visible=true")).to_have_count(0)


def test_a_file_too_large_keeps_nothing_back_once_another_one_is_chosen(page, product):
    begin(page, product, f"Большой {time.time_ns()}")
    page.locator('[data-files=""]').evaluate("box => { box.dataset.max = 10 }")
    big, good = [
        {"name": n, "mimeType": "text/plain", "buffer": b"x" * size} for n, size in (("a.txt", 11), ("b.txt", 5))
    ]
    page.locator("#attachments").set_input_files([big])
    refusal = page.locator(".file--error")
    expect(refusal).to_contain_text("a.txt — больше")
    send(page)  # without another one the writer is asked: they may believe that it is attached
    expect(page.get_by_role("alert").first).to_contain_text("a.txt")
    page.locator('[data-files=""]').evaluate("box => { box.dataset.max = 10 }")
    page.locator("#attachments").set_input_files([big])
    page.locator("#attachments").set_input_files([good])
    page.locator(".files [data-token]").wait_for(state="attached")
    expect(refusal.last).to_contain_text("a.txt — больше")  # it stays to be read
    send(page)
    page.wait_for_url(SENT)
    expect(page.get_by_role("link", name=re.compile("b.txt"))).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("a.txt"))).to_have_count(0)


def test_a_style_that_comes_from_outside_is_no_change_of_the_text(page, product):
    begin(page, product, "", text="")
    send(page)
    editor, summary = (
        page.locator("[contenteditable=true], [name=body]:not([aria-hidden])").first,
        page.locator(".error-summary"),
    )
    editor.click()
    page.locator("[contenteditable=true]").wait_for()
    expect(summary.locator("li")).to_have_count(2)
    page.locator("[contenteditable=true]").evaluate(
        "area => { area.dataset.extension = 1; area.firstElementChild.className = 'marked'; area.style.caretColor = 'red' }"
    )
    page.wait_for_timeout(500)  # longer than the fingers rest
    expect(summary.locator("li")).to_have_count(2)
    page.keyboard.type("я")
    expect(summary.locator("li")).to_have_count(1)


def _write(page, text):
    page.locator('[name="body"]:not([aria-hidden]), [contenteditable=true]').first.click()
    editor = page.locator("[contenteditable=true]")
    editor.wait_for()
    editor.click()
    page.keyboard.press("Control+End")
    page.keyboard.type(text)


def test_an_answer_that_went_late_under_another_key_leaves_no_draft(shaky, product):
    """Saved, the session lost, sent, signed in again, opened anew, sent without a connection: it went, and the older
    copy of its text was offered below it as a draft."""
    page, mark = shaky, f"Поздно {time.time_ns()}"
    address = opened(page, product, mark)
    page.goto(product.url + address)
    _write(page, f"{mark}. Строка один.")
    expect(page.locator("[data-draft-state]")).to_contain_text("Черновик сохранён")
    page.context.clear_cookies(name="session")
    _write(page, " Строка два.")
    page.get_by_role("button", name="Ответить", exact=True).click()
    page.wait_for_url("**/login/**")
    page.fill('[name="login"]', "client2")
    page.fill('[name="password"]', "demo-helpdesk")
    page.press('[name="password"]', "Enter")
    page.wait_for_url(f"**{address}**")
    expect(page.locator(".editor__area")).to_contain_text("Строка один. Строка два.")
    expect(page.locator("[data-draft-key]", has_text=mark)).to_have_count(0)
    page.goto(f"{product.url}/portal/help/")
    page.goto(product.url + address)
    expect(page.locator(".editor__area")).to_contain_text("Строка один. Строка два.")
    expect(page.locator("[data-draft-key]", has_text=mark)).to_have_count(0)
    page.context.set_offline(True)
    _write(page, " Строка три.")
    page.get_by_role("button", name="Ответить", exact=True).click()
    expect(page.get_by_role("alert").filter(has_text="отправим сами")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Ответ отправлен")).to_be_visible()
    expect(page.locator("main [data-drafts]", has_text=mark)).to_have_count(0)
    page.goto(f"{product.url}/portal/drafts/")
    expect(page.locator(".req", has_text=mark)).to_have_count(0)

"""The behaviours in a real browser, over the gallery: with and without script."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.looks import stands_well_in_both_schemes

pytestmark = pytest.mark.e2e

PORTAL, DESK = "?page=portal", "?page=desk"


def posts(page):
    """Every sending is answered with «nothing», so that the page stays."""
    sent = []

    def answer(route):
        if route.request.method == "POST" and "upload" not in route.request.url:
            sent.append(route.request.post_data_buffer.decode(errors="replace"))
            route.fulfill(status=204)
        else:
            route.continue_()

    page.route("**/*", answer)
    return sent


def arrived(page, sent):
    """Waits for the first sending, then a little for a second that must not come."""
    for _ in range(200):
        if sent:
            break
        page.wait_for_timeout(50)
    page.wait_for_timeout(150)


def body(page):
    return page.locator("textarea[name=body]")


@pytest.mark.parametrize("width", [1440, 360])
@pytest.mark.parametrize("query", ["", PORTAL, DESK])
def test_no_barriers_no_sideways_scroll_no_complaints(browse, query, width):
    page = browse(query, width=width, color_scheme="light")
    page.wait_for_load_state("networkidle")
    stands_well_in_both_schemes(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.complaints == []


def test_editor_replaces_the_text_area_on_focus_and_keeps_what_was_typed(browse):
    page = browse(PORTAL)
    assert page.locator(".editor__area").count() == 0
    page.get_by_label("Текст", exact=True).fill("Первая\nВторая <b>")
    editor = page.locator(".editor__area")
    expect(editor).to_contain_text("Вторая <b>")
    expect(page.get_by_label("Текст", exact=True)).to_have_count(1)
    editor.click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="Полужирный").click()
    page.keyboard.type("жирно")
    expect(body(page)).to_have_value("<div>Первая</div><div>Вторая &lt;b&gt;<b>жирно</b></div>")
    assert page.locator("input[name=body_format]").input_value() == "html"
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    expect(body(page)).to_have_value("")


def test_pasted_table_stays_a_table_and_scripts_go(browse):
    page = browse(PORTAL)
    page.get_by_label("Текст", exact=True).focus()
    expect(page.locator(".editor__area")).to_be_focused()
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.setData('text/html', '<table><tr><td onclick="x()">a</td><td>b</td></tr></table><a href="javascript:x">l</a><script>x</' + 'script>');
          data.setData('text/plain', 'a b');
          document.activeElement.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(body(page)).to_have_value(re.compile("<td>a</td>"))
    html = body(page).input_value()
    assert "<td>a</td><td>b</td>" in html
    assert not any(evil in html for evil in ("onclick", "javascript", "script"))


def test_toolbar_is_one_stop_with_arrows_inside(browse):
    page = browse(PORTAL)
    page.get_by_label("Текст", exact=True).focus()
    expect(page.locator(".editor__area")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Полужирный")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Курсив")).to_be_focused()


def test_files_travel_ahead_and_can_be_removed(browse, tmp_path):
    page = browse(PORTAL)
    sent = posts(page)
    (tmp_path / "Акт.pdf").write_bytes(b"x" * 2048)
    (tmp_path / "второй.txt").write_bytes(b"y")
    (tmp_path / "пустой.txt").touch()
    picker = page.get_by_label("Прикрепленный файл")
    picker.set_input_files([tmp_path / "Акт.pdf", tmp_path / "пустой.txt"])
    picker.set_input_files(tmp_path / "второй.txt")  # one after another
    expect(page.locator("input[name=staged][value=trial]")).to_have_count(2)
    expect(page.get_by_text("пустой.txt — empty")).to_be_visible()
    page.get_by_role("button", name="Убрать файл «Акт.pdf»").click()
    page.get_by_role("button", name="Отправить", exact=True).click()
    arrived(page, sent)
    assert sent[0].count('name="staged"') == 2  # one that the page brought, one of now
    assert "второй" not in sent[0]


def test_files_that_did_not_travel_go_with_the_form(browse, tmp_path):
    page = browse(PORTAL)
    page.route("**/upload/", lambda route: route.abort())
    (tmp_path / "a.txt").write_bytes(b"content-a")
    (tmp_path / "b.txt").write_bytes(b"content-b")
    page.get_by_label("Прикрепленный файл").set_input_files([tmp_path / "a.txt", tmp_path / "b.txt"])
    expect(page.locator(".files progress")).to_have_count(0)
    carried = page.evaluate(
        """() => Promise.all(new FormData(document.querySelector('form[data-guard]')).getAll('attachments')
             .filter((file) => file.size).map((file) => file.text()))"""
    )
    assert carried == ["content-a", "content-b"]


def test_dropped_files_are_taken(browse):
    page = browse(PORTAL)
    page.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(['x'], 'dropped.txt'));
          document.querySelector('form .rest').dispatchEvent(new DragEvent('drop', {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(page.get_by_text("dropped.txt")).to_be_visible()


def test_second_press_does_nothing(browse):
    page = browse(PORTAL)
    sent = posts(page)
    button = page.get_by_role("button", name="Отправить", exact=True)
    button.click()
    expect(button).to_have_attribute("aria-busy", "true")
    button.click()
    arrived(page, sent)
    assert len(sent) == 1


def test_typed_text_comes_back(browse):
    page = browse(PORTAL)
    page.get_by_label("Тема").fill("Моя тема")
    page.get_by_label("Высокий").check()
    page.get_by_label("Текст", exact=True).fill("Мой текст")
    expect(page.locator(".editor__area")).to_have_text("Мой текст")
    page.reload()
    expect(page.get_by_label("Тема")).to_have_value("Моя тема")
    expect(page.get_by_label("Высокий")).to_be_checked()
    expect(page.locator(".editor__area")).to_have_text("Мой текст")
    expect(page.get_by_text("Вернули то, что вы набирали раньше")).to_be_visible()


def test_a_choice_alone_comes_back_without_a_word(browse):
    page = browse(PORTAL)
    page.get_by_role("radio", name="Низкий – 2").check()
    page.reload()
    expect(page.get_by_role("radio", name="Низкий – 2")).to_be_checked()
    expect(page.get_by_text("Вернули то, что вы набирали раньше")).to_have_count(0)


def test_kept_note_comes_back_as_a_note(browse):
    page = browse(DESK)
    page.get_by_role("button", name="Заметка").click()
    page.keyboard.type("секрет")
    expect(body(page)).to_have_value("<div>секрет</div>")
    page.reload()
    expect(page.locator(".editor__area")).to_have_text("секрет")
    expect(page.get_by_role("button", name="Добавить заметку")).to_be_visible()
    expect(page.get_by_role("button", name="Отправить клиенту")).to_be_hidden()


def test_confirmed_text_is_forgotten(browse):
    page = browse(PORTAL)
    page.get_by_label("Тема").fill("Отправлено")
    page.reload()
    page.evaluate(
        """async () => {
          const note = document.createElement('div');
          note.dataset.tags = 'keep-clear:gallery';
          document.body.append(note);
          document.dispatchEvent(new CustomEvent('htmx:load', {detail: {elt: note}}));
        }"""
    )
    assert page.evaluate("localStorage.getItem('keep:gallery')") is None


def test_warning_follows_the_priority(browse):
    page = browse(PORTAL)
    warning = page.get_by_text("Срочная заявка тоже может занять время")
    expect(warning).to_be_hidden()
    page.get_by_text("Безотлагательный").click()
    expect(warning).to_be_visible()
    page.get_by_role("radio", name="Низкий – 2").check()
    expect(warning).to_be_hidden()


def test_keys_work_in_the_russian_layout_and_send(browse):
    page = browse(DESK)
    sent = posts(page)
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {code: 'KeyX', key: 'ч', bubbles: true}))")
    expect(page.locator(".editor__area")).to_be_focused()
    page.keyboard.type("про xr?")  # keys are letters while one types
    page.keyboard.press("Control+Enter")
    arrived(page, sent)
    assert len(sent) == 1
    assert 'name="kind"\r\n\r\nnote' in sent[0]
    assert "про xr?" in sent[0]


def test_keys_are_listed_and_can_be_off(browse):
    page = browse(DESK)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Клавиши")).to_be_visible()
    page.keyboard.press("Escape")
    page.evaluate("document.body.dataset.keys = 'off'")
    page.keyboard.press("?")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert page.locator(".editor__area").count() == 0


def test_menu_closes_by_escape_and_elsewhere(browse):
    page = browse(PORTAL)
    toggle, menu = page.locator(".p-me summary"), page.locator(".p-me .menu")
    toggle.click()
    expect(menu).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.click()
    page.locator("h1").click()
    expect(menu).to_be_hidden()


def test_refused_form_puts_the_focus_on_what_is_wrong(browse):
    page = browse()
    expect(page.get_by_label("Период")).to_be_focused()
    page.get_by_role("alert").first.focus()
    page.get_by_role("link", name="Период: напишите месяц и год").click()
    expect(page.get_by_label("Период")).to_be_focused()


def test_panel_remembers_that_it_was_closed(browse):
    page = browse(DESK)
    page.locator("details[data-remember] summary").click()
    page.wait_for_function("localStorage.getItem('open:gallery-history') === '0'")
    page.reload()
    expect(page.locator("details[data-remember]")).not_to_have_attribute("open", "")


def test_everything_is_there_without_script(browse):
    page = browse(PORTAL, java_script_enabled=False)
    page.get_by_label("Текст", exact=True).fill("Просто текст")
    expect(page.get_by_text("Срочная заявка тоже может занять время")).to_be_visible()
    expect(page.get_by_role("button", name="Добавить файл")).to_be_visible()
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.goto(page.url.replace("portal", "desk"))
    for name in ("Отправить клиенту", "Добавить заметку"):
        expect(page.get_by_role("button", name=name)).to_be_visible()

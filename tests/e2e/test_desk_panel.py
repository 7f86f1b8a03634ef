"""The panel beside a thread in a browser: what is saved when, where the focus stands, what is told and what it covers."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, reply
from tests.desk.conftest import address
from tests.e2e.test_client_sending import until
from tests.e2e.test_desk import desk, enter, write
from tests.e2e.test_desk_look import box
from tests.e2e.test_desk_sending import KEPT

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(visit, desk):
    page = visit(width=1440)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    return page


def owner_of(ticket):
    ticket.refresh_from_db()
    return ticket.owner.name if ticket.owner else None


def posts(page):
    """Addresses to which something is sent from now on, but for the word that one is here."""
    sent = []
    page.on("request", lambda it: sent.append(it.url) if it.method == "POST" and "/here/" not in it.url else None)
    return sent


def test_keys_only_choose_until_enter(page, desk):
    sent = posts(page)
    owner = page.locator("#p-owner")
    owner.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("Ад")
    third = owner.locator("option").nth(3).inner_text()
    page.keyboard.press("Home")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    assert sent == [] and owner_of(desk.first) is None
    page.keyboard.press("Enter")
    expect(page.locator(".flash .banner")).to_be_visible()
    assert owner_of(desk.first) in third and len(sent) == 1
    expect(page.locator("#p-owner")).to_be_focused()
    page.keyboard.press("Enter")  # nothing else is chosen
    page.locator(".d-thread").focus()
    page.evaluate("document.dispatchEvent(new CustomEvent('page:shown', {detail: {elt: document.body}}))")
    expect(page.locator(".d-thread")).to_be_focused()  # once, not with each part that is shown anew
    page.locator("#p-owner").focus()
    page.keyboard.press("Tab")
    assert len(sent) == 1


def test_escape_takes_a_choice_back_and_leaving_saves_it(page, desk):
    sent = posts(page)
    priority = page.locator("#p-priority")
    priority.focus()
    page.keyboard.press("ArrowUp")
    expect(priority).not_to_have_value("3")
    page.keyboard.press("Escape")
    expect(priority).to_have_value("3")
    page.keyboard.press("Tab")
    expect(page.locator("#p-category")).to_be_focused()
    assert sent == []
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Tab")
    expect(page.locator(".flash .banner")).to_be_visible()
    expect(page.locator("#p-category")).to_be_focused()  # where it was left to
    desk.first.refresh_from_db()
    assert desk.first.priority_id == 4 and len(sent) == 1


def test_a_choice_left_by_a_click_elsewhere_is_saved_and_the_field_has_the_focus_again(page, desk):
    page.locator("#p-owner").focus()
    page.keyboard.press("ArrowDown")
    page.locator("#pf").click()
    expect(page.locator(".flash .banner")).to_be_visible()
    assert owner_of(desk.first)
    expect(page.locator("#p-owner")).to_be_focused()


def test_a_choice_by_mouse_is_saved_at_once(page, desk):
    page.locator("#p-owner").select_option(label="Анна Ковалёва")
    expect(page.locator(".flash .banner")).to_be_visible()
    assert owner_of(desk.first) == "Анна Ковалёва"


def test_fields_with_a_form_look_otherwise_and_say_their_value_once(page, desk):
    mark = "e => [...e.querySelectorAll('svg')].filter(s => s.getBoundingClientRect().width).map(s => s.innerHTML)[0]"
    at_once = page.locator("#p-owner").locator("..").evaluate(mark)
    fold = page.locator(".pfold").first
    assert "chevron-down" in at_once and "pencil" in fold.evaluate(mark)
    expect(fold.get_by_text("Новая").first).to_be_visible()
    fold.locator("summary").click()
    assert "#i-x" in fold.locator("summary").evaluate(mark)
    expect(fold.locator("summary").get_by_text("Новая")).to_be_hidden()
    expect(fold.locator("#p-state")).to_be_visible()


def test_one_change_is_told_once_though_a_text_is_being_written(page, desk):
    write(page, "Не дописано")
    until(page, KEPT.format("дописано"))
    page.locator("#p-priority").select_option(label="Высокий – 4")
    expect(page.get_by_text("Приоритет изменён.")).to_be_visible()
    expect(page.locator(".d-dock [contenteditable=true]")).to_have_text("Не дописано")
    assert page.locator(".toasts .toast").count() == 0  # it would go by itself: nothing is waited for
    page.reload()
    expect(page.locator(".d-dock .editor__area")).to_have_text("Не дописано")


@pytest.mark.parametrize(("width", "script"), [(360, True), (1024, True), (1440, True), (1440, False)])
def test_what_was_done_covers_nothing_of_the_request(visit, desk, width, script):
    page = visit(width=width, script=script)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.get_by_role("button", name="Взять в работу").click()
    told = page.locator(".flash .banner")
    expect(told).to_be_visible()
    told = told.bounding_box()
    parts = (".d-thead", ".thread", ".d-side") if width >= 1024 else (".d-thead",)
    for part in parts:
        other = box(page, part)
        apart = (
            told["x"] >= other["x"] + other["width"] or told["x"] + told["width"] <= other["x"]
            or told["y"] >= other["y"] + other["height"] or told["y"] + told["height"] <= other["y"]
        )  # fmt: skip
        assert apart, part
    assert told["x"] >= 0 and told["y"] + told["height"] <= 900 and told["x"] + told["width"] <= width


@pytest.mark.parametrize("script", [True, False])
def test_a_request_closed_by_a_slip_is_opened_again_from_the_message(visit, desk, script):
    page = visit(width=1440, script=script)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    page.locator(".d-thead").get_by_role("button", name="Закрыть").click()
    told = page.locator(".flash .banner").filter(has_text="Заявка закрыта.")
    told.get_by_role("button", name=re.compile("^Вернуть")).click()
    expect(page.locator(".d-thead").get_by_role("button", name="Закрыть")).to_be_visible()
    expect(page.locator(".flash").get_by_role("button")).to_have_count(0)
    desk.first.refresh_from_db()
    assert desk.first.state_id == "new"  # as it stood


def test_closing_after_a_new_letter_says_that_it_was_not_done(page, desk):
    reply(desk.first.pk, by=desk.by(desk.carol), body=from_plain("Постойте"))
    page.locator(".d-thead").get_by_role("button", name="Закрыть").click()
    told = page.locator(".d-conv > .banner")
    expect(told).to_contain_text(re.compile(r"Заявка не\sзакрыта: тем временем пришло письмо клиента"))
    expect(told).not_to_contain_text("сохранён")


def test_a_phone_has_the_subject_beside_a_long_state_and_a_way_back(visit, desk):
    reply(desk.first.pk, by=desk.by(desk.alice), body=from_plain("Готово. " * 400), then=StateMove("autoclose"))
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    expect(page.locator(".d-thead h1")).not_to_be_in_viewport()
    line = page.locator(".d-slim")
    assert line.locator("a.cut").bounding_box()["width"] > 90
    right = line.locator(".badge").bounding_box()
    assert right["x"] + right["width"] <= 360 and page.evaluate("document.documentElement.scrollWidth") <= 360
    back = line.locator("a").first.bounding_box()  # a click of the locator would scroll to where the line is at home
    page.mouse.click(back["x"] + back["width"] / 2, back["y"] + back["height"] / 2)
    expect(page.locator("#list")).to_be_visible()


def test_a_phone_always_shows_which_request_this_is(visit, desk):
    for at in range(6):
        reply(desk.first.pk, by=desk.by(desk.alice if at % 2 else desk.carol), body=from_plain("Подробности. " * 40))
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}{address(desk.first)}")
    expect(page.locator(".art").last).to_be_in_viewport()
    expect(page.locator(".d-thead h1")).not_to_be_in_viewport()
    line = page.locator(".d-slim")
    seen = line.bounding_box()
    assert seen["y"] == 0 and seen["height"] <= 44
    for words in (desk.first.number[-3:], "Новая|Открыта", "Эквайринг"):
        part = line.get_by_text(re.compile(words))
        expect(part).to_be_in_viewport()
        middle = part.bounding_box()
        at = [middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2]
        assert page.evaluate("([x, y]) => !!document.elementFromPoint(x, y).closest('.d-slim')", at), words
    page.evaluate("scrollTo(0, 0)")
    covers = "document.elementFromPoint(180, 12).closest('.d-thead') !== null"
    until(page, covers)
    page.locator('.d-dock [name="body"]').focus()
    expect(page.get_by_text("Кому: Карина Клиентова")).to_be_visible()


def test_an_automatic_reply_and_a_name_have_room(visit, desk):
    page = visit(width=1024)
    enter(page, desk)
    desk.alice.name = "Светлана Васнецова"
    desk.alice.save()
    page.goto(f"{desk.url}{address(desk.first)}")
    page.get_by_role("button", name="Взять в работу").click()
    expect(page.locator(".flash .banner")).to_be_visible()
    room = page.locator("#p-owner").evaluate(
        """e => { const c = document.createElement("canvas").getContext("2d"), s = getComputedStyle(e);
          c.font = s.font; const text = c.measureText(e.selectedOptions[0].text).width;
          return e.clientWidth - parseFloat(s.paddingLeft) - parseFloat(s.paddingRight) - text; }"""
    )
    assert room >= 0
    for width in (360, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        outer, button = box(page, ".art--auto"), box(page, ".art--auto .quote summary")
        assert button["x"] - outer["x"] >= 12 and outer["y"] + outer["height"] - button["y"] - button["height"] >= 4
        assert button["height"] < 30

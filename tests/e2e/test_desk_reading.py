"""A specialist reads on a phone and goes by keys: where a page opens, from request to request, state and reminder."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import note, promise, reply, take
from helpdesk.tickets.models import Article, Ticket
from tests.e2e.test_desk import desk, enter, write

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Подробности, которые занимают на телефоне не одну строку. " * 8


def in_view(page, selector):
    return page.locator(selector).evaluate(
        "e => { const r = e.getBoundingClientRect(); return r.top < innerHeight && r.bottom > 0; }"
    )


def talk(desk, letters=6):
    for at in range(letters):
        reply(desk.first.pk, by=desk.by(desk.alice if at % 2 else desk.carol), body=from_plain(f"{at}: {LONG}"))


def test_a_phone_opens_a_request_at_its_newest_letter(visit, desk):
    talk(desk)
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    expect(page.locator(".art").last).to_be_in_viewport()
    assert not in_view(page, ".art >> nth=0")
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/#a1")
    expect(page.locator("#a1")).to_be_in_viewport()


def test_a_phone_leads_from_the_newest_letter_to_the_first_new_one(visit, desk):
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    for at in range(4):
        reply(desk.first.pk, by=desk.by(desk.carol), body=from_plain(f"Новое {at}: {LONG}"))
    page.goto(f"{desk.url}/desk/?view=open")
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    expect(page.locator(".art").last).to_be_in_viewport()
    news = page.get_by_role("link", name="4 новых сообщения")
    assert in_view(page, ".news")
    news.click()
    news.wait_for(state="hidden")
    assert in_view(page, "#new")


def test_a_phone_shows_first_what_was_refused_or_done(visit, desk):
    talk(desk)
    page = visit(width=360, height=740)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    page.locator("summary", has_text="Обещано").click()
    page.locator("#p-due").fill("2001-01-01T10:00")
    page.get_by_role("button", name="Обещать").click()
    expect(page.locator("#p-due")).to_be_focused()
    assert in_view(page, "#p-due") and in_view(page, "#p-due-error")


def test_keys_lead_from_request_to_request_and_back_to_the_list(visit, desk):
    for at, ticket in enumerate([desk.first, desk.ticket(subject="Вторая"), desk.ticket(subject="Третья")]):
        promise(ticket.pk, by=desk.by(desk.alice), due_at=clock.now() + timedelta(hours=at + 1))
    page = visit(width=1280)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/?view=all&sort=due")
    page.get_by_role("link", name="Эквайринг: платёж списан дважды").click()
    heading = page.get_by_role("heading", level=1)
    page.wait_for_url(re.compile("/tickets/"))
    page.keyboard.press("j")
    heading.filter(has_text="Вторая").wait_for()
    page.get_by_role("link", name="Следующая заявка списка").click()
    heading.filter(has_text="Третья").wait_for()
    page.keyboard.press("k")
    heading.filter(has_text="Вторая").wait_for()
    write(page, "Ответ на ходу")
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_text("Ответ отправлен клиенту.").wait_for()
    page.get_by_role("link", name="Предыдущая заявка списка").click()
    heading.filter(has_text="Эквайринг").wait_for()
    page.get_by_role("link", name="К списку").click()
    page.wait_for_url(re.compile(r"/desk/\?view=all&sort=due$"))


def test_s_unfolds_the_state_and_stays_there(visit, desk):
    page = visit(width=1280)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    focused = page.locator("#p-state:focus")
    page.keyboard.press("s")
    focused.wait_for()
    page.keyboard.press("Tab")
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("s")
    focused.wait_for()
    assert page.locator("#p-state").is_visible() and not page.locator("#p-until").is_visible()
    page.locator("#p-state").select_option(label="Ожидает напоминания")
    assert page.locator("#p-until").is_visible()


@pytest.mark.parametrize("width", [360, 1440])
def test_a_reminder_asks_for_its_time_as_soon_as_it_is_chosen(visit, desk, width):
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    write(page, "Вернусь к этому")
    until = page.get_by_label("Напомнить", exact=True)
    assert not until.is_visible()
    page.get_by_label("Следующее состояние").select_option(label="Ожидает напоминания")
    assert until.is_visible() and until.input_value().endswith("T09:00")
    page.get_by_label("Следующее состояние").select_option(label="Оставить как есть")
    assert not until.is_visible()
    page.get_by_label("Следующее состояние").select_option(label="Ожидает напоминания")
    until.fill("2099-01-02T10:00")
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_text("Ответ отправлен клиенту.").wait_for()
    desk.first.refresh_from_db()
    assert desk.first.state_id == "reminder" and desk.first.pending_until.year == 2099


def test_without_script_the_time_of_a_reminder_always_stands_there(visit, desk):
    page = visit(script=False)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    assert page.get_by_label("Напомнить", exact=True).input_value().endswith("T09:00")
    page.get_by_role("link", name="Предыдущая заявка списка").click()  # the oldest is the last
    assert page.get_by_role("heading", level=1).inner_text() != "Эквайринг: платёж списан дважды"
    assert not Article.objects.filter(sender="agent").exists()


@pytest.mark.parametrize("width", [360, 1280, 1440])
def test_states_are_never_cut_in_lists(visit, desk, width):
    codes = ["reminder", "autoclose", "review", "closed_unsolved"]
    tickets = list(Ticket.objects.order_by("pk")[: len(codes)])
    for ticket, code in zip(tickets, codes, strict=True):
        Ticket.objects.filter(pk=ticket.pk).update(state=code)
        promise(ticket.pk, by=desk.by(desk.alice), due_at=clock.now() + timedelta(minutes=40))
        note(ticket.pk, by=desk.by(desk.alice), body=from_plain("наверх"))
    page = visit(width=width)
    enter(page, desk)
    page.goto(f"{desk.url}/desk/?view=all&sort=recent")
    cut = page.evaluate(
        """[...document.querySelectorAll('td.c-state')]
        .filter(e => e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1).map(e => e.innerText)"""
    )
    assert cut == []


def test_an_open_request_tells_and_shows_what_came_without_losing_what_is_typed(visit, desk):
    page = visit(width=1440)
    page.clock.install()
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    write(page, "Недописанный ответ")
    page.locator("summary", has_text="Состояние").click()
    page.locator("#p-state-why").fill("Потому что")
    page.clock.run_for(31_000)
    told = page.locator("[data-fresh] .banner")
    assert told.is_hidden()
    take(desk.first.pk, by=desk.by(desk.anna))
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # looked at again: asked at once
    told.wait_for()
    assert "Заявку изменили (Анна Ковалёва: берёт заявку" in " ".join(told.inner_text().split())
    reply(desk.first.pk, by=desk.by(desk.carol), body=from_plain("Ещё одно письмо клиента"))
    page.clock.run_for(16_000)
    expect(told).to_contain_text(re.compile(r"Новый\sответ:\sКарина\sКлиентова\.\sПоказать"))
    told.get_by_role("link").click()
    page.locator(".d-thread").get_by_text("Ещё одно письмо клиента").wait_for()
    assert told.is_hidden()
    assert page.locator(".d-dock [contenteditable=true]").inner_text().strip() == "Недописанный ответ"
    assert page.locator("#p-state-why").input_value() == "Потому что"
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_text("Ответ отправлен клиенту.").wait_for()

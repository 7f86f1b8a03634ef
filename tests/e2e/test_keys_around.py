"""What stands around a client's requests, by keys alone: observers, help, banners, the bell's news."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from helpdesk.core import clock
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Banner, BannerDismissal, Notice
from helpdesk.tickets.actions import reply
from helpdesk.tickets.models import Participant
from tests.e2e.test_desk import desk
from tests.e2e.test_people_keys import FOCUSED, chief, press, tab_to

__all__ = ["chief", "desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def bell(page):
    return page.locator(".p-bell > summary")


def answered(desk):
    reply(desk.first.pk, by=desk.by(desk.alice), body=from_plain("Вернули"))


def test_a_colleague_observes_and_no_longer(chief, desk):
    page = chief
    page.goto(f"{desk.url}/portal/tickets/{desk.first.number}/")
    press(page, "Показать коллеге и присылать ответы")
    tab_to(page, "Коллега")
    page.keyboard.press("ArrowDown")
    press(page, "Добавить")
    expect(page.get_by_text("Теперь коллега видит заявку и получает ответы.")).to_be_visible()
    assert Participant.objects.get(ticket=desk.first).person == desk.dora
    press(page, "Убрать из наблюдателей: Дора Клиентова")
    expect(page.get_by_text("Коллега больше не наблюдает за заявкой.")).to_be_visible()
    assert not Participant.objects.filter(ticket=desk.first).exists()
    press(page, f".*{desk.first.subject}")
    expect(page.get_by_role("heading", level=1)).to_contain_text(desk.first.subject)


def test_help_of_a_page_and_back(chief, desk):
    page = chief
    page.goto(f"{desk.url}/portal/new/")
    press(page, "Помощь по этой странице")
    expect(page.get_by_role("heading", level=1)).to_have_text("Новая заявка")
    press(page, "Открыть эту страницу")
    assert page.url == f"{desk.url}/portal/new/"
    press(page, "Помощь по этой странице")
    press(page, "Помощь: все темы")
    press(page, "Вход и доступ")
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход и доступ")


def test_a_banner_is_closed_and_the_keys_go_on_below_it(chief, desk):
    page, at = chief, clock.now()
    Banner.objects.create(key="k", title_ru="Работы ночью", starts_at=at, ends_at=at + timedelta(hours=1))
    page.goto(f"{desk.url}/portal/mine/")
    tab_to(page, "Закрыть объявление: Работы ночью")
    page.keyboard.press("Enter")
    expect(page.locator(".told .banner")).to_have_count(0)
    expect(page.locator(".told [role=status]")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    named, seen = page.evaluate(FOCUSED)
    assert named and seen
    assert BannerDismissal.objects.filter(person=desk.carol).exists()


def test_news_are_opened_closed_and_read(chief, desk):
    page = chief
    answered(desk)
    page.goto(f"{desk.url}/portal/mine/")
    tab_to(page, "Новости.*")
    page.keyboard.press("Enter")
    line = page.locator(".p-news .news__i")
    expect(line).to_have_count(1)
    tab_to(page, "Алиса Агентова: новый ответ.*")
    page.keyboard.press("Escape")
    expect(line).to_be_hidden()
    expect(bell(page)).to_be_focused()
    page.keyboard.press("Enter")
    press(page, "Алиса Агентова: новый ответ.*")
    page.wait_for_url(re.compile(rf"/portal/tickets/{desk.first.number}/"))
    assert not Notice.objects.filter(person=desk.carol, read_at=None).exists()
    answered(desk)
    page.goto(f"{desk.url}/portal/mine/")
    tab_to(page, "Новости.*")
    page.keyboard.press("Enter")
    expect(line.first).to_be_visible()
    press(page, "Прочитать все")
    expect(page.get_by_role("heading", level=1)).to_have_text("Новости")
    expect(page.locator(".is-unread")).to_have_count(0)
    assert not Notice.objects.filter(person=desk.carol, read_at=None).exists()

"""A chief's day with the company's people, and one's own settings, by keys alone: the focus is seen at each step."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.accounts.models import Invitation, Membership, Person
from helpdesk.tickets.models import Ticket
from tests.e2e.test_desk import PASSWORD, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
# what has the focus: its name, and whether a ring is drawn around it or around what it stands for, within the window
FOCUSED = """() => {
  const part = document.activeElement, ringed = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  if (part === document.body) return ["", false]; // between the end of the page and its beginning
  const { top, bottom } = part.getBoundingClientRect();
  // the text in its frame, the choice of files by its button
  const around = part.closest(".editor, .composer"), button = part.closest(".drop")?.querySelector(".btn");
  const framed = (around && getComputedStyle(around).boxShadow !== "none") || (button && ringed(getComputedStyle(button)));
  const name = part.getAttribute("aria-label") ?? (part.labels?.[0] ?? part).textContent;
  return [
    name.replaceAll("\\u00a0", " ").trim().split("\\n")[0],
    (framed || [null, "::after"].some((at) => ringed(getComputedStyle(part, at)))) && bottom > 0 && top < innerHeight,
  ];
}"""


def tab_to(page, label):
    """Press Tab until this has the focus; all that is passed on the way shows it as well."""
    for _ in range(60):
        page.keyboard.press("Tab")
        named, seen = page.evaluate(FOCUSED)
        if named:
            assert seen, f"the focus is not seen: {named}"
        if re.fullmatch(label, named):
            return
    raise AssertionError(f"{label} is not reached by Tab")


def press(page, label):
    """Enter on what leads to another page, or sends a form."""
    tab_to(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def fill(page, label, text):
    tab_to(page, label)
    page.keyboard.insert_text(text)


def menu(page, label):
    tab_to(page, ".*Меню пользователя.*")
    page.keyboard.press("Enter")
    press(page, label)


@pytest.fixture
def chief(visit, desk):
    desk.carol.set_password(PASSWORD)
    desk.carol.save()
    Membership.objects.filter(person=desk.carol).update(is_chief=True)
    page = visit()
    page.emulate_media(reduced_motion="reduce")  # what is looked at stands at once where it will
    page.goto(f"{desk.url}/login/")
    page.keyboard.insert_text("carol")
    fill(page, "Пароль", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal/mine/")
    return page


def test_people_of_the_company_by_keys_alone(chief, desk):
    page = chief
    desk.ticket(subject="Сальдо", author=desk.dora)
    menu(page, "Сотрудники компании")
    press(page, "Пригласить коллегу")
    fill(page, "Имя и фамилия", "Зинаида Новенькая")
    fill(page, "Адрес почты", "nova@example.com")
    press(page, "Отправить приглашение")
    expect(page.get_by_text("Приглашение отправлено на nova@example.com.")).to_be_visible()
    assert Invitation.objects.filter(over_at=None).count() == 1
    press(page, "Отозвать приглашение на nova@example.com")
    expect(page.get_by_text("отозвано")).to_be_visible()
    press(page, "Дора Клиентова")
    tab_to(page, "писать: .*")
    page.keyboard.press("Space")
    press(page, "Сохранить права")
    expect(page.get_by_text("Права изменены")).to_be_visible()
    assert not desk.dora.memberships.get().writes
    tab_to(page, "Кому передать")
    page.keyboard.press("ArrowDown")
    press(page, "Передать все открытые заявки")
    expect(page.get_by_role("heading", level=1)).to_have_text("Передать 1 заявку?")
    press(page, "Передать")
    expect(page.get_by_text("Передана 1 заявка.")).to_be_visible()
    assert Ticket.objects.get(subject="Сальдо").author == desk.carol
    press(page, "Выключить доступ")
    expect(page.get_by_role("heading", level=1)).to_have_text("Выключить доступ: Дора Клиентова?")
    press(page, "Выключить доступ")
    expect(page.get_by_text("все сеансы завершены: Дора Клиентова")).to_be_visible()
    assert not Person.objects.get(pk=desk.dora.pk).is_active


def test_settings_by_keys_alone(chief, desk):
    page = chief
    menu(page, "Настройки")
    fill(page, "Телефон", "+7 900 000-00-00")
    fill(page, "Ещё один адрес", "more@example.com")
    press(page, "Добавить адрес")
    expect(page.get_by_text("Сохранено не всё")).to_be_visible()
    tab_to(page, "Часовой пояс")
    page.keyboard.press("Home")  # from west to east
    tab_to(page, "Как на устройстве")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    press(page, "Письмо о каждом ответе и изменении")
    expect(page.get_by_text("Настройки сохранены.")).to_be_visible()
    assert page.locator("html").get_attribute("data-theme") == "dark"
    saved = Person.objects.get(pk=desk.carol.pk)
    assert (saved.time_zone, saved.theme, saved.phone) == ("Europe/Kaliningrad", "dark", "+7 900 000-00-00")
    press(page, "Убрать more@example.com")
    expect(page.get_by_text("Адрес убран.")).to_be_visible()
    press(page, "Вход и устройства")
    expect(page.get_by_role("heading", level=1)).to_have_text("Вход и устройства")

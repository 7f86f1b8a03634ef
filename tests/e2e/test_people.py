"""A chief's day with the company's people, and one's own settings: with and without script, on a phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import sign_in
from tests.e2e.looks import stands_well

pytestmark = pytest.mark.xdist_group("product")
PEOPLE, SETTINGS = "/portal/people/", "/account/settings/"
NEW = "another good phrase"


def look(page, path):
    """In a page without script nothing runs that could look at it as a reader aloud does."""
    if page.locator("html.js").count():
        stands_well(page, path)
    else:
        assert page.locator("h1").count() == 1, path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def link_to(product, address, mark):
    """The newest link of this kind that a letter brought to an address."""

    def links():
        found = []
        for letter in product.mail.to(address):
            part = next(part for part in letter.walk() if part.get_content_type() == "text/plain")
            found += re.findall(rf"https?://\S*{mark}\S*", part.get_payload(decode=True).decode())
        return found

    product.wait_until(links, seconds=40, what=f"a letter to {address}")
    return links()[-1]


@pytest.mark.parametrize(("width", "script", "chief"), [(1280, True, "abramov"), (360, False, "ryabov")])
def test_a_chief_invites_switches_off_and_hands_over(visit, product, width, script, chief):
    page = visit(width=width, script=script)
    sign_in(page, product, chief)
    page.locator(".p-me .pop:not(.p-bell) summary").click()
    page.get_by_role("link", name="Сотрудники компании").click()
    look(page, PEOPLE)
    page.get_by_role("link", name="Пригласить коллегу").click()
    look(page, "invite")
    page.get_by_label("Имя и фамилия").fill("Зинаида Новенькая")
    page.get_by_label("Адрес почты").fill("нет")
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_role("alert").first).to_contain_text("Не отправлено: поправьте 1 поле")
    address = f"novenkaya-{chief}@example.com"
    page.get_by_label("Адрес почты").fill(address)
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_text(f"Приглашение отправлено на {address}.")).to_be_visible()
    look(page, PEOPLE)

    newcomer = visit(width=width, script=script)
    newcomer.goto(link_to(product, address, "/invitation/"))
    look(newcomer, "invitation")
    newcomer.get_by_label("Новый пароль").fill(NEW)
    newcomer.get_by_label("Ещё раз тот же пароль").fill(NEW)
    newcomer.get_by_role("button", name="Принять приглашение").click()
    expect(newcomer.get_by_text(f"Ваш логин: {address}")).to_be_visible()
    newcomer.goto(f"{product.url}/login/")
    newcomer.fill('[name="login"]', address)
    newcomer.fill('[name="password"]', NEW)
    newcomer.press('[name="password"]', "Enter")
    newcomer.wait_for_url("**/portal/mine/")

    leaver = hands_over(page, product, "Зинаида Новенькая")
    newcomer.goto(f"{product.url}/portal/mine/")
    assert newcomer.locator("main a[href*='/portal/tickets/']").count() > 0
    expect(page.get_by_text("передаёт заявки:").first).to_contain_text(f"{leaver} → Зинаида Новенькая")
    look(page, "colleague")


def hands_over(page, product, successor):
    """Switch off the first colleague who has open requests and hand these over; who it was."""
    page.goto(product.url + PEOPLE)
    places = page.locator("a.req__title").evaluate_all("(links) => links.map((link) => link.href)")
    for place in places:
        page.goto(place)
        if page.get_by_role("link", name="Выключить доступ").count() and page.get_by_label("Кому передать").count():
            break
    leaver = page.locator("h1").inner_text()
    page.get_by_role("link", name="Выключить доступ").click()
    look(page, "switch off")
    page.get_by_role("button", name="Выключить доступ").click()
    expect(page.get_by_text(f"все сеансы завершены: {leaver}")).to_be_visible()
    page.get_by_label("Кому передать").select_option(label=successor)
    page.get_by_role("button", name="Передать все открытые заявки").click()
    expect(page.get_by_role("main")).to_contain_text(successor)
    look(page, "hand over")
    page.get_by_role("button", name="Передать").click()
    expect(page.get_by_text(re.compile(r"Передан\S+\s\d+\sзаяв"))).to_be_visible()
    return leaver


@pytest.mark.parametrize(("width", "script"), [(1280, True), (360, False)])
def test_an_author_lets_a_colleague_observe(visit, product, width, script):
    page = visit(width=width, script=script)
    sign_in(page, product, "client1")
    page.goto(f"{product.url}/portal/mine/?state=open")
    page.locator("main a[href*='/portal/tickets/']").last.click()
    page.locator(".guide a[href$='/observers/']").click()
    look(page, "observers")
    page.get_by_label("Коллега").select_option(label="Роман Зайцев")
    page.get_by_role("button", name="Добавить").click()
    expect(page.get_by_text("Теперь коллега видит заявку и получает ответы.")).to_be_visible()
    look(page, "observers")
    ticket = page.url.removesuffix("observers/")
    other = visit()
    sign_in(other, product, "zaitsev")
    other.goto(ticket)
    expect(other.locator(".guide")).to_contain_text("Роман Зайцев")
    page.get_by_role("button", name="Убрать из наблюдателей: Роман Зайцев").click()
    expect(page.get_by_text("Коллега больше не наблюдает за заявкой.")).to_be_visible()
    assert other.goto(ticket).status == 404


@pytest.mark.parametrize(
    ("width", "script", "login"), [(1280, True, "tarasova"), (360, False, "client3"), (1280, False, "agent3")]
)
def test_language_and_a_further_address(visit, product, width, script, login):
    page = visit(width=width, script=script)
    sign_in(page, product, login)
    page.goto(product.url + SETTINGS)
    look(page, SETTINGS)
    address = f"further-{login}@example.com"
    page.get_by_label("Ещё один адрес").fill(address)
    page.get_by_role("button", name="Добавить адрес").click()
    expect(page.get_by_text("ждёт подтверждения")).to_be_visible()
    page.goto(link_to(product, address, "/account/addresses/"))
    look(page, "address")
    page.get_by_role("button", name="Да, мой").click()
    expect(page.get_by_text(f"Адрес {address} подтверждён.")).to_be_visible()
    page.get_by_role("button", name=f"Убрать {address}").click()
    expect(page.get_by_text("Адрес убран.")).to_be_visible()
    page.get_by_label("Телефон").fill("12-34")
    page.get_by_label("Ещё один адрес").fill("once-more@example.com")
    page.get_by_role("button", name="Добавить адрес").click()
    expect(page.get_by_text("Сохранено не всё")).to_be_visible()
    assert page.get_by_label("Телефон").input_value() == "12-34"
    page.get_by_role("button", name="Убрать once-more@example.com").click()
    page.get_by_label("Язык страниц и писем").select_option("en")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("The settings have been saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Settings")
    look(page, SETTINGS)
    page.get_by_label("Language of pages and letters").select_option("ru")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Настройки сохранены.")).to_be_visible()

"""An administrator looks as a client in a browser: the way in from a request, the bar on every page, nothing is sent."""

import pytest
from playwright.sync_api import expect

from helpdesk.accounts.models import Look
from helpdesk.tickets.models import Article, Ticket
from tests.e2e.looks import flaws
from tests.e2e.test_desk import PASSWORD, desk, enter

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)
BAR = "Просмотр от имени клиента"


@pytest.mark.parametrize(
    ("width", "scheme", "script"), [(360, "dark", True), (1280, "light", True), (360, "light", False)]
)
def test_from_a_request_to_the_clients_page_and_back(visit, desk, width, scheme, script):
    desk.ada.set_password(PASSWORD)
    desk.ada.save()
    page = visit(width=width, scheme=scheme, script=script)
    enter(page, desk, "ada")
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    link = page.get_by_role("link", name="Смотреть как этот клиент")
    page.goto(f"{desk.url}{link.get_attribute('href')}")
    page.get_by_role("button", name="Смотреть как").click()
    page.wait_for_url(f"**/portal/tickets/{desk.first.number}/")
    bar = page.get_by_role("region", name=BAR)
    expect(bar).to_contain_text(f"Вы смотрите как {desk.carol.name}; ничего не меняется.")
    articles = Article.objects.count()
    for path in ("mine/", "company/?state=all", "search/?q=нет", "new/", "none/"):
        page.goto(f"{desk.url}/portal/{path}")
        expect(bar).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        if script:
            assert flaws(page) == [], path
    page.goto(f"{desk.url}/portal/new/")
    page.get_by_label("Тема").fill("Не моя")
    page.mouse.wheel(0, 600)
    expect(bar).to_be_in_viewport()
    page.get_by_role("button", name="Отправить").click()
    expect(page.get_by_text("отправить или изменить здесь ничего нельзя")).to_be_visible()
    expect(bar).to_be_visible()
    assert not Ticket.objects.filter(subject="Не моя").exists()
    assert Article.objects.count() == articles
    page.get_by_role("button", name="Закончить").click()
    page.wait_for_url("**/desk/admin/look/")
    expect(page.get_by_role("row").filter(has_text=desk.carol.name)).not_to_contain_text("смотрит сейчас")
    assert Look.objects.get().ended_at is not None

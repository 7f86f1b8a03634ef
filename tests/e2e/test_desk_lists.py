"""Many requests at once, by mouse and by keys, with progress, refusals by name and the way back."""

import re

import pytest
from playwright.sync_api import expect

from helpdesk.core import jobs
from helpdesk.tickets.models import Grant, Right, Ticket
from tests.e2e.conftest import sign_in
from tests.e2e.looks import stands_well_in_both_schemes
from tests.e2e.test_desk import PASSWORD, desk

__all__ = ["desk"]
pytestmark = pytest.mark.django_db(transaction=True)


def begun(visit, desk, login="alice", path="/desk/?view=all&sort=recent", **how):
    page = visit(width=1440, **how)
    sign_in(page, desk, login, PASSWORD)
    page.goto(f"{desk.url}{path}")
    return page


def test_rows_are_chosen_by_keys_assigned_and_brought_back(visit, desk):
    page = begun(visit, desk)
    bar = page.get_by_role("form", name="С выбранными заявками")
    expect(bar).to_be_hidden()
    for key in "jxjx":
        page.keyboard.press(f"Key{key.upper()}")
    expect(bar).to_be_visible()
    expect(bar.get_by_role("status")).to_have_text("Выбраны 2 заявки")
    bar.get_by_role("button", name="Назначить").click()
    page.get_by_label("Назначить исполнителя").select_option(label="Анна Ковалёва")
    page.get_by_role("button", name="Назначить").click()
    page.wait_for_url(re.compile("view=all"))
    expect(page.get_by_text("Сделано в 2 заявках.")).to_be_visible()
    assert Ticket.objects.filter(owner__login="anna").count() == 2
    page.keyboard.press("KeyZ")
    expect(page.get_by_text("Возвращено, как было.")).to_be_visible()
    assert not Ticket.objects.filter(owner__login="anna").exists()


def test_a_span_of_rows_and_all_of_the_list(visit, desk):
    page = begun(visit, desk)
    boxes = page.locator('tbody input[name="ticket"]')
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    status = page.locator("[data-bulk-said]")
    expect(status).to_have_text("Выбраны 4 заявки")
    page.get_by_role("checkbox", name="Выбрать все на странице").check()
    expect(status).to_have_text(re.compile(r"Выбрано\s\d+\sзаявок"))
    page.get_by_role("button", name="Снять выбор").click()
    expect(page.locator("[data-bulk]")).to_be_hidden()
    page.locator('tbody input[name="ticket"]').first.check()
    page.locator("[data-bulk-all]").check()
    page.locator("#bulk summary").click()
    page.get_by_role("button", name="Приоритет").click()
    page.get_by_label("Сменить приоритет").select_option("5")
    page.locator('[name="go"]').click()
    page.wait_for_url(re.compile(r"/desk/bulk/\d+/"))
    expect(page.get_by_role("progressbar")).to_be_visible()
    jobs.run_waiting()
    expect(page.get_by_role("progressbar")).to_have_count(0)  # comes anew by itself
    expect(page.locator("main [role=status]")).to_have_text(re.compile(r"Сделано\sв\s\d+\sзаявк"))
    seen = Ticket.objects.filter(queue__in=[desk.errors, desk.advice]).exclude(phase="removed")
    assert not seen.exclude(priority_id=5).exists()


def test_refused_ones_are_named(visit, desk):
    Grant.objects.filter(role__code="alice", queue=desk.advice).update(right=Right.READ)
    ticket = desk.ticket(subject="Только читать", queue=desk.advice, values={"period": "2026-10"})
    page = begun(visit, desk)
    page.get_by_role("checkbox", name=re.compile(ticket.number[-3:])).check()
    page.locator("#bulk summary").click()
    page.get_by_role("button", name="Взять в работу").click()
    page.wait_for_url(re.compile(r"/desk/bulk/\d+/"))
    expect(page.get_by_role("link", name=re.compile(ticket.number[-3:]))).to_be_visible()
    expect(page.get_by_text("Вы не можете назначать исполнителей в этой очереди")).to_be_visible()
    stands_well_in_both_schemes(page, "refused")


@pytest.mark.parametrize("script", [True, False])
def test_a_note_in_each(visit, desk, script):
    page = begun(visit, desk, script=script)
    for box in page.locator('tbody input[name="ticket"]').all()[:2]:
        box.check()
    page.get_by_role("button", name="Заметка").click()
    page.get_by_label("Добавить внутреннюю заметку").fill("Проверить счётчики у обеих")
    if script:
        stands_well_in_both_schemes(page, "asked")
    page.locator('[name="go"]').click()
    expect(page.get_by_text("Сделано в 2 заявках.")).to_be_visible()


def test_a_list_tells_what_has_come_without_jumping(visit, desk):
    page = visit(width=1440)
    sign_in(page, desk, "alice", PASSWORD)
    page.clock.install()
    page.goto(f"{desk.url}/desk/?view=open")
    rows = page.locator("tbody [data-row]").count()
    new = desk.ticket(subject="Только что пришла")
    page.clock.run_for(21_000)
    told = page.get_by_role("link", name=re.compile("1.заявка новая"))
    expect(told).to_be_visible()
    assert page.locator("tbody [data-row]").count() == rows and page.get_by_text(new.subject).count() == 0
    told.click()
    page.wait_for_load_state()
    expect(told).to_have_count(0)


def test_a_list_is_kept_under_a_name(visit, desk):
    page = begun(visit, desk, path="/desk/?view=unassigned&priority=3")
    page.get_by_role("link", name="Сохранить вид").click()
    page.get_by_label("Название вида").fill("Обычные без исполнителя")
    stands_well_in_both_schemes(page, "keep")
    page.get_by_role("button", name="Сохранить").click()
    kept = page.get_by_role("navigation", name="Списки заявок").get_by_role("link", name="Обычные без исполнителя")
    expect(kept).to_have_attribute("aria-current", "page")

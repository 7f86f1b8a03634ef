"""A specialist's day: find a request, answer with a file and a state, note, take, move; also without script, on a phone."""

import re

import pytest
from django.core.cache import cache

from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, note, promise, reply
from helpdesk.tickets.masters import PRIORITIES, STATES
from helpdesk.tickets.models import Article, Priority, State
from tests.desk.conftest import World
from tests.e2e.conftest import sign_in
from tests.e2e.looks import fits, stands_well_in_both_schemes
from tests.factories.committed import once

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"


def masters():
    """A flushed database has lost the rows that migrations made."""
    for position, (code, kind, ru, en, client_ru, client_en, waits_for, closes_after, _) in enumerate(STATES):
        State.objects.get_or_create(
            code=code,
            defaults={"type": kind, "name_ru": ru, "name_en": en, "client_name_ru": client_ru, "position": position,
                      "client_name_en": client_en, "waits_for": waits_for, "closes_after": closes_after},
        )  # fmt: skip
    for rank, ru, en in PRIORITIES:
        Priority.objects.get_or_create(rank=rank, defaults={"name_ru": ru, "name_en": en})


def desk_world():
    masters()
    world = World()
    world.alice.set_password(PASSWORD)
    world.alice.save()
    world.first = world.ticket(subject="Эквайринг: платёж списан дважды", text="Когда вернут деньги?")
    for at in range(30):
        world.ticket(subject=f"Заявка про сальдо {at}", author=world.dave)
    return world


@pytest.fixture
def desk(transactional_db, settings, live_server):
    settings.PUBLIC_URL = live_server.url
    cache.clear()
    world = once("desk_of_a_day", desk_world)
    world.url = live_server.url
    return world


def enter(page, world, login="alice"):
    sign_in(page, world, login, PASSWORD)
    assert page.url.endswith("/desk/")
    page.locator('a[href="/desk/?view=open"]').filter(visible=True).first.click()
    page.wait_for_url("**/desk/?view=open")


def write(page, text):
    editor = page.locator(".d-dock [contenteditable=true]")
    if not editor.count():
        page.locator('[name="body"]').focus()  # the bare field becomes the editor
    editor.wait_for()
    editor.fill(text)


def test_a_request_is_found_answered_noted_taken_and_moved(visit, desk):
    page = visit(width=1440)
    enter(page, desk)
    assert page.get_by_role("heading", level=1).inner_text() == "Все открытые"
    page.get_by_role("link", name="Вперёд").or_(page.locator('a[rel="next"]')).first.click()
    page.wait_for_url(re.compile("after="))
    page.get_by_role("searchbox", name="Поиск по заявкам").fill("платежа дважды")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Эквайринг: платёж списан дважды").click()
    page.wait_for_url(re.compile(r"/desk/tickets/\d+/"))
    page.get_by_role("button", name="Взять в работу").click()
    page.get_by_text("Заявка теперь у вас.").wait_for()
    write(page, "Вернут за три дня.")
    page.get_by_label("Прикрепленный файл").set_input_files(
        {"name": "выписка.txt", "mimeType": "text/plain", "buffer": b"1"}
    )
    page.locator('.d-dock [name="staged"]').wait_for(state="attached")
    page.get_by_label("Следующее состояние").select_option(label="На уточнении")
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_text("Ответ отправлен клиенту.").wait_for()
    assert page.locator(".art--agent").get_by_text("Вернут за три дня.").is_visible()
    assert page.locator(".d-thead").get_by_text("ждём клиента").is_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="выписка.txt").click()
    assert download.value.suggested_filename == "выписка.txt"
    page.get_by_role("button", name=re.compile("^Заметка")).click()
    write(page, "Проверить журнал")
    page.get_by_role("button", name="Добавить заметку").click()
    page.get_by_text("Заметка добавлена.").wait_for()
    assert page.locator(".art--note").get_by_text("Проверить журнал").is_visible()
    page.get_by_label("Приоритет").select_option(label="Высокий – 4")
    page.get_by_text("Приоритет изменён.").wait_for()
    page.locator("summary", has_text="Очередь").click()
    page.locator("#p-queue").select_option(label="Консультация")
    page.get_by_role("button", name="Переместить").click()
    page.get_by_text("Заявка перемещена.").wait_for()
    desk.first.refresh_from_db()
    assert (desk.first.queue_id, desk.first.owner_id, desk.first.priority_id) == (desk.advice.pk, desk.alice.pk, 4)
    page.get_by_role("link", name="Вся история").click()
    assert page.get_by_role("cell", name="Консультация").first.is_visible()


def test_everything_works_without_script(visit, desk):
    page = visit(script=False)
    enter(page, desk)
    page.get_by_role("link", name="Условие", exact=True).click()
    page.get_by_label("Слова").fill("эквайринг")
    page.get_by_role("button", name="Показать").click()
    page.get_by_role("link", name="Эквайринг: платёж списан дважды").click()
    page.locator('[name="body"]').fill("Ответ без скрипта")
    page.get_by_label("Прикрепленный файл").set_input_files({"name": "a.txt", "mimeType": "text/plain", "buffer": b"1"})
    page.get_by_role("button", name="Добавить файл").click()
    assert page.locator('[name="body"]').input_value() == "Ответ без скрипта"
    page.get_by_label("Следующее состояние").select_option(label="Выполнена")
    page.get_by_role("button", name="Отправить клиенту").click()
    assert page.get_by_text("Ответ отправлен клиенту.").is_visible()
    page.locator('[name="body"]').fill("Заметка без скрипта")
    page.get_by_role("button", name="Добавить заметку").click()
    assert page.locator(".art--note").get_by_text("Заметка без скрипта").is_visible()
    page.get_by_label("Приоритет").select_option(label="Безотлагательный – 5")
    page.locator("form", has=page.locator("#p-priority")).get_by_role("button", name="Сохранить").click()
    assert page.get_by_text("Приоритет изменён.").is_visible()
    page.goto(f"{desk.url}/desk/new/?find=карина")
    page.get_by_role("link", name="Карина Клиентова").click()
    page.get_by_label("Очередь").select_option(label="Ошибка")
    page.get_by_role("button", name="Показать поля").click()
    page.get_by_label("Код ошибки").fill("0x21")
    page.get_by_label("Тема").fill("Звонок")
    page.get_by_label("Текст", exact=True).fill("Звонит")
    page.get_by_role("button", name="Создать заявку").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Звонок"
    assert Article.objects.filter(text="Ответ без скрипта").get().attachments.count() == 1


@pytest.mark.parametrize("width", [360, 1024, 1440])
def test_pages_fit_and_have_no_serious_finding(visit, desk, width):
    by = desk.by(desk.alice)
    note(desk.first.pk, by=by, body=from_plain("Оченьдлинноесловобезпробелов" * 10))
    reply(desk.first.pk, by=by, body=from_plain("Ответ"), then=StateMove("review"))
    promise(desk.first.pk, by=by, due_at=desk.first.created_at.replace(year=2099))
    page = visit(width=width)
    enter(page, desk)
    number = desk.first.number
    for path in (
        "/desk/", "/desk/?view=open", "/desk/?view=overdue", "/desk/queues/", "/desk/search/?q=сальдо", "/desk/conditions/",
        f"/desk/tickets/{number}/", f"/desk/tickets/{number}/history/", "/desk/new/",
        f"/desk/new/?client={desk.carol.pk}&queue={desk.errors.pk}",
    ):  # fmt: skip
        page.goto(f"{desk.url}{path}")
        (stands_well_in_both_schemes if width == 1024 else fits)(page, path)


def test_keys_go_through_the_list_and_open(visit, desk):
    page = visit()
    enter(page, desk)
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("[data-row]").nth(1)
    assert "is-cursor" in second.get_attribute("class")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/desk/tickets/\d+/"))
    page.keyboard.press("r")
    page.locator(".d-dock [contenteditable=true]").wait_for()


def test_an_answer_that_came_meanwhile_is_shown_and_nothing_typed_is_lost(visit, desk):
    page = visit()
    enter(page, desk)
    page.goto(f"{desk.url}/desk/tickets/{desk.first.number}/")
    write(page, "Мой ответ")
    reply(desk.first.pk, by=desk.by(desk.anna), body=from_plain("Анна была раньше"))
    page.get_by_role("button", name="Отправить клиенту").click()
    page.locator(".art--agent").get_by_text("Анна была раньше").wait_for()
    assert "Мой ответ" in page.locator('[name="body"]').input_value()
    page.get_by_role("button", name="Отправить клиенту").click()
    page.get_by_text("Ответ отправлен клиенту.").wait_for()
    assert Article.objects.filter(ticket=desk.first, sender="agent").count() == 2

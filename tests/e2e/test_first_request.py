"""One request from the clerk's form to the closed request, by web and mail (R2, R11–R18)."""

import re
import time
from email.message import EmailMessage

import pytest

from tests.e2e.conftest import sign_in, subject_of

pytestmark = pytest.mark.xdist_group("product")

RU = {
    "new": "Новая заявка", "mine": "Мои заявки", "queue": "Получатель", "subject": "Тема", "body": "Текст",
    "files": "Прикрепленный файл", "send": "Отправить", "reply": "Ответить", "next": "Следующее состояние",
    "error": "Ошибка", "auto": "Автоматический ответ", "closed": "Закрыта", "to_client": "Отправить клиенту",
    "high": re.compile("Высокий"),
}  # fmt: skip
EN = {
    "new": "New request", "mine": "My requests", "queue": "Recipient", "subject": "Subject", "body": "Text",
    "files": "Attached file", "send": "Send", "reply": "Reply", "next": "Next state", "error": "Error",
    "auto": "Automatic reply", "closed": "Closed", "to_client": "Send to the client", "high": re.compile("High"),
}  # fmt: skip


def write(page, label, text):
    """Type into the text field, whether it is a bare textarea or the editor that it becomes."""
    page.get_by_label(label, exact=True).fill(text)


def answer_by_mail(product, letter, text):
    reply = EmailMessage()
    reply["From"] = "Марина Соколова <client1@example.com>"
    reply["To"] = " ".join(letter["Reply-To"].split())  # a long one is folded on the wire
    reply["Subject"] = f"Re: {subject_of(letter)}"
    reply["In-Reply-To"] = letter["Message-ID"]
    reply["Message-ID"] = f"<{time.time_ns()}@client.example>"
    reply.set_content(f"{text}\n\n> прежний ответ\n")
    done = product.run("mail", "receive", stdin=reply.as_string())
    assert done.returncode == 0, done.stderr
    return done.stdout


def walk(visit, product, words, *, client, english=False, **how):
    page = visit(**how)
    sign_in(page, product, client)
    tag = f"{client}-{time.time_ns()}"
    page.get_by_role("link", name=words["new"]).first.click()
    page.get_by_label(words["queue"]).select_option(label=words["error"])
    if how.get("script") is False:
        page.get_by_role("button", name="Показать поля").click()
        assert page.get_by_label("Код или текст ошибки").is_visible()
    page.get_by_label(words["subject"], exact=True).fill(f"Ошибка 500 при расчёте пеней {tag}")
    write(page, words["body"], "После кнопки «Рассчитать» белая страница.")
    page.get_by_label(words["files"]).set_input_files(
        [
            {"name": "Снимок экрана.txt", "mimeType": "text/plain", "buffer": b"screen"},
            {"name": "журнал.csv", "mimeType": "text/csv", "buffer": "лс;сумма\n1;2\n".encode()},
        ]
    )
    page.get_by_label(words["high"]).check(force=True)
    page.get_by_role("button", name=words["send"], exact=True).click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    number = re.search(r"/tickets/(\d+)/", page.url).group(1)
    assert page.get_by_text(words["auto"]).is_visible()
    assert page.locator(".attach").count() == 2
    page.get_by_role("link", name=words["mine"]).first.click()
    assert page.get_by_text(tag).first.is_visible()
    return page, number, tag


def agent_answers(visit, product, number, text, state, *, script=True):
    desk = visit(script=script)
    sign_in(desk, product, "agent1")
    desk.goto(f"{product.url}/desk/tickets/{number}/")
    desk.locator('[name="body"]').fill(text)
    desk.locator('[name="next_state"]').select_option(label=state)
    desk.get_by_role("button", name="Отправить клиенту").click()
    desk.wait_for_load_state("networkidle")
    assert desk.get_by_text(text).first.is_visible()


def letters(product, address, number, count):
    def there():
        return [m for m in product.mail.to(address) if number in subject_of(m)]

    product.wait_until(lambda: len(there()) >= count, seconds=30, what=f"{count} letters about {number}")
    return there()


def test_in_russian_by_web_and_mail(visit, product):
    page, number, _ = walk(visit, product, RU, client="client1")
    automatic = letters(product, "client1@example.com", number, 1)[0]
    assert automatic["Auto-Submitted"] == "auto-replied"
    agent_answers(visit, product, number, "Исправили, проверьте расчёт.", "Выполнена, ожидает автозакрытия")
    answer = letters(product, "client1@example.com", number, 2)[-1]
    assert "Исправили, проверьте расчёт." in answer.get_payload(0).get_payload(decode=True).decode()
    page.goto(f"{product.url}/portal/tickets/{number}/")
    assert page.get_by_text("Заявка выполнена и закроется сама").is_visible()
    assert page.get_by_text("Отвечать не нужно").first.is_visible()
    outcome = answer_by_mail(product, answer, "Всё ещё белая страница.")
    assert f'"ticket": "{number}"' in outcome and '"follow_up"' in outcome
    page.reload()
    assert page.get_by_text("Всё ещё белая страница.").is_visible()
    assert page.get_by_text("На доработке").first.is_visible()
    agent_answers(visit, product, number, "Теперь точно исправили.", "Выполнена, ожидает автозакрытия")
    page.reload()
    write(page, RU["body"], "Спасибо, работает.")
    page.get_by_label(RU["next"]).select_option(label=RU["closed"])
    page.get_by_role("button", name=RU["reply"], exact=True).click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("Закрыта").first.is_visible()
    letters(product, "agent1@example.com", number, 2)  # the clerk's answers reached whoever answers for the request


def test_in_english_on_a_phone(visit, product):
    done = product.run("user", "create", "--kind", "client", "--login", "anna", "--name", "Anna Clerk",
                       "--address", "anna@example.com", "--company", "УК Заря", "--language", "en")  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = product.run("user", "password", "anna", stdin="demo-helpdesk\n")
    assert done.returncode == 0, done.stderr
    page, _, tag = walk(visit, product, EN, client="anna", language="en-GB", width=360, height=780, scheme="dark")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth + 1")
    page.get_by_text(tag).first.click()
    write(page, EN["body"], "It works again, thank you.")
    page.get_by_label(EN["next"]).select_option(label=EN["closed"])
    page.get_by_role("button", name=EN["reply"], exact=True).click()
    page.wait_for_load_state("networkidle")
    assert page.get_by_text("The request is closed").first.is_visible()


def test_without_javascript(visit, product):
    page, number, _ = walk(visit, product, RU, client="client3", script=False)
    agent_answers(visit, product, number, "Уточните период.", "На уточнении", script=False)
    page.goto(f"{product.url}/portal/mine/")
    assert page.get_by_role("heading", name=re.compile("Ждут вашего ответа")).is_visible()
    page.goto(f"{product.url}/portal/tickets/{number}/")
    page.get_by_label(RU["body"], exact=True).fill("Октябрь 2026.")
    page.get_by_label(RU["next"]).select_option(label=RU["closed"])
    page.get_by_role("button", name=RU["reply"], exact=True).click()
    assert page.get_by_text("Заявка закрыта").first.is_visible()

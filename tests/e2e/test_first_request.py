"""One request from the clerk's form to the closed request, by web and mail (R2, R11–R18): the whole of it three times.

In Russian by the labels of the requirement, in English on a phone, and without JavaScript. Nobody is led by selectors:
what is not reachable by role and label is not there for a screen reader either.
"""

import json
import re
import time
from dataclasses import dataclass, field
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PASSWORD, subject_of

pytestmark = pytest.mark.xdist_group("product")

FILES = [
    {"name": "Снимок экрана.txt", "mimeType": "text/plain", "buffer": b"screen"},
    {"name": "журнал.csv", "mimeType": "text/csv", "buffer": "лс;сумма\n1;2\n".encode()},
]
RU = {
    "login": "Логин", "password": "Пароль", "enter": "Войти",
    "new": "Новая заявка", "mine": "Мои заявки", "company": "Заявки компании", "find": "Поиск",
    "queue": "Получатель", "subject": "Тема", "body": "Текст", "files": "Прикрепленный файл", "browse": "Обзор",
    "send": "Отправить", "reply": "Ответить", "next": "Следующее состояние", "error": "Ошибка", "fields": "Показать поля",
    "code": "Код или текст ошибки", "auto": "Автоматический ответ", "high": re.compile("Высокий"),
    "question": "Ошибка 500 при расчёте пеней", "details": "После кнопки «Рассчитать» белая страница.",
    "desk_search": "Слова", "desk_show": "Показать", "desk_body": "Текст ответа или заметки", "to_client": "Отправить клиенту",
    "answer": "За какой период считали?", "clarify": "На уточнении", "waits": "Ждут вашего ответа",
    "by_mail": "За октябрь 2026 года.", "solved": "Исправили, проверьте расчёт.",
    "autoclose": "Выполнена, ожидает автозакрытия", "closes_itself": "Заявка выполнена и закроется сама",
    "no_need": "Отвечать не нужно", "again": "Всё ещё белая страница.", "rework": "На доработке",
    "done": "Теперь точно исправили.", "thanks": "Спасибо, работает.", "closed": "Закрыта", "is_closed": "Заявка закрыта",
}  # fmt: skip
EN = {
    "login": "Login", "password": "Password", "enter": "Sign in",
    "new": "New request", "mine": "My requests", "company": "Company requests", "find": "Search",
    "queue": "Recipient", "subject": "Subject", "body": "Text", "files": "Attached file", "browse": "Browse",
    "send": "Send", "reply": "Reply", "next": "Next state", "error": "Error", "fields": "Show the fields",
    "code": "Error code or text", "auto": "Automatic reply", "high": re.compile("High"),
    "question": "Error 500 while calculating penalties", "details": "A white page after the button “Calculate”.",
    "desk_search": "Words", "desk_show": "Show", "desk_body": "Text of the answer or note", "to_client": "Send to the client",
    "answer": "Which period was it?", "clarify": "Needs clarification", "waits": "Waiting for your answer",
    "by_mail": "October 2026.", "solved": "Mended, please check.",
    "autoclose": "Done, closes by itself", "closes_itself": "The request is done and will close automatically",
    "no_need": "No answer is needed", "again": "Still a white page.", "rework": "Being reworked",
    "done": "Now it is really mended.", "thanks": "It works again, thank you.", "closed": "Closed",
    "is_closed": "The request is closed",
}  # fmt: skip


@dataclass
class Walk:
    """One walk: who takes part, in which words, on what kind of page."""

    visit: object
    product: object
    words: dict
    client: str
    agent: str
    how: dict
    number: str = ""
    subject: str = ""
    pages: dict = field(default_factory=dict)

    @property
    def script(self):
        return self.how.get("script", True)

    def enter(self, login):
        """Sign in by labels, each person in a browser of their own."""
        page = self.pages[login] = self.visit(**self.how)
        page.goto(self.product.url)
        page.get_by_label(self.words["login"], exact=True).fill(login)
        page.get_by_label(self.words["password"], exact=True).fill(PASSWORD)
        page.get_by_role("button", name=self.words["enter"], exact=True).click()
        page.wait_for_url(lambda address: "/login" not in address)
        self.fits(page)
        return page

    def fits(self, page):
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), page.url
        assert page.locator("h1").count() == 1, page.url

    def shows(self, page, *texts):
        for text in texts:
            expect(page.get_by_text(text).locator("visible=true").first).to_be_visible()
        self.fits(page)

    def write(self, page, label, text):
        """Into the text field, whether it is a bare textarea or the editor that it becomes."""
        page.get_by_label(label, exact=True).fill(text)

    def letters(self, login, count):
        """The letters about this request that reached somebody's mailbox, once there are so many."""

        def there():
            return [m for m in self.product.mail.to(f"{login}@example.com") if self.number in subject_of(m)]

        self.product.wait_until(lambda: len(there()) >= count, seconds=40, what=f"{count} letters to {login}")
        assert len(there()) == count, [subject_of(m) for m in there()]
        return there()


def text_of(letter):
    """The plain text and the HTML of a letter, as text."""
    parts = [part for part in letter.walk() if part.get_content_maintype() == "text"]
    assert {part.get_content_subtype() for part in parts} == {"plain", "html"}
    return [part.get_payload(decode=True).decode() for part in parts]


def sends_a_request_with_two_files(walk):
    words, page = walk.words, walk.enter(walk.client)
    assert page.url.endswith("/portal/mine/")
    tabs = page.get_by_role("link")
    for name in ("new", "mine", "company", "find"):
        assert tabs.filter(has_text=words[name]).count(), name
    page.get_by_role("link", name=words["new"]).locator("visible=true").first.click()
    walk.fits(page)
    page.get_by_label(words["queue"]).select_option(label=words["error"])
    if not walk.script:
        page.get_by_role("button", name=words["fields"]).click()
    page.get_by_label(words["code"]).fill("Error500")
    walk.subject = f"{words['question']} {walk.client}-{time.time_ns()}"
    page.get_by_label(words["subject"], exact=True).fill(walk.subject)
    walk.write(page, words["body"], words["details"])
    expect(page.get_by_text(words["browse"], exact=True)).to_be_visible()
    page.get_by_label(words["files"]).set_input_files(FILES)
    if walk.script:  # they travel at once, and the page below moves until they are there
        expect(page.locator("input[name=staged]")).to_have_count(len(FILES))
    page.get_by_role("radio", name=words["high"]).check(force=True)
    walk.fits(page)
    page.get_by_role("button", name=words["send"], exact=True).click()
    page.wait_for_url(re.compile(r"/portal/tickets/\d+/"))
    walk.number = re.search(r"/tickets/(\d+)/", page.url).group(1)
    walk.shows(page, words["auto"], words["details"])
    assert walk.subject in page.get_by_role("heading", level=1).inner_text()
    holds_both_files(page)
    page.get_by_role("link", name=words["mine"]).locator("visible=true").first.click()
    page.get_by_role("link", name=walk.subject).first.click()
    page.wait_for_url(re.compile(rf"/portal/tickets/{walk.number}/"))


def holds_both_files(page):
    for file in FILES:
        with page.expect_download() as download:
            page.get_by_role("link", name=file["name"]).click()
        assert download.value.path().read_bytes() == file["buffer"]
        assert download.value.suggested_filename == file["name"]


def reads_the_request_at_the_desk(walk):
    words, page = walk.words, walk.enter(walk.agent)
    assert page.url.endswith("/desk/")
    page.goto(f"{walk.product.url}/desk/conditions/")
    page.get_by_label(words["desk_search"], exact=True).fill(walk.subject)
    page.get_by_role("button", name=words["desk_show"], exact=True).click()
    page.get_by_role("link", name=walk.subject).locator("visible=true").first.click()
    page.wait_for_url(re.compile(rf"/desk/tickets/{walk.number}/"))
    walk.shows(page, words["details"], "Error500")
    holds_both_files(page)


def answers_at_the_desk(walk, text, state):
    words, page = walk.words, walk.pages[walk.agent]
    page.goto(f"{walk.product.url}/desk/tickets/{walk.number}/")
    walk.write(page, words["desk_body"], text)
    page.get_by_label(words["next"]).select_option(label=state)
    page.get_by_role("button", name=words["to_client"]).click()
    expect(page.get_by_role("article").filter(has_text=text)).to_be_visible()  # no more only in the box
    page.reload()
    walk.shows(page, text, state)


def gets_the_answer(walk, text, count):
    """By mail and on the page; the letter."""
    letter = walk.letters(walk.client, count)[-1]
    assert all(text in part for part in text_of(letter))
    page = walk.pages[walk.client]
    page.goto(f"{walk.product.url}/portal/tickets/{walk.number}/")
    walk.shows(page, text)
    return letter


def answers_by_mail(walk, letter, text):
    reply = EmailMessage()
    reply["From"] = f"{walk.client}@example.com"
    reply["To"] = " ".join(letter["Reply-To"].split())  # a long one is folded on the wire
    reply["Subject"] = f"Re: {' '.join(subject_of(letter).split())}"
    reply["In-Reply-To"] = letter["Message-ID"]
    reply["Message-ID"] = f"<{time.time_ns()}@client.example>"
    reply.set_content(f"{text}\n\n> {walk.words['answer']}\n")
    done = walk.product.run("mail", "receive", stdin=reply.as_string())
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["ticket"], told["outcome"]) == (walk.number, "follow_up")
    for login, side in ((walk.client, "portal"), (walk.agent, "desk")):
        walk.pages[login].goto(f"{walk.product.url}/{side}/tickets/{walk.number}/")
        walk.shows(walk.pages[login], text)


def closes_the_request(walk):
    words, page = walk.words, walk.pages[walk.client]
    walk.write(page, words["body"], words["thanks"])
    page.get_by_label(words["next"]).select_option(label=words["closed"])
    page.get_by_role("button", name=words["reply"], exact=True).click()
    walk.shows(page, words["is_closed"], words["thanks"])
    desk = walk.pages[walk.agent]
    desk.reload()
    walk.shows(desk, words["thanks"], words["closed"])


def go(walk):
    """The first paragraph of the issue, word by word."""
    words = walk.words
    sends_a_request_with_two_files(walk)
    automatic = walk.letters(walk.client, 1)[0]
    assert automatic["Auto-Submitted"] == "auto-replied"
    reads_the_request_at_the_desk(walk)
    answers_at_the_desk(walk, words["answer"], words["clarify"])
    letter = gets_the_answer(walk, words["answer"], 2)
    assert (letter["In-Reply-To"], letter["References"]) != (None, None)
    page = walk.pages[walk.client]
    page.goto(f"{walk.product.url}/portal/mine/")
    expect(page.get_by_role("heading", name=re.compile(words["waits"]))).to_be_visible()
    answers_by_mail(walk, letter, words["by_mail"])
    answers_at_the_desk(walk, words["solved"], words["autoclose"])
    letter = gets_the_answer(walk, words["solved"], 3)
    walk.shows(page, words["closes_itself"], words["no_need"])
    assert any(words["no_need"].lower() in part.replace("\xa0", " ").lower() for part in text_of(letter))
    answers_by_mail(walk, letter, words["again"])
    walk.shows(page, words["rework"])
    answers_at_the_desk(walk, words["done"], words["autoclose"])
    gets_the_answer(walk, words["done"], 4)
    closes_the_request(walk)
    # whoever answers for the request heard of each answer of the clerk: two by mail, one on the page
    walk.product.wait_until(
        lambda: sum(walk.number in subject_of(m) for m in walk.product.mail.to(f"{walk.agent}@example.com")) >= 3,
        seconds=40, what="three letters to the specialist",
    )  # fmt: skip


def person(product, kind, login, name, *more):
    made = product.run("user", "create", "--kind", kind, "--login", login, "--name", name,
                       "--address", f"{login}@example.com", *more)  # fmt: skip
    assert made.returncode == 0, made.stderr
    done = product.run("user", "password", login, stdin=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr


def test_in_russian_by_the_labels_of_the_requirement(visit, product):
    go(Walk(visit, product, RU, "client1", "agent1", {"width": 1280}))


def test_in_english_on_a_phone(visit, product):
    person(product, "client", "anna", "Anna Clerk", "--company", "УК Заря", "--language", "en")
    person(product, "agent", "eric", "Eric Helper", "--role", "support", "--language", "en")
    go(Walk(visit, product, EN, "anna", "eric", {"language": "en-GB", "width": 360, "height": 780, "scheme": "dark"}))


def test_without_javascript(visit, product):
    go(Walk(visit, product, RU, "client3", "agent2", {"script": False}))

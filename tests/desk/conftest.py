import re
from html import unescape

import pytest
from django.utils import translation
from markupsafe import escape

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.errors import Problem
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import open_ticket
from helpdesk.tickets.models import Category, Grant, IntakeField, Queue, Right, TicketType
from helpdesk.tickets.words import problem_text


class World:
    """Alice works in «Ошибка» and «Консультация», Bob only at the cash desks, Rita reads, Ada administers."""

    def __init__(self):
        self.zarya = accounts.create_company("УК «Заря»", "УК Заря")
        self.other = accounts.create_company("ТСЖ «Берёзка»", "ТСЖ Берёзка")
        self.carol = self._client("carol", "Карина Клиентова", self.zarya)
        self.dora = self._client("dora", "Дора Клиентова", self.zarya)
        self.dave = self._client("dave", "Давид Иной", self.other)
        self.errors = self._queue("error", "Ошибка", "Error")
        self.advice = self._queue("advice", "Консультация", "Advice")
        self.cash = self._queue("cash", "Кассовое ПО", "Cash desk")
        IntakeField.objects.create(
            queue=self.errors, key="error_code", kind="text", label_ru="Код ошибки", label_en="Error code"
        )
        IntakeField.objects.create(
            queue=self.advice, key="period", kind="month", label_ru="Период", label_en="Period", required=True
        )
        self.category = Category.objects.create(key="pay", name_ru="Платежи", name_en="Payments", path="/1/")
        self.kind = TicketType.objects.create(key="fault", name_ru="Сбой", name_en="Fault")
        self.alice = self._agent("alice", "Алиса Агентова", {self.errors: ["full"], self.advice: ["full"]})
        self.anna = self._agent("anna", "Анна Ковалёва", {self.errors: ["full"]})
        self.bob = self._agent("bob", "Борис Кассиров", {self.cash: ["full"]})
        self.rita = self._agent("rita", "Рита Читалова", {self.errors: ["read"]})
        self.ada = self._agent("ada", "Ада Админова", {None: ["full"]}, capabilities=["administer"])

    def _client(self, login, name, company):
        return accounts.create_person(
            "client", name, login=login, company=company, sees="company", address=f"{login}@example.com"
        )

    def _agent(self, login, name, grants, capabilities=()):
        role = Role.objects.create(code=login, name_ru=login, name_en=login, capabilities=list(capabilities))
        for queue, rights in grants.items():
            for right in rights:
                Grant.objects.create(role=role, queue=queue, right=Right(right))
        return accounts.create_person("agent", name, login=login, roles=[role], address=f"{login}@example.com")

    def _queue(self, key, ru, en):
        queue = Queue.objects.create(
            key=key,
            path="",
            name_ru=ru,
            name_en=en,
            purpose_ru=f"Зачем: {ru}",
            auto_reply_ru="Заявка № {number} принята.",
        )
        queue.path = f"/{queue.pk}/"
        queue.save()
        return queue

    def ticket(self, queue=None, author=None, subject="Ошибка 500", text="Белая страница", **more):
        author = author or self.carol
        return open_ticket(
            by=Actor(author.pk, Cause.WEB), queue_id=(queue or self.errors).pk, subject=subject, body=from_plain(text),
            **({"values": {}} | more),
        ).ticket  # fmt: skip

    def by(self, person):
        return Actor(person.pk, Cause.WEB)


@pytest.fixture(scope="module")
def _world(keep):
    return keep(World)


@pytest.fixture
def world(_world, db):
    return _world()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
        return client

    return sign_in


def address(ticket, part=""):
    return f"/desk/tickets/{ticket.number}/" + (f"{part}/" if part else "")


def said(field, code, **details):
    """The sentence of a problem in the reader's language, as the domain words it."""
    with translation.override("ru"):
        text = problem_text(Problem(field, code, details))
    return str(escape(text)).replace("\xa0", " ").replace("\u202f", " ")


def numbers(answer):
    """The numbers of a list's rows, in order."""
    return re.findall(r'class="t-subj" href="/desk/tickets/([^/]+)/"', answer.content.decode())


def link(answer, rel):
    """The address of the page before or after; empty at the ends."""
    found = re.search(rf'<a href="([^"]*)" rel="{rel}"', answer.content.decode())
    return unescape(found.group(1)) if found else ""


def total(answer):
    """The figure beside the heading; None where there is none."""
    found = re.search(r'</h1><span class="muted num">(\d+)', answer.content.decode())
    return int(found.group(1)) if found else None


def plain(answer):
    """The page's text with plain spaces."""
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")

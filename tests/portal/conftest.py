import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Role
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import open_ticket
from helpdesk.tickets.models import Grant, IntakeField, Queue, Right


class World:
    """Two companies, three clients, an agent, two queues."""

    def __init__(self):
        self.zarya = accounts.create_company("УК «Заря»", "УК Заря")
        self.other = accounts.create_company("ТСЖ «Берёзка»", "ТСЖ Берёзка")
        self.carol = self._client("carol", self.zarya, "company")
        self.dora = self._client("dora", self.zarya, "own")
        self.dave = self._client("dave", self.other, "company")
        role = Role.objects.create(code="support", name_ru="С", name_en="S")
        Grant.objects.bulk_create(Grant(role=role, right=right) for right in Right)
        self.alice = accounts.create_person("agent", "Алиса Агентова", login="alice", roles=[role],
                                            address="alice@example.com")  # fmt: skip
        self.errors = self._queue("error", "Ошибка", "Error")
        self.inbox = self._queue("inbox", "Входящая почта", "Inbox", client_chooses=False)
        IntakeField.objects.create(queue=self.errors, key="error_code", kind="text", label_ru="Код ошибки",
                                   label_en="Error code")  # fmt: skip

    def _client(self, login, company, sees):
        return accounts.create_person("client", f"{login.title()} Клиентова", login=login, company=company, sees=sees,
                                      address=f"{login}@example.com")  # fmt: skip

    def _queue(self, key, ru, en, **more):
        queue = Queue.objects.create(
            key=key, path="", name_ru=ru, name_en=en, purpose_ru=f"Зачем: {ru}", purpose_en=f"What for: {en}",
            auto_reply_ru="Заявка № {number} принята.", auto_reply_en="Request {number} received.", **more,
        )  # fmt: skip
        queue.path = f"/{queue.pk}/"
        queue.save()
        return queue

    def ticket(self, author=None, subject="Ошибка 500", **more):
        author = author or self.carol
        return open_ticket(by=Actor(author.pk, Cause.WEB), queue_id=self.errors.pk, subject=subject,
                           body=from_plain("Белая страница"), **more).ticket  # fmt: skip


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

"""A small desk with a real mail server beside it."""

import email
import email.policy
import socket
import ssl
import threading
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from helpdesk.accounts.actions import create_company, create_person, create_role
from helpdesk.core import jobs
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.models import Grant, Queue, Right, Ticket

KEYS = Path(__file__).parent / "keys"


@pytest.fixture(autouse=True, scope="session")
def _russian():
    from helpdesk.web.messages import compile_all

    compile_all()


@pytest.fixture(autouse=True)
def _files(own_files, settings):
    settings.EMAIL_URL = ""


def make_queue(key, **values):
    queue = Queue.objects.create(key=key, name_ru=key, name_en=key, path="", **values)
    queue.path = f"/{queue.pk}/"
    queue.save()
    return queue


def make_world():
    inbox = make_queue(
        "inbox",
        client_chooses=False,
        address="support@example.com",
        auto_reply_ru="Заявка № {number} получена.",
        auto_reply_en="Request {number} received.",
    )
    errors = make_queue("errors", auto_reply_ru="Заявка № {number} принята в работу.")
    tills = make_queue("tills", follow_up="refuse")
    subscribers = make_queue("subscribers", client_chooses=False, address="subscribers@example.com")
    support = create_role("support", "Поддержка", "Support")
    for queue in (inbox, errors, subscribers):
        Grant.objects.create(role=support, queue=queue, right=Right.FULL)
    tillers = create_role("tillers", "Кассы", "Tills")
    Grant.objects.create(role=tillers, queue=tills, right=Right.FULL)
    zarya, other = create_company("УК Заря"), create_company("ТСЖ Берёзка")
    return SimpleNamespace(
        inbox=inbox,
        errors=errors,
        tills=tills,
        subscribers=subscribers,
        zarya=zarya,
        other=other,
        alice=create_person("agent", "Алиса Смирнова", login="alice", address="alice@desk.example", roles=[support]),
        bob=create_person("agent", "Борис Котов", login="bob", address="bob@desk.example", roles=[tillers]),
        carol=create_person("client", "Карина Белова", login="carol", address="carol@zarya.example", company=zarya),
        dora=create_person(
            "client", "Дора Власова", login="dora", address="dora@zarya.example", company=zarya, sees="company"
        ),
        dave=create_person("client", "Давид Ким", login="dave", address="dave@other.example", company=other),
    )


@pytest.fixture(scope="module")
def _world(keep):
    return keep(make_world)


@pytest.fixture
def world(_world, db):
    return _world()


@pytest.fixture
def ticket(world):
    """Carol's request in «errors», told to the desk."""
    opened = open_by(world.carol, world.errors)
    jobs.run_waiting()
    return opened


def open_by(person, queue, subject="Не сходится сальдо", text="Прошу проверить лицевой счёт."):
    article = actions.open_ticket(by=Actor(person.pk), queue_id=queue.pk, subject=subject, body=from_plain(text))
    return Ticket.objects.get(pk=article.ticket_id)


def letter(
    sender="Carol <carol@zarya.example>",
    *,
    to="support@example.com",
    subject="Вопрос",
    text="Добрый день!\n",
    message_id="auto",
    headers=(),
    html=None,
    files=(),
):
    """Octets of a letter as a mail program would write them."""
    message = email.message.EmailMessage(policy=email.policy.SMTP)
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = "Wed, 25 Nov 2026 10:00:00 +0300"
    if message_id == "auto":
        message_id = f"<{abs(hash((sender, to, subject, text, tuple(headers))))}@client.example>"
    if message_id:
        message["Message-ID"] = message_id
    for name, value in headers:
        message[name] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for name, content in files:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


@dataclass
class Taken:
    sender: str
    recipient: str
    octets: bytes

    @property
    def message(self):
        return email.message_from_bytes(self.octets, policy=email.policy.default)


@dataclass
class Sink:
    """What a mail server does: takes letters, or answers as `rcpt`, `refused` (by address) and `data` say."""

    taken: list[Taken] = field(default_factory=list)
    rcpt: str = "250 OK"
    refused: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)
    port: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return self.refused[address]
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        reply = self.data.pop(0) if self.data else "250 Queued as 7"
        if reply.startswith("250"):
            with self.lock:
                self.taken.append(Taken(envelope.mail_from, envelope.rcpt_tos[0], envelope.original_content))
        if reply.endswith("CUT"):
            server.transport.abort()
        return reply

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.port}"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def sink(settings):
    """A mail server that takes everything, set as ours."""
    yield from _served(Sink(), settings=settings)


def _served(sink, settings=None, **options):
    sink.port = free_port()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, data_size_limit=100_000_000, **options)
    controller.start()
    if settings is not None:
        settings.EMAIL_URL = sink.url
    yield sink
    controller.stop()


@pytest.fixture
def tls_sink():
    """A mail server with a certificate that nobody vouches for, asking for STARTTLS and a password."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(KEYS / "localhost.crt", KEYS / "localhost.key")

    def check(server, session, envelope, mechanism, data):
        return AuthResult(success=data.login == b"desk" and data.password == b"p:ss/word", handled=False)

    yield from _served(Sink(), tls_context=context, require_starttls=True, auth_required=True, authenticator=check)

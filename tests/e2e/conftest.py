"""A real browser, and one whole installation with the demo world and a real SMTP server behind it."""

from email import message_from_bytes
from email.header import decode_header, make_header

import pytest
from aiosmtpd.controller import Controller

from tests.e2e.installation import Installation, free_port

PASSWORD = "demo-helpdesk"


@pytest.fixture
def visit(browser):
    """Contexts of their own for each person of a test; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def new(*, language="ru-RU", width=1280, height=900, scheme="light", script=True):
        context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error" and "status of 4" not in message.text
                else None
            ),
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert not complaints, complaints


class Sink:
    """An SMTP server that keeps what it took."""

    def __init__(self):
        self.letters = []

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(message_from_bytes(envelope.original_content))
        self.letters[-1]["X-Envelope-To"] = ",".join(envelope.rcpt_tos)
        return "250 2.0.0 taken"

    def to(self, address):
        return [letter for letter in self.letters if address in letter["X-Envelope-To"]]


def subject_of(letter):
    return str(make_header(decode_header(letter["Subject"])))


@pytest.fixture(scope="session")
def post():
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    server.start()
    sink.address = f"smtp://127.0.0.1:{server.port}"
    yield sink
    server.stop()


@pytest.fixture(scope="session")
def product(post):
    """The product as `make run` starts it, with a mail server."""
    installation = Installation()
    url = f"http://127.0.0.1:{installation.port}"
    installation.mail = post
    installation.start("--demo", HELPDESK_EMAIL_URL=post.address, HELPDESK_URL=url)
    installation.wait_until_ready(seconds=300)
    yield installation
    installation.remove()


def sign_in(page, product, login):
    page.goto(f"{product.url}/login/")
    page.fill('[name="login"]', login)
    page.fill('[name="password"]', PASSWORD)
    page.press('[name="password"]', "Enter")
    page.wait_for_url(lambda address: "/login" not in address)

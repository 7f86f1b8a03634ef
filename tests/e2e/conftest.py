"""A real browser, and one whole installation with the demo world and a real SMTP server behind it."""

import fcntl
import os
from email import message_from_bytes
from email.header import decode_header, make_header
from weakref import WeakSet

import pytest
from aiosmtpd.controller import Controller
from django.conf import settings
from django.test import Client
from playwright.sync_api import Locator

from helpdesk.accounts.models import Person
from tests import room
from tests.e2e.installation import Installation, copy, free_port

PASSWORD = "demo-helpdesk"
Installation.room = room.place()  # a killed process loses nothing there, and nobody waits for the disk


@pytest.fixture(scope="session")
def whole_pages():
    """Contexts whose clicks wait for the whole page: a click returns at the commit of the next one, and what is read
    then may still be on its way."""
    contexts, click = WeakSet(), Locator.click

    def whole(locator, **given):
        click(locator, **given)
        if locator.page.context in contexts:
            locator.page.wait_for_load_state()

    Locator.click = whole
    yield contexts
    Locator.click = click


@pytest.fixture
def visit(browser, whole_pages):
    """Contexts of their own for each person of a test; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def new(*, language="ru-RU", width=1280, height=900, scheme="light", script=True):
        context = browser.new_context(
            locale=language,
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            java_script_enabled=script,
        )
        context.set_default_timeout(40_000)  # a busy machine is slow, not wrong
        contexts.append(context)
        if not script:
            whole_pages.add(context)
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
def demo_world(tmp_path_factory):
    """A data folder with the demo world, which the first who needs it makes for all workers as `make run` makes it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    made = shared / "demo-world"
    with (shared / "demo-world.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            first = Installation()
            try:
                first.start("--demo", HELPDESK_URL=first.url)
                first.wait_until_ready(seconds=300)
                assert first.stop() == 0, first.said()
                copy(first.home, half := shared / "demo-world.half")
                half.rename(made)
            finally:
                first.remove()
    return made


@pytest.fixture(scope="session")
def product(post, demo_world):
    """The product as `make run` starts it, with a mail server."""
    installation = Installation()
    installation.begin_as(demo_world)
    installation.mail = post
    installation.start("--demo", HELPDESK_EMAIL_URL=post.address, HELPDESK_URL=installation.url)
    installation.wait_until_ready(seconds=300)
    yield installation
    installation.remove()


def sign_in(page, product, login, password=PASSWORD):
    """A session of its own for the page's browser, without showing the form (`test_sign_in.py` shows it).

    The page then stands where the form leads.
    """
    if isinstance(product, Installation):
        start = product.url + _by_form(page, product, login, password)
    else:
        start = f"{product.url}/"
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": _session(login), "url": start}])
    page.goto(start)
    assert "/login" not in page.url


def _by_form(page, product, login, password):
    """Sends the form to an installation; where it leads."""
    browser, form = page.context.request, f"{product.url}/login/"
    browser.get(form)
    [token] = [cookie["value"] for cookie in page.context.cookies(form) if cookie["name"] == "csrftoken"]
    typed = {"login": login, "password": password, "csrfmiddlewaretoken": token}
    answer = browser.post(form, form=typed, max_redirects=0)
    assert answer.status == 302, answer.text()
    return answer.headers["location"]


def _session(login):
    """The key of a new session with the tests' own server: one row."""
    client = Client()
    client.force_login(Person.objects.get(login=login), backend="helpdesk.accounts.backends.LoginOrAddress")
    return client.session.session_key

"""Tries to sign in are counted over all server processes: two servers of one database, asked in turn."""

import concurrent.futures
import contextlib
import subprocess
import time
import urllib.request
from types import SimpleNamespace

import pytest

from tests.e2e.installation import Installation, free_port
from tests.e2e.plain import Visitor

PASSWORD = "demo-helpdesk"


class Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


class Stranger(Visitor):
    """A browser that was never here, at an address of its own as the proxy before the server tells it."""

    def __init__(self, url, address):
        self.url, self.token = url, ""
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), Stay())
        self.opener.addheaders = [("X-Forwarded-For", address)]
        self.get("/login/")

    def attempt(self, login, password):
        return self.post("/login/", {"login": login, "password": password})[0]


@pytest.fixture(scope="module")
def servers(demo_world):
    """The addresses of `serve` and of a `helpdesk web` beside it, with the people of the demo world."""
    installation = Installation()
    second = None
    try:
        installation.begin_as(demo_world)
        installation.start(HELPDESK_TRUSTED_PROXIES="1")
        installation.wait_until_ready()
        port = free_port()
        second = subprocess.Popen(installation.command("web", "--port", str(port)), cwd="/tmp",
                                  env=installation.environment(HELPDESK_TRUSTED_PROXIES="1"), stdin=subprocess.DEVNULL)  # fmt: skip
        url = f"http://127.0.0.1:{port}"
        end = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{url}/readyz", timeout=5):
                break
            assert time.monotonic() < end, second.poll()
            time.sleep(0.1)
        yield SimpleNamespace(urls=[installation.url, url], installation=installation)
    finally:
        if second:
            second.terminate()
            second.wait(20)
        installation.remove()


def strangers(servers, count, address="10.0.0.{}"):
    return [Stranger(servers.urls[i % 2], address.format(i)) for i in range(count)]


def test_wrong_passwords_for_an_account_are_counted_over_both(servers):
    browsers = strangers(servers, 8)
    answers = [browser.attempt("agent1", f"wrong-{i}") for i, browser in enumerate(browsers)]
    assert answers == [422] * 5 + [429] * 3
    assert [browser.attempt("agent1", PASSWORD) for browser in strangers(servers, 2, "10.0.1.{}")] == [429, 429]
    assert Stranger(servers.urls[1], "10.0.2.1").attempt("agent2", PASSWORD) == 302  # another's account is not shut


def test_wrong_passwords_from_an_address_are_counted_over_both(servers):
    browsers = strangers(servers, 12, "10.1.0.1")
    answers = [browser.attempt(f"nobody-{i}", "wrong") for i, browser in enumerate(browsers)]
    assert answers == [422] * 10 + [429] * 2


def test_many_at_once_get_hardly_more_tries_than_one_after_another(servers):
    browsers = strangers(servers, 24, "10.2.0.{}")
    with concurrent.futures.ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda browser: browser.attempt("client1", "wrong"), browsers))
    assert set(answers) <= {422, 429}
    assert answers.count(422) <= 5, answers

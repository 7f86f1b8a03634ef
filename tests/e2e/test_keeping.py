"""A running installation is backed up while clients write to it, and goes on living on another machine."""

import re
import shutil
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests.e2e.installation import Installation, _lent, users
from tests.e2e.plain import Visitor
from tests.e2e.test_kill import expected, facts, submit, text_of

pytestmark = pytest.mark.xdist_group("product")


@pytest.fixture
def folder():
    made = Path(tempfile.mkdtemp(prefix="helpdesk-e2e-backup-", dir="/tmp"))
    yield made
    shutil.rmtree(made)


@pytest.fixture
def elsewhere():
    """Another machine, of another user where this one may lend itself one."""
    installation = Installation(users()[-1])
    yield installation
    installation.remove()


def given_to(user, folder):
    """Carry a backup over."""
    if lent := _lent(user):
        for path in [folder, *folder.rglob("*")]:
            shutil.chown(path, lent["user"], lent["group"])


def test_a_backup_made_while_clients_write_lives_on_elsewhere(product, folder, elsewhere):
    tag = f"backup-{time.time_ns()}"
    visitors = [Visitor(product.url, login) for login in ("client1", "client3")]
    _, page = visitors[0].get("/portal/new/")
    visitors[1].get("/portal/new/")
    queue = re.search(r'<option value="(\d+)">Ошибка<', page).group(1)
    done, enough = {}, threading.Event()

    def write(visitor, name):
        for i in range(500):
            submit(visitor, queue, f"{tag}-{name}-{i}", done)
            if enough.is_set():
                return

    threads = [threading.Thread(target=write, args=(v, n)) for n, v in enumerate(visitors)]
    for thread in threads:
        thread.start()
    try:
        product.wait_until(lambda: len(done) >= 4, seconds=60, what="the first requests")
        before = dict(done)
        made = product.run("backup", str(folder / "b"), timeout=600)
    finally:
        enough.set()
        for thread in threads:
            thread.join(60)
    assert made.returncode == 0, made.stderr
    assert len(done) > len(before)
    refused = product.run("restore", str(folder / "b"))
    assert refused.returncode == 1
    assert "is in use: helpdesk serve runs as process" in refused.stderr

    given_to(elsewhere.user, folder)
    restored = elsewhere.run("restore", str(folder / "b"), timeout=600)
    assert restored.returncode == 0, restored.stderr
    moved(elsewhere, before)
    again = elsewhere.run("backup", str(elsewhere.home / "again"), timeout=600)
    assert again.returncode == 0, again.stderr
    proved = elsewhere.run("verify", str(elsewhere.home / "again"), timeout=600)
    assert proved.returncode == 0, proved.stderr
    found = facts_of(elsewhere, f"Проба {tag}")
    assert before.items() <= {key: number for key, (number, _) in found.items()}.items() <= done.items()
    for key, (_, first) in found.items():
        assert first == ["client", text_of(key), expected(key)]


def facts_of(installation, prefix):
    """Each request: its key → number and first article."""
    return {
        subject.removeprefix("Проба "): (number, articles[0])
        for number, subject, articles, *_ in facts(installation, prefix)
    }


def moved(elsewhere, before):
    """People sign in there, find their requests, and write."""
    elsewhere.start(HELPDESK_URL=elsewhere.url)
    elsewhere.wait_until_ready(seconds=240)
    client = Visitor(elsewhere.url, "client1")
    mine = next(number for key, number in before.items() if "-0-" in key)
    status, page = client.get(f"/portal/tickets/{mine}/")
    assert (status, "a.txt" in page) == (200, True)
    status, page = client.get("/portal/new/")
    queue = re.search(r'<option value="(\d+)">Ошибка<', page).group(1)
    done = {}
    submit(client, queue, f"moved-{time.time_ns()}", done)
    assert int(next(iter(done.values()))) > max(map(int, before.values()))
    elsewhere.stop()
    elsewhere.wait_until_gone(seconds=20)

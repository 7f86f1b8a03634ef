"""kill -9 in the middle of submissions: what was answered with success is there once, whole, byte for byte."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time

import pytest

from tests.e2e.conftest import subject_of
from tests.e2e.installation import ROOT
from tests.e2e.plain import Visitor

pytestmark = pytest.mark.xdist_group("product")

COUNT = 8  # submissions around each kill, of each of two people
ROUNDS = int(os.environ.get("SOAK_KILLS", "1"))


def files_of(key):
    """Two files that no other submission has."""
    return [
        ("attachments", "a.txt", key.encode() * 5_000),
        ("attachments", "b.csv", hashlib.sha256(key.encode()).digest() * 40),
    ]


def text_of(key):
    return f"Прошу проверить расчёт {key}."


def submit(visitor, queue, key, done):
    """Send one form until it is answered with success, as a person does who presses the button again."""
    fields = {"queue": queue, "subject": f"Проба {key}", "body": text_of(key), "priority": "4", "form_key": key}
    for _ in range(300):
        try:
            status, place, _ = visitor.post("/portal/new/", fields, files_of(key))
        except OSError:
            status = 0
        if status == 302 and "/tickets/" in place:
            done[key] = re.search(r"/tickets/(\d+)/", place).group(1)
            return
        time.sleep(0.1)


FACTS = """
import hashlib, json, sys
from helpdesk.config.cli.database import joined
with joined():
    from helpdesk.core import files
    from helpdesk.mail.models import OutgoingLetter
    from helpdesk.tickets.models import Ticket
    def content(f):
        return [f.filename, f.size, hashlib.sha256(files.path_of(f.blob_id).read_bytes()).hexdigest()]
    print(json.dumps([[t.number, t.subject,
        [[a.sender, a.text, [content(f) for f in a.attachments.order_by('position')]] for a in t.articles.order_by('seq')],
        OutgoingLetter.objects.filter(ticket=t, kind='auto_answer').count(), t.priority_id, t.last_event_seq]
        for t in Ticket.objects.filter(subject__startswith=sys.argv[1])]))
"""


# ten minutes later: a letter that was on its way when its sender died belongs to nobody any more
LATER = """
from helpdesk.config.cli.database import joined
with joined():
    from helpdesk.core import clock
    from helpdesk.mail.models import OutgoingLetter
    OutgoingLetter.objects.filter(state='sending').update(lease_until=clock.now())
"""


def ask(product, code, *arguments):
    """What a piece of our own code says beside the running installation."""
    done = subprocess.run([sys.executable, "-c", code, *arguments], env=product.environment(PYTHONPATH=str(ROOT)),
                          capture_output=True, text=True, check=False, timeout=120)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def facts(product, prefix):
    """What the database and the folder of files hold of the requests whose subject begins so."""
    return json.loads(ask(product, FACTS, prefix))


def kill(product, part):
    """End one part as a failing machine does; the first parent is started again, as an operator does."""
    if part != "first parent":
        product.kill(product.postmaster() if part == "postgres" else product.part(part)[0])
        return
    product.kill(product.process.pid)
    product.process.wait()
    product.wait_until_gone(seconds=20)
    product.start_again()


def expected(key):
    return [[name, len(content), hashlib.sha256(content).hexdigest()] for _, name, content in files_of(key)]


@pytest.mark.parametrize("part", ["web process", "web master", "worker", "postgres", "first parent"] * ROUNDS)
def test_what_was_accepted_is_there_once_and_whole(product, part):
    tag = f"{part.replace(' ', '-')}-{time.time_ns()}"
    visitors = [Visitor(product.url, login) for login in ("client1", "client3")]
    _, page = visitors[0].get("/portal/new/")
    visitors[1].get("/portal/new/")
    queue = re.search(r'<option value="(\d+)">Ошибка<', page).group(1)
    done = {}

    def work(visitor, name):
        for i in range(COUNT):
            submit(visitor, queue, f"{tag}-{name}-{i}", done)

    threads = [threading.Thread(target=work, args=(v, n)) for n, v in enumerate(visitors)]
    for thread in threads:
        thread.start()
    product.wait_until(lambda: len(done) >= 2, seconds=60, what="the first submissions")
    kill(product, part)
    assert len(done) < 2 * COUNT  # amid them
    for thread in threads:
        thread.join(180)
    assert len(done) == 2 * COUNT
    product.wait_until_ready(seconds=60)
    found = facts(product, f"Проба {tag}")
    assert sorted(number for number, *_ in found) == sorted(done.values())  # each once
    for number, subject, articles, letters, priority, events in found:
        key = subject.removeprefix("Проба ")
        assert (done[key], priority, letters) == (number, 4, 1)
        (sender, text, files), (automatic, said, none) = articles
        assert (sender, text, files) == ("client", text_of(key), expected(key))
        assert (automatic, none) == ("system", []) and number in re.sub(r"\D", "", said)
        assert events >= 1

    def sent(number):
        return sum(number in subject_of(m) and m["Auto-Submitted"] == "auto-replied" for m in product.mail.letters)

    ask(product, LATER)
    # a kill between the server's taking of a letter and our note of it repeats it, with the same Message-ID (RFC 5321)
    product.wait_until(lambda: all(sent(n) for n in done.values()), seconds=90, what="the letters")
    for number in done.values():
        ids = {m["Message-ID"] for m in product.mail.letters
               if number in subject_of(m) and m["Auto-Submitted"] == "auto-replied"}  # fmt: skip
        assert len(ids) == 1, number

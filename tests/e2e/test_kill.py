"""kill -9 in the middle of submissions: what was answered with success is there once, whole."""

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


def submit(visitor, queue, key, done):
    """Send one form until it is answered with success, as a person does who presses the button again."""
    files = [("attachments", "a.txt", b"a" * 1000), ("attachments", "b.csv", key.encode())]
    fields = {"queue": queue, "subject": f"Проба {key}", "body": "Текст", "priority": "3", "form_key": key}
    for _ in range(150):
        try:
            status, place, _ = visitor.post("/portal/new/", fields, files)
        except OSError:
            status = 0
        if status == 302 and "/tickets/" in place:
            done[key] = re.search(r"/tickets/(\d+)/", place).group(1)
            return
        time.sleep(0.1)


def facts(product, prefix):
    """What the database holds of the requests whose subject begins so."""
    code = (
        "import json,sys\nfrom helpdesk.config.cli.database import joined\nwith joined():\n"
        "    from helpdesk.tickets.models import Ticket\n    from helpdesk.mail.models import OutgoingLetter\n"
        "    print(json.dumps([[t.number, t.subject, [[a.sender, [f.filename for f in a.attachments.all()]] for a in"
        " t.articles.order_by('seq')], OutgoingLetter.objects.filter(ticket=t, kind='auto_answer').count()]"
        " for t in Ticket.objects.filter(subject__startswith=sys.argv[1])]))"
    )
    done = subprocess.run([sys.executable, "-c", code, prefix], env=product.environment(PYTHONPATH=str(ROOT)),
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("part", ["web process", "web master", "worker", "postgres"] * ROUNDS)
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
    time.sleep(0.4)
    victim = product.postmaster() if part == "postgres" else product.part(part)[0]
    product.kill(victim)
    for thread in threads:
        thread.join(120)
    assert len(done) == 2 * COUNT
    product.wait_until_ready(seconds=30)
    found = facts(product, f"Проба {tag}")
    assert sorted(number for number, *_ in found) == sorted(done.values())  # each once
    for number, subject, articles, letters in found:
        key = subject.removeprefix("Проба ")
        assert done[key] == number
        assert articles == [["client", ["a.txt", "b.csv"]], ["system", []]]
        assert letters == 1

    def sent():
        return [n for n in done.values() if not any(n in subject_of(m) for m in product.mail.letters)]

    product.wait_until(lambda: not sent(), seconds=60, what=f"the letters of {sent()}")

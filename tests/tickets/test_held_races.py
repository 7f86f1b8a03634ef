"""Held answers with real connections: workers at once, taking back at the last moment, a worker killed amid it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, connections

from helpdesk.core import clock
from helpdesk.core.db import entry, fetch
from helpdesk.core.errors import NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.holding import hold, release, send_held
from helpdesk.tickets.models import Article, Draft
from tests.factories import actor_of, open_request, world
from tests.factories.sizes import rounds

pytestmark = pytest.mark.django_db(transaction=True)


def waiting(cast, ticket, key):
    with entry():
        draft = hold(
            ticket.pk, by=actor_of(cast.alice), body=from_plain(key), send_at=clock.now() + timedelta(milliseconds=1),
            written=Written(Draft.Kind.REPLY, key, {"body": key}, (), ticket.pk),
        )  # fmt: skip
    time.sleep(0.01)
    return draft


def at_once(*acts):
    """What several connections come to that begin together."""
    found, start = [None] * len(acts), threading.Barrier(len(acts))

    def run(place, act):
        try:
            start.wait(timeout=30)
            found[place] = act()
        except NotFound as refusal:
            found[place] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


def test_two_workers_send_it_once():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    for n in range(rounds(4)):
        draft = waiting(cast, ticket, f"k{n}")
        sent = at_once(*[lambda pk=draft.pk: send_held(pk)] * 3)
        assert sum(one is not None for one in sent) == 1
        assert Article.objects.filter(text=f"k{n}").count() == 1


def test_taken_back_at_the_last_moment_it_either_left_or_is_a_draft():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)

    def take_back(pk):
        with entry():
            return release(actor_of(cast.alice), pk)

    for n in range(rounds(6)):
        draft = waiting(cast, ticket, f"k{n}")
        at_once(lambda pk=draft.pk: send_held(pk), lambda pk=draft.pk: take_back(pk))
        left = Article.objects.filter(text=f"k{n}").count()
        assert left + Draft.objects.filter(pk=draft.pk, send_at=None).count() == 1


WORKER = """
import json, sys
import django
from django.conf import settings
settings.DATABASES["default"].update(json.loads(sys.argv[1]))
django.setup()
from helpdesk.tickets.holding import send_held
print("begins", flush=True)
send_held(int(sys.argv[2]))
"""


def test_a_worker_killed_amid_it_leaves_it_waiting_and_it_is_sent_once():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    draft = waiting(cast, ticket, "k")
    place = {name: settings.DATABASES["default"].get(name, "") for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "helpdesk.config.test_settings"}
    command = [sys.executable, "-c", WORKER, json.dumps(place), str(draft.pk)]
    with entry():
        fetch("SELECT 1 FROM tickets_draft WHERE id = %s FOR UPDATE", [draft.pk])  # where the worker will stand
        worker = subprocess.Popen(command, env=env, stdout=subprocess.PIPE)
        worker.stdout.readline()
        for _ in range(300):
            fetch("SELECT pg_stat_clear_snapshot()", [])
            waits = fetch("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s",
                          [place["NAME"]])  # fmt: skip
            if waits[0][0]:
                break
            time.sleep(0.1)
        else:
            pytest.fail("the worker did not come so far")
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    connection.close()
    assert not Article.objects.filter(text="k").exists() and Draft.objects.get(pk=draft.pk).send_at
    for _ in range(100):  # the server ends what the dead one held
        if send_held(draft.pk):
            break
        time.sleep(0.1)
    assert Article.objects.filter(text="k").count() == 1 and not Draft.objects.exists()

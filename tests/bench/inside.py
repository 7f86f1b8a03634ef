"""The part of the bench that speaks with the database: data set, sessions, counting statements, timing the form."""

import statistics
import sys
import time

from helpdesk.config.cli.database import joined

FIRST_OPENED = 180  # more than any process keeps pages of


def build(tickets, per_ticket):
    from allauth.usersessions.models import UserSession
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from helpdesk.accounts.models import Person
    from helpdesk.tickets.models import Ticket
    from tests.bench import data

    client, agent = data.build(int(tickets), int(per_ticket), lambda text: print(text, file=sys.stderr))
    for name, login in (("client", client), ("agent", agent), ("small", data.SMALL)):
        person = Person.objects.get(login=login)
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "helpdesk.accounts.backends.LoginOrAddress"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.create()
        UserSession.objects.create(user=person, ip="127.0.0.1", session_key=session.session_key)  # as signing in does
        print(name, session.session_key)
    mine = Ticket.objects.filter(author__login=client, phase="open").order_by("-pk")
    print("number", mine.values_list("number", flat=True)[0])
    print("numbers", ",".join(mine.values_list("number", flat=True)[:FIRST_OPENED]))


def _client(key):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    return client


def statements(path, key):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client = _client(key)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    print(len(captured))


def create(key):
    """Per second, median and p95 ms, SQL of the client's form: the whole request within the server, no files."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from helpdesk.tickets.models import Queue

    client = _client(key)
    queue = Queue.objects.get(key="q0").pk
    times = []

    def send(i):
        began = time.perf_counter()
        answer = client.post("/portal/new/", {"queue": queue, "subject": f"Перерасчёт {i}", "body": "Почему вырос?\n" * 20,
                                              "priority": "3", "form_key": f"bench{i}"})  # fmt: skip
        times.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 302, answer.content[:500]

    for i in range(20):
        send(i)
    times.clear()
    for i in range(20, 220):
        send(i)
    with CaptureQueriesContext(connection) as captured:
        send(1000)
    ordered = sorted(times)
    print(
        f"{1000 / statistics.mean(times):.0f} {statistics.median(times):.1f} {ordered[int(len(ordered) * 0.95)]:.1f} {len(captured)}"
    )


def export(kind):
    """Seconds, growth of the peak of resident memory in MB, rows and bytes of all requests as a file, by a client who
    belongs to every company for as long as it takes."""
    import resource

    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from helpdesk.accounts.models import Company, Membership, Person
    from helpdesk.core import clock

    person = Person.objects.get(login="client0")
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(person.pk), person.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = "helpdesk.accounts.backends.LoginOrAddress"
    session.create()
    client = _client(session.session_key)
    b"".join(client.get(f"/portal/search/?number=1999&format={kind}"))  # all that is loaded once is loaded
    others = Company.objects.exclude(memberships__person=person)
    joined_now = Membership.objects.bulk_create(
        Membership(person=person, company=company, sees="company", created_at=clock.now()) for company in others
    )
    try:
        before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.perf_counter()
        answer, size, lines = client.get(f"/portal/search/?format={kind}"), 0, 0
        for piece in answer:
            size += len(piece)
            lines += piece.count(b"\r\n")
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
        print(f"{time.perf_counter() - began:.1f}", grown, lines - 1 if kind == "csv" else "all", size)
    finally:
        Membership.objects.filter(pk__in=[one.pk for one in joined_now]).delete()


def address():
    import os

    print(os.environ["DATABASE_URL"])


if __name__ == "__main__":
    with joined(role="bench"):
        from django.conf import settings

        settings.ALLOWED_HOSTS = ["*"]
        {"build": build, "statements": statements, "create": create, "export": export, "address": address}[sys.argv[1]](
            *sys.argv[2:]
        )

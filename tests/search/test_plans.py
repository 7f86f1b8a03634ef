"""The statements of everyday pages, as PostgreSQL means to run them over a full database: no big table is read whole."""

import json
import random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.models import Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.tickets import lines, lists
from helpdesk.tickets.models import NumberCounter, Ticket
from tests.bench import data

TICKETS, ARTICLES_EACH = 3_000, 3
BIG = {"tickets_article", "tickets_ticketevent", "search_entry"}
BACKEND = "helpdesk.accounts.backends.LoginOrAddress"


@pytest.fixture
def full(db, monkeypatch):
    """The bench's data set, small, with fewer people: making each is what takes the time."""
    for name, number in {"COMPANIES": 20, "CLIENTS": 100, "AGENTS": 6}.items():
        monkeypatch.setattr(data, name, number)
    queues, clients, agents = data._people()
    with connection.cursor() as cursor:
        data._rows(cursor, random.Random(7), TICKETS, ARTICLES_EACH, queues, clients, agents)
    NumberCounter.objects.update_or_create(name="short", defaults={"value": TICKETS})
    _index()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Person.objects.get(login="client0"), Person.objects.get(login="agent0")


def _index():
    """Rows as helpdesk.search.index makes them, of the beginnings of the texts: quick, and many enough for a plan."""
    bucket = "(extract(year FROM {0} AT TIME ZONE 'UTC') * 12 + extract(month FROM {0} AT TIME ZONE 'UTC') - 1)::int"
    columns = "(ticket_id, article_id, visible, at, bucket, title, vector)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry {columns} SELECT ticket_id, id, true, created_at, {bucket.format('created_at')},"
            " '', to_tsvector('russian', left(text, 250)) FROM tickets_article"
        )
        cursor.execute(
            f"INSERT INTO search_entry {columns} SELECT id, NULL, true, created_at, {bucket.format('created_at')},"
            " lower(number || ' ' || subject), to_tsvector('russian', subject) FROM tickets_ticket"
        )


def whole_reads(node):
    """The tables that a plan reads from end to end."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from whole_reads(below)


def faults(captured):
    for query in captured:
        sql = query["sql"]
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        for table in whole_reads(plan[0]["Plan"]):
            if table in BIG or table.startswith("mail_"):
                yield table, sql[:600]


def test_everyday_pages_read_no_big_table_whole(full, client):
    person, agent = full
    own = Ticket.objects.filter(author=person).order_by("-pk").values_list("number", flat=True).first()
    newest = Ticket.objects.filter(phase="open").order_by("-pk").values_list("number", flat=True).first()
    portal = ["mine/", "mine/?state=all&page=2", "mine/?sort=-created&state=closed", "company/", "company/?state=all",
              "search/?q=платёж", "search/?q=квитанция+лицевой", "search/?q=несуществующее", f"tickets/{own}/"]  # fmt: skip
    desk = ["", "?view=mine", "?view=overdue", "?view=all", "?sort=priority", "queues/", "search/?q=платёж",
            "search/?q=квитанция+лицевой", "search/?q=несуществующее", f"tickets/{newest}/",
            f"tickets/{newest}/history/"]  # fmt: skip
    seen = 0
    for who, side, places in ((person, "portal", portal), (agent, "desk", desk)):
        client.force_login(who, backend=BACKEND)
        for place in places:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/{side}/{place}").status_code == 200, place
            assert list(faults(captured.captured_queries)) == [], place
            seen += any("search_entry" in query["sql"] for query in captured.captured_queries)
    assert seen >= 4  # the statements of the search are among those looked at
    _lists_alone(person)
    _by_deadline(agent)
    assert list(faults([{"sql": "SELECT 1 FROM tickets_article WHERE text = 'x'"}]))  # the measure itself measures


def _by_deadline(agent):
    """The desk's list comes out of its index in order: nothing is sorted, first page or later."""
    by, now = Actor(agent.pk), clock.now()
    with CaptureQueriesContext(connection) as captured:
        first = lines.page(by, lines.Wanted(), order="due", at=now)
        lines.page(by, lines.Wanted(view="overdue"), order="due", at=now)
        place = [getattr(first[-1], name) for name, _, _ in lines.ORDERS["due"]]
        assert lines.page(by, lines.Wanted(), order="due", at=now, place=place)
    for query in captured.captured_queries:
        if "FROM tickets_ticket t WHERE" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql']}")
                assert "ticket_due" in "".join(row[0] for row in cursor.fetchall()), query["sql"]


def _lists_alone(person):
    """The lists' own statements in every order."""
    by = Actor(person.pk)
    for which in ("mine", "company"):
        with CaptureQueriesContext(connection) as captured:
            counts = lists.page(by, which, number=2).counts
            for sort in ("", *lists.SORTS):
                assert lists.page(by, which, sort=sort).rows
        assert counts.open + counts.closed > 25
        assert list(faults(captured.captured_queries)) == []

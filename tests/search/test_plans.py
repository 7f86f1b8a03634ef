"""The statements of everyday pages, as PostgreSQL means to run them over a full database: no big table is read whole."""

import json
import random
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.models import Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.search import queries as search
from helpdesk.search.results import SearchRequest, Span
from helpdesk.tickets import columns, lines, lists, orders
from helpdesk.tickets.access import access_of
from helpdesk.tickets.lists import Wanted
from helpdesk.tickets.models import NumberCounter, Ticket
from helpdesk.tickets.queries import sight_sql
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
    _letters()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Person.objects.get(login="client0"), Person.objects.get(login="agent0")


def _index():
    """Rows as helpdesk.search.index makes them, with the weights that tell places apart, of the beginnings of the texts:
    quick, and many enough for a plan."""
    bucket = "(extract(year FROM {0} AT TIME ZONE 'UTC') * 12 + extract(month FROM {0} AT TIME ZONE 'UTC') - 1)::int"
    columns = "(ticket_id, article_id, company, visible, at, bucket, title, vector)"
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO search_entry {columns} SELECT ticket_id, a.id, company_id, true, a.created_at,"
            f" {bucket.format('a.created_at')}, '', setweight(to_tsvector('russian', left(text, 250)), 'C')"
            " FROM tickets_article a JOIN tickets_ticket t ON t.id = ticket_id"
        )
        cursor.execute(
            f"INSERT INTO search_entry {columns} SELECT id, NULL, company_id, true, created_at, {bucket.format('created_at')},"
            " lower(number || ' ' || subject), setweight(to_tsvector('russian', subject), 'A') FROM tickets_ticket"
        )


def _letters():
    """A letter of each article, one in fifty of them refused."""
    texts = ["address", "name", "from_name", "from_address", "reply_to", "subject", "text", "html",
             "server_reply"]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO mail_outgoingletter ({', '.join(texts)}, ticket_id, article_id, kind, language, message_id, headers,"
            " attachment_ids, state, attempts, due_at, created_at, last_error)"
            f" SELECT {', '.join(['%s'] * len(texts))}, ticket_id, id, 'answer', 'ru', id::text, '{{}}', '[]', 'sent', 1,"
            " created_at, created_at, CASE WHEN id %% 50 = 0 THEN '550 no such user' ELSE '' END FROM tickets_article",
            ["x" * 100] * len(texts),
        )


def whole_reads(node):
    """The tables that a plan reads from end to end."""
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from whole_reads(below)


def faults(captured, big=BIG):
    for query in captured:
        sql = query["sql"]
        if not sql.lstrip().upper().startswith(("SELECT", "WITH")):
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
            plan = cursor.fetchone()[0]
        plan = json.loads(plan) if isinstance(plan, str) else plan
        for table in whole_reads(plan[0]["Plan"]):
            if table in big or table.startswith("mail_"):
                yield table, sql[:600]


def test_everyday_pages_read_no_big_table_whole(full, client):
    person, agent = full
    own = Ticket.objects.filter(author=person).order_by("-pk").values_list("number", flat=True).first()
    newest = Ticket.objects.filter(phase="open").order_by("-pk").values_list("number", flat=True).first()
    portal = ["mine/", "mine/?state=all&page=2", "mine/?sort=-created&state=closed", "company/", "company/?state=all",
              "search/?q=платёж", "search/?q=квитанция+лицевой", "search/?q=квитанция+-платёж", "search/?q=несуществующее",
              "search/?q=квитанция+несуществующее", "search/?q=платёж&text=квитанция+лицевой", f"tickets/{own}/"]  # fmt: skip
    desk = ["", "?view=mine", "?view=overdue", "?view=all", "?sort=priority", "queues/", "search/?q=платёж",
            "search/?q=квитанция+лицевой", "search/?q=квитанция+-платёж", "search/?q=несуществующее",
            "search/?q=квитанция+несуществующее", "search/?q=квитанция+лицевой&priority=3",
            "search/?q=платёж&text=квитанция", "search/?text=платёж+квитанция", f"tickets/{newest}/",
            f"tickets/{newest}/history/"]  # fmt: skip
    seen = 0
    for who, side, places in ((person, "portal", portal), (agent, "desk", desk)):
        client.force_login(who, backend=BACKEND)
        for place in places:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/{side}/{place}", follow=True).status_code == 200, place
            assert list(faults(captured.captured_queries)) == [], place
            seen += any("search_entry" in query["sql"] for query in captured.captured_queries)
    assert seen >= 4  # the statements of the search are among those looked at
    _lists_alone(person)
    _by_deadline(agent)
    _words_of_a_company(person)
    _words_of_one_place(agent)
    _changes(person, agent)
    _conditions_of_the_desk(agent, client)
    assert list(faults([{"sql": "SELECT 1 FROM tickets_article WHERE text = 'x'"}]))  # the measure itself measures


def _words_of_a_company(person):
    """A client's words are looked for among their company's rows alone, by the index."""
    with CaptureQueriesContext(connection) as captured:
        search.find(Actor(person.pk), SearchRequest("квитанция"))
    sql = next(query["sql"] for query in captured.captured_queries if "search_entry" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {sql}")
        conditions = [row[0] for row in cursor.fetchall() if "Index Cond" in row[0] and "vector" in row[0]]
    assert any("company" in one for one in conditions), conditions


def _words_of_one_place(agent):
    """What is beside the words is read once by the index, for counting, not looked up in each request; of common words
    in different letters two are read by the index, and only requests of both are looked at."""
    with CaptureQueriesContext(connection) as captured:
        search.find(Actor(agent.pk), SearchRequest("квитанция", text="квитанция"), count_to=1_000)
        search.find(Actor(agent.pk), SearchRequest(text="квитанция несуществующее"), count_to=1_000)
    counted = [query["sql"] for query in captured.captured_queries if "every AS MATERIALIZED" in query["sql"]]
    together = [query["sql"] for query in captured.captured_queries if "INTERSECT" in query["sql"]]
    assert len(counted) == 1 and together
    for sql in (*counted, *together):
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert plan.count("Bitmap Index Scan on entry_found") >= 2, plan
        if sql in counted:
            every = plan.partition("CTE every")[2]
            assert "entry_found" in every and "CTE Scan on every" in plan, plan


def _conditions_of_the_desk(agent, client):
    """Each condition of the desk's search alone, and beside words: an index serves it."""
    since = (clock.now() - timedelta(days=20)).date().isoformat()
    asked = ["note=квитанция", "letter=client1@example", "staff=Агент+3", "part=Агент+3", "part=Клиент", f"author={agent.pk}",
             f"watcher={agent.pk}", f"locked={agent.pk}", "born=1", "event=replied", f"event=replied&event_from={since}",
             "event=moved", "event=state", f"closed_from={since}", f"answered_from={since}", f"client_from={since}",
             f"first_from={since}", f"due_from={since}", f"pending_from={since}", "channel=mail", "files=1", "unread=1",
             "undelivered=1", "number=123", "subject=квитанция", "text=квитанция", "file=акт", "category=1"]  # fmt: skip
    for one in asked:
        for words in ("", "q=квитанция&"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(f"/desk/search/?{words}{one}").status_code == 200, one
            assert list(faults(captured.captured_queries)) == [], one


def _changes(person, agent):
    """Who sees all has the events of that time read at once, not those of each request in turn; of whoever sees few, the
    database may read either."""
    now = clock.now()
    spans = [Span(now - timedelta(days=30)), Span(now - timedelta(days=60), now - timedelta(days=30)),
             Span(None, now - timedelta(days=500))]  # fmt: skip
    for who in (person, agent):
        for span in spans:
            with CaptureQueriesContext(connection) as captured:
                search.find(Actor(who.pk), SearchRequest(changed=span), count_to=1_000)
            read = [query["sql"] for query in captured.captured_queries if "tickets_ticketevent v" in query["sql"]]
            assert read
            for sql in read:
                with connection.cursor() as cursor:
                    cursor.execute(f"EXPLAIN {sql}")
                    plan = "\n".join(row[0] for row in cursor.fetchall())
                assert "Seq Scan on tickets_ticketevent" not in plan, plan
                if who == agent:
                    assert "event_seen" in plan and "Index Cond: (ticket_id = t.id)" not in plan, plan


def _by_deadline(agent):
    """The desk's list comes out of its index in order: nothing is sorted, first page or later."""
    by, now = Actor(agent.pk), clock.now()
    with CaptureQueriesContext(connection) as captured:
        first = lines.page(by, lines.Wanted(), lines.Shape("due"), at=now)
        lines.page(by, lines.Wanted(view="overdue"), lines.Shape("due"), at=now)
        place = [getattr(first[-1], name) for name, _, _ in orders.columns_of("due")]
        assert lines.page(by, lines.Wanted(), lines.Shape("due"), at=now, place=place)
    for query in captured.captured_queries:
        if "FROM tickets_ticket t WHERE" in query["sql"]:
            with connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {query['sql']}")
                assert "ticket_due" in "".join(row[0] for row in cursor.fetchall()), query["sql"]


def _lists_alone(person):
    """The clients' lists in every order, by every condition, first page and last: each reads by an index of the list's
    own rows, and nothing else of the requests."""
    by, queue = Actor(person.pk), Ticket.objects.filter(author=person).values_list("queue_id", flat=True)[0]
    looks = [
        {},
        {"author": person.pk},
        {"queue": queue},
        {"states": ("clarify", "closed")},
        {"queue": queue, "author": person.pk},
    ]
    with CaptureQueriesContext(connection) as captured:
        for which in ("mine", "company"):
            for sort in ("", *columns.SORTS, *(f"-{name}" for name in columns.SORTS)):
                for phase in ("open", "all"):
                    assert lists.page(by, Wanted(which, phase, sort)).rows.raw
                assert lists.page(by, Wanted(which, "all", sort), number=10**6).number > 1
            for look in looks if which == "company" else ():
                assert lists.page(by, Wanted(which, "all", "-last", **look)).rows.raw
    listed = [query for query in captured.captured_queries if "WITH figures" in query["sql"]]
    assert len(listed) > 120
    assert list(faults(listed, BIG | {"tickets_ticket"})) == []


def unbound(node, table="tickets_ticket"):
    """The reads of a table that look at each of its rows, or of an index from end to end."""
    if node.get("Relation Name") == table and not ({"Index Cond", "Recheck Cond"} & node.keys()):
        yield node["Node Type"]
    for below in node.get("Plans", ()):
        yield from unbound(below, table)


@pytest.mark.parametrize("sees", ["company", "own"])
def test_all_that_a_client_sees_is_read_by_indexes(full, sees):
    person, _agent = full
    Membership.objects.filter(person=person).update(sees=sees)
    sight, values = sight_sql(access_of(Actor(person.pk)), of_all=True)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT t.id FROM tickets_ticket t WHERE {sight}", values)
        plan = cursor.fetchone()[0]
    assert list(unbound((json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"])) == []

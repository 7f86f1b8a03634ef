"""The data set: requests in bulk by COPY, Russian text, a quarter open. Dates spread over three years."""

import random
import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Person, Role
from helpdesk.demo.content import CONVERSATIONS
from helpdesk.tickets.models import Grant, NumberCounter, Queue, Right

COMPANIES, CLIENTS, AGENTS, QUEUES = 50, 500, 20, 10
SMALL = "client499"  # of a company with few requests
STATES_OPEN = ["new", "open", "review", "clarify", "rework", "done"]


def build(tickets, per_ticket, tell):
    """Fill an empty database; returns the logins that the bench signs in with."""
    rng = random.Random(7)
    with transaction.atomic():
        queues, clients, agents = _people()
    began = time.monotonic()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        _rows(cursor, rng, tickets, per_ticket, queues, clients, agents)
        NumberCounter.objects.update_or_create(name="short", defaults={"value": tickets})
        cursor.execute(
            "UPDATE tickets_article SET text = text || ' канарейка' WHERE id IN (SELECT a.id FROM tickets_article a"
            " JOIN tickets_ticket t ON t.id = a.ticket_id WHERE t.company_id = %s ORDER BY a.id LIMIT 3)", [clients[-1][1]],
        )  # fmt: skip
    tell(f"{tickets} requests, {tickets * per_ticket} articles in {time.monotonic() - began:.0f} s")
    began = time.monotonic()
    from helpdesk.search import index

    index.rebuild()
    tell(f"search index in {time.monotonic() - began:.0f} s")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return "client0", "agent0"


def _people():
    queues = []
    for i in range(QUEUES):
        queue = Queue.objects.create(
            key=f"q{i}", name_ru=f"Очередь {i}", name_en=f"Queue {i}", path="", position=i,
            auto_reply_ru="Заявка № {number} принята.", auto_reply_en="Request {number} received.",
        )  # fmt: skip
        queue.path = f"/{queue.pk}/"
        queue.save()
        queues.append(queue.pk)
    inbox = Queue.objects.create(
        key="inbox", name_ru="Входящая почта", name_en="Inbox", path="", position=99, client_chooses=False,
        address="support@example.com",
    )  # fmt: skip
    Queue.objects.filter(pk=inbox.pk).update(path=f"/{inbox.pk}/")
    role = Role.objects.create(code="support", name_ru="Сопровождение", name_en="Support")
    Grant.objects.bulk_create(Grant(role=role, right=right) for right in Right if right != Right.FULL)
    companies = [accounts.create_company(f"УК «Дом {i}»", f"УК Дом {i}") for i in range(COMPANIES)]
    clients = [
        accounts.create_person("client", f"Клиент {i} Домовой", login=f"client{i}", address=f"client{i}@example.com",
                               company=companies[i % COMPANIES], sees="company")
        for i in range(CLIENTS)
    ]  # fmt: skip
    agents = [
        accounts.create_person("agent", f"Агент {i} Деловой", login=f"agent{i}", address=f"agent{i}@example.com",
                               roles=[role])
        for i in range(AGENTS)
    ]  # fmt: skip
    from django.contrib.auth.hashers import make_password

    Person.objects.update(password=make_password("demo-helpdesk"))
    return queues, [(c.pk, companies[i % COMPANIES].pk) for i, c in enumerate(clients)], [a.pk for a in agents]


def _texts():
    return [message.said for conversation in CONVERSATIONS for message in conversation.messages]


TICKET_COLUMNS = (
    "id, number, subject, queue_id, category_id, state_id, phase, waits_for, priority_id, type_id, company_id, author_id,"
    " owner_id, responsible_id, locked_by_id, channel, language, fields, due_at, due_by_id, pending_until, created_at,"
    " changed_at, closed_at, first_answer_at, last_client_at, last_agent_at, last_article_at, last_article_by_id,"
    " snippet, articles_count, last_visible_seq, last_event_seq"
)
ARTICLE_COLUMNS = (
    "id, ticket_id, seq, channel, sender, author_id, visible_to_client, from_address, to_addresses, cc_addresses,"
    " subject, text, folded_text, html, message_id, created_at"
)
EVENT_COLUMNS = "ticket_id, seq, actor_id, cause, verb, field, old, new, note, article_id, happened_at, recorded_at"


def _rows(cursor, rng, tickets, per_ticket, queues, clients, agents):
    texts = _texts()
    now = datetime.now(UTC)
    plans = [_plan(rng, i, tickets, now, queues, clients, agents) for i in range(tickets)]
    with cursor.copy(f"COPY tickets_ticket ({TICKET_COLUMNS}) FROM STDIN") as copy:
        for i, p in enumerate(plans, 1):
            open_, owner = p["open"], p["owner"]
            state = p["state"]
            last = p["created"] + timedelta(hours=per_ticket)
            copy.write_row((
                i, str(100_000 + i), f"{rng.choice(texts)[:70]} ЛС {rng.randrange(10**9, 10**10)}", p["queue"], None,
                state, "open" if open_ else "closed", "client" if state == "clarify" else "desk" if open_ else "nobody",
                rng.choice([2, 3, 3, 3, 4, 5]), None, p["company"], p["client"], owner, None, None, "web", "ru", "{}",
                now + timedelta(hours=rng.randrange(-50, 200)) if open_ and rng.random() < 0.3 else None, None, None,
                p["created"], last, None if open_ else last, last, p["created"], last, last, owner or p["client"],
                rng.choice(texts)[:190].replace("\n", " "), per_ticket, per_ticket, per_ticket,
            ))  # fmt: skip
    with cursor.copy(f"COPY tickets_article ({ARTICLE_COLUMNS}) FROM STDIN") as copy:
        for i, p in enumerate(plans, 1):
            for seq in range(1, per_ticket + 1):
                from_client = seq % 2 == 1
                copy.write_row((
                    (i - 1) * per_ticket + seq, i, seq, "web", "client" if from_client else "agent",
                    p["client"] if from_client else p["agent"], True, "", "[]", "[]", "",
                    f"{rng.choice(texts)}\n\n{rng.choice(texts)}", "", "", "",
                    p["created"] + timedelta(hours=seq),
                ))  # fmt: skip
    with cursor.copy(f"COPY tickets_ticketevent ({EVENT_COLUMNS}) FROM STDIN") as copy:
        for i, p in enumerate(plans, 1):
            for seq in range(1, per_ticket + 1):
                at = p["created"] + timedelta(hours=seq)
                copy.write_row((
                    i, seq, p["client"] if seq % 2 else p["agent"], "web", "opened" if seq == 1 else "replied", "",
                    None, None, "", (i - 1) * per_ticket + seq, at, at,
                ))  # fmt: skip
    for table in ("tickets_ticket", "tickets_article"):
        cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def _plan(rng, i, tickets, now, queues, clients, agents):
    client, company = clients[rng.randrange(len(clients))] if rng.random() < 0.96 else clients[0]
    if company == clients[-1][1] and rng.random() < 0.9:  # one company asks seldom
        client, company = clients[1]
    open_ = rng.random() < 0.25
    agent = rng.choice(agents)
    return {
        "client": client, "company": company, "agent": agent, "open": open_, "queue": rng.choice(queues),
        "owner": agent if rng.random() < 0.8 else None, "state": rng.choice(STATES_OPEN) if open_ else "closed",
        "created": now - timedelta(days=1000 * (1 - i / tickets), hours=5),
    }  # fmt: skip

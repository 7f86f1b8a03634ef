"""Which conversation begins when, with whom: a year that thickens towards today. Pure but for its random source."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from helpdesk.demo.content import AGENTS, CLIENTS, CONVERSATIONS
from helpdesk.demo.content.types import Agent, Client, Conversation

RECENT = timedelta(days=12)
OPEN_ROUNDS = 3  # how often a question that stays open is asked lately, each time by another client

WRITERS = [client for client in CLIENTS if client.writes]
KNOWN = [client for client in CLIENTS if client.login in {"client1", "client2", "client3"}]


@dataclass(frozen=True, slots=True)
class Planned:
    """A conversation with its people and its beginning."""

    conversation: Conversation
    client: Client
    colleague: Client
    agent: Agent
    start: datetime


def plan(rng: Random, now: datetime, count: int) -> list[Planned]:
    """`count` conversations over the last year; those that stay open began lately."""
    planned: list[Planned] = []
    asked = closing = 0
    order: list[Conversation] = []
    for _ in range(count):
        if not order:
            order = list(CONVERSATIONS)
            rng.shuffle(order)
        conversation = order.pop()
        lately = conversation.stays_open and len(planned) < OPEN_ROUNDS * len(CONVERSATIONS)
        if conversation.stays_open and not lately:
            conversation = rng.choice([c for c in CONVERSATIONS if not c.stays_open])
        start = _start(rng, now, conversation, lately=lately)
        client = _client(rng)
        if lately and conversation.final_state == "autoclose" and closing < len(KNOWN):
            client, closing = KNOWN[closing], closing + 1  # the known logins see what closes by itself
        elif lately and conversation.messages[-1].who == "agent" and asked < 9:
            client, asked = KNOWN[asked % len(KNOWN)], asked + 1  # and have something to answer
        colleague = rng.choice([c for c in WRITERS if c.company == client.company and c.login != client.login])
        planned.append(Planned(conversation, client, colleague, _agent(rng, conversation), start))
    return planned


def _start(rng: Random, now: datetime, conversation: Conversation, *, lately: bool) -> datetime:
    hours = sum(message.after_hours for message in conversation.messages)
    if lately:
        length = timedelta(hours=hours)
        if conversation.final_state == "autoclose":  # finished today: the client can still say no
            return now - length - timedelta(hours=rng.uniform(0.5, 10))
        return now - length - timedelta(hours=rng.uniform(0.2, 60 if rng.random() < 0.7 else RECENT.days * 24))
    for _ in range(40):
        start = now - timedelta(days=360 * (1 - rng.random() ** 0.6) + hours / 24)
        if not conversation.heating_season or start.month in {11, 12, 1, 2, 3, 4, 5}:
            return start
    return now - timedelta(days=200)


def _client(rng: Random) -> Client:
    """The known logins write more than others, so that their lists have something to show."""
    return rng.choice(KNOWN) if rng.random() < 0.3 else rng.choice(WRITERS)


def _agent(rng: Random, conversation: Conversation) -> Agent:
    able = [a for a in AGENTS if conversation.queue in a.queues and a.roles == ("agent",)]
    specialists = [a for a in able if len(a.queues) < 10]
    return rng.choice(specialists) if specialists and rng.random() < 0.55 else rng.choice(able)

"""Rows for tests: people, companies, queues, roles, and the fixed cast. Requests are opened by the real action."""

from tests.factories.cast import World, world
from tests.factories.people import AgentFactory, ClientFactory, CompanyFactory, ContactFactory, RoleFactory, actor_of
from tests.factories.tickets import CategoryFactory, IntakeFieldFactory, QueueFactory, grant, open_request

__all__ = [
    "AgentFactory", "CategoryFactory", "ClientFactory", "CompanyFactory", "ContactFactory", "IntakeFieldFactory",
    "QueueFactory", "RoleFactory", "World", "actor_of", "grant", "open_request", "world",
]  # fmt: skip

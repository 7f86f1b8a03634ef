from dataclasses import dataclass

from helpdesk.accounts.models import Company, Person, Role
from helpdesk.tickets.models import Queue
from tests.factories.people import AgentFactory, ClientFactory, CompanyFactory, RoleFactory
from tests.factories.tickets import QueueFactory, grant


@dataclass
class World:
    """The fixed cast: Alice works in `queue`, Bob elsewhere; Carol and Dora in one company, Dave in another."""

    queue: Queue
    elsewhere: Queue
    support: Role
    company: Company
    other: Company
    alice: Person
    bob: Person
    carol: Person
    dora: Person
    dave: Person

    @property
    def people(self):
        return [self.alice, self.bob, self.carol, self.dora, self.dave]


def world(*, sees="own", writes=True, **queue):
    """The cast with its two queues. `sees`, `writes`: Dora's; the rest goes to Alice's queue."""
    here, elsewhere = QueueFactory(key="here", **queue), QueueFactory(key="elsewhere")
    support, tills = RoleFactory(code="support"), RoleFactory(code="tills")
    grant(support, here)
    grant(tills, elsewhere)
    company, other = CompanyFactory(short_name="УК Заря"), CompanyFactory(short_name="ТСЖ Берёзка")
    return World(
        here, elsewhere, support, company, other,
        alice=AgentFactory(login="alice", roles=[support]),
        bob=AgentFactory(login="bob", roles=[tills]),
        carol=ClientFactory(login="carol", company=company),
        dora=ClientFactory(login="dora", company=company, sees=sees, writes=writes),
        dave=ClientFactory(login="dave", company=other),
    )  # fmt: skip

"""The demo world's people, queues, rights: rows that the conversations need. Called once, by load."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Company, Person, Role
from helpdesk.core.actor import Actor, Cause
from helpdesk.demo import content
from helpdesk.demo.content.handling import CHECKLISTS, MOVED, SIGNATURE, TEXTS
from helpdesk.demo.content.people import address_of
from helpdesk.demo.content.types import Agent
from helpdesk.mail.handlers import UNHEARD
from helpdesk.tickets.actions import checklist, ready_text, signature
from helpdesk.tickets.models import Category, Grant, IntakeField, Queue, Right, TicketType

PASSWORD = "demo-helpdesk"  # noqa: S105  printed at every start of the demo world
WORK = (Right.READ, Right.CREATE, Right.NOTE, Right.ANSWER, Right.MOVE_INTO, Right.OWNER, Right.PRIORITY)


@dataclass(slots=True)
class World:
    """The rows by the keys of the content."""

    queues: dict[str, Queue] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)
    kinds: dict[str, TicketType] = field(default_factory=dict)  # by the keys of their queues, «» for all others
    companies: dict[str, Company] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)  # by login
    requests: dict[str, list[tuple[str, int]]] = field(default_factory=dict)  # company → conversation, id, in order
    promised: set[datetime] = field(default_factory=set)
    letters: list[int] = field(default_factory=list)  # ids of the articles that came as letters
    actors: dict[tuple[int, Cause, bool], Actor] = field(default_factory=dict)

    def actor(self, person_id: int, cause: Cause = Cause.WEB, *, rings: bool = True) -> Actor:
        """The same actor each time, whose rights are read once. `rings`: what they write is told to the desk."""
        key = (person_id, cause, rings)
        if key not in self.actors:
            self.actors[key] = Actor(person_id, cause, {} if rings else {UNHEARD: True})
        return self.actors[key]

    def of(self, login: str) -> Actor:
        """A person at the pages."""
        return self.actor(self.people[login].pk)


def build(at: datetime) -> World:
    """Queues, categories, companies, people with their rights, as of `at`."""
    world = World()
    _queues(world)
    _categories(world)
    _kinds(world)
    roles = _roles(world)
    for company in content.COMPANIES:
        world.companies[company.key] = accounts.create_company(company.name, company.short_name, at=at)
    for client in content.CLIENTS:
        world.people[client.login] = accounts.create_person(
            "client", client.name, login=client.login, address=address_of(client), sees=client.sees,
            company=world.companies[client.company], writes=client.writes, is_chief=client.chief, job=client.job,
            at=at,
        )  # fmt: skip
    for agent in content.AGENTS:
        world.people[agent.login] = accounts.create_person(
            "agent", agent.name, login=agent.login, address=address_of(agent), job=agent.job, at=at,
            roles=[roles[code] for code in _role_codes(agent, world)],
        )  # fmt: skip
    for name, key, items in CHECKLISTS:
        queue_id = world.queues[key].pk if key else None
        checklist.put_template(None, by=world.of("lead"), name=name, queue_id=queue_id, items=items)
    for name, shortcut, key, text_ru, text_en in TEXTS:
        queue_id = world.queues[key].pk if key else None
        typed = ready_text.Typed(name, shortcut, queue_id, text_ru, text_en)
        ready_text.put_text(None, by=world.of("lead"), typed=typed)
    signature.put_signature(None, by=world.of("lead"), typed=signature.Typed(None, *SIGNATURE))
    Person.objects.filter(pk__in=[p.pk for p in world.people.values()]).update(password=make_password(PASSWORD))
    return world


def _queues(world: World) -> None:
    for queue in content.QUEUES:
        moved_ru, moved_en = MOVED.get(queue.key, ("", ""))
        row = Queue.objects.create(
            key=queue.key, path="", name_ru=queue.name_ru, name_en=queue.name_en, purpose_ru=queue.purpose_ru,
            purpose_en=queue.purpose_en, guidance_ru=list(queue.guidance_ru), guidance_en=list(queue.guidance_en),
            auto_reply_ru=queue.auto_reply_ru, auto_reply_en=queue.auto_reply_en, position=queue.position,
            moved_text_ru=moved_ru, moved_text_en=moved_en,
            client_chooses=queue.client_chooses, example_ru=queue.example_ru, example_en=queue.example_en,
            follow_up=queue.follow_up,
            address={"inbox": "support@example.com", "subscribers": "subscribers@example.com"}.get(queue.key, ""),
        )  # fmt: skip
        row.path = f"/{row.pk}/"
        row.save(update_fields=["path"])
        world.queues[queue.key] = row
        IntakeField.objects.bulk_create(
            IntakeField(
                queue=row, key=asked.key, kind=asked.kind, label_ru=asked.label_ru, label_en=asked.label_en,
                help_ru=asked.help_ru, help_en=asked.help_en, choices=[list(c) for c in asked.choices],
                required=asked.required, position=position,
                shown_when=_condition(asked.shown_when), required_when=_condition(asked.required_when),
                blank=asked.blank, instead=asked.instead, instead_ru=asked.instead_ru, instead_en=asked.instead_en,
                pattern=asked.pattern, pattern_hint_ru=asked.pattern_hint_ru, pattern_hint_en=asked.pattern_hint_en,
                bounds=dict(asked.bounds),
            )
            for position, asked in enumerate(queue.fields)
        )  # fmt: skip


def _condition(when: tuple[str, tuple[str, ...]] | None) -> dict[str, Any]:
    return {"field": when[0], "in": list(when[1])} if when else {}


def _categories(world: World) -> None:
    for position, category in enumerate(content.CATEGORIES):
        parent = world.categories.get(category.parent)
        row = Category.objects.create(
            key=category.key, parent=parent, path="", name_ru=category.name_ru, name_en=category.name_en,
            position=position,
        )  # fmt: skip
        row.path = f"{parent.path if parent else '/'}{row.pk}/"
        row.save(update_fields=["path"])
        world.categories[category.key] = row


def _kinds(world: World) -> None:
    for position, kind in enumerate(content.KINDS):
        row = TicketType.objects.create(
            key=kind.key, name_ru=kind.name_ru, name_en=kind.name_en, position=position
        )  # fmt: skip
        world.kinds |= dict.fromkeys(kind.queues or ("",), row)


def _roles(world: World) -> dict[str, Role]:
    roles = {
        "support": Role.objects.create(code="support", name_ru="Сопровождение", name_en="Support"),
        "lead": Role.objects.create(
            code="lead",
            name_ru="Руководитель",
            name_en="Head of support",
            capabilities=[Role.Capability.REPORTS, Role.Capability.DISPATCH],
        ),
        "admin": Role.objects.create(
            code="admin", name_ru="Администратор", name_en="Administrator", capabilities=[Role.Capability.ADMINISTER]
        ),
    }
    Grant.objects.bulk_create(Grant(role=roles["support"], right=right) for right in WORK)
    Grant.objects.bulk_create(Grant(role=roles[code], right=Right.FULL) for code in ("lead", "admin"))
    for key, queue in world.queues.items():
        role = Role.objects.create(code=f"queue-{key}", name_ru=queue.name_ru, name_en=queue.name_en)
        Grant.objects.bulk_create(Grant(role=role, queue=queue, right=right) for right in WORK)
        roles[role.code] = role
    return roles


def _role_codes(agent: Agent, world: World) -> list[str]:
    everywhere = set(agent.queues) == set(world.queues)
    codes: list[str] = [role for role in agent.roles if role in {"lead", "admin"}]
    if "agent" in agent.roles:
        codes += ["support"] if everywhere else [f"queue-{key}" for key in agent.queues]
    return codes

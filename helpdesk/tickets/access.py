"""What one person may see and do, loaded with one statement and kept for the time of a request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from helpdesk.accounts import session_store
from helpdesk.accounts.models import Role
from helpdesk.core import db
from helpdesk.core.actor import Actor
from helpdesk.tickets.models import Right

_PUTTING_IN = frozenset({Right.CREATE, Right.MOVE_INTO})

# an expression over `accounts_person p`
_FACTS = """json_build_array(p.kind, p.inactive_at IS NULL,
  (SELECT json_agg(json_build_array(m.company_id, m.sees, m.writes, c.short_name, m.is_chief) ORDER BY c.sort_key)
     FROM accounts_membership m JOIN accounts_company c ON c.id = m.company_id
    WHERE m.person_id = p.id AND m.inactive_at IS NULL AND c.inactive_at IS NULL),
  CASE WHEN p.kind = 'agent' THEN (
     SELECT json_agg(json_build_array(r.queue_id, r.rights) ORDER BY r.queue_id)::text FROM (
     SELECT q.id AS queue_id, array_agg(DISTINCT g.right) AS rights
       FROM accounts_person_roles pr
       JOIN accounts_role ro ON ro.id = pr.role_id AND ro.inactive_at IS NULL
       JOIN tickets_grant g ON g.role_id = ro.id
       LEFT JOIN tickets_queue gq ON gq.id = g.queue_id
       JOIN tickets_queue q ON g.queue_id IS NULL OR q.path LIKE gq.path || '%%'
      WHERE pr.person_id = p.id
      GROUP BY q.id) r) END,
  CASE WHEN p.kind = 'agent' THEN (SELECT max(id) FROM tickets_ticketevent) END,
  CASE WHEN p.kind = 'agent' THEN (SELECT count(*) FROM tickets_queue) END,
  CASE WHEN p.kind = 'agent' THEN (
     SELECT json_agg(DISTINCT c.held) FROM accounts_person_roles pr JOIN accounts_role ro ON ro.id = pr.role_id,
            unnest(ro.capabilities) c (held) WHERE pr.person_id = p.id AND ro.inactive_at IS NULL) END,
  CASE WHEN p.kind = 'agent' THEN (
     SELECT json_agg(x.queue_id ORDER BY x.queue_id) FROM tickets_ownqueue x WHERE x.person_id = p.id) END,
  CASE WHEN p.kind = 'agent' THEN (
     SELECT json_agg(json_build_array(s.id, s.name, s.query, s.person_id = p.id))
       FROM (SELECT s.* FROM tickets_savedview s
              WHERE s.person_id = p.id OR s.is_shared OR s.role_id IN (
                    SELECT pr.role_id FROM accounts_person_roles pr WHERE pr.person_id = p.id)
              ORDER BY s.person_id <> p.id, lower(s.name), s.id LIMIT 30) s) END,
  CASE WHEN p.kind = 'agent' THEN (SELECT count(*) FROM tickets_draft d
                                    WHERE d.person_id = p.id AND d.discarded_at IS NULL
                                          AND d.send_at IS NULL) END,
  (SELECT v.value FROM tickets_masterversion v))"""
_SQL = f"SELECT {_FACTS} FROM accounts_person p WHERE p.id = %s"  # noqa: S608  our own text
_BROUGHT = "tickets.access"


class View(NamedTuple):
    """A list under a name: the conditions of its address; `is_own`: one may change it."""

    id: int
    name: str
    query: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Access:
    """The facts that policies and queries decide by."""

    person_id: int | None
    kind: str = "nobody"  # client, agent, contact, system, nobody (absent or switched off)
    companies: frozenset[int] = frozenset()  # where the person is a member
    company_wide: frozenset[int] = frozenset()  # whose requests they see all of
    writes: frozenset[int] = frozenset()
    chief_of: frozenset[int] = frozenset()  # whose people they look after
    named_companies: tuple[tuple[int, str], ...] = ()  # `companies` with their names, in order
    queues: Mapping[int, frozenset[Right]] = field(default_factory=dict)
    newest_event: int = 0  # of all requests, for an agent: as long as it stands, no figure of the desk has changed
    all_queues: int = 0  # how many queues there are, for an agent
    capabilities: frozenset[str] = frozenset()  # what their roles allow beyond queues: `Role.Capability`
    chosen_queues: tuple[int, ...] = ()  # that an agent has chosen as theirs, seen by them or not
    saved_views: tuple[View, ...] = ()  # an agent's own ones, then those that are shared with them
    drafts: int = 0  # how many an agent has
    masters: str = ""  # of which version queues, states, priorities and categories are (`dictionary`)

    @property
    def administers(self) -> bool:
        """Whether an agent sets up the installation."""
        return Role.Capability.ADMINISTER in self.capabilities

    @property
    def heads(self) -> bool:
        """Whether an agent looks after the work of others: gives it out, or reads the reports."""
        return bool(self.capabilities & {Role.Capability.DISPATCH, Role.Capability.REPORTS})

    @property
    def own_queues(self) -> tuple[int, ...]:
        """The queues that are an agent's own: those chosen, as far as they see them; else those they answer in."""
        chosen = tuple(queue for queue in self.chosen_queues if self.has(Right.READ, queue))
        return chosen or tuple(self.queues_with(Right.ANSWER))

    @property
    def reads_all(self) -> bool:
        """Whether an agent reads every queue."""
        return len(self.queues_with(Right.READ)) == self.all_queues

    @property
    def company_names(self) -> tuple[str, ...]:
        """The names of `companies`, in order."""
        return tuple(name for _, name in self.named_companies)

    @property
    def is_agent(self) -> bool:
        return self.kind == "agent"

    @property
    def is_client(self) -> bool:
        return self.kind == "client"

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    def has(self, right: Right, queue_id: int) -> bool:
        """Whether an agent's roles hold a right in a queue. Whoever works on its requests reads them; to put requests
        into a queue (create, move into) is not to see what others put there."""
        held = self.queues.get(queue_id, frozenset())
        if right is Right.READ:
            return bool(held - _PUTTING_IN)
        return right in held or Right.FULL in held

    def queues_with(self, right: Right) -> list[int]:
        """The ids of the queues where the person holds a right."""
        return sorted(queue_id for queue_id in self.queues if self.has(right, queue_id))


def come_with_sessions() -> None:
    """Have these facts read with the session: then pages need no statement of their own for them."""
    session_store.bring_along(_BROUGHT, _FACTS)


def access_of(actor: Actor) -> Access:
    """The access of an actor. None or one statement the first time, none after."""
    if "access" not in actor.known:
        actor.known["access"] = _load(actor)
    access: Access = actor.known["access"]
    return access


@lru_cache(maxsize=256)
def _rights(text: str) -> Mapping[int, frozenset[Right]]:
    """The rights that the statement gave as JSON: an agent's are the same with every page."""
    return {queue: frozenset(map(Right, held)) for queue, held in json.loads(text)}


def _load(actor: Actor) -> Access:
    if actor.person_id is None:
        return Access(None, "system")
    facts = actor.known.get(_BROUGHT)
    if facts is None:
        found = db.fetch(_SQL, [actor.person_id])
        facts = found[0][0] if found else [None, False]
    if not facts[1]:
        return Access(actor.person_id)
    kind, _, memberships, rights, newest, all_queues, capabilities, own, saved, drafts, masters = facts
    members = memberships or []
    return Access(
        person_id=actor.person_id,
        kind=kind,
        companies=frozenset(company for company, *_ in members),
        company_wide=frozenset(company for company, sees, *_ in members if sees == "company"),
        writes=frozenset(company for company, _, writes, *_ in members if writes),
        chief_of=frozenset(company for company, _, _, _, is_chief in members if is_chief),
        named_companies=tuple((company, name) for company, _, _, name, _ in members),
        queues=_rights(rights or "[]"),
        newest_event=newest or 0,
        all_queues=all_queues or 0,
        capabilities=frozenset(capabilities or ()),
        chosen_queues=tuple(own or ()),
        saved_views=tuple(View(*row) for row in saved or ()),
        drafts=drafts or 0,
        masters=masters or "",
    )

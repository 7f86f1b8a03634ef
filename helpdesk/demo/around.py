"""What happens around a conversation: sorting, links, observers, responsible colleagues, promised times."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.demo.content import AGENTS, CLIENTS, TAGS
from helpdesk.demo.masters import World
from helpdesk.demo.plan import Planned
from helpdesk.tickets import actions
from helpdesk.tickets.models import Link

_AHEAD = (2, 4, 7, 20, 26, 30, 50, 74, 98, 122, 170, 242)  # hours; then the next working time
_STEP = timedelta(minutes=15)


def working(at: datetime, rng: Random, zone: ZoneInfo) -> datetime:
    """The same moment, or the next one of a working day from eight to six, a little scattered."""
    local = at.astimezone(zone)
    if local.hour < 8:
        local = local.replace(hour=8, minute=rng.randrange(5, 55))
    elif local.hour >= 18:
        local = (local + timedelta(days=1)).replace(hour=8, minute=rng.randrange(5, 55))
    while local.weekday() > 4:
        local = (local + timedelta(days=1)).replace(hour=9, minute=rng.randrange(60))
    return local


def due(at: datetime, now: datetime, rng: Random, zone: ZoneInfo, *, since: datetime | None = None) -> datetime:
    """The working time of what is due at `at` and comes after `since`.

    What a weekend or a night would put off until after `now` was done in the working time before it, or at `at` itself
    where that would be before `since`: whoever starts on a Sunday finds as much as on a Friday.
    """
    moment = working(at, rng, zone)
    if moment <= now or at > now:
        return moment
    local = at.astimezone(zone)
    day = local if local.hour >= 18 else local - timedelta(days=1)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    before = day.replace(hour=rng.randrange(8, 18), minute=rng.randrange(60))
    return before if since is None or before > since else at


def opened(world: World, planned: Planned, ticket_id: int, rng: Random, *, at: datetime) -> None:
    """Sometimes a new request belongs to an older one of the company, or a colleague looks on."""
    conversation, company = planned.conversation, planned.client.company
    if conversation.writer is not None:
        return
    before = world.requests.setdefault(company, [])
    same = [pk for key, pk in before if key == conversation.key]
    lead = world.of("lead")
    if same and rng.random() < 0.2:
        actions.link(ticket_id, by=lead, to_id=same[-1], kind=Link.Kind.DUPLICATE, at=at)
    elif before and rng.random() < 0.06:
        kind = rng.choice([Link.Kind.NORMAL, Link.Kind.NORMAL, Link.Kind.PARENT])
        actions.link(rng.choice(before[-6:])[1], by=lead, to_id=ticket_id, kind=kind, at=at)
    before.append((conversation.key, ticket_id))
    onlookers = [c for c in CLIENTS if c.company == company and c.sees == "own" and c.login != planned.client.login]
    if onlookers and rng.random() < 0.12:
        person = world.people[rng.choice(onlookers).login]
        actions.add_observer(ticket_id, by=world.of(planned.client.login), person_id=person.pk, at=at)


def sort_letter(world: World, planned: Planned, ticket_id: int, rng: Random, *, at: datetime) -> None:
    """Somebody who sees the common mailbox gives a letter its category and priority and puts it into its queue."""
    conversation = planned.conversation
    by = world.of(rng.choice(["agent1", "agent2"]))
    at = min(at + timedelta(minutes=rng.randrange(4, 35)), clock.now())
    if conversation.category:
        actions.set_category(ticket_id, by=by, to=world.categories[conversation.category].pk, at=at)
    if conversation.priority != 3:
        actions.set_priority(ticket_id, by=by, to=conversation.priority, at=at)
    if not world.queues[conversation.queue].address:
        actions.move(ticket_id, by=by, to_queue_id=world.queues[conversation.queue].pk, at=at)


def answered(world: World, planned: Planned, ticket_id: int, rng: Random, *, at: datetime) -> None:
    """Who answers says what kind of work it is, and tags some; sometimes another colleague answers for it."""
    by, kinds = world.of(planned.agent.login), world.kinds
    kind = kinds.get(planned.conversation.queue, kinds[""])
    named = [name for name, every in TAGS.items() if ticket_id % every == 0]
    if actions.set_type(ticket_id, by=by, to=kind.pk, at=at) and named:
        actions.set_tags(ticket_id, by=by, to=(), named=named, at=at)
    able = [a for a in AGENTS if planned.conversation.queue in a.queues and "agent" in a.roles and a != planned.agent]
    if able and rng.random() < 0.07:
        actions.set_responsible(ticket_id, by=by, to_id=world.people[rng.choice(able).login].pk, at=at)


def promise(world: World, ticket_id: int, by: Actor, rng: Random, zone: ZoneInfo, *, at: datetime) -> None:
    """A time for what is still open: most of them ahead, some missed, no two the same."""
    now = clock.now()
    due = at + (now - at) * rng.uniform(0.3, 0.95) if rng.random() < 0.35 else working(
        now + timedelta(hours=rng.choice(_AHEAD)), rng, zone
    )  # fmt: skip
    due = due.astimezone(zone)
    due = due.replace(minute=due.minute // 15 * 15, second=0, microsecond=0)
    if due < now and not 9 <= due.hour < 18:
        due = due.replace(hour=rng.randrange(10, 17))
    while due <= at or due in world.promised:
        due += _STEP
    world.promised.add(due)
    actions.promise(ticket_id, by=by, due_at=due, at=at)

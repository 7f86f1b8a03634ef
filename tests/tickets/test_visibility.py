"""Which rows (queries.visible_to) and which one (policies.may_read) are the same rule."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core import clock, db
from helpdesk.core.actor import Actor, system
from helpdesk.core.db import entry
from helpdesk.core.errors import NotFound
from helpdesk.tickets import actions, pages, policies, queries
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import Participant, Phase, Queue, Right, Ticket
from tests.factories import (
    AgentFactory,
    ClientFactory,
    CompanyFactory,
    ContactFactory,
    QueueFactory,
    RoleFactory,
    actor_of,
    grant,
    open_request,
)
from tests.factories.people import member
from tests.factories.shared import undone
from tests.factories.sizes import examples

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(cast):
    """Queues in a tree and people of every kind, whose rights and memberships are then generated."""
    below = QueueFactory(parent=cast.queue)
    return cast, [cast.queue, below, cast.elsewhere], [CompanyFactory() for _ in range(3)]


MEMBERSHIP = st.tuples(st.integers(0, 2), st.sampled_from(["own", "company"]), st.booleans(), st.booleans())
GRANT = st.tuples(st.sampled_from([None, 0, 1, 2]), st.sampled_from(list(Right)))
TICKET = st.tuples(
    st.integers(0, 2), st.sampled_from([None, 0, 1, 2]), st.integers(0, 2), st.sampled_from(list(Phase)), st.booleans()
)


@settings(max_examples=examples(12), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    memberships=st.lists(st.lists(MEMBERSHIP, max_size=3, unique_by=lambda m: m[0]), min_size=3, max_size=3),
    grants=st.lists(st.lists(GRANT, max_size=3, unique=True), min_size=2, max_size=2),
    made=st.lists(TICKET, min_size=1, max_size=6),
)
def test_visible_to_agrees_with_may_read(stage, memberships, grants, made):
    with undone():
        agree(*stage, memberships, grants, made)


def agree(cast, queues, companies, memberships, grants, made):
    clients = [ClientFactory() for _ in range(3)]
    for person, places in zip(clients, memberships, strict=True):
        for company, sees, active, writes in places:
            row = member(person, companies[company], sees=sees, writes=writes)
            if not active:
                row.inactive_at = clock.now()
                row.save()
    agents = []
    for rights in grants:
        role = RoleFactory()
        for queue, right in rights:
            grant(role, None if queue is None else queues[queue], right)
        agents.append(AgentFactory(roles=[role]))
    gone = AgentFactory(roles=[cast.support], inactive_at=clock.now())
    template = open_request(cast.carol, cast.queue)
    rows = []
    for n, (queue, company, author, phase, observed) in enumerate(made):
        row = Ticket.objects.get(pk=template.pk)
        row.pk, row.number = None, f"x{template.pk}-{n}"
        row.queue, row.author, row.phase = queues[queue], clients[author], phase
        row.company = None if company is None else companies[company]
        row.save(force_insert=True)
        if observed:
            Participant.objects.create(ticket=row, person=clients[0], role="observer")
        rows.append((row, observed))
    everybody = [*clients, *agents, gone, ContactFactory()]
    for actor in [*map(actor_of, everybody), system(), Actor(10**9)]:
        visible = set(queries.visible_to(actor).values_list("pk", flat=True))
        access = access_of(actor)
        assert by_bare_statement(access) == by_bare_statement(access, of_all=True) == visible
        if access.is_client:
            assert queues_seen(access) == set(queries.visible_to(actor).values_list("queue_id", flat=True))
        for row, observed in rows:
            takes_part = observed and actor.person_id == clients[0].pk
            assert (row.pk in visible) == policies.may_read(access, row, takes_part=takes_part)


def by_bare_statement(access, *, of_all=False):
    sight, values = queries.sight_sql(access, of_all=of_all)
    return {row[0] for row in db.fetch(f"SELECT t.id FROM tickets_ticket t WHERE {sight}", values)}


def queues_seen(access):
    sql, values = queries.queues_seen_sql(access, list(Queue.objects.values_list("pk", flat=True)))
    return {row[0] for row in db.fetch(sql, values)}


def test_an_invisible_request_cannot_be_told_from_an_absent_one(cast):
    ticket = open_request(cast.carol, cast.queue)
    for person in (cast.dave, cast.bob, cast.dora):
        for number in (ticket.number, "999999", "", "x" * 400, "1\0"):
            with pytest.raises(NotFound, match="not_found"):
                pages.for_page(actor_of(person), number)
        with pytest.raises(NotFound), entry():
            actions.reply(ticket.pk, by=actor_of(person), body=None)
    for person in (cast.carol, cast.alice):
        assert pages.for_page(actor_of(person), ticket.number) == ticket


@pytest.mark.parametrize(("sees", "visible"), [("own", False), ("company", True)])
def test_a_colleague_sees_as_much_as_the_membership_says(cast, sees, visible):
    ticket = open_request(cast.carol, cast.queue)
    cast.dora.memberships.update(sees=sees)
    assert queries.visible_to(actor_of(cast.dora)).filter(pk=ticket.pk).exists() is visible


def test_the_company_of_a_request_does_not_follow_its_author(cast):
    ticket = open_request(cast.carol, cast.queue)
    cast.carol.memberships.update(inactive_at=clock.now())
    member(cast.carol, cast.other)
    assert not queries.visible_to(actor_of(cast.carol)).filter(pk=ticket.pk).exists()


def articles_for(person, ticket):
    return pages.opened(actor_of(person), ticket.number, "1", [], width=1).unpacked(actor_of(person))[1]


def test_notes_and_their_files_are_the_desks(cast):
    from helpdesk.core import files
    from helpdesk.core.richtext import from_plain

    ticket = open_request(cast.carol, cast.queue)
    note = actions.note(
        ticket.pk, by=actor_of(cast.alice), body=from_plain("тайна"),
        attachments=[actions.NewFile(files.store(b"x"), "тайна.txt")],
    )  # fmt: skip
    file = note.attachments.get()
    assert [a.seq for a in articles_for(cast.carol, ticket)] == [1]
    assert [a.seq for a in articles_for(cast.alice, ticket)] == [1, 2]
    assert pages.attachment(actor_of(cast.alice), ticket.number, file.pk) == file
    with pytest.raises(NotFound):
        pages.attachment(actor_of(cast.carol), ticket.number, file.pk)
    assert "тайна" not in Ticket.objects.get(pk=ticket.pk).snippet

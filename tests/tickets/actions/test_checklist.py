"""The checklist of a request: added, ticked, struck, each taken back; templates and who looks after them."""

import pytest

from helpdesk.core import clock
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.tickets import actions
from helpdesk.tickets.actions import checklist
from helpdesk.tickets.actions.undo import undo
from helpdesk.tickets.models import ChecklistTemplate, Ticket
from tests.factories import AgentFactory, RoleFactory, actor_of, grant, open_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    cast.erin = AgentFactory(name="Эрин", roles=[cast.support])
    return open_request(cast.carol, cast.queue)


def items(ticket):
    return list(ticket.checklist.order_by("position").values_list("text", "position", "done_by", "done_at"))


def texts(ticket):
    return [text for text, *_ in items(ticket)]


def add(cast, ticket, *lines):
    return actions.add_items(ticket.pk, by=actor_of(cast.alice), texts=lines)


def back(ticket, by, event):
    with entry():
        return undo(ticket.pk, by=actor_of(by), event_id=event.pk)


def test_items_stand_in_their_order_and_the_request_counts_as_unchanged(cast, ticket):
    before = Ticket.objects.get(pk=ticket.pk).changed_at
    event = add(cast, ticket, " Проверить  счёт ", "", "Позвонить")
    assert texts(ticket) == ["Проверить счёт", "Позвонить"]
    assert [row["text"] for row in event.new] == texts(ticket)
    assert add(cast, ticket, " ", "") is None
    add(cast, ticket, "Закрыть")
    assert texts(ticket)[-1] == "Закрыть" and Ticket.objects.get(pk=ticket.pk).changed_at == before


DEEDS = {
    "add": lambda c, t, i: actions.add_items(t, by=c, texts=["Ещё", "И ещё"]),
    "tick": lambda c, t, i: actions.tick(t, by=c, item_id=i[0], done=True),
    "untick": lambda c, t, i: actions.tick(t, by=c, item_id=i[1], done=False),
    "drop": lambda c, t, i: actions.drop_item(t, by=c, item_id=i[0]),
    "drop done": lambda c, t, i: actions.drop_item(t, by=c, item_id=i[1]),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_undo_of_what_was_done_to_the_list_is_as_before(cast, ticket, deed):
    add(cast, ticket, "Раз", "Два", "Три")
    ids = list(ticket.checklist.order_by("position").values_list("pk", flat=True))
    actions.tick(ticket.pk, by=actor_of(cast.erin), item_id=ids[1], done=True)
    before = items(ticket)
    event = DEEDS[deed](actor_of(cast.alice), ticket.pk, ids)
    done = items(ticket)
    assert done != before
    undone = back(ticket, cast.alice, event)
    assert items(ticket) == before and undone.undoes == event
    assert back(ticket, cast.alice, event) is None
    with pytest.raises(NotAllowed, match="undo"), entry():
        undo(ticket.pk, by=actor_of(cast.erin), event_id=event.pk)


def test_nothing_is_taken_back_over_a_colleague(cast, ticket):
    added = add(cast, ticket, "Раз")
    item = ticket.checklist.get()
    ticked = actions.tick(ticket.pk, by=actor_of(cast.erin), item_id=item.pk, done=True)
    with pytest.raises(Conflict) as clash, entry():
        undo(ticket.pk, by=actor_of(cast.alice), event_id=added.pk)
    assert clash.value.details["name"] == "Эрин"
    actions.tick(ticket.pk, by=actor_of(cast.alice), item_id=item.pk, done=False)
    with pytest.raises(Conflict, match="undo_newer"), entry():
        undo(ticket.pk, by=actor_of(cast.erin), event_id=ticked.pk)


def test_twice_the_same_is_nothing(cast, ticket):
    add(cast, ticket, "Раз")
    item, alice = ticket.checklist.get().pk, actor_of(cast.alice)
    assert actions.tick(ticket.pk, by=alice, item_id=item, done=False) is None
    assert actions.tick(ticket.pk, by=alice, item_id=item, done=True)
    assert actions.tick(ticket.pk, by=alice, item_id=item, done=True) is None
    assert actions.drop_item(ticket.pk, by=alice, item_id=item)
    assert actions.drop_item(ticket.pk, by=alice, item_id=item) is None


def test_items_of_another_request_are_not_there(cast, ticket):
    other = open_request(cast.carol, cast.queue)
    add(cast, other, "Раз")
    with pytest.raises(NotFound), entry():
        actions.tick(ticket.pk, by=actor_of(cast.alice), item_id=other.checklist.get().pk, done=True)


def test_who_may_not_note_changes_no_list(cast, ticket):
    reader = RoleFactory()
    grant(reader, cast.queue, "read")
    for person, refusal in ((AgentFactory(roles=[reader]), NotAllowed), (cast.carol, NotAllowed), (cast.bob, NotFound)):
        with pytest.raises(refusal), entry():
            actions.add_items(ticket.pk, by=actor_of(person), texts=["Раз"])


@pytest.mark.parametrize(("lines", "code"), [(["я" * 301], "item_too_long"), (["я"] * 101, "too_many_items")])
def test_a_list_has_bounds(cast, ticket, lines, code):
    with pytest.raises(Invalid) as refused, entry():
        add(cast, ticket, *lines)
    assert refused.value.problems[0].code == code and not items(ticket)


def put(by, name="Перенос", queue=None, lines=("Снять показания", "Позвонить"), pk=None):
    with entry():
        return checklist.put_template(
            pk, by=actor_of(by), name=name, queue_id=queue.pk if queue else None, items=lines
        )  # fmt: skip


def test_a_template_brings_what_is_not_there_yet(cast, ticket):
    template = put(cast.alice, queue=cast.queue)
    add(cast, ticket, "Позвонить")
    assert actions.apply_template(ticket.pk, by=actor_of(cast.alice), template_id=template.pk)
    assert texts(ticket) == ["Позвонить", "Снять показания"]
    assert actions.apply_template(ticket.pk, by=actor_of(cast.alice), template_id=template.pk) is None


def test_a_template_of_another_queue_or_switched_off_is_not_offered(cast, ticket):
    theirs, mine = put(cast.bob, queue=cast.elsewhere), put(cast.alice, queue=cast.queue)
    assert list(checklist.offered(ticket.queue)) == [mine]
    assert checklist.switch_template(mine.pk, by=actor_of(cast.alice), on=False, at=clock.now())
    assert not checklist.switch_template(mine.pk, by=actor_of(cast.alice), on=False, at=clock.now())
    for template in (theirs, mine):
        with pytest.raises(Invalid), entry():
            actions.apply_template(ticket.pk, by=actor_of(cast.alice), template_id=template.pk)


def test_templates_are_looked_after_by_who_has_all_rights_there(cast, ticket):
    theirs = put(cast.bob, queue=cast.elsewhere)
    for act in (lambda: put(cast.alice, queue=cast.elsewhere), lambda: put(cast.alice)):
        with pytest.raises(NotAllowed, match="template"):
            act()
    with pytest.raises(NotFound):
        put(cast.alice, queue=cast.queue, pk=theirs.pk)
    assert checklist.templates_of(actor_of(cast.alice)) == []
    grant(cast.support, None)
    everywhere = put(cast.alice)
    assert (
        checklist.templates_of(actor_of(cast.alice)) == [everywhere, theirs]
        or len(checklist.templates_of(actor_of(cast.alice))) == 2
    )
    assert list(checklist.offered(ticket.queue)) == [everywhere]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [({"name": " "}, ("name", "empty")), ({"name": "я" * 101}, ("name", "too_long")), ({"lines": [" "]}, ("items", "empty"))],
)  # fmt: skip
def test_a_template_needs_a_name_and_items(cast, more, wrong):
    with pytest.raises(Invalid) as refused:
        put(cast.alice, queue=cast.queue, **more)
    assert (refused.value.problems[0].field, refused.value.problems[0].code) == wrong
    assert not ChecklistTemplate.objects.exists()

import pytest
from django.db import transaction

from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import drafts, shared_drafts, uploads
from helpdesk.tickets.actions import move, reply
from helpdesk.tickets.models import Draft, Grant, Right, StagedFile, Ticket
from tests.factories import AgentFactory, RoleFactory, actor_of, grant, open_request
from tests.tickets.test_drafts import staged, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def ticket(cast):
    return open_request(cast.carol, cast.queue)


@pytest.fixture
def anna(cast):
    """A colleague of Alice's in her queue."""
    return AgentFactory(login="anna", roles=[cast.support])


def kept(cast, ticket, body="Здравствуйте", **more):
    return drafts.save(actor_of(cast.alice), written(body, kind="reply", ticket_id=ticket.pk, **more)).id


def test_a_shared_draft_is_taken_over_as_a_copy_and_the_writers_own_stays(cast, ticket, anna):
    ids = staged(cast.alice, "акт.txt")
    picture = f'<img src="cid:kept-{ids[0]}" alt="">'
    draft_id = kept(cast, ticket, f"<p>Вот{picture}</p>", files=ids, next_state="closed", body_format="html")
    assert shared_drafts.of_colleagues(actor_of(anna)) == []
    assert shared_drafts.share(actor_of(cast.alice), draft_id)
    assert not shared_drafts.share(actor_of(cast.alice), draft_id)
    assert [line.number for line in shared_drafts.of_colleagues(actor_of(anna))] == [ticket.number]
    saved, of = shared_drafts.take_over(actor_of(anna), draft_id)
    copy, own = Draft.objects.get(pk=saved.id), Draft.objects.get(pk=draft_id)
    assert (copy.person, of.pk, copy.values["next_state"], own.taken_by) == (anna, ticket.pk, "closed", anna)
    [file] = StagedFile.objects.filter(person=anna)
    assert (copy.files, file.filename, file.form_key) == ([file.pk], "акт.txt", copy.form_key)
    assert f'"cid:kept-{file.pk}"' in copy.values["body"]
    assert own.files == ids and own.values["body"] == f"<p>Вот{picture}</p>" and own.shared_at is None
    assert uploads.names(cast.alice.pk, own.form_key, own.files) == ["акт.txt"]


def test_of_two_who_take_it_over_the_second_is_told(cast, ticket, anna):
    second = AgentFactory(login="nina", roles=[cast.support])
    draft_id = kept(cast, ticket)
    shared_drafts.share(actor_of(cast.alice), draft_id)
    shared_drafts.take_over(actor_of(anna), draft_id)
    with pytest.raises(Conflict) as told, transaction.atomic():
        shared_drafts.take_over(actor_of(second), draft_id)
    assert (told.value.code, told.value.details["name"]) == ("draft_taken", anna.name)
    assert not Draft.objects.filter(person=second).exists()
    shared_drafts.share(actor_of(cast.alice), draft_id)  # once more, by its writer
    shared_drafts.take_over(actor_of(second), draft_id)
    assert Draft.objects.filter(person=second).count() == 1


def test_nobody_takes_what_is_not_shared_or_not_theirs_to_see(cast, ticket, anna):
    draft_id = kept(cast, ticket)
    with pytest.raises(NotFound), transaction.atomic():
        shared_drafts.take_over(actor_of(anna), draft_id)
    shared_drafts.share(actor_of(cast.alice), draft_id)
    for stranger in (cast.bob, cast.carol, cast.alice):
        with pytest.raises(NotFound), transaction.atomic():
            shared_drafts.take_over(actor_of(stranger), draft_id)
        assert shared_drafts.of_colleagues(actor_of(stranger)) == []
    for other in (anna, cast.carol):
        with pytest.raises(NotFound), transaction.atomic():
            shared_drafts.share(actor_of(other), draft_id)
        with pytest.raises(NotFound), transaction.atomic():
            shared_drafts.unshare(actor_of(other), draft_id)
    reads = RoleFactory(code="reads")
    Grant.objects.create(role=reads, queue=cast.queue, right=Right.READ)
    rita = AgentFactory(login="rita", roles=[reads])
    with pytest.raises(NotAllowed), transaction.atomic():
        shared_drafts.take_over(actor_of(rita), draft_id)
    assert shared_drafts.of_colleagues(actor_of(rita)) == []
    assert shared_drafts.unshare(actor_of(cast.alice), draft_id)
    assert shared_drafts.of_colleagues(actor_of(anna)) == []


def test_clients_share_nothing(cast, ticket):
    draft_id = drafts.save(actor_of(cast.carol), written(kind="reply", ticket_id=ticket.pk)).id
    with pytest.raises(NotFound), transaction.atomic():
        shared_drafts.share(actor_of(cast.carol), draft_id)


def test_whoever_has_too_many_drafts_takes_none_and_it_stays_offered(cast, ticket, anna, monkeypatch):
    draft_id = kept(cast, ticket)
    shared_drafts.share(actor_of(cast.alice), draft_id)
    monkeypatch.setattr(drafts, "MOST", 0)
    with pytest.raises(Invalid), transaction.atomic():
        shared_drafts.take_over(actor_of(anna), draft_id)
    assert Draft.objects.get(pk=draft_id).person == cast.alice


def test_a_draft_goes_with_no_act_of_others(cast, ticket, anna):
    draft_id = kept(cast, ticket)
    grant(cast.support, cast.elsewhere, Right.MOVE_INTO)
    reply(ticket.pk, by=actor_of(anna), body=from_plain("Готово"))
    move(ticket.pk, by=actor_of(anna), to_queue_id=cast.elsewhere.pk)
    assert Ticket.objects.get(pk=ticket.pk).queue == cast.elsewhere
    draft, number = drafts.one(actor_of(cast.alice), draft_id)
    assert (draft.values["body"], number) == ("Здравствуйте", "")

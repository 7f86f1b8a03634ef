"""Splitting: chosen articles stand in a new linked request; the old one keeps its own, and nobody is told twice."""

import pytest
from django.core.files.base import ContentFile

from helpdesk.core import files
from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile, split, undo
from helpdesk.tickets.models import Article, Link, Ticket
from tests.factories import AgentFactory, RoleFactory, actor_of, grant, open_request
from tests.tickets.actions.test_merge import now, whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def talk(cast):
    """Carol's request, in which Dora asked something else, with a file, and a colleague noted it."""
    cast.one = open_request(cast.carol, cast.queue, text="Не сходится сальдо")
    actions.add_observer(cast.one.pk, by=actor_of(cast.carol), person_id=cast.dora.pk)
    stored = files.store(ContentFile(b"1"))
    cast.asked = actions.reply(
        cast.one.pk, by=actor_of(cast.dora), body=from_plain("А ещё не печатает"), attachments=[NewFile(stored, "скан.txt")]
    )  # fmt: skip
    cast.noted = actions.note(cast.one.pk, by=actor_of(cast.alice), body=from_plain("Это отдельное"))
    return cast


def part(talk, *articles, by=None, **more):
    with entry():
        return split(
            talk.one.pk, by=actor_of(by or talk.alice), articles=[one.pk for one in articles],
            subject=more.pop("subject", "Не печатает"), queue_id=more.pop("queue", talk.queue).pk, **more,
        )  # fmt: skip


def made(event):
    return Ticket.objects.get(pk=event.new["ticket"])


def test_chosen_articles_become_a_request_of_who_said_them(talk):
    before, told, letters = whole(talk.one), Notice.objects.count(), OutgoingLetter.objects.count()
    event = part(talk, talk.noted, talk.asked)
    new = made(event)
    assert (new.subject, new.author, new.company, new.state_id, new.waits_for, new.articles_count) == (
        "Не печатает", talk.dora, talk.company, "new", "desk", 2,
    )  # fmt: skip
    said = list(new.articles.order_by("seq"))
    assert [(one.text, one.sender, one.visible_to_client) for one in said] == [
        ("А ещё не печатает", "client", True), ("Это отдельное", "agent", False),
    ]  # fmt: skip
    assert [file.filename for file in said[0].attachments.all()] == ["скан.txt"]
    assert said[0].created_at == talk.asked.created_at
    assert (new.last_article_at, new.last_visible_seq, new.snippet) == (talk.asked.created_at, 1, "А ещё не печатает")
    assert list(new.participants.values_list("person_id", "role")) == [(talk.carol.pk, "observer")]
    assert whole(talk.one) == before
    assert list(Link.objects.values_list("source", "target", "kind")) == [(talk.one.pk, new.pk, "normal")]
    assert (Notice.objects.count(), OutgoingLetter.objects.count()) == (told, letters)
    assert [(e.verb, e.new.get("ticket")) for e in new.events.order_by("seq")] == [
        ("opened", None), ("split_from", talk.one.pk),
    ]  # fmt: skip
    assert (event.verb, event.ticket_id) == ("split", talk.one.pk)


def test_a_part_of_a_merged_request_is_split_off_from_the_whole(talk):
    other = open_request(talk.carol, talk.queue, text="Ещё одно")
    actions.merge(other.pk, by=actor_of(talk.alice), into_id=talk.one.pk)
    new = made(part(talk, other.articles.get()))
    assert new.articles.get().text == "Ещё одно"


def test_taken_back_the_new_one_is_removed_and_the_old_one_as_before(talk):
    before = whole(talk.one)
    event = part(talk, talk.asked)
    with entry():
        back = undo(talk.one.pk, by=actor_of(talk.alice), event_id=event.pk)
    assert whole(talk.one) == before and not Link.objects.exists()
    assert made(event).phase == "removed"
    assert (back.verb, back.undoes) == ("unsplit", event)
    with entry():
        assert undo(talk.one.pk, by=actor_of(talk.alice), event_id=event.pk) is None


def test_not_taken_back_over_what_somebody_did_in_the_new_one(talk):
    event = part(talk, talk.asked)
    erin = AgentFactory(name="Эрин", roles=[talk.support])
    actions.take(made(event).pk, by=actor_of(erin))
    with pytest.raises(Conflict, match="undo_newer"), entry():
        undo(talk.one.pk, by=actor_of(talk.alice), event_id=event.pk)
    assert made(event).phase == "open"
    with pytest.raises(NotAllowed, match="undo"), entry():
        undo(talk.one.pk, by=actor_of(erin), event_id=event.pk)


def test_the_same_form_twice_makes_one_request(talk):
    first, second = (part(talk, talk.asked, once="k") for _ in range(2))
    assert first == second and Ticket.objects.count() == 2


def test_what_cannot_be_split_off(talk):
    def refused(*articles, **more):
        with pytest.raises(Invalid) as error:
            part(talk, *articles, **more)
        return error.value.problems[0].field, error.value.problems[0].code

    elsewhere = open_request(talk.dave, talk.queue).articles.get()
    assert refused() == refused(elsewhere) == ("articles", "none_chosen")
    assert refused(talk.noted) == ("articles", "none_visible")
    assert refused(talk.asked, subject=" ") == ("subject", "empty")
    assert Article.objects.filter(text="А ещё не печатает").count() == 1


def test_who_may_not_answer_here_or_create_there_may_not_split(talk):
    with pytest.raises(NotAllowed, match="split"):
        part(talk, talk.asked, queue=talk.elsewhere)
    reads = RoleFactory()
    grant(reads, talk.queue, "note", "create")
    with pytest.raises(NotAllowed, match="split"):
        part(talk, talk.asked, by=AgentFactory(roles=[reads]))
    with pytest.raises(NotAllowed):
        part(talk, talk.asked, by=talk.carol)
    with pytest.raises(NotFound):
        part(talk, talk.asked, by=talk.dave)
    assert now(talk.one).articles_count == 3

"""An answer that waits: it comes back exactly, leaves once, and nobody reads it before."""

from datetime import timedelta

import pytest
from django.db import transaction

from helpdesk.core import clock, jobs
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import drafts, tasks, uploads
from helpdesk.tickets.actions import StateMove, merge, note, reply, set_state
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.holding import hold, release, send_due, send_held, send_sooner
from helpdesk.tickets.models import Article, Draft, Grant, Ticket
from helpdesk.tickets.words import stopped_text
from tests.factories import actor_of, open_request
from tests.tickets.test_drafts import staged

pytestmark = pytest.mark.django_db
DELAY = timedelta(seconds=15)


@pytest.fixture
def ticket(cast):
    return open_request(cast.carol, cast.queue)


def held(cast, ticket, body="Здравствуйте", *, key="form", files=(), wait=DELAY, **more):
    """What Alice has sent, and what still waits."""
    values = {"body": body, "next_state": more.pop("state", ""), "unless_client": "1"}
    by = actor_of(cast.alice)
    then = StateMove(values["next_state"]) if values["next_state"] else None
    attached = uploads.to_attach(by, key, [str(pk) for pk in files])
    written = Written(Draft.Kind.REPLY, key, values, files, ticket.pk, hand="page", step=3)
    return hold(
        ticket.pk, by=by, written=written, body=from_plain(body), attachments=attached, then=then,
        send_at=clock.now() + wait, **more,
    )  # fmt: skip


def answers():
    return list(Article.objects.filter(sender="agent").values_list("text", flat=True))


def run(at):
    """The worker at that time."""
    with clock.stopped(at):
        jobs.run_waiting(at=at)


def later(wait=DELAY):
    return clock.now() + wait + timedelta(seconds=1)


def test_it_waits_unseen_and_leaves_with_its_state_and_files(cast, ticket):
    ids = staged(cast.alice, "акт.txt")
    draft = held(cast, ticket, state="review", files=ids)
    assert not answers()
    assert Ticket.objects.get().state_id == "new" and Ticket.objects.get().last_event_seq == ticket.last_event_seq
    [job] = jobs.waiting("tickets.send_held")
    assert (job.arguments, job.at) == ({"draft_id": draft.pk}, draft.send_at)
    assert send_held(draft.pk) is None and not answers()  # too early
    with pytest.raises(jobs.RetryLater):
        tasks.send_held(draft.pk)
    article = send_held(draft.pk, at=later())
    assert (article.text, article.attachments.get().filename) == ("Здравствуйте", "акт.txt")
    assert Ticket.objects.get().state_id == "review" and not Draft.objects.exists()


def test_it_leaves_once_however_often_it_is_asked_for(cast, ticket):
    draft = held(cast, ticket)
    assert held(cast, ticket).pk == draft.pk  # the button, once more
    assert len(jobs.waiting("tickets.send_held")) == 1
    run(later())
    assert send_held(draft.pk, at=later()) is None and send_due(at=later()) == 0
    assert answers() == ["Здравствуйте"]
    assert held(cast, ticket).text == "Здравствуйте"  # and once more after it: the article
    assert answers() == ["Здравствуйте"] and not Draft.objects.exists()


def test_what_a_dead_worker_left_is_sent_by_the_duty(cast, ticket):
    held(cast, ticket)
    assert send_due(at=later()) == 1 and answers() == ["Здравствуйте"]


def test_taken_back_it_is_the_draft_that_it_was(cast, ticket):
    ids = staged(cast.alice, "акт.txt")
    draft = held(cast, ticket, state="review", files=ids)
    back = release(actor_of(cast.alice), draft.pk)
    assert (back.values, back.files, back.send_at) == (draft.values, ids, None)
    assert back.values["next_state"] == "review" and back.form_key == "form"
    assert [file.filename for file in uploads.staged(actor_of(cast.alice), "form")] == ["акт.txt"]
    run(later())
    assert not answers()
    with pytest.raises(NotFound), transaction.atomic():
        release(actor_of(cast.alice), draft.pk)
    assert held(cast, ticket, "Здравствуйте, Карина", files=ids).send_at  # and is sent again, under the same key
    run(later())
    assert answers() == ["Здравствуйте, Карина"]


def test_only_its_writer_takes_it_back(cast, ticket):
    draft = held(cast, ticket)
    for other in (cast.bob, cast.carol):
        with pytest.raises(NotFound), transaction.atomic():
            release(actor_of(other), draft.pk)


def test_late_savings_change_nothing_and_other_words_become_a_draft_of_their_own(cast, ticket):
    draft = held(cast, ticket)
    by = actor_of(cast.alice)

    def save(body, hand, step):
        return drafts.save(by, Written(Draft.Kind.REPLY, "form", {"body": body}, (), ticket.pk, hand=hand, step=step))

    assert save("Здравств", "page", 3).is_sent and save("", "phone", 1).is_sent
    apart = save("С телефона", "phone", 2)
    assert apart.apart and apart.key != "form"
    run(later())
    assert answers() == ["Здравствуйте"] and Draft.objects.get().values["body"] == "С телефона"
    assert save("Здравств", "page", 3).is_sent  # hours later, from a page that was offline
    assert Draft.objects.count() == 1 and draft.pk


def test_what_another_device_wrote_under_the_same_key_is_not_sent_and_stays(cast, ticket):
    written = Written(Draft.Kind.REPLY, "form", {"body": "С телефона"}, (), ticket.pk, hand="phone", step=1)
    drafts.save(actor_of(cast.alice), written)
    held(cast, ticket)
    run(later())
    assert answers() == ["Здравствуйте"] and Draft.objects.get().values["body"] == "С телефона"


def test_nothing_is_held_that_could_not_be_sent(cast, ticket):
    seen = ticket.last_event_seq
    for refusal, act in [
        (Invalid, lambda: held(cast, ticket, " ")),
        (Invalid, lambda: held(cast, ticket, state="merged")),
        (Invalid, lambda: held(cast, ticket, wait=-DELAY, is_timed=True)),
    ]:
        with pytest.raises(refusal), transaction.atomic():
            act()
    reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("И ещё"))
    with pytest.raises(Conflict), transaction.atomic():
        held(cast, ticket, seen=seen)
    assert not Draft.objects.exists() and not jobs.waiting("tickets.send_held")
    Grant.objects.all().update(right="read")
    with pytest.raises(NotAllowed), transaction.atomic():
        held(cast, ticket)


@pytest.mark.parametrize("unless", [True, False])
def test_the_client_who_writes_first_stops_what_was_to_be_stopped(cast, ticket, unless):
    draft = held(cast, ticket, wait=timedelta(days=1), is_timed=True, unless_client=unless)
    note(ticket.pk, by=actor_of(cast.alice), body=from_plain("Между нами"))
    reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("Уже не нужно"))
    send_due(at=later(timedelta(days=1)))
    if not unless:
        assert answers()[-1] == "Здравствуйте"
        return
    kept = Draft.objects.get(pk=draft.pk)
    assert kept.send_at is None and kept.values["body"] == "Здравствуйте" and "Здравствуйте" not in answers()
    assert cast.carol.name in stopped_text(kept.stopped)


@pytest.mark.parametrize("what", ["merged", "rights", "state"])
def test_what_can_no_longer_be_sent_becomes_a_draft_that_says_why(cast, ticket, what):
    draft = held(cast, ticket, state="new" if what == "state" else "review")
    if what == "merged":
        merge(ticket.pk, by=actor_of(cast.alice), into_id=open_request(cast.carol, cast.queue, subject="Другая").pk)
    elif what == "rights":
        Grant.objects.all().delete()
    else:
        set_state(ticket.pk, by=actor_of(cast.alice), to=StateMove("closed"))
    assert send_held(draft.pk, at=later()) is None
    kept = Draft.objects.get(pk=draft.pk)
    assert not answers() and kept.send_at is None and kept.values["body"] == "Здравствуйте"
    assert stopped_text(kept.stopped)
    assert send_due(at=later()) == 0


def test_the_very_same_from_another_copy_of_the_form_does_not_go_twice(cast, ticket):
    held(cast, ticket)
    second = held(cast, ticket, key="copy")
    run(later())
    assert answers() == ["Здравствуйте"]
    assert Draft.objects.get(pk=second.pk).stopped["code"] == "sent_already"


def test_an_answer_that_waits_is_no_older_copy_of_what_is_written_next(cast, ticket):
    held(cast, ticket)
    further = {"body": "Здравствуйте, ещё одно", "body_format": "text"}
    drafts.save(actor_of(cast.alice), Written(Draft.Kind.REPLY, "next", further, (), ticket.pk, hand="page", step=1))
    held(cast, ticket, "Здравствуйте, ещё одно и третье", key="third")
    run(later())
    assert answers() == ["Здравствуйте", "Здравствуйте, ещё одно и третье"]


def test_its_writer_may_send_it_sooner_whatever_the_client_wrote(cast, ticket):
    draft = held(cast, ticket, wait=timedelta(days=1), is_timed=True, unless_client=True)
    reply(ticket.pk, by=actor_of(cast.carol), body=from_plain("Жду"))
    with pytest.raises(NotFound):
        send_sooner(actor_of(cast.bob), draft.pk)
    send_sooner(actor_of(cast.alice), draft.pk)
    assert answers() == ["Здравствуйте"]


def test_a_thrown_away_one_does_not_go(cast, ticket):
    draft = held(cast, ticket)
    drafts.discard(actor_of(cast.alice), draft.pk)
    run(later())
    assert not answers()

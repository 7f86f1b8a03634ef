"""Letters about what is done or closed: nothing is asked, and what may be done follows the queue's rule."""

from datetime import timedelta

import pytest

from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.core.text.quotation_words import REPLY_MARKERS
from helpdesk.tickets import actions
from helpdesk.tickets.actions import StateMove
from helpdesk.tickets.models import Queue
from tests.factories.asking import asked_in
from tests.mail.conftest import open_by
from tests.mail.test_outgoing import letters, plain

LANGUAGES = ["ru", "en"]
RULES = list(Queue.FollowUp)
AFTER = {  # what stays possible once the request has closed by itself
    ("ru", Queue.FollowUp.REOPEN): "Если вопрос остался, напишите здесь.",
    ("ru", Queue.FollowUp.NEW): "Если вопрос остался, напишите здесь: откроется новая заявка, связанная с этой.",
    ("ru", Queue.FollowUp.REFUSE): "Если вопрос остался, отправьте новую заявку и укажите в ней номер этой.",
    ("en", Queue.FollowUp.REOPEN): "If the question remains, write here.",
    ("en", Queue.FollowUp.NEW): "If the question remains, write here: a new request, linked with this one, will open.",
    ("en", Queue.FollowUp.REFUSE): "If the question remains, send a new request and mention this one's number.",
}  # fmt: skip


@pytest.fixture
def told(world):
    """The newest letter to the author of a request that has come to a state by an answer, without a word or by itself;
    what the specialist said in it is left out."""

    def tell(rule, language, state, how):
        world.carol.language = language
        world.carol.save()
        Queue.objects.filter(pk=world.errors.pk).update(follow_up=rule)
        ticket, by = open_by(world.carol, world.errors), Actor(world.alice.pk)
        actions.reply(ticket.pk, by=by, body=from_plain("Пересчитали."))
        if how == "by an answer":
            actions.reply(ticket.pk, by=by, body=from_plain("Пересчитали."), then=StateMove(state))
        elif how == "without a word":
            actions.set_state(ticket.pk, by=by, to=StateMove(state))
        else:
            actions.set_state(ticket.pk, by=by, to=StateMove("autoclose"))
            with clock.stopped(clock.now() + timedelta(days=2)):
                actions.close_due(ticket.pk, at=clock.now())
        with clock.stopped(clock.now() + timedelta(hours=1)):  # what is done without a word is told a little later
            ours = [one for one in letters(person=world.carol) if one.ticket_id == ticket.pk]
        return [plain(side).replace("Пересчитали.", "") for side in (ours[-1].text, ours[-1].html)]

    return tell


WAYS = [
    *(("by an answer", state) for state in ("done", "autoclose", "closed")),
    *(("without a word", state) for state in ("done", "closed")),
    ("by itself", "closed"),
]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("how", "state"), WAYS, ids=lambda one: one)
def test_no_letter_about_what_is_settled_asks_for_anything(told, rule, language, how, state):
    marker = REPLY_MARKERS[language]
    for side in told(rule, language, state, how):
        is_shut = state == "closed" and rule == Queue.FollowUp.REFUSE
        assert (marker in side) != is_shut
        assert asked_in(side.replace(marker, ""), language) == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_letter_about_an_automatic_closing_names_what_the_queue_takes(told, rule, language):
    ways = {AFTER[language, one] for one in RULES}
    for side in told(rule, language, "closed", "by itself"):
        told_of = {way for way in ways if way in side}
        assert told_of == {AFTER[language, rule]}


def test_what_asks_is_noticed():
    assert asked_in("Заявка закрыта.\n\nОтветьте, пожалуйста, обязательно", "ru") != []
    assert asked_in("The request is closed. Please answer.", "en") == ["Please answer."]

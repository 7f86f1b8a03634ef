"""The page of what is done or closed: nothing is asked, and what may be done follows the queue's rule."""

import re
from datetime import timedelta

import pytest

from helpdesk.accounts.models import Membership, Person
from helpdesk.core import clock
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets.actions import StateMove, close_due, reply, set_state
from helpdesk.tickets.models import Queue
from tests.factories.asking import asked_in
from tests.mail.test_settled import AFTER, LANGUAGES, RULES

STATES = ["done", "autoclose", "closed", "closed by itself"]


@pytest.fixture
def page(world, as_):
    """What the page of such a request says, without its form, whose fields are explained there; and all of it."""

    def show(rule, language, state, *, writes=True):
        Queue.objects.filter(pk=world.errors.pk).update(follow_up=rule)
        Person.objects.filter(pk=world.carol.pk).update(language=language)
        ticket, by = world.ticket(), Actor(world.alice.pk)
        if state == "closed by itself":
            set_state(ticket.pk, by=by, to=StateMove("autoclose"))
            close_due(ticket.pk, at=clock.now() + timedelta(days=2))
        else:
            reply(ticket.pk, by=by, body=from_plain("Пересчитали."), then=StateMove(state))
        Membership.objects.filter(person=world.carol).update(writes=writes)
        whole = as_(world.carol).get(f"/portal/tickets/{ticket.number}/").content.decode().replace("\xa0", " ")
        main = whole[whole.index('<div class="p-title') : whole.index("</main>")]
        return re.sub(
            r'<form class="reply".*?</form>|<dialog.*?</dialog>|<a class="btn.*?</a>|data-[\w-]+="[^"]*"',
            "",
            main,
            flags=re.DOTALL,
        )

    return show


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("writes", [True, False])
def test_no_page_of_what_is_settled_asks_for_anything(page, rule, language, state, writes):
    assert asked_in(page(rule, language, state, writes=writes), language) == []


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_about_an_automatic_closing_names_what_the_queue_takes(page, rule, language):
    shown = page(rule, language, "closed by itself")
    assert {way for way in AFTER.values() if way in shown} == {AFTER[language, rule]}


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("state", STATES)
def test_who_only_reads_is_not_told_to_write_on_the_page_of_what_is_settled(page, rule, state):
    def banner(shown):
        return re.search(r'class="banner.*?</div>', shown, re.DOTALL)[0]

    is_shut = rule == Queue.FollowUp.REFUSE and "closed" in state
    assert ("напишите ниже" in banner(page(rule, "ru", state))) != is_shut
    read = banner(page(rule, "ru", state, writes=False))
    assert "ниже" not in read
    assert ("Отвечать не нужно" in read) == ("closed" not in state)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_no_line_of_a_list_or_of_the_news_about_what_is_settled_asks_for_anything(page, as_, world, language, state):
    page(Queue.FollowUp.REFUSE, language, state)
    client = as_(world.carol)
    for place in ("/portal/mine/?state=all", "/portal/company/?state=all", "/portal/news/"):
        shown = client.get(place).content.decode()
        line = re.search(r"<li[^>]*>(?:(?!</li>).)*Ошибка 500.*?</li>", shown, re.DOTALL)
        assert line, place
        assert asked_in(re.sub(r"<button.*?</button>", "", line[0], flags=re.DOTALL), language) == []

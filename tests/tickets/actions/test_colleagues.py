"""Handing a request over, and choosing who observes it."""

from uuid import uuid4

import pytest
from django.db import transaction

from helpdesk.accounts import actions as accounts
from helpdesk.accounts.models import Membership, Person
from helpdesk.core.errors import Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_plain
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions, lists, queries
from helpdesk.tickets.lists import Wanted
from helpdesk.tickets.models import Participant, Ticket
from tests.factories import ClientFactory, actor_of, open_request, world
from tests.factories.parallel import together

pytestmark = pytest.mark.django_db


class Office:
    """Carol's request; her colleague Dora, the chief Vera, and Dave of another company, a chief there."""

    def __init__(self):
        self.cast = world()
        self.company = self.cast.company
        self.vera = ClientFactory(login="vera", company=self.company, sees="company")
        Membership.objects.filter(person__in=[self.vera, self.cast.dave]).update(is_chief=True)
        for person in (self.cast.carol, self.cast.dora, self.vera, self.cast.dave):
            accounts.add_address(person, f"{person.login}@example.com")
        self.ticket = open_request(self.cast.carol, self.cast.queue)

    def hand_over(self, by=None, **more):
        wanted = {"from_id": self.cast.carol.pk, "to_id": self.cast.dora.pk, "company_id": self.company.pk, **more}
        return actions.hand_over(self.ticket.pk, by=actor_of(by or self.vera), **wanted)

    def letters(self, person):
        return OutgoingLetter.objects.filter(person=person)


@pytest.fixture
def office(db, own_files):
    return Office()


def refused(kind, call):
    with pytest.raises(kind) as refusal, transaction.atomic():
        call()
    return refusal.value


def test_a_handed_over_request_is_the_successors(office, news):
    batch = uuid4()
    event = office.hand_over(batch=batch)
    assert (event.verb, event.field, event.old, event.new) == (
        "author_set", "author", office.cast.carol.pk, office.cast.dora.pk)  # fmt: skip
    assert news.brief == [("changed", "author_set", "author")]
    ticket = Ticket.objects.get(pk=office.ticket.pk)
    assert ticket.author == office.cast.dora
    assert [one.author for one in ticket.articles.filter(sender="client")] == [office.cast.carol]
    assert [row.number for row in lists.page(actor_of(office.cast.dora), Wanted("mine")).rows.lines] == [ticket.number]
    assert lists.page(actor_of(office.cast.carol), Wanted("mine")).rows.lines == []
    assert Notice.objects.filter(person=office.cast.dora, kind="handed_over").count() == 1
    assert list(queries.of_batches(actor_of(office.vera), [str(batch)])) == [str(batch)]
    assert queries.of_batches(actor_of(office.cast.dave), [str(batch)]) == {}


def test_answers_go_to_the_successor(office):
    office.hand_over()
    assert not office.letters(office.cast.dora).exists()  # one letter for all, which is not this verb's
    actions.reply(office.ticket.pk, by=actor_of(office.cast.alice), body=from_plain("Готово"))
    assert office.letters(office.cast.dora).get().kind == "answer"
    assert not office.letters(office.cast.carol).filter(kind="answer").exists()


def test_an_observer_who_takes_over_observes_no_longer(office):
    actions.add_observer(office.ticket.pk, by=actor_of(office.cast.carol), person_id=office.cast.dora.pk)
    office.hand_over()
    assert not Participant.objects.exists()


def test_repeating_changes_nothing(office):
    office.hand_over()
    assert office.hand_over() is None
    assert office.hand_over(from_id=office.cast.dora.pk) is None  # to herself


def test_only_the_chief_hands_over(office):
    for by in (office.cast.carol, office.cast.dora):
        assert type(refused((NotAllowed, NotFound), lambda by=by: office.hand_over(by=by))) in {NotAllowed, NotFound}
    for by in (office.cast.dave, office.cast.bob):
        refused(NotFound, lambda by=by: office.hand_over(by=by))
    refused(NotAllowed, lambda: office.hand_over(by=office.cast.alice))
    refused(NotFound, lambda: office.hand_over(company_id=office.cast.other.pk))
    assert Ticket.objects.get(pk=office.ticket.pk).author == office.cast.carol


def test_a_right_taken_since_the_page_was_opened_counts_no_more(office):
    by = actor_of(office.vera)
    queries.visible_to(by)  # known from now on
    Membership.objects.filter(person=office.vera).update(is_chief=False)
    wanted = {"company_id": office.company.pk, "from_id": office.cast.carol.pk, "to_id": office.cast.dora.pk}
    refused(NotAllowed, lambda: actions.hand_over(office.ticket.pk, by=by, **wanted))


@pytest.mark.parametrize("case", ["stranger", "agent", "off", "reads", "nobody", "left"])
def test_only_a_colleague_who_writes_takes_over(office, case):
    dora = office.cast.dora
    to = {"stranger": office.cast.dave.pk, "agent": office.cast.alice.pk, "nobody": 10**9}.get(case, dora.pk)
    if case == "off":
        accounts.deactivate(dora)
    if case in {"reads", "left"}:
        changed = {"reads": {"writes": False}, "left": {"inactive_at": office.ticket.created_at}}[case]
        Membership.objects.filter(person=dora).update(**changed)
    problem = refused(Invalid, lambda: office.hand_over(to_id=to)).problems[0]
    assert (problem.field, problem.code) == ("successor", "cannot_take")


@pytest.mark.parametrize("who", ["carol", "vera", "wide"])
def test_author_chief_and_who_sees_all_choose_observers(office, who, news):
    if who == "wide":
        office.wide = ClientFactory(company=office.company, sees="company")
    by = actor_of(getattr(office, who, None) or getattr(office.cast, who))
    dora, pk = office.cast.dora, office.ticket.pk
    event = actions.add_observer(pk, by=by, person_id=dora.pk)
    assert (event.verb, event.field, event.old, event.new) == ("observer_added", "observer", None, dora.pk)
    assert actions.add_observer(pk, by=by, person_id=dora.pk) is None
    assert actions.add_observer(pk, by=by, person_id=office.cast.carol.pk) is None  # the author
    assert queries.visible_to(actor_of(dora)).filter(pk=pk).exists()
    event = actions.remove_observer(pk, by=by, person_id=dora.pk)
    assert (event.verb, event.old, event.new) == ("observer_removed", dora.pk, None)
    assert actions.remove_observer(pk, by=by, person_id=dora.pk) is None
    assert not queries.visible_to(actor_of(dora)).filter(pk=pk).exists()
    assert [one[1] for one in news.brief] == ["observer_added", "observer_removed"]


def test_an_observer_gets_answers_as_they_want_them(office):
    dora = office.cast.dora
    actions.add_observer(office.ticket.pk, by=actor_of(office.cast.carol), person_id=dora.pk)
    assert office.letters(dora).get().kind == "notice"
    assert Notice.objects.get(person=dora).kind == "observes"
    actions.reply(office.ticket.pk, by=actor_of(office.cast.alice), body=from_plain("Раз"))
    assert office.letters(dora).filter(kind="answer").count() == 1
    Person.objects.filter(pk=dora.pk).update(letters="none")
    actions.reply(office.ticket.pk, by=actor_of(office.cast.alice), body=from_plain("Два"))
    assert office.letters(dora).filter(kind="answer").count() == 1
    assert Notice.objects.filter(person=dora, kind="desk_answer").count() == 2


@pytest.mark.parametrize("case", ["stranger", "agent", "nobody", "left"])
def test_who_is_not_of_the_company_looks_like_nobody(office, case):
    to = {"stranger": office.cast.dave.pk, "agent": office.cast.alice.pk, "nobody": 10**9}.get(case)
    if case == "left":
        to = office.cast.dora.pk
        Membership.objects.filter(person=office.cast.dora).update(inactive_at=office.ticket.created_at)
    by = actor_of(office.cast.carol)
    refusal = refused(Invalid, lambda: actions.add_observer(office.ticket.pk, by=by, person_id=to))
    assert [(one.field, one.code, one.details) for one in refusal.problems] == [("observer", "unknown_person", {})]


def test_an_observer_chooses_nobody_but_may_leave(office):
    dora, pk = office.cast.dora, office.ticket.pk
    other = ClientFactory(company=office.company)
    for person in (dora, other):
        actions.add_observer(pk, by=actor_of(office.cast.carol), person_id=person.pk)
    refused(NotAllowed, lambda: actions.add_observer(pk, by=actor_of(dora), person_id=office.vera.pk))
    refused(NotAllowed, lambda: actions.remove_observer(pk, by=actor_of(dora), person_id=other.pk))
    assert actions.remove_observer(pk, by=actor_of(dora), person_id=dora.pk)


def test_who_only_reads_chooses_nobody(office):
    Membership.objects.filter(person=office.cast.carol).update(writes=False)
    by = actor_of(office.cast.carol)
    refused(NotAllowed, lambda: actions.add_observer(office.ticket.pk, by=by, person_id=office.cast.dora.pk))
    for by in (actor_of(office.cast.dave), actor_of(office.cast.bob)):
        refused(NotFound, lambda by=by: actions.add_observer(office.ticket.pk, by=by, person_id=office.cast.dora.pk))


def test_an_observer_whose_place_is_taken_sees_and_hears_nothing(office):
    dora = office.cast.dora
    actions.add_observer(office.ticket.pk, by=actor_of(office.cast.carol), person_id=dora.pk)
    Membership.objects.filter(person=dora).update(inactive_at=office.ticket.created_at)
    assert not queries.visible_to(actor_of(dora)).exists()
    actions.reply(office.ticket.pk, by=actor_of(office.cast.alice), body=from_plain("Раз"))
    assert not office.letters(dora).filter(kind="answer").exists()


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_the_same_request_over_give_it_once():
    office = Office()
    third = ClientFactory(company=office.company)
    results = together(office.hand_over, lambda: office.hand_over(to_id=third.pk))
    assert len([one for one in results if one is not None]) == 1, results
    assert office.ticket.events.filter(verb="author_set").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_right_taken_at_the_same_moment_leaves_the_request_with_somebody():
    office = Office()
    results = together(office.hand_over, lambda: Membership.objects.filter(person=office.vera).update(is_chief=False))
    author = Ticket.objects.get(pk=office.ticket.pk).author
    expected = office.cast.carol if isinstance(results[0], NotAllowed) else office.cast.dora
    assert author == expected, results

"""Lock, subject, client, tags, watching, mentions, removal: each happy, refused, no-op, conflict, exact history."""

import pytest

from helpdesk.core.db import entry
from helpdesk.core.errors import Conflict, Invalid, NotAllowed, NotFound
from helpdesk.core.richtext import from_editor, from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions, mentions, queries
from helpdesk.tickets.actions import LetterFacts, StateMove
from helpdesk.tickets.actions.change_client import Leaving, leaving
from helpdesk.tickets.models import Channel, Mention, Participant, Tag, Ticket, TicketTag
from tests.factories import AgentFactory, ClientFactory, ContactFactory, RoleFactory, actor_of, grant, open_request

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(cast):
    """Alice and Erin with every right, Rita who reads."""
    cast.erin = AgentFactory(name="Эрин Агентова", login="erin", roles=[cast.support])
    readers = RoleFactory(code="readers", name_ru="Читатели")
    grant(readers, cast.queue, "read")
    cast.rita = AgentFactory(name="Рита Читалова", login="rita", roles=[readers])
    return cast


@pytest.fixture
def ticket(desk):
    return open_request(desk.carol, desk.queue)


def row(ticket):
    return Ticket.objects.get(pk=ticket.pk)


def history(ticket):
    return list(ticket.events.order_by("seq").values_list("verb", "field", "old", "new", "actor"))[1:]


# lock


def test_a_lock_names_its_holder_and_goes_when_they_take_it_away(desk, ticket, news):
    alice = actor_of(desk.alice)
    assert actions.lock(ticket.pk, by=alice)
    assert actions.lock(ticket.pk, by=alice) is None
    assert row(ticket).locked_by == desk.alice
    assert actions.unlock(ticket.pk, by=alice)
    assert actions.unlock(ticket.pk, by=alice) is None
    assert row(ticket).locked_by is None
    assert history(ticket) == [
        ("locked", "lock", None, desk.alice.pk, desk.alice.pk), ("unlocked", "lock", desk.alice.pk, None, desk.alice.pk),
    ]  # fmt: skip
    assert news.brief == [("changed", "locked", "lock"), ("changed", "unlocked", "lock")]


def test_a_lock_of_somebody_else_is_told_by_name_and_taken_away_by_who_assigns(desk, ticket):
    actions.lock(ticket.pk, by=actor_of(desk.erin))
    with pytest.raises(Conflict) as clash, entry():
        actions.lock(ticket.pk, by=actor_of(desk.alice))
    assert (clash.value.code, clash.value.details["name"]) == ("locked_by", "Эрин Агентова")
    notes = RoleFactory()
    grant(notes, desk.queue, "note")
    writer = AgentFactory(roles=[notes])
    with pytest.raises(NotAllowed, match="unlock"), entry():
        actions.unlock(ticket.pk, by=actor_of(writer))
    assert actions.unlock(ticket.pk, by=actor_of(desk.alice))


def test_who_could_not_own_locks_nothing_and_a_closed_request_is_not_locked(desk, ticket):
    for person in (desk.rita, desk.carol):
        with pytest.raises(NotAllowed, match="lock"), entry():
            actions.lock(ticket.pk, by=actor_of(person))
    with pytest.raises(NotFound), entry():
        actions.lock(ticket.pk, by=actor_of(desk.bob))
    actions.close(ticket.pk, by=actor_of(desk.alice))
    with pytest.raises(NotAllowed, match="lock"), entry():
        actions.lock(ticket.pk, by=actor_of(desk.alice))


@pytest.mark.parametrize("act", ["reply", "close"])
def test_who_answers_or_closes_over_a_new_lock_is_told_once(desk, ticket, act):
    def do(seen):
        if act == "reply":
            return actions.reply(ticket.pk, by=actor_of(desk.alice), body=from_plain("Готово"), seen=seen)
        return actions.close(ticket.pk, by=actor_of(desk.alice), seen=seen)

    seen = row(ticket).last_event_seq
    actions.lock(ticket.pk, by=actor_of(desk.erin))
    with pytest.raises(Conflict) as clash, entry():
        do(seen)
    assert (clash.value.code, clash.value.details["name"]) == ("locked_meanwhile", "Эрин Агентова")
    assert do(row(ticket).last_event_seq)


def test_a_lock_stops_neither_notes_nor_taking_nor_its_holder_nor_clients(desk, ticket):
    seen = row(ticket).last_event_seq
    actions.lock(ticket.pk, by=actor_of(desk.erin))
    assert actions.note(ticket.pk, by=actor_of(desk.alice), body=from_plain("Смотрю"))
    assert actions.take(ticket.pk, by=actor_of(desk.alice), seen=seen)
    assert actions.reply(ticket.pk, by=actor_of(desk.erin), body=from_plain("Готово"), seen=row(ticket).last_event_seq)
    assert actions.reply(ticket.pk, by=actor_of(desk.carol), body=from_plain("А ещё"), seen=row(ticket).last_event_seq)


# subject


def test_the_subject_is_one_line_and_its_history_has_both(desk, ticket, news):
    before = ticket.subject
    assert actions.set_subject(ticket.pk, by=actor_of(desk.alice), to="  Ошибка 500\nпри входе ")
    assert row(ticket).subject == "Ошибка 500 при входе"
    assert history(ticket) == [("subject_set", "subject", before, "Ошибка 500 при входе", desk.alice.pk)]
    assert news.brief == [("changed", "subject_set", "subject")]
    assert actions.set_subject(ticket.pk, by=actor_of(desk.alice), to="Ошибка 500 при входе") is None
    for typed, code in ((" ", "empty"), ("т" * 201, "too_long")):
        with pytest.raises(Invalid) as refused, entry():
            actions.set_subject(ticket.pk, by=actor_of(desk.alice), to=typed)
        assert refused.value.problems[0].code == code
    with pytest.raises(Conflict, match="changed_by"), entry():
        actions.set_subject(ticket.pk, by=actor_of(desk.erin), to="Другая", seen=ticket.last_event_seq)
    for person in (desk.rita, desk.carol):
        with pytest.raises(NotAllowed, match="set_subject"), entry():
            actions.set_subject(ticket.pk, by=actor_of(person), to="Другая")


# client


def test_another_client_of_another_company_and_its_observers_leave(desk, ticket, news):
    other = ClientFactory(company=desk.company)
    for person in (desk.dora, other):
        actions.add_observer(ticket.pk, by=actor_of(desk.carol), person_id=person.pk)
    actions.watch(ticket.pk, by=actor_of(desk.erin))
    news.events.clear()
    expected = Leaving(desk.carol.name, (desk.dora.name, other.name))
    assert leaving(row(ticket), person_id=desk.dave.pk, company_id=desk.other.pk) == expected
    done = actions.change_client(
        ticket.pk, by=actor_of(desk.alice), person_id=desk.dave.pk, company_id=desk.other.pk, seen=row(ticket).last_event_seq
    )  # fmt: skip
    after = row(ticket)
    assert (after.author, after.company) == (desk.dave, desk.other)
    assert [one.role for one in after.participants.all()] == ["watcher"]
    old, new = ({"author": p.pk, "company": c.pk} for p, c in ((desk.carol, desk.company), (desk.dave, desk.other)))
    assert history(ticket)[-3:] == [
        ("observer_removed", "observer", desk.dora.pk, None, desk.alice.pk),
        ("observer_removed", "observer", other.pk, None, desk.alice.pk),
        ("client_set", "client", old, new, desk.alice.pk),
    ]
    assert news.brief == [("changed", "client_set", "client")] and done.field == "client"
    assert not queries.visible_to(actor_of(desk.carol)).filter(pk=ticket.pk).exists()
    assert queries.visible_to(actor_of(desk.dave)).filter(pk=ticket.pk).exists()


def test_within_the_company_only_the_new_author_observes_no_longer(desk, ticket):
    third = ClientFactory(company=desk.company)
    for person in (desk.dora, third):
        actions.add_observer(ticket.pk, by=actor_of(desk.carol), person_id=person.pk)
    assert leaving(row(ticket), person_id=desk.dora.pk, company_id=desk.company.pk) == Leaving(desk.carol.name, ())
    actions.change_client(ticket.pk, by=actor_of(desk.alice), person_id=desk.dora.pk, company_id=desk.company.pk)
    assert [one.person for one in row(ticket).participants.all()] == [third]
    same = {"person_id": desk.dora.pk, "company_id": desk.company.pk}
    assert actions.change_client(ticket.pk, by=actor_of(desk.alice), **same) is None


def test_the_company_must_be_one_of_the_clients_and_the_client_one(desk, ticket):
    wrong = [(desk.dave.pk, desk.company.pk, "not_a_member"), (desk.dave.pk, None, "not_a_member"),
             (desk.alice.pk, None, "unknown_person"), (10**6, None, "unknown_person")]  # fmt: skip
    for person, company, code in wrong:
        with pytest.raises(Invalid) as refused, entry():
            actions.change_client(ticket.pk, by=actor_of(desk.alice), person_id=person, company_id=company)
        assert refused.value.problems[0].code == code
    contact = ContactFactory()
    assert actions.change_client(ticket.pk, by=actor_of(desk.alice), person_id=contact.pk, company_id=None)
    for person in (desk.rita, desk.dora):
        with pytest.raises((NotAllowed, NotFound)), entry():
            actions.change_client(ticket.pk, by=actor_of(person), person_id=desk.dave.pk, company_id=desk.other.pk)
    with pytest.raises(Conflict), entry():
        actions.change_client(
            ticket.pk, by=actor_of(desk.erin), person_id=desk.dave.pk, company_id=desk.other.pk, seen=ticket.last_event_seq
        )  # fmt: skip


# tags


def test_tags_are_written_freely_and_stand_in_one_line(desk, ticket, news):
    done = actions.set_tags(ticket.pk, by=actor_of(desk.alice), to=(), named=["Тариф 2027, #отопление", "тариф 2027"])
    tags = {tag.name: tag.pk for tag in Tag.objects.all()}
    assert set(tags) == {"Тариф 2027", "отопление"}
    assert (done.old, done.new) == ([], sorted(tags.values()))
    assert news.brief == [("changed", "tags_set", "tags")]
    again = {"to": [tags["отопление"]], "named": ["ТАРИФ 2027"]}
    assert actions.set_tags(ticket.pk, by=actor_of(desk.alice), **again) is None
    actions.set_tags(ticket.pk, by=actor_of(desk.alice), to=[tags["отопление"]])
    assert list(TicketTag.objects.values_list("tag__name", flat=True)) == ["отопление"]
    assert history(ticket)[-1] == ("tags_set", "tags", sorted(tags.values()), [tags["отопление"]], desk.alice.pk)


def test_a_thousand_names_are_refused_before_any_becomes_a_tag(desk, ticket, django_assert_max_num_queries):
    typed = ",".join(f"м{at}" for at in range(1000))
    with django_assert_max_num_queries(15), pytest.raises(Invalid), entry():
        actions.set_tags(ticket.pk, by=actor_of(desk.alice), to=(), named=[typed])


def test_tags_that_cannot_be_given_are_named(desk, ticket):
    off = Tag.objects.create(name="Старая", key="старая", inactive_at=ticket.created_at)
    for given, code in (({"to": [10**6]}, "unknown_tag"), ({"to": [10**30]}, "unknown_tag"), ({"to": [off.pk]}, "unknown_tag"),
                        ({"to": (), "named": ["старая"]}, "tag_off"), ({"to": (), "named": ["д" * 51]}, "tag_too_long"),
                        ({"to": (), "named": [f"м{at}" for at in range(21)]}, "too_many_tags")):  # fmt: skip
        with pytest.raises(Invalid) as refused, entry():
            actions.set_tags(ticket.pk, by=actor_of(desk.alice), **given)
        assert refused.value.problems[0].code == code
    TicketTag.objects.create(ticket=ticket, tag=off)
    assert actions.set_tags(ticket.pk, by=actor_of(desk.alice), to=[off.pk], named=["новая"])  # what stands may stay
    with pytest.raises(Conflict), entry():
        actions.set_tags(ticket.pk, by=actor_of(desk.erin), to=(), seen=ticket.last_event_seq)
    for person in (desk.rita, desk.carol):
        with pytest.raises(NotAllowed, match="set_tags"), entry():
            actions.set_tags(ticket.pk, by=actor_of(person), to=(), named=["своя"])


# watching


def test_who_watches_hears_what_the_owner_hears_and_the_request_stays_in_its_place(desk, ticket):
    actions.take(ticket.pk, by=actor_of(desk.alice))
    before = row(ticket).changed_at
    assert actions.watch(ticket.pk, by=actor_of(desk.rita))
    assert actions.watch(ticket.pk, by=actor_of(desk.rita)) is None
    assert row(ticket).changed_at == before
    actions.reply(ticket.pk, by=actor_of(desk.carol), body=from_plain("А ещё"))
    told = Notice.objects.filter(ticket=ticket, kind="client_answer")
    assert {one.person for one in told} == {desk.alice, desk.rita}
    actions.reply(ticket.pk, by=actor_of(desk.alice), body=from_plain("Смотрим"))
    assert {one.person for one in Notice.objects.filter(kind="desk_answer")} == {desk.carol}
    assert actions.unwatch(ticket.pk, by=actor_of(desk.rita))
    assert actions.unwatch(ticket.pk, by=actor_of(desk.rita)) is None
    assert history(ticket)[-1] == ("unwatched", "watcher", desk.rita.pk, None, desk.rita.pk)


def test_who_sees_it_no_longer_hears_nothing_and_nobody_else_may_watch(desk, ticket):
    actions.watch(ticket.pk, by=actor_of(desk.rita))
    desk.rita.roles.clear()
    actions.reply(ticket.pk, by=actor_of(desk.carol), body=from_plain("А ещё"))
    assert not Notice.objects.filter(person=desk.rita, kind="client_answer").exists()
    with pytest.raises(NotFound), entry():
        actions.watch(ticket.pk, by=actor_of(desk.bob))
    with pytest.raises(NotAllowed, match="watch"), entry():
        actions.watch(ticket.pk, by=actor_of(desk.carol))
    assert [one.person for one in Participant.objects.all()] == [desk.rita]


# mentions


def note(ticket, by, text, **more):
    return actions.note(ticket.pk, by=actor_of(by), body=from_plain(text), **more)


def told(kind="mentioned"):
    return {one.person.login for one in Notice.objects.filter(kind=kind).select_related("person")}


def test_who_is_named_in_a_note_is_told_by_name_login_or_role(desk, ticket):
    made = note(ticket, desk.alice, "@Рита Читалова, глянь; и @erin тоже. Писать на a@erin не надо")
    assert {(one.person.login, one.said) for one in made.mentions.all()} == {
        ("rita", "Рита Читалова"),
        ("erin", "erin"),
    }
    assert told() == {"rita", "erin"}
    Notice.objects.all().delete()
    note(ticket, desk.alice, "Коллеги из @читатели, ваше мнение?")
    assert told() == {"rita"}


def test_a_name_gives_no_rights_and_means_nothing_in_letters_and_answers(desk, ticket):
    desk.bob.name = "Борис Кассиров"
    desk.bob.save()
    note(ticket, desk.alice, "@Борис Кассиров посмотри")
    assert told() == set() and Mention.objects.get().person == desk.bob
    assert not queries.visible_to(actor_of(desk.bob)).exists()
    Mention.objects.all().delete()
    note(ticket, desk.alice, "@erin", channel=Channel.MAIL, letter=LetterFacts())
    actions.reply(ticket.pk, by=actor_of(desk.alice), body=from_plain("@erin ответит"))
    assert not Mention.objects.exists() and told() == set()


def test_nobody_tells_themselves_and_markup_hides_no_name(desk, ticket):
    actions.note(
        ticket.pk, by=actor_of(desk.erin), body=from_editor("<p><b>@Рита&nbsp;Читалова</b> и @Эрин Агентова</p>")
    )
    assert told() == {"rita"}


def test_of_namesakes_the_login_tells_which(desk, ticket):
    AgentFactory(name="Рита Читалова", login="rita2", roles=[desk.support])
    with pytest.raises(Invalid) as refused, entry():
        note(ticket, desk.alice, "@Рита Читалова")
    problem = refused.value.problems[0]
    assert (problem.code, problem.details["logins"]) == ("mention_unclear", "rita, rita2")
    note(ticket, desk.alice, "@rita2, это тебе")
    assert told() == {"rita2"}


def test_the_longest_name_is_meant_and_a_longer_word_is_nobody():
    names = mentions.known([(1, "Анна", "a", []), (2, "Анна Ковалёва", "kov", ["support", "Поддержка", "Support"])])

    def found(text):
        return [one.person_id for one in mentions.found_in(text, names)]

    assert found("@анна ковалева, привет") == [2]
    assert found("@Анна Петрова") == [1]
    assert found("@Аннабель") == []
    assert found("(@kov)") == [2]
    assert found("x@kov @ @@ @kovach") == []
    assert found("@поддержка") == [2]
    assert found("@Анна" * 3 + " " + "@" * 1000) == [1]
    assert found("д" * 5000 + " @Анна") == [1]


# removal


def test_what_was_removed_comes_back_as_it_stood(desk, ticket, news):
    actions.set_state(ticket.pk, by=actor_of(desk.alice), to=StateMove("clarify"))
    before = (
        Ticket.objects.filter(pk=ticket.pk).values("state", "phase", "waits_for", "pending_until", "closed_at").get()
    )
    actions.remove(ticket.pk, by=actor_of(desk.alice), why="spam")
    assert not queries.visible_to(actor_of(desk.rita)).exists()
    with pytest.raises(NotFound), entry():
        actions.bring_back(ticket.pk, by=actor_of(desk.rita))
    news.events.clear()
    assert actions.bring_back(ticket.pk, by=actor_of(desk.alice))
    assert Ticket.objects.filter(pk=ticket.pk).values(*before).get() == before
    assert actions.bring_back(ticket.pk, by=actor_of(desk.alice)) is None
    assert history(ticket)[-2:] == [
        ("removed", "state", "clarify", "removed", desk.alice.pk),
        ("brought_back", "state", "removed", "clarify", desk.alice.pk),
    ]
    assert news.brief == [("changed", "brought_back", "state")]


def test_a_removal_that_kept_nothing_comes_back_by_its_state(desk, ticket):
    actions.remove(ticket.pk, by=actor_of(desk.alice), why="spam")
    ticket.events.update(before=None)
    actions.bring_back(ticket.pk, by=actor_of(desk.alice))
    found = row(ticket)
    assert (found.state_id, found.phase, found.waits_for, found.closed_at) == ("new", "open", "desk", None)

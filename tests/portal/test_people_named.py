"""Names among the words of a client's search: whoever takes part in visible requests is offered as a condition."""

import re
from urllib.parse import quote

import pytest

from helpdesk.accounts import actions as accounts
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from tests.statements import statements_of

pytestmark = pytest.mark.django_db


def meant(client, **asked):
    """What is offered under the field: label, words, address."""
    page = client.get("/portal/search/", asked).content.decode().replace("\xa0", " ")
    block = page.partition('<div class="meant">')[2].partition("</div>")[0]
    found = []
    for line in block.split("</p>"):
        label = re.search(r'class="muted">([^<]*):', line)
        for href, words in re.findall(r'<a href="([^"]*)"><bdi>([^<]*)</bdi>', line):
            found.append((label[1], words, href.replace("&amp;", "&")))
    return found


def answered(world, ticket, by):
    actions.reply(ticket.pk, by=Actor(by.pk), body=from_plain("Готово"))


@pytest.fixture
def ira(world):
    person = accounts.create_person("agent", "Ирина Смирнова", login="ira", roles=list(world.alice.roles.all()),
                                    address="ira@example.com")  # fmt: skip
    for _ in range(2):
        answered(world, world.ticket(), person)
    answered(world, world.ticket(world.dave), person)
    return person


@pytest.mark.parametrize(
    "typed", ["Смирнова", "смирновой", "Ирине Смирновой", "кто отвечал Смирнова?", "заявки Смирновой"]
)
def test_a_specialists_name_offers_what_they_answered(world, as_, ira, typed):
    client = as_(world.carol)
    [(label, words, href)] = meant(client, q=typed)
    assert (label, words) == ("Кто отвечал", "Ирина Смирнова — 2 заявки")
    page = client.get("/portal/search/" + href).content.decode().replace("\xa0", " ")
    assert "Найдены 2 заявки" in page


def test_who_answers_and_has_written_nothing_yet_is_offered(world, as_, ira):
    """As the client sees it: the one who is responsible, else the owner; not the owner behind one who is."""
    vera = accounts.create_person("agent", "Вера Белозёрова", login="vera", roles=list(world.alice.roles.all()),
                                  address="vera@example.com")  # fmt: skip
    mine, other, strange = world.ticket(), world.ticket(), world.ticket(world.dave)
    for ticket in (mine, strange):
        actions.set_responsible(ticket.pk, by=Actor(world.alice.pk), to_id=vera.pk)
    actions.give(other.pk, by=Actor(world.alice.pk), to_id=vera.pk)
    actions.set_responsible(other.pk, by=Actor(world.alice.pk), to_id=ira.pk)
    client = as_(world.carol)
    [(label, words, href)] = meant(client, q="белозеровой")
    assert (label, words) == ("Отвечает", "Вера Белозёрова — 1 заявка")
    page = client.get("/portal/search/" + href).content.decode().replace("\xa0", " ")
    assert "Найдена 1 заявка" in page and mine.number in page and other.number not in page
    assert not meant(client, q="белозерова", handler="Смирнова")


def test_other_words_and_conditions_stay(world, as_, ira):
    client = as_(world.carol)
    [(_, words, href)] = meant(client, q="страница Смирновой", priority="3")
    assert words == "Ирина Смирнова, со словами «страница»"
    assert "q=%D1%81%D1%82%D1%80%D0%B0%D0%BD%D0%B8%D1%86%D0%B0" in href and "priority=3" in href


@pytest.mark.parametrize("typed", ["Агентовой", "мир", "нов", "-Смирнова", "123", "", "!", "ошибка"])
def test_who_has_answered_nothing_and_parts_of_names_are_not_offered(world, as_, ira, typed):
    assert not meant(as_(world.carol), q=typed)


def test_colleagues_are_offered_as_authors_and_observers_of_what_one_sees(world, as_):
    ticket = world.ticket(world.dora)
    world.ticket(world.carol)
    actions.add_observer(ticket.pk, by=Actor(world.dora.pk), person_id=world.carol.pk)
    client = as_(world.carol)
    assert [one[:2] for one in meant(client, q="Dora")] == [("Автор", "Dora Клиентова — 1 заявка")]
    assert {one[:2] for one in meant(client, q="Carol")} == {
        ("Автор", "Carol Клиентова — 1 заявка"), ("Наблюдатель", "Carol Клиентова — 1 заявка"),
    }  # fmt: skip
    assert not meant(client, q="Dave")
    href = next(one[2] for one in meant(client, q="Carol") if one[0] == "Наблюдатель")
    page = client.get("/portal/search/" + href).content.decode().replace("\xa0", " ")
    assert "Найдена 1 заявка" in page and "наблюдатель" in page


def test_a_colleague_whose_requests_one_does_not_see_is_none(world, as_):
    world.ticket(world.carol)
    assert not meant(as_(world.dora), q="Carol")


def test_names_take_one_statement(world, as_, ira):
    client = as_(world.carol)
    for query in ("белая страница", "страница Смирновой", "Carol", "500", "!"):
        taken = statements_of(client, f"/portal/search/?q={quote(query)}")
        assert sum("'staff'" in one for one in taken) == any(sign.isalpha() for sign in query), query

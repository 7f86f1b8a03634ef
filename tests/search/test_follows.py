"""The index follows a request whose subject or client changes: as if it had been written so from the beginning."""

import pytest
from django.db import connection

from helpdesk.core.richtext import from_plain
from helpdesk.search import index
from helpdesk.search import queries as search
from helpdesk.search.results import SearchRequest
from helpdesk.tickets import actions
from tests.factories import actor_of, open_request, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(own_files):
    return world()


def found(person, words):
    return [hit.line.number for hit in search.find(actor_of(person), SearchRequest(words)).items]


def rows():
    """What the index holds, but for where words stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ticket_id, article_id, company, title, (SELECT array_agg((x.lexeme, x.weights)::text ORDER BY x.lexeme)"
            " FROM unnest(vector) x) FROM search_entry ORDER BY 1, 2 NULLS FIRST"
        )
        return cursor.fetchall()


def test_the_subject_is_found_by_its_new_words_alone(cast):
    ticket = open_request(cast.carol, cast.queue, subject="Квитанция за март")
    actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("Смотрим начисления"))
    actions.set_subject(ticket.pk, by=actor_of(cast.alice), to="Перерасчёт за апрель")
    for person in (cast.alice, cast.carol):
        assert found(person, "перерасчет") == [ticket.number]
        assert found(person, "квитанция") == []
    assert found(cast.alice, "начисления апрель") == [ticket.number]
    kept = rows()
    index.rebuild()
    assert rows() == kept


def test_the_new_client_finds_it_and_the_former_one_does_not(cast):
    ticket = open_request(cast.carol, cast.queue, subject="Квитанция за март")
    actions.change_client(ticket.pk, by=actor_of(cast.alice), person_id=cast.dave.pk, company_id=cast.other.pk)
    assert (found(cast.dave, "квитанция"), found(cast.carol, "квитанция")) == ([ticket.number], [])
    kept = rows()
    index.rebuild()
    assert rows() == kept

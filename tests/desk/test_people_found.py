"""Search for a client's name: their requests are one click away, whatever the texts hold."""

import pytest

from tests.desk.conftest import plain

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("words", ["иной", "Иной", "ИНОЙ давид", "дав", "Давид Иной"])
def test_a_clients_name_leads_to_all_their_requests(world, as_, words):
    world.ticket(author=world.dave)
    client = as_(world.alice)
    page = plain(client.get("/desk/search/", {"q": words}))
    assert "Клиенты с таким именем:" in page and world.dave.name in page
    answer = client.get("/desk/", {"view": "all", "client": world.dave.name})
    assert plain(answer).count("/desk/tickets/") >= 1


@pytest.mark.parametrize("words", ["нетакого", "и", "100", "%", "иной_", "а б в г д е ж", "' OR 1=1"])
def test_other_words_name_nobody(world, as_, words):
    world.ticket(author=world.dave)
    page = plain(as_(world.alice).get("/desk/search/", {"q": words}))
    assert "Клиенты с таким именем:" not in page or words == "иной_"


def test_a_client_without_open_requests_is_not_said_to_have_none(world, as_):
    page = plain(as_(world.alice).get("/desk/", {"client": world.dave.name}))
    assert "Показать все его заявки" in page and "сюда не писал" not in page

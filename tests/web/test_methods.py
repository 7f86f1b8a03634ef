"""Who opens an address of forms alone reads why nothing happened, and finds the way back."""

import pytest

from helpdesk.web.methods import way_back
from tests.portal.conftest import World

PAGE = {"accept": "text/html,*/*"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title", "link"),
    [("ru", "Сюда ничего не отправлено", "Открыть страницу"), ("en", "Nothing was sent here", "Open the page")],
)
def test_a_page_in_the_readers_language_with_a_way_back(client, language, title, link):
    world = World()
    client.force_login(world.alice, backend="helpdesk.accounts.backends.LoginOrAddress")
    number = world.ticket(world.carol).number
    type(world.alice).objects.filter(pk=world.alice.pk).update(language=language)
    answer = client.get(f"/desk/tickets/{number}/close/", headers={**PAGE, "accept-language": language})
    text = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert answer["Cache-Control"] == "no-store"
    assert f"<h1>{title}</h1>".replace(" ", "") in text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "")
    assert f'href="/desk/tickets/{number}/"' in text
    assert link.split()[0] in text
    assert "Content-Security-Policy" in answer.headers


@pytest.mark.django_db
@pytest.mark.parametrize(
    "given", [{"headers": {"accept": "application/json"}}, {"headers": {**PAGE, "hx-request": "true"}}, {}]
)
def test_programs_get_the_bare_status(client, given):
    answer = client.get("/desk/uploads/1/drop/", **given)
    assert (answer.status_code, answer.content) == (405, b"")
    assert client.post("/healthz", headers=PAGE).content == b""


@pytest.mark.django_db
def test_signed_out_it_leads_to_the_start(client):
    answer = client.get("/__ui__/upload/", headers={**PAGE, "accept-language": "en"})
    assert answer.status_code == 405
    assert 'href="/"' in answer.content.decode()


def test_way_back_is_the_nearest_page_above():
    assert way_back("/desk/tickets/100001/close/") == "/desk/tickets/100001/"
    assert way_back("/desk/uploads/5/drop/") == "/desk/"
    assert way_back("/portal/uploads/key/") == "/portal/"
    assert way_back("/healthz") == ""

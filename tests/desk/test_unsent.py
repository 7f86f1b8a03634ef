import re
from urllib.parse import parse_qs, urlsplit

import pytest

from helpdesk.accounts.models import Role
from helpdesk.tickets.actions import move
from helpdesk.tickets.models import Article, Grant, Right, TicketEvent
from tests.desk.conftest import address, plain
from tests.portal.test_unsent import given_back


def reads(world, person, queue):
    Grant.objects.create(role=Role.objects.get(code=person.login), queue=queue, right=Right.READ)


@pytest.mark.parametrize("kind", ["answer", "note"])
def test_text_stands_on_the_page_of_a_request_that_may_only_be_read_now(world, as_, kind):
    reads(world, world.alice, world.cash)
    ticket = world.ticket()
    move(ticket.pk, by=world.by(world.ada), to_queue_id=world.cash.pk)
    answer = as_(world.alice).post(address(ticket), {"body": "Долгий ответ", "kind": kind, "form_key": "1"})
    assert answer.status_code == 403 and given_back(answer) == "Долгий ответ"
    assert ticket.subject in plain(answer) and 'class="d-dock"' not in plain(answer)
    assert Article.objects.filter(ticket=ticket, sender="agent").count() == 0


def test_text_stays_in_the_box_where_a_note_may_still_be_written(world, as_):
    reads(world, world.alice, world.cash)
    Grant.objects.create(role=Role.objects.get(code="alice"), queue=world.cash, right=Right.NOTE)
    ticket = world.ticket()
    move(ticket.pk, by=world.by(world.ada), to_queue_id=world.cash.pk)
    answer = as_(world.alice).post(address(ticket), {"body": "Долгий ответ", "kind": "answer", "form_key": "1"})
    assert answer.status_code == 403 and given_back(answer) is None
    assert plain(answer).count("Долгий ответ") == 1 and 'class="d-dock"' in plain(answer)


def unnumbered(answer):
    """A page without the number of the draft that the text is now."""
    return re.sub(r"/drafts/\d+/", "/drafts/", plain(answer))


def test_text_is_given_back_where_the_request_went_out_of_sight(world, as_):
    ticket = world.ticket(subject="Тайна")
    move(ticket.pk, by=world.by(world.ada), to_queue_id=world.cash.pk)
    client = as_(world.alice)
    for part, typed in (
        ("", {"body": "<p>Долгий <b>ответ</b></p>", "body_format": "html"}),
        ("state", {"why": "Долгий ответ"}),
    ):
        hidden = client.post(address(ticket, part), typed | {"state": "open"})
        absent = client.post(f"/desk/tickets/2020010110000001/{part and part + '/'}", typed | {"state": "open"})
        assert hidden.status_code == absent.status_code == 404
        assert given_back(hidden) == "Долгий ответ" and "Тайна" not in plain(hidden)
        assert unnumbered(hidden) == unnumbered(absent)


def test_reason_typed_in_the_panel_stands_on_the_page_of_a_refusal(world, as_):
    ticket = world.ticket()
    answer = as_(world.rita).post(address(ticket, "state"), {"state": "open", "why": "Потому что так"})
    assert answer.status_code == 403 and given_back(answer) == "Потому что так" and ticket.subject in plain(answer)
    assert not TicketEvent.objects.filter(ticket=ticket, verb="state_set").exists()


def expired(world, client, ticket, part, **typed):
    """What is posted from the request's page after the session has ended; gives the page after the next sign-in."""
    page = client.get(address(ticket)).content.decode()
    form = re.search(rf'<form[^>]*action="{address(ticket, part)}".*?</form>', page, re.DOTALL).group(0)
    typed["writer"] = re.search(r'name="writer" value="([^"]+)"', form).group(1)
    client.logout()
    sent = client.post(address(ticket, part), typed, headers={"Referer": f"http://testserver{address(ticket)}"})
    return parse_qs(urlsplit(sent.url).query)["next"][0]


def test_reason_of_an_expired_session_is_back_in_the_panel(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    to = expired(world, client, ticket, "state", state="review", why="Потому что так")
    answer = as_(world.alice).get(to, follow=True)
    page = plain(answer)
    assert (
        answer.redirect_chain == [(address(ticket), 302)]
        and ticket.subject in page
        and "Сеанс прервался или страница устарела. Изменение не сделано" in page
    )
    assert re.search(r'<details class="pfold" open><summary[^>]*>\s*<span class="lab">Состояние', page)
    assert 'name="why" value="Потому что так"' in page and '<option value="review" selected>' in page
    assert client.get(to).status_code == 405  # given back once
    assert "Потому что так" not in plain(client.get(address(ticket)))
    ticket.refresh_from_db()
    assert ticket.state_id == "new"


def test_choice_of_an_expired_session_is_said_not_to_be_done(world, as_):
    ticket = world.ticket()
    client = as_(world.alice)
    to = expired(world, client, ticket, "take")
    answer = as_(world.alice).get(to, follow=True)
    assert answer.redirect_chain == [(address(ticket), 302)] and "Не сделано: сеанс прервался" in plain(answer)
    ticket.refresh_from_db()
    assert ticket.owner_id is None


def test_other_person_after_an_expired_session_gets_nothing_of_it(world, as_):
    ticket = world.ticket()
    to = expired(world, as_(world.alice), ticket, "state", state="review", why="Потому что так")
    assert "Потому" not in plain(as_(world.anna).get(to, follow=True))


def test_form_without_a_mark_leads_to_the_request_after_the_sign_in(world, client):
    ticket = world.ticket()
    sent = client.post(address(ticket, "state"), {"state": "open", "why": "п"})
    assert parse_qs(urlsplit(sent.url).query)["next"] == [address(ticket)]

import re

import pytest

from helpdesk.tickets.models import Draft, Ticket

NEW, SAVE = "/portal/new/", "/portal/drafts/save/"
pytestmark = pytest.mark.django_db


def filled(world, **more):
    return {"queue": world.errors.pk, "subject": "Не печатаются квитанции за май", "body": "Текст", "priority": "3", "offers": "1",
            "form_key": "k1", **more}  # fmt: skip


def text(answer):
    return answer.content.decode().replace("\xa0", " ")


def test_an_open_request_like_it_is_offered_once_and_the_second_press_sends(world, as_):
    ticket, client = world.ticket(subject="Не печатаются квитанции за апрель"), as_(world.carol)
    answer = client.post(NEW, filled(world))
    page = text(answer)
    assert answer.status_code == 200 and "об этом уже спрашивали. Заявка пока не отправлена" in page
    assert f'href="/portal/tickets/{ticket.number}/"' in page and "Отправить как новую" in page
    assert 'value="Не печатаются квитанции за май"' in page and Draft.objects.exists()
    shown = re.search(r'name="similar" value="([^"]*)"', page).group(1)
    assert shown == ticket.number
    assert client.post(NEW, filled(world, similar=shown)).status_code == 302
    assert Ticket.objects.count() == 2 and not Draft.objects.exists()


def test_the_same_form_again_is_not_asked_about_its_own_request(world, as_):
    client = as_(world.carol)
    first, second = client.post(NEW, filled(world)), client.post(NEW, filled(world))
    assert (first.status_code, second.status_code, second.url) == (302, 302, first.url)
    assert Ticket.objects.count() == 1


def test_what_came_meanwhile_is_asked_about_again(world, as_):
    ticket, client = world.ticket(subject="Не печатаются квитанции за апрель"), as_(world.carol)
    world.ticket(world.dora, subject="Не печатаются квитанции за май")
    assert client.post(NEW, filled(world, similar=ticket.number)).status_code == 200


@pytest.mark.parametrize("save", [True, False])
def test_the_offer_says_where_the_account_is_the_same(world, as_, save):
    world.ticket(subject="Совсем другое, ЛС 0450018812")
    typed = filled(world, subject="Вопрос", field_account="0450 018 812")
    answer = as_(world.carol).post(SAVE if save else NEW, typed)
    page = answer.json()["similar"].replace("\xa0", " ") if save else text(answer)
    assert "тот же лицевой счёт · " in page
    world.ticket(subject="Не печатаются квитанции за апрель")
    page = as_(world.carol).post(SAVE, filled(world, form_key="k2")).json()["similar"].replace("\xa0", " ")
    assert "квитанции за апрель" in page and "тот же лицевой счёт" not in page


def test_others_see_nothing_of_it(world, as_):
    world.ticket(subject="Не печатаются квитанции за апрель")
    assert as_(world.dave).post(SAVE, filled(world)).json()["similar"] == ""
    assert as_(world.dave).post(NEW, filled(world)).status_code == 302


def test_it_is_offered_while_one_types(world, as_):
    ticket = world.ticket(subject="Не печатаются квитанции за апрель")
    page = as_(world.carol).post(SAVE, filled(world)).json()["similar"].replace("\xa0", " ")
    assert "об этом уже спрашивали" in page and f'value="{ticket.number}"' in page


@pytest.mark.parametrize("bad", [{"subject": "\0"}, {"subject": "я" * 5000}, {"company": "x"}, {"company": "9" * 30},
                                 {"field_account": "1 " * 5000}, {"similar": "'; --"}, {}])  # fmt: skip
def test_bad_input_breaks_nothing(world, as_, bad):
    assert as_(world.carol).post(SAVE, filled(world, **bad)).status_code == 200
    assert as_(world.carol).post(NEW, filled(world, **bad)).status_code in {200, 302, 422}


def test_a_bare_form_of_a_program_is_answered_at_once(world, as_):
    client = as_(world.carol)
    for key in ("k1", "k2"):
        assert (
            client.post(NEW, filled(world, form_key=key, offers="", subject=f"Квитанции за май {key}")).status_code
            == 302
        )

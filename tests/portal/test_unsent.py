import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.accounts.models import Membership, Person
from helpdesk.core.actor import Actor
from helpdesk.tickets.actions import close
from helpdesk.tickets.models import Article, Queue

TYPED = "Нет, <b>не решено</b> & нет"


def given_back(answer):
    """What stands in the read-only text area; None where there is none."""
    found = re.search(
        r'<textarea[^>]* id="unsent"[^>]* readonly>\n(.*?)</textarea>', answer.content.decode(), re.DOTALL
    )
    return found and found.group(1)


def plain(answer):
    return answer.content.decode().replace("\xa0", " ")


def shut(world, ticket):
    Queue.objects.filter(pk=world.errors.pk).update(follow_up=Queue.FollowUp.REFUSE)
    close(ticket.pk, by=Actor(world.alice.pk))


def test_text_of_a_refused_answer_stands_on_the_requests_page(world, as_):
    ticket = world.ticket()
    shut(world, ticket)
    chosen = SimpleUploadedFile("акт.pdf", b"%PDF")
    answer = as_(world.carol).post(
        f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1", "attachments": chosen}
    )
    page = plain(answer)
    assert answer.status_code == 403 and ticket.subject in page and 'class="thread"' in page
    assert given_back(answer) == "Нет, &lt;b&gt;не решено&lt;/b&gt; &amp; нет"
    assert "Ваш текст" in page and "акт.pdf" in page and 'role="alert"' in page
    assert Article.objects.filter(ticket=ticket, sender="client").count() == 1


def test_script_is_told_in_words_and_keeps_its_form(world, as_):
    ticket = world.ticket()
    shut(world, ticket)
    answer = as_(world.carol).post(f"/portal/tickets/{ticket.number}/", {"body": TYPED, "form_key": "1"},
                                   headers={"HX-Request": "true"})  # fmt: skip
    assert (
        answer.status_code == 403
        and "<h1>На это у вас нет прав" in plain(answer)
        and ticket.subject not in plain(answer)
    )


@pytest.mark.parametrize(("language", "label"), [("ru", "Ваш текст"), ("en", "Your text")])
def test_text_for_an_invisible_request_is_given_back_and_nothing_of_it(world, as_, language, label):
    Person.objects.filter(pk=world.dave.pk).update(language=language)
    ticket = world.ticket(subject="Тайна")
    client = as_(world.dave)
    sent = {"body": TYPED, "form_key": "1"}
    foreign = client.post(f"/portal/tickets/{ticket.number}/", sent)
    absent = client.post("/portal/tickets/2020010110000001/", sent)
    assert foreign.status_code == absent.status_code == 404
    assert label in plain(foreign) and given_back(foreign).startswith("Нет,") and "Тайна" not in plain(foreign)
    assert plain(foreign) == plain(absent)
    assert given_back(client.post(f"/portal/tickets/{ticket.number}/", {"form_key": "2"})) is None


def test_new_request_of_somebody_who_may_no_longer_write_is_given_back(world, as_):
    Membership.objects.filter(person=world.carol).update(writes=False)
    answer = as_(world.carol).post(
        "/portal/new/", {"queue": world.errors.pk, "subject": "Тема А", "body": TYPED, "field_error_code": "E-7"}
    )
    assert answer.status_code == 403
    assert all(words in given_back(answer) for words in ("Тема А", "E-7", "не решено"))

"""The same form with files sent twice at once, as a browser without scripts does on a double click."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from helpdesk.tickets.models import Attachment, Ticket
from tests.factories import open_request, world
from tests.factories.sizes import rounds

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = rounds(6)
FILES = 8


def browser(person):
    found = Client()
    found.force_login(person, backend="helpdesk.accounts.backends.LoginOrAddress")
    return found


def twice(person, address, form):
    """The answers to the same form sent twice at once, each with files of its own."""

    def send(client):
        files = [SimpleUploadedFile(f"акт {n}.txt", b"text %d" % n) for n in range(FILES)]
        try:
            return client.post(address, {**form, "attachments": files})
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(send, [browser(person), browser(person)]))


def test_a_new_request_with_files_sent_twice_at_once_is_one_request_with_all_of_them():
    cast = world()
    for n in range(ROUNDS):
        form = {"queue": cast.queue.pk, "subject": f"Сальдо {n}", "body": "Не сходится", "priority": "3",
                "form_key": f"k{n}"}  # fmt: skip
        answers = twice(cast.carol, "/portal/new/", form)
        ticket = Ticket.objects.order_by("-pk")[0]
        assert [(a.status_code, a.url) for a in answers] == [(302, f"/portal/tickets/{ticket.number}/")] * 2
        assert Ticket.objects.count() == n + 1
        assert Attachment.objects.filter(article__ticket=ticket).count() == FILES


def test_an_answer_with_files_sent_twice_at_once_is_one_answer_with_all_of_them():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    for n in range(ROUNDS):
        address = f"/portal/tickets/{ticket.number}/"
        answers = twice(cast.carol, address, {"body": f"Ответ {n}", "form_key": f"a{n}"})
        assert [a.status_code for a in answers] == [302, 302]
        ticket.refresh_from_db()
        assert ticket.articles_count == n + 2
        assert Attachment.objects.filter(article__ticket=ticket).count() == FILES * (n + 1)

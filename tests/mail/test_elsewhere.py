"""Where this room's small desk must not be: no queue at all, and another world."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from helpdesk.accounts.actions import create_person
from helpdesk.mail import ingest
from helpdesk.mail.models import RawLetter
from tests.mail.conftest import letter
from tests.portal.conftest import World


def test_without_any_queue_the_letter_is_kept(db):
    outcome = ingest.receive(letter())
    assert outcome.outcome == "quarantined"
    assert RawLetter.objects.get().state == "failed"


@pytest.mark.parametrize("agents", [1, 20])
def test_statements_of_the_clients_form(db, client, agents):
    place = World()
    for n in range(agents - 1):
        create_person("agent", f"А {n}", login=f"a{n}", address=f"a{n}@example.com", roles=["support"])
    client.force_login(place.carol, backend="helpdesk.accounts.backends.LoginOrAddress")
    form = {"queue": place.errors.pk, "subject": "Ошибка", "body": "Текст", "priority": "3"}
    client.post("/portal/new/", {**form, "form_key": "first"})
    with CaptureQueriesContext(connection) as caught:
        assert client.post("/portal/new/", {**form, "subject": "Другая", "form_key": "second"}).status_code == 302
    assert (
        len(caught) <= 33
    )  # one of them asks who watches, one looks whether another device has gone on with the draft
    said = [one["sql"] for one in caught]
    assert len([sql for sql in said if "core_option" in sql and "mail." in sql]) == 1
    assert len([sql for sql in said if "mail_outgoingletter" in sql]) == 1
    assert len([sql for sql in said if "SELECT address FROM tickets_queue" in sql]) == 1

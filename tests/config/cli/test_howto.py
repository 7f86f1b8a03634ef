"""The page «Set up an empty installation by the command line», word by word, up to the first request answered."""

import re
import shlex
from pathlib import Path

import pytest
from django.test import Client

from helpdesk.accounts import actions
from helpdesk.accounts.queries import find_by_login
from helpdesk.config import cli
from helpdesk.tickets.models import Ticket

PAGE = Path(__file__).resolve().parents[3] / "docs" / "howto" / "empty-installation.md"
PASSWORD = "a-long-secret-1"


def commands():
    """The command lines of the page; serving and the doctor have tests of their own."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    run = [shlex.split(line) for line in lines if line.startswith(".venv/bin/helpdesk")]
    return [words[1:] for words in run if words[1] not in {"serve", "check"}]


@pytest.mark.django_db(transaction=True)
def test_empty_installation_set_up_by_the_page_takes_the_first_request(capsys):
    assert len(commands()) > 15
    for words in commands():
        assert cli.run(words) == 0, words
    for words in commands():  # a second time: what `set` and `grant` made stands, and nobody is made twice
        capsys.readouterr()
        assert cli.run(words) == (1 if words[0] == "user" else 0), words
        if words[1] == "set" and words[0] != "setting":
            assert capsys.readouterr().out.startswith("Nothing to change"), words
    for login in ("sokolova", "petrova"):
        actions.set_password(find_by_login(login), PASSWORD)

    client, agent = signed_in("sokolova"), signed_in("petrova")
    page = client.get("/portal/new/").content.decode()
    assert "Консультация" in page
    assert "Входящая почта" not in page
    queue = re.search(r'<option[^>]*value="([^"]+)"[^>]*>\s*Консультация', page).group(1)
    fields = {"queue": queue, "subject": "Первая заявка", "body": "Почему выросло отопление?", "priority": "3"}
    assert client.post("/portal/new/", {**fields, "field_topic": "charge"}).status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.company.short_name, ticket.fields["topic"]["value"]) == ("УК Заря", "charge")
    assert "Заявка № 100" in client.get(f"/portal/tickets/{ticket.number}/").content.decode().replace("\u00a0", " ")

    address = f"/desk/tickets/{ticket.number}/"
    assert "У поставщика" in agent.get(address).content.decode().replace("\u00a0", " ")
    answered = agent.post(address, {"body": "Спросили завод.", "next_state": "supplier"})
    assert answered.status_code == 302
    ticket.refresh_from_db()
    assert (ticket.state_id, ticket.waits_for, ticket.owner.login) == ("supplier", "nobody", "petrova")
    assert "Спросили завод." in client.get(f"/portal/tickets/{ticket.number}/").content.decode()


def signed_in(login):
    client = Client()
    assert client.post("/login/", {"login": login, "password": PASSWORD}).status_code == 302
    return client

"""Masters and settings from the command line."""

import pytest

from helpdesk.accounts import actions, queries
from helpdesk.config import cli
from helpdesk.tickets.models import Grant, Priority, Queue, State
from helpdesk.tickets.numbers import GENERATOR

pytestmark = pytest.mark.django_db


def test_queue_created_changed_and_off(capsys):
    create = ["queue", "create", "--key", "pumps", "--name-ru", "Насосы", "--name-en", "Pumps", "--not-for-clients"]
    assert cli.run([*create, "--follow-up", "new", "--address", "pumps@example.com"]) == 0
    queue = Queue.objects.get(key="pumps")
    assert (queue.path, queue.follow_up, queue.client_chooses) == (f"/{queue.pk}/", "new", False)
    assert cli.run(create) == 1
    assert "helpdesk: key: there is one of this key already" in capsys.readouterr().err
    assert cli.run(["queue", "set", "pumps", "--purpose-ru", "О насосах", "--for-clients"]) == 0
    assert cli.run(["queue", "create", "--key", "other", "--name-ru", "Прочее", "--name-en", "Other"]) == 0
    assert cli.run(["queue", "off", "pumps"]) == 0
    queue.refresh_from_db()
    assert (queue.purpose_ru, queue.client_chooses, queue.inactive_at is None) == ("О насосах", True, False)
    assert cli.run(["queue", "list"]) == 0
    assert "pumps\tНасосы\tPumps\tnew, pumps@example.com, off" in capsys.readouterr().out
    assert cli.run(["queue", "set", "valves", "--name-en", "Valves"]) == 1


def test_state_and_priority_names_and_hours(capsys):
    assert cli.run(["state", "set", "autoclose", "--client-name-ru", "Готово", "--closes-after", "48"]) == 0
    state = State.objects.get(code="autoclose")
    assert (state.client_name_ru, state.closes_after) == ("Готово", 48 * 3600)
    assert cli.run(["state", "set", "open", "--closes-after", "1"]) == 1
    assert cli.run(["priority", "set", "5", "--name-ru", "Авария", "--name-en", "Outage"]) == 0
    assert Priority.objects.get(rank=5).name_ru == "Авария"
    assert cli.run(["state", "list"]) == cli.run(["priority", "list"]) == 0
    assert "5\tАвария\tOutage" in capsys.readouterr().out


def test_setting_is_typed_and_refusals_say_what_is_accepted(capsys):
    assert cli.run(["setting", "set", "numbers.generator", "date"]) == 0
    assert GENERATOR.get() == "date"
    assert cli.run(["setting", "set", "numbers.generator", "odd"]) == 1
    assert "accepted are short, auto_increment, date" in capsys.readouterr().err
    assert cli.run(["setting", "set", "mail.from_name.ru", "Помощь"]) == 0
    assert cli.run(["setting", "get", "mail.from_name.ru"]) == 0
    assert capsys.readouterr().out.endswith("Помощь\n")
    assert cli.run(["setting", "set", "mail.from_name", "x"]) == cli.run(["setting", "get", "nothing"]) == 1
    assert cli.run(["setting", "list"]) == 0
    assert "access.text_ru = " in capsys.readouterr().out


def test_grant_and_first_administrator_has_every_right():
    actions.create_role("second", "Вторая", "Second")
    assert cli.run(["grant", "second", "--all", "read", "answer"]) == 0
    assert sorted(Grant.objects.filter(role__code="second").values_list("right", flat=True)) == ["answer", "read"]
    assert cli.run(["grant", "nobody", "--all", "read"]) == 1
    new = ["user", "create", "--kind", "admin", "--login", "root1", "--name", "Root", "--address", "root1@example.com"]
    assert cli.run([*new, "--invite"]) == 0
    person = queries.find_by_login("root1")
    assert Grant.objects.filter(role__in=person.roles.all(), queue=None, right="full").exists()
    assert cli.run(["user", "deactivate", "root1"]) == 1
    assert cli.run(["user", "create", "--kind", "admin", "--login", "root2", "--name", "Root"]) == 0
    assert cli.run(["user", "deactivate", "root1"]) == 0
    person.refresh_from_db()
    assert not person.is_active

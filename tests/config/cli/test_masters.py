"""Masters from the command line: each command makes, changes, does nothing a second time, and refuses in one line."""

import logging

import pytest
from django.db import transaction

from helpdesk.accounts.actions import create_person, create_role
from helpdesk.accounts.models import Company, Membership, Role
from helpdesk.config import cli
from helpdesk.core.actor import Actor
from helpdesk.core.errors import Invalid
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions.masters import put_priority, put_queue, switch_state
from helpdesk.tickets.models import Category, Grant, IntakeField, Queue, State

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """run("state", "set", …) → (exit code, standard output, standard error)."""

    def runs(*arguments):
        capsys.readouterr()
        code = cli.run([str(one) for one in arguments])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return runs


@pytest.fixture
def refused(run):
    """refused(…) → the line on standard error; nothing was said on standard output."""

    def runs(*arguments):
        code, out, err = run(*arguments)
        assert (code, out) == (1, "")
        assert err.startswith("helpdesk: ")
        assert err.count("\n") == 1
        return err.removeprefix("helpdesk: ").rstrip("\n")

    return runs


NEW_STATE = ("--name-ru", "У поставщика", "--name-en", "With the supplier", "--type", "pending")


class TestState:
    def test_made_changed_and_so_already(self, run):
        made = ("state", "set", "supplier", *NEW_STATE, "--waits-for", "nobody", "--client-name-ru", "В работе")
        assert run(*made)[:2] == (0, "Created the state supplier.\n")
        state = State.objects.get(code="supplier")
        assert (state.type, state.waits_for, state.client_name_ru) == ("pending", "nobody", "В работе")
        assert state.position > State.objects.get(code="removed").position
        assert run(*made)[:2] == (0, "Nothing to change: the state supplier is so already.\n")
        assert run("state", "set", "supplier", "--waits-for", "client", "--order", "4")[1] == (
            "Changed the state supplier: waits_for, position.\n"
        )
        listed = run("state", "list")[1]
        assert "supplier\tpending\tУ поставщика\tWith the supplier\tВ работе\t\twaits for client\n" in listed

    def test_that_closes_by_itself(self, run, refused):
        new = ("state", "set", "quiet", "--name-ru", "Тихо", "--name-en", "Quiet", "--type", "pending_auto")
        assert run(*new, "--closes-after", 72, "--closes-to", "closed_unsolved")[0] == 0
        state = State.objects.get(code="quiet")
        assert (state.closes_after, state.closes_to_id, state.waits_for) == (72 * 3600, "closed_unsolved", "nobody")
        assert refused("state", "set", "quiet", "--closes-after", 0) == "closes_after: must be given, and not be empty"
        assert refused("state", "set", "quiet", "--closes-after", 100_000).startswith("closes_after: accepted is ")
        assert "never closes by itself" in refused("state", "set", "open", "--closes-after", 3)
        assert refused("state", "set", "quiet", "--closes-to", "open") == (
            "closes_to: 'open' is no closed state in use"
        )
        assert refused("state", "set", "quiet", "--closes-to", "gone") == "closes_to: there is no 'gone'"
        assert refused("state", "off", "closed_unsolved") == (
            "code: 'closed_unsolved' cannot be switched off: quiet closes into it"
        )
        assert run("state", "set", "done", "--closes-after", 240)[0] == 0
        assert run("state", "set", "done", "--closes-after", 0)[0] == 0
        assert State.objects.get(code="done").closes_after is None

    def test_refused_where_the_code_would_not_know_it(self, refused, run):
        assert refused("state", "set", "half") == (
            "name_ru: must be given, and not be empty; name_en: must be given, and not be empty; "
            "type: must be given, and not be empty"
        )
        assert refused("state", "set", "два слова", *NEW_STATE).startswith("code: 'два слова': accepted are Latin")
        assert refused("state", "set", "closed", "--type", "open") == (
            "type: the type of 'closed' cannot be changed: the desk needs it as it is"
        )
        assert refused("state", "set", "closed", "--waits-for", "desk").startswith("waits_for: 'closed' ends the work")
        assert refused("state", "set", "open", "--name-ru", " ") == "name_ru: must be given, and not be empty"
        assert refused("state", "set", "open", "--name-en", "x" * 101) == "name_en: longer than 100 characters"
        assert refused("state", "off", "rework") == "code: 'rework' cannot be switched off: the desk sets it by itself"
        assert refused("state", "off", "nothing") == "code: there is no 'nothing'"
        assert not State.objects.filter(code="half").exists()
        with pytest.raises(SystemExit) as end:
            run("state", "set", "half", "--type", "removed")
        assert end.value.code == 2

    def test_type_stays_while_requests_stand_in_it(self, run, refused, request_of_client):
        run("state", "set", "supplier", *NEW_STATE)
        actions.set_state(request_of_client.ticket_id, by=Actor(None), to=actions.StateMove("supplier"))
        assert refused("state", "set", "supplier", "--type", "open") == (
            "type: 1 requests stand in it, so its type cannot be changed"
        )
        assert run("state", "set", "supplier", "--name-ru", "У завода")[0] == 0
        actions.set_state(request_of_client.ticket_id, by=Actor(None), to=actions.StateMove("open"))
        assert run("state", "set", "supplier", "--type", "open")[0] == 0

    def test_off_and_on(self, run):
        assert run("state", "off", "review")[:2] == (0, "The state review is off.\n")
        assert run("state", "off", "review")[:2] == (0, "The state review was off already.\n")
        assert "review\topen\tНа рассмотрении\tUnder review\t\t\twaits for desk, off" in run("state", "list")[1]
        assert run("state", "on", "review")[:2] == (0, "The state review is on.\n")
        assert State.objects.get(code="review").inactive_at is None


class TestPriority:
    def test_renamed_once(self, run, refused):
        rename = ("priority", "set", "5", "--name-ru", "Авария")
        assert run(*rename)[:2] == (0, "Changed the priority 5: name_ru.\n")
        assert run(*rename)[1] == "Nothing to change: the priority 5 is so already.\n"
        assert "5\tАвария\tUrgent\n" in run("priority", "list")[1]
        assert refused("priority", "set", "6", "--name-ru", "X") == "rank: there is no 6: accepted are 1 2 3 4 5"
        assert refused("priority", "set", "5", "--name-ru", "") == "name_ru: must be given, and not be empty"

    def test_off_is_offered_no_longer_and_kept_where_it_is(self, run, refused, request_of_client):
        ticket = request_of_client.ticket
        actions.set_priority(ticket.pk, by=Actor(None), to=5)
        assert run("priority", "off", "5")[:2] == (0, "The priority 5 is off.\n")
        assert run("priority", "off", "5")[:2] == (0, "The priority 5 was off already.\n")
        assert "5\tБезотлагательный\tUrgent\toff\n" in run("priority", "list")[1]
        actions.set_priority(ticket.pk, by=Actor(None), to=4)
        with pytest.raises(Invalid), transaction.atomic():
            actions.set_priority(ticket.pk, by=Actor(None), to=5)
        assert run("priority", "on", "5")[:2] == (0, "The priority 5 is on.\n")
        assert actions.set_priority(ticket.pk, by=Actor(None), to=5)
        assert refused("priority", "off", "3") == (
            "rank: 3 cannot be switched off: a request whose priority nobody names has it"
        )
        assert refused("priority", "off", "9") == "rank: there is no 9: accepted are 1 2 3 4 5"


class TestUser:
    def test_the_last_administrator_is_not_switched_off(self, run, refused):
        for login in ("root1", "root2"):
            assert run("user", "create", "--kind", "admin", "--login", login, "--name", "Root")[0] == 0
        assert run("user", "deactivate", "root1")[:2] == (0, "root1 is switched off.\n")
        assert refused("user", "deactivate", "root2") == (
            "person: nobody would be an administrator any more: first make somebody else one"
        )
        assert run("user", "deactivate", "root1")[:2] == (0, "root1 was off already.\n")


PUMPS = ("queue", "set", "pumps", "--name-ru", "Насосы", "--name-en", "Pumps")


class TestQueue:
    def test_made_changed_and_so_already(self, run):
        code, out, _ = run(*PUMPS, "--purpose-ru", "О насосах", "--guidance-ru", "Марка", "--guidance-ru", "Год")
        assert (code, out.splitlines()[0]) == (0, "Created the queue pumps.")
        assert "helpdesk role grant ROLE --queue pumps full" in out
        queue = Queue.objects.get(key="pumps")
        assert (queue.path, queue.guidance_ru, queue.client_chooses) == (f"/{queue.pk}/", ["Марка", "Год"], True)
        assert run(*PUMPS)[1] == "Nothing to change: the queue pumps is so already.\n"
        changed = run("queue", "set", "pumps", "--not-for-clients", "--order", "7", "--follow-up", "refuse")[1]
        assert changed == "Changed the queue pumps: follow_up, client_chooses, position.\n"
        assert "pumps\tНасосы\tPumps\tnot for clients, refuse\n" in run("queue", "list")[1]

    def test_tree_moves_and_closes_no_circle(self, run, refused):
        run(*PUMPS)
        run("queue", "set", "deep", "--name-ru", "Г", "--name-en", "D", "--parent", "pumps")
        run("queue", "set", "deeper", "--name-ru", "Г", "--name-en", "D", "--parent", "deep")
        run("queue", "set", "yard", "--name-ru", "Д", "--name-en", "Y")
        assert run("queue", "set", "deep", "--parent", "yard")[1] == "Changed the queue deep: parent.\n"
        assert run("queue", "set", "deep", "--parent", "yard")[1].startswith("Nothing to change")
        ids = {queue.key: queue.pk for queue in Queue.objects.all()}
        assert Queue.objects.get(key="deeper").path == f"/{ids['yard']}/{ids['deep']}/{ids['deeper']}/"
        assert refused("queue", "set", "yard", "--parent", "deeper") == (
            "parent: 'deeper' stands below it, so it cannot stand above"
        )
        assert refused("queue", "set", "yard", "--parent", "yard").startswith("parent: 'yard' stands below it")
        assert refused("queue", "off", "yard") == (
            "key: 'yard' cannot be switched off before what stands below it: deep"
        )
        assert run("queue", "set", "deep", "--parent", "")[0] == 0
        assert Queue.objects.get(key="deeper").path == f"/{ids['deep']}/{ids['deeper']}/"
        assert "deeper\tГ\tD\treopen, below deep" in run("queue", "list")[1]

    def test_address_leads_to_one_queue(self, run, refused):
        run(*PUMPS, "--address", "pumps@example.com")
        assert refused(
            "queue", "set", "yard", "--name-ru", "Д", "--name-en", "Y", "--address", "PUMPS@example.com"
        ) == ("address: 'PUMPS@example.com' is the address of the queue pumps already")
        assert refused("queue", "set", "pumps", "--address", "nowhere") == "address: 'nowhere' is no mail address"
        assert run("queue", "set", "pumps", "--address", "")[0] == 0
        assert run("queue", "set", "yard", "--name-ru", "Д", "--name-en", "Y", "--address", "pumps@example.com")[0] == 0

    def test_off_on_and_the_last_one_stays(self, run, refused):
        run(*PUMPS)
        assert refused("queue", "off", "pumps") == (
            "key: 'pumps' is the last queue in use and stays: new requests need one"
        )
        run("queue", "set", "yard", "--name-ru", "Д", "--name-en", "Y")
        assert run("queue", "off", "pumps")[1] == "The queue pumps is off.\n"
        assert run("queue", "off", "pumps")[1] == "The queue pumps was off already.\n"
        assert refused("queue", "set", "yard", "--parent", "pumps") == "parent: 'pumps' is switched off"
        assert run("queue", "on", "pumps")[:2] == (0, "The queue pumps is on.\n")
        assert refused("queue", "off", "gone") == "key: there is no 'gone'"
        assert refused("queue", "set", "gone", "--name-ru", "Х") == "name_en: must be given, and not be empty"
        assert refused("queue", "create", "--key", "pumps", "--name-ru", "Н", "--name-en", "P") == (
            "key: there is one of this key already: choose another, or change that one by set"
        )


FIELD = ("field", "set", "pumps", "kind", "--kind", "choice", "--label-ru", "Вид", "--label-en", "Kind")


class TestField:
    @pytest.fixture(autouse=True)
    def _pumps(self):
        put_queue("pumps", name_ru="Насосы", name_en="Pumps")

    def test_made_changed_and_so_already(self, run):
        choices = ("--choice", "old=Старый=Old", "--choice", "new=Новый=New")
        assert run(*FIELD, *choices)[:2] == (0, "Created the field kind of the queue pumps.\n")
        assert run(*FIELD, *choices)[1] == "Nothing to change: the field kind of the queue pumps is so already.\n"
        assert run("field", "set", "pumps", "kind", "--required", "--choice", "new=Новый=New")[0] == 0
        field = IntakeField.objects.get(key="kind")
        assert (field.choices, field.required, field.version) == ([["new", "Новый", "New"]], True, 2)
        run("field", "set", "pumps", "year", "--kind", "number", "--label-ru", "Год", "--label-en", "Year")
        listed = run("field", "list", "pumps")[1]
        assert listed == "pumps\tkind\tchoice\tВид\tKind\trequired, new\npumps\tyear\tnumber\tГод\tYear\n"
        assert run("field", "list")[1] == listed

    def test_refused(self, refused, run):
        assert refused(*FIELD) == "choices: must be given, and not be empty"
        assert refused(*FIELD, "--choice", "old=Старый").startswith("choices: each is VALUE=RUSSIAN=ENGLISH")
        assert refused(*FIELD, "--choice", "a=А=A", "--choice", "a=Б=B").startswith("choices: each is")
        text = ("field", "set", "pumps", "note", "--kind", "text", "--label-ru", "З", "--label-en", "N")
        assert refused(*text, "--choice", "a=А=A") == "choices: only a field of the kind choice has them, not text"
        assert refused("field", "set", "gone", "note") == "queue: there is no 'gone'"
        assert refused("field", "set", "pumps", "note").startswith("kind: must be given, and not be empty; label_en")
        assert refused("field", "off", "pumps", "note") == "key: there is no 'note'"
        assert not IntakeField.objects.exists()

    def test_off_and_on(self, run):
        run(*FIELD, "--choice", "a=А=A")
        assert run("field", "off", "pumps", "kind")[1] == "The field kind of the queue pumps is off.\n"
        assert run("field", "off", "pumps", "kind")[1] == "The field kind of the queue pumps was off already.\n"
        assert run("field", "on", "pumps", "kind")[1] == "The field kind of the queue pumps is on.\n"

    def test_one_that_depends_on_another(self, run, refused):
        run(*FIELD, "--choice", "a=А=A", "--choice", "b=Б=B")
        form = ("field", "set", "pumps", "act", "--kind", "file", "--label-ru", "Акт", "--label-en", "Act")
        assert run(*form, "--shown-when", "kind=a, b", "--required-when", "kind=a", "--blank", "access")[0] == 0
        act = IntakeField.objects.get(key="act")
        assert (act.shown_when, act.blank) == ({"field": "kind", "in": ["a", "b"]}, "access")
        assert "\tshown when kind=a,b, required when kind=a, access\n" in run("field", "list", "pumps")[1]
        assert refused("field", "off", "pumps", "kind") == "key: 'kind' is needed as it is by what depends on it: act"
        assert refused(*FIELD, "--choice", "b=Б=B").endswith("is needed as it is by what depends on it: act")
        assert refused(*form, "--shown-when", "kind").startswith("shown_when: give FIELD=VALUE,VALUE")
        assert refused(*form, "--shown-when", "year=1") == "shown_when: this queue asks for no field 'year'"
        assert refused(*form, "--blank", "gone") == "blank: there is no 'gone': accepted are training access"
        text = ("field", "set", "pumps", "note", "--kind", "text", "--label-ru", "З", "--label-en", "N")
        assert "groups (...|...) and ? * + {m,n}" in refused(*text, "--pattern", "^a")
        assert run(*form, "--shown-when", "", "--required-when", "", "--blank", "")[0] == 0
        assert run("field", "off", "pumps", "kind")[0] == 0

    def test_bounds(self, run, refused):
        form = ("field", "set", "pumps", "by", "--kind", "date", "--label-ru", "Срок", "--label-en", "By")
        assert run(*form, "--bound", "from=0", "--bound", "to=30")[0] == 0
        assert IntakeField.objects.get(key="by").bounds == {"from": 0, "to": 30}
        assert "\tfrom=0 to=30\n" in run("field", "list", "pumps")[1]
        assert refused(*form, "--bound", "longest=3").startswith("bounds: give NAME=NUMBER, names being from to")
        assert refused(*form, "--bound", "from").startswith("bounds: give NAME=NUMBER")
        assert refused(*form, "--bound", "from=1", "--bound", "to=0").startswith("bounds: the first that is allowed")
        assert run(*form, "--bound", "")[0] == 0
        assert IntakeField.objects.get(key="by").bounds == {}


class TestCategory:
    def test_tree(self, run, refused):
        for key, parent in (("water", ""), ("cold", "water"), ("frozen", "cold")):
            assert run("category", "set", key, "--name-ru", key, "--name-en", key, "--parent", parent)[0] == 0
        assert run("category", "set", "cold", "--name-ru", "Холодная")[1] == "Changed the category cold: name_ru.\n"
        assert run("category", "set", "cold", "--name-ru", "Холодная")[1].startswith("Nothing to change")
        assert "cold\tХолодная\tcold\tbelow water\n" in run("category", "list")[1]
        assert refused("category", "set", "water", "--parent", "frozen").startswith("parent: 'frozen' stands below it")
        assert refused("category", "set", "water", "--parent", "gone") == "parent: there is no 'gone'"
        assert refused("category", "set", "new") == (
            "name_en: must be given, and not be empty; name_ru: must be given, and not be empty"
        )
        assert refused("category", "off", "cold").endswith("before what stands below it: frozen")
        assert run("category", "off", "frozen")[1] == "The category frozen is off.\n"
        assert run("category", "off", "cold")[0] == 0
        assert run("category", "off", "cold")[1] == "The category cold was off already.\n"
        assert refused("category", "on", "frozen") == "key: 'frozen' cannot be switched on before the one above it"
        assert run("category", "on", "cold")[0] == run("category", "on", "frozen")[0] == 0
        assert refused("category", "off", "gone") == "key: there is no 'gone'"
        assert Category.objects.get(key="frozen").path.startswith(Category.objects.get(key="water").path)


class TestRole:
    def test_made_changed_and_so_already(self, run, refused):
        made = ("role", "set", "till", "--name-ru", "Кассы", "--name-en", "Tills", "--capability", "reports")
        assert run(*made)[:2] == (0, "Created the role till.\n")
        assert run(*made)[1] == "Nothing to change: the role till is so already.\n"
        assert run("role", "set", "till", "--no-capabilities")[1] == "Changed the role till: capabilities.\n"
        assert refused("role", "set", "half", "--name-ru", "П") == "name_en: must be given, and not be empty"
        with pytest.raises(SystemExit) as end:
            run(*made, "--capability", "fly")
        assert end.value.code == 2

    def test_rights_given_and_taken(self, run, refused):
        create_role("till", "Кассы", "Tills")
        put_queue("pumps", name_ru="Насосы", name_en="Pumps")
        grant = ("role", "grant", "till", "--queue", "pumps", "read", "answer", "note")
        assert run(*grant)[:2] == (0, "3 new rights for till.\n")
        assert run(*grant)[1] == "0 new rights for till.\n"
        assert run("role", "grant", "till", "--all", "read")[0] == 0
        assert run("role", "revoke", "till", "--queue", "pumps", "answer", "owner")[1] == "1 rights fewer for till.\n"
        assert run("role", "revoke", "till", "--queue", "pumps", "answer")[1] == "0 rights fewer for till.\n"
        assert set(Grant.objects.values_list("right", "queue__key")) == {
            ("note", "pumps"), ("read", "pumps"), ("read", None)
        }  # fmt: skip
        assert "till\tКассы\tTills\t\tpumps: read note; all queues: read\n" in run("role", "list")[1]
        assert refused("role", "grant", "gone", "--all", "read") == "role: there is no 'gone'"
        assert refused("role", "revoke", "till", "--queue", "gone", "read") == "queue: there is no 'gone'"
        for wrong in (("till", "read"), ("till", "--all", "fly"), ("till", "--all", "--queue", "pumps", "read")):
            with pytest.raises(SystemExit) as end:
                run("role", "grant", *wrong)
            assert end.value.code == 2

    def test_people(self, run, refused):
        create_role("till", "Кассы", "Tills")
        alice, bob = (create_person("agent", name, login=name) for name in ("alice", "bob"))
        create_person("client", "carol", login="carol")
        assert run("role", "give", "till", "alice", "bob")[1] == "alice has the role till.\nbob has the role till.\n"
        assert run("role", "give", "till", "alice")[1] == "alice has the role till, as before.\n"
        assert run("role", "take", "till", "bob")[1] == "bob has no longer the role till.\n"
        assert run("role", "take", "till", "bob")[1] == "bob has no longer the role till, as before.\n"
        assert refused("role", "give", "till", "bob", "carol").startswith("person: 'carol' is no agent")
        assert refused("role", "give", "till", "nobody") == "nobody has the login 'nobody'"
        assert refused("role", "give", "gone", "bob") == "role: there is no 'gone'"
        assert list(alice.roles.values_list("code", flat=True)) == ["till"]
        assert not bob.roles.exists()

    def test_last_administrator_stays_one(self, run, refused):
        chief = create_role("chief", "Админ", "Admin", capabilities=["administer"])
        create_person("agent", "alice", login="alice", roles=[chief])
        bob = create_person("agent", "bob", login="bob")
        last = "role: nobody would be an administrator any more: first make somebody else one"
        assert refused("role", "take", "chief", "alice") == last
        assert refused("role", "off", "chief") == last
        assert refused("role", "set", "chief", "--no-capabilities") == last
        assert run("role", "give", "chief", "bob")[0] == run("role", "take", "chief", "alice")[0] == 0
        assert bob.roles.filter(code="chief").exists()
        assert Role.objects.get(code="chief").capabilities == ["administer"]

    def test_off_and_on(self, run, refused):
        create_role("till", "Кассы", "Tills")
        assert run("role", "off", "till")[1] == "The role till is off.\n"
        assert run("role", "off", "till")[1] == "The role till was off already.\n"
        assert run("role", "on", "till")[1] == "The role till is on.\n"
        assert refused("role", "off", "gone") == "role: there is no 'gone'"


class TestCompanyAndMember:
    def test_company(self, run, refused):
        assert run("company", "set", "ООО «Липа»", "--short-name", "Липа")[:2] == (0, "Created the company Липа.\n")
        assert run("company", "set", "Липа")[1] == "Nothing to change: the company Липа is so already.\n"
        assert run("company", "set", "Липа", "--short-name", "УК Липа")[0] == 0
        company = Company.objects.get()
        assert (company.name, company.short_name) == ("ООО «Липа»", "УК Липа")
        assert f"{company.pk}\tУК Липа\tООО «Липа»\n" in run("company", "list")[1]
        assert refused("company", "set", "УК Липа", "--name", " ") == "name: must be given, and not be empty"
        assert run("company", "off", company.pk)[1] == "The company УК Липа is off.\n"
        assert run("company", "off", "УК Липа")[1] == "The company УК Липа was off already.\n"
        assert run("company", "on", "УК Липа")[1] == "The company УК Липа is on.\n"
        assert refused("company", "off", "Дуб") == "there is no company 'Дуб': see helpdesk company list"
        run("company", "set", "Дуб")
        run("company", "set", "Дуб", "--name", "УК Липа")
        assert refused("company", "set", "УК Липа").startswith("company: several companies are called 'УК Липа'")

    def test_member(self, run, refused):
        run("company", "set", "Липа")
        create_person("client", "Carol", login="carol")
        create_person("agent", "alice", login="alice")
        made = ("member", "set", "carol", "Липа", "--sees", "company", "--reads")
        assert run(*made)[:2] == (0, "Created the membership of carol in Липа.\n")
        assert run(*made)[1] == "Nothing to change: the membership of carol in Липа is so already.\n"
        assert run("member", "set", "carol", "Липа", "--writes", "--chief")[1] == (
            "Changed the membership of carol in Липа: writes, is_chief.\n"
        )
        shown = "carol\tCarol\tЛипа\tsees all of the company, writes, chief\n"
        assert run("member", "list")[1] == run("member", "list", "--company", "Липа", "--login", "carol")[1] == shown
        assert refused("member", "set", "alice", "Липа").startswith("person: 'alice' is no client")
        assert refused("member", "set", "nobody", "Липа") == "nobody has the login 'nobody'"
        assert run("member", "off", "carol", "Липа")[1] == "The membership of carol in Липа is off.\n"
        assert run("member", "off", "carol", "Липа")[1] == "The membership of carol in Липа was off already.\n"
        assert run("member", "set", "carol", "Липа")[1] == "Changed the membership of carol in Липа: inactive_at.\n"
        assert Membership.objects.get().sees == "company"
        run("company", "set", "Дуб")
        assert refused("member", "off", "carol", "Дуб") == "member: there is no 'carol'"

    def test_pair_of_options_is_wrong_usage_together(self, run):
        for wrong in (("--writes", "--reads"), ("--sees", "all")):
            with pytest.raises(SystemExit) as end:
                run("member", "set", "carol", "Липа", *wrong)
            assert end.value.code == 2


def test_a_change_stands_in_the_log_once_it_is_committed(caplog, django_capture_on_commit_callbacks):
    logging.getLogger("helpdesk.masters").setLevel("INFO")
    with django_capture_on_commit_callbacks(execute=True):
        put_priority(5, name_ru="Авария")
        put_priority(5, name_ru="Авария")
        switch_state("review", on=False)
        assert not caplog.records
    assert [record.getMessage() for record in caplog.records] == [
        "priority 5 changed: name_ru='Авария'",
        "state review switched off",
    ]


@pytest.fixture
def request_of_client():
    queue = put_queue("yard", name_ru="Двор", name_en="Yard").row
    client = create_person("client", "Carol", login="carol")
    return actions.open_ticket(by=Actor(client.pk), queue_id=queue.pk, subject="Вода", body=from_plain("Нет воды"))


class TestType:
    def test_types(self, run, refused):
        assert run("type", "set", "fault", "--name-ru", "Сбой", "--name-en", "Fault")[1] == "Created the type fault.\n"
        assert run("type", "set", "fault", "--name-en", "Failure")[1] == "Changed the type fault: name_en.\n"
        assert run("type", "off", "fault")[1] == "The type fault is off.\n"
        assert run("type", "list")[1] == "fault\tСбой\tFailure\toff\n"
        assert refused("type", "on", "gone") == "key: there is no 'gone'"

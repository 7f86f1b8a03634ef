"""Lists under a name: kept with their conditions, counted in the rail, shared without giving anything away."""

import re
from html import unescape

import pytest

from helpdesk.accounts.models import Role
from helpdesk.core import clock
from helpdesk.tickets import facts
from helpdesk.tickets.actions import set_priority, take
from helpdesk.tickets.models import SavedView
from tests.desk.conftest import numbers, plain
from tests.desk.test_lists import statements

URGENT = "/desk/?view=unassigned&priority=5"


def keep(client, name="Срочные", share="", address=URGENT):
    return client.post("/desk/views/new/", {"list": address, "name": name, "share": share})


def in_rail(client, path="/desk/queues/"):
    """The kept lists of the rail: name → (address, figure or None)."""
    page = client.get(path).content.decode()
    rail = page[page.index('class="d-rail__nav"') : page.index("</nav>", page.index('class="d-rail__nav"'))]
    found = re.findall(
        r'href="([^"]*)"[^>]*><svg[^>]*><use href="[^"]*#i-bookmark"/></svg><span class="label-cut">([^<]*)</span>'
        r'(?:<span class="count[^"]*">([^<]*)</span>)?', rail,
    )  # fmt: skip
    return {unescape(name): (unescape(href), int(count) if count else None) for href, name, count in found}


@pytest.fixture
def urgent(world):
    tickets = [world.ticket(subject=f"Срочно {at}") for at in range(3)]
    for ticket in tickets:
        set_priority(ticket.pk, by=world.by(world.alice), to=5)
    world.ticket(subject="Не срочно")
    return tickets


def test_a_list_is_kept_and_stands_in_the_rail_with_its_figure(world, as_, urgent):
    client = as_(world.alice)
    shown = client.get(URGENT).content.decode()
    assert re.search(r'href="/desk/views/new/\?list=[^"]*"', shown)
    answer = keep(client)
    assert answer.headers["Location"] == URGENT
    address, count = in_rail(client)["Срочные"]
    page = client.get(address)
    assert len(numbers(page)) == count == 3 and "<h1>Срочные</h1>" in plain(page)
    assert "/desk/views/new/" not in page.content.decode()  # it is kept already
    take(urgent[0].pk, by=world.by(world.alice))
    assert in_rail(client)["Срочные"][1] == 2


def test_what_is_in_the_rail_anyway_is_not_offered(world, as_):
    client = as_(world.alice)
    for path in ("/desk/?view=mine", f"/desk/?queue={world.errors.pk}", "/desk/search/"):
        assert "/desk/views/new/" not in client.get(path).content.decode()


def test_words_and_people_make_a_list_without_a_figure(world, as_, urgent):
    client = as_(world.alice)
    keep(client, "Клиента", address="/desk/?client=carol")
    assert in_rail(client)["Клиента"] == ("/desk/?client=carol", None)


@pytest.mark.parametrize("share", ["all", "role"])
def test_it_is_shared_and_everybody_sees_of_it_what_is_theirs(world, as_, urgent, share):
    shared = Role.objects.create(code="shift", name_ru="Смена", name_en="Shift")
    for person in (world.alice, world.bob):
        person.roles.add(shared)
    keep(as_(world.alice), share="all" if share == "all" else str(shared.pk))
    assert in_rail(as_(world.bob))["Срочные"][1] == 0  # the cash desks have none
    assert numbers(as_(world.bob).get(in_rail(as_(world.bob))["Срочные"][0])) == []
    assert ("Срочные" in in_rail(as_(world.anna))) == (share == "all")
    view = SavedView.objects.get()
    assert as_(world.bob).get(f"/desk/views/{view.pk}/").status_code == 404
    assert as_(world.bob).post(f"/desk/views/{view.pk}/", {"drop": "1"}).status_code == 404
    assert SavedView.objects.exists() and "поделился коллега" in plain(as_(world.bob).get("/desk/views/"))


def test_it_is_renamed_and_deleted_by_its_maker(world, as_, urgent):
    client = as_(world.alice)
    keep(client)
    view = SavedView.objects.get()
    page = client.get(f"/desk/views/{view.pk}/").content.decode()
    assert 'value="Срочные"' in page
    client.post(f"/desk/views/{view.pk}/", {"name": "Пожары", "share": "all"})
    assert list(in_rail(client)) == ["Пожары"] and SavedView.objects.get().is_shared
    client.post(f"/desk/views/{view.pk}/", {"drop": "1"})
    assert not in_rail(client)


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "СРОЧНЫЕ"])
def test_a_name_that_cannot_be_is_said_at_the_field(world, as_, name):
    client = as_(world.alice)
    keep(client)
    answer = keep(client, name, address="/desk/?priority=4")
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    assert SavedView.objects.count() == 1


def test_a_role_that_one_does_not_hold_is_no_choice(world, as_):
    foreign = Role.objects.get(code="bob")
    assert keep(as_(world.alice), share=str(foreign.pk)).status_code == 422


@pytest.mark.parametrize(
    "address", ["/desk/", "/desk/tickets/1/", "https://evil.example/desk/?view=all", "", "/desk/search/"]
)
def test_only_lists_are_kept(world, as_, address):
    assert keep(as_(world.alice), address=address).status_code == 404


def test_a_kept_list_that_names_what_is_gone_still_opens(world, as_):
    client = as_(world.alice)
    SavedView.objects.create(person=world.alice, name="Старый", created_at=clock.now(),
                             query="view=zzz&queue=999999&state=nosuch&company=12&tag=7")  # fmt: skip
    address, _ = in_rail(client)["Старый"]
    assert client.get(address).status_code == 200


def test_kept_lists_cost_no_statement(world, as_, urgent):
    client = as_(world.alice)
    without = len(statements(client, "/desk/?view=open"))
    for at in range(8):
        keep(client, f"Вид {at}", address=f"/desk/?priority={at % 5 + 1}&sort=recent")
    client.get("/desk/?view=open")  # what was done is told here
    facts._kept.clear()
    assert len(statements(client, "/desk/?view=open")) == without

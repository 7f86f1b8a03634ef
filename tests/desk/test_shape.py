"""Columns, groups and orders of a list."""

import re

import pytest

from helpdesk.core import clock
from helpdesk.desk import columns, filters, keyset
from helpdesk.desk.keyset import Place
from helpdesk.tickets.actions import set_priority, take
from helpdesk.tickets.models import SavedView
from tests.desk.conftest import link, numbers, plain


def heads(answer):
    """The columns of a list as its heads name them, without the ticks."""
    found = re.findall(r'<th class="c-(?!sel)[^>]*>(.*?)</th>', answer.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]*>", "", one).replace("\xa0", " ").strip() for one in found]


def groups(answer):
    return re.findall(r'scope="rowgroup">([^<]*)<', answer.content.decode())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("number,subject", ("number", "subject")),
        ("owner", ("subject", "owner")),
        ("nonsense,,subject,subject", ("subject",)),
        (",".join(columns.STANDARD), ()),
        ("\0" * 500, ()),
    ],
)
def test_columns_of_an_address(typed, read):
    assert columns.read(typed) == read


def test_a_list_has_the_columns_of_its_address(world, as_):
    ticket = world.ticket(subject="Пени")
    answer = as_(world.alice).get("/desk/?view=open&columns=queue,subject,client,responsible,type,created,last")
    assert heads(answer) == ["Очередь", "Тема", "Клиент", "Ответственный", "Тип", "Создана", "Последнее сообщение"]
    text = plain(answer)
    assert numbers(answer) == [ticket.number]
    assert ">Ошибка</td>" in text and f">{world.carol.name}</td>" in text


def test_columns_of_a_list_and_of_all_lists(world, as_):
    client, here = as_(world.alice), "/desk/?view=open&priority=3"
    world.ticket()
    page = plain(client.get("/desk/shape/", {"list": here}))
    assert "Столбцы и группы" in page and 'value="subject" checked' in page
    chosen = {
        "list": here,
        "show": ["owner", "number", "state"],
        "place_owner": "9",
        "place_number": "1",
        "place_state": "5",
    }
    answer = client.post("/desk/shape/", chosen)
    assert (
        "columns=subject%2Cnumber%2Cstate%2Cowner" in answer.headers["Location"]
        and "priority=3" in answer.headers["Location"]
    )
    assert heads(client.get(answer.headers["Location"])) == ["Тема", "№", "Состояние", "Исполнитель"]
    assert len(heads(client.get(here))) == len(columns.STANDARD)
    answer = client.post("/desk/shape/", chosen | {"usual": "1"})
    assert "columns" not in answer.headers["Location"]
    assert heads(client.get(here)) == ["Тема", "№", "Состояние", "Исполнитель"]
    assert len(heads(as_(world.anna).get("/desk/?view=open"))) == len(columns.STANDARD)  # hers are her own
    standard = {"list": here, "show": list(columns.STANDARD)} | {
        f"place_{code}": at for at, code in enumerate(columns.STANDARD)
    }
    answer = client.post("/desk/shape/", standard)  # this one list as it was
    assert len(heads(client.get(answer.headers["Location"]))) == len(columns.STANDARD)


def test_nothing_ticked_and_no_list(world, as_):
    client = as_(world.alice)
    answer = client.post(
        "/desk/shape/", {"list": "/desk/?view=open", "place_owner": "x" * 50, "group": "no", "sort": "no"}
    )
    assert answer.headers["Location"] == "/desk/?view=open"
    for given in ("", "/desk/search/?q=1", "https://evil.example/desk/?view=open", "/desk/tickets/1/"):
        assert client.get("/desk/shape/", {"list": given}).status_code == 404
        assert client.post("/desk/shape/", {"list": given}).status_code == 404


def test_groups_have_heads_and_each_request_stands_under_its_own(world, as_):
    by = world.by(world.alice)
    free, mine, urgent = (world.ticket(subject=f"{at}") for at in range(3))
    take(mine.pk, by=by)
    take(urgent.pk, by=by)
    set_priority(urgent.pk, by=by, to=5)
    client = as_(world.alice)
    answer = client.get("/desk/?view=open&group=owner&sort=old")
    assert groups(answer) == [world.alice.name, "Без\xa0исполнителя"]
    assert numbers(answer) == [mine.number, urgent.number, free.number]
    answer = client.get("/desk/?view=open&group=priority&sort=old")
    assert [name.split()[1].strip(",") for name in groups(answer)] == ["5", "3"]
    assert numbers(answer) == [urgent.number, free.number, mine.number]
    assert groups(client.get("/desk/?view=open&group=queue")) == ["Ошибка"]
    assert groups(client.get("/desk/?view=open&group=company")) == ["УК Заря"]
    assert groups(client.get("/desk/?view=open&group=state")) == ["Новая", "Открыта"]
    assert groups(client.get("/desk/?view=all&group=queue")) == []  # closed ones are too many to be gathered


def test_the_next_request_is_that_of_the_groups(world, as_):
    by = world.by(world.alice)
    free, mine, other = (world.ticket(subject=f"{at}") for at in range(3))
    take(mine.pk, by=by)
    take(other.pk, by=by)
    client, here = as_(world.alice), "/desk/?view=open&group=owner&sort=old"
    seen = numbers(client.get(here))
    assert seen == [mine.number, other.number, free.number]
    for at, step in [(0, "next"), (1, "next"), (2, "previous"), (1, "previous")]:
        answer = client.get(f"/desk/tickets/{seen[at]}/", {"list": here, "go": step})
        assert seen[at + (1 if step == "next" else -1)] in answer.headers["Location"]


def test_a_second_page_of_a_group_says_again_which_it_is(world, as_):
    for at in range(27):
        world.ticket(subject=f"{at}")
    first = as_(world.alice).get("/desk/?view=open&group=queue&sort=new")
    second = as_(world.alice).get(link(first, "next"))
    assert groups(first) == groups(second) == ["Ошибка"] and len(numbers(second)) == 2


def test_heads_lead_to_the_other_order(world, as_):
    world.ticket()
    client, here = as_(world.alice), "/desk/?view=open&columns=subject,created,last"
    text = plain(client.get(here))
    assert "sort=new" in text and "sort=last" in text and "aria-sort" not in text
    text = plain(client.get(f"{here}&sort=new"))
    assert 'aria-sort="descending"' in text and "sort=old" in text
    assert 'aria-sort="ascending"' in plain(client.get(f"{here}&sort=quiet"))


def test_a_kept_list_has_its_columns_and_groups(world, as_):
    world.ticket()
    client, here = as_(world.alice), "/desk/?group=owner&columns=subject%2Cqueue"
    assert "Сохранить вид" in plain(client.get(here))
    client.post("/desk/views/new/", {"list": here, "name": "По людям"})
    [kept] = SavedView.objects.all()
    answer = client.get(f"/desk/?{kept.query}")
    assert (
        "<h1>По людям</h1>" in plain(answer)
        and heads(answer) == ["Тема", "Очередь"]
        and groups(answer) == ["Без\xa0исполнителя"]
    )


def test_conditions_keep_how_a_list_is_shown(world, as_):
    page = plain(as_(world.alice).get("/desk/conditions/?view=open&group=owner&columns=subject&sort=old"))
    for name, value in {"group": "owner", "columns": "subject", "sort": "old"}.items():
        assert f'<input type="hidden" name="{name}" value="{value}">' in page
    assert filters.read({"group": "owner"}).address() == "/desk/?group=owner"


def test_places_in_groups_survive_their_text():
    place = Place(("смирнова анна 7", clock.now(), 5), 25)
    assert keyset.read(place.text(), "owner/recent") == place
    assert keyset.read(Place((None, clock.now(), 5), 1).text(), "owner/recent") is not None
    for wrong in (("a\0", clock.now(), 5), (7, clock.now(), 5)):
        assert keyset.read(Place(wrong, 1).text(), "owner/recent") is None

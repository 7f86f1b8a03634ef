"""One act upon many requests: each line is done, refused by name or taken back; nothing is done twice."""

import re
import threading
from html import unescape

import pytest
from django.db import connections

from helpdesk.core import jobs
from helpdesk.core.actor import Actor
from helpdesk.core.errors import NotAllowed, NotFound
from helpdesk.desk import bulk as offered
from helpdesk.tickets import many
from helpdesk.tickets.actions import bulk, set_priority
from helpdesk.tickets.models import Article, BulkAct, BulkLine, Grant, Link, Phase, Right, Ticket
from tests.desk.conftest import numbers, plain


def by(person):
    return Actor(person.pk)


@pytest.fixture
def three(world):
    return [world.ticket(subject=f"Заявка {at}") for at in range(3)]


def ids(tickets):
    return [ticket.pk for ticket in tickets]


def done(world, verb, tickets, person=None, **values):
    """The act as it stands when it is over."""
    person = person or world.alice
    act = bulk.begin(verb, ids(tickets), by=by(person), values=values, key=f"{verb}{len(values)}{person.pk}")
    return many.progress(by(person), act.pk)


VERBS = {
    "take": ({}, lambda world, ticket: ticket.owner_id == world.alice.pk),
    "owner": ({"owner": "anna"}, lambda world, ticket: ticket.owner_id == world.anna.pk),
    "responsible": ({"responsible": "anna"}, lambda world, ticket: ticket.responsible_id == world.anna.pk),
    "queue": ({"queue": "advice", "why": ""}, lambda world, ticket: ticket.queue_id == world.advice.pk),
    "state": ({"state": "review", "until": ""}, lambda world, ticket: ticket.state_id == "review"),
    "priority": ({"priority": 5}, lambda world, ticket: ticket.priority_id == 5),
    "category": ({"category": "category"}, lambda world, ticket: ticket.category_id == world.category.pk),
    "type": ({"type": "kind"}, lambda world, ticket: ticket.type_id == world.kind.pk),
    "tags": ({"tags": ["Тарифы"]}, lambda world, ticket: ticket.tagged.count() == 1),
    "note": ({"body": "Между нами"}, lambda world, ticket: ticket.articles.last().text == "Между нами"),
    "answer": ({"body": "Готово"}, lambda world, ticket: ticket.articles.last().visible_to_client),
    "watch": ({}, lambda world, ticket: ticket.participants.filter(person=world.alice, role="watcher").exists()),
    "merge": ({"into": "other"}, lambda world, ticket: ticket.phase == Phase.MERGED),
    "link": ({"to": "other"}, lambda world, ticket: ticket.links_in.count() + ticket.links_out.count() == 1),
    "remove": ({"why": "spam"}, lambda world, ticket: ticket.phase == Phase.REMOVED),
}


def values_of(world, verb):
    """What the verb is given, with names of the world as ids."""
    world.other_ticket = world.ticket(subject="Другая")
    known = {"anna": world.anna, "advice": world.advice, "category": world.category, "kind": world.kind,
             "other": world.other_ticket}  # fmt: skip
    given = VERBS[verb][0].items()
    return {name: known[value].pk if isinstance(value, str) and value in known else value for name, value in given}


STANDS = ("queue_id", "owner_id", "responsible_id", "state_id", "phase", "priority_id", "category_id", "type_id",
          "waits_for", "pending_until", "closed_at", "merged_into_id", "part_of_id")  # fmt: skip


def stand(ticket):
    row = Ticket.objects.get(pk=ticket.pk)
    watchers = sorted(row.participants.values_list("person_id", "role"))
    tags, ties = sorted(row.tagged.values_list("tag_id", flat=True)), Link.objects.filter(target=row).count()
    return [getattr(row, name) for name in STANDS], watchers, tags, ties


def test_every_verb_that_is_offered_has_a_row_here():
    assert {verb.code for verb in offered.verbs()} == set(VERBS) == set(bulk.DO)


@pytest.mark.parametrize("verb", VERBS)
def test_it_is_done_to_each_and_taken_back(world, three, verb):
    if verb == "queue":
        three = [world.ticket(subject=f"Счёт {at}") for at in range(3)]
    before = [stand(ticket) for ticket in three]
    progress = done(world, verb, three, **values_of(world, verb))
    assert (progress.done, progress.left, progress.is_over) == (3, 0, True), progress
    assert all(VERBS[verb][1](world, Ticket.objects.get(pk=ticket.pk)) for ticket in three)
    bulk.take_back(progress.id, by=by(world.alice))
    after = many.progress(by(world.alice), progress.id)
    if offered.is_undoable(verb):
        assert (after.undone, after.left) == (3, 0), after
        assert [stand(ticket) for ticket in three] == before
    else:
        assert (after.undone, after.left) == (0, 3) and all(one.why for one in after.refused)


@pytest.mark.parametrize("verb", VERBS)
def test_whoever_may_not_is_refused_by_name_and_the_rest_is_done(world, verb):
    """Rita only reads in «Ошибка»; in «Консультация» she may everything."""
    Grant.objects.create(role=world.rita.roles.get(), queue=world.advice, right=Right.FULL)
    Grant.objects.create(role=world.anna.roles.get(), queue=world.advice, right=Right.FULL)
    theirs = world.ticket(subject="Только читать")
    hers = world.ticket(subject="Своя", queue=world.advice, values={"period": "2026-10"})
    given = values_of(world, verb)
    if verb == "queue":
        given = {"queue": world.advice.pk, "why": ""}
    if verb in {"merge", "link"}:
        other = world.ticket(subject="Куда", queue=world.advice, values={"period": "2026-10"})
        given = dict.fromkeys(given, other.pk)
    progress = done(world, verb, [theirs, hers], person=world.rita, **given)
    if verb in {"watch", "link"}:  # whoever reads may watch; a link is made from the request that one may touch
        assert progress.left == 0
        return
    assert [(one.number, one.subject) for one in progress.refused] == [(theirs.number, "Только читать")]
    assert progress.refused[0].why.strip() not in {"", "invalid"}
    assert progress.done + progress.same == 1


def test_what_is_out_of_sight_is_neither_done_nor_named(world, three):
    hidden = world.ticket(subject="Касса КАНАРЕЙКА", queue=world.cash)
    progress = done(world, "priority", [*three, hidden], priority=5)
    assert (progress.done, progress.left) == (3, 1)
    assert [(one.number, one.subject) for one in progress.refused] == [("", "")]
    assert Ticket.objects.get(pk=hidden.pk).priority_id != 5


def test_what_stands_so_already_is_counted_apart(world, three):
    set_priority(three[0].pk, by=by(world.alice), to=5)
    progress = done(world, "priority", three, priority=5)
    assert (progress.done, progress.same, progress.left) == (2, 1, 0)
    assert offered.said(progress)


def test_what_has_gone_on_since_is_not_taken_back_and_named(world, three):
    progress = done(world, "priority", three, priority=5)
    set_priority(three[1].pk, by=by(world.anna), to=4)
    bulk.take_back(progress.id, by=by(world.alice))
    after = many.progress(by(world.alice), progress.id)
    assert (after.undone, after.left) == (2, 1)
    assert after.refused[0].number == three[1].number and "Анна" in after.refused[0].why
    assert Ticket.objects.get(pk=three[1].pk).priority_id == 4


def test_the_same_form_twice_is_one_act(world, three):
    first = bulk.begin("note", ids(three), by=by(world.alice), values={"body": "Раз"}, key="k")
    again = bulk.begin("note", ids(three), by=by(world.alice), values={"body": "Раз"}, key="k")
    assert first.pk == again.pk and Article.objects.filter(text="Раз").count() == 3
    assert bulk.begin("note", ids(three), by=by(world.anna), values={"body": "Раз"}, key="k").pk != first.pk


def test_many_are_done_by_the_worker_and_go_on_where_they_stopped(world, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    tickets = [world.ticket(subject=f"Заявка {at}") for at in range(4)]
    act = bulk.begin("note", ids(tickets), by=by(world.alice), values={"body": "Всем"}, key="k")
    assert many.progress(by(world.alice), act.pk).waiting == 4
    first = act.lines.order_by("position").first()
    bulk._step(first.pk, "waiting", lambda: bulk._do(act, first.ticket_id))  # a worker that then died
    jobs.run_waiting()
    progress = many.progress(by(world.alice), act.pk)
    assert (progress.done, progress.waiting) == (4, 0)
    assert Article.objects.filter(text="Всем").count() == 4


def test_what_is_taken_back_while_it_waits_is_never_done(world, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 2)
    tickets = [world.ticket(subject=f"Заявка {at}") for at in range(4)]
    act = bulk.begin("priority", ids(tickets), by=by(world.alice), values={"priority": 5}, key="k")
    bulk.take_back(act.pk, by=by(world.alice))
    jobs.run_waiting()
    progress = many.progress(by(world.alice), act.pk)
    assert (progress.done, progress.undone, progress.waiting, progress.is_over) == (0, 0, 4, True)
    assert not Ticket.objects.filter(priority_id=5).exists()


def test_a_right_taken_away_meanwhile_counts(world, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    tickets = [world.ticket(subject=f"Заявка {at}") for at in range(2)]
    act = bulk.begin("priority", ids(tickets), by=by(world.alice), values={"priority": 5}, key="k")
    Grant.objects.filter(role__code="alice", queue=world.errors).update(right=Right.READ)
    jobs.run_waiting()
    assert many.progress(by(world.alice), act.pk).left == 2


def test_nobody_else_looks_at_it_or_takes_it_back(world, three, client):
    progress = done(world, "priority", three, priority=5)
    assert many.progress(by(world.anna), progress.id) is None
    with pytest.raises(NotFound):
        bulk.take_back(progress.id, by=by(world.anna))
    with pytest.raises(NotAllowed):
        bulk.begin("priority", ids(three), by=by(world.carol), values={"priority": 5}, key="k")
    for verb, chosen in (("nonsense", three), ("take", [])):
        with pytest.raises(NotFound):
            bulk.begin(verb, ids(chosen), by=by(world.alice), values={}, key="k")


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_each_line_once(world, monkeypatch):
    monkeypatch.setattr(bulk, "AT_ONCE", 0)
    tickets = [world.ticket(subject=f"Заявка {at}") for at in range(6)]
    act = bulk.begin("note", ids(tickets), by=by(world.alice), values={"body": "Однажды"}, key="k")

    def work():
        try:
            bulk.go_on(act.pk)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Article.objects.filter(text="Однажды").count() == 6
    assert not BulkLine.objects.exclude(state="done").exists()


def press(client, verb, chosen=(), **more):
    return client.post("/desk/bulk/", {"do": verb, "ticket": [one.number for one in chosen], **more})


def asked(answer):
    """What the form that asks for more carries on."""
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.content.decode())
        if name in {"form_key", "do", "list", "all"}
    }


def test_chosen_rows_are_asked_about_and_changed_and_brought_back(world, three, as_):
    client = as_(world.alice)
    here = "/desk/?view=unassigned"
    page = press(client, "owner", three[:2], list=here)
    assert "2 заявки" in plain(page) and "Заявка 0" in plain(page) and "Заявка 2" not in plain(page)
    answer = client.post("/desk/bulk/", {**asked(page), "ticket": [one.number for one in three[:2]], "go": "1",
                                         "value": world.anna.pk})  # fmt: skip
    assert answer.headers["Location"] == here
    told = client.get(here)
    assert "Сделано в 2 заявках." in plain(told) and numbers(told) == [three[2].number]
    undo = re.search(r'action="(/desk/bulk/\d+/undo/)"', told.content.decode()).group(1)
    assert client.post(undo).headers["Location"] == here
    assert len(numbers(client.get(here))) == 3


def test_all_of_a_list_are_meant_whatever_narrows_it(world, as_):
    wanted = [world.ticket(subject=f"Сальдо {at}") for at in range(30)]
    world.ticket(subject="Другое", author=world.dave)
    client = as_(world.alice)
    for here in (
        f"/desk/?view=all&company={world.zarya.pk}",
        "/desk/search/?q=сальдо",
        "/desk/?view=all&client=carol",
    ):
        page = press(client, "priority", all="1", list=here)
        assert "30 заявок" in plain(page) and "и ещё 20" in plain(page), here
    assert asked(page)["all"] == "1" and asked(page)["list"] == here
    answer = client.post("/desk/bulk/", {**asked(page), "go": "1", "value": "5"})
    assert re.fullmatch(r"/desk/bulk/\d+/", answer.headers["Location"])
    waiting = client.get(answer.headers["Location"])
    assert "Осталось: 30." in plain(waiting) and waiting.headers["Refresh"]
    jobs.run_waiting()
    over = client.get(answer.headers["Location"])
    assert "Сделано в 30 заявках." in plain(over) and "Refresh" not in over.headers
    assert Ticket.objects.filter(priority_id=5).count() == len(wanted)


def test_refused_ones_are_named_with_the_reason(world, as_):
    Grant.objects.create(role=world.rita.roles.get(), queue=world.advice, right=Right.FULL)
    theirs = world.ticket(subject="Только читать")
    hers = world.ticket(subject="Своя", queue=world.advice, values={"period": "2026-10"})
    client = as_(world.rita)
    answer = press(client, "take", [theirs, hers])
    page = plain(client.get(answer.headers["Location"]))
    assert "Отказано: 1." in page and "Только читать" in page and "Вы не можете назначать" in page
    assert Ticket.objects.get(pk=hers.pk).owner_id == world.rita.pk


BAD = {
    "owner": {"value": "999999"}, "queue": {"value": "x"}, "state": {"value": "merged"}, "priority": {"value": "9"},
    "tags": {"value": " , "}, "note": {"body": "  "}, "answer": {"body": "x" * 20_001}, "merge": {"value": "999"},
    "link": {"value": ""}, "remove": {"value": "because"}, "category": {"value": "-1"},
}  # fmt: skip


@pytest.mark.parametrize("verb", BAD)
def test_what_cannot_be_is_said_at_its_field_and_nothing_done(world, three, as_, verb):
    answer = press(as_(world.alice), verb, three, go="1", form_key="k", **BAD[verb])
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.content.decode()
    assert not BulkAct.objects.exists()
    assert answer.content.decode().count('name="ticket"') == 3  # the choice stands


def test_a_reminder_needs_its_time(world, three, as_):
    client = as_(world.alice)
    assert press(client, "state", three, go="1", value="reminder").status_code == 422
    press(client, "state", three, go="1", value="reminder", until="2099-01-01T09:00")
    assert Ticket.objects.filter(state="reminder").count() == 3


def test_without_a_choice_it_says_what_to_do(world, as_):
    client = as_(world.alice)
    answer = press(client, "take", list="https://evil.example/")
    assert answer.headers["Location"] == "/desk/?view=open"
    assert "Сначала выберите заявки" in plain(client.get(answer.headers["Location"]))
    hidden = world.ticket(queue=world.cash)
    assert press(client, "take", [hidden]).headers["Location"] == "/desk/?view=open"
    assert press(client, "nonsense", [hidden]).status_code == 404


def test_the_page_of_an_act_is_its_makers(world, three, as_):
    act = bulk.begin("take", ids(three), by=by(world.alice), values={}, key="k")
    assert as_(world.alice).get(f"/desk/bulk/{act.pk}/").status_code == 200
    assert as_(world.anna).get(f"/desk/bulk/{act.pk}/").status_code == 404
    assert as_(world.anna).post(f"/desk/bulk/{act.pk}/undo/").status_code == 404
    assert Ticket.objects.filter(owner=world.alice).count() == 3


def test_rows_can_be_ticked_and_the_first_page_has_no_ticks(world, three, as_):
    client = as_(world.alice)
    page = client.get("/desk/?view=open").content.decode()
    assert page.count('form="bulk" name="ticket"') == 3 and 'action="/desk/bulk/"' in page
    assert 'name="ticket"' not in client.get("/desk/").content.decode()


@pytest.mark.parametrize("bad", ["\x00", "x" * 5000])
def test_what_no_row_can_hold_is_no_error(world, three, as_, bad):
    client = as_(world.alice)
    here = f"/desk/?view=open&q={bad}"
    assert client.post("/desk/bulk/", {"do": "take", "ticket": [bad, three[0].number], "list": here}).status_code == 302
    typed = {"do": "tags", "ticket": three[0].number, "list": here, "go": "1", "value": f"метка{bad}", "form_key": bad}
    assert client.post("/desk/bulk/", typed).status_code in {302, 422}
    assert client.post("/desk/bulk/", {"do": "take", "all": "1", "list": here}).status_code == 302
    assert client.post("/desk/bulk/", {"do": bad, "ticket": three[0].number}).status_code == 404
    given = {"list": here, "name": f"Вид{bad}", "share": bad}
    assert client.post("/desk/views/new/", given).status_code in {302, 404, 422}
    assert client.post("/desk/queues/own/", {"queue": bad, "own": bad}).status_code == 404
    assert client.get("/desk/fresh/", {"list": here, "since": bad}).status_code == 200

"""Duties against people, with real connections at the same time."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connections

from helpdesk.automation import blobs, duties
from helpdesk.core import clock, files
from helpdesk.core.db import entry
from helpdesk.core.models import Blob
from helpdesk.core.richtext import from_plain
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile, StateMove, close_due
from helpdesk.tickets.models import Ticket
from tests.factories import actor_of, open_request, world
from tests.factories.parallel import together
from tests.factories.sizes import rounds

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = rounds(10)


def test_automatic_closing_against_a_clients_answer_ends_well_in_either_order():
    cast = world()
    tickets = [open_request(cast.carol, cast.queue) for _ in range(ROUNDS)]
    for ticket in tickets:
        actions.reply(
            ticket.pk, by=actor_of(cast.alice), body=from_plain("Готово"), then=StateMove("autoclose"),
        )  # fmt: skip
    at = clock.now() + timedelta(hours=25)
    closed_first = 0
    for ticket in tickets:
        closing, answer = together(
            lambda pk=ticket.pk: close_due(pk, at=at),
            lambda pk=ticket.pk: actions.reply(pk, by=actor_of(cast.carol), body=from_plain("Нет"), at=at),
        )
        assert not isinstance(closing, Exception), closing
        assert not isinstance(answer, Exception), answer
        now = Ticket.objects.get(pk=ticket.pk)
        assert (now.state_id, now.phase, now.waits_for, now.pending_until, now.closed_at) == (
            "rework", "open", "desk", None, None,
        )  # fmt: skip
        verbs = list(now.events.order_by("seq").values_list("verb", "old", "new"))
        if closing is None:  # the answer came first, and nothing was closed
            assert verbs[-1] == ("replied", "autoclose", "rework")
            assert ("auto_closed", "autoclose", "closed") not in verbs
        else:
            closed_first += 1
            assert verbs[-2:] == [("auto_closed", "autoclose", "closed"), ("replied", "closed", "rework")]
        seqs = list(now.articles.order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, now.articles_count + 1))
    assert duties.run_due(at) == []


def test_two_workers_close_each_request_once():
    cast = world()
    for _ in range(8):
        ticket = open_request(cast.carol, cast.queue)
        actions.set_state(ticket.pk, by=actor_of(cast.alice), to=StateMove("autoclose"))
    at = clock.now() + timedelta(hours=25)
    done = []

    def work():
        try:
            done.append(duties.close_finished(at))
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(one.count for one in done) == 8
    assert [t.events.filter(verb="auto_closed").count() for t in Ticket.objects.all()] == [1] * 8


def test_one_request_that_fails_stops_no_other(monkeypatch):
    cast = world()
    made = [open_request(cast.carol, cast.queue) for _ in range(3)]
    for ticket in made:
        actions.set_state(ticket.pk, by=actor_of(cast.alice), to=StateMove("autoclose"))
    at = clock.now() + timedelta(hours=25)
    Ticket.objects.filter(pk=made[0].pk).update(articles_count=0)  # its next article's number is taken
    monkeypatch.setattr(duties, "BATCH", 1)
    assert str(duties.close_finished(at)) == f"closed by themselves: 2 ({made[1].number}, {made[2].number}; failed: 1)"


def old_content(content):
    stored = files.store(content)
    files.ensure_rows([stored])
    long_ago = clock.now() - timedelta(days=2)
    Blob.objects.filter(pk=stored.sha256).update(created_at=long_ago)
    os.utime(files.path_of(stored.sha256), (long_ago.timestamp(),) * 2)
    return stored


def test_every_reference_to_a_content_is_known():
    tables = {table for table, _ in blobs.referrers()}
    assert {"tickets_attachment", "tickets_stagedfile"} <= tables
    from django.apps import apps

    expected = {
        (model._meta.db_table, field.column)
        for model in apps.get_models()
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.model is Blob
    }
    assert set(blobs.referrers()) == expected


def test_a_content_that_somebody_is_about_to_refer_to_stays():
    """A writer has made the row young and not committed; the collector leaves it, and does not wait."""
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    stored = old_content(b"wanted")
    collected = []

    def collect():
        try:
            collected.append(blobs.collect(clock.now()))
        finally:
            connections.close_all()

    with entry():
        actions.reply(
            ticket.pk, by=actor_of(cast.carol), body=from_plain("файл"), attachments=[NewFile(stored, "a.txt")]
        )
        collector = threading.Thread(target=collect)
        collector.start()
        collector.join(20)
        assert collected == [(0, 0)]
    assert files.read(stored.sha256) == b"wanted"
    assert blobs.collect(clock.now()) == (0, 0)


def test_leftovers_without_a_row_go_when_they_are_old():
    at = clock.now()
    stored = files.store(b"of a transaction that failed")
    unfinished = files.root() / "new" / "unfinished"
    unfinished.write_bytes(b"half")
    assert all(blobs.collect(at + timedelta(hours=hour)) == (0, 0) for hour in range(23))
    counts = [blobs.collect(at + timedelta(days=2, hours=hour)) for hour in range(24)]
    assert sum(count for count, _ in counts) == 2
    assert not files.path_of(stored.sha256).exists()
    assert not unfinished.exists()


def test_collecting_against_writing_loses_no_content():
    cast = world()
    ticket = open_request(cast.carol, cast.queue)
    for n in range(15):
        stored = old_content(f"content {n}".encode())

        def write(n=n):
            with entry():
                again = files.store(f"content {n}".encode())
                actions.reply(
                    ticket.pk, by=actor_of(cast.carol), body=from_plain("файл"), attachments=[NewFile(again, "a.txt")]
                )
            connections.close_all()

        def collect():
            blobs.collect(clock.now())
            connections.close_all()

        acts = [threading.Thread(target=write), threading.Thread(target=collect)]
        for act in acts[:: 1 if n % 2 else -1]:
            act.start()
        for act in acts:
            act.join(30)
        assert files.read(stored.sha256) == f"content {n}".encode()
        assert Blob.objects.filter(pk=stored.sha256).exists()

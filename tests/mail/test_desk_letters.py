"""The desk's letters about a client's article: by a job, each once, whatever dies and whenever it runs."""

import threading

import pytest
from django.db import connections

from helpdesk.accounts.actions import create_person
from helpdesk.core import files, jobs
from helpdesk.core.actor import Actor, Cause
from helpdesk.core.richtext import from_plain
from helpdesk.mail import desk_letters, outbox, tasks, threads
from helpdesk.mail.models import OutgoingLetter
from helpdesk.notices.models import Notice
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewFile
from helpdesk.tickets.models import Participant, Ticket
from tests.mail.conftest import make_world, open_by

JOB = "mail.tell_desk"


def notices(**wanted):
    return list(OutgoingLetter.objects.filter(kind="notice", **wanted).order_by("pk"))


def more_agents(count):
    return [
        create_person("agent", f"Агент {n}", login=f"agent{n}", address=f"agent{n}@desk.example", roles=["support"])
        for n in range(count)
    ]


def test_act_queues_one_job_and_the_bell_rings_at_once(world):
    more_agents(3)
    ticket = open_by(world.carol, world.errors)
    assert notices() == []
    assert [job.arguments["article_id"] for job in jobs.waiting(JOB)] == [ticket.articles.get(seq=1).pk]
    assert Notice.objects.filter(kind="new_ticket").count() == 4
    jobs.run_waiting()
    assert len({one.address for one in notices()}) == len(notices()) == 4


def test_run_twice_writes_each_letter_once(world):
    ticket = open_by(world.carol, world.errors)
    article = ticket.articles.get(seq=1)
    for _ in range(3):
        tasks.tell_desk(article.pk)
    jobs.run_waiting()
    assert [one.address for one in notices()] == ["alice@desk.example"]


def test_killed_midway_leaves_nothing_and_writes_all_the_next_time(world, monkeypatch):
    more_agents(3)
    article = open_by(world.carol, world.errors).articles.get(seq=1)
    with monkeypatch.context() as patched:
        patched.setattr(threads, "remember_given_out", _die)
        with pytest.raises(SystemExit):
            tasks.tell_desk(article.pk)
    assert notices() == []
    tasks.tell_desk(article.pk)
    assert len(notices()) == 4


def _die(_letters):
    raise SystemExit("killed")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_run_by_many_at_once_writes_each_letter_once():
    world = make_world()
    more_agents(3)
    article = open_by(world.carol, world.errors).articles.get(seq=1)
    problems = []

    def work():
        try:
            tasks.tell_desk(article.pk)
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(6)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert problems == []
    assert len({one.address for one in notices()}) == len(notices()) == 4


def test_without_a_worker_a_round_of_sending_writes_them(world, sink):
    open_by(world.carol, world.errors)
    assert notices() == []
    assert outbox.send_due().sent == 2
    assert {one.recipient for one in sink.taken} == {"alice@desk.example", "carol@zarya.example"}
    assert outbox.send_due().sent == 0
    jobs.run_waiting()
    assert len(notices()) == 1


def test_one_article_that_cannot_be_told_does_not_hold_up_the_others(world, sink, monkeypatch):
    bad = open_by(world.carol, world.errors).articles.get(seq=1).pk
    good = open_by(world.carol, world.errors)
    write = desk_letters.write

    def sometimes(article_id, **options):
        if article_id == bad:
            raise RuntimeError("out of order")
        return write(article_id, **options)

    monkeypatch.setattr(desk_letters, "write", sometimes)
    outbox.send_due()
    assert [one.ticket for one in notices()] == [good]
    assert len(jobs.waiting(JOB)) == 2


def test_who_is_told_is_decided_when_the_job_runs_never_the_writer(world):
    (other,) = more_agents(1)
    actions.open_ticket(
        by=Actor(world.alice.pk), author_id=world.carol.pk, queue_id=world.errors.pk, subject="По телефону",
        body=from_plain("Звонила"),
    )  # fmt: skip
    (late,) = [create_person("agent", "Новый", login="late", address="late@desk.example", roles=["support"])]
    other.roles.clear()
    jobs.run_waiting()
    assert [one.person for one in notices()] == [late]
    assert not Notice.objects.filter(person=world.alice, kind="new_ticket").exists()


def test_removed_request_is_told_to_nobody(world):
    ticket = open_by(world.carol, world.errors)
    Ticket.objects.filter(pk=ticket.pk).update(phase="removed", state="removed")
    jobs.run_waiting()
    assert notices() == []


def test_article_that_is_gone_is_borne(db):
    tasks.tell_desk(10**9)
    assert notices() == []


def test_letter_holds_text_and_names_of_files_as_before(world):
    stored = files.store(b"%PDF-1.4")
    actions.open_ticket(
        by=Actor(world.carol.pk), queue_id=world.errors.pk, subject="С файлом", body=from_plain("Смотрите акт"),
        attachments=[NewFile(stored, "акт.pdf", "application/pdf")],
    )  # fmt: skip
    jobs.run_waiting()
    (one,) = notices()
    assert "Смотрите акт" in one.text
    assert "акт.pdf" in one.text
    assert "Карина Белова, УК Заря" in one.text


CANARY = "канарейка-7f3a"


def test_note_is_in_no_letter_to_a_client_and_rings_none(world, ticket, sink):
    Participant.objects.create(ticket=ticket, person=world.dora, role="observer")
    jobs.run_waiting()
    before = OutgoingLetter.objects.count()
    rung = Notice.objects.count()
    actions.note(
        ticket.pk, by=Actor(world.alice.pk, Cause.WEB), body=from_plain(f"{CANARY} в тексте"),
        attachments=[NewFile(files.store(CANARY.encode()), f"{CANARY}.txt", "text/plain")],
    )  # fmt: skip
    jobs.run_waiting()
    assert OutgoingLetter.objects.count() == before
    assert Notice.objects.count() == rung
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"))
    actions.reply(ticket.pk, by=Actor(world.carol.pk), body=from_plain("Спасибо"))
    actions.reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Закрываю"), then=actions.StateMove("autoclose"))
    jobs.run_waiting()
    outbox.send_due()
    assert OutgoingLetter.objects.filter(person__in=[world.carol, world.dora], kind="answer").count() >= 4
    hidden = set(ticket.articles.filter(visible_to_client=False).values_list("attachments__pk", flat=True)) - {None}
    assert hidden
    for one in OutgoingLetter.objects.all():
        assert CANARY not in "\n".join([one.subject, one.text, one.html, one.name, str(one.headers)])
        assert not hidden & set(one.attachment_ids)
    for taken in sink.taken:
        parts = list(taken.message.walk())
        assert not any(CANARY in (part.get_filename() or "") for part in parts)
        said = [part.get_content() for part in parts if not part.is_multipart()]
        assert not any(CANARY in (text if isinstance(text, str) else text.decode("utf-8", "replace")) for text in said)

from datetime import timedelta

import pytest

from helpdesk.automation import duties
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor
from helpdesk.core.models import Blob
from helpdesk.core.richtext import from_plain
from helpdesk.notices.models import Notice
from helpdesk.tickets import drafts
from helpdesk.tickets.actions import NewFile, StateMove, note, reply, set_state, settle
from helpdesk.tickets.actions.masters import change_state
from helpdesk.tickets.drafts import Written
from helpdesk.tickets.models import Article, Draft, StagedFile, Ticket
from helpdesk.tickets.options import DRAFT_DAYS
from tests.portal.conftest import World

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db):
    return World()


def finished(world):
    ticket = world.ticket()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Готово"), then=StateMove("autoclose"))
    return ticket


def test_run_due_closes_a_day_later_with_a_visible_article_and_once(world):
    ticket = finished(world)
    assert list(duties.run_due(clock.now() + timedelta(hours=23))) == []
    done = list(duties.run_due(clock.now() + timedelta(hours=25)))
    assert [str(line) for line in done] == [f"closed by themselves: 1 ({ticket.number})"]
    assert list(duties.run_due(clock.now() + timedelta(hours=26))) == []
    ticket.refresh_from_db()
    article = Article.objects.filter(ticket=ticket).latest("seq")
    assert (ticket.state_id, ticket.phase, article.sender, article.visible_to_client) == (
        "closed", "closed", "system", True)  # fmt: skip
    assert [e.verb for e in ticket.events.order_by("seq")][-1] == "auto_closed"


def test_an_answer_before_the_closing_keeps_it_open(world):
    ticket = finished(world)
    reply(ticket.pk, by=Actor(world.carol.pk), body=from_plain("Нет"))
    assert list(duties.run_due(clock.now() + timedelta(days=3))) == []
    assert Ticket.objects.get().state_id == "rework"


def test_done_never_closes_by_itself(world):
    ticket = world.ticket()
    reply(ticket.pk, by=Actor(world.carol.pk), body=from_plain("Спасибо"), then=StateMove("done"))
    assert list(duties.run_due(clock.now() + timedelta(days=300))) == []


def test_reminder_gives_the_turn_back_to_the_desk(world):
    ticket = world.ticket()
    later = clock.now() + timedelta(hours=2)
    set_state(ticket.pk, by=Actor(world.alice.pk), to=StateMove("reminder", later))
    assert Ticket.objects.get().waits_for == "nobody"
    assert [d.name for d in duties.run_due(later + timedelta(minutes=1))] == ["reminders"]
    ticket.refresh_from_db()
    assert (ticket.waits_for, ticket.pending_until, ticket.state_id) == ("desk", None, "reminder")


def test_collector_removes_only_what_nothing_refers_to(world):
    kept, lost = files.store(b"kept"), files.store(b"lost")
    files.ensure_rows([kept, lost])
    note(world.ticket().pk, by=Actor(world.alice.pk), body=from_plain("з"), attachments=[NewFile(kept, "a.txt")])
    late = clock.now() + timedelta(days=2)
    with clock.stopped(late):
        assert [str(d) for d in duties.run_due()] == ["unreferenced files: 1 (4 bytes)"]
    assert list(Blob.objects.values_list("pk", flat=True)) == [kept.sha256]
    assert files.path_of(kept.sha256).exists() and not files.path_of(lost.sha256).exists()


def test_collector_leaves_young_contents_alone(world):
    young = files.store(b"young")
    files.ensure_rows([young])
    assert list(duties.run_due(clock.now() + timedelta(hours=20))) == []
    assert files.path_of(young.sha256).exists()


def test_unsent_files_go_after_two_days(world):
    stored = files.store(b"x")
    files.ensure_rows([stored])
    StagedFile.objects.create(person=world.carol, form_key="k", blob_id=stored.sha256, filename="x", content_type="",
                              size=1, created_at=clock.now() - timedelta(days=3))  # fmt: skip
    assert [d.name for d in duties.run_due()] == ["files of unsent forms"]


def test_files_of_a_draft_stay_as_long_as_it_does(world):
    by, stored = Actor(world.carol.pk), files.store(b"x")
    files.ensure_rows([stored])
    kept = StagedFile.objects.create(person=world.carol, form_key="k", blob_id=stored.sha256, filename="x",
                                     content_type="", size=1, created_at=clock.now() - timedelta(days=20))  # fmt: skip
    drafts.save(by, Written(Draft.Kind.NEW, "k", {"body": "Начато"}, files=[kept.pk]))
    Blob.objects.update(created_at=clock.now() - timedelta(days=20))
    Draft.objects.update(changed_at=clock.now() - timedelta(days=29))
    assert list(duties.run_due()) == []
    assert files.read(stored.sha256) == b"x"
    DRAFT_DAYS.set(20)
    assert [d.name for d in duties.run_due()][:2] == ["old drafts", "files of unsent forms"]
    assert not Draft.objects.exists() and not StagedFile.objects.exists()


def test_a_moment_in_the_future_clears_nothing_away(world):
    stored = files.store(b"x")
    files.ensure_rows([stored])
    StagedFile.objects.create(person=world.carol, form_key="k", blob_id=stored.sha256, filename="x", content_type="",
                              size=1, created_at=clock.now())  # fmt: skip
    duties.run_due(clock.now() + timedelta(days=30))
    assert StagedFile.objects.exists()
    assert files.read(stored.sha256) == b"x"


def test_ended_sessions_and_old_lines_of_the_log_go_and_others_stay(world, client):
    from allauth.usersessions.models import UserSession
    from django.contrib.sessions.models import Session

    from helpdesk.accounts.models import SignInAttempt

    now = clock.now()
    for key, ends in (("ended", now - timedelta(hours=1)), ("alive", now + timedelta(days=1))):
        Session.objects.create(session_key=key, session_data="", expire_date=ends)
        UserSession.objects.create(
            session_key=key, user=world.carol, ip="127.0.0.1", created_at=now - timedelta(days=3)
        )
    UserSession.objects.create(session_key="beginning", user=world.carol, ip="127.0.0.1")
    for age in (1, 400):
        SignInAttempt.objects.create(login=str(age), outcome="ok", at=now - timedelta(days=age))
    assert [str(done) for done in duties.run_due(now)] == ["ended sessions: 1", "old lines of the log of sign-ins: 1"]
    assert set(Session.objects.values_list("pk", flat=True)) == {"alive"}
    assert set(UserSession.objects.values_list("session_key", flat=True)) == {"alive", "beginning"}
    assert SignInAttempt.objects.get().login == "1"


def test_the_worker_does_the_duties_by_its_clock(world, monkeypatch):
    from procrastinate.contrib.django import app

    from helpdesk.automation import tasks

    ticket = finished(world)
    by_name = {task.task.name.rpartition(".")[2]: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert by_name["close_and_remind"] == "* * * * *"
    assert by_name["clear_away"] == "17 * * * *"
    later = clock.now() + timedelta(hours=25)
    monkeypatch.setattr(clock, "now", lambda: later)
    tasks.close_and_remind()
    tasks.clear_away()
    ticket.refresh_from_db()
    assert ticket.state_id == "closed"


def test_a_state_of_the_clients_closes_by_itself_only_where_its_setting_says_so(world):
    ticket = world.ticket()
    settle(ticket.pk, by=Actor(world.carol.pk), code="done")
    assert duties.run_due(clock.now() + timedelta(days=30)) == []
    change_state("done", closes_after=3600)
    other = world.ticket()
    settle(other.pk, by=Actor(world.carol.pk), code="done")
    assert [line.name for line in duties.run_due(clock.now() + timedelta(hours=2))] == ["closed by themselves"]
    other.refresh_from_db()
    ticket.refresh_from_db()
    assert (other.state_id, ticket.state_id) == ("closed", "done")


def test_news_are_kept_for_half_a_year(world):
    ticket = world.ticket()
    reply(ticket.pk, by=Actor(world.alice.pk), body=from_plain("Ответ"))
    told = Notice.objects.count()
    assert told == 2  # the client of the answer, the desk of the request
    Notice.objects.filter(person=world.carol).update(created_at=clock.now() - timedelta(days=181))
    assert [str(line) for line in duties.run_due()] == ["old news: 1"]
    assert Notice.objects.count() == told - 1

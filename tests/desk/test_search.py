"""The desk's search: every condition finds what a plain look at the requests finds, on screen, in files, in bulk acts."""

import csv
import io
from datetime import timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.accounts.called import is_called
from helpdesk.core import clock, files
from helpdesk.core.richtext import from_plain
from helpdesk.desk import filters, finer, found, shell
from helpdesk.desk.finer import Finer
from helpdesk.fronts import taking
from helpdesk.tickets import actions
from helpdesk.tickets.actions import LetterFacts, NewFile, StateMove
from helpdesk.tickets.models import Ticket, TicketEvent
from tests.desk.conftest import numbers, plain, total
from tests.factories.sizes import examples
from tests.statements import statements_of

SEARCH = "/desk/search/"


ZONE = ZoneInfo("Europe/Moscow")  # of the readers


class Scene:
    """Requests that differ in everything that is asked for."""

    def __init__(self, world):
        self.world, by = world, world.by(world.alice)
        self.start = clock.now() - timedelta(days=20)
        self.tickets = []
        for at in range(8):
            with clock.stopped(self.start + timedelta(days=at)):
                file = [NewFile(files.store(b"x"), f"акт{at}.txt")] if at % 3 == 0 else []
                self.tickets.append(
                    world.ticket(
                        author=world.dave if at % 2 else world.carol, subject=f"Сальдо {at}", text=f"Белая страница{at}",
                        queue=world.advice if at == 7 else world.errors, attachments=file,
                        values={"period": "2026-11"} if at == 7 else {"error_code": f"E{at}"},
                    )
                )  # fmt: skip
        t = [one.pk for one in self.tickets]
        with clock.stopped(self.start + timedelta(days=9)):
            actions.note(t[0], by=by, body=from_plain("Проверить кассира, сальдо"))
            actions.reply(t[1], by=by, body=from_plain("Кассир исправлен"), then=StateMove("clarify"))
            actions.move(t[2], by=by, to_queue_id=world.advice.pk)
            actions.take(t[3], by=by)
            actions.lock(t[3], by=by)
            actions.watch(t[4], by=by)
            actions.set_responsible(t[5], by=by, to_id=world.anna.pk)
            actions.promise(t[6], by=by, due_at=clock.now() + timedelta(days=3))
            actions.close(t[7], by=by)
            actions.set_category(t[0], by=by, to=world.category.pk)
        with clock.stopped(self.start + timedelta(days=11)):
            facts = LetterFacts("Карина <carol@example.com>", message_id="<abc-77@mail.example>", subject="Re: вопрос")
            actions.reply(t[2], by=world.by(world.carol), body=from_plain("Письмом"), letter=facts)
            actions.set_state(t[6], by=by, to=StateMove("reminder", self.start + timedelta(days=30)))

    def day(self, days):
        return (self.start + timedelta(days=days)).astimezone(ZONE).date().isoformat()


@pytest.fixture(scope="module")
def _scene(keep, _world):
    return keep(lambda: Scene(_world()))


@pytest.fixture
def scene(_scene, world, db):
    return _scene()


def events_of(ticket, **how):
    return TicketEvent.objects.filter(ticket=ticket, **how)


def called(ticket, typed):
    """Whether somebody of that name takes part in a request."""
    people = [ticket.author, ticket.owner, ticket.responsible, *(one.author for one in ticket.articles.all()),
              *(one.person for one in ticket.participants.all())]  # fmt: skip
    return any(person is not None and is_called(person.name, typed) for person in people)


def holds(ticket, word, *, note=None):
    texts = [one.text for one in ticket.articles.all() if note is None or one.visible_to_client != note]
    return any(word in text.lower() for text in texts)


def within(moment, first, last=None):
    day = moment and moment.astimezone(ZONE).date().isoformat()
    return bool(day) and (not first or day >= first) and (not last or day <= last)


# what is asked: condition → whether a request meets it
CASES = {
    "note": (lambda s: {"note": "кассира"}, lambda s, t: holds(t, "кассира", note=True)),
    "note, not of an answer": (lambda s: {"note": "исправлен"}, lambda s, t: holds(t, "исправлен", note=True)),
    "text": (lambda s: {"text": "исправлен"}, lambda s, t: holds(t, "исправлен")),
    "subject": (lambda s: {"subject": "сальдо 3"}, lambda s, t: t.subject.endswith("3")),
    "file": (lambda s: {"file": "акт3"}, lambda s, t: t.subject.endswith("3")),
    "files": (lambda s: {"files": "1"}, lambda s, t: any(a.attachments.exists() for a in t.articles.all())),
    "number": (lambda s: {"number": f"{s.tickets[4].number[-3:]}"}, lambda s, t: s.tickets[4].number[-3:] in t.number),
    "letter": (lambda s: {"letter": "ABC-77 carol@"}, lambda s, t: t.articles.filter(message_id__contains="abc-77").exists()),
    "letter, of nobody": (lambda s: {"letter": "abc_77"}, lambda s, t: False),
    "channel": (lambda s: {"channel": "web"}, lambda s, t: t.channel == "web"),
    "channel, none": (lambda s: {"channel": "phone"}, lambda s, t: False),
    "category": (lambda s: {"category": s.world.category.pk}, lambda s, t: t.category_id == s.world.category.pk),
    "staff": (lambda s: {"staff": "Агентовой"}, lambda s, t: t.articles.filter(author=s.world.alice, visible_to_client=True).exists()),
    "part": (lambda s: {"part": "Ковалёва"}, lambda s, t: called(t, "Ковалёва")),
    "part, a client": (lambda s: {"part": "Иной"}, lambda s, t: called(t, "Иной")),
    "part, watches": (lambda s: {"part": "Алисы Агентовой"}, lambda s, t: called(t, "Алисы Агентовой")),
    "author": (lambda s: {"author": s.world.dave.pk}, lambda s, t: t.author_id == s.world.dave.pk),
    "watcher": (lambda s: {"watcher": s.world.alice.pk}, lambda s, t: t.participants.filter(role="watcher").exists()),
    "locked": (lambda s: {"locked": s.world.alice.pk}, lambda s, t: t.locked_by_id == s.world.alice.pk),
    "not locked": (lambda s: {"locked": 0}, lambda s, t: t.locked_by_id is None),
    "born": (lambda s: {"born": s.world.errors.pk}, lambda s, t: not t.subject.endswith("7")),
    "moved": (lambda s: {"event": "moved"}, lambda s, t: events_of(t, verb="moved").exists()),
    "noted then": (lambda s: {"event": "noted", "event_from": s.day(8), "event_to": s.day(10)}, lambda s, t: events_of(t, verb="noted").exists()),
    "noted later": (lambda s: {"event": "noted", "event_from": s.day(10)}, lambda s, t: False),
    "state": (lambda s: {"event": "state"}, lambda s, t: events_of(t, field="state").exists()),
    "closed": (lambda s: {"closed_from": s.day(9), "closed_to": s.day(9)}, lambda s, t: within(t.closed_at, s.day(9), s.day(9))),
    "answered": (lambda s: {"answered_from": s.day(9)}, lambda s, t: within(t.last_agent_at, s.day(9))),
    "client": (lambda s: {"client_from": s.day(5)}, lambda s, t: within(t.last_client_at, s.day(5))),
    "first": (lambda s: {"first_to": s.day(10)}, lambda s, t: within(t.first_answer_at, "", s.day(10))),
    "due": (lambda s: {"due_from": s.day(11)}, lambda s, t: within(t.due_at, s.day(11))),
    "pending": (lambda s: {"pending_from": s.day(29)}, lambda s, t: within(t.pending_until, s.day(29))),
    "undelivered": (lambda s: {"undelivered": "1"}, lambda s, t: t.undelivered),
    "own field": (lambda s: {"field_error_code": "E5"}, lambda s, t: t.fields.get("error_code", {}).get("value") == "E5"),
    "own month": (lambda s: {"field_period": "2026-11"}, lambda s, t: "period" in t.fields),
    "own field that is none": (lambda s: {"field_gone": "1"}, lambda s, t: False),
    "words": (lambda s: {"q": "белая"}, lambda s, t: True),
    "without": (lambda s: {"q": "белая -кассир"}, lambda s, t: not holds(t, "кассир")),
    "owner": (lambda s: {"owner": s.world.alice.pk}, lambda s, t: t.owner_id == s.world.alice.pk),
    "responsible": (lambda s: {"responsible": s.world.anna.pk}, lambda s, t: t.responsible_id == s.world.anna.pk),
}  # fmt: skip


def expected(scene, *names):
    every = Ticket.objects.filter(pk__in=[one.pk for one in scene.tickets])
    return {t.number for t in every if all(CASES[name][1](scene, t) for name in names)}


def asked(scene, *names):
    return {key: value for name in names for key, value in CASES[name][0](scene).items()}


@pytest.mark.parametrize("name", CASES)
def test_each_condition_finds_what_a_plain_filter_finds(world, as_, scene, name):
    answer = as_(world.alice).get(SEARCH, asked(scene, name))
    assert set(numbers(answer)) == expected(scene, name)
    if name not in {"words", "without", "own field that is none"}:
        assert "Убрать условие" in plain(answer)


SOME = [name for name in CASES if CASES[name][1] is not None and not name.startswith("own field that")]


@settings(max_examples=examples(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(SOME), min_size=2, max_size=4, unique=True), st.booleans())
def test_conditions_together_find_what_all_of_them_find(world, scene, names, by_fit):
    keys = [key for name in names for key in CASES[name][0](scene)]
    if len(keys) != len(set(keys)):
        return
    actor, values = world.by(world.alice), {key: str(value) for key, value in asked(scene, *names).items()}
    known, now = shell.figures(actor, at=clock.now()), clock.now()
    wanted = filters.read(values | ({"sort": "fit"} if by_fit else {}), path=SEARCH)
    results = found.results(wanted, actor, known, now=now, cursor="")
    assert {hit.line.number for hit in results.items} == expected(scene, *names), values
    ids = found.ids(wanted, actor, known, now=now, limit=100)
    assert ids == [hit.line.id for hit in results.items]


def test_a_file_holds_what_the_screen_shows(world, as_, scene):
    alice = as_(world.alice)
    shown = numbers(alice.get(SEARCH, {"q": "белая", "event": "replied"}))
    assert shown
    answer = alice.get(SEARCH, {"q": "белая", "event": "replied", "format": "csv"})
    rows = list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[1:]] == shown and {"Исполнитель", "Код ошибки"} <= set(rows[0])
    for kind in ("xlsx", "pdf"):
        file = alice.get(SEARCH, {"q": "белая", "format": kind})
        assert file.headers["Content-Type"] == taking.KINDS[kind]
        assert b"".join(file) if kind == "pdf" else b"".join(file.streaming_content)
    page = plain(alice.get(SEARCH, {"q": "белая"}))
    assert all(f">{name}</a>" in page for name in ("XLSX", "CSV", "PDF")) and "Как спрашивать" in page


def test_more_than_a_file_takes_is_said(world, as_, scene, monkeypatch):
    monkeypatch.setitem(taking.MOST, "pdf", 1)
    answer = as_(world.alice).get(SEARCH, {"q": "белая", "format": "pdf"})
    assert answer.status_code == 422 and "скачайте XLSX" in plain(answer)


def test_requests_of_other_queues_are_found_by_nothing(world, as_, scene):
    bob = as_(world.bob)
    for name in CASES:
        assert numbers(bob.get(SEARCH, asked(scene, name))) == [], name
    assert len(list(csv.reader(io.StringIO(b"".join(
        bob.get(SEARCH, {"q": "белая", "format": "csv"}).streaming_content).decode("utf-8-sig"))))) == 1  # fmt: skip


def test_a_search_is_kept_like_a_list(world, as_, scene):
    alice, here = as_(world.alice), f"{SEARCH}?{urlencode({'q': 'белая', 'event': 'moved'})}"
    page = alice.get(here).content.decode()
    assert "/desk/views/new/?list=" in page
    answer = alice.post("/desk/views/new/", {"list": here, "name": "Перемещённые", "share": ""})
    assert answer.headers["Location"] == here
    again = alice.get(here)
    assert "<h1>Перемещённые</h1>" in again.content.decode() and 'aria-current="page"' in again.content.decode()
    assert numbers(again) == list(expected(scene, "moved"))


def test_all_that_is_found_can_be_acted_upon(world, as_, scene):
    alice = as_(world.alice)
    here = f"{SEARCH}?event=moved&q=%D0%B1%D0%B5%D0%BB%D0%B0%D1%8F"
    page = plain(alice.post("/desk/bulk/", {"all": "1", "list": here, "do": "priority"}))
    moved = Ticket.objects.get(number=next(iter(expected(scene, "moved"))))
    assert moved.subject in page and "Сальдо 0" not in page


def test_the_page_keeps_its_budget(world, as_, scene):
    alice = as_(world.alice)
    every = {"q": "белая страница", "part": "Алиса", "staff": "Алиса", "event": "replied", "letter": "x", "note": "кассира",
             "text": "страница", "category": world.category.pk, "owner": world.alice.pk, "field_error_code": "E"}  # fmt: skip
    few = [
        len(statements_of(alice, f"{SEARCH}?{urlencode(values)}"))
        for values in ({"q": "белая"}, {"event": "state"}, {})
    ]
    assert max(few) <= 8, few
    assert len(statements_of(alice, f"{SEARCH}?{urlencode(every)}")) <= 14


def test_questions_and_slips_are_understood_as_clients_have_it(world, as_, scene):
    answer = as_(world.alice).get(SEARCH, {"q": "как найти белая?"}, follow=True)
    assert len(numbers(answer)) == 8 and "мало что уточняют: как, найти" in plain(answer)
    answer = as_(world.alice).get(SEARCH, {"q": ",tkfz"}, follow=True)
    assert len(numbers(answer)) == 8 and "Показано по запросу «белая»" in plain(answer)
    answer = as_(world.alice).get(SEARCH, {"text": ",tkfz"}, follow=True)
    assert len(numbers(answer)) == 8 and "Показано по запросу «белая»" in plain(answer)


def test_a_filled_form_has_a_short_address(world, as_, scene):
    empty = dict.fromkeys([*finer.READ, "view", "state", "owner"], "")
    answer = as_(world.alice).get(SEARCH, {**empty, "q": "белая", "event": "moved"})
    assert answer.headers["Location"] == f"{SEARCH}?{urlencode({'q': 'белая', 'event': 'moved'})}"


@pytest.mark.parametrize("query", ["event=zzz", "locked=x", "closed_from=99", "channel=fax", "category=-1", "born=a"])
def test_what_is_not_understood_is_said(world, as_, scene, query):
    page = plain(as_(world.alice).get(f"{SEARCH}?{query}"))
    assert "Не понято" in page or "не понято" in page


@given(st.dictionaries(st.sampled_from([*finer.READ, "field_x", "field_error_code"]), st.text(max_size=20)))
def test_any_address_is_read_and_reads_the_same_again(values):
    once = finer.read(values)
    assert isinstance(once, Finer) and finer.read(dict(once.values)) == once


def test_a_number_says_how_many_are_found(world, as_, scene):
    assert total(as_(world.alice).get(SEARCH, {"q": "белая"})) == 8

"""What is found, by whom, in which pages; on real rows written by the real actions."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.core import clock
from helpdesk.core import db as database
from helpdesk.core.richtext import from_editor, from_plain
from helpdesk.search import apart, index, queries, statement
from helpdesk.search.models import Entry
from helpdesk.search.queries import find, jump
from helpdesk.search.results import Notice, SearchRequest
from helpdesk.tickets import actions
from helpdesk.tickets.access import access_of
from helpdesk.tickets.models import NumberAlias
from tests.factories import ClientFactory, IntakeFieldFactory, actor_of, open_request
from tests.factories.shared import undone
from tests.factories.sizes import examples

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(params=["few", "many"])
def plan(request, monkeypatch):
    """Both plans of the statement, whatever the size of the world."""
    if request.param == "many":
        monkeypatch.setattr(statement, "FEW", 0)
    return request.param


def numbers_for(person, q="", **conditions):
    return [hit.line.number for hit in find(actor_of(person), SearchRequest(q, **conditions)).items]


def say(person, ticket, text, **options):
    return actions.reply(ticket.pk, by=actor_of(person), body=from_plain(text), **options)


@pytest.mark.parametrize(
    ("text", "q"),
    [
        ("Начисление за октябрь", "начислениям"),
        ("по начислениям", "начисление"),
        ("нет начислений", "НАЧИСЛЕНИЯ"),
        ("Расчётный счёт", "расчетный счет"),
        ("Расчетный счет", "счёта"),
        ("Приборы учёта", "прибор учет"),
        ("Загрузили payments.csv", "payment"),
        ("ЛС 4512-077", "4512"),
        ("Пишите ivan.petrov@example.com", "ivan.petrov@example.com"),
        ("Ошибка.Прошу проверить", "прошу"),
        ("акт сверки за год", '"акты сверки"'),
        ("перерасчёт", "перерасч*"),
        ("ставка 1С-Битрикс", "1с-битрикс"),
        ("Улица Ёлочная", "елочной"),
    ],
)
def test_forms_are_found(cast, plan, text, q):
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text=text)
    open_request(cast.carol, cast.queue, subject="Другое", text="Совсем о другом")
    assert numbers_for(cast.carol, q) == [ticket.number]
    assert numbers_for(cast.alice, q) == [ticket.number]


def _of_text(cast, text, typed):
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text=text)
    return ticket.number in numbers_for(cast.carol, typed)


@pytest.mark.parametrize("text", ["к оплате 2 299,18 ₽", "к оплате 2299,18", "2\u202f299.18 р."])
@pytest.mark.parametrize("typed", ["2299,18", "2 299,18", "2299.18", "2299", "«2 299,18»"])
def test_a_sum_is_found_however_it_is_written(cast, plan, text, typed):
    assert _of_text(cast, text, typed)


@pytest.mark.parametrize(
    ("text", "typed"),
    [("ИНН 7701234567", "12345,67"), ("ИНН 7701234567", "12345.67"), ("ЛС 1234567", "12 345,67"),
     ("к оплате 2 299,19", "2299,18"), ("к оплате 18 и 2 299", "2299,18"), ("тел. 8 (913) 555-12-35", "89135551234"),
     ("ЛС 70123456789", "80123456789")],
)  # fmt: skip
def test_another_figure_is_not_found(cast, plan, text, typed):
    assert not _of_text(cast, text, typed)


TOGETHER = [
    ["error500", "error 500", "ERROR-500", "Error_500", "ERR-500", "err500"],
    ["кв102", "кв. 102", "кв 102", "КВ.102", "кв-102"],
    ["лс40123456", "ЛС 40123456", "л/с 40123456", "лс: 40123456", "№40123456", "40123456", "ЛС4012-3456"],
    ["д10кв5б", "д. 10, кв. 5б", "д10 кв5 б"],
    ["5а", "5 а", "5-а"],
    ["2НДФЛ", "2-НДФЛ", "2 ндфл"],
    ["3400руб", "3400 руб.", "3 400руб", "3 400 рублей"],
]


@pytest.mark.parametrize("ways", TOGETHER, ids=lambda ways: ways[0])
def test_what_is_written_together_is_found_apart_and_back(cast, ways):
    asked = {text: open_request(cast.carol, cast.queue, text=f"Пишет {text}, что делать").number for text in ways}
    for typed in ways:
        hits = find(actor_of(cast.carol), SearchRequest(typed)).items
        assert {hit.line.number for hit in hits} == set(asked.values()), typed
        assert all(any(part.found for part in [*hit.subject_parts, *hit.snippet_parts]) for hit in hits), typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [("кв. 12, дом 102", "кв102"), ("error 50", "error500"), ("кв 102", "кв10"), ("1 штука", "1С"), ("кв. 1020", "кв102"),
     ("102 кв. м", "кв102"), ("дом 5б", "5а"), ("за пять и 5", "за5"), ("кв 20 и 1 дом", "кв1*")],
)  # fmt: skip
def test_what_is_written_together_finds_nothing_else(cast, text, typed):
    assert not _of_text(cast, f"Пишет {text}, что делать", typed)


def test_words_that_no_index_holds_are_those_of_the_database(db):
    letters = "абвгдежзийклмнопрстуфхцчшщъыьэюя", "abcdefghijklmnopqrstuvwxyz"
    short = [*apart.STOPS, *(one + other for some in letters for one in some for other in ["", *some])]
    found = database.fetch("SELECT w FROM unnest(%s::text[]) w WHERE to_tsvector('russian', w) = ''", [short])
    assert {row[0] for row in found} == apart.STOPS


def test_a_number_as_letters_have_it_leads_to_its_request(cast):
    number = open_request(cast.carol, cast.queue).number
    shown = f"{number[:3]} {number[3:]}"
    for typed in (
        f"[Ticket#{number}]",
        f"Ticket#{shown}",
        f"[Ticket#{shown}]",
        f"№{number}",
        f"«{number}»",
        f"({shown})",
    ):
        assert jump(actor_of(cast.carol), typed) == number, typed
    for typed in (f"[Ticket#{number}] сальдо", f"Re: Ticket#{shown} сальдо", f"№{number} сальдо"):
        assert jump(actor_of(cast.carol), typed) is None
    for typed in (f"[Ticket#{number}] сальдо", f"Ticket#{shown} сальдо", f"№{number} сальдо"):
        assert numbers_for(cast.carol, typed) == [number], typed


PHONES = ["8(913)555-12-34", "8 (913) 555-12-34", "+7 913 555 12 34", "89135551234", "+7 (913) 555‑12‑34"]


@pytest.mark.parametrize("text", PHONES)
@pytest.mark.parametrize(
    "typed", [*PHONES, "9135551234", "+79135551234", "913 555 12 34", "(913) 555-12-34", "5551234"]
)
def test_a_telephone_is_found_however_it_is_written(cast, plan, text, typed):
    assert _of_text(cast, f"тел. {text}, звоните", typed)
    parts = find(actor_of(cast.carol), SearchRequest(q=typed)).items[0].snippet_parts
    assert any(part.found for part in parts)


@pytest.mark.parametrize("q", ["сальдо котёл", '"сверки акт"', "акт -сверка", "нету*"])
def test_what_does_not_match_is_not_found(cast, plan, q):
    open_request(cast.carol, cast.queue, subject="Сальдо", text="акт сверки")
    results = find(actor_of(cast.carol), SearchRequest(q))
    assert results.items == []
    assert results.notice is None
    assert results.total_hint == 0


def test_what_must_not_occur_narrows_a_list_by_itself(cast):
    without = [open_request(cast.carol, cast.queue, subject=subject) for subject in ("Пени", "Сальдо")][1]
    found = find(actor_of(cast.alice), SearchRequest("-пени", further=("t.company_id IS NOT NULL", ())))
    assert [hit.line.id for hit in found.items] == [without.pk] and found.notice is None
    assert find(actor_of(cast.alice), SearchRequest("-пени -сальдо", further=("true", ()))).notice is None


def test_words_of_subject_and_of_an_answer_find_together(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Сальдо октября", text="Добрый день")
    say(cast.alice, ticket, "Пересчитали пени")
    hit = find(actor_of(cast.carol), SearchRequest("сальдо пени")).items[0]
    assert hit.line.id == ticket.pk
    assert [p.text for p in hit.subject_parts if p.found] == ["Сальдо"]
    assert [p.text for p in hit.snippet_parts if p.found] == ["пени"]


def test_the_clients_fields_and_names_of_files_are_found(cast, plan):
    from helpdesk.core import files
    from helpdesk.tickets.actions import NewFile

    IntakeFieldFactory(queue=cast.queue, key="account")
    ticket = open_request(
        cast.carol, cast.queue, values={"account": "ЛС-99871"},
        attachments=[NewFile(files.store(b"x"), "сверка_ноябрь.xlsx")],
    )  # fmt: skip
    assert numbers_for(cast.carol, "99871") == numbers_for(cast.carol, "ноябрь") == [ticket.number]


def test_notes_are_found_by_the_desk_alone(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text="Добрый день")
    actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("канарейка поёт"))
    assert numbers_for(cast.alice, "канарейка") == [ticket.number]
    for person in (cast.carol, cast.dora, cast.dave, cast.bob):
        assert numbers_for(person, "канарейка") == []
        assert numbers_for(person, "вопрос канар*") == []
    hit = find(actor_of(cast.carol), SearchRequest("вопрос")).items[0]
    assert "канарейка" not in "".join(part.text for part in hit.snippet_parts)


def test_a_canary_stays_in_its_company_and_queue(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Канарейка", text="канарейка")
    open_request(cast.dave, cast.elsewhere, subject="Другое", text="щегол")
    found = {person.login: numbers_for(person, "канарейка") for person in cast.people}
    assert found == {
        "alice": [ticket.number], "bob": [], "carol": [ticket.number], "dora": [ticket.number], "dave": [],
    }  # fmt: skip
    stranger = ClientFactory(login="stranger")
    assert numbers_for(stranger, "канарейка") == []


def test_somebody_switched_off_finds_nothing(cast):
    open_request(cast.carol, cast.queue)
    cast.carol.inactive_at = clock.now()
    cast.carol.save()
    assert find(actor_of(cast.carol), SearchRequest("сальдо")).items == []
    assert find(actor_of(cast.carol), SearchRequest()).items == []


def test_a_removed_request_is_found_with_the_full_right_alone(cast, plan):
    ticket = open_request(cast.carol, cast.queue)
    actions.remove(ticket.pk, by=actor_of(cast.alice), why="спам")
    assert numbers_for(cast.carol, "сальдо") == []
    assert numbers_for(cast.alice, "сальдо") == [ticket.number]


@pytest.mark.parametrize(
    ("q", "notice"),
    [
        ("и в на не", Notice.COMMON_WORDS),
        ("the and of", Notice.COMMON_WORDS),
        ("%", Notice.NO_WORDS),
        ("_", Notice.NO_WORDS),
        ('"', Notice.NO_WORDS),
        ("'; DROP TABLE tickets_ticket; --", None),
        ("& | ! <-> :* ()", Notice.NO_WORDS),
        ("AND OR NOT", Notice.COMMON_WORDS),
        ("сальдо & | !", None),
        ("-сальдо", Notice.ONLY_WITHOUT),
        ("-и", Notice.ONLY_WITHOUT),
        ("сальдо -и", None),
        ("я" * 10_000, Notice.NO_WORDS),
        ("сальдо " * 2_000, Notice.SHORTENED),
        (" ".join(f"слово{n}" for n in range(5_000)), Notice.SHORTENED),
        ("\x00сальдо\x00", None),
        ("\ud800", Notice.NO_WORDS),
        ("\u202eсальдо", None),
        ("🙂", Notice.NO_WORDS),
        ("²³ ª º", None),
        ("\\", Notice.NO_WORDS),
        ("%s %(x)s {0} $1", None),
        ("***", Notice.NO_WORDS),
        ("на*", None),
        ("٣٤ 九 ไทย", None),
        ("9" * 60, None),
    ],
)  # fmt: skip
def test_hostile_words_get_an_answer(cast, plan, q, notice):
    open_request(cast.carol, cast.queue, text="Добрый день, сальдо и начисления")
    results = find(actor_of(cast.carol), SearchRequest(q))
    assert results.notice == notice
    assert jump(actor_of(cast.carol), q) is None


@settings(max_examples=examples(20), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=60), cursor=st.text(max_size=60))
def test_anything_can_be_searched(cast, q, cursor):
    find(actor_of(cast.carol), SearchRequest(q), cursor)
    jump(actor_of(cast.carol), q)


def test_forged_conditions_find_nothing_and_do_not_raise(cast):
    open_request(cast.carol, cast.queue)
    for q in ("сальдо", ""):
        assert numbers_for(cast.carol, q, states=("nonsense\0", "x" * 400)) == []
        assert numbers_for(cast.carol, q, queues=(10**30, -1)) == []
        assert len(numbers_for(cast.carol, q, phase="nonsense")) == 1


def test_conditions_narrow(cast, plan):
    with clock.stopped(START):
        old = open_request(cast.carol, cast.queue)
    with clock.stopped(START + timedelta(days=40)):
        new = open_request(cast.carol, cast.elsewhere)
        actions.close(old.pk, by=actor_of(cast.alice))
    with clock.stopped(START + timedelta(days=41)):
        for q in ("сальдо", ""):
            assert set(numbers_for(cast.carol, q)) == {new.number, old.number}
            assert numbers_for(cast.carol, q, phase="open") == [new.number]
            assert numbers_for(cast.carol, q, phase="closed") == [old.number]
            assert numbers_for(cast.carol, q, states=("closed", "open")) == [old.number]
            assert numbers_for(cast.carol, q, queues=(cast.elsewhere.pk,)) == [new.number]
            assert numbers_for(cast.carol, q, created_from=START, created_to=START + timedelta(days=1)) == [old.number]
            assert numbers_for(cast.carol, q, created_from=START + timedelta(days=40)) == [new.number]


def test_the_number_in_any_writing_leads_to_its_request(cast):
    ticket = open_request(cast.carol, cast.queue)
    NumberAlias.objects.create(number="2026112510000017", ticket=ticket)
    n = ticket.number
    for typed in (n, f"№ {n}", f"№\u00a0{n[:3]}\u202f{n[3:]}", f"{n[:3]} {n[3:]}", f"Ticket#{n}", "2026112510000017"):
        assert jump(actor_of(cast.carol), typed) == n
        assert jump(actor_of(cast.dave), typed) is None
    assert jump(actor_of(cast.carol), "999999") is None
    assert numbers_for(cast.carol, f"№ {n[:3]}\u202f{n[3:]}") == [n]
    assert numbers_for(cast.dave, n) == []


def test_pieces_of_numbers_and_words_are_found_where_no_word_is(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Перерасчёт пеней")
    hit = find(actor_of(cast.carol), SearchRequest("расчет")).items[0]
    assert hit.line.id == ticket.pk
    assert [part.text for part in hit.subject_parts if part.found] == ["расчёт"]
    assert numbers_for(cast.carol, ticket.number[-4:]) == [ticket.number]
    assert numbers_for(cast.dave, "расчет") == []
    assert numbers_for(cast.carol, "расчет -пени") == []


@pytest.mark.parametrize("q", ["сальдо", "", "льдо"])
def test_pages_are_complete_without_doubles(cast, plan, q):
    made = []
    for n in range(23):  # over years and months, several at the same moment
        with clock.stopped(START - timedelta(days=41) * (n // 2)):
            made.append(open_request(cast.carol, cast.queue, subject=f"Сальдо {n}"))
    for n in range(0, 23, 3):
        with clock.stopped(START + timedelta(days=n)):
            say(cast.carol, made[n], "Сальдо всё ещё не то")
    with clock.stopped(START + timedelta(days=30)):
        seen, cursor, pages = [], None, 0
        while cursor != "":
            page = find(actor_of(cast.carol), SearchRequest(q), cursor, size=4)
            seen += [hit.line.id for hit in page.items]
            cursor, pages = page.next_cursor, pages + 1
            assert pages < 10
    assert len(seen) == len(set(seen)) == 23
    assert pages == 6
    whole = find(actor_of(cast.carol), SearchRequest(q), size=50)
    assert [hit.line.id for hit in whole.items] == seen
    assert whole.total_hint == 23


@pytest.mark.parametrize(("text", "typed"), [("Нет карточек счетов", "карточка"), ("Выгрузка пуста", "выгрузок"),
                                             ("Две копейки", "копеек"), ("Много ошибок", "«ошибка»")])  # fmt: skip
def test_forms_with_a_fleeting_vowel_find_each_other(cast, plan, text, typed):
    ticket = open_request(cast.carol, cast.queue, subject=text)
    found = find(actor_of(cast.carol), SearchRequest(typed)).items
    assert [hit.line.id for hit in found] == [ticket.pk]
    assert any(part.found for part in found[0].subject_parts)


def test_rows_of_the_future_and_of_long_ago_are_on_pages_too(cast, plan):
    for at in (datetime(1999, 1, 1, tzinfo=UTC), START, datetime(2031, 1, 1, tzinfo=UTC)):
        open_request(cast.carol, cast.queue, at=at)
    with clock.stopped(START):
        first = find(actor_of(cast.carol), SearchRequest("сальдо"), size=1)
        second = find(actor_of(cast.carol), SearchRequest("сальдо"), first.next_cursor, size=1)
        third = find(actor_of(cast.carol), SearchRequest("сальдо"), second.next_cursor, size=1)
    years = [page.items[0].line.created_at.year for page in (first, second, third)]
    assert years == [2031, 2026, 1999]
    assert third.next_cursor == ""


WORDS = ["альфа77", "бета77", "гамма77", "дельта77"]
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)
ARTICLE = st.tuples(TEXTS, st.sampled_from(["carol", "alice", "note"]))
REQUEST = st.tuples(TEXTS, st.sampled_from(["carol", "dora", "dave"]), st.lists(ARTICLE, max_size=3))


@settings(max_examples=examples(10), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    world=st.lists(REQUEST, max_size=5),
    wanted=st.lists(st.sampled_from(WORDS), min_size=1, max_size=2),
    without=st.sampled_from([None, *WORDS]),
)
def test_found_is_what_a_plain_filter_finds(cast, world, wanted, without):
    with undone():
        texts = written(cast, world)
        for few in (statement.FEW, 0):  # both plans
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(statement, "FEW", few)
                agree(cast, texts, wanted, without)


def written(cast, world):
    """ticket → [(words, visible)] of the articles that were written"""
    texts = {}
    for words, author, articles in world:
        ticket = open_request(getattr(cast, author), cast.queue, subject="Вопрос", text=" ".join(words))
        texts[ticket] = [(set(words), True)]
        for more, kind in articles:
            body = from_plain(" ".join(more))
            if kind == "note":
                actions.note(ticket.pk, by=actor_of(cast.alice), body=body)
            else:
                by = cast.alice if kind == "alice" else getattr(cast, author)
                actions.reply(ticket.pk, by=actor_of(by), body=body)
            texts[ticket].append((set(more), kind != "note"))
    return texts


def agree(cast, texts, wanted, without):
    q = " ".join([*wanted, *([f"-{without}"] if without else [])])
    for person in cast.people:
        notes = access_of(actor_of(person)).is_agent
        expected = {
            ticket.pk
            for ticket, rows in texts.items()
            if set(wanted) <= set().union(*(words for words, visible in rows if visible or notes))
            and not any(without in words for words, visible in rows if visible or notes)
            and _sees(cast, person, ticket)
        }
        seen, cursor = [], None
        while cursor != "":
            page = find(actor_of(person), SearchRequest(q), cursor, size=2)
            seen += [hit.line.id for hit in page.items]
            cursor = page.next_cursor
        assert len(seen) == len(set(seen))
        assert set(seen) == expected
        assert queries.all_ids(actor_of(person), SearchRequest(q), most=50) == seen
        counted = find(actor_of(person), SearchRequest(q), size=1, count_to=50)
        assert counted.total_hint == len(expected)
        for by_fit in (SearchRequest(q, by_fit=True),):
            assert queries.all_ids(actor_of(person), by_fit, most=50) == pages(person, by_fit, size=2)


def pages(person, wanted, *, size):
    """The ids on all pages, one after another."""
    ids, cursor = [], None
    while cursor != "":
        page = find(actor_of(person), wanted, cursor, size=size)
        ids += [hit.line.id for hit in page.items]
        cursor = page.next_cursor
    return ids


def _sees(cast, person, ticket):
    if person == cast.dora:
        return ticket.company_id == cast.company.pk
    return person == cast.alice or ticket.author_id == person.pk


def test_rebuilding_makes_the_rows_that_writing_made(cast):
    from helpdesk.core import files
    from helpdesk.tickets.actions import NewFile

    for n in range(5):
        ticket = open_request(
            cast.carol, cast.queue, subject=f"Сальдо {n}", attachments=[NewFile(files.store(b"x"), f"файл{n}.txt")]
        )
        actions.note(ticket.pk, by=actor_of(cast.alice), body=from_plain("заметка"))
    columns = ("ticket", "article", "visible", "at", "bucket", "title", "vector")
    written = sorted(map(repr, Entry.objects.values_list(*columns)))
    assert len(written) == 15
    assert index.rebuild(batch=2) == 15
    assert sorted(map(repr, Entry.objects.values_list(*columns))) == written


def test_an_endless_text_is_indexed_by_its_beginning(cast):
    ticket = open_request(cast.carol, cast.queue, text="начало " + "слово " * 150_000 + " окончание")
    assert numbers_for(cast.carol, "начало") == [ticket.number]
    words = " ".join(f"{n:x}" for n in range(150_000))
    open_request(cast.carol, cast.queue, text=words)


@pytest.mark.parametrize("rows", [1, 50])
def test_a_page_takes_three_statements_however_many_rows(cast, plan, django_assert_num_queries, rows):
    for n in range(rows):
        open_request(cast.carol, cast.queue, subject=f"Начислению {n}")
    actor = actor_of(cast.carol)
    access_of(actor)
    with django_assert_num_queries(3):
        find(actor, SearchRequest("начисления"))
    with django_assert_num_queries(1):
        find(actor, SearchRequest(phase="open"))
    with django_assert_num_queries(1):
        jump(actor, "100001")


def test_automatic_answers_are_found_by_nobody(cast, plan):
    cast.queue.auto_reply_ru = "Канарейка получена, ответим в рабочие часы"
    cast.queue.save()
    ticket = open_request(cast.carol, cast.queue, subject="Сальдо", auto_answer=actions.base.AutoAnswer.QUEUE)
    assert list(ticket.articles.order_by("seq").values_list("sender", flat=True)) == ["client", "system"]
    for person in (cast.carol, cast.alice):
        assert numbers_for(person, "канарейка") == numbers_for(person, "сальдо канарейка") == []
        assert numbers_for(person, "сальдо") == [ticket.number]
    assert index.rebuild() == Entry.objects.count() == 2


@pytest.mark.parametrize("q", ["сальдо", ""])
def test_found_requests_are_counted_up_to_a_limit(cast, plan, q):
    for n in range(6):
        open_request(cast.carol, cast.queue, subject=f"Сальдо {n}")
    open_request(cast.dave, cast.queue, subject="Сальдо чужих")
    for limit, known in ((5, (None, 5)), (6, (6, 0)), (0, (None, 0))):
        page = find(actor_of(cast.carol), SearchRequest(q), size=2, count_to=limit)
        assert (page.total_hint, page.more_than) == known
        assert len(page.items) == 2
    after = find(actor_of(cast.carol), SearchRequest(q), page.next_cursor, size=2, count_to=5)
    assert (after.total_hint, after.more_than, after.passed) == (None, 5, 2)
    after = find(actor_of(cast.carol), SearchRequest(q), after.next_cursor, size=2, count_to=6)
    assert (after.total_hint, after.more_than, after.passed, after.next_cursor) == (6, 0, 4, "")


@pytest.mark.parametrize("by_fit", [False, True])
def test_many_are_counted_by_a_statement_of_their_own(cast, plan, monkeypatch, django_assert_num_queries, by_fit):
    """Exactly up to the limit; where more rows match than are looked at, no figure is made up."""
    monkeypatch.setattr(queries, "COUNTED", 2)
    monkeypatch.setattr(statement, "FITTING", 3)
    for n in range(6):
        ticket = open_request(cast.carol, cast.queue, subject=f"Сальдо {n}")
        actions.reply(ticket.pk, by=actor_of(cast.alice), body=from_plain("Сальдо верное"))
    open_request(cast.dave, cast.queue, subject="Сальдо чужих")
    by = actor_of(cast.carol)
    wanted = SearchRequest("сальдо", by_fit=by_fit)
    access_of(by)
    for limit, known in ((5, (None, 5)), (6, (6, 0)), (9, (6, 0))):
        with django_assert_num_queries(3):  # the rows, how many there are, what they show
            page = find(by, wanted, size=1, count_to=limit)
        assert (page.total_hint, page.more_than) == known
    monkeypatch.setattr(statement, "ROWS_EACH", 1)
    monkeypatch.setattr(statement, "FITTING", 5)
    page = find(by, wanted, size=1, count_to=9)
    assert (page.total_hint, page.more_than) == (None, 4 if by_fit else 2)  # what was counted by then, in round figures


@pytest.mark.parametrize("by_fit", [False, True])
def test_pieces_of_words_are_counted_too(cast, plan, by_fit):
    for n in range(4):
        open_request(cast.carol, cast.queue, subject=f"Сальдо {n}")
    wanted = SearchRequest("альд", by_fit=by_fit)
    for size, limit, known in ((2, 9, (4, 0)), (2, 3, (None, 3)), (4, 9, (4, 0)), (4, 0, (4, 0))):
        page = find(actor_of(cast.carol), wanted, size=size, count_to=limit)
        assert (page.total_hint, page.more_than, len(page.items)) == (*known, size)


def quoting(person, ticket, text, folded):
    return say(person, ticket, text, letter=actions.LetterFacts(folded_text=folded))


def test_what_a_letter_quotes_is_found_and_marked(cast, plan):
    ticket = open_request(cast.carol, cast.queue, subject="Вопрос", text="Добрый день")
    quoting(cast.carol, ticket, "Да, верно.", "С уважением, Анна\n\n> Пришлите акты сверки по дому 00-1238")
    for q in ("сверка", '"акты сверки"', "00-1238"):
        [hit] = find(actor_of(cast.carol), SearchRequest(q)).items
        assert any(part.found for part in hit.snippet_parts)
    assert numbers_for(cast.carol, text="сверка") == []
    index.rebuild()
    assert numbers_for(cast.carol, "сверка") == [ticket.number]


def test_what_is_quoted_never_stands_before_what_was_said(cast, plan):
    said = open_request(cast.carol, cast.queue, subject="Вопрос", text="Где сверка, мы её ждём с марта")
    quoted = open_request(cast.carol, cast.queue, subject="Вопрос", text="Добрый день")
    quoting(cast.carol, quoted, "Да.", "> сверка сверка ждём\n" * 60)
    for q in ("сверка", "сверка ждём"):
        assert numbers_for(cast.carol, q, by_fit=True) == [said.number, quoted.number]


def test_passage_keeps_cells_rows_and_items_apart(cast):
    """Columns of the text tell nothing of one row alone, or of a cell that ends like a sentence."""
    body = from_editor(
        "<p>Посмотрите</p><table><tr><td>Период:</td><td>01.2026 г.</td></tr><tr><td>Сальдо</td><td></td></tr>"
        "<tr><td>Пени</td><td>5</td></tr></table><ul><li>карантин</li><li>отсрочка</li></ul>"
    )
    actions.open_ticket(by=actor_of(cast.carol), queue_id=cast.queue.pk, subject="Долги", body=body)
    hit = find(actor_of(cast.carol), SearchRequest(q="карантин")).items[0]
    shown = "".join(part.text for part in hit.snippet_parts)
    assert shown == "Посмотрите Период: · 01.2026 г.; Сальдо; Пени · 5 карантин; отсрочка"
    assert hit.line.snippet == shown

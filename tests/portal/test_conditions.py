"""Each condition of the clients' search: what it finds and what not, its chip, and what is said where it is wrong."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from helpdesk.accounts.models import Membership
from helpdesk.core import clock, files
from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.portal import conditions
from helpdesk.portal.views.search import offered_to
from helpdesk.search.queries import find
from helpdesk.tickets.actions import (
    NewFile,
    StateMove,
    bring_back,
    close,
    give,
    hand_over,
    lock,
    mark_read,
    merge,
    move,
    note,
    promise,
    remove,
    reply,
    set_category,
    set_priority,
    set_responsible,
    set_state,
    set_subject,
    set_tags,
)
from helpdesk.tickets.models import Category, IntakeField, Queue, State

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def page_of(client, **asked):
    return client.get("/portal/search/", asked).content.decode().replace("\xa0", " ")


def numbers(client, **asked):
    page = page_of(client, **asked)
    assert "Поиск не выполнен" not in page, asked
    return {re.sub(r"\D", "", one) for one in re.findall(r'class="num">(.*?)</span>', page)}


def error(page, field):
    return re.sub("<[^>]+>", "", page.partition(f'id="{field}-error"')[2].partition(">")[2].partition("</p>")[0])


class Two:
    """A request that meets a condition, and one of the same company that does not."""

    def __init__(self, world):
        for key, kind in (("account", "text"), ("period", "month"), ("wanted_by", "date"), ("units", "number")):
            IntakeField.objects.create(queue=world.errors, key=key, kind=kind, label_ru=key, label_en=key)
        IntakeField.objects.create(queue=world.errors, key="topic", kind="choice", label_ru="О чём", label_en="Topic",
                                   choices=[["benefits", "Льготы", "Benefits"], ["other", "Другое", "Other"]])  # fmt: skip
        self.elsewhere = world._queue("cash", "Кассовое ПО", "Cash")
        self.category = Category.objects.create(key="sub", path="/1/2/", name_ru="Пени", name_en="Fines")
        Category.objects.filter(pk=self.category.pk).update(path=f"/{self.category.pk}/")
        with clock.stopped(START):
            self.one = world.ticket(
                subject="Перерасчёт пеней", priority=4, attachments=[NewFile(files.store(b"x"), "акт сверки.xlsx")],
                values={"account": "0450 123 4567", "period": "2026-02", "wanted_by": "2026-03-20", "units": "12",
                        "topic": "benefits"},
            )  # fmt: skip
            set_category(self.one.pk, by=Actor(world.alice.pk), to=self.category.pk)
            self.other = world.ticket(
                world.dora, subject="Квитанция", values={"account": "999", "period": "2026-01", "topic": "other"}
            )
        with clock.stopped(START + 2 * DAY):
            reply(self.one.pk, by=Actor(world.alice.pk), body=from_plain("Уточните тариф"), then=StateMove("clarify"))
        with clock.stopped(START + 3 * DAY):
            note(self.other.pk, by=Actor(world.alice.pk), body=from_plain("внутри"))
            lock(self.other.pk, by=Actor(world.alice.pk))
        self.one.refresh_from_db()


@pytest.fixture
def two(world):
    return Two(world)


CONDITIONS = {
    "number": {"number": "{end}"},
    "the number with its sign": {"number": "№ {end}"},
    "subject": {"subject": "перерасчета пени"},
    "text": {"text": "тарифы"},
    "file": {"file": "сверка"},
    "state": {"state": "clarify"},
    "priority": {"priority": "4"},
    "several priorities": {"priority": ["4", "5"]},
    "category": {"category": "{category}"},
    "author": {"author": "{carol}"},
    "who answered": {"staff": "алиса аг"},
    "who answered, by the surname's form": {"staff": "Агентовой"},
    "who answered, by initials": {"staff": "Агентова А."},
    "created, from": {"from": "2026-03-02", "to": "2026-03-02", "author": "{carol}"},
    "changed": {"changed_from": "04.03.2026"},
    "last answer": {"answered_from": "04.03.2026", "answered_to": "2026-03-04"},
    "last answer lately": {"answered_days": "2"},
    "account": {"field_account": "4567"},
    "account in groups": {"field_account": "0450 1234567"},
    "account with its name": {"field_account": "ЛС 04501234567"},
    "account with its name in full": {"field_account": "лицевой счёт № 0450 123 4567"},
    "account with its sign": {"field_account": "№04501234567"},
    "one of several accounts": {"field_account": "0450018812, ЛС 0450-123-4567; 0450018813"},
    "account with dashes": {"field_account": "0450-123-4567"},
    "the beginning of an account": {"field_account": "0450*"},
    "the beginning of an account in groups": {"field_account": "ЛС 0450 12*"},
    "the beginning of a number": {"number": "{end}*"},
    "the number as letters have it": {"number": "[Ticket#{end}]"},
    "the beginning of a file's name": {"file": "свер*"},
    "the beginning of a specialist's name": {"staff": "Агент*"},
    "month": {"field_period": "февраль 2026"},
    "date": {"field_wanted_by_from": "2026-03-20", "field_wanted_by_to": "20.03.2026"},
    "figure": {"field_units": "12"},
    "choice": {"field_topic": "benefits"},
    "files": {"files": "1"},
    "awaiting": {"awaiting": "1"},
    "unread": {"unread": "1", "author": "{carol}"},
    "words and more words": {"q": "перерасчет", "text": "тариф", "file": "акт", "subject": "пени"},
    "a part of a number among words": {"q": "4567"},
    "what must not occur, beside a condition": {"q": "-квитанция", "author": ["{carol}"], "queue": "{queue}"},
    "what a place must not hold, beside a condition": {"subject": "-квитанции", "queue": "{queue}"},
    "what two places must not hold, beside a condition": {"q": "-квитанция", "text": "-слово", "queue": "{queue}"},
}


WHOLE = {"the beginning of a number", "the number as letters have it"}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_finds_what_meets_it_alone(world, two, as_, name):
    words = {"end": two.one.number if name in WHOLE else two.one.number[-3:], "category": two.category.pk, "carol": world.carol.pk,
             "queue": world.errors.pk}  # fmt: skip
    if two.other.number[-3:] in two.one.number:
        words["end"] = two.one.number
    asked = {
        key: [one.format(**words) for one in value] if isinstance(value, list) else value.format(**words)
        for key, value in CONDITIONS[name].items()
    }
    client = as_(world.carol)
    with clock.stopped(START + 3 * DAY):
        assert numbers(client) == {two.one.number, two.other.number}
        assert numbers(client, **asked) == {two.one.number}
        page = page_of(client, **asked)
        assert page.count('class="chip"') == sum(len(v) if isinstance(v, list) else 1 for v in asked.values())


def test_the_words_of_every_place_are_marked(world, two, as_):
    page = page_of(as_(world.carol), q="тариф", subject="перерасчета")
    assert "<mark>Перерасчёт</mark>" in page and "<mark>тариф</mark>" in page


MARKED = {
    "account": ({"field_account": "4567"}, "account: <bdi>0450 123 <mark>4567</mark>"),
    "account in other groups": ({"field_account": "0450-1234567"}, "account: <bdi><mark>0450 123 4567</mark>"),
    "account with its name": ({"field_account": "ЛС 4567, № 0450018812"}, "account: <bdi>0450 123 <mark>4567</mark>"),
    "one of several accounts": (
        {"field_account": "0450018812, 04501234567"},
        "account: <bdi><mark>0450 123 4567</mark>",
    ),
    "month": ({"field_period": "2026-02"}, "period: <bdi><mark>февраль 2026</mark>"),
    "day": ({"field_wanted_by_from": "2026-03-20"}, "wanted_by: <bdi><mark>20 марта 2026</mark>"),
    "figure": ({"field_units": "12"}, "units: <bdi><mark>12</mark>"),
    "choice": ({"field_topic": "benefits"}, "О чём: <bdi><mark>Льготы</mark>"),
    "beside words": ({"q": "тариф", "field_account": "4567"}, "account: <bdi>0450 123 <mark>4567</mark>"),
    "best first": ({"q": "тариф", "sort": "fit", "field_units": "12"}, "units: <bdi><mark>12</mark>"),
}


@pytest.mark.parametrize("name", MARKED)
def test_what_a_field_holds_is_shown_and_marked(world, two, as_, name):
    asked, shown = MARKED[name]
    page = page_of(as_(world.carol), **asked)
    assert shown in page and page.count('class="req__title2"') == 1


def test_the_words_asked_of_a_field_are_marked_wherever_they_stand(world, as_):
    for key in ("account", "agent", "address"):
        IntakeField.objects.create(queue=world.errors, key=key, kind="text", label_ru=key, label_en=key)
    world.ticket(
        subject="ЛС 0450018812, ООО «Тепло», Лесная",
        values={"account": "0450 018 812", "agent": "ООО «Тёпло»", "address": "ул. Лесная, д. 5"},
    )
    client = as_(world.carol)
    assert "ЛС <mark>0450018812</mark>, ООО" in page_of(client, field_account="018 812")
    page = page_of(client, field_agent="тепло")
    assert "«<mark>Тепло</mark>»" in page and "agent: <bdi>ООО «<mark>Тёпло</mark>»" in page
    page = page_of(client, field_account="№ 0450018812, ЛС 0450018813")
    assert "ЛС <mark>0450018812</mark>, ООО" in page and "<mark>ЛС</mark>" not in page
    assert not numbers(client, field_account="0450018813, № 0450018814")
    assert numbers(client, field_address="лесная, 5") and not numbers(client, field_address="лесная, 7")
    page = page_of(client, field_address="лесн 5", q="страница")
    assert "<mark>Лесная</mark>" in page and "ул. <mark>Лесн</mark>ая, д. <mark>5</mark>" in page
    assert "ЛС 0450018812" in page  # one figure means nothing within longer numbers


@pytest.mark.parametrize(
    ("key", "stored", "finds", "misses"),
    [
        ("address", "ул. Лесная, д. 10, кв. 102", ["Лес*", "кв102", "кв.102", "кв. 10*", "лесная* 102",
         "д10 кв102", "лесная. 10"], ["есная*", "02*", "кв10 2*", "кв12"]),
        ("address", "Садовая, д10кв5", ["кв. 5", "д. 10", "кв 5*", "сад*"], ["адовая*", "кв10"]),
        ("error_code", "ERR-500", ["err500", "err 500", "ERR-500", "err*", "er*", "500*", "err5*"],
         ["rr*", "00*", "err*5005"]),
        ("error_code", "err500", ["ERR-500", "err 500", "err-5*", "500*"], ["error-501", "00*"]),
        ("agent", "ООО «Тёпло-сервис»", ["тепло*", "серв*", "«Тепло»"], ["ервис*"]),
        ("account", "лс40123456", ["ЛС 40123456", "4012*", "4012-3456"], ["0123*"]),
    ],
)  # fmt: skip
def test_a_field_is_asked_for_by_beginnings_and_words_together_or_apart(world, as_, key, stored, finds, misses):
    IntakeField.objects.get_or_create(
        queue=world.errors, key=key, defaults={"kind": "text", "label_ru": key, "label_en": key}
    )
    world.ticket(subject="Вопрос", values={key: stored})
    client = as_(world.carol)
    for typed in finds:
        assert numbers(client, **{f"field_{key}": typed}), typed
        assert f"{key if key != 'error_code' else 'Код ошибки'}: <bdi>" in page_of(client, **{f"field_{key}": typed})
        assert "<mark>" in page_of(client, **{f"field_{key}": typed}), typed
    for typed in misses:
        assert not numbers(client, **{f"field_{key}": typed}), typed


def test_the_part_of_a_number_is_marked_across_its_groups(world, two, as_):
    number = two.one.number
    page = page_of(as_(world.carol), number=number[2:])
    assert f"{number[:2]}<mark>{number[2]}\u202f{number[3:]}</mark>" in page


def test_what_the_desk_does_by_itself_is_no_change_for_clients(world, two, as_):
    with clock.stopped(START + 3 * DAY):
        assert numbers(as_(world.carol), changed_from="2026-03-05") == set()


def test_who_only_owns_a_request_has_not_answered(world, two, as_):
    give(two.other.pk, by=Actor(world.alice.pk), to_id=world.alice.pk)
    set_responsible(two.other.pk, by=Actor(world.alice.pk), to_id=world.alice.pk)
    note(two.other.pk, by=Actor(world.alice.pk), body=from_plain("внутри"))
    assert numbers(as_(world.carol), staff="Агентова") == {two.one.number}
    reply(two.other.pk, by=Actor(world.alice.pk), body=from_plain("Смотрим"))
    assert numbers(as_(world.carol), staff="Агентова Алиса") == {two.one.number, two.other.number}
    assert numbers(as_(world.carol), staff="Агентова Б.") == set()


def test_what_nobody_has_answered_has_no_last_answer(world, two, as_):
    with clock.stopped(START + 3 * DAY):
        new = world.ticket(subject="Только получена")
        assert new.number not in numbers(as_(world.carol), answered_days="30")
        reply(new.pk, by=Actor(world.alice.pk), body=from_plain("Смотрим"))
        assert new.number in numbers(as_(world.carol), answered_days="30")


def test_merged_requests_are_found_by_their_state(world, two, as_):
    part = world.ticket(subject="Часть")
    merge(part.pk, by=Actor(world.alice.pk), into_id=two.one.pk)
    assert numbers(as_(world.carol), state="merged") == {part.number}


SEEN_CHANGES = {
    "priority": lambda world, two, by: set_priority(two.other.pk, by=by, to=2),
    "category": lambda world, two, by: set_category(two.other.pk, by=by, to=two.category.pk),
    "recipient": lambda world, two, by: move(two.other.pk, by=by, to_queue_id=two.elsewhere.pk),
    "author": lambda world, two, by: hand_over(
        two.other.pk, by=Actor(world.carol.pk), company_id=world.zarya.pk, from_id=world.dora.pk, to_id=world.carol.pk
    ),
    "subject": lambda world, two, by: set_subject(two.other.pk, by=by, to="Иначе"),
    "state": lambda world, two, by: set_state(two.other.pk, by=by, to=StateMove("clarify")),
    "promise": lambda world, two, by: promise(two.other.pk, by=by, due_at=START + 40 * DAY),
    "specialist": lambda world, two, by: give(two.other.pk, by=by, to_id=world.alice.pk),
    "who answers for it": lambda world, two, by: set_responsible(two.other.pk, by=by, to_id=world.alice.pk),
}


@pytest.mark.parametrize("name", SEEN_CHANGES)
def test_whatever_clients_see_changing_is_a_change(world, two, as_, name):
    Membership.objects.filter(person=world.carol).update(is_chief=True)
    client = as_(world.carol)
    with clock.stopped(START + 9 * DAY):
        assert numbers(client, changed_from="2026-03-10") == set()
        SEEN_CHANGES[name](world, two, Actor(world.alice.pk))
        assert numbers(client, changed_from="2026-03-10") == {two.other.number}
        assert numbers(client, changed_to="2026-03-10") == {two.one.number}


def test_what_clients_do_not_see_changing_is_none(world, two, as_):
    client, by = as_(world.carol), Actor(world.alice.pk)
    State.objects.filter(code__in=["open", "reminder"]).update(client_name_ru="В работе", client_name_en="In progress")
    with clock.stopped(START + 5 * DAY):
        set_responsible(two.other.pk, by=by, to_id=world.alice.pk)
        set_state(two.other.pk, by=by, to=StateMove("open"))
    with clock.stopped(START + 9 * DAY):
        note(two.other.pk, by=by, body=from_plain("внутри"))
        set_tags(two.other.pk, by=by, to=(), named=["своё"])
        set_state(two.other.pk, by=by, to=StateMove("reminder", until=START + 40 * DAY))
        give(two.other.pk, by=by, to_id=world.alice.pk)
        remove(two.other.pk, by=by, why="ошибка")
        bring_back(two.other.pk, by=by)
        assert numbers(client, changed_from="2026-03-10") == set()
        assert numbers(client, changed_to="2026-03-10") == {two.one.number, two.other.number}


def test_closed_within(world, two, as_):
    with clock.stopped(START + 5 * DAY):
        close(two.one.pk, by=Actor(world.alice.pk))
        assert numbers(as_(world.carol), closed_from="2026-03-07") == {two.one.number}
        assert numbers(as_(world.carol), closed_to="2026-03-06") == set()


def test_several_recipients(world, two, as_):
    client = as_(world.carol)
    assert numbers(client, queue=[str(two.elsewhere.pk)]) == set()
    assert len(numbers(client, queue=[str(two.elsewhere.pk), str(world.errors.pk)])) == 2


def test_recipients_are_those_of_the_requests_that_one_sees(world, two, as_):
    """A queue that takes no more, and one that only the desk fills, are offered as long as requests stand there."""
    by = Actor(world.alice.pk)
    client = as_(world.carol)
    assert "Входящая почта" not in page_of(client)
    move(two.one.pk, by=by, to_queue_id=world.inbox.pk)
    move(two.other.pk, by=by, to_queue_id=two.elsewhere.pk)
    Queue.objects.filter(pk=two.elsewhere.pk).update(inactive_at=clock.now())
    page = page_of(client)
    assert "Входящая почта" in page and "Кассовое ПО (больше не используется)" in page
    assert numbers(client, queue=str(world.inbox.pk)) == {two.one.number}
    assert numbers(client, queue=[str(two.elsewhere.pk)]) == {two.other.number}
    assert "<b>Кассовое ПО (больше не используется)</b>" in page_of(client, queue=str(two.elsewhere.pk))
    client = as_(world.dave)  # of another company
    assert "Входящая почта" not in page_of(client) and "Кассовое ПО (" not in page_of(client)
    assert "Такого получателя нет" in error(page_of(client, queue=str(world.inbox.pk)), "queue")


@pytest.mark.parametrize("asked", [{"q": "-пени"}, {"text": "-пени"}, {"q": "-пени", "subject": "-акт"}])
def test_what_must_not_occur_alone_is_told_alike_everywhere(world, two, as_, asked):
    """Beside a condition it finds the rest, on the screen as in a table; alone it says what to add."""
    client = as_(world.carol)
    page = page_of(client, **asked)
    assert "Поиск не выполнен" in page and "Найден" not in page and "csv" not in page
    assert all("не только то" in error(page, name) for name in asked)
    asked["queue"] = str(world.errors.pk)
    table = b"".join(client.get("/portal/search/", {**asked, "format": "csv"}).streaming_content).decode()
    assert numbers(client, **asked) == {number for number in (two.one.number, two.other.number) if number in table}
    assert two.other.number in numbers(client, **asked)
    assert (two.one.number in table) == ("q" not in asked)


def test_a_field_that_was_switched_off_is_asked_for_as_long_as_its_values_are_seen(world, two, as_):
    IntakeField.objects.filter(queue=world.errors, key__in=["units", "topic"]).update(inactive_at=clock.now())
    IntakeField.objects.create(queue=two.elsewhere, key="topic", kind="choice", label_ru="Тема", label_en="Topic",
                               choices=[["other", "Иное", "Else"]])  # fmt: skip
    IntakeField.objects.create(queue=world.errors, key="empty", kind="text", label_ru="Пустое", label_en="Empty",
                               inactive_at=clock.now())  # fmt: skip
    client = as_(world.carol)
    assert numbers(client, field_units="12") == {two.one.number} == numbers(client, field_topic="benefits")
    page = page_of(client)
    assert "Тема" in page and "О чём" not in page and "Пустое" not in page  # called as where it is still filled in
    table = b"".join(client.get("/portal/search/", {"field_units": "12", "format": "csv"}).streaming_content).decode()
    assert "units" in table and ";12" in table and "Пустое" not in table
    page = page_of(as_(world.dave))  # of another company
    assert 'name="field_units"' not in page and 'name="field_account"' in page


def test_read_requests_are_not_unread(world, two, as_):
    mark_read(two.one.pk, by=Actor(world.carol.pk), seq=two.one.last_visible_seq)
    assert two.one.number not in numbers(as_(world.carol), unread="1")


def test_a_company_is_offered_to_members_of_several(world, two, as_):
    from helpdesk.accounts import masters

    client = as_(world.carol)
    assert "company" not in re.findall(r'name="(\w+)"', page_of(client))
    masters.put_membership(world.carol, world.other, sees="company")
    elsewhere = world.ticket(world.dave)
    assert numbers(client, company=str(world.other.pk)) == {elsewhere.number}


@pytest.mark.parametrize(
    ("asked", "field", "told"),
    [
        ({"number": "пять"}, "number", "не номер"),
        ({"subject": "---"}, "subject", "Слов для поиска нет"),
        ({"text": "-пени"}, "text", "не только то"),
        ({"file": "-пени", "sort": "fit"}, "file", "не только то"),
        ({"queue": ["1", "zzz"]}, "queue", "Такого получателя нет"),
        ({"priority": "9"}, "priority", "Такого приоритета нет"),
        ({"category": "x"}, "category", "Такой категории нет"),
        ({"author": "999999"}, "author", "Такого коллеги нет"),
        ({"days": "0"}, "days", "от 1 до"),
        ({"closed_days": "x"}, "closed_days", "от 1 до"),
        ({"days": "7", "from": "2026-03-01"}, "days", "что-то одно"),
        ({"answered_from": "abc"}, "answered_from", "не дата"),
        ({"changed_from": "2026-03-05", "changed_to": "2026-03-01"}, "changed_to", "раньше начального"),
        ({"field_period": "когда-то"}, "field_period", "не месяц"),
        ({"field_units": "много"}, "field_units", "не целое число"),
        ({"field_topic": "zzz"}, "field_topic", "Такого значения здесь нет"),
        ({"field_wanted_by_from": "abc"}, "field_wanted_by_from", "не дата"),
        (
            {"field_wanted_by_from": "2026-03-21", "field_wanted_by_to": "2026-03-20"},
            "field_wanted_by_to",
            "раньше начального",
        ),
        ({"field_gone": "5"}, "fields", "Поля, в котором искали «5»"),
    ],
)
def test_a_condition_that_is_not_understood_is_told_at_its_field(world, two, as_, asked, field, told):
    page = page_of(as_(world.carol), **asked)
    assert told in error(page, field) and "Поиск не выполнен" in page
    group = page[: page.index(f'id="{field}-error"')].rpartition("<details")[2]
    assert field == "fields" or group.startswith((' class="more" open', ' class="params" id="params" open'))


def test_what_is_gone_is_told_in_words_above_the_form_which_nobody_is_led_down(world, two, as_):
    gone = {"author": "999999", "queue": "888888", "state": "zzzz", "priority": "77", "category": "666666",
            "company": "555555", "field_topic": "yyyy"}  # fmt: skip
    page = page_of(as_(world.carol), **gone)
    assert not [value for value in gone.values() if re.search(f">[^<]*{value}", page)]
    assert re.search(r"<div[^>]*error-summary[^>]* data-focus", page)
    # what was typed just now is corrected in its field
    page = page_of(as_(world.carol), author="999999", number="пять")
    assert not re.search(r"<div[^>]*error-summary[^>]* data-focus", page)


@pytest.mark.parametrize("value", ["\x00", "9" * 400, "%", "\\", "'", "0", "-1", "١٢", "null", "😀" * 50])
def test_anything_may_stand_in_any_condition(world, two, as_, value):
    client, by = as_(world.carol), Actor(world.carol.pk)
    names, offered = set(re.findall(r'name="(\w+)"', page_of(client))), offered_to(by)
    assert {"q", "state", "queue", "days", "author", "field_topic"} <= names
    for name in sorted(names):
        asked = conditions.read(QueryDict(urlencode([(name, value), (name, value)])), offered)
        assert find(by, asked.wanted, value).items is not None, name
    for name in ("cursor", "saved", "format", "sort", "field_x"):
        assert client.get("/portal/search/", {name: [value, value]}).status_code in {200, 302}, name
    assert client.get("/portal/search/", dict.fromkeys(names, value)).status_code == 200


def test_each_chip_takes_one_condition_away(world, two, as_):
    asked = {"q": "пени", "state": "clarify", "field_account": "4567", "sort": "fit", "days": "3000"}
    page = page_of(as_(world.carol), **asked)
    removes = re.findall(r'<a href="(\?[^"]*)" aria-label="Убрать', page)
    assert len(removes) == 4
    assert all(one.count("=") == 4 and "sort=fit" in one for one in removes)


@pytest.mark.parametrize("stored", ["0450-018-812", "0450 018 812", "0450018812", "0450 018-812"])
def test_an_account_is_found_however_it_is_written(world, as_, stored):
    IntakeField.objects.create(queue=world.errors, key="account", kind="text", label_ru="ЛС", label_en="Account")
    ticket = world.ticket(world.carol, values={"account": stored})
    client = as_(world.carol)
    for typed in ("0450018812", "0450-018-812", "0450 018 812", "018812"):
        assert ticket.number in numbers(client, field_account=typed), typed
        assert ticket.number in numbers(client, q=typed), typed
    assert ticket.number not in numbers(client, q="0450018813")

import pytest

from helpdesk.core.actor import Actor
from helpdesk.core.richtext import from_plain
from helpdesk.search import similar
from helpdesk.search.closeness import accounts_in, are_close, telling
from helpdesk.search.similar import close_to
from helpdesk.tickets.actions import StateMove, note, reply
from helpdesk.tickets.models import Ticket
from tests.factories import IntakeFieldFactory, actor_of, open_request, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db):
    return world(sees="company")


def numbers(*args, **more):
    return [one.number for one in close_to(*args, **more)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Лицевой счёт 0450018812", ["0450018812"]),
        ("счёт 0450 018 812, агент 12", ["0450018812"]),
        ("Ошибка 500 в 2026 году", []),
        ("12345 и 1234567", ["1234567"]),
        ("", []),
    ],
)
def test_account_numbers_are_runs_of_six_figures_and_more(typed, found):
    assert accounts_in(typed) == found


def test_dashes_between_figures_of_the_field_do_not_count():
    assert accounts_in("Льготник 00-1238 от 2026-05-12", "0450-018-812") == ["0450018812"]


@pytest.mark.parametrize(
    "subject",
    ["Ошибка 500", "Перерасчёт", "Вопрос по начислениям, лицевой счёт 0450018812", "Начисление за май 2026",
     "Ошибка в программе: не работает", "Перерасчёт за отопление, ЛС 1234567", "Question about charges"],
)  # fmt: skip
def test_words_of_the_trade_say_too_little(subject):
    assert telling(subject) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Не печатаются квитанции за апрель", "Не печатаются квитанции за май"),
        ("Не сходится сальдо за отопление", "Не сходится сальдо по отоплению за май"),
        ("Касса № 1 не печатает чеки", "Не печатает чек касса № 1"),
        ("Сверка показаний не сходится", "Сверка показаний снова не сходится"),
        ("Не загрузился реестр Сбербанка", "Реестр платежей Сбербанка не загружается"),
        ("Выросла оплата отопления за октябрь", "Почему выросла плата за отопление в октябре"),
        ("Логотип не вдиен", "Логотип не виден"),
    ],
)
def test_the_same_question_in_other_words_is_close(one, other):
    assert are_close(telling(one), telling(other)) and are_close(telling(other), telling(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Касса № 1 не печатает чеки", "Касса № 2 не печатает чеки на ленте"),
        ("Перерасчёт по отоплению, ул. Мира, 5", "Перерасчёт по отоплению, ул. Лесная, 7"),
        ("Выгрузка начислений в 1С: не сходится с ведомостью", "Выгрузка начислений в 1С: поля раздельно"),
        ("Реестр Сбербанка не загружается", "Реестр Сбербанка: 14 платежей без счёта"),
        ("Ошибка в начислении за май", "Ошибка в начислении за июнь"),
        ("Логотип в Кабинете Абонента", "Квитанция в Кабинете Абонента"),
        ("Не загрузился реестр Сбербанка", "Не загрузился реестр Почты России"),
        ("Выросла плата за отопление", "Выросла плата за лифт"),
        ("Логотип не виден", "Договор не виден"),
    ],
)
def test_another_question_is_not_close(one, other):
    assert not are_close(telling(one), telling(other))


def test_another_account_is_another_question(cast):
    open_request(cast.carol, cast.queue, subject="Не сходится сальдо по отоплению, ЛС 0450018812")
    by = actor_of(cast.carol)
    assert numbers(by, "Не сходится сальдо по отоплению, ЛС 0450099999") == []
    assert len(numbers(by, "Не сходится сальдо по отоплению")) == 1


def test_the_same_account_comes_first_then_a_close_subject(cast):
    IntakeFieldFactory(queue=cast.queue, key="account")
    by_field = open_request(cast.carol, cast.queue, subject="Про другое", values={"account": "0450 018812"})
    by_subject = open_request(cast.dora, cast.queue, subject="Долг по счёту 0450 018 812")
    close = open_request(cast.carol, cast.queue, subject="Не сходится сальдо по отоплению за май")
    open_request(cast.carol, cast.queue, subject="Нужен доступ сотруднику")
    by = actor_of(cast.dora)  # who sees those of her company
    assert set(numbers(by, "Счёт 0450018812")) == {by_field.number, by_subject.number}
    assert numbers(by, "Вопрос", "0450018812") == numbers(by, "Счёт 0450018812")
    assert numbers(by, "Не сходится сальдо за отопление") == [close.number]
    found = close_to(by, "Не сходится сальдо по отоплению, счёт 0450018812")
    assert [one.same_account for one in found] == [True, True, False] and found[2].number == close.number
    assert numbers(by, "Как заказать справку жильцу") == []


@pytest.mark.parametrize("looked_at", [0, 300])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("Про другое", "Прошу проверить 0450 018 812, спасибо", ""), ("Вопрос", "0450018812", "")),
        (("Про другое", "", "0450018812"), ("Вопрос", "", "Снова про 0450 018 812")),
        (("Счёт 0450018812", "", ""), ("Вопрос", "", "Снова про 0450018812")),
        (("Про другое", "По лицевому счёту № 0450018812 долг", ""), ("Вопрос", "", "ЛС 0450018812 не сходится")),
        (("Про другое", "", "17"), ("Вопрос", "17", "")),
        (("Про другое", "", "А-17/2, 12 345"), ("Вопрос", "12345", "")),
        (("ЛС 1234", "", ""), ("Вопрос", "1234", "")),
        (("Про другое", "", "1234"), ("Вопрос", "", "По счёту 1234 снова")),
    ],
)  # fmt: skip
def test_the_same_account_is_noticed_wherever_either_names_it(
    cast, old, new, looked_at, monkeypatch, django_assert_num_queries
):
    """However many requests are open: accounts are looked for among all of them, close subjects among the latest."""
    monkeypatch.setattr(similar, "LOOKED_AT", looked_at)
    IntakeFieldFactory(queue=cast.queue, key="account")
    subject, text, account = old
    ticket = open_request(cast.carol, cast.queue, subject=subject, text=text or "Текст", values={"account": account})
    by = actor_of(cast.dora)
    (found,) = close_to(by, new[0], new[1], new[2])
    assert (found.number, found.same_account) == (ticket.number, True)
    assert close_to(actor_of(cast.dave), *new) == [], "another company"
    assert close_to(by, *new, company_id=cast.other.pk) == []
    with django_assert_num_queries(1):
        close_to(by, *new)


@pytest.mark.parametrize("looked_at", [0, 300])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (("Одно", "С уважением, тел. 8 912 345 67 89", ""), ("Другое", "", "тел. 8 912 345-67-89")),
        (("Одно", "ИНН 7701234567", ""), ("Другое", "", "ИНН 7701234567")),  # stands below whatever they write
        (("Одно", "Ошибка 500 в доме 17", ""), ("Другое", "17", "")),
        (("Одно", "", "1712"), ("Другое", "17", "")),
        (("Одно", "Касса 450018812", ""), ("Другое", "0450018812", "")),
    ],
)
def test_what_only_looks_like_an_account_is_none(cast, old, new, looked_at, monkeypatch):
    monkeypatch.setattr(similar, "LOOKED_AT", looked_at)
    IntakeFieldFactory(queue=cast.queue, key="account")
    subject, text, account = old
    open_request(cast.carol, cast.queue, subject=subject, text=text or "Текст", values={"account": account})
    assert close_to(actor_of(cast.carol), *new) == []


def test_an_account_is_found_in_an_old_request_and_in_none_that_is_not_one_s_own(cast, monkeypatch):
    monkeypatch.setattr(similar, "LOOKED_AT", 2)
    IntakeFieldFactory(queue=cast.queue, key="account")
    by_field = open_request(cast.carol, cast.queue, subject="Про другое", values={"account": "0450 018812"})
    by_text = open_request(cast.carol, cast.queue, subject="Одно", text="Прошу снять долг по 0450018812")
    closed = open_request(cast.carol, cast.queue, subject="Закрытая, ЛС 0450018812")
    reply(closed.pk, by=Actor(cast.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    noted = open_request(cast.carol, cast.queue, subject="Третье")
    note(noted.pk, by=Actor(cast.alice.pk), body=from_plain("ЛС 0450018812"))
    close = open_request(cast.carol, cast.queue, subject="Не сходится сальдо по отоплению")
    for _ in range(2):
        open_request(cast.carol, cast.queue, subject="Нужен доступ сотруднику")
    asked = ("Не сходится сальдо по отоплению", "0450018812")
    assert set(numbers(actor_of(cast.dora), *asked)) == {by_field.number, by_text.number}
    assert set(numbers(actor_of(cast.alice), *asked, company_id=cast.company.pk)) == {by_field.number, by_text.number}
    assert numbers(actor_of(cast.dave), *asked) == []
    monkeypatch.setattr(similar, "LOOKED_AT", 3)
    assert close.number in numbers(actor_of(cast.dora), *asked)


def test_only_what_is_visible_open_and_of_the_company_is_offered(cast):
    ticket = open_request(cast.carol, cast.queue, subject="Не сходится сальдо по отоплению")
    ask = "Не сходится сальдо по отоплению"
    assert numbers(actor_of(cast.dora), ask) == [ticket.number]
    assert numbers(actor_of(cast.dave), ask) == []
    assert numbers(actor_of(cast.carol), ask, company_id=cast.other.pk) == []
    reply(ticket.pk, by=Actor(cast.alice.pk), body=from_plain("Готово"), then=StateMove("closed"))
    assert Ticket.objects.get().phase == "closed"
    assert numbers(actor_of(cast.carol), ask) == []
